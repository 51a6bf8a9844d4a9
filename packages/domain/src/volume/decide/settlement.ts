/** How owed work ended, as events. Work that is no longer owed was settled before: nothing follows. */
import { nameOfWork } from '../../kernel/owing.ts';
import { TAKEN_OVER } from '../../kernel/portError.ts';
import type { Bytes, TimestampMs } from '../../kernel/quantities.ts';
import type { Of } from '../../kernel/tagged.ts';
import type { Work } from '../../kernel/work.ts';
import type { DomainCommand } from '../../messages.ts';
import type { BackendResult } from '../../ports/blockBackend.ts';
import { RETENTION_EXTENSION_MS } from '../limits.ts';
import type { VolumeCommand, VolumeEvent } from '../messages.ts';
import { slotOf, type VolumeFields, type VolumeState } from '../state.ts';
import { owedByVolume } from '../work.ts';
import { ended } from './attachments.ts';
import { accept, type Case, type Decision } from './common.ts';

type Owed = Work<DomainCommand>;

const owedWork = (state: VolumeState, workId: string): Owed | undefined => owedByVolume(state).find((work) => work.workId === workId);

const isDue = (state: VolumeState, work: Owed): boolean => state.dues.some((due) => due.operationId === work.operationId && due.step === work.step);

const later = (at: TimestampMs): TimestampMs => (at + RETENTION_EXTENSION_MS) as TimestampMs;

/** What an expired internal object's telling leads to, done or refused: if it is still there, it is asked again later. */
const retained = (state: VolumeState, work: Owed, at: TimestampMs): Decision | undefined => {
  const expiring = /^expire (\S+) /.exec(work.step)?.[1];
  const slot = state.volume?.slots.find(({ snapshotId }) => snapshotId === expiring);
  if (slot !== undefined) return accept({ type: 'BackupSnapshotRetained', snapshotId: slot.snapshotId, expiresAt: later(at), at });
  return work.step.startsWith('empty trash ') ? accept({ type: 'VolumeTrashRetained', purgeAt: later(at), at }) : undefined;
};

/** The size becomes the snapshot's (V-5), also where the backend does not say so. */
const sizeRolledBackTo = ({ operation, volume }: VolumeState): Bytes | null =>
  (operation?.kind === 'rollBack' && volume !== null ? slotOf(volume, operation.snapshotId)?.sizeBytes : null) ?? null;

/** A slot that its snapshot could not take is free again; a rollback that waits for it ends. */
const slotRefused = (state: VolumeState, work: Owed, refused: Pick<Of<VolumeEvent, 'VolumeRollbackRefused'>, 'operationId' | 'at' | 'refusal'>): Decision | undefined => {
  const slot = state.volume?.slots.find(({ snapshotId }) => work.step === `begin snapshot ${snapshotId}`);
  if (slot === undefined) return undefined;
  const { operation } = state;
  const waits = operation?.kind === 'rollBack' && operation.stage === 'backingUp' && operation.backupSnapshotId === slot.snapshotId;
  const denied = { type: 'SnapshotSlotRefused', ...refused, snapshotId: slot.snapshotId } as const;
  return waits ? accept(denied, { type: 'VolumeRollbackRefused', ...refused }) : accept(denied);
};

const updateEnds = (state: VolumeState, operationId: Owed['operationId'], at: TimestampMs, done: 'resizing' | 'settling'): readonly VolumeEvent[] => {
  const { update } = state;
  const rest = update === null ? false : done === 'resizing' ? update.settling : update.resizing;
  return update === null || rest || update.operationId !== operationId ? [] : [{ type: 'VolumeUpdated', operationId, at }];
};

interface Look {
  readonly work: Owed;
  readonly result: BackendResult;
  readonly at: TimestampMs;
}

/** Both mean that nothing is limited, whatever numbers stand beside. */
const settingsFound = (volume: VolumeFields, { qos, performancePriority }: BackendResult): Pick<VolumeFields, 'qos' | 'performancePriority'> => ({
  qos: qos === undefined || (!qos.enabled && !volume.qos.enabled) ? volume.qos : qos,
  performancePriority: performancePriority ?? volume.performancePriority,
});

const unmarked = { _tag: 'Mismatch', code: 'UnmarkedVolume', message: 'what stands there under the name of the volume has lost its identity' } as const;

/** What was given up is concluded from what stands on the backend, not guessed. */
const looked = (state: VolumeState, { work: { operationId, workId, step }, result, at }: Look): Decision => {
  const { volume, operation } = state;
  const op = { operationId, at };
  const isOurs = result.owned !== false;
  if (volume === null) return accept();
  if (step === 'look' && operation?.kind === 'disown') {
    return accept(result.exists === false || !isOurs ? { type: 'VolumeDisowned', ...op } : { type: 'VolumeDisownCancelled', ...op });
  }
  if (!isOurs) return accept({ type: 'WorkFailed', ...op, work: nameOfWork(workId), error: unmarked });
  if (step === 'look at settings') return accept({ type: 'VolumeSettingsFound', ...op, ...settingsFound(volume, result) });
  switch (operation?.kind) {
    case 'flatten':
      return accept(result.hasParent === false ? { type: 'VolumeFlattened', ...op } : { type: 'VolumeFlattenCancelled', ...op });
    case 'undelete':
      return accept(result.trashed === false ? { type: 'VolumeRestored', ...op } : { type: 'VolumeUndeleteCancelled', ...op });
    default:
      return accept({ type: 'VolumeResized', ...op, sizeBytes: result.sizeBytes ?? volume.sizeBytes }, ...updateEnds(state, operationId, at, 'resizing'));
  }
};

/** The attachment whose access path was told that it begins or ends. */
const attachmentOf = ({ attachments }: VolumeFields, { step, operationId }: Owed): { readonly id: string; readonly isNew: boolean } | undefined => {
  const [word, id = ''] = step.split(' ');
  const connection = Object.hasOwn(attachments, id) ? attachments[id]?.connection : undefined;
  if (word === 'connect' && connection?.connectionId === operationId) return { id, isNew: true };
  return word === 'disconnect' && attachments[id]?.operationId === operationId ? { id, isNew: false } : undefined;
};

/** An access path that would not begin has not begun; one that knows nothing of it, or is not there, has ended. */
const attachmentRefused = ({ state, meta, facts }: Case, work: Owed, refusal: Of<VolumeCommand, 'RefuseWork'>['refusal']): Decision | undefined => {
  const { volume } = state;
  const attachment = volume === null ? undefined : attachmentOf(volume, work);
  if (volume === null || attachment === undefined) return undefined;
  const isOver = attachment.isNew || refusal._tag === 'ConnectionNotFound' || refusal._tag === 'AccessPathNotFound';
  return isOver ? accept(...ended(attachment.id, refusal, { state, meta, facts, volume })) : undefined;
};

/** The mapping whose access path was shown the volume. */
const shownTo = (volume: VolumeFields, step: string): string | undefined => Object.keys(volume.mappings).find((mappingId) => step.startsWith(`show ${mappingId} `));

export const confirm = ({ workId, result, number }: Of<VolumeCommand, 'ConfirmWork'>, { state, meta }: Case): Decision => {
  const { volume, operation } = state;
  const work = owedWork(state, workId);
  if (work === undefined || volume === null) return accept();
  const at = meta.issuedAt;
  const { operationId, step } = work;
  const op = { operationId, at };
  const sizeBytes: Bytes = result.sizeBytes ?? volume.sizeBytes;
  if (isDue(state, work)) return accept({ type: 'DueSettled', ...op, due: step });
  const shown = shownTo(volume, step);
  if (shown !== undefined) return accept({ type: 'MappedVolumeTold', mappingId: shown, shape: state.shape, at });
  switch (step) {
    case 'reserve':
      return accept({ type: 'VolumeReserved', ...op, number: number ?? 0 });
    case 'make':
    case 'adopt':
      return operation?.kind === 'create' && operation.flattened
        ? accept({ type: 'VolumeMade', ...op, result })
        : accept({ type: 'VolumeMade', ...op, result }, { type: 'VolumeCreated', ...op, sizeBytes });
    case 'flatten':
      return operation?.kind === 'create'
        ? accept({ type: 'VolumeFlattened', ...op }, { type: 'VolumeCreated', ...op, sizeBytes })
        : accept({ type: 'VolumeFlattened', ...op });
    case 'look':
    case 'look at settings':
      return looked(state, { work, result, at });
    case 'reserve update':
      return confirmUpdate(state, op);
    case 'resize':
      return accept({ type: 'VolumeResized', ...op, sizeBytes }, ...updateEnds(state, operationId, at, 'resizing'));
    case 'settings':
      return accept({ type: 'VolumeSettingsApplied', ...op }, ...updateEnds(state, operationId, at, 'settling'));
    case 'reserve space':
      return accept({ type: 'VolumeFlattenReserved', ...op });
    case 'reserve move':
      return operation?.kind === 'migrate' && operation.relabels
        ? accept({ type: 'VolumeMigrationReserved', ...op }, { type: 'VolumeMigrated', ...op })
        : accept({ type: 'VolumeMigrationReserved', ...op });
    case 'copy':
      return accept({ type: 'VolumeMigrationCopied', ...op });
    case 'commit':
      return accept({ type: 'VolumeMigrated', ...op });
    case 'abort':
      return accept({ type: 'VolumeMigrationCancelled', ...op });
    case 'roll back':
      return accept({ type: 'VolumeRolledBack', ...op, sizeBytes: result.sizeBytes ?? sizeRolledBackTo(state) ?? volume.sizeBytes });
    case 'purge':
      return operation?.kind === 'rollBack' && operation.purge !== null ? accept({ type: 'SnapshotDeletionAgreed', snapshotId: operation.purge, at }) : accept();
    case 'close snapshots':
      return accept({ type: 'VolumeSnapshotsClosed', ...op });
    case 'trash':
      return accept({ type: 'VolumeTrashed', ...op, purgeAt: (at + (operation?.kind === 'delete' ? (operation.retainMs ?? 0) : 0)) as TimestampMs });
    case 'remove':
      return accept({ type: 'VolumeDeleted', ...op });
    case 'restore':
      return accept({ type: 'VolumeRestored', ...op });
    case 'disown':
      return accept({ type: 'VolumeDisowned', ...op });
    default: {
      const attachment = attachmentOf(volume, work);
      if (attachment !== undefined) return accept({ type: attachment.isNew ? 'AttachmentAdmitted' : 'AttachmentDismissed', ...op, attachmentId: attachment.id });
      const slot = volume.slots.find(({ snapshotId }) => step === `begin snapshot ${snapshotId}`);
      if (slot !== undefined) return accept({ type: 'SnapshotSlotTold', ...op, snapshotId: slot.snapshotId });
      return retained(state, work, at) ?? accept();
    }
  }
};

const confirmUpdate = (state: VolumeState, op: { operationId: Owed['operationId']; at: TimestampMs }): Decision => {
  const { update } = state;
  const reserved = { type: 'VolumeUpdateReserved', ...op } as const;
  return update?.resizing === true || update?.settling === true ? accept(reserved) : accept(reserved, { type: 'VolumeUpdated', ...op });
};

export const refuse = ({ workId, refusal }: Of<VolumeCommand, 'RefuseWork'>, subject: Case): Decision => {
  const { state, meta } = subject;
  const work = owedWork(state, workId);
  if (work === undefined) return accept();
  const at = meta.issuedAt;
  const { operationId, step } = work;
  const refused = { operationId, at, refusal };
  if (isDue(state, work)) return accept({ type: 'DueSettled', operationId, at, due: step });
  switch (step) {
    case 'reserve':
      return accept({ type: 'VolumeRefused', ...refused });
    case 'reserve update':
      return accept({ type: 'VolumeUpdateRefused', ...refused });
    case 'reserve space':
      return accept({ type: 'VolumeFlattenRefused', ...refused });
    case 'reserve move':
      return accept({ type: 'VolumeMigrationRefused', ...refused });
    case 'purge':
      return accept({ type: 'VolumeRollbackRefused', ...refused });
    case 'close snapshots':
      return accept({ type: 'VolumeDeletionRefused', ...refused });
    default:
      return attachmentRefused(subject, work, refusal) ?? slotRefused(state, work, refused) ?? retained(state, work, at) ?? accept({ type: 'WorkFailed', operationId, work: nameOfWork(workId), at, error: { _tag: 'Permanent', code: refusal._tag, message: refusal.message } });
  }
};

export const fail = ({ workId, error }: Of<VolumeCommand, 'FailWork'>, { state, meta }: Case): Decision => {
  const work = owedWork(state, workId);
  return work === undefined ? accept() : accept({ type: 'WorkFailed', operationId: work.operationId, work: nameOfWork(workId), error, at: meta.issuedAt });
};

/** Only the first failure is an event; the attempts in between are not. That another process takes it over always is one: what it had under way fits no more. */
export const delay = ({ workId, error }: Of<VolumeCommand, 'DelayWork'>, { state, meta }: Case): Decision => {
  const work = owedWork(state, workId);
  if (work === undefined || (state.troubles[nameOfWork(workId)]?.open === true && error.code !== TAKEN_OVER)) return accept();
  return accept({ type: 'WorkDelayed', operationId: work.operationId, work: nameOfWork(workId), error, at: meta.issuedAt });
};
