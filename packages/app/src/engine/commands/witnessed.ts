/** Deeds that are no single command, such as rebuilding a lost log: who asked for one, and what came of it, is on record all the same (S0-136). */
import type { CommandMeta, Refusal } from '@blockledger/domain';
import * as E from 'fp-ts/lib/Either.js';
import type { ActionSubject } from '../../queries/actionViews.ts';
import type { Engine } from '../parts.ts';
import type { RequestOptions } from '../requests.ts';
import { traced, watched } from '../watching/observing.ts';
import type { RequestEnd } from '../watching/observer.ts';
import type { CallerParts, Callers } from './callers.ts';

/** What a caller wants done, and how. */
export interface Deed<A> {
  readonly request: { readonly do: string; readonly [field: string]: unknown };
  readonly resource: ActionSubject | null;
  /** Does it; the envelope says who asked, and what a trace follows. */
  readonly run: (meta: CommandMeta) => Promise<E.Either<Refusal, A>>;
  /** What else it turned out to be about. */
  readonly related?: (done: A) => readonly ActionSubject[];
}

export type Witnessed = <A>(deed: Deed<A>, options?: RequestOptions) => Promise<E.Either<Refusal, A>>;

interface WitnessParts {
  readonly engine: Pick<Engine, 'clock' | 'observing'>;
  readonly callers: Pick<Callers, 'named'>;
  readonly noted: CallerParts['noted'];
}

const endOf = (answer: E.Either<Refusal, unknown>): RequestEnd => (E.isLeft(answer) ? { outcome: 'refused', refusal: answer.left } : { outcome: 'accepted' });

export const makeWitnessed = ({ engine: { clock, observing }, callers, noted }: WitnessParts): Witnessed => async (deed, options = {}) => {
  const named = callers.named(options);
  if (E.isLeft(named)) return named;
  const { meta } = named.right;
  const { commandId, issuedBy, tenant, correlationId } = meta;
  const watch = observing.request({ request: deed.request.do, commandId, issuedBy, tenant, correlationId, ...traced(meta.traceparent) });
  return watched(
    watch,
    async () => {
      const answer = await deed.run({ ...meta, ...traced(watch.traceparent) });
      noted({
        commandId,
        issuedBy,
        tenant,
        owner: null,
        correlationId,
        clientAddress: options.clientAddress ?? null,
        action: deed.request.do,
        parameters: deed.request,
        resource: deed.resource,
        related: E.isRight(answer) ? (deed.related?.(answer.right) ?? []) : [],
        startedAt: meta.issuedAt,
        finishedAt: clock.nowMs(),
        answer: E.isRight(answer) ? E.right([]) : answer,
      });
      return answer;
    },
    endOf,
  );
};
