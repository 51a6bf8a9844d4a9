/** One aggregate as a value: what it may be told, what it answers, what it then owes. */
import type { Either } from 'fp-ts/lib/Either.js';
import type * as t from 'io-ts';
import type { CommandMeta } from './envelope.ts';
import type { Refusal } from './refusal.ts';
import type { Outcome, Reply, Work } from './work.ts';

/** An event of the domain as the stream holds it: a type and plain JSON fields. */
export interface Tagged {
  readonly type: string;
}

/**
 * - `decide` is pure and refuses by value; `facts` are what it needs from elsewhere, gathered by the engine.
 * - `evolve` is total and never refuses, whatever the order of events.
 * - `owed` lists what must still be made true; `settle` turns how a piece of it ended into a command for the same aggregate.
 * - `reply` answers a command from the state after it (the number that a reservation holds).
 * - `answer` says how an operation that waits for its reservations stands: a refusal, `pending`, or `accepted`.
 * - `foldVersion` changes whenever the same events fold to another state; cached states of another version are thrown away.
 */
export interface Decider<S, C extends Tagged, E extends Tagged, F, R extends Refusal, Other> {
  readonly name: string;
  readonly foldVersion: number;
  readonly initial: S;
  readonly command: t.Type<C, unknown>;
  readonly event: t.Type<E, unknown>;
  readonly streamOf: (command: C) => string;
  readonly decide: (state: S, command: C, meta: CommandMeta, facts: F) => Either<R, readonly E[]>;
  readonly evolve: (state: S, event: E) => S;
  readonly owed: (state: S) => readonly Work<Other>[];
  readonly settle: (state: S, work: Work<Other>, outcome: Outcome) => C | undefined;
  readonly reply: (state: S, command: C) => Reply;
  readonly answer: (state: S, operationId: string) => Refusal | 'pending' | 'accepted';
}
