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
 * An aggregate: its state `S`, commands `C`, events `E`, the facts `F` that its decisions need, its refusals `R`, and the commands
 * `Other` by which its owed work tells other aggregates.
 */
export interface Decider<S, C extends Tagged, E extends Tagged, F, R extends Refusal, Other> {
  readonly name: string;
  /** Changes whenever the same events fold to another state; cached states of another version are thrown away. */
  readonly foldVersion: number;
  readonly initial: S;
  readonly command: t.Type<C, unknown>;
  readonly event: t.Type<E, unknown>;
  /** The stream that a command goes to. */
  readonly streamOf: (command: C) => string;
  /** Pure; refuses by value. `facts` are what it needs from elsewhere, gathered by the engine. */
  readonly decide: (state: S, command: C, meta: CommandMeta, facts: F) => Either<R, readonly E[]>;
  /** Total: never refuses, whatever the order of events. */
  readonly evolve: (state: S, event: E) => S;
  /** What must still be made true. */
  readonly owed: (state: S) => readonly Work<Other>[];
  /** How a piece of owed work ended, as a command for the same aggregate; undefined when nobody needs to know. */
  readonly settle: (state: S, work: Work<Other>, outcome: Outcome) => C | undefined;
  /** What a command is answered from the state after it, such as the number that a reservation holds. */
  readonly reply: (state: S, command: C) => Reply;
  /** How an operation that waits for its reservations stands. */
  readonly answer: (state: S, operationId: string) => Refusal | 'pending' | 'accepted';
}
