import type { Decider, OperationId, CommandId, CommandMeta, Outcome, Refusal, TimestampMs, Work } from '@blockledger/domain';
import * as assert from 'uvu/assert';

interface Tagged {
  readonly type: string;
}

/** A moment at which nothing has expired yet. */
export const NOON = 1_800_000_000_000 as TimestampMs;

/** A UUID that tests can tell apart: `uuid('a', 3)`. The kind is one hex digit. */
export const uuid = (kind: string, n: number): string => `${kind.repeat(8)}-0000-4000-8000-${n.toString(16).padStart(12, '0')}`;

/** The envelope of the n-th command. */
export const metaOf = (n: number, at: number = NOON): CommandMeta => ({
  commandId: uuid('c', n) as CommandId,
  issuedAt: at as TimestampMs,
  issuedBy: 'test',
  tenant: 'default',
  correlationId: uuid('c', n),
});

/** The operation that the n-th command began. */
export const operation = (n: number): OperationId => uuid('c', n) as OperationId;

/** What `when` leads to, and the sentences about it. */
export interface Answer<S, E extends Tagged, O> {
  readonly state: S;
  readonly events: readonly E[];
  readonly refusal: Refusal | undefined;
  readonly owed: readonly Work<O>[];
  /** These events and no others, told by their types. */
  readonly then: (...types: readonly E['type'][]) => Answer<S, E, O>;
  /** Refused, nothing changed; `details` are compared with the refusal's. */
  readonly refused: (tag: string, details?: Partial<Refusal>) => Refusal;
  /** The steps that are owed now; what is owed at a later moment is left out. */
  readonly owes: (...steps: readonly string[]) => Answer<S, E, O>;
}

/**
 * Given what happened, when a command comes, then …
 *
 * @example
 * given(volume, ...activeVolume).when({ type: 'FlattenVolume', volumeId }, facts).refused('VolumeHasNoParent');
 */
export const given = <S, C extends Tagged, E extends Tagged, F, R extends Refusal, O>(decider: Decider<S, C, E, F, R, O>, ...history: readonly E[]) =>
  from(decider, history.reduce<S>(decider.evolve, decider.initial));

/** The same from a state that a flow led to. */
export const from = <S, C extends Tagged, E extends Tagged, F, R extends Refusal, O>(decider: Decider<S, C, E, F, R, O>, state: S) => ({
  state,
  owed: decider.owed(state),
  when: (command: C, facts: F, meta: CommandMeta = metaOf(900)): Answer<S, E, O> => {
    const decided = decider.decide(state, command, meta, facts);
    const events = decided._tag === 'Right' ? decided.right : [];
    return answer(decider, events.reduce<S>(decider.evolve, state), events, decided._tag === 'Left' ? decided.left : undefined);
  },
  /** A piece of owed work ended so. */
  settled: (step: string, outcome: Outcome, facts: F, meta: CommandMeta = metaOf(901)): Answer<S, E, O> => {
    const work = decider.owed(state).find((owed) => owed.step === step);
    if (work === undefined) throw new Error(`${step} is not owed, but: ${decider.owed(state).map((owed) => owed.step).join(', ')}`);
    const command = decider.settle(state, work, outcome);
    if (command === undefined) throw new Error(`${step} cannot be settled`);
    return from(decider, state).when(command, facts, meta);
  },
});

const answer = <S, C extends Tagged, E extends Tagged, F, R extends Refusal, O>(
  decider: Decider<S, C, E, F, R, O>,
  state: S,
  events: readonly E[],
  refusal: Refusal | undefined,
): Answer<S, E, O> => {
  const owed = decider.owed(state);
  const self: Answer<S, E, O> = {
    state,
    events,
    refusal,
    owed,
    then: (...types) => {
      assert.is(refusal, undefined, `refused: ${refusal?._tag} ${refusal?.message}`);
      assert.equal(events.map(({ type }) => type), types);
      return self;
    },
    refused: (tag, details = {}) => {
      assert.is(refusal?._tag, tag, `expected the refusal ${tag}, got ${refusal?._tag ?? `the events ${events.map(({ type }) => type).join(', ')}`}`);
      if (refusal === undefined) throw new Error('not refused');
      for (const [key, value] of Object.entries(details)) assert.equal(refusal[key as keyof Refusal], value, `${key} of ${tag}`);
      assert.ok(refusal.rule.length > 0 && refusal.spec.length > 0 && refusal.remedy.length > 0 && refusal.message.length > 0);
      return refusal;
    },
    owes: (...steps) => {
      assert.equal(owed.filter(({ notBefore }) => notBefore === undefined).map(({ step }) => step), steps);
      return self;
    },
  };
  return self;
};
