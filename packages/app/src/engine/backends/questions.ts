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

/** Statistics as they were answered, good until `until`; from `agesAt` on whoever needs them has them asked again beside. */
interface Known {
  readonly until: number;
  readonly agesAt: number;
  readonly answer: Promise<E.Either<PortError, PoolStats>>;
}

/** The part of their life after which statistics are asked for again beside: late enough that they are asked hardly more often, early enough for a slow `ceph df`. */
const AGING = 0.7;

/** The code of an error that says that this process lacks the backend. */
export const BACKEND_ABSENT = 'BackendAbsent';

/** How a call of a backend ended, for observers. */
export const endOfCall = (answer: E.Either<PortError, unknown>): CallEnd =>
  E.isRight(answer) ? { outcome: 'done' } : { outcome: answer.left._tag, error: answer.left };

const noBackend = (name: string): PortError => permanent(BACKEND_ABSENT, `this process has no backend named "${name}"`);

export const makeQuestions = (engine: Pick<Engine, 'backends' | 'clock' | 'limits' | 'observing'>, installationId: string): Questions => {
  const { backends, clock, limits, observing } = engine;
  const fresh = new Map<string, Known>();

  const askWithin = makeAsk(engine, installationId);

  const ask: Questions['ask'] = async (asked, question) => {
    const backend = backends.get(asked.backend);
    if (backend === undefined) return E.left(noBackend(asked.backend));
    return watched(observing.question(asked), () => askWithin(asked.backend, (context) => question(backend, context)), endOfCall);
  };

  /** Asks, and keeps what is answered. What is known already stays for as long as it is good, and longer than a question beside it that fails. */
  const askStats = async (key: string, placement: Placement, known?: Known): Promise<E.Either<PortError, PoolStats>> => {
    const answer = ask({ backend: placement.backend, question: 'stats' }, (backend, context) => backend.stats(placement, context));
    // Whoever comes while it is asked shares the answer, however long that takes.
    if (known === undefined) fresh.set(key, { until: Number.POSITIVE_INFINITY, agesAt: Number.POSITIVE_INFINITY, answer });
    const result = await answer;
    if (E.isLeft(result) && known !== undefined) return result;
    // An error is remembered for a moment only, but it is: commands that wait for each other would each wait out a backend that hangs.
    const goodForMs = E.isRight(result) ? limits.statsFreshMs : Math.min(limits.statsFreshMs, limits.backoffBaseMs);
    const now = clock.nowMs();
    fresh.set(key, { until: now + goodForMs, agesAt: E.isRight(result) ? now + goodForMs * AGING : Number.POSITIVE_INFINITY, answer });
    return result;
  };

  const stats: Questions['stats'] = async (placement) => {
    const key = JSON.stringify([placement.backend, placement.pool, placement.dataPool]);
    const known = fresh.get(key);
    if (known === undefined || known.until <= clock.nowMs()) return askStats(key, placement);
    if (known.agesAt > clock.nowMs()) return known.answer;
    // Still fresh, but not for long: it is asked again beside, so that under a steady stream of commands none waits for it.
    fresh.set(key, { ...known, agesAt: Number.POSITIVE_INFINITY });
    void askStats(key, placement, known);
    return known.answer;
  };

  return { ask, stats, identify: (placement) => ask({ backend: placement.backend, question: 'identify' }, (backend, context) => backend.identify(placement, context)) };
};
