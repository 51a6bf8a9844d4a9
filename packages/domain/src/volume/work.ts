/** What a volume owes: a pure function of its state, the same after every restart. */
import { perform, tell, tellTogether, unstuck } from '../kernel/owing.ts';
import type { BlockPerform, Work } from '../kernel/work.ts';
import type { DomainCommand } from '../messages.ts';
import type { BackendAction, VolumeIdentity, VolumeRef } from '../ports/blockBackend.ts';
import type { Operation, VolumeFields, VolumeState } from './state.ts';
import { beginSnapshot, deleteSnapshot, reserveCapacity, reserveMove, reserveName, reserveNew, reserveSpace, tellSnapshots } from './tells.ts';

type VolumeWork = Work<DomainCommand>;

/** The steps of a volume's operations; a work's id is `operationId/step`. */
export type Step =
  | 'reserve'
  | 'make'
  | 'adopt'
  | 'flatten'
  | 'look'
  | 'look at settings'
  | 'reserve update'
  | 'resize'
  | 'settings'
  | 'reserve space'
  | 'reserve move'
  | 'copy'
  | 'commit'
  | 'abort'
  | 'purge'
  | 'roll back'
  | 'close snapshots'
  | 'trash'
  | 'remove'
  | 'restore'
  | 'disown';

/**
 * The volume as a backend is asked for it.
 *
 * @example
 * import { refOf } from '@blockledger/domain';
 * const fields = { placement: { backend: 'ceph', pool: 'vols' }, volumeId: 'v', serial: '5000000000000001', name: 'db-1' };
 * refOf(fields as never); // => { placement: { backend: 'ceph', pool: 'vols' }, volumeId: 'v', serial: '5000000000000001' }
 */
export const refOf = (volume: VolumeFields): VolumeRef => ({ placement: volume.placement, volumeId: volume.volumeId, serial: volume.serial });

/**
 * Who the volume is, as it is written on the backend (I-27).
 *
 * @example
 * import { identityOf } from '@blockledger/domain';
 * const fields = { volumeId: 'v', serial: '5000000000000001', name: 'db-1', tenant: 'default', generation: 'v3', hidden: false, parent: null };
 * identityOf(fields as never).name; // => 'db-1'
 */
export const identityOf = (volume: VolumeFields): VolumeIdentity => ({
  volumeId: volume.volumeId,
  serial: volume.serial,
  name: volume.name,
  tenant: volume.tenant,
  generation: volume.generation,
  hidden: volume.hidden,
  ...(volume.parent === null ? {} : { parentSnapshotId: volume.parent.snapshotId, parentVolumeId: volume.parent.volume.volumeId }),
});

const stepper = (state: VolumeState, volume: VolumeFields, operationId: Operation['operationId']) => ({
  tell: (step: Step, commands: readonly DomainCommand[]): VolumeWork => tell(state.troubles, { operationId, step }, commands),
  perform: (step: Step, action: BackendAction): BlockPerform => perform(state.troubles, { operationId, step }, volume.poolId, action),
});

const makeAction = (volume: VolumeFields): BackendAction => ({
  do: 'ensureVolume',
  volume: refOf(volume),
  identity: identityOf(volume),
  sizeBytes: volume.sizeBytes,
  qos: volume.qos,
  performancePriority: volume.performancePriority,
  parent: volume.parent === null ? null : { volume: volume.parent.volume, snapshotId: volume.parent.snapshotId },
});

const operationWork = (state: VolumeState, volume: VolumeFields, operation: Operation): VolumeWork | undefined => {
  const { tell: say, perform: act } = stepper(state, volume, operation.operationId);
  const ref = refOf(volume);
  switch (operation.kind) {
    case 'create':
      if (operation.stage === 'reserving')
        return tellTogether(state.troubles, { operationId: operation.operationId, step: 'reserve' }, reserveNew(volume, operation.flattened, !operation.recovered));
      if (operation.stage === 'flattening') return act('flatten', { do: 'ensureFlattened', volume: ref });
      return operation.backendName === null
        ? act('make', makeAction(volume))
        : act('adopt', { do: 'adopt', volume: ref, identity: identityOf(volume), backendName: operation.backendName });
    case 'resize':
      if (operation.stage === 'reserving') return undefined;
      return operation.stage === 'looking'
        ? act('look', { do: 'observe', volume: ref })
        : act('resize', { do: 'ensureSize', volume: ref, fromBytes: volume.sizeBytes, toBytes: operation.sizeBytes });
    case 'flatten':
      if (operation.stage === 'reserving') return say('reserve space', [reserveSpace(volume)]);
      return operation.stage === 'looking' ? act('look', { do: 'observe', volume: ref }) : act('flatten', { do: 'ensureFlattened', volume: ref });
    case 'rollBack':
      if (operation.stage === 'purging') {
        const leaving = operation.purge === null || volume.slots.every((slot) => slot.snapshotId !== operation.purge || slot.leaving);
        return operation.purge === null || leaving ? undefined : say('purge', [deleteSnapshot(operation.purge)]);
      }
      return operation.stage === 'backingUp'
        ? undefined
        : act('roll back', { do: 'rollBack', volume: ref, snapshotId: operation.snapshotId, backupSnapshotId: operation.backupSnapshotId });
    case 'migrate': {
      const { stage, to } = operation;
      const moves = (step: Step, action: BackendAction): VolumeWork => ({ ...act(step, action), toPoolId: to.poolId });
      // A snapshot that learnt of its slot only after the closing would stay open.
      if (stage === 'reserving') return volume.slots.some((slot) => !slot.told) ? undefined : say('reserve move', reserveMove(volume, to, operation));
      if (stage === 'copying') return moves('copy', { do: 'ensureMigrated', volume: ref, to: to.placement });
      return stage === 'committing'
        ? moves('commit', { do: 'ensureMigrationCommitted', volume: ref, to: to.placement })
        : moves('abort', { do: 'ensureMigrationAborted', volume: ref, to: to.placement });
    }
    case 'delete':
      // A snapshot that learnt of its slot only after the closing would stay open.
      if (operation.stage === 'closing' && volume.slots.some((slot) => !slot.told)) return undefined;
      if (operation.stage === 'closing') return say('close snapshots', tellSnapshots(volume, 'CloseSnapshot', operation.operationId));
      return operation.stage === 'trashing'
        ? act('trash', { do: 'ensureTrashed', volume: ref })
        : act('remove', {
            do: 'ensureVolumeGone',
            volume: ref,
            snapshots: volume.slots.map((slot) => slot.snapshotId),
            trashed: operation.trashed,
          });
    case 'undelete':
      if (operation.stage === 'looking') return act('look', { do: 'observe', volume: ref });
      return act('restore', { do: 'ensureRestored', volume: ref });
    case 'disown':
      if (operation.stage === 'looking') return act('look', { do: 'observe', volume: ref });
      return act('disown', { do: 'disown', volume: ref, snapshots: volume.slots.map((slot) => slot.snapshotId) });
  }
};

const updateWork = (state: VolumeState, volume: VolumeFields): readonly VolumeWork[] => {
  const { update, operation } = state;
  if (update === null) return [];
  const { tell: say, perform: act } = stepper(state, volume, update.operationId);
  if (update.stage === 'reserving') {
    // What an earlier update still releases, a name or space, may be just what this one reserves again.
    if (state.dues.length > 0) return [];
    const { name, sizeBytes } = update.changes;
    return [
      say('reserve update', [
        ...(name === undefined || name === volume.name ? [] : [reserveName(volume, name)]),
        ...(sizeBytes === undefined || sizeBytes <= volume.sizeBytes ? [] : [reserveCapacity(volume, sizeBytes, true)]),
      ]),
    ];
  }
  const blocked = operation !== null && (operation.kind === 'rollBack' || operation.kind === 'delete' || operation.kind === 'disown');
  if (!update.settling || blocked) return [];
  if (update.stage === 'looking') return [act('look at settings', { do: 'observe', volume: refOf(volume) })];
  const { qos, performancePriority, name } = volume;
  return [act('settings', { do: 'ensureSettings', volume: refOf(volume), qos, performancePriority, name })];
};

/** Slots whose snapshot does not know of them yet, and internal snapshots whose time is over. */
const slotWork = (state: VolumeState, volume: VolumeFields): readonly VolumeWork[] =>
  volume.slots.flatMap((slot): readonly VolumeWork[] => {
    const { operationId, snapshotId, expiresAt } = slot;
    if (!slot.told) return [tell(state.troubles, { operationId, step: `begin snapshot ${snapshotId}` }, [beginSnapshot(volume, slot)])];
    if (expiresAt === null || slot.leaving || slot.sizeBytes === null || state.lifecycle !== 'active') return [];
    const step = `expire ${snapshotId} ${expiresAt}`;
    return [tell(state.troubles, { operationId, step, notBefore: expiresAt }, [deleteSnapshot(snapshotId)])];
  });

/** Access paths that know an older shape of the volume, or none. */
const showWork = (state: VolumeState, volume: VolumeFields): readonly VolumeWork[] =>
  Object.entries(volume.mappings).flatMap(([mappingId, { accessPathId, told }]): readonly VolumeWork[] => {
    if (accessPathId === null || told >= state.shape) return [];
    const { sizeBytes, qos } = volume;
    const operationId = volume.volumeId as string as Operation['operationId'];
    const command = { type: 'ShowVolume', accessPathId, mappingId, shape: state.shape, volume: refOf(volume), sizeBytes, qos } as const;
    return [tell(state.troubles, { operationId, step: `show ${mappingId} ${state.shape}` }, [{ to: 'accessPath', command }])];
  });

/** Access paths that are asked for a connection, or told that it is to end. It is not told before it is sure to be known. */
const attachmentWork = (state: VolumeState, volume: VolumeFields): readonly VolumeWork[] =>
  Object.entries(volume.attachments).flatMap(([attachmentId, { stage, operationId, connection, shared, force }]): readonly VolumeWork[] => {
    if (connection === null) return [];
    const { connectionId, wish, clients, link } = connection;
    const { accessPathId, clientGroupId } = wish;
    const { volumeId } = volume;
    if (link === 'asking') {
      const command = { type: 'AttachVolume', accessPathId, connectionId, attachmentId, volumeId, clientGroupId, clients, shared } as const;
      return [tell(state.troubles, { operationId: connectionId, step: `connect ${attachmentId}` }, [{ to: 'accessPath', command }])];
    }
    if (stage !== 'disconnecting' || link === 'dismissed' || operationId === null) return [];
    return [tell(state.troubles, { operationId, step: `disconnect ${attachmentId}` }, [{ to: 'accessPath', command: { type: 'DetachVolume', accessPathId, connectionId, force } }])];
  });

/** A volume in the trash whose time is over deletes itself. */
const purgeWork = (state: VolumeState, volume: VolumeFields): readonly VolumeWork[] => {
  if (state.lifecycle !== 'trashed' || state.operation !== null || volume.purgeAt === null) return [];
  const { volumeId, purgeAt } = volume;
  const command = { type: 'DeleteVolume', volumeId, cascade: true, force: false, retainMs: null } as const;
  // The serial of the work is the moment: each extension of the retention is work of its own.
  const operationId = volume.volumeId as string as Operation['operationId'];
  return [tell(state.troubles, { operationId, step: `empty trash ${purgeAt}`, notBefore: purgeAt }, [{ to: 'volume', command }])];
};

const dueWork = (state: VolumeState): readonly VolumeWork[] =>
  state.dues.map(({ operationId, step, commands }) => tellTogether(state.troubles, { operationId, step }, commands));

/**
 * What a volume owes, what earlier operations owe first. Work that failed for good is left out until somebody retries.
 *
 * @example
 * import { noVolume, owedByVolume } from '@blockledger/domain';
 * owedByVolume(noVolume); // => []
 */
export const owedByVolume = (state: VolumeState): readonly Work<DomainCommand>[] => {
  const { volume, operation } = state;
  if (volume === null) return [];
  const dues = dueWork(state);
  if (state.lifecycle === 'refused' || state.lifecycle === 'deleted' || state.lifecycle === 'disowned') return unstuck(state.troubles, dues);
  // What earlier operations owe comes first: a reopening must never overtake the next closing.
  const own = operation === null || dues.length > 0 ? undefined : operationWork(state, volume, operation);
  return unstuck(state.troubles, [
    ...dues,
    ...(own === undefined ? [] : [own]),
    ...updateWork(state, volume),
    ...slotWork(state, volume),
    ...showWork(state, volume),
    ...attachmentWork(state, volume),
    ...purgeWork(state, volume),
  ]);
};
