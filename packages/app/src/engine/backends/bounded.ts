/** Questions of any kind, bounded in time and never throwing. */
import type { CallContext, PortError } from '@blockledger/domain';
import * as E from 'fp-ts/lib/Either.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import { OVER } from '../../system/over.ts';
import { messageOf } from '../../system/thrown.ts';
import type { Engine } from '../parts.ts';

/** What a foreign exception becomes: tried again a bounded number of times, like any unknown outcome. */
export const thrownError = (thrown: unknown): PortError => ({
  _tag: 'Retryable',
  code: 'Unexpected',
  message: messageOf(thrown),
  outcomeUnknown: true,
});

/** Asks one question with a time limit; `backend` is the registered name, for those who watch. */
export type Ask = <A>(backend: string, question: (context: CallContext) => TaskEither<PortError, A>) => Promise<E.Either<PortError, A>>;

export const makeAsk =
  ({ clock, limits, observing }: Pick<Engine, 'clock' | 'limits' | 'observing'>, installationId: string): Ask =>
  async <A>(backend: string, question: (context: CallContext) => TaskEither<PortError, A>) => {
    const call = new AbortController();
    const timer = new AbortController();
    const context: CallContext = { signal: call.signal, onProgress: () => undefined, installationId, onExternalCall: (external) => observing.external({ backend, ...external }).ended };
    const timeout = clock.sleep(limits.questionTimeoutMs, timer.signal).then(() => {
      if (!timer.signal.aborted) call.abort();
      const message = `no answer within ${limits.questionTimeoutMs} ms`;
      return E.left<PortError>({ _tag: 'Retryable', code: 'TimedOut', message, outcomeUnknown: false });
    });
    const asked = async (): Promise<E.Either<PortError, A>> => {
      try {
        return await question(context)();
      } catch (thrown) {
        return E.left(thrownError(thrown));
      }
    };
    const answer = await Promise.race([asked(), timeout]);
    timer.abort(OVER);
    return answer;
  };
