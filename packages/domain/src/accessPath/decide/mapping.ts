/** Mapping groups and their volumes: a set, added to and taken from by difference. */
import type { MappingGroupId, VolumeId } from '../../kernel/ids.ts';
import { refuseAccessPath } from '../errors.ts';
import type { LunWish } from '../messages.ts';
import {
  canCutOff,
  clientGroupFits,
  freeLuns,
  groupStays,
  mutualNeedsForward,
  nobodyUsesIt,
  roomForLuns,
  roomForMappingGroup,
  secretsDiffer,
  volumesAtOnce,
  volumesCanBeOpened,
  volumesExist,
  volumesSettled,
} from '../rules.ts';
import { accept, onGroup, opOf, unless, type Command, type Decision, type Existing } from './common.ts';

/** LUN numbers of a path whose backend is absent just now. */
const FEWEST_LUNS = 256;

/**
 * The volumes as LUNs: a volume that another group of the path has keeps its number, which initiators of both see. The mapping's id comes from
 * the command's, the group's and the volume's: a repeated wish is the same, and a volume that is mapped again is another mapping, which the volume
 * shows itself to anew.
 */
const wishes = ({ path, meta, facts }: Existing, mappingGroupId: MappingGroupId, volumeIds: readonly VolumeId[]) => {
  const most = facts.capabilities?.maxLuns ?? FEWEST_LUNS;
  const known = new Map(path.groups.flatMap(({ luns }) => luns.map(({ volumeId, lun }) => [volumeId, lun] as const)));
  const free = freeLuns(path, meta.issuedAt, most);
  const fresh = volumeIds.filter((id) => !known.has(id));
  const luns = volumeIds.map((volumeId): LunWish => ({ volumeId, mappingId: mappingIdOf(`${meta.commandId} ${mappingGroupId} ${volumeId}`), lun: known.get(volumeId) ?? free[fresh.indexOf(volumeId)] ?? 0 }));
  return { luns, refusal: roomForLuns(fresh.length, free, most) };
};

const HEX = 16;
const BYTE = 256;
/** FNV-1a, with 32 bits. */
const [SEED, PRIME] = [0x811c9dc5, 0x01000193];
const hashOf = (text: string, salt: number): string =>
  (Array.from(text).reduce((hash, letter) => Math.imul(hash ^ letter.charCodeAt(0) % BYTE, PRIME), SEED ^ salt) >>> 0).toString(HEX).padStart(8, '0');

/** A UUID of our own making: the same from the same words, and another one from any others. */
const mappingIdOf = (words: string): string => {
  const [a = '', b = '', c = '', d = ''] = [0, 1, 2, 3].map((salt) => hashOf(words, salt));
  return `${a}-${b.slice(0, 4)}-8${b.slice(5)}-8${c.slice(1, 4)}-${c.slice(4)}${d}`;
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
      groupStays(group),
      volumesAtOnce(volumeIds),
      leaving === undefined
        ? undefined
        : refuseAccessPath('VolumeIsBeingMapped', `volume ${leaving.volumeId} is being unmapped`, { value: leaving.volumeId, operationId: leaving.operationId }),
      volumesExist(path, added, facts),
      volumesCanBeOpened(added, facts),
      refusal,
    ];
    return added.length === 0 ? unless(rules) : unless(rules, { type: 'VolumesMappingRequested', ...opOf(meta), mappingGroupId, shared, luns });
  });

export const removeVolumes = ({ mappingGroupId, volumeIds, force }: Command<'RemoveVolumes'>, existing: Existing): Decision =>
  onGroup(existing, mappingGroupId, (group) => {
    const removed = distinct(volumeIds).filter((id) => group.luns.some(({ volumeId, stage }) => volumeId === id && stage !== 'leaving'));
    const rules = [groupStays(group), volumesAtOnce(volumeIds), volumesSettled(group, removed), canCutOff(force && removed.length > 0, existing.facts), nobodyUsesIt(group.clients, force || removed.length === 0, existing.facts)];
    return removed.length === 0 ? unless(rules) : unless(rules, { type: 'VolumesUnmappingRequested', ...opOf(existing.meta), mappingGroupId, volumeIds: removed, force });
  });

export const deleteGroup = ({ mappingGroupId, force }: Command<'DeleteMappingGroup'>, existing: Existing): Decision =>
  onGroup(existing, mappingGroupId, (group) =>
    group.stage === 'leaving'
      ? accept()
      : unless([groupStays(group), volumesSettled(group, null), canCutOff(force, existing.facts), nobodyUsesIt(group.clients, force, existing.facts)], { type: 'MappingGroupDeletionRequested', ...opOf(existing.meta), mappingGroupId, force }),
  );
