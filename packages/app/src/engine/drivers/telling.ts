/** Tells others what work says. A refusal that may pass by itself is asked again with growing pauses, within bounds, for all to see. */
import { mayPass, type DomainCommand, type Outcome, type PortError, type Refusal, type Tell } from '@blockledger/domain';
import * as E from 'fp-ts/lib/Either.js';
import type { Chain } from '../watching/observer.ts';
import { logged } from '../watching/observing.ts';
import type { Engine } from '../parts.ts';
import { backoffMs } from './backoff.ts';
import type { LiveWorks } from './live.ts';
import type { Teller } from './teller.ts';

export interface TellCall {
  readonly stream: string;
  readonly work: Tell<DomainCommand>;
  readonly signal: AbortSignal;
  readonly chain: Chain;
  readonly isOwed: () => boolean;
  /** Told at the first refusal of work that goes on being tried. */
  readonly onDelayed: (error: PortError) => Promise<void>;
}

/** `stopped`: by the signal, because it is not owed any more, or because the store did not answer. */
export type Telling = (call: TellCall) => Promise<Outcome | 'stopped'>;

export interface TellingParts {
  readonly engine: Pick<Engine, 'clock' | 'ids' | 'limits' | 'logger'>;
  readonly teller: Teller;
  readonly live: LiveWorks;
}

const delayOf = ({ _tag, message }: Refusal): PortError => ({ _tag: 'Retryable', code: _tag, message, outcomeUnknown: false });

export const makeTelling =
  ({ engine, teller, live }: TellingParts): Telling =>
  async ({ stream, work, signal, chain, isOwed, onDelayed }) => {
    const { clock, ids, limits, logger } = engine;
    const until = clock.nowMs() + limits.statsPatienceMs;
    for (let attempts = 1; ; attempts += 1) {
      const told = await teller.tell(stream, work, chain);
      if (E.isRight(told)) return told.right;
      const { left: refusal } = told;
      logger.warn({ ...logged(chain), stream, workId: work.workId, attempts, refusal }, 'others could not be told');
      if (!mayPass(refusal)) return 'stopped';
      const left = until - clock.nowMs();
      if (left <= 0) return { _tag: 'Refused', refusal };
      live.update(stream, work, { phase: 'waiting', attempts, reason: refusal.message });
      if (attempts === 1) await onDelayed(delayOf(refusal));
      // The last try comes when the time is over.
      await clock.sleep(Math.min(left, backoffMs(limits, attempts, ids.random())), signal);
      if (signal.aborted || !isOwed()) return 'stopped';
    }
  };
