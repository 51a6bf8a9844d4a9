/** What a snapshot owes: a pure function of its state. */
import { perform, tell, unstuck } from '../kernel/owing.ts';
import type { Work } from '../kernel/work.ts';
import type { DomainCommand } from '../messages.ts';
import type { SnapshotState } from './state.ts';

/**
 * What a snapshot owes in its present stage: at most one piece of work, none while its closed volume is leaving.
 *
 * @example
 * import { noSnapshot, owedBySnapshot } from '@blockledger/domain';
 * owedBySnapshot(noSnapshot); // => []
 */
export const owedBySnapshot = (state: SnapshotState): readonly Work<DomainCommand>[] => {
  const { snapshot, stage, operationId, troubles } = state;
  if (snapshot === null || stage === null || operationId === null) return [];
  // Its volume is on its way out or in the trash: nothing is done to the snapshot alone until it is open again.
  if (state.closedBy !== null && (stage === 'numbering' || stage === 'taking' || stage === 'removing')) return [];
  const { snapshotId, volume, poolId, name, expiresAt } = snapshot;
  const { volumeId } = volume;
  const say = (step: string, command: DomainCommand): Work<DomainCommand> => tell(troubles, { operationId, step }, [command]);
  const stages = {
    numbering: () =>
      say('number', { to: 'reservation', command: { type: 'Reserve', key: { kind: 'number', of: 'snapshot' }, holder: snapshotId, amount: 1, bounded: true } }),
    taking: () => perform(troubles, { operationId, step: 'take' }, poolId, { do: 'ensureSnapshot', volume, snapshotId, name, internal: expiresAt !== null }),
    informing: () => say('inform', { to: 'volume', command: { type: 'FillSnapshotSlot', volumeId, snapshotId, sizeBytes: snapshot.sizeBytes ?? (0 as never) } }),
    asking: () => say('ask', { to: 'volume', command: { type: 'AgreeSnapshotDeletion', volumeId, snapshotId, force: state.force } }),
    removing: () => perform(troubles, { operationId, step: 'remove' }, poolId, { do: 'ensureSnapshotGone', volume, snapshotId }),
    freeing: () => say('free', { to: 'volume', command: { type: 'FreeSnapshotSlot', volumeId, snapshotId } }),
  } as const;
  return unstuck(troubles, [stages[stage]()]);
};
