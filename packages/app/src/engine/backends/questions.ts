/** Questions to backends: bounded in time, never throwing; pool statistics are kept fresh for some seconds. */
import { type BackendIdentity, type BlockBackend, type CallContext, permanent, type Placement, type PoolStats, type PortError } from '@blockledger/domain';
import * as E from 'fp-ts/lib/Either.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import type { CallEnd, QuestionNote } from '../watching/observer.ts';
import { watched } from '../watching/observing.ts';
import type { Engine } from '../parts.ts';
import { makeAsk } from './bounded.ts';

export interface Questions {
  /** Asks one question with a time limit. */
  readonly ask: <A>(asked: QuestionNote, question: (backend: BlockBackend, context: CallContext) => TaskEither<PortError, A>) => Promise<E.Either<PortError, A>>;
  readonly stats: (placement: Placement) => Promise<E.Either<PortError, PoolStats>>;
  readonly identify: (placement: Placement) => Promise<E.Either<PortError, BackendIdentity>>;
}

/** The code of an error that says that this process lacks the backend. */
export const BACKEND_ABSENT = 'BackendAbsent';

/** How a call of a backend ended, for observers. */
export const endOfCall = (answer: E.Either<PortError, unknown>): CallEnd =>
  E.isRight(answer) ? { outcome: 'done' } : { outcome: answer.left._tag, error: answer.left };

const noBackend = (name: string): PortError => permanent(BACKEND_ABSENT, `this process has no backend named "${name}"`);

export const makeQuestions = (engine: Pick<Engine, 'backends' | 'clock' | 'limits' | 'observing'>, installationId: string): Questions => {
  const { backends, clock, limits, observing } = engine;
  const fresh = new Map<string, { readonly until: number; readonly answer: Promise<E.Either<PortError, PoolStats>> }>();

  const askWithin = makeAsk(engine, installationId);

  const ask: Questions['ask'] = async (asked, question) => {
    const backend = backends.get(asked.backend);
    if (backend === undefined) return E.left(noBackend(asked.backend));
    return watched(observing.question(asked), () => askWithin(asked.backend, (context) => question(backend, context)), endOfCall);
  };

  const stats: Questions['stats'] = async (placement) => {
    const key = JSON.stringify([placement.backend, placement.pool, placement.dataPool]);
    const known = fresh.get(key);
    if (known !== undefined && known.until > clock.nowMs()) return known.answer;
    const answer = ask({ backend: placement.backend, question: 'stats' }, (backend, context) => backend.stats(placement, context));
    // Whoever comes while it is asked shares the answer, however long that takes.
    fresh.set(key, { until: Number.POSITIVE_INFINITY, answer });
    const result = await answer;
    // An error is remembered for a moment only, but it is: commands that wait for each other would each wait out a backend that hangs.
    const goodForMs = E.isRight(result) ? limits.statsFreshMs : Math.min(limits.statsFreshMs, limits.backoffBaseMs);
    fresh.set(key, { until: clock.nowMs() + goodForMs, answer });
    return result;
  };

  return { ask, stats, identify: (placement) => ask({ backend: placement.backend, question: 'identify' }, (backend, context) => backend.identify(placement, context)) };
};
