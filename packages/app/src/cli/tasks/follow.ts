/** Pictures of tasks until they end: from the service's stream, and from a look now and then, which is all there is while the stream is cut. */
import { setTimeout as pause } from 'node:timers/promises';
import * as E from 'fp-ts/lib/Either.js';
import type { TaskBody } from '../../api/bodies/task.ts';
import type { ApiClient } from '../../client/index.ts';
import { EXIT_CODES, type Ending } from '../exit.ts';
import type { Ref } from '../service/refs.ts';
import { orEnd } from '../service/serviceCommand.ts';

/** How often is looked where no stream tells. */
const LOOK_MS = 250;
/** How often is looked beside a stream: what it tells late is a moment older, never lost. */
const CHECK_MS = 2_000;
/** A service that restarts is waited for as long as this; the work it hands back to its log goes on then. */
const ABSENCE_MS = 30_000;

/** True for a task of which nothing follows. A failed one waits for somebody. */
export const hasEnded = ({ status }: TaskBody): boolean => status !== 'queued' && status !== 'running' && status !== 'waiting';

/** What is followed, and for whom. */
export interface Following {
  readonly client: ApiClient;
  readonly refs: readonly Ref[];
  /** Ends it; what was seen last is what comes back. */
  readonly signal: AbortSignal;
  /** Called with every picture of all of them; `absent` where the service does not answer now. */
  readonly see: (tasks: readonly TaskBody[], absent: boolean) => void;
}

/** How it ends where the service is not there now, or has too much to do. */
const ABSENCES: ReadonlySet<number> = new Set([EXIT_CODES.unavailable, EXIT_CODES.inUse]);

/** The newest picture of each. */
const makePictures = (refs: readonly Ref[]) => {
  const known = new Map<Ref, TaskBody>();
  const isOpen = (ref: Ref): boolean => {
    const picture = known.get(ref);
    return picture === undefined || !hasEnded(picture);
  };
  return {
    all: (): readonly TaskBody[] => refs.flatMap((ref) => known.get(ref) ?? []),
    open: (): readonly Ref[] => refs.filter(isOpen),
    /** False for a task that is not followed. */
    take: (task: TaskBody): boolean => {
      const named = refs.filter((ref) => ref === task.id || ref === task.uuid);
      for (const ref of named) known.set(ref, task);
      return named.length > 0;
    },
  };
};

/** Right: how they stood at the end of the following. */
export const followTasks = async ({ client, refs, signal, see }: Following): Promise<E.Either<Ending, readonly TaskBody[]>> => {
  const { all, open, take } = makePictures(refs);
  const done = new AbortController();
  const over = AbortSignal.any([signal, done.signal]);
  let wake = new AbortController();
  let streams = false;
  let answeredAt: number | undefined;

  const listen = async (): Promise<void> => {
    const cut = (): void => {
      streams = false;
    };
    try {
      for await (const { task } of client.watchTasks({ signal: over, onCut: cut })) {
        streams = true;
        if (take(task)) see(all(), false);
        if (open().length === 0) wake.abort();
      }
    } catch {
      // Looking goes on without it, and tells what is wrong.
    }
    cut();
  };

  const look = async (): Promise<E.Either<Ending, void>> => {
    for (const ref of open()) {
      const found = orEnd(await client.getTask({ path: { task: ref }, signal: over }));
      if (E.isLeft(found)) return found;
      take(found.right.body.task);
    }
    if (answeredAt === undefined) void listen();
    answeredAt = Date.now();
    return E.right(undefined);
  };

  const isWaitedFor = ({ code }: Ending): boolean => ABSENCES.has(code) && answeredAt !== undefined && Date.now() - answeredAt < ABSENCE_MS;

  try {
    for (;;) {
      const looked = await look();
      if (signal.aborted) return E.right(all());
      if (E.isLeft(looked) && !isWaitedFor(looked.left)) return looked;
      see(all(), E.isLeft(looked));
      if (open().length === 0) return E.right(all());
      wake = new AbortController();
      await pause(streams ? CHECK_MS : LOOK_MS, undefined, { signal: AbortSignal.any([over, wake.signal]) }).catch(() => undefined);
    }
  } finally {
    done.abort();
  }
};
