/** One generic decider for names, serial numbers, REST integers, capacity and space: reserve, change, release. */
import * as E from 'fp-ts/lib/Either.js';
import { match } from 'ts-pattern';
import type { CommandMeta } from '../kernel/envelope.ts';
import type { Of } from '../kernel/tagged.ts';
import { capacityUnknown, exceeds, type LimitedKey, type ReservationRefusal, type Unknown } from './errors.ts';
import { HOLDERS_OF_A_NAME, MAX_VIP_PATHS } from './limits.ts';
import type { ReservationCommand, ReservationEvent } from './messages.ts';
import { holdingOf, type ReservationState } from './state.ts';

/** The limit of a capacity or space reservation from fresh pool statistics, or why it is not known. Other keys need no facts. */
export interface ReservationFacts {
  readonly limit: number | null;
  readonly limitUnknown: Unknown | null;
}

/** For keys that need no statistics. */
export const noReservationFacts: ReservationFacts = { limit: null, limitUnknown: null };

const limitOf = (key: LimitedKey, facts: ReservationFacts): E.Either<ReservationRefusal, number> => {
  if (key.kind === 'vipPaths') return E.right(MAX_VIP_PATHS);
  if (key.kind !== 'capacity' && key.kind !== 'space') return E.right(HOLDERS_OF_A_NAME);
  return facts.limit === null ? E.left(capacityUnknown(key, facts.limitUnknown ?? { why: 'nobody asked', passes: true })) : E.right(facts.limit);
};

const reserve = (
  state: ReservationState,
  command: Of<ReservationCommand, 'Reserve'>,
  meta: CommandMeta,
  facts: ReservationFacts,
): E.Either<ReservationRefusal, readonly ReservationEvent[]> => {
  const held = holdingOf(state, command.holder);
  if (held !== undefined && held.amount === command.amount) return E.right([]);
  const number = command.key.kind === 'number' ? (held?.number ?? state.next) : null;
  const reserved = (limit: number | null): readonly ReservationEvent[] => [
    { type: 'Reserved', holder: command.holder, amount: command.amount, number, limit, at: meta.issuedAt },
  ];
  const { key } = command;
  const grows = command.amount > (held?.amount ?? 0);
  // Numbers have no limit; who gives back, or writes down a fact, is never refused.
  if (!command.bounded || key.kind === 'number' || !grows) return E.right(reserved(null));
  const total = state.total - (held?.amount ?? 0) + command.amount;
  return E.chain((limit: number): E.Either<ReservationRefusal, readonly ReservationEvent[]> =>
    total > limit ? E.left(exceeds(key, total, limit)) : E.right(reserved(limit)),
  )(limitOf(key, facts));
};

/**
 * What a reservation answers: an amount is held or given back, or the limit stands in the way (S0-16, S0-18, R-3). Pure.
 * Refuses with the tags of `reservationRefusals`; a holder that asks for what it has is accepted without events.
 *
 * @example
 * import { decideReservation, noReservation, noReservationFacts, type CommandId, type TimestampMs } from '@blockledger/domain';
 * const meta = { commandId: '0b9d7a3e-0000-4000-8000-000000000002' as CommandId, issuedAt: 1_800_000_000_000 as TimestampMs, issuedBy: 'token:ci', tenant: 'default', correlationId: 'c-1' };
 * const wish = { type: 'Reserve', key: { kind: 'number', of: 'volume' }, holder: 'db-1', amount: 1, bounded: true } as const;
 * const decided = decideReservation(noReservation, wish, meta, noReservationFacts);
 * decided._tag === 'Right' && decided.right.map((event) => event.type === 'Reserved' && event.number); // => [1]
 */
export const decideReservation = (
  state: ReservationState,
  command: ReservationCommand,
  meta: CommandMeta,
  facts: ReservationFacts,
): E.Either<ReservationRefusal, readonly ReservationEvent[]> =>
  match(command)
    .with({ type: 'Reserve' }, (wish) => reserve(state, wish, meta, facts))
    .with({ type: 'Release' }, ({ holder }): E.Either<ReservationRefusal, readonly ReservationEvent[]> =>
      E.right(holdingOf(state, holder) === undefined ? [] : [{ type: 'Released', holder, at: meta.issuedAt }]),
    )
    .exhaustive();
