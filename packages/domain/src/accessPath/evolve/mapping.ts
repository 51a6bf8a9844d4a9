/** Folds mapping groups and their volumes: asked for, agreed, mapped, and gone. */
import type { OperationId, VolumeId } from '../../kernel/ids.ts';
import type { Of } from '../../kernel/tagged.ts';
import { LUN_REST_MS } from '../limits.ts';
import type { AccessPathEvent, LunWish } from '../messages.ts';
import { lunsByOperation, type AccessPathFields, type AccessPathState, type MappedLun, type MappingGroup } from '../state.ts';
import { begin, bump, change, changeGroup, changeLuns, converging, end, groupOf, owe, releaseClients, releaseLun, remember, type Fold } from './common.ts';

const newLun = ({ volumeId, mappingId, lun }: LunWish, operationId: OperationId, shared: boolean): MappedLun => ({
  volumeId,
  mappingId,
  lun,
  operationId,
  stage: 'reserving',
  shared,
  force: false,
  shape: -1,
  volume: null,
  sizeBytes: 0 as MappedLun['sizeBytes'],
  qos: null,
  holders: [],
});

/**
 * Volumes that every host let go: they are released, and their numbers rest (I-19). A number that another group still has does not, and none
 * does where each volume has a target of its own: no other volume ever stands there.
 */
const dropLuns = (state: AccessPathState, group: MappingGroup, gone: readonly MappedLun[], { operationId, at }: { readonly operationId: OperationId; readonly at: number }): AccessPathState => {
  const left = changeGroup(state, group.mappingGroupId, ({ luns }) => ({ luns: luns.filter(({ mappingId }) => !gone.some((one) => one.mappingId === mappingId)) }));
  const kept = new Set((left.path?.groups ?? []).flatMap(({ luns }) => luns.map(({ lun }) => lun)));
  const until = (at + LUN_REST_MS) as AccessPathFields['createdAt'];
  const tired = state.path?.scope === 'volume' ? [] : gone.filter(({ lun }) => !kept.has(lun));
  const resting = [...(left.path?.resting ?? []).filter((one) => one.until > at), ...tired.map(({ lun }) => ({ lun, until }))];
  return owe(change(left, { resting }), ...gone.map((lun) => releaseLun(operationId, lun)));
};

const volumesOf = (group: Pick<MappingGroup, 'luns'> | undefined): readonly VolumeId[] => group?.luns.map(({ volumeId }) => volumeId) ?? [];

/**
 * A group, or volumes of one operation, that have all been reserved and shown, stand in targets from now on. Making these is work of whoever asked for the
 * volumes, whoever showed itself last: it is that task that fails with it, and is tried again (I-2).
 */
const ripen = (state: AccessPathState): AccessPathState => {
  let ripe = state;
  for (const group of state.path?.groups ?? []) {
    const isShown = ({ stage, shape }: MappedLun): boolean => stage === 'reserved' && shape >= 0;
    if (group.stage === 'reserved') {
      if (group.shape < 0 || !group.luns.every((lun) => isShown(lun))) continue;
      const active = changeGroup(ripe, group.mappingGroupId, ({ luns }) => ({ stage: 'active', luns: luns.map((lun) => ({ ...lun, stage: 'mapped' })) }));
      ripe = converging(bump(active, group.operationId, volumesOf(group)), group.operationId, volumesOf(group));
      continue;
    }
    for (const [of, luns] of lunsByOperation(group, 'reserved')) {
      if (group.stage !== 'active' || !luns.every((lun) => isShown(lun))) continue;
      const mapped = changeLuns(ripe, group.mappingGroupId, (lun) => (lun.operationId === of && lun.stage === 'reserved' ? { ...lun, stage: 'mapped' } : lun));
      ripe = converging(bump(mapped, of, volumesOf({ luns })), of, volumesOf({ luns }));
    }
  }
  return ripe;
};

const unmapping: Fold<'VolumesUnmappingRequested'> = (state, { operationId, mappingGroupId, volumeIds, force }) => {
  const leaving = changeLuns(state, mappingGroupId, (lun) => (volumeIds.includes(lun.volumeId) ? { ...lun, operationId, stage: 'leaving', force } : lun));
  // Others of the same request may have waited for one that goes.
  return ripen(converging(bump(begin(leaving, { operationId, kind: 'unmap', about: mappingGroupId }), operationId, volumeIds), operationId, volumeIds));
};

const groupDeletion: Fold<'MappingGroupDeletionRequested'> = (state, { operationId, mappingGroupId, force }) => {
  const leaving = changeGroup(state, mappingGroupId, ({ luns }) => ({ stage: 'leaving', force, luns: luns.map((lun) => ({ ...lun, stage: 'leaving', force })) }));
  const gone = volumesOf(groupOf(state, mappingGroupId));
  return converging(bump(begin(leaving, { operationId, kind: 'deleteGroup', about: mappingGroupId }), operationId, gone), operationId, gone);
};

/** The wish is undone: nothing of it ever stood in a target. */
const groupRefused: Fold<'MappingGroupRefused'> = (state, { operationId, mappingGroupId, refusal }) => {
  const group = groupOf(state, mappingGroupId);
  if (group === undefined) return remember(state, operationId, refusal);
  const without = change(state, { groups: (state.path?.groups ?? []).filter((one) => one !== group) });
  return owe(remember(without, operationId, refusal), releaseClients(operationId, group), ...group.luns.map((lun) => releaseLun(operationId, lun, refusal)));
};

const mappingRefused: Fold<'VolumesMappingRefused'> = (state, { operationId, mappingGroupId, refusal }) => {
  const undone = (groupOf(state, mappingGroupId)?.luns ?? []).filter((lun) => lun.operationId === operationId && lun.stage === 'reserving');
  const without = changeGroup(state, mappingGroupId, ({ luns }) => ({ luns: luns.filter((lun) => !undone.includes(lun)) }));
  return owe(remember(without, operationId, refusal), ...undone.map((lun) => releaseLun(operationId, lun, refusal)));
};

const unmapped: Fold<'VolumesUnmapped'> = (state, event) => {
  const group = groupOf(state, event.mappingGroupId);
  const gone = (group?.luns ?? []).filter(({ volumeId, stage }) => stage === 'leaving' && event.volumeIds.includes(volumeId));
  return end(group === undefined ? state : dropLuns(state, group, gone, event), event.operationId);
};

const groupDeleted: Fold<'MappingGroupDeleted'> = (state, event) => {
  const group = groupOf(state, event.mappingGroupId);
  if (group === undefined) return end(state, event.operationId);
  const dropped = dropLuns(state, group, group.luns, event);
  const without = change(dropped, { groups: (dropped.path?.groups ?? []).filter(({ mappingGroupId }) => mappingGroupId !== event.mappingGroupId) });
  return end(owe(without, releaseClients(event.operationId, group)), event.operationId);
};

const grouped: Fold<'MappingGroupRequested'> = (state, { operationId, mappingGroupId, clientGroupId, shared, luns }) => {
  const group: MappingGroup = {
    mappingGroupId,
    number: null,
    operationId,
    clientGroupId,
    initiators: null,
    shared,
    stage: 'joining',
    force: false,
    shape: -1,
    clients: [],
    mutual: null,
    luns: luns.map((lun) => newLun(lun, operationId, shared)),
  };
  return begin(change(state, { groups: [...(state.path?.groups ?? []), group] }), { operationId, kind: 'createGroup', about: mappingGroupId });
};

const asked: Fold<'VolumesMappingRequested'> = (state, { operationId, mappingGroupId, shared, luns }) => {
  const added = changeGroup(state, mappingGroupId, (group) => ({ shared: group.shared || shared, luns: [...group.luns, ...luns.map((lun) => newLun(lun, operationId, shared))] }));
  return begin(added, { operationId, kind: 'map', about: mappingGroupId });
};

const clientsShown: Fold<'ClientsShown'> = (state, { operationId, mappingGroupId, shape, clients, mutual }) => {
  const group = groupOf(state, mappingGroupId);
  if (group === undefined || shape <= group.shape) return state;
  const shown = changeGroup(state, mappingGroupId, () => ({ shape, clients, mutual }));
  return group.stage === 'active' ? bump(shown, operationId, volumesOf(group)) : ripen(shown);
};

const volumeShown: Fold<'MappedVolumeShown'> = (state, { operationId, mappingId, shape, volume, sizeBytes, qos }) => {
  const group = state.path?.groups.find(({ luns }) => luns.some((lun) => lun.mappingId === mappingId && lun.shape < shape));
  if (group === undefined) return state;
  const before = group.luns.find((lun) => lun.mappingId === mappingId);
  const shown = changeLuns(state, group.mappingGroupId, (lun) => (lun.mappingId === mappingId ? { ...lun, shape, volume, sizeBytes, qos } : lun));
  return before?.stage === 'mapped' ? bump(shown, operationId, [before.volumeId]) : ripen(shown);
};

type MappingEvent = Of<
  AccessPathEvent,
  | 'MappingGroupRequested'
  | 'MappingGroupReserved'
  | 'MappingGroupRefused'
  | 'VolumesMappingRequested'
  | 'VolumesMappingReserved'
  | 'VolumesMappingRefused'
  | 'VolumesUnmappingRequested'
  | 'VolumesUnmapped'
  | 'MappingGroupDeletionRequested'
  | 'MappingGroupDeleted'
  | 'ClientsShown'
  | 'MappedVolumeShown'
>;

export const evolveMapping = (state: AccessPathState, event: MappingEvent): AccessPathState => {
  switch (event.type) {
    case 'MappingGroupRequested':
      return grouped(state, event);
    case 'MappingGroupReserved': {
      const { mappingGroupId, number } = event;
      return ripen(changeGroup(state, mappingGroupId, ({ luns }) => ({ number, stage: 'reserved', luns: luns.map((lun) => ({ ...lun, stage: 'reserved' })) })));
    }
    case 'MappingGroupRefused':
      return groupRefused(state, event);
    case 'VolumesMappingRequested':
      return asked(state, event);
    case 'VolumesMappingReserved': {
      const { operationId, mappingGroupId } = event;
      return ripen(changeLuns(state, mappingGroupId, (lun) => (lun.operationId === operationId && lun.stage === 'reserving' ? { ...lun, stage: 'reserved' } : lun)));
    }
    case 'VolumesMappingRefused':
      return mappingRefused(state, event);
    case 'VolumesUnmappingRequested':
      return unmapping(state, event);
    case 'VolumesUnmapped':
      return unmapped(state, event);
    case 'MappingGroupDeletionRequested':
      return groupDeletion(state, event);
    case 'MappingGroupDeleted':
      return groupDeleted(state, event);
    case 'ClientsShown':
      return clientsShown(state, event);
    case 'MappedVolumeShown':
      return volumeShown(state, event);
  }
};
