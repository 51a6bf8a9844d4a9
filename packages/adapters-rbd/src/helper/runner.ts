/** Runs programs from a small process of its own, so that this one is not held up by starting them. */
import * as E from 'fp-ts/lib/Either.js';
import { type PortError, type ProcessCall, type ProcessResult, type ProcessRunner, retryable } from '@blockledger/domain';
import { whereIs } from '../programs.ts';
import { cancelled, missing, processRunner } from '../run.ts';
import { canStart, entryBeside, keepChild, type KeptChild } from './kept.ts';
import type { SentCall } from './spawner.ts';

type Helper = KeptChild<SentCall, string, E.Either<PortError, ProcessResult>>;

/** One helper serves all runners of this process (of this thread, if there are several). */
let helper: Helper | undefined;

const ENTRY = entryBeside(import.meta.url, './spawner');

/** The helper that lives, or a new one. */
function living(): Helper {
  if (helper === undefined || helper.isOver()) helper = keepChild({ entry: ENTRY });
  return helper;
}

/**
 * Runs programs as `processRunner` does, from a small process that lives as long as this one.
 *
 * Starting a program copies the page tables of who starts it, and Node does nothing else meanwhile: some 2 ms, and tens of ms in a process that
 * holds hundreds of megabytes in buffers. The helper holds none.
 *
 * - The helper starts with the first call, and dies with this process; programs die with the helper.
 * - If the helper dies, the calls under way are `Retryable` `HelperDied` with an unknown outcome, and the next call starts another.
 * - Where the helper's program is not to be found, as in a bundle, programs are started from here.
 *
 * @example
 * import { helperRunner } from '@blockledger/adapters-rbd/process';
 * const run = helperRunner();
 * const ended = await run({ argv: [process.execPath, '-e', 'process.exit(3)'], idleTimeoutMs: 10_000, signal: new AbortController().signal })();
 * ended._tag === 'Right' && ended.right.exitCode; // => 3
 */
export const helperRunner = (): ProcessRunner => (canStart(ENTRY) ? (call) => () => runThere(call) : processRunner());

async function runThere({ signal, onStderr, ...call }: ProcessCall): Promise<E.Either<PortError, ProcessResult>> {
  const [name = ''] = call.argv;
  if (signal.aborted) return E.left(cancelled(name));
  // Looked for here: this process may have changed its PATH since the helper began.
  const path = name.includes('/') ? name : whereIs(name);
  if (path === undefined) return E.left(missing(name));
  const { answered, stop } = living().ask({ ...call, path, env: { ...ownEnvironment(), ...call.env } }, (chunk) => onStderr?.(chunk));
  signal.addEventListener('abort', stop);
  const told = await answered;
  signal.removeEventListener('abort', stop);
  return 'answer' in told ? told.answer : E.left(retryable('HelperDied', `${name}: the helper that ran it has ended, ${told.ended.how}`, true));
}

const ownEnvironment = (): Record<string, string> =>
  Object.fromEntries(Object.entries(process.env).filter((row): row is [string, string] => row[1] !== undefined));

/**
 * The helper's process, if one runs: for tests and for whoever watches.
 *
 * @example
 * import { helperPid, helperRunner } from '@blockledger/adapters-rbd/process';
 * await helperRunner()({ argv: [process.execPath, '-e', ''], idleTimeoutMs: 10_000, signal: new AbortController().signal })();
 * typeof helperPid(); // => 'number'
 */
export const helperPid = (): number | undefined => (helper === undefined || helper.isOver() ? undefined : helper.pid);
