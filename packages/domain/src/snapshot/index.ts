/** Snapshots: taken in a slot of their volume, protected, cloned from, deleted. */
import type { Decider } from '../kernel/decider.ts';
import { settlementOf } from '../kernel/settlement.ts';
import type { DomainCommand } from '../messages.ts';
import { decideSnapshot } from './decide.ts';
import type { SnapshotRefusal } from './errors.ts';
import { evolveSnapshot } from './evolve.ts';
import type { SnapshotDecisionFacts } from './facts.ts';
import { SnapshotCommand, SnapshotEvent, snapshotStream } from './messages.ts';
import { noSnapshot, type SnapshotState } from './state.ts';
import { answerOfSnapshot } from './status.ts';
import { owedBySnapshot } from './work.ts';

export * from './decide.ts';
export * from './errors.ts';
export * from './evolve.ts';
export * from './facts.ts';
export * from './messages.ts';
export * from './state.ts';
export * from './status.ts';
export { owedBySnapshot } from './work.ts';

/** The snapshot as a decider: its messages, `decideSnapshot`, `evolveSnapshot` and `owedBySnapshot`. */
export const snapshot: Decider<SnapshotState, SnapshotCommand, SnapshotEvent, SnapshotDecisionFacts, SnapshotRefusal, DomainCommand> = {
  name: 'snapshot',
  foldVersion: 1,
  initial: noSnapshot,
  command: SnapshotCommand,
  event: SnapshotEvent,
  streamOf: (command) => snapshotStream(command.snapshotId),
  decide: decideSnapshot,
  evolve: evolveSnapshot,
  owed: owedBySnapshot,
  settle: (state, work, outcome) => (state.snapshot === null ? undefined : { ...settlementOf(work.workId, outcome), snapshotId: state.snapshot.snapshotId }),
  reply: () => ({}),
  answer: answerOfSnapshot,
};
