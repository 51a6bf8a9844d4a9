/** How the library face answers: a promise of `Either` that does not reject for a refusal. */
import type { Refusal } from '@blockledger/domain';
import type { Either } from 'fp-ts/lib/Either.js';

/** A refusal, or what was asked for. Besides the domain's refusals: see `EngineRefusalTag` in refusals.ts. */
export type Answer<A> = Promise<Either<Refusal, A>>;
