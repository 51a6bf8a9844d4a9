/** Random walks over hosts, client groups, access paths and VIP groups, while hosts go and come back: each step is four numbers, read against the live state. */
import {
  accessPathStream,
  ASK_AGAIN_MS,
  clientGroupStream,
  hostStream,
  LUN_REST_MS,
  noHost,
  vipGroupStream,
  type AccessPathCommand,
  type AccessPathId,
  type AccessPathState,
  type ClientGroupCommand,
  type ClientGroupState,
  type DomainCommand,
  type HostCommand,
  type HostState,
  type MappingGroupId,
  type Perform,
  type PortError,
  type Refusal,
  type TargetCapabilities,
  type VipGroupCommand,
  type VipGroupId,
  type VipGroupState,
  type VipId,
  type VipWish,
  type VolumeId,
} from '@blockledger/domain';
import { operation, uuid } from './decider.ts';
import { stuckOf, type Seen, type Step } from './domainWalk.ts';
import { pathHosts, type PathHosts } from './pathHosts.ts';
import { accountOf, addressIdOf, addressOf, hostIdOf, type PathOptions } from './pathWorld.ts';
import { bytes, create, placement, poolIdOf, serialOf, volumeIdOf } from './samples.ts';
import { world, type Fault, type Owing, type World } from './world.ts';

const GIB = 2 ** 30;
const MINUTE = 60_000;
const pathIdOf = (n: number): AccessPathId => uuid('9', n) as AccessPathId;
const groupIdOf = (n: number): MappingGroupId => uuid('8', n) as MappingGroupId;
const clientsIdOf = (n: number) => uuid('7', n) as ClientGroupCommand['clientGroupId'];
const vipGroupIdOf = (n: number): VipGroupId => uuid('6', n) as VipGroupId;
/** Many of these want the same virtual router id first. */
const vipIdOf = (n: number): VipId => uuid('5', n * 255 + (n % 2)) as VipId;

/** Hosts of three kinds of backend; one has a name that words of steps have, too. */
export const HOSTS = [1, 2, 3, 4, 5, 6] as const;
const nameOf = (n: number): string => (n === 3 ? 'converge' : `gw${n}`);
const backendOf = (n: number): string => (n < 4 ? 'xdc' : n < 6 ? 'tgt' : 'qsan');
export const VOLUMES = [1, 2, 3, 4].map(volumeIdOf);

const unreachable: PortError = { _tag: 'Retryable', code: 'HostUnreachable', message: 'no route to host', outcomeUnknown: true };
const broken: PortError = { _tag: 'Permanent', code: 'Broken', message: 'it does not work' };
const slow: PortError = { _tag: 'Retryable', code: 'Slow', message: 'it takes long', outcomeUnknown: true };

/** What was said of operations: which began, and how often each ended. */
export interface Operations {
  readonly begun: ReadonlySet<string>;
  readonly ended: ReadonlyMap<string, number>;
}

export interface PathWalk {
  readonly it: World;
  readonly hosts: PathHosts;
  /** Hosts that were declared off since they last did what they were told: nobody knows what stands there. */
  readonly lost: ReadonlySet<string>;
  readonly away: ReadonlySet<string>;
  /** Hosts that have instances and may hold no address. */
  readonly fenced: ReadonlySet<string>;
  readonly operations: Operations;
  readonly faults: readonly string[];
  readonly paths: () => readonly AccessPathState[];
  readonly vipGroups: () => readonly VipGroupState[];
  readonly clientGroups: () => readonly ClientGroupState[];
  readonly hostStates: () => readonly HostState[];
  readonly send: (command: DomainCommand) => Refusal | undefined;
  readonly step: (step: Step) => void;
  /** All hosts are back, and everything is retried and worked until nothing is owed or stuck. */
  readonly calm: () => void;
}

const ENDS = /^(?:AccessPath(?:Refused|Created|Updated|UpdateRefused|Deleted|Redeployed)|Target(?:Added|Refused|Removed)|MappingGroup(?:Created|Refused|Deleted)|Volumes(?:Mapped|MappingRefused|Unmapped)|VipGroup(?:Created|Refused|Updated|Redeployed|Deleted)|Vip(?:Added|Refused|Removed)|VipMember(?:Added|Removed)|OperationSuperseded)$/;
const BEGINS = /^(?:AccessPath|Target|MappingGroup|Volumes|Vip).*Requested$/;

const hostOf = (work: Perform): string | undefined => (work.on === 'target' ? work.action.target.place.host : work.on === 'vip' ? work.action.place.host : undefined);

export const beginPathWalk = (seen: Readonly<Record<DomainCommand['to'], Seen>>, onStep?: (command: DomainCommand) => void): PathWalk => {
  const away = new Set<string>();
  const lost = new Set<string>();
  const faults: string[] = [];
  const begun = new Set<string>();
  const ended = new Map<string, number>();
  const capabilities: { -readonly [K in keyof TargetCapabilities]?: TargetCapabilities[K] } = { maxLuns: 4 };
  let loggedIn: { initiator: string; host: string } | 'unknown' | null = null;
  /** Hosts that did not answer once: their instances may check what went long ago. */
  const behind = new Set<string>();
  const hosts = pathHosts((work) => {
    if (work.on === 'target' && work.action.do === 'ensureTarget' && work.action.target.place.backend !== 'qsan' && work.action.config.portals.length === 0) faults.push(`${work.workId} leaves no portal`);
  }, ({ host, instance }) => behind.has(host) || vipStates().some(({ group, lifecycle }) => lifecycle === 'deleting' && group?.vipGroupId === instance.vipGroupId));
  const paths: PathOptions = {
    capabilities,
    sessions: () => (loggedIn === 'unknown' ? { known: false, why: 'a host is away' } : { known: true, sessions: loggedIn === null ? [] : [{ ...loggedIn, address: null, portal: null }] }),
    act: hosts.act,
  };
  const it = world({
    poolBytes: 64 * GIB,
    paths,
    watch: (kind, { events, refusal }) => {
      for (const event of events) {
        seen[kind].events.add(event.type);
        if ('refusal' in event) seen[kind].refusals.add((event.refusal as Refusal)._tag);
        if ((kind === 'accessPath' || kind === 'vipGroup') && 'operationId' in event) {
          const id = event.operationId as string;
          if (BEGINS.test(event.type)) begun.add(id);
          if (ENDS.test(event.type)) ended.set(id, (ended.get(id) ?? 0) + 1);
        }
      }
      if (refusal !== undefined) seen[kind].refusals.add(refusal._tag);
    },
  });
  const stateOf = (stream: string): unknown => it.streams.get(stream)?.state;
  const hostState = (n: number): HostState => (stateOf(hostStream(hostIdOf(n))) as HostState | undefined) ?? noHost;
  const offNames = (): ReadonlySet<string> => new Set(HOSTS.filter((n) => hostState(n).host?.off !== null && hostState(n).host !== null).map(nameOf));
  /** A host that was declared off is lost until all that is owed there was done. */
  const follow = (): void => {
    const off = offNames();
    // Access paths that have not heard yet that it is back owe nothing there yet.
    const isOwing = (name: string): boolean => it.owing().some(({ kind, stream, work }) => (work.kind === 'perform' ? hostOf(work) === name : kind === 'host' && (stateOf(stream) as HostState).host?.name === name));
    for (const name of lost) if (!off.has(name) && !isOwing(name)) lost.delete(name);
    for (const name of off) {
      lost.add(name);
      behind.add(name);
      if (hosts.admitted.has(name)) hosts.fence(name);
    }
  };
  const send: PathWalk['send'] = (command) => {
    const { refusal } = it.send(command);
    onStep?.(command);
    return refusal;
  };

  for (const n of [1, 2]) send({ to: 'pool', command: { type: 'RegisterPool', poolId: poolIdOf(n), name: `p${n}`, placement, poolType: 'replicated', overSubscriptionRatio: 20 } });
  it.settle();
  for (const [at, volumeId] of VOLUMES.entries()) send({ to: 'volume', command: create({ volumeId, name: `db-${at}`, serial: serialOf(at + 1), sizeBytes: bytes(GIB) }) });
  const register = (n: number): DomainCommand => ({
    to: 'host',
    command: { type: 'RegisterHost', hostId: hostIdOf(n), name: nameOf(n), targets: backendOf(n), vips: n === 5 ? null : 'keepalived', addresses: [addressOf(n), addressOf(16 + n, { ip: `10.252.2.${n}`, segment: n === 2 ? 'lan-2' : 'lan', role: n === 3 ? 'admin' : 'gateway' })] },
  });
  for (const n of HOSTS) send(register(n));
  const bare: DomainCommand = { to: 'host', command: { type: 'RegisterHost', hostId: hostIdOf(7), name: 'bare', targets: 'xdc', vips: null, addresses: [] } };
  send(bare);
  const clientsOf = (n: number): readonly string[] => (n === 3 ? ['10.0.0.7'] : [`iqn.1994-05.com.redhat:client${n}`]);
  for (const n of [1, 2, 3]) send({ to: 'clientGroup', command: { type: 'CreateClientGroup', clientGroupId: clientsIdOf(n), name: `c${n}`, description: '', accessType: 'iscsi', clients: clientsOf(n), mutual: n === 2 ? accountOf(7, '3edc2wsx1qaz', 'b') : null } });
  send({ to: 'clientGroup', command: { type: 'CreateClientGroup', clientGroupId: clientsIdOf(4), name: 'c4', description: '', accessType: 'local', clients: ['10.0.0.8'], mutual: null } });
  it.settle();
  const made = { paths: 1, groups: 0, clients: 4, vipGroups: 0, vips: 0 };
  /** Something stands already: most walks would never come so far. */
  const prepare = (): void => {
    const accessPathId = pathIdOf(1);
    send({ to: 'accessPath', command: { type: 'CreateAccessPath', accessPathId, name: 'first', description: '', accessType: 'iscsi', iqnPrefix: 'iqn.2019-01.com.xsky:c', chap: null, hostIds: [1, 2].map(hostIdOf) } });
    it.settle();
    send({ to: 'accessPath', command: { type: 'CreateMappingGroup', accessPathId, mappingGroupId: groupIdOf(1), clientGroupId: clientsIdOf(1), volumeIds: VOLUMES.slice(0, 2), shared: true } });
    send({ to: 'vipGroup', command: { type: 'CreateVipGroup', vipGroupId: vipGroupIdOf(1), accessPathId, network: '10.252.1.0/24', preempt: true, vips: [1, 2].map((n) => ({ vipId: vipIdOf(n), ip: `10.252.1.${199 + n}`, mask: 32, networkAddressId: addressIdOf(1) })), force: false } });
    send({ to: 'accessPath', command: { type: 'CreateAccessPath', accessPathId: pathIdOf(2), name: 'array', description: '', accessType: 'iscsi', iqnPrefix: 'iqn.2019-01.com.xsky:c', chap: null, hostIds: [hostIdOf(6)] } });
    it.settle();
    send({ to: 'accessPath', command: { type: 'CreateMappingGroup', accessPathId: pathIdOf(2), mappingGroupId: groupIdOf(2), clientGroupId: clientsIdOf(1), volumeIds: VOLUMES.slice(3), shared: true } });
    it.settle();
    Object.assign(made, { paths: 2, groups: 2, vipGroups: 1, vips: 2 });
  };
  const pathStates = (): readonly AccessPathState[] => Array.from({ length: made.paths }, (_, at) => stateOf(accessPathStream(pathIdOf(at + 1))) as AccessPathState | undefined).filter((state) => state !== undefined);
  const vipStates = (): readonly VipGroupState[] => Array.from({ length: made.vipGroups }, (_, at) => stateOf(vipGroupStream(vipGroupIdOf(at + 1))) as VipGroupState | undefined).filter((state) => state !== undefined);
  const livePaths = (): readonly AccessPathState[] => pathStates().filter(({ lifecycle }) => lifecycle !== 'refused' && lifecycle !== 'deleted');
  const liveVips = (): readonly VipGroupState[] => vipStates().filter(({ lifecycle }) => lifecycle !== 'refused' && lifecycle !== 'deleted');
  const pick = <T>(list: readonly T[], choice: number): T | undefined => list[choice % Math.max(1, list.length)];
  const pathOf = (choice: number): AccessPathId => (choice % 29 === 28 ? pathIdOf(4095) : (pick(livePaths(), choice)?.path?.accessPathId ?? pathIdOf(1)));
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
  const volumesOf = (a: number, b: number): readonly VolumeId[] => (b % 40 === 39 ? Array.from({ length: 257 }, (_, at) => volumeIdOf(at + 1)) : b % 40 === 38 ? [volumeIdOf(4095)] : VOLUMES.filter((_, at) => ((a >> at) & 1) === 1));
  const account = (c: number) => (c % 4 === 0 ? null : c % 16 === 1 ? accountOf(8) : c % 4 === 1 ? accountOf(7, '3edc2wsx1qaz', 'b') : accountOf(7, '1qaz2wsx3edc', 'a'));
  const operationOf = (state: { readonly troubles: AccessPathState['troubles']; readonly latest: unknown } | undefined, choice: number) => (choice % 5 === 4 || state === undefined ? operation(1) : (stuckOf(state.troubles)[0] ?? operation(1)));

  const hostCommand = (a: number, b: number, c: number): HostCommand => {
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

  const clientsCommand = (a: number, b: number, c: number): ClientGroupCommand => {
    const clientGroupId = clientsIdOf(b % 23 === 22 ? 4095 : 1 + (b % made.clients));
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

  const pathCommand = (a: number, b: number, c: number): AccessPathCommand => {
    const accessPathId = pathOf(b);
    const { path, rename } = livePaths().find((state) => state.path?.accessPathId === accessPathId) ?? { path: null, rename: null };
    const mappingGroupId = c % 29 === 28 ? groupIdOf(4095) : (pick(path?.groups ?? [], c)?.mappingGroupId ?? groupIdOf(4095));
    const hostId = pick(path?.hosts ?? [], c)?.hostId ?? hostIdOf(1);
    const [shared, force] = [c % 3 !== 0, b % 3 === 0];
    const state = livePaths().find((one) => one.path === path);
    const commands: readonly AccessPathCommand[] = [
      { type: 'CreateAccessPath', accessPathId: c % 17 === 16 && path !== null ? accessPathId : pathIdOf(made.paths + 1), name: c % 13 === 12 ? 'a/b' : `p${a % 5}`, description: c % 19 === 18 ? 'x'.repeat(2000) : '', accessType: c % 11 === 10 ? 'fc' : 'iscsi', iqnPrefix: c % 7 === 6 ? 'IQN' : 'iqn.2019-01.com.xsky:c', chap: account(c), hostIds: hostsOf(b, c) },
      { type: 'UpdateAccessPath', accessPathId, changes: [{ chap: account(a) }, { name: `p${a % 5}` }, { name: `p${a % 5}`, chap: account(a >> 2) }, { description: 'd' }, {}, { chap: account(a >> 3) }][c % 6]! },
      { type: 'UpdateAccessPath', accessPathId, changes: rename === null ? { name: `p${a % 5}` } : { chap: account(a) } },
      { type: 'DeleteAccessPath', accessPathId },
      { type: 'AddTarget', accessPathId, hostId: hostIdOf(c % 13 === 12 ? 99 : c % 13 === 11 ? 7 : HOSTS[a % 6]!) },
      { type: 'RemoveTarget', accessPathId, hostId: c % 13 === 12 ? hostIdOf(99) : hostId, force },
      { type: 'CreateMappingGroup', accessPathId, mappingGroupId: c % 17 === 16 ? mappingGroupId : groupIdOf(made.groups + 1), clientGroupId: clientsIdOf(c % 23 === 22 ? 4095 : 1 + (c % made.clients)), volumeIds: volumesOf(a, b), shared },
      { type: 'CreateMappingGroup', accessPathId, mappingGroupId: groupIdOf(made.groups + 1), clientGroupId: clientsIdOf(1 + (c % 3)), volumeIds: volumesOf(a, b), shared },
      { type: 'AddVolumes', accessPathId, mappingGroupId, volumeIds: volumesOf(a, b), shared },
      { type: 'AddVolumes', accessPathId, mappingGroupId, volumeIds: volumesOf(a, c), shared },
      { type: 'RemoveVolumes', accessPathId, mappingGroupId, volumeIds: volumesOf(a, b), force },
      { type: 'RemoveVolumes', accessPathId, mappingGroupId, volumeIds: volumesOf(a, c), force },
      { type: 'DeleteMappingGroup', accessPathId, mappingGroupId, force },
      { type: 'RedeployAccessPath', accessPathId },
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

  const vipCommand = (a: number, b: number, c: number): VipGroupCommand => {
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
      { type: 'CreateVipGroup', vipGroupId: c % 17 === 16 && found !== undefined ? vipGroupId : vipGroupIdOf(made.vipGroups + 1), accessPathId: pathOf(c), network, preempt: b % 2 === 0, vips, force: a % 3 === 0 },
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

  const volumeCommand = (a: number, b: number, c: number): DomainCommand['command'] => {
    const volumeId = VOLUMES[b % 4]!;
    const sizeBytes = bytes((1 + (c % 4)) * GIB);
    return ([{ type: 'UpdateVolume', volumeId, changes: { sizeBytes } }, { type: 'DemoteVolume', volumeId }, { type: 'PromoteVolume', volumeId }, { type: 'UpdateVolume', volumeId: VOLUMES[3]!, changes: { name: c % 2 === 0 ? 'closed' : 'open' } }] as const)[a % 4]!;
  };

  /** How a call or a telling goes wrong: an absent host, a slow one that may have done it, one that breaks for good. */
  const fault = (choice: number): Fault => (work) => {
    const host = work.kind === 'perform' ? hostOf(work) : undefined;
    const landed = choice % 2 === 0;
    if (host !== undefined && away.has(host)) {
      behind.add(host);
      return { error: unreachable, landed: false, final: false };
    }
    if (work.kind === 'perform' && work.on === 'block') return undefined;
    const kind = choice % 16;
    if (kind === 12 && host !== undefined) {
      behind.add(host);
      return { error: unreachable, landed, final: false };
    }
    if (kind === 13 || kind === 14) return { error: slow, landed: choice % 3 === 0, final: false };
    return kind === 15 ? { error: broken, landed: choice % 3 === 0, final: true } : undefined;
  };
  const workOne = (a: number, b: number): void => {
    const owed = it.owing();
    // Admissions are few: they come first as often as not.
    const one = (a % 2 === 0 ? owed.find(({ kind, work }) => kind === 'host' && work.kind === 'perform') : undefined) ?? owed[a % Math.max(1, owed.length)];
    if (one !== undefined) it.work(one, fault(b));
  };
  const canBeDone = ({ work }: Owing): boolean => work.kind === 'tell' || !away.has(hostOf(work) ?? '');
  /** Everything is done that can be, with the hosts that are there. */
  const settleHere = (choice: number): void => {
    let isFirst = true;
    const resting = new Set<string>();
    for (let turn = 0; turn < 3000; turn += 1) {
      const next = it.owing().find((one) => canBeDone(one) && !resting.has(one.work.workId));
      if (next === undefined) break;
      const isAdmission = next.kind === 'host' && next.work.kind === 'perform';
      const before = it.streams.get(next.stream)?.state;
      it.work(next, isAdmission && isFirst ? fault(choice) : undefined);
      if (it.streams.get(next.stream)?.state === before) resting.add(next.work.workId);
      else resting.clear();
      isFirst &&= !isAdmission;
      if (turn === 2999) throw new Error(`never at rest: ${it.owing().map(({ stream, work: { workId } }) => `${stream} ${workId}`).join('; ')}`);
    }
    for (const owed of it.owing()) if (!canBeDone(owed)) it.work(owed, fault(0));
  };
  const retries = (): readonly DomainCommand[] => [
    ...livePaths().flatMap(({ troubles, path }) => stuckOf(troubles).map((operationId): DomainCommand => ({ to: 'accessPath', command: { type: 'RetryOperation', accessPathId: path!.accessPathId, operationId } }))),
    ...liveVips().flatMap(({ troubles, group }) => stuckOf(troubles).map((operationId): DomainCommand => ({ to: 'vipGroup', command: { type: 'RetryOperation', vipGroupId: group!.vipGroupId, operationId } }))),
    ...VOLUMES.flatMap((volumeId) => stuckOf(it.volumeState(volumeId).troubles).map((operationId): DomainCommand => ({ to: 'volume', command: { type: 'RetryOperation', volumeId, operationId } }))),
  ];

  /** Groups whose instances say that their host is not admitted are looked at. */
  const looks = (): readonly DomainCommand[] =>
    liveVips().flatMap(({ group }): readonly DomainCommand[] => {
      const seen = hosts.seen(group!);
      return seen.some(({ notReady }) => notReady === 'admission') ? [{ to: 'vipGroup', command: { type: 'ReportVips', vipGroupId: group!.vipGroupId, seen, heard: [] } }] : [];
    });

  const take = ([kind, a, b, c]: Step): void => {
    if (kind < 420) workOne(a, b);
    else if (kind < 470) settleHere(a);
    else if (kind < 490) it.advance(a % 2 === 0 ? LUN_REST_MS : a * MINUTE);
    else if (kind < 520) away.add(nameOf(HOSTS[a % 6]!));
    else if (kind < 560) away.delete(nameOf(HOSTS[a % 6]!));
    else if (kind < 575) loggedIn = a % 3 === 0 ? null : a % 9 === 1 ? 'unknown' : { initiator: clientsOf(1 + (b % 2))[0]!, host: nameOf(1 + (c % 3)) };
    else if (kind < 580) loggedIn = null;
    else if (kind < 585) Object.assign(capabilities, { forwardChap: a % 3 !== 0, types: b % 3 === 0 ? ['fc'] : ['iscsi', 'local', 'fc'], virtualPortals: c % 3 !== 0 });
    else if (kind < 595) Object.assign(capabilities, { forwardChap: true, types: ['iscsi', 'local', 'fc'], virtualPortals: true });
    else if (kind < 600) it.dark(a % 3 === 0);
    else if (kind < 615) {
      if (hosts.admitted.has(nameOf(HOSTS[a % 3]!))) hosts.fence(nameOf(HOSTS[a % 3]!));
    }
    else if (kind < 622) for (const command of looks()) send(command);
    else if (kind < 628) hosts.stranger(a % 2 === 0 ? [] : (a % 4 === 1 ? Array.from({ length: 255 }, (_, at) => at + 1) : [1 + (b % 8)]).map((vrid) => ({ source: '10.252.1.68', vrid, priority: 101 })));
    else if (kind < 650) send({ to: 'host', command: hostCommand(a, b, c) });
    else if (kind < 700) {
      send({ to: 'clientGroup', command: clientsCommand(a, b, c) });
      // Somebody else asks at the same moment.
      if (c % 8 === 7) send({ to: 'clientGroup', command: { type: 'UpdateClientGroup', clientGroupId: clientsIdOf(1 + (b % made.clients)), changes: { name: `d${a % 3}` } } });
    }
    else if (kind < 730) send({ to: 'volume', command: volumeCommand(a, b, c) } as DomainCommand);
    else if (kind < 890) send({ to: 'accessPath', command: pathCommand(a, b, c) });
    else send({ to: 'vipGroup', command: vipCommand(a, b, c) });
  };

  prepare();

  return {
    it,
    hosts,
    lost,
    away,
    get fenced() {
      return new Set([...hosts.instances.values()].map(({ host }) => host).filter((host) => !hosts.admitted.has(host)));
    },
    faults,
    operations: { begun, ended },
    paths: pathStates,
    vipGroups: vipStates,
    clientGroups: () => Array.from({ length: made.clients }, (_, at) => stateOf(clientGroupStream(clientsIdOf(at + 1))) as ClientGroupState | undefined).filter((state) => state !== undefined),
    hostStates: () => [...it.streams.values()].filter(({ kind }) => kind === 'host').map(({ state }) => state as HostState),
    send,
    step: ([kind, a, b, c]) => {
      take([kind, a, b, c]);
      follow();
    },
    calm: () => {
      away.clear();
      loggedIn = null;
      it.dark(false);
      Object.assign(capabilities, { forwardChap: true, types: ['iscsi', 'local', 'fc'], virtualPortals: true });
      hosts.stranger([]);
      for (const n of HOSTS) send({ to: 'host', command: { type: 'DeclareHostBack', hostId: hostIdOf(n) } });
      for (let round = 0; round < 60; round += 1) {
        it.settle(undefined, 5000);
        follow();
        const again = [...retries(), ...looks()];
        if (again.length === 0) return;
        it.advance(ASK_AGAIN_MS);
        for (const command of again) send(command);
      }
      throw new Error(`still stuck: ${JSON.stringify(retries())}`);
    },
  };
};
