/** The slots of a volume's snapshots: reserved, filled, agreed to leave, freed. */
import type { TimestampMs } from '../../kernel/quantities.ts';
import type { Of } from '../../kernel/tagged.ts';
import { firstRefusal } from '../../kernel/rule.ts';
import { refuseVolume } from '../errors.ts';
import { BACKUP_RETENTION_MS } from '../limits.ts';
import type { VolumeCommand } from '../messages.ts';
import {
  backendKnown,
  notFenced,
  notPassive,
  poolHealthy,
  ready,
  roomForSnapshot,
  snapshotIsNew,
  snapshotNameIsFree,
  validName,
  validText,
  type Existing,
} from '../rules.ts';
import { slotOf } from '../state.ts';
import { backupSlot } from './change.ts';
import { accept, begun, unless, type Case, type Decision } from './common.ts';

/** What holds for every slot that is taken. */
const slotIsFree = ({ snapshotId, name }: Of<VolumeCommand, 'CreateSnapshot' | 'RecoverSnapshot'>, subject: Case & Existing) =>
  firstRefusal(
    notFenced(subject),
    validName(name),
    snapshotIsNew(snapshotId)(subject),
    snapshotNameIsFree(name)(subject),
    roomForSnapshot(subject.facts.pool?.capabilities?.maxSnapshots)(subject),
  );

/** S0-60…S0-63. */
export const createSnapshot = (command: Of<VolumeCommand, 'CreateSnapshot'>, subject: Case & Existing): Decision => {
  const { facts, meta } = subject;
  const { snapshotId, name, description, groupSnapshotId } = command;
  const refusal = firstRefusal(ready(subject), notPassive(subject), poolHealthy(facts.pool), backendKnown(facts.pool), validText(description, {}), slotIsFree(command, subject));
  return unless(refusal, () => accept({ type: 'SnapshotSlotReserved', ...begun(meta), snapshotId, name, description, groupSnapshotId, expiresAt: null }));
};

/** Writes down what the backend shows when the log was lost (I-27). When a backup was taken it does not say: its time begins anew (S0-132). */
export const recoverSnapshot = (command: Of<VolumeCommand, 'RecoverSnapshot'>, subject: Case & Existing): Decision => {
  const { facts, meta } = subject;
  const { snapshotId, name, internal } = command;
  const expiresAt = internal ? ((meta.issuedAt + BACKUP_RETENTION_MS) as TimestampMs) : null;
  return unless(firstRefusal(ready(subject), backendKnown(facts.pool), slotIsFree(command, subject)), () =>
    accept({ type: 'SnapshotSlotReserved', ...begun(meta), snapshotId, name, description: '', groupSnapshotId: null, expiresAt }),
  );
};

/** The backup of a rollback being there starts the rollback: by this event, once. */
export const fillSlot = (command: Of<VolumeCommand, 'FillSnapshotSlot'>, { state, volume, meta }: Case & Existing): Decision => {
  const { snapshotId, sizeBytes } = command;
  const slot = slotOf(volume, snapshotId);
  // A backup that has been given up must not start its rollback when the news of it comes late.
  if (slot === undefined || slot.sizeBytes !== null || slot.leaving) return accept();
  const filled = { type: 'SnapshotSlotFilled', snapshotId, sizeBytes, at: meta.issuedAt } as const;
  const { operation } = state;
  const starts = operation?.kind === 'rollBack' && operation.stage === 'backingUp' && operation.backupSnapshotId === snapshotId;
  return starts ? accept(filled, { type: 'VolumeRollbackStarted', operationId: operation.operationId, at: meta.issuedAt }) : accept(filled);
};

/** not the snapshot that the volume is going back to, nor its backup; never in passive mode. */
export const agreeDeletion = (command: Of<VolumeCommand, 'AgreeSnapshotDeletion'>, subject: Case & Existing): Decision => {
  const { state, volume, facts, meta } = subject;
  const { snapshotId } = command;
  const slot = slotOf(volume, snapshotId);
  if (slot === undefined || slot.leaving) return accept();
  const { operation } = state;
  const rollingBack = operation?.kind === 'rollBack' ? operation : null;
  const needed = rollingBack !== null && (rollingBack.snapshotId === snapshotId || rollingBack.backupSnapshotId === snapshotId);
  // A backup that could not be taken may be given up: the rollback then ends as refused.
  const unborn = rollingBack?.stage === 'backingUp' && rollingBack.backupSnapshotId === snapshotId && slot.sizeBytes === null;
  const ends = operation !== null && (operation.kind === 'delete' || operation.kind === 'disown' || operation.kind === 'undelete' || operation.kind === 'migrate');
  const refusal = firstRefusal(
    notPassive(subject),
    poolHealthy(facts.pool),
    ends
      ? refuseVolume('VolumeIsBusy', `volume "${volume.name}" has an operation under way: ${operation.kind}`, { operationId: operation.operationId })
      : undefined,
    needed && !unborn ? refuseVolume('SnapshotIsInUse', `volume "${volume.name}" is being rolled back with snapshot ${snapshotId}`, { value: snapshotId }) : undefined,
  );
  return unless(refusal, () => accept({ type: 'SnapshotDeletionAgreed', snapshotId, at: meta.issuedAt }));
};

export const freeSlot = (command: Of<VolumeCommand, 'FreeSnapshotSlot'>, { state, volume, meta }: Case & Existing): Decision => {
  const { snapshotId } = command;
  if (slotOf(volume, snapshotId) === undefined) return accept();
  const freed = { type: 'SnapshotSlotFreed', snapshotId, at: meta.issuedAt } as const;
  const { operation } = state;
  if (operation?.kind !== 'rollBack') return accept(freed);
  const op = { operationId: operation.operationId, at: meta.issuedAt };
  if (operation.stage === 'purging' && operation.purge === snapshotId) return accept(freed, backupSlot(op, operation.snapshotId, operation.backupSnapshotId));
  if (operation.stage === 'backingUp' && operation.backupSnapshotId === snapshotId) {
    const refusal = refuseVolume('BackupSnapshotFailed', 'the backup snapshot was given up', { value: snapshotId });
    return accept(freed, { type: 'VolumeRollbackRefused', ...op, refusal });
  }
  return accept(freed);
};
