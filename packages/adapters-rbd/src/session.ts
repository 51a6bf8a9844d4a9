/** One call of the backend on its way: what it may use, and how it runs a command. */
import * as E from 'fp-ts/lib/Either.js';
import type { CallContext, PortError, ProcessResult } from '@blockledger/domain';
import type * as t from 'io-ts';
import type { Ceph, CephCall } from './ceph.ts';
import type { Command, Dialect } from './commands/dialect.ts';
import { verbOf } from './commands/verb.ts';
import { EXIT, portErrorOf } from './errors.ts';
import type { Image } from './names.ts';
import type { Settings } from './options.ts';
import { parse } from './parse.ts';
import { socketProgress } from './progress.ts';
import type { Proofs } from './proofs.ts';

/** Either an error or an answer, soon. Actions are written as plain async functions that return early. */
export type Eventually<A> = Promise<E.Either<PortError, A>>;

/** What an action works with. */
export interface Session {
  readonly dialect: Dialect;
  readonly settings: Settings;
  /** For questions that a working cluster answers at once, and that some images never answer. */
  readonly haste: Settings;
  readonly measuresUsage: boolean;
  readonly proofs: Proofs;
  readonly context: CallContext;
  readonly ceph: Ceph;
}

/** How often XSKY's socket is asked for progress. */
const PROGRESS_EVERY_MS = 1_000;

const judged = (session: Session, command: Command, fine: readonly number[]) =>
  (result: ProcessResult): E.Either<PortError, ProcessResult> =>
    result.exitCode === EXIT.ok || fine.includes(result.exitCode)
      ? E.right(result)
      : E.left(portErrorOf(command.summary, result, session.settings));

/** Asks, and tells whoever counts such calls how it ended. */
async function start(session: Session, command: Command, more: Pick<CephCall, 'onProgress'> = {}): Eventually<ProcessResult> {
  const { ceph, settings, context } = session;
  const ended = context.onExternalCall?.({ program: command.program, command: verbOf(command) });
  const result = await ceph({ command, settings, signal: context.signal, ...more })();
  ended?.(E.isLeft(result) ? result.left.code : String(result.right.exitCode));
  return result;
}

/**
 * Runs a command. An exit code that is neither 0 nor in `fine` is an error.
 */
export async function say(session: Session, command: Command, fine: readonly number[] = []): Eventually<ProcessResult> {
  return E.chain(judged(session, command, fine))(await start(session, command));
}

/** Runs a command that takes long and shows how far it has come. */
export async function sayLong(session: Session, command: Command, image: Image, fine: readonly number[] = []): Eventually<ProcessResult> {
  const watching = watchSocket(session, image);
  const result = await start(session, command, { onProgress: session.context.onProgress });
  await watching.stop();
  return E.chain(judged(session, command, fine))(result);
}

/** Runs a command that answers in JSON; `undefined` when what it asks for does not exist. */
export async function ask<A>(session: Session, command: Command, codec: t.Type<A, unknown>): Eventually<A | undefined> {
  const result = await say(session, command, [EXIT.notFound]);
  if (E.isLeft(result)) return result;
  return result.right.exitCode === EXIT.notFound ? E.right(undefined) : parse(codec, command.summary, result.right.stdout);
}

/** Asks a dialect's admin socket for progress while a long command runs. What the socket cannot say is no error. */
function watchSocket(session: Session, image: Image): { readonly stop: () => Promise<void> } {
  const { progress } = session.dialect;
  if (progress === undefined) return { stop: () => Promise.resolve() };
  let asking: Promise<void> = Promise.resolve();
  const look = async (): Promise<void> => {
    const answer = await start(session, progress(image));
    if (E.isLeft(answer) || answer.right.exitCode !== EXIT.ok) return;
    const json = E.tryCatch((): unknown => JSON.parse(answer.right.stdout), String);
    const seen = E.isRight(json) ? socketProgress(json.right) : undefined;
    if (seen !== undefined) session.context.onProgress(seen);
  };
  const timer = setInterval(() => {
    asking = asking.then(look);
  }, PROGRESS_EVERY_MS);
  return {
    stop: () => {
      clearInterval(timer);
      return asking;
    },
  };
}

/** Both answers of two questions asked at once; the first error wins. */
export async function both<A, B>(left: Eventually<A>, right: Eventually<B>): Eventually<readonly [A, B]> {
  const [a, b] = await Promise.all([left, right]);
  if (E.isLeft(a)) return a;
  if (E.isLeft(b)) return b;
  return E.right([a.right, b.right]);
}
