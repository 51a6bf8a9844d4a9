/** Asking the service as a driver must: every answer is the end of the work, for Cinder takes a return for a thing that is done. */
import { setTimeout as later } from 'node:timers/promises';
import * as E from 'fp-ts/lib/Either.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { TaskBody } from '../../api/bodies/task.ts';
import type { PlanReply } from '../../api/operation.ts';
import type { CinderControl } from '../control.ts';
import type { ClientFailure } from '../../client/failure.ts';
import { cinderError, ofFailure, ofTask, type Asked } from '../errors.ts';

/** One request waits at most so long for its task; then the task is looked at. */
export const WAIT_SECONDS = 60;
/** Work of seconds is seen soon, work of hours is not asked for all the time. */
const FIRST_LOOK_MS = 20;
const LAST_LOOK_MS = 2_000;

/** The service, and how long the work of one call may take. */
export interface Service {
  readonly client: CinderControl;
  readonly timeoutMs: number;
}

type Reply<B> = E.Either<ClientFailure, { readonly body: B }>;

/** The body of an answer. */
export const ask = <B>(call: () => Promise<Reply<B>>): Asked<B> => async () => E.bimap(ofFailure, ({ body }: { readonly body: B }) => body)(await call());

const isOver = ({ status }: TaskBody): boolean => status === 'succeeded' || status === 'failed' || status === 'cancelled' || status === 'refused';

const outcome = (task: TaskBody): E.Either<ReturnType<typeof ofTask>, undefined> => (task.status === 'succeeded' ? E.right(undefined) : E.left(ofTask(task)));

const tooLong = ({ type, uuid }: Pick<TaskBody, 'type' | 'uuid'>, timeoutMs: number): Asked<never> =>
  TE.left(cinderError('VolumeBackendAPIException', 'TimedOut', `${type} takes longer than ${timeoutMs} ms; it goes on as task ${uuid}, and a repeat of the call waits for it again`));

/** Looks at a task until it ends. Work that failed is an error here, whatever can still be done about it. */
export const endOf = ({ client, timeoutMs }: Service, uuid: string): Asked<undefined> => async () => {
  const until = Date.now() + timeoutMs;
  for (let pauseMs = FIRST_LOOK_MS; ; pauseMs = Math.min(pauseMs * 2, LAST_LOOK_MS)) {
    const looked = await ask(() => client.getTask({ path: { task: uuid } }))();
    if (E.isLeft(looked)) return looked;
    const { task } = looked.right;
    if (isOver(task)) return outcome(task);
    if (Date.now() >= until) return tooLong(task, timeoutMs)();
    await later(pauseMs);
  }
};

/** What a change is answered with, apart from its task: everything was asked for in earnest, so it is no plan. */
type Done<B> = Exclude<B, PlanReply>;

/** A change, and the end of its work. */
export const change = <B extends object>(service: Service, call: (waiting: { readonly waitSeconds: number }) => Promise<Reply<B>>): Asked<Done<B>> => async () => {
  const accepted = await ask(() => call({ waitSeconds: WAIT_SECONDS }))();
  if (E.isLeft(accepted)) return accepted;
  const body = accepted.right as Done<B> & { readonly task?: TaskBody | null };
  const { task = null } = body;
  if (task === null) return E.right(body);
  const ended = isOver(task) ? outcome(task) : await endOf(service, task.uuid)();
  return E.map(() => body)(ended);
};
