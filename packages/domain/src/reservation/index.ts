/** Reservations that span streams: names, serial numbers, REST integers, capacity, space. Reserve, change, release; never a query. */
import type { Decider } from '../kernel/decider.ts';
import { decideReservation, type ReservationFacts } from './decide.ts';
import type { ReservationRefusal } from './errors.ts';
import { evolveReservation } from './evolve.ts';
import { ReservationCommand, ReservationEvent, reservationStream } from './messages.ts';
import { holdingOf, noReservation, type ReservationState } from './state.ts';

export * from './decide.ts';
export * from './errors.ts';
export * from './evolve.ts';
export * from './limits.ts';
export * from './messages.ts';
export * from './state.ts';

/** The reservation as a decider: one for names, serial numbers, REST integers, capacity and space. It owes nothing. */
export const reservation: Decider<ReservationState, ReservationCommand, ReservationEvent, ReservationFacts, ReservationRefusal, never> = {
  name: 'reservation',
  foldVersion: 1,
  initial: noReservation,
  command: ReservationCommand,
  event: ReservationEvent,
  streamOf: (command) => reservationStream(command.key),
  decide: decideReservation,
  evolve: evolveReservation,
  owed: () => [],
  settle: () => undefined,
  reply: (state, command) => {
    const number = holdingOf(state, command.holder)?.number ?? null;
    return number === null ? {} : { number };
  },
  answer: () => 'accepted',
};
