/** What others tell an access path: hosts, client groups and volumes that show themselves, and VIP groups. To a path that does not know them, or is not there, it is out of date. */
import { hostsServe, portalsAreGiven, roomForVipGroup } from '../rules.ts';
import type { AccessPathEvent } from '../messages.ts';
import { accept, opOf, unless, type Command, type Decision, type Existing } from './common.ts';

const ifKnown = (isKnown: boolean, event: AccessPathEvent): Decision => (isKnown ? accept(event) : accept());

export const showHost = ({ hostId, shape, name, portals, off, opening }: Command<'ShowHost'>, { path, meta }: Existing): Decision =>
  ifKnown(path.hosts.some((host) => host.hostId === hostId && host.shape < shape), { type: 'TargetHostShown', ...opOf(meta), hostId, shape, name, portals, off, opening });

export const showClients = ({ mappingGroupId, shape, clients, mutual }: Command<'ShowClients'>, { path, meta }: Existing): Decision =>
  ifKnown(path.groups.some((group) => group.mappingGroupId === mappingGroupId && group.shape < shape), { type: 'ClientsShown', ...opOf(meta), mappingGroupId, shape, clients, mutual });

export const showVolume = ({ mappingId, shape, volume, sizeBytes, qos }: Command<'ShowVolume'>, { path, meta }: Existing): Decision =>
  ifKnown(path.groups.some(({ luns }) => luns.some((lun) => lun.mappingId === mappingId && lun.shape < shape)), { type: 'MappedVolumeShown', ...opOf(meta), mappingId, shape, volume, sizeBytes, qos });

export const joinVipGroup = ({ vipGroupId, hostIds }: Command<'JoinVipGroup'>, { path, meta, facts }: Existing): Decision =>
  path.vips.some((vips) => vips.vipGroupId === vipGroupId)
    ? accept()
    : unless([roomForVipGroup(path), portalsAreGiven(path, facts), hostsServe(path, hostIds)], { type: 'VipGroupJoined', vipGroupId, at: meta.issuedAt });

export const showVips = ({ vipGroupId, shape, stage, ips }: Command<'ShowVips'>, { path, meta }: Existing): Decision =>
  ifKnown(path.vips.some((vips) => vips.vipGroupId === vipGroupId && vips.shape < shape), { type: 'VipsShown', ...opOf(meta), vipGroupId, shape, stage, ips });

export const servingKnown = ({ vipGroupId, serves }: Command<'ServingKnown'>, { path, meta }: Existing): Decision =>
  ifKnown(path.vips.some((vips) => vips.vipGroupId === vipGroupId && vips.servingKnown < serves), { type: 'VipServingKnown', vipGroupId, serves, at: meta.issuedAt });

export const leaveVipGroup = ({ vipGroupId }: Command<'LeaveVipGroup'>, { path, meta }: Existing): Decision =>
  ifKnown(path.vips.some((vips) => vips.vipGroupId === vipGroupId), { type: 'VipGroupLeft', ...opOf(meta), vipGroupId });
