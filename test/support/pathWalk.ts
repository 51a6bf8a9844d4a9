/** Random walks over hosts, client groups, access paths and VIP groups, while hosts go and come back: each step is four numbers, read against the live state. */
import {
  accessPathStream,
  ASK_AGAIN_MS,
  clientGroupStream,
  hostStream,
  LUN_REST_MS,
  noHost,
  vipGroupStream,
  type AccessPathState,
  type ClientGroupState,
  type DomainCommand,
  type HostState,
  type Perform,
  type PortError,
  type Refusal,
  type TargetCapabilities,
  type VipGroupState,
  type VolumeId,
} from '@blockledger/domain';
import { stuckOf, type Seen, type Step } from './domainWalk.ts';
import { clientsIdOf, clientsOf, GIB, groupIdOf, HOSTS, isOnArray, nameOf, ownGroupOf, pathDraws, pathIdOf, register, vipGroupIdOf, vipIdOf, VOLUMES, type Made } from './pathDraws.ts';
import { pathHosts, type PathHosts } from './pathHosts.ts';
import { accountOf, addressIdOf, hostIdOf, type PathOptions } from './pathWorld.ts';
import { bytes, create, placement, poolIdOf, serialOf } from './samples.ts';
import { world, type Fault, type Owing, type World } from './world.ts';

const MINUTE = 60_000;
/** A stranger may speak for all 255 virtual router ids, and each address that looks for one tries them all: some seven pieces of work each. */
const SETTLING_TURNS = 10_000;
const ARRAY = { backend: 'qsan', pool: 'pool-1' };
/** The array says sometimes this, sometimes that. */
const ARRAY_PORTALS = [['192.168.1.101', '192.168.1.102'], ['192.168.1.102']].map((ips) => ips.map((ip) => ({ ip, port: 3260 })));

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

const isArrayWork = (work: Perform): boolean => work.on === 'target' && work.action.do === 'ensureTarget' && work.action.target.place.backend === 'qsan';
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
    act: (work) => {
      const result = hosts.act(work);
      return isArrayWork(work) && result !== undefined ? { ...result, portals: ARRAY_PORTALS[it.now() % 2]! } : result;
    },
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

  for (const n of [1, 2]) send({ to: 'pool', command: { type: 'RegisterPool', poolId: poolIdOf(n), name: `p${n}`, placement: n === 2 ? ARRAY : placement, poolType: 'replicated', overSubscriptionRatio: 20 } });
  it.settle();
  for (const [at, volumeId] of VOLUMES.entries()) send({ to: 'volume', command: create({ volumeId, poolId: poolIdOf(isOnArray(at) ? 2 : 1), name: `db-${at}`, serial: serialOf(at + 1), sizeBytes: bytes(GIB) }) });
  for (const n of HOSTS) send(register(n));
  const bare: DomainCommand = { to: 'host', command: { type: 'RegisterHost', hostId: hostIdOf(7), name: 'bare', targets: 'xdc', vips: null, addresses: [] } };
  send(bare);
  for (const n of [1, 2, 3]) send({ to: 'clientGroup', command: { type: 'CreateClientGroup', clientGroupId: clientsIdOf(n), name: `c${n}`, description: '', accessType: 'iscsi', clients: clientsOf(n), mutual: n === 2 ? accountOf(7, '3edc2wsx1qaz', 'b') : null } });
  send({ to: 'clientGroup', command: { type: 'CreateClientGroup', clientGroupId: clientsIdOf(4), name: 'c4', description: '', accessType: 'local', clients: ['10.0.0.8'], mutual: null } });
  it.settle();
  const made: Made = { paths: 1, groups: 0, clients: 4, vipGroups: 0, vips: 0 };
  /** Something stands already: most walks would never come so far. */
  const prepare = (): void => {
    const accessPathId = pathIdOf(1);
    send({ to: 'accessPath', command: { type: 'CreateAccessPath', accessPathId, name: 'first', description: '', accessType: 'iscsi', iqnPrefix: 'iqn.2019-01.com.xsky:c', chap: null, hostIds: [1, 2].map(hostIdOf) } });
    it.settle();
    send({ to: 'accessPath', command: { type: 'CreateMappingGroup', accessPathId, mappingGroupId: groupIdOf(1), clientGroupId: clientsIdOf(1), volumeIds: VOLUMES.slice(0, 2), shared: true } });
    send({ to: 'vipGroup', command: { type: 'CreateVipGroup', vipGroupId: vipGroupIdOf(1), accessPathId, network: '10.252.1.0/24', preempt: true, vips: [1, 2].map((n) => ({ vipId: vipIdOf(n), ip: `10.252.1.${199 + n}`, mask: 32, networkAddressId: addressIdOf(1) })), force: false } });
    send({ to: 'accessPath', command: { type: 'CreateAccessPath', accessPathId: pathIdOf(2), name: 'array', description: '', accessType: 'iscsi', iqnPrefix: 'iqn.2019-01.com.xsky:c', chap: null, hostIds: [hostIdOf(6)] } });
    it.settle();
    send({ to: 'accessPath', command: { type: 'CreateMappingGroup', accessPathId: pathIdOf(2), mappingGroupId: groupIdOf(2), clientGroupId: clientsIdOf(1), volumeIds: VOLUMES.slice(4), shared: true } });
    it.settle();
    Object.assign(made, { paths: 2, groups: 2, vipGroups: 1, vips: 2 });
  };
  const pathStates = (): readonly AccessPathState[] => Array.from({ length: made.paths }, (_, at) => stateOf(accessPathStream(pathIdOf(at + 1))) as AccessPathState | undefined).filter((state) => state !== undefined);
  const vipStates = (): readonly VipGroupState[] => Array.from({ length: made.vipGroups }, (_, at) => stateOf(vipGroupStream(vipGroupIdOf(at + 1))) as VipGroupState | undefined).filter((state) => state !== undefined);
  const livePaths = (): readonly AccessPathState[] => pathStates().filter(({ lifecycle }) => lifecycle !== 'refused' && lifecycle !== 'deleted');
  const liveVips = (): readonly VipGroupState[] => vipStates().filter(({ lifecycle }) => lifecycle !== 'refused' && lifecycle !== 'deleted');
  const draws = pathDraws({
    made,
    hosts,
    hostState,
    livePaths,
    liveVips,
    ownGroup: (n) => stateOf(clientGroupStream(ownGroupOf(n))) as ClientGroupState | undefined,
    attachmentsOf: (volumeId) => it.volumeState(volumeId).volume?.attachments ?? {},
  });

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
    for (let turn = 0; turn < SETTLING_TURNS; turn += 1) {
      const next = it.owing().find((one) => canBeDone(one) && !resting.has(one.work.workId));
      if (next === undefined) break;
      const isAdmission = next.kind === 'host' && next.work.kind === 'perform';
      const before = it.streams.get(next.stream)?.state;
      it.work(next, isAdmission && isFirst ? fault(choice) : undefined);
      if (it.streams.get(next.stream)?.state === before) resting.add(next.work.workId);
      else resting.clear();
      isFirst &&= !isAdmission;
      if (turn === SETTLING_TURNS - 1) throw new Error(`never at rest: ${it.owing().map(({ stream, work: { workId } }) => `${stream} ${workId}`).join('; ')}`);
    }
    for (const owed of it.owing()) if (!canBeDone(owed)) it.work(owed, fault(0));
  };
  const retries = (): readonly DomainCommand[] => [
    ...livePaths().flatMap(({ troubles, path }) => stuckOf(troubles).map((operationId): DomainCommand => ({ to: 'accessPath', command: { type: 'RetryOperation', accessPathId: path!.accessPathId, operationId } }))),
    ...liveVips().flatMap(({ troubles, group }) => stuckOf(troubles).map((operationId): DomainCommand => ({ to: 'vipGroup', command: { type: 'RetryOperation', vipGroupId: group!.vipGroupId, operationId } }))),
    ...VOLUMES.flatMap((volumeId) => stuckOf(it.volumeState(volumeId).troubles).map((operationId): DomainCommand => letGo(volumeId, operationId) ?? { to: 'volume', command: { type: 'RetryOperation', volumeId, operationId } })),
  ];
  /** Who was to be cut off where, as it turned out, nobody can be seen to be: without force, as the refusal says. */
  const letGo = (volumeId: VolumeId, operationId: string): DomainCommand | undefined => {
    const { troubles, volume } = it.volumeState(volumeId);
    const isBlind = Object.values(troubles).some((trouble) => trouble.operationId === operationId && trouble.error.code === 'CapabilityIsMissing');
    const found = isBlind ? Object.entries(volume?.attachments ?? {}).find(([, attachment]) => attachment.operationId === operationId && attachment.force) : undefined;
    return found === undefined ? undefined : { to: 'volume', command: { type: 'DisconnectAttachments', volumeId, attachmentId: found[0], force: false } };
  };

  /** Groups whose instances say that their host is not admitted are looked at. */
  const looks = (): readonly DomainCommand[] =>
    liveVips().flatMap(({ group }): readonly DomainCommand[] => {
      const seen = hosts.seen(group!);
      return seen.some(({ notReady }) => notReady === 'admission') ? [{ to: 'vipGroup', command: { type: 'ReportVips', vipGroupId: group!.vipGroupId, seen, heard: [] } }] : [];
    });

  const take = ([kind, a, b, c]: Step): void => {
    if (kind < 365) workOne(a, b);
    else if (kind < 420) send({ to: 'volume', command: draws.attachments(a, b, c) });
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
    else if (kind < 650) send({ to: 'host', command: draws.host(a, b, c) });
    else if (kind < 700) {
      send({ to: 'clientGroup', command: draws.clients(a, b, c) });
      // Somebody else asks at the same moment.
      if (c % 8 === 7) send({ to: 'clientGroup', command: { type: 'UpdateClientGroup', clientGroupId: clientsIdOf(1 + (b % made.clients)), changes: { name: `d${a % 3}` } } });
    }
    else if (kind < 730) send(draws.volume(a, b, c));
    else if (kind < 890) send({ to: 'accessPath', command: draws.path(a, b, c) });
    else send({ to: 'vipGroup', command: draws.vips(a, b, c) });
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
    clientGroups: () => [...it.streams.values()].filter(({ kind }) => kind === 'clientGroup').map(({ state }) => state as ClientGroupState),
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
