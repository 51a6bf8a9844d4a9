/** Attachments of volumes: an initiator has a mapping group of its own, whose LUNs its attachments hold (R-28, S4-3). */
import type { MappingGroupId } from '../../kernel/ids.ts';
import type { Of } from '../../kernel/tagged.ts';
import { refuseAccessPath, type AccessPathRefusal } from '../errors.ts';
import type { AccessPathCommand, AccessPathEvent } from '../messages.ts';
import { canCutOff, codesServed, hostsOpenVolumes, mutualNeedsForward, mutualServed, pathHasTargets, roomForMappingGroup, secretsDiffer, volumesCanBeOpened, volumesExist } from '../rules.ts';
import type { AccessPathFields, MappedLun, MappingGroup } from '../state.ts';
import { accept, madeId, opOf, unless, type Decision, type Existing } from './common.ts';
import { wishes } from './mapping.ts';

type Attach = Of<AccessPathCommand, 'AttachVolume'>;

const mustWait = (why: string, { operationId }: { readonly operationId: string }): AccessPathRefusal => refuseAccessPath('AttachmentMustWait', why, { operationId });

/** Where a connection stands. */
interface Held {
  readonly group: MappingGroup;
  readonly lun: MappedLun;
}

const heldBy = ({ groups }: AccessPathFields, connectionId: string): Held | undefined =>
  groups.flatMap((group) => group.luns.map((lun) => ({ group, lun }))).find(({ lun }) => lun.holders.some((holder) => holder.connectionId === connectionId));

/** A client group that is there already may have an account of its own. */
const accountFits = ({ path, facts }: Existing): AccessPathRefusal | undefined => {
  const { clientGroup, capabilities, forward } = facts;
  if (clientGroup === null) return undefined;
  return mutualNeedsForward(path.chap, clientGroup.hasMutual) ?? secretsDiffer(forward, [clientGroup.mutual]) ?? (capabilities === null ? undefined : mutualServed(clientGroup, capabilities));
};

const attachAnew = (command: Attach, existing: Existing): Decision => {
  const { clientGroupId, clients, volumeId, shared, connectionId, attachmentId } = command;
  const { path, meta } = existing;
  const op = opOf(meta);
  const mappingGroupId = madeId(`${meta.commandId} ${clientGroupId}`) as MappingGroupId;
  const { luns, refusal } = wishes(existing, mappingGroupId, [volumeId]);
  const held = luns.map(({ mappingId }): AccessPathEvent => ({ type: 'LunHeld', mappingGroupId, connectionId, attachmentId, mappingId, at: op.at }));
  return unless(
    [roomForMappingGroup(path), accountFits(existing), refusal],
    { type: 'MappingGroupRequested', ...op, mappingGroupId, clientGroupId, shared, luns },
    { type: 'MappingGroupMadeForInitiator', mappingGroupId, clients, at: op.at },
    ...held,
  );
};

/** The initiator has the volume by another attachment, and sees it already. */
const attachToo = ({ connectionId, attachmentId }: Attach, { meta }: Existing, { group: { mappingGroupId }, lun }: Held): Decision =>
  lun.stage === 'leaving'
    ? unless([mustWait(`volume ${lun.volumeId} is being taken from the initiator`, lun)])
    : accept({ type: 'LunHeld', mappingGroupId, connectionId, attachmentId, mappingId: lun.mappingId, at: meta.issuedAt });

const attachIn = (command: Attach, existing: Existing, group: MappingGroup): Decision => {
  const { volumeId, shared, connectionId, attachmentId } = command;
  const { meta } = existing;
  const { mappingGroupId, clientGroupId, initiators, stage } = group;
  const op = opOf(meta);
  // Whoever made it by hand takes it away by hand.
  if (initiators === null) return unless([refuseAccessPath('ClientGroupIsForAttachments', `client group ${clientGroupId} has a mapping group that was made by hand`, { value: clientGroupId })]);
  if (stage === 'joining' || stage === 'reserved') return unless([mustWait(`mapping group ${mappingGroupId} is being made`, group)]);
  const lun = group.luns.find((one) => one.volumeId === volumeId);
  if (lun !== undefined) return attachToo(command, existing, { group, lun });
  const { luns, refusal } = wishes(existing, mappingGroupId, [volumeId]);
  const kept: readonly AccessPathEvent[] = stage === 'leaving' ? [{ type: 'MappingGroupKept', ...op, mappingGroupId }] : [];
  const held = luns.map(({ mappingId }): AccessPathEvent => ({ type: 'LunHeld', mappingGroupId, connectionId, attachmentId, mappingId, at: op.at }));
  return unless([refusal], ...kept, { type: 'VolumesMappingRequested', ...op, mappingGroupId, shared, luns }, ...held);
};

/** The initiator must not see it already by a mapping group that somebody made: detaching would take it, or would not. */
const notMappedByHand = ({ groups }: AccessPathFields, { volumeId, clients }: Attach): AccessPathRefusal | undefined => {
  const byHand = groups.find(({ initiators, luns, clients: codes }) => initiators === null && codes.some((code) => clients.includes(code)) && luns.some((lun) => lun.volumeId === volumeId));
  return byHand === undefined ? undefined : refuseAccessPath('VolumeIsMappedByHand', `the initiator sees volume ${volumeId} by mapping group ${byHand.mappingGroupId}`, { value: byHand.mappingGroupId });
};

export const attachVolume = (command: Attach, existing: Existing): Decision => {
  const { state, path, facts } = existing;
  const { connectionId, clientGroupId, volumeId, clients } = command;
  if (heldBy(path, connectionId) !== undefined) return accept();
  const refusal =
    pathHasTargets(path, state) ??
    (facts.capabilities === null ? undefined : codesServed({ clients }, facts.capabilities)) ??
    volumesExist(path, [volumeId], facts) ??
    volumesCanBeOpened([volumeId], facts) ??
    hostsOpenVolumes(path, [volumeId], facts) ??
    notMappedByHand(path, command);
  if (refusal !== undefined) return unless([refusal]);
  const group = path.groups.find((one) => one.clientGroupId === clientGroupId);
  return group === undefined ? attachAnew(command, existing) : attachIn(command, existing, group);
};

/** The LUN goes with its last attachment; whoever shares it with another of the same initiator lets go at once. */
export const detachVolume = ({ connectionId, force }: Of<AccessPathCommand, 'DetachVolume'>, existing: Existing): Decision => {
  const { path, meta, facts } = existing;
  const held = heldBy(path, connectionId);
  if (held === undefined) return unless([refuseAccessPath('ConnectionNotFound', `the access path has no connection ${connectionId}`, { value: connectionId })]);
  const { group, lun } = held;
  const { mappingGroupId } = group;
  const { mappingId, volumeId } = lun;
  const op = opOf(meta);
  const holder = lun.holders.find((one) => one.connectionId === connectionId);
  if (lun.holders.length > 1 && holder !== undefined && lun.stage !== 'leaving') {
    return accept({ type: 'LunLetGo', ...op, mappingGroupId, connectionId, attachmentId: holder.attachmentId, mappingId });
  }
  if (group.stage === 'joining' || group.stage === 'reserved' || lun.stage === 'reserving') return unless([mustWait(`volume ${volumeId} is just being mapped`, lun)]);
  if (lun.stage === 'leaving' && (lun.force || !force)) return accept();
  return unless([canCutOff(force, facts)], { type: 'VolumesUnmappingRequested', ...op, mappingGroupId, volumeIds: [volumeId], force });
};
