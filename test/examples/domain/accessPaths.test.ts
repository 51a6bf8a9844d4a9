import {
  accessPathStream,
  hostStream,
  vipGroupStream,
  type AccessPathCommand,
  type AccessPathId,
  type AccessPathState,
  type ClientGroupId,
  type DomainCommand,
  type HostState,
  type MappingGroupId,
  type Perform,
  type PortError,
  type TargetConfig,
  type VipGroupId,
  type VipGroupState,
  type VipId,
  type VolumeId,
} from '@blockledger/domain';
import * as assert from 'uvu/assert';
import { uuid } from '../../support/decider.ts';
import { accountOf, addressIdOf, addressOf, hostIdOf, type PathOptions } from '../../support/pathWorld.ts';
import { bytes, create, placement, poolIdOf, serialOf, volumeIdOf } from '../../support/samples.ts';
import { suite } from '../../support/suite.ts';
import { world, type Fault, type World } from '../../support/world.ts';

const test = suite('access paths');
const GIB = 2 ** 30;
const pathId = uuid('9', 1) as AccessPathId;
const groupId = (n: number): MappingGroupId => uuid('8', n) as MappingGroupId;
const clientsId = (n: number): ClientGroupId => uuid('7', n) as ClientGroupId;
const vipGroupId = uuid('6', 1) as VipGroupId;
const vipIdOf = (n: number): VipId => uuid('5', n) as VipId;
const unreachable: PortError = { _tag: 'Retryable', code: 'HostUnreachable', message: 'no route to gw2', outcomeUnknown: false };

/** Every configuration that hosts were given, the latest for each target. */
interface Given {
  readonly it: World;
  readonly targets: ReadonlyMap<string, TargetConfig>;
  readonly calls: readonly Perform[];
  readonly ask: (command: DomainCommand) => ReturnType<World['send']>;
  readonly path: () => AccessPathState;
  readonly vips: () => VipGroupState;
  readonly map: (command: Omit<Extract<AccessPathCommand, { type: 'AddVolumes' }>, 'type' | 'accessPathId'>) => ReturnType<World['send']>;
}

const settleWhileAway = (it: World, away: (work: Perform) => boolean, most = 300): void => {
  for (let turn = 0; turn < most; turn += 1) {
    const next = it.owing().find(({ work }) => work.kind === 'tell' || !away(work));
    if (next === undefined) break;
    it.work(next);
  }
  const fault: Fault = () => ({ error: unreachable, landed: false, final: false });
  for (const owed of it.owing()) it.work(owed, fault);
  for (let turn = 0; turn < most; turn += 1) {
    const next = it.owing().find(({ work }) => work.kind === 'tell' || !away(work));
    if (next === undefined) return;
    it.work(next);
  }
};

const isOn = (host: string) => (work: Perform): boolean => (work.on === 'target' && work.action.target.place.host === host) || (work.on === 'vip' && work.action.place.host === host);

const begin = (paths: PathOptions = {}): Given => {
  const targets = new Map<string, TargetConfig>();
  const calls: Perform[] = [];
  const it = world({
    paths: {
      ...paths,
      act: (work) => {
        calls.push(work);
        if (work.on === 'target') {
          const key = `${work.action.target.place.host} ${work.action.target.iqn}`;
          if (work.action.do === 'ensureTarget') targets.set(key, work.action.config);
          if (work.action.do === 'ensureTargetGone') targets.delete(key);
        }
        return paths.act?.(work);
      },
    },
  });
  const ask: Given['ask'] = (command) => it.send(command);
  ask({ to: 'pool', command: { type: 'RegisterPool', poolId: poolIdOf(1), name: 'fast', placement, poolType: 'replicated', overSubscriptionRatio: 20 } });
  it.settle();
  for (const n of [1, 2, 3]) ask({ to: 'volume', command: { ...create({ volumeId: volumeIdOf(n), name: `db-${n}`, serial: serialOf(n) }), sizeBytes: bytes(GIB) } as never });
  for (const n of [1, 2]) ask({ to: 'host', command: { type: 'RegisterHost', hostId: hostIdOf(n), name: `gw${n}`, targets: 'xdc', vips: 'keepalived', addresses: [addressOf(n)] } });
  for (const n of [1, 2]) {
    const clients = [`iqn.1994-05.com.redhat:client${n}`];
    ask({ to: 'clientGroup', command: { type: 'CreateClientGroup', clientGroupId: clientsId(n), name: `hosts-${n}`, description: '', accessType: 'iscsi', clients, mutual: null } });
  }
  it.settle();
  const create1 = ask({
    to: 'accessPath',
    command: { type: 'CreateAccessPath', accessPathId: pathId, name: 'gold', description: '', accessType: 'iscsi', iqnPrefix: 'iqn.2019-01.com.xsky:c', chap: null, hostIds: [hostIdOf(1), hostIdOf(2)] },
  });
  assert.is(create1.refusal, undefined);
  it.settle();
  return {
    it,
    targets,
    calls,
    ask,
    path: () => it.streams.get(accessPathStream(pathId))?.state as AccessPathState,
    vips: () => it.streams.get(vipGroupStream(vipGroupId))?.state as VipGroupState,
    map: (command) => ask({ to: 'accessPath', command: { type: 'AddVolumes', accessPathId: pathId, ...command } }),
  };
};

const group = (n: number, volumeIds: readonly VolumeId[], shared = false): DomainCommand => ({
  to: 'accessPath',
  command: { type: 'CreateMappingGroup', accessPathId: pathId, mappingGroupId: groupId(n), clientGroupId: clientsId(n), volumeIds, shared },
});

const unmap = (volumeIds: readonly VolumeId[], force = false): DomainCommand => ({ to: 'accessPath', command: { type: 'RemoveVolumes', accessPathId: pathId, mappingGroupId: groupId(1), volumeIds, force } });

test('an access path has a target of the same name on each of its hosts, with the portal of each [S0-90, S0-98, X-2]', () => {
  const { path, targets } = begin();
  assert.is(path().lifecycle, 'active');
  assert.equal(
    [...targets].map(([key, { portals }]) => [key, portals]),
    [
      ['gw1 iqn.2019-01.com.xsky:c.iscsi.1.8000000000000001', [{ ip: '10.252.1.1', port: 3260 }]],
      ['gw2 iqn.2019-01.com.xsky:c.iscsi.1.8000000000000001', [{ ip: '10.252.1.2', port: 3260 }]],
    ],
  );
});

test('mapped volumes have the same LUN number on all hosts, and only the client group sees them [S0-94, S0-97, I-19]', () => {
  const { it, ask, targets, path } = begin();
  assert.is(ask(group(1, [volumeIdOf(1), volumeIdOf(2)])).refusal, undefined);
  assert.is(ask(group(2, [volumeIdOf(3)])).refusal, undefined);
  it.settle();
  for (const config of targets.values()) {
    assert.equal(config.luns.map(({ lun, volume }) => [lun, volume.volumeId, volume.serial]), [1, 2, 3].map((n) => [n - 1, volumeIdOf(n), serialOf(n)]));
    assert.equal(config.clients.map(({ code, luns }) => [code, luns]), [['iqn.1994-05.com.redhat:client1', [0, 1]], ['iqn.1994-05.com.redhat:client2', [2]]]);
  }
  assert.equal(path().operations, []);
  assert.is(Object.keys(it.volumeState(volumeIdOf(1)).volume?.mappings ?? {}).length, 1);
});

test('no LUN stands on a target before its volume agreed, and one that refuses undoes the whole request [S0-97, I-22]', () => {
  const { it, ask, targets, path } = begin();
  ask({ to: 'volume', command: { type: 'DemoteVolume', volumeId: volumeIdOf(2) } });
  const asked = ask(group(1, [volumeIdOf(1), volumeIdOf(2)]));
  it.settle();
  assert.is(path().refused.find(({ operationId }) => operationId === asked.operationId)?.refusal._tag, 'VolumeIsPassive');
  assert.ok([...targets.values()].every(({ luns }) => luns.length === 0));
  assert.equal(it.volumeState(volumeIdOf(1)).volume?.mappings, {});
});

test('volumes are added and taken as a set: what is there stays, what is not there is left out [R-16, S0-96]', () => {
  const { it, ask, map, path } = begin();
  ask(group(1, [volumeIdOf(1)]));
  it.settle();
  map({ mappingGroupId: groupId(1), volumeIds: [volumeIdOf(1), volumeIdOf(2)], shared: false });
  it.settle();
  assert.equal(path().path?.groups[0]?.luns.map(({ volumeId, lun }) => [volumeId, lun]), [[volumeIdOf(1), 0], [volumeIdOf(2), 1]]);
  ask(unmap([volumeIdOf(2), volumeIdOf(3)]));
  it.settle();
  assert.equal(path().path?.groups[0]?.luns.map(({ volumeId }) => volumeId), [volumeIdOf(1)]);
  assert.equal(it.volumeState(volumeIdOf(2)).volume?.mappings, {});
});

test('a LUN number rests after its volume was unmapped, and may be given again an hour later [I-19]', () => {
  const { it, ask, map, path } = begin();
  ask(group(1, [volumeIdOf(1)]));
  it.settle();
  ask(unmap([volumeIdOf(1)]));
  it.settle();
  map({ mappingGroupId: groupId(1), volumeIds: [volumeIdOf(2)], shared: false });
  it.settle();
  assert.equal(path().path?.groups[0]?.luns.map(({ lun }) => lun), [1]);
  it.advance(3_600_000);
  map({ mappingGroupId: groupId(1), volumeIds: [volumeIdOf(3)], shared: false });
  it.settle();
  assert.equal(path().path?.groups[0]?.luns.map(({ lun }) => lun), [1, 0]);
});

test('a volume is mapped to a second client group only on purpose, under the same number [S0-39, R-16]', () => {
  const { it, ask, path, targets } = begin();
  ask(group(1, [volumeIdOf(1)], true));
  it.settle();
  const alone = ask(group(2, [volumeIdOf(1)], false));
  it.settle();
  assert.is(path().refused.find(({ operationId }) => operationId === alone.operationId)?.refusal._tag, 'MappingNeedsShared');
  ask(group(2, [volumeIdOf(1)], true));
  it.settle();
  const [config] = targets.values();
  assert.equal(config?.luns.map(({ lun }) => lun), [0]);
  assert.equal(config?.clients.map(({ luns }) => luns), [[0], [0]]);
});

test('a mapped volume that grew is larger on every target, and shrinking or rolling back is refused while it is mapped [I-18, S0-46, S0-39]', () => {
  const { it, ask, targets } = begin();
  ask(group(1, [volumeIdOf(1)]));
  it.settle();
  ask({ to: 'volume', command: { type: 'UpdateVolume', volumeId: volumeIdOf(1), changes: { sizeBytes: bytes(2 * GIB) } } });
  it.settle();
  assert.equal([...targets.values()].map(({ luns }) => luns[0]?.sizeBytes), [2 * GIB, 2 * GIB]);
  const shrunk = ask({ to: 'volume', command: { type: 'UpdateVolume', volumeId: volumeIdOf(1), changes: { sizeBytes: bytes(GIB) } } });
  assert.is(shrunk.refusal?._tag, 'VolumeIsMapped');
});

test('unmapping without force is refused while an initiator of the group is logged in, and with force it is fenced [X-7, S0-138, I-21]', () => {
  let loggedIn = false;
  const sessions = () => ({ known: true as const, sessions: loggedIn ? [{ host: 'gw1', initiator: 'iqn.1994-05.com.redhat:client1', address: null }] : [] });
  const { it, ask, calls } = begin({ sessions });
  ask(group(1, [volumeIdOf(1)]));
  it.settle();
  loggedIn = true;
  const refused = ask(unmap([volumeIdOf(1)]));
  assert.is(refused.refusal?._tag, 'StillHasIo');
  assert.match(refused.refusal?.message ?? '', /still has IO on target/);
  assert.is(ask(unmap([volumeIdOf(1)], true)).refusal, undefined);
  it.settle();
  const fencing = calls.filter((call) => call.on === 'target' && call.action.do === 'ensureTarget' && call.action.fenced.length > 0);
  assert.is(fencing.length, 2);
  assert.equal(it.volumeState(volumeIdOf(1)).volume?.mappings, {});
});

test('a host that cannot be reached holds up nothing that is added, and gets it when it returns [I-20, R-13]', () => {
  const { it, ask, targets, path } = begin();
  ask(group(1, [volumeIdOf(1)]));
  settleWhileAway(it, isOn('gw2'));
  assert.equal(path().operations, []);
  assert.equal(path().path?.hosts.map(({ unreachable: why }) => why?.error.code ?? null), [null, 'HostUnreachable']);
  const [, second] = [...targets.values()];
  assert.equal(second?.luns, []);
  it.settle();
  assert.is([...targets.values()][1]?.luns.length, 1);
  assert.equal(path().path?.hosts.map(({ unreachable: why }) => why), [null, null]);
});

test('what is unmapped stays reserved until every host let it go, or an operator declares the silent one off [I-20, I-21, I-22]', () => {
  const { it, ask, path } = begin();
  ask(group(1, [volumeIdOf(1)]));
  it.settle();
  ask(unmap([volumeIdOf(1)]));
  settleWhileAway(it, isOn('gw2'));
  assert.is(Object.keys(it.volumeState(volumeIdOf(1)).volume?.mappings ?? {}).length, 1);
  assert.is(ask({ to: 'volume', command: { type: 'DeleteVolume', volumeId: volumeIdOf(1), cascade: false, force: false, retainMs: null } }).refusal?._tag, 'VolumeIsMapped');
  ask({ to: 'host', command: { type: 'DeclareHostOff', hostId: hostIdOf(2), reason: 'burnt' } });
  settleWhileAway(it, isOn('gw2'));
  assert.equal(it.volumeState(volumeIdOf(1)).volume?.mappings, {});
  assert.equal(path().operations, []);
  assert.ok(it.owing().some(({ work }) => work.kind === 'perform' && isOn('gw2')(work)), 'the debt is still owed');
});

test('CHAP secrets shorter than twelve characters, one-sided mutual CHAP and equal secrets are refused [R-18, S0-86, S0-87]', () => {
  const { it, ask } = begin();
  const chap = (account: ReturnType<typeof accountOf> | null): DomainCommand => ({ to: 'accessPath', command: { type: 'UpdateAccessPath', accessPathId: pathId, changes: { chap: account } } });
  assert.is(ask(chap(accountOf(8))).refusal?._tag, 'ChapAccountIsInvalid');
  assert.is(ask(chap(accountOf(9))).refusal?._tag, 'ChapAccountIsInvalid');
  ask({ to: 'clientGroup', command: { type: 'UpdateClientGroup', clientGroupId: clientsId(1), changes: { mutual: accountOf(7, '3edc2wsx1qaz', 'b') } } });
  it.settle();
  assert.is(ask(group(1, [volumeIdOf(1)])).refusal?._tag, 'MutualNeedsForward');
  assert.is(ask(chap(accountOf(7, '1qaz2wsx3edc', 'b'))).refusal, undefined);
  it.settle();
  assert.is(ask(group(1, [volumeIdOf(1)])).refusal?._tag, 'SecretsAreEqual');
  assert.is(ask(chap(accountOf(7, '1qaz2wsx3edc', 'a'))).refusal, undefined);
  it.settle();
  assert.is(ask(group(1, [volumeIdOf(1)])).refusal, undefined);
  it.settle();
  assert.is(ask(chap(null)).refusal?._tag, 'MutualNeedsForward');
});

test('where a backend cannot mask, each client group has a target of its own [X-1, S0-94]', () => {
  const { it, ask, targets } = begin({ capabilities: { scope: 'clientGroup' } });
  assert.is(targets.size, 0);
  ask(group(1, [volumeIdOf(1)]));
  ask(group(2, [volumeIdOf(2)]));
  it.settle();
  assert.is(targets.size, 4);
  assert.ok([...targets.values()].every(({ luns, clients }) => luns.length === 1 && clients.length === 1));
  ask({ to: 'accessPath', command: { type: 'DeleteMappingGroup', accessPathId: pathId, mappingGroupId: groupId(1), force: false } });
  it.settle();
  assert.is(targets.size, 2);
});

test('an access path is deleted when it serves nobody, and its hosts are free again [I-26]', () => {
  const { it, ask, targets, path } = begin();
  ask(group(1, [volumeIdOf(1)]));
  it.settle();
  const remove: DomainCommand = { to: 'accessPath', command: { type: 'DeleteAccessPath', accessPathId: pathId } };
  assert.is(ask(remove).refusal?._tag, 'AccessPathIsInUse');
  assert.is(ask({ to: 'host', command: { type: 'RetireHost', hostId: hostIdOf(1) } }).refusal?._tag, 'HostIsInUse');
  ask({ to: 'accessPath', command: { type: 'DeleteMappingGroup', accessPathId: pathId, mappingGroupId: groupId(1), force: false } });
  it.settle();
  assert.is(ask(remove).refusal, undefined);
  it.settle();
  assert.is(path().lifecycle, 'deleted');
  assert.is(targets.size, 0);
  assert.equal((it.streams.get(hostStream(hostIdOf(1)))?.state as HostState | undefined)?.users, {});
});

const withVips: DomainCommand = {
  to: 'vipGroup',
  command: {
    type: 'CreateVipGroup',
    vipGroupId,
    accessPathId: pathId,
    network: '10.252.1.0/24',
    preempt: true,
    vips: [{ vipId: vipIdOf(1), ip: '10.252.1.129', mask: 32, networkAddressId: addressIdOf(1) }],
    force: false,
  },
};

test('virtual IPs stand beside the physical portals until they are served, and alone from then on [R-13, S0-67, S0-71, S0-73]', () => {
  const { it, ask, calls, vips, targets } = begin();
  assert.is(ask(withVips).refusal, undefined);
  it.settle();
  assert.is(vips().lifecycle, 'active');
  assert.equal(vips().operations, []);
  const portals = calls.flatMap((call) => (call.on === 'target' && call.action.do === 'ensureTarget' && call.action.target.place.host === 'gw1' ? [call.action.config.portals.map(({ ip }) => ip).join(' ')] : call.on === 'vip' ? [call.action.do] : []));
  assert.equal(portals.filter((one, at) => one !== portals[at - 1]), ['10.252.1.1', 'scanVrids', '10.252.1.1 10.252.1.129', 'ensureInstance', '10.252.1.129']);
  assert.ok([...targets.values()].every((config) => config.portals.length === 1));
  const instances = calls.flatMap((call) => (call.on === 'vip' && call.action.do === 'ensureInstance' ? [call.action.instance] : []));
  assert.equal(instances.map(({ priority }) => priority), [101, 100]);
  assert.is(new Set(instances.map(({ vrid }) => vrid)).size, 1);
});

test('a VIP group goes the other way: physical portals, then its instances, then its portals; never none [R-12, S0-65]', () => {
  const { it, ask, calls, vips, targets } = begin();
  ask(withVips);
  it.settle();
  const before = calls.length;
  assert.is(ask({ to: 'vipGroup', command: { type: 'DeleteVipGroup', vipGroupId, force: false } }).refusal, undefined);
  it.settle();
  assert.is(vips().lifecycle, 'deleted');
  const steps = calls.slice(before).flatMap((call) => (call.on === 'target' && call.action.do === 'ensureTarget' && call.action.target.place.host === 'gw1' ? [call.action.config.portals.map(({ ip }) => ip).join(' ')] : call.on === 'vip' ? [call.action.do] : []));
  assert.equal(steps.filter((one, at) => one !== steps[at - 1]), ['10.252.1.1 10.252.1.129', 'ensureInstanceGone', '10.252.1.1']);
  assert.equal([...targets.values()].map(({ portals }) => portals.map(({ ip }) => ip)), [['10.252.1.1'], ['10.252.1.2']]);
});

test('a virtual router id that somebody else speaks for is given back, and the next one is tried [R-16, S0-74, I-23]', () => {
  let scans = 0;
  const seen: number[] = [];
  const { it, ask, vips } = begin({
    act: (work) => {
      if (work.on !== 'vip' || work.action.do !== 'scanVrids') return undefined;
      scans += 1;
      const vrid = vips().group?.vips[0]?.vrid ?? 0;
      seen.push(vrid);
      return { heard: scans === 1 ? [{ source: '10.252.1.68', vrid, priority: 101 }] : [] };
    },
  });
  ask(withVips);
  it.settle();
  assert.is(vips().lifecycle, 'active');
  assert.is(scans, 2);
  assert.is.not(seen[0], seen[1]);
});

test('a virtual IP is inside the network, nobody else’s address, and one of at most sixteen, never none [R-15, S0-70, S0-79]', () => {
  const { it, ask, vips } = begin();
  ask(withVips);
  it.settle();
  const add = (n: number, ip: string): DomainCommand => ({ to: 'vipGroup', command: { type: 'AddVip', vipGroupId, vip: { vipId: vipIdOf(n), ip, mask: 32, networkAddressId: addressIdOf(2) } } });
  assert.is(ask(add(2, '10.252.2.1')).refusal?._tag, 'VipIsOutside');
  assert.is(ask(add(2, '10.252.1.255')).refusal?._tag, 'VipIsOutside');
  assert.is(ask({ to: 'vipGroup', command: { type: 'RemoveVip', vipGroupId, vipId: vipIdOf(1) } }).refusal?._tag, 'LastVip');
  const taken = ask(add(2, '10.252.1.2'));
  it.settle();
  assert.is(vips().refused.find(({ operationId }) => operationId === taken.operationId)?.refusal._tag, 'AddressIsTaken');
  for (let n = 2; n <= 16; n += 1) {
    assert.is(ask(add(n, `10.252.1.${128 + n}`)).refusal, undefined, `${n}`);
    it.settle();
  }
  assert.is(vips().group?.vips.length, 16);
  assert.is(ask(add(17, '10.252.1.200')).refusal?._tag, 'TooManyVips');
  assert.is(ask({ to: 'vipGroup', command: { type: 'RemoveVip', vipGroupId, vipId: vipIdOf(1) } }).refusal, undefined);
  it.settle();
  assert.is(vips().group?.vips.length, 15);
});

test('a host leaves a VIP group after it yielded, and never as the last one [R-14, S0-78]', () => {
  const { it, ask, calls, vips } = begin();
  ask(withVips);
  it.settle();
  const leave = (n: number): DomainCommand => ({ to: 'vipGroup', command: { type: 'RemoveVipMember', vipGroupId, networkAddressId: addressIdOf(n) } });
  assert.is(ask(leave(1)).refusal?._tag, 'MemberIsPreferred');
  const before = calls.length;
  assert.is(ask(leave(2)).refusal, undefined);
  it.settle();
  const onSecond = calls.slice(before).flatMap((call) => (call.on === 'vip' && call.action.place.host === 'gw2' ? [call.action.do === 'ensureInstance' ? `yielding ${call.action.yielding}` : call.action.do] : []));
  assert.equal(onSecond, ['yielding true', 'ensureInstanceGone']);
  assert.is(vips().group?.members.length, 1);
  assert.is(ask(leave(1)).refusal?._tag, 'LastMember');
});

test.run();
