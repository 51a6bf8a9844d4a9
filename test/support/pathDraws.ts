/** What random walks over hosts, client groups, access paths and VIP groups ask for: commands that three numbers draw, read against the live state. */
import type {
  AccessPathCommand,
  AccessPathId,
  AccessPathState,
  ClientGroupCommand,
  ClientGroupState,
  DomainCommand,
  HostCommand,
  HostState,
  MappingGroupId,
  VipGroupCommand,
  VipGroupId,
  VipGroupState,
  VipId,
  VipWish,
  VolumeCommand,
  VolumeFields,
  VolumeId,
} from '@blockledger/domain';
import { operation, uuid } from './decider.ts';
import { stuckOf } from './domainWalk.ts';
import type { PathHosts } from './pathHosts.ts';
import { accountOf, addressIdOf, addressOf, hostIdOf } from './pathWorld.ts';
import { bytes, connectorOf, volumeIdOf } from './samples.ts';

export const GIB = 2 ** 30;
export const pathIdOf = (n: number): AccessPathId => uuid('9', n) as AccessPathId;
export const groupIdOf = (n: number): MappingGroupId => uuid('8', n) as MappingGroupId;
export const clientsIdOf = (n: number) => uuid('7', n) as ClientGroupCommand['clientGroupId'];
/** The client group that the n-th initiator has by its attachments. */
export const ownGroupOf = (n: number) => uuid('d', n) as ClientGroupCommand['clientGroupId'];
export const vipGroupIdOf = (n: number): VipGroupId => uuid('6', n) as VipGroupId;
/** Many of these want the same virtual router id first. */
export const vipIdOf = (n: number): VipId => uuid('5', n * 255 + (n % 2)) as VipId;

/** Hosts of three kinds of backend; one has a name that words of steps have, too. */
export const HOSTS = [1, 2, 3, 4, 5, 6] as const;
export const nameOf = (n: number): string => (n === 3 ? 'converge' : `gw${n}`);
const backendOf = (n: number): string => (n < 4 ? 'xdc' : n < 6 ? 'tgt' : 'qsan');
export const VOLUMES = [1, 2, 3, 4, 5, 6].map(volumeIdOf);
/** These are the array's; a path of gateways is asked for them, too, and refuses. */
export const isOnArray = (at: number): boolean => at > 3;

export const register = (n: number): DomainCommand => ({
  to: 'host',
  command: { type: 'RegisterHost', hostId: hostIdOf(n), name: nameOf(n), targets: backendOf(n), vips: n === 5 ? null : 'keepalived', addresses: [addressOf(n), addressOf(16 + n, { ip: `10.252.2.${n}`, segment: n === 2 ? 'lan-2' : 'lan', role: n === 3 ? 'admin' : 'gateway' })] },
});
export const clientsOf = (n: number): readonly string[] => (n === 3 ? ['10.0.0.7'] : [`iqn.1994-05.com.redhat:client${n}`]);

/** How many of each were made: their ids are numbered. */
export interface Made {
  paths: number;
  groups: number;
  clients: number;
  vipGroups: number;
  vips: number;
}

/** What commands are read against, at the moment when they are drawn. */
export interface Drawn {
  readonly made: Made;
  readonly hosts: PathHosts;
  readonly hostState: (n: number) => HostState;
  /** Neither refused nor deleted. */
  readonly livePaths: () => readonly AccessPathState[];
  readonly liveVips: () => readonly VipGroupState[];
  /** The client group that the n-th initiator has by its attachments, where it was ever made. */
  readonly ownGroup: (n: number) => ClientGroupState | undefined;
  readonly attachmentsOf: (volumeId: VolumeId) => VolumeFields['attachments'];
}

/** A command by its three numbers. */
type Draw<C> = (a: number, b: number, c: number) => C;

/** One draw for each kind of command. */
export interface PathDraws {
  readonly host: Draw<HostCommand>;
  readonly clients: Draw<ClientGroupCommand>;
  readonly path: Draw<AccessPathCommand>;
  readonly vips: Draw<VipGroupCommand>;
  readonly volume: Draw<DomainCommand>;
  readonly attachments: Draw<VolumeCommand>;
}

const pick = <T>(list: readonly T[], choice: number): T | undefined => list[choice % Math.max(1, list.length)];
const hostsOf = (a: number, b: number): readonly ReturnType<typeof hostIdOf>[] => {
  const kind = a % 8;
  if (kind < 4) return [1, 2, 3].slice(a % 2, 2 + (b % 2)).map(hostIdOf);
  if (kind < 6) return [4, 5].slice(b % 2).map(hostIdOf);
  if (b % 9 === 0) return Array.from({ length: 17 }, (_, at) => hostIdOf(at + 1));
  if (b % 9 === 1) return [];
  if (b % 9 === 2) return [1, 4].map(hostIdOf);
  if (b % 9 === 3) return [1, 1].map(hostIdOf);
  if (b % 9 === 4) return [hostIdOf(99)];
  if (b % 9 === 5) return [hostIdOf(7)];
  return [hostIdOf(6)];
};
/** Most often those that the path's hosts open. */
const volumesOf = (isArray: boolean, a: number, b: number): readonly VolumeId[] => (b % 40 === 39 ? Array.from({ length: 257 }, (_, at) => volumeIdOf(at + 1)) : b % 40 === 38 ? [volumeIdOf(4095)] : VOLUMES.filter((_, at) => ((a >> at) & 1) === 1 && (b % 5 === 4 || isOnArray(at) === isArray)));
const account = (c: number) => (c % 4 === 0 ? null : c % 16 === 1 ? accountOf(8) : c % 4 === 1 ? accountOf(7, '3edc2wsx1qaz', 'b') : accountOf(7, '1qaz2wsx3edc', 'a'));
const operationOf = (state: { readonly troubles: AccessPathState['troubles']; readonly latest: unknown } | undefined, choice: number) => (choice % 5 === 4 || state === undefined ? operation(1) : (stuckOf(state.troubles)[0] ?? operation(1)));

export const pathDraws = ({ made, hosts, hostState, livePaths, liveVips, ownGroup, attachmentsOf }: Drawn): PathDraws => {
  const pathOf = (choice: number): AccessPathId => (choice % 29 === 28 ? pathIdOf(4095) : (pick(livePaths(), choice)?.path?.accessPathId ?? pathIdOf(1)));

  const hostCommand: Draw<HostCommand> = (a, b, c) => {
    const hostId = hostIdOf(b % 31 === 30 ? 99 : HOSTS[b % 6]!);
    const fresh = addressOf(32 + (c % 3), c % 5 === 4 ? { ip: '10.252.1.255' } : c % 5 === 3 ? { role: 'admin', ip: `10.252.1.${1 + (a % 3)}` } : { ip: `10.252.3.${1 + (c % 2)}` });
    const n = HOSTS[b % 6]!;
    const all = (register(n) as Extract<DomainCommand, { to: 'host' }>).command as Extract<HostCommand, { type: 'RegisterHost' }>;
    const bad: Partial<typeof all> = [{}, {}, {}, { name: 'a/b' }, { targets: null, vips: null }, { targets: 'nowhere' }, { name: 'stray' }, { addresses: [addressOf(1), addressOf(1)] }, { addresses: Array.from({ length: 65 }, (_, at) => addressOf(at + 1)) }, { hostId: hostIdOf(50 + (c % 3)), name: `spare${c}`, targets: null, addresses: [addressOf(60)] }, { hostId: hostIdOf(7), addresses: [] }][c % 11]!;
    const reason = c % 7 === 6 ? 'x'.repeat(300) : 'disks';
    const address = pick(hostState(n).host?.addresses ?? [], c)?.address.networkAddressId ?? addressIdOf(99);
    const commands: readonly HostCommand[] = [
      { ...all, ...bad },
      { ...all, hostId: hostIdOf(50 + (c % 3)), ...bad },
      { type: 'AddNetworkAddress', hostId, address: fresh },
      { type: 'RemoveNetworkAddress', hostId, networkAddressId: c % 9 === 8 ? addressIdOf(99) : address },
      { type: 'PauseHost', hostId, reason },
      { type: 'ResumeHost', hostId },
      { type: 'DeclareHostOff', hostId, reason },
      { type: 'DeclareHostBack', hostId },
      { type: 'DeclareHostBack', hostId },
      { type: 'RetireHost', hostId: c % 3 === 0 ? hostIdOf(6) : hostId },
    ];
    return commands[a % commands.length]!;
  };

  const clientsCommand: Draw<ClientGroupCommand> = (a, b, c) => {
    const clientGroupId = b % 17 === 16 && ownGroup(1 + (a % 3)) !== undefined ? ownGroupOf(1 + (a % 3)) : clientsIdOf(b % 23 === 22 ? 4095 : 1 + (b % made.clients));
    const kinds = [clientsOf(1 + (c % 3)), ['iqn.1994-05.com.redhat:more', ...clientsOf(1 + (c % 3))], ['db'], [], ['10.0.0.7', '10.0.0.7'], Array.from({ length: 257 }, (_, at) => `10.1.${at >> 8}.${at & 255}`)];
    const clients = c % 2 === 0 ? kinds[(c >> 1) % 2]! : kinds[(c >> 1) % 6]!;
    const fc = c % 13 === 12;
    const all = { description: c % 17 === 16 ? 'x'.repeat(2000) : '', clients: fc ? ['50:01:43:80:12:34:56:78'] : clients, mutual: account(a >> 3) };
    const fresh = clientsIdOf(c % 19 === 18 ? 1 : made.clients + 1);
    const commands: readonly ClientGroupCommand[] = [
      { type: 'CreateClientGroup', clientGroupId: fresh, name: c % 11 === 10 ? 'a/b' : `c${b % 5}`, accessType: fc ? 'fc' : c % 13 === 11 ? 'local' : 'iscsi', ...all },
      { type: 'UpdateClientGroup', clientGroupId, changes: [{ clients }, { mutual: account(a >> 3) }, { name: `c${c % 5}` }, { name: `c${a % 5}`, clients }, { description: all.description }][c % 5]! },
      { type: 'UpdateClientGroup', clientGroupId, changes: [{ mutual: account(a >> 3) }, { name: `c${a % 5}` }][c % 2]! },
      { type: 'DeleteClientGroup', clientGroupId },
    ];
    const command = commands[a % commands.length]!;
    if (command.type === 'CreateClientGroup') made.clients = Math.max(made.clients, Number.parseInt(fresh.slice(-12), 16));
    return command;
  };

  const pathCommand: Draw<AccessPathCommand> = (a, b, c) => {
    const accessPathId = pathOf(b);
    const { path, rename } = livePaths().find((state) => state.path?.accessPathId === accessPathId) ?? { path: null, rename: null };
    const mappingGroupId = c % 29 === 28 ? groupIdOf(4095) : (pick(path?.groups ?? [], c)?.mappingGroupId ?? groupIdOf(4095));
    const hostId = pick(path?.hosts ?? [], c)?.hostId ?? hostIdOf(1);
    const [shared, force] = [c % 3 !== 0, b % 3 === 0];
    const isArray = path?.scope === 'volume';
    const state = livePaths().find((one) => one.path === path);
    const commands: readonly AccessPathCommand[] = [
      { type: 'CreateAccessPath', accessPathId: c % 17 === 16 && path !== null ? accessPathId : pathIdOf(made.paths + 1), name: c % 13 === 12 ? 'a/b' : `p${a % 5}`, description: c % 19 === 18 ? 'x'.repeat(2000) : '', accessType: c % 11 === 10 ? 'fc' : 'iscsi', iqnPrefix: c % 7 === 6 ? 'IQN' : 'iqn.2019-01.com.xsky:c', chap: account(c), hostIds: hostsOf(b, c) },
      { type: 'UpdateAccessPath', accessPathId, changes: [{ chap: account(a) }, { name: `p${a % 5}` }, { name: `p${a % 5}`, chap: account(a >> 2) }, { description: 'd' }, {}, { chap: account(a >> 3) }][c % 6]! },
      { type: 'UpdateAccessPath', accessPathId, changes: rename === null ? { name: `p${a % 5}` } : { chap: account(a) } },
      { type: 'DeleteAccessPath', accessPathId },
      { type: 'AddTarget', accessPathId, hostId: hostIdOf(c % 13 === 12 ? 99 : c % 13 === 11 ? 7 : HOSTS[a % 6]!) },
      { type: 'RemoveTarget', accessPathId, hostId: c % 13 === 12 ? hostIdOf(99) : hostId, force },
      { type: 'CreateMappingGroup', accessPathId, mappingGroupId: c % 17 === 16 ? mappingGroupId : groupIdOf(made.groups + 1), clientGroupId: clientsIdOf(c % 23 === 22 ? 4095 : 1 + (c % made.clients)), volumeIds: volumesOf(isArray, a, b), shared },
      { type: 'CreateMappingGroup', accessPathId, mappingGroupId: groupIdOf(made.groups + 1), clientGroupId: c % 11 === 10 ? ownGroupOf(1 + (a % 3)) : clientsIdOf(1 + (c % 3)), volumeIds: volumesOf(isArray, a, b), shared },
      { type: 'AddVolumes', accessPathId, mappingGroupId, volumeIds: volumesOf(isArray, a, b), shared },
      { type: 'AddVolumes', accessPathId, mappingGroupId, volumeIds: volumesOf(isArray, a, c), shared },
      { type: 'RemoveVolumes', accessPathId, mappingGroupId, volumeIds: volumesOf(isArray, a, b), force, loggedOut: c % 2 === 0 },
      { type: 'RemoveVolumes', accessPathId, mappingGroupId, volumeIds: volumesOf(isArray, a, c), force, loggedOut: c % 2 === 0 },
      { type: 'DeleteMappingGroup', accessPathId, mappingGroupId, force, loggedOut: c % 2 === 0 },
      c % 13 === 12 ? { type: 'DetachVolume', accessPathId, connectionId: operation(1), force } : { type: 'RedeployAccessPath', accessPathId },
      { type: 'RetryOperation', accessPathId, operationId: operationOf(state, c) },
      { type: 'RetryOperation', accessPathId, operationId: operationOf(state, c) },
    ];
    const command = commands[(a >> 4) % commands.length]!;
    if (command.type === 'CreateAccessPath') made.paths = Math.max(made.paths, Number.parseInt(command.accessPathId.slice(-12), 16) % 4095);
    if (command.type === 'CreateMappingGroup') made.groups += 1;
    return command;
  };

  const vipWish = (a: number, c: number): VipWish => {
    made.vips += 1;
    const ip = c % 9 === 8 ? '10.252.9.1' : c % 9 === 7 ? `10.252.1.${1 + (a % 3)}` : `10.252.${a % 4 === 3 ? 2 : 1}.${129 + (c % 20)}`;
    return { vipId: vipIdOf(made.vips), ip, mask: c % 17 === 16 ? 16 : 32, networkAddressId: addressIdOf(c % 15 === 14 ? 99 : (a % 4 === 3 ? 16 : 0) + 1 + (a % 3)) };
  };

  const vipCommand: Draw<VipGroupCommand> = (a, b, c) => {
    const found = pick(liveVips(), b);
    const vipGroupId = b % 29 === 28 ? vipGroupIdOf(4095) : (found?.group?.vipGroupId ?? vipGroupIdOf(4095));
    const address = found?.group?.members[c % (found.group.members.length || 1)]?.networkAddressId ?? addressIdOf(1);
    const vip = pick(found?.group?.vips ?? [], c);
    const [wish, other] = [vipWish(a, c), vipWish(a, c + 3)];
    const network = c % 23 === 22 ? '10.252.1.7/24' : c % 23 === 21 ? '10.99.0.0/24' : wish.ip.startsWith('10.252.2') ? '10.252.2.0/24' : '10.252.0.0/16';
    const members = found?.group?.members ?? [];
    const seen = found?.group !== undefined && found.group !== null && c % 2 === 0 ? hosts.seen(found.group) : members.map(({ networkAddressId }, at) => ({ vipId: vip?.vipId ?? vipIdOf(1), networkAddressId, state: 'master' as const, holds: (b >> at) % 2 === 0 }));
    const heard = c % 5 === 4 ? null : c % 3 === 0 ? [{ source: '10.252.1.68', vrid: (vip?.vrid ?? 1) as never, priority: 101 as never }] : [];
    const vips = c % 21 === 20 ? [] : c % 21 === 19 ? Array.from({ length: 17 }, (_, at) => vipWish(a, at)) : c % 21 === 18 ? [wish, wish] : c % 2 === 0 ? [wish] : [wish, other];
    const commands: readonly VipGroupCommand[] = [
      { type: 'CreateVipGroup', vipGroupId: c % 17 === 16 ? (found?.group?.vipGroupId ?? vipGroupIdOf(made.vipGroups + 1)) : vipGroupIdOf(made.vipGroups + 1), accessPathId: pathOf(c), network, preempt: b % 2 === 0, vips, force: a % 3 === 0 },
      { type: 'CreateVipGroup', vipGroupId: vipGroupIdOf(made.vipGroups + 1), accessPathId: b % 3 === 0 ? pathOf(c) : pathIdOf(1), network, preempt: b % 2 === 0, vips, force: a % 3 === 0 },
      { type: 'UpdateVipGroup', vipGroupId, preempt: c % 2 === 0 },
      { type: 'AddVip', vipGroupId, vip: c % 25 === 24 ? { ...wish, ip: vip?.ip ?? wish.ip } : wish },
      { type: 'RemoveVip', vipGroupId, vipId: c % 13 === 12 ? vipIdOf(0) : (vip?.vipId ?? vipIdOf(0)) },
      { type: 'AddVipMember', vipGroupId, networkAddressId: c % 2 === 0 ? address : addressIdOf((c % 3 === 0 ? 16 : 0) + 1 + (b % 6)) },
      { type: 'RemoveVipMember', vipGroupId, networkAddressId: c % 13 === 12 ? addressIdOf(99) : address },
      { type: 'DeleteVipGroup', vipGroupId, force: b % 2 === 0 },
      { type: 'RedeployVipGroup', vipGroupId },
      { type: 'RetryOperation', vipGroupId, operationId: operationOf(found, c) },
      { type: 'ReportVips', vipGroupId, seen, heard },
      { type: 'PortalsStand', vipGroupId, shape: c % 4 },
    ];
    const command = commands[(a >> 2) % (commands.length - 1)]!;
    if (command.type === 'CreateVipGroup') made.vipGroups += command.vipGroupId === vipGroupIdOf(made.vipGroups + 1) ? 1 : 0;
    return command;
  };

  const volumeCommand: Draw<DomainCommand> = (a, b, c) => {
    const volumeId = VOLUMES[b % VOLUMES.length]!;
    const sizeBytes = bytes((1 + (c % 4)) * GIB);
    const commands = [{ type: 'UpdateVolume', volumeId, changes: { sizeBytes } }, { type: 'DemoteVolume', volumeId }, { type: 'PromoteVolume', volumeId }, { type: 'UpdateVolume', volumeId: VOLUMES[3]!, changes: { name: c % 2 === 0 ? 'closed' : c % 7 === 1 ? 'absent' : 'open' } }] as const;
    return { to: 'volume', command: commands[a % 4]! };
  };

  /** Three initiators, four attachments of each volume; most come by the first path. */
  const attachmentCommand: Draw<VolumeCommand> = (a, b, c) => {
    const volumeId = VOLUMES[a % 5 === 1 ? 4 + (b % 2) : b % 4]!;
    const attachments = Object.keys(attachmentsOf(volumeId));
    const attachmentId = c % 3 === 0 ? uuid('f', 1 + (c % 4)) : (pick(attachments, a) ?? uuid('f', 1 + (c % 4)));
    const accessPathId = c % 6 === 5 ? pathOf(a) : pathIdOf(a % 5 === 1 ? 2 : 1);
    const type = livePaths().find(({ path }) => path?.accessPathId === accessPathId)?.path?.accessType ?? 'iscsi';
    const n = 1 + (a % 3);
    const initiator = a % 31 === 30 ? null : a % 31 === 29 ? 'IQN' : n === 3 ? clientsOf(1)[0]! : `iqn.1994-05.com.redhat:node${n}`;
    const connect = { accessPathId, clientGroupId: ownGroupOf(type === 'fc' ? 10 + n : n), connector: connectorOf(n, { initiator, wwpns: [`500143801234567${n}`] }) };
    const [shared, force] = [c % 4 !== 3, b % 3 === 0];
    const about = { volumeId, attachmentId };
    const commands: readonly VolumeCommand[] = [
      { type: 'ReserveAttachment', ...about, purpose: c % 9 === 8 ? 'backup' : 'host', shared, mode: 'rw', instanceId: null, hostName: null, connect: b % 5 === 4 ? null : connect },
      { type: 'ReserveAttachment', ...about, attachmentId: uuid('f', 1 + (c % 4)), purpose: 'host', shared, mode: 'rw', instanceId: null, hostName: null, connect },
      { type: 'ConnectAttachment', ...about, connect },
      { type: 'CompleteAttachment', ...about, instanceId: 'vm-1', hostName: null, mountPoint: '/dev/vdb', mode: null },
      { type: 'BeginDetaching', ...about },
      { type: 'DisconnectAttachments', volumeId, attachmentId: c % 3 === 0 ? null : attachmentId, force },
      { type: 'ReleaseAttachment', ...about, force },
    ];
    return commands[(a >> 2) % commands.length]!;
  };

  return { host: hostCommand, clients: clientsCommand, path: pathCommand, vips: vipCommand, volume: volumeCommand, attachments: attachmentCommand };
};
