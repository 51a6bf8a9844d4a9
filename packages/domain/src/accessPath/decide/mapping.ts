/** Mapping groups and their volumes: a set, added to and taken from by difference. */
import type { MappingGroupId, VolumeId } from '../../kernel/ids.ts';
import { refuseAccessPath } from '../errors.ts';
import type { LunWish } from '../messages.ts';
import {
  canCutOff,
  clientGroupFits,
  freeLuns,
  groupStays,
  hostsOpenVolumes,
  isVouchedFor,
  madeByHand,
  mutualNeedsForward,
  nobodyUsesIt,
  roomForLuns,
  roomForMappingGroup,
  roomForVolumes,
  secretsDiffer,
  volumesAtOnce,
  volumesCanBeOpened,
  volumesExist,
  volumesSettled,
} from '../rules.ts';
import { accept, madeId, onGroup, opOf, unless, type Command, type Decision, type Existing } from './common.ts';

/** LUN numbers of a path whose backend is absent just now. */
const FEWEST_LUNS = 256;

/**
 * The volumes as LUNs: a volume that another group of the path has keeps its number, which initiators of both see. The mapping's id comes from
 * the command's, the group's and the volume's: a repeated wish is the same, and a volume that is mapped again is another mapping, which the volume
 * shows itself to anew.
 */
export const wishes = ({ path, meta, facts }: Existing, mappingGroupId: MappingGroupId, volumeIds: readonly VolumeId[]) => {
  const idOf = (volumeId: VolumeId): string => madeId(`${meta.commandId} ${mappingGroupId} ${volumeId}`);
  const most = facts.capabilities?.maxLuns ?? FEWEST_LUNS;
  const known = new Map(path.groups.flatMap(({ luns }) => luns.map(({ volumeId, lun }) => [volumeId, lun] as const)));
  if (path.scope === 'volume') {
    // Each volume stands alone on its target, which no other volume ever has: there is nothing that a number could be mistaken for (I-19).
    const luns = volumeIds.map((volumeId): LunWish => ({ volumeId, mappingId: idOf(volumeId), lun: 0 }));
    return { luns, refusal: roomForVolumes(new Set([...known.keys(), ...volumeIds]).size, most) };
  }
  const free = freeLuns(path, meta.issuedAt, most);
  const fresh = volumeIds.filter((id) => !known.has(id));
  const luns = volumeIds.map((volumeId): LunWish => ({ volumeId, mappingId: idOf(volumeId), lun: known.get(volumeId) ?? free[fresh.indexOf(volumeId)] ?? 0 }));
  return { luns, refusal: roomForLuns(fresh.length, free, most) };
};

const distinct = (ids: readonly VolumeId[]): readonly VolumeId[] => [...new Set(ids)];

export const createGroup = (command: Command<'CreateMappingGroup'>, existing: Existing): Decision => {
  const { path, meta, facts } = existing;
  const { mappingGroupId, clientGroupId, shared } = command;
  const volumeIds = distinct(command.volumeIds);
  const { luns, refusal } = wishes(existing, mappingGroupId, volumeIds);
  return unless(
    [
      path.groups.some((group) => group.mappingGroupId === mappingGroupId)
        ? refuseAccessPath('MappingGroupAlreadyExists', `mapping group ${mappingGroupId} exists`, { value: mappingGroupId })
        : undefined,
      roomForMappingGroup(path),
      clientGroupFits(path, clientGroupId, facts),
      mutualNeedsForward(path.chap, facts.clientGroup?.hasMutual === true),
      secretsDiffer(facts.forward, [facts.clientGroup?.mutual ?? null]),
      volumesAtOnce(volumeIds),
      volumesExist(path, volumeIds, facts),
      volumesCanBeOpened(volumeIds, facts),
      hostsOpenVolumes(path, volumeIds, facts),
      refusal,
    ],
    { type: 'MappingGroupRequested', ...opOf(meta), mappingGroupId, clientGroupId, shared, luns },
  );
};

export const addVolumes = ({ mappingGroupId, volumeIds, shared }: Command<'AddVolumes'>, existing: Existing): Decision =>
  onGroup(existing, mappingGroupId, (group) => {
    const { path, meta, facts } = existing;
    const added = distinct(volumeIds).filter((id) => !group.luns.some(({ volumeId, stage }) => volumeId === id && stage !== 'leaving'));
    const leaving = group.luns.find(({ volumeId, stage }) => stage === 'leaving' && added.includes(volumeId));
    const { luns, refusal } = wishes(existing, mappingGroupId, added);
    const rules = [
      madeByHand(group),
      groupStays(group),
      volumesAtOnce(volumeIds),
      leaving === undefined
        ? undefined
        : refuseAccessPath('VolumeIsBeingMapped', `volume ${leaving.volumeId} is being unmapped`, { value: leaving.volumeId, operationId: leaving.operationId }),
      volumesExist(path, added, facts),
      volumesCanBeOpened(added, facts),
      hostsOpenVolumes(path, added, facts),
      refusal,
    ];
    return added.length === 0 ? unless(rules) : unless(rules, { type: 'VolumesMappingRequested', ...opOf(meta), mappingGroupId, shared, luns });
  });

export const removeVolumes = ({ mappingGroupId, volumeIds, force, loggedOut }: Command<'RemoveVolumes'>, existing: Existing): Decision =>
  onGroup(existing, mappingGroupId, (group) => {
    const removed = distinct(volumeIds).filter((id) => group.luns.some(({ volumeId, stage }) => volumeId === id && stage !== 'leaving'));
    const rules = [madeByHand(group), groupStays(group), volumesAtOnce(volumeIds), volumesSettled(group, removed), canCutOff(force && removed.length > 0, existing.facts), nobodyUsesIt(group.clients, force || removed.length === 0 || isVouchedFor(loggedOut, existing.facts), existing.facts)];
    return removed.length === 0 ? unless(rules) : unless(rules, { type: 'VolumesUnmappingRequested', ...opOf(existing.meta), mappingGroupId, volumeIds: removed, force });
  });

export const deleteGroup = ({ mappingGroupId, force, loggedOut }: Command<'DeleteMappingGroup'>, existing: Existing): Decision =>
  onGroup(existing, mappingGroupId, (group) =>
    group.stage === 'leaving'
      ? accept()
      : unless([madeByHand(group), groupStays(group), volumesSettled(group, null), canCutOff(force, existing.facts), nobodyUsesIt(group.clients, force || isVouchedFor(loggedOut, existing.facts), existing.facts)], { type: 'MappingGroupDeletionRequested', ...opOf(existing.meta), mappingGroupId, force }),
  );
