/** The program of the helper that starts others: it is small, so starting them costs it little. */
import type { PortError, ProcessCall, ProcessResult } from '@blockledger/domain';
import type * as E from 'fp-ts/lib/Either.js';
import { foundRunner, type FoundCall } from '../run.ts';
import { serveParent } from './serve.ts';

/** A call as it is sent to the helper. */
export type SentCall = Omit<FoundCall, 'signal' | 'onStderr'>;

const run = foundRunner();

serveParent<SentCall, string, E.Either<PortError, ProcessResult>>((call, { say, signal }) => {
  const whole: ProcessCall & FoundCall = { ...call, signal, onStderr: say };
  return run(whole);
});
