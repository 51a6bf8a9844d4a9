/** Writes a checkpoint of the read models now and then, beside the work: docs/decisions/0019-checkpoints.md. */
import * as E from 'fp-ts/lib/Either.js';
import type { Kept } from '../../queries/kept.ts';
import type { KeptStates } from '../../queries/states.ts';
import type { Engine } from '../parts.ts';
import { CHUNK_CHARACTERS, chunkStream, FORM, foldedBy, manifestStream, SLOTS, type Chunk, type Manifest } from './form.ts';
import { manifests } from './reading.ts';

export interface CheckpointParts {
  readonly engine: Pick<Engine, 'store' | 'logger' | 'limits'>;
  readonly states: Pick<KeptStates, 'onChange' | 'isWhole'>;
  readonly kept: readonly Kept[];
  /** Up to here every event of the log is in the read models. */
  readonly settledTo: () => number;
}

export interface Checkpoints {
  /** From now on one is written whenever enough was appended since the last, which reached to this position. */
  readonly start: (last: number) => void;
  /** Resolves when nothing is written any more; what was begun is left unfinished, and counts for nothing. */
  readonly stop: () => Promise<void>;
}

/** What is written costs as much as there is: it is worth it after some multiple of that has happened. */
const EVENTS_PER_ITEM = 2;

type Part = readonly [name: string, items: readonly unknown[]];

/** Cuts what is kept into chunks of about the same size. */
function* chunksOf(round: number, parts: readonly Part[]): Generator<Chunk> {
  for (const [of, items] of parts) {
    let from = 0;
    let size = 0;
    for (const [index, item] of items.entries()) {
      size += JSON.stringify(item).length;
      if (size < CHUNK_CHARACTERS) continue;
      yield { round, of, items: items.slice(from, index + 1) };
      [from, size] = [index + 1, 0];
    }
    if (from < items.length) yield { round, of, items: items.slice(from) };
  }
}

export const makeCheckpoints = ({ engine: { store, logger, limits }, states, kept, settledTo }: CheckpointParts): Checkpoints => {
  let last = -1;
  let items = 0;
  let isStopped = false;
  let writing: Promise<void> | undefined;

  const save = async (stream: string, state: Chunk | Manifest): Promise<boolean> => {
    const saved = await store.saveState({ stream, foldVersion: FORM, revision: 0, state })();
    if (E.isLeft(saved)) logger.warn({ stream, error: saved.left }, 'a checkpoint could not be written');
    return E.isRight(saved);
  };

  const write = async (): Promise<void> => {
    const [latest] = await manifests(store);
    if (isStopped || !states.isWhole()) return;
    // All of one moment: what is taken are lists of values that nobody changes.
    const position = settledTo();
    const parts = kept.map(({ name, take }): Part => [name, take()]);
    const [event] = E.getOrElse(() => [] as readonly { readonly position: number; readonly eventId: string }[])(await store.readAll(position, 1)());
    if (event?.position !== position) return;
    const round = (latest?.manifest.round ?? 0) + 1;
    const slot = SLOTS[latest?.slot === 'a' ? 1 : 0];
    let chunks = 0;
    for (const chunk of chunksOf(round, parts)) {
      if (isStopped || !(await save(chunkStream(slot, chunks), chunk))) return;
      chunks += 1;
    }
    items = parts.reduce((sum, [, list]) => sum + list.length, 0);
    if (isStopped || !(await save(manifestStream(slot), { round, foldedBy: foldedBy(), position, eventId: event.eventId, chunks, items }))) return;
    last = position;
    logger.debug({ position, items, chunks }, 'a checkpoint is written');
  };

  const look = (): void => {
    if (isStopped || writing !== undefined || settledTo() - last < Math.max(limits.checkpointEvents, EVENTS_PER_ITEM * items)) return;
    writing = write().finally(() => {
      writing = undefined;
    });
  };

  return {
    start: (from) => {
      last = from;
      if (limits.checkpointEvents === 0) return;
      items = kept.reduce((sum, { take }) => sum + take().length, 0);
      states.onChange(look);
      look();
    },
    stop: async () => {
      isStopped = true;
      await writing;
    },
  };
};
