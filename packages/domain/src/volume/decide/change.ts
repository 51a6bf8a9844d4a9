/** Updating, flattening and rolling back a volume. */
import { failureOf } from '../../kernel/troubles.ts';
import { roundUp, type TimestampMs } from '../../kernel/quantities.ts';
import type { Of } from '../../kernel/tagged.ts';
import { firstRefusal } from '../../kernel/rule.ts';
import { refuseVolume, type VolumeRefusal } from '../errors.ts';
import type { PoolFacts } from '../facts.ts';
import { BACKUP_RETENTION_MS, MAX_SNAPSHOTS } from '../limits.ts';
import type { VolumeChanges, VolumeCommand } from '../messages.ts';
import {
  backendCan,
  backendKnown,
  hasParent,
  noUpdateUnderWay,
  notAttached,
  notBusy,
  notFenced,
  notInGroup,
  notInGroupSnapshot,
  notMapped,
  notPassive,
  noSnapshotUnderWay,
  ownSnapshot,
  poolHealthy,
  priorityNeedsV3,
  ready,
  roomForSnapshot,
  sizeInRange,
  snapshotIsNew,
  validName,
  validQos,
  validText,
  type Existing,
} from '../rules.ts';
import { isMapped, type Slot, type VolumeFields } from '../state.ts';
import { accept, begun, unless, type Case, type Decision } from './common.ts';

/** Leaves out what stays as it is, and rounds the size up. */
const realChanges = (volume: VolumeFields, changes: VolumeChanges, pool: PoolFacts | null): VolumeChanges => {
  const sizeBytes = changes.sizeBytes === undefined ? undefined : roundUp(changes.sizeBytes, pool?.capabilities?.sizeGranularityBytes ?? 1);
  const wanted: VolumeChanges = { ...changes, ...(sizeBytes === undefined ? {} : { sizeBytes }) };
  const same = (key: keyof VolumeChanges): boolean => JSON.stringify(wanted[key]) === JSON.stringify(volume[key]);
  return Object.fromEntries(Object.entries(wanted).filter(([key, value]) => value !== undefined && !same(key as keyof VolumeChanges)));
};

const resizable = (subject: Existing, sizeBytes: number, pool: PoolFacts | null): VolumeRefusal | undefined => {
  const { volume } = subject;
  const shrinks = sizeBytes < volume.sizeBytes;
  return firstRefusal(
    notPassive(subject),
    notBusy(subject),
    shrinks ? firstRefusal(notAttached(subject), notMapped(subject), backendCan('shrink')(pool)) : undefined,
    !shrinks && isMapped(volume) ? backendCan('onlineExtend')(pool) : undefined,
    sizeInRange(sizeBytes),
  );
};

/** S0-38…S0-47, R-6: all fields of one request are taken or refused together. */
export const updateVolume = (command: Of<VolumeCommand, 'UpdateVolume'>, subject: Case & Existing): Decision => {
  const { volume, meta, facts } = subject;
  const asked = command.changes;
  const changes = realChanges(volume, asked, facts.pool);
  const { name, sizeBytes, qos, performancePriority } = changes;
  const needsBackend = sizeBytes !== undefined || qos !== undefined || performancePriority !== undefined;
  const refusal = firstRefusal(
    Object.keys(asked).length === 0 ? refuseVolume('NothingToChange', 'the update names no field') : undefined,
    ready(subject),
    notFenced(subject),
    noUpdateUnderWay(subject),
    needsBackend ? firstRefusal(poolHealthy(facts.pool), backendKnown(facts.pool)) : undefined,
    name === undefined ? undefined : validName(name),
    validText(changes.description ?? '', changes.labels ?? {}),
    qos === undefined ? undefined : firstRefusal(validQos(qos), qos.enabled ? backendCan('qos')(facts.pool) : undefined),
    performancePriority === true ? firstRefusal(priorityNeedsV3(volume.generation, true), backendCan('performancePriority')(facts.pool)) : undefined,
    sizeBytes === undefined ? undefined : resizable(subject, sizeBytes, facts.pool),
  );
  return unless(refusal, () => {
    if (Object.keys(changes).length === 0) return accept();
    const requested = { type: 'VolumeUpdateRequested', ...begun(meta), changes } as const;
    const asks = name !== undefined || (sizeBytes !== undefined && sizeBytes > volume.sizeBytes);
    if (asks) return accept(requested);
    const reserved = { type: 'VolumeUpdateReserved', ...begun(meta) } as const;
    return needsBackend ? accept(requested, reserved) : accept(requested, reserved, { type: 'VolumeUpdated', ...begun(meta) });
  });
};

/** S0-38, S0-40, S0-51. */
export const flattenVolume = (subject: Case & Existing): Decision => {
  const { facts, meta } = subject;
  return unless(
    firstRefusal(ready(subject), notPassive(subject), notBusy(subject), hasParent(subject), poolHealthy(facts.pool), backendKnown(facts.pool), backendCan('flatten')(facts.pool)),
    () => accept({ type: 'VolumeFlattenRequested', ...begun(meta) }),
  );
};

const expired = (volume: VolumeFields, now: TimestampMs): Slot | undefined =>
  volume.slots.find((slot) => slot.expiresAt !== null && slot.expiresAt <= now && slot.sizeBytes !== null && !slot.leaving);

/** Going back to the backup of a rollback that is stuck is the one thing that may replace it. */
const rescues = ({ state }: Existing, snapshotId: string): boolean =>
  state.operation?.kind === 'rollBack' &&
  state.operation.stage === 'rolling' &&
  state.operation.backupSnapshotId === snapshotId &&
  failureOf(state.troubles, state.operation.operationId) !== undefined;

/** S0-39…S0-42, S0-48…S0-50: a backup snapshot first; at 256 an expired backup goes before, or nothing does. */
export const rollBackVolume = (command: Of<VolumeCommand, 'RollBackVolume'>, subject: Case & Existing): Decision => {
  const { facts, meta, volume } = subject;
  const { snapshotId, backupSnapshotId } = command;
  const rescue = rescues(subject, snapshotId);
  const limit = Math.min(MAX_SNAPSHOTS, facts.pool?.capabilities?.maxSnapshots ?? MAX_SNAPSHOTS);
  const old = volume.slots.length < limit ? undefined : expired(volume, meta.issuedAt);
  const refusal = firstRefusal(
    ready(subject),
    notPassive(subject),
    notAttached(subject),
    notMapped(subject),
    notInGroup(subject),
    rescue ? undefined : firstRefusal(notBusy(subject), noUpdateUnderWay(subject), noSnapshotUnderWay(subject), snapshotIsNew(backupSnapshotId)(subject)),
    poolHealthy(facts.pool),
    backendKnown(facts.pool),
    backendCan('rollback')(facts.pool),
    ownSnapshot(snapshotId)(subject),
    notInGroupSnapshot(facts.snapshot, false),
    rescue || (old !== undefined && old.snapshotId !== snapshotId) ? undefined : roomForSnapshot(limit)(subject),
  );
  return unless(refusal, () => {
    const op = begun(meta);
    if (rescue) {
      const requested = { type: 'VolumeRollbackRequested', ...op, snapshotId, backupSnapshotId: null, purge: null } as const;
      return accept(requested, { type: 'VolumeRollbackStarted', ...op });
    }
    const requested = { type: 'VolumeRollbackRequested', ...op, snapshotId, backupSnapshotId, purge: old?.snapshotId ?? null } as const;
    return old === undefined ? accept(requested, backupSlot(op, snapshotId, backupSnapshotId)) : accept(requested);
  });
};

/** The slot of a rollback's backup snapshot: internal, kept for seven days. */
export const backupSlot = (op: ReturnType<typeof begun>, snapshotId: Slot['snapshotId'], backupSnapshotId: Slot['snapshotId']) =>
  ({
    type: 'SnapshotSlotReserved',
    ...op,
    snapshotId: backupSnapshotId,
    name: `backup-${backupSnapshotId}`,
    description: `taken before rolling back to ${snapshotId}`,
    groupSnapshotId: null,
    expiresAt: (op.at + BACKUP_RETENTION_MS) as TimestampMs,
  }) as const;
