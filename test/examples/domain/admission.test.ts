import { ADMISSION_SETTLES_MS, ASK_AGAIN_MS, hostStream, type AccessPathCommand, type AccessPathId, type HostCommand, type HostState, type Perform, type SeenVip, type VipGroupCommand, type VipGroupFields } from '@blockledger/domain';
import * as assert from 'uvu/assert';
import { uuid } from '../../support/decider.ts';
import { pathHosts, type PathHosts } from '../../support/pathHosts.ts';
import { addVolumes, beginPath, createGroup, createPath, createVips, deleteGroup, groupId, isOn, pathId, removeVolumes, settleWhileAway, vipGroupId, type PathScene } from '../../support/pathScene.ts';
import { hostIdOf } from '../../support/pathWorld.ts';
import { volumeIdOf } from '../../support/samples.ts';
import { suite } from '../../support/suite.ts';
import type { Fault } from '../../support/world.ts';

const test = suite('admission of hosts');

interface Gateways extends PathScene {
  readonly hosts: PathHosts;
  readonly group: () => VipGroupFields;
  /** A round has looked at every instance. */
  readonly look: () => void;
  readonly hostState: (n: number) => HostState;
  /** What was asked of one host since, in short. */
  readonly callsOn: (host: string, since: number) => readonly string[];
}

const nameOf = (work: Perform): string => (work.on === 'target' && work.action.do === 'ensureTarget' ? `ensureTarget ${work.action.config.luns.map(({ lun }) => lun).join()}` : work.action.do);

/** Two gateways with a mapped volume, and a virtual IP between them. */
const begin = (): Gateways => {
  const hosts = pathHosts();
  const scene = beginPath({ act: hosts.act });
  const group = (): VipGroupFields => scene.vips().group!;
  const report = (seen: readonly SeenVip[]): VipGroupCommand => ({ type: 'ReportVips', vipGroupId, seen, heard: [] });
  scene.onPath(createGroup(1, [volumeIdOf(1)])).accepted();
  scene.onVips(createVips()).accepted();
  scene.it.settle();
  const look = (): void => void scene.onVips(report(hosts.seen(group()))).accepted();
  look();
  return {
    ...scene,
    hosts,
    group,
    look,
    hostState: (n) => scene.it.streams.get(hostStream(hostIdOf(n)))?.state as HostState,
    callsOn: (host, since) => scene.calls.slice(since).filter(isOn(host)).map(nameOf),
  };
};

const checksOf = ({ hosts }: Gateways) => [...hosts.instances.values()].map(({ host, instance }) => [host, instance.checks.map(({ portal, luns }) => `${portal.ip}:${portal.port} ${luns.join()}`)]);

test('a host holds no address before its first admission, which finds its LUNs as fresh as they are [I-20, I-21, R-13]', () => {
  const { hosts, calls, hostState, vips } = begin();
  assert.equal([...hosts.admitted.keys()], ['gw1', 'gw2']);
  assert.is(calls.some(({ action }) => action.do === 'ensureTargetGone'), false, 'nobody was cut off for it');
  assert.equal([1, 2].map((n) => hostState(n).admission?.opening), [1, 1]);
  assert.equal(vips().operations, []);
});

test('a fenced host opens its LUNs anew before it is admitted again, with another token, and the other host is left alone [I-20, I-21, I-22]', () => {
  const scene = begin();
  const { it, hosts, look, calls, callsOn, hostState } = scene;
  it.advance(ADMISSION_SETTLES_MS);
  const before = calls.length;
  const token = hosts.admitted.get('gw1');
  hosts.fence('gw1');
  look();
  it.settle();
  assert.equal(callsOn('gw1', before), ['ensureTargetGone', 'ensureTarget 0', 'admitHost']);
  assert.is(callsOn('gw2', before).includes('ensureTargetGone'), false);
  assert.is.not(hosts.admitted.get('gw1'), token);
  assert.equal([hosts.faults, hostState(1).admission?.opening], [[], 2]);
  look();
  assert.equal(scene.group().members.map(({ admission }) => admission), [null, null]);
});

test('a host is not admitted while one of its access paths has not opened its LUNs anew [I-21]', () => {
  const scene = begin();
  const { it, hosts, look, onPath, onVips, hostState } = scene;
  const other = uuid('9', 2) as AccessPathId;
  onPath(createPath({ accessPathId: other, name: 'silver' })).accepted();
  it.settle();
  onVips(createVips({ vipGroupId: uuid('6', 2) as typeof vipGroupId, accessPathId: other, vips: [{ ...group2(scene), vipId: uuid('5', 9) as never, ip: '10.252.1.200' }] })).accepted();
  it.settle();
  it.advance(ADMISSION_SETTLES_MS);
  hosts.fence('gw1');
  look();
  const isOther = (work: Perform): boolean => work.on === 'target' && work.action.target.accessPathId === other;
  settleWhileAway(it, isOther);
  assert.is(hosts.admitted.has('gw1'), false);
  assert.equal(Object.values(hostState(1).users).map(({ opened }) => opened).toSorted((a, b) => a - b), [1, 2]);
  it.settle();
  assert.is(hosts.admitted.has('gw1'), true);
  assert.equal(hosts.faults, []);
});

const group2 = ({ group }: Gateways) => {
  const { mask, preferred } = group().vips[0]!;
  return { mask, networkAddressId: preferred };
};

test('targets that no virtual IP leads to are not taken away for an admission [I-21]', () => {
  const { it, hosts, look, onPath, calls } = begin();
  const other = uuid('9', 2) as AccessPathId;
  onPath(createPath({ accessPathId: other, name: 'silver' })).accepted();
  it.settle();
  it.advance(ADMISSION_SETTLES_MS);
  const before = calls.length;
  hosts.fence('gw1');
  look();
  it.settle();
  assert.is(hosts.admitted.has('gw1'), true);
  assert.equal(calls.slice(before).filter((call) => call.on === 'target' && call.action.do === 'ensureTargetGone').map((call) => call.on === 'target' && call.action.target.accessPathId), [pathId]);
});

/** Another access path, whose targets were left as they were when the first gateway opened its LUNs anew. */
const beginUnopened = (): Gateways & { readonly other: AccessPathId } => {
  const scene = begin();
  const { it, hosts, look, onPath } = scene;
  const other = uuid('9', 2) as AccessPathId;
  onPath(createPath({ accessPathId: other, name: 'silver' })).accepted();
  it.settle();
  it.advance(ADMISSION_SETTLES_MS);
  hosts.fence('gw1');
  look();
  return { ...scene, other };
};
const vipsOfOther = (scene: Gateways, accessPathId: AccessPathId): VipGroupCommand =>
  createVips({ vipGroupId: uuid('6', 2) as typeof vipGroupId, accessPathId, vips: [{ ...group2(scene), vipId: uuid('5', 9) as never, ip: '10.252.1.200' }] });
const callsFor = ({ calls }: Gateways, accessPathId: AccessPathId, since: number): readonly string[] =>
  calls.slice(since).flatMap((call) => (call.on === 'target' && call.action.target.accessPathId === accessPathId ? [`${call.action.do} ${call.action.target.place.host}`] : []));

test('targets that were left as they were for an admission are taken away and made again before the first virtual IP leads to them [I-21]', () => {
  const scene = beginUnopened();
  const { it, hosts, onVips, calls, other } = scene;
  it.settle();
  assert.is(hosts.admitted.has('gw1'), true);
  const before = calls.length;
  onVips(vipsOfOther(scene, other)).accepted();
  it.settle();
  const asked = callsFor(scene, other, before);
  assert.equal([asked.filter((call) => call.includes('Gone')), asked.indexOf('ensureTargetGone gw1') < asked.indexOf('ensureTarget gw1')], [['ensureTargetGone gw1'], true]);
  assert.equal(hosts.faults, []);
  assert.is([...hosts.instances.values()].some(({ host, instance }) => host === 'gw1' && instance.ip === '10.252.1.200'), true);
});

test('a host is not admitted with targets that a virtual IP came to lead to while its admission waited for others [I-21]', () => {
  const scene = beginUnopened();
  const { it, hosts, onVips, other } = scene;
  // The first access path has not taken its target away yet; the other one has nothing to do.
  const isFirst = (work: Perform): boolean => work.on === 'target' && work.action.target.accessPathId === pathId;
  settleWhileAway(it, isFirst);
  assert.is(hosts.admitted.has('gw1'), false);
  onVips(vipsOfOther(scene, other)).accepted();
  settleWhileAway(it, isFirst);
  it.settle();
  assert.equal([hosts.admitted.has('gw1'), hosts.faults], [true, []]);
});

test('a target that a host kept while it was off and given up goes before it is made again there: what it has open may be locked out [I-20, I-21]', () => {
  const scene = begin();
  const { it, hosts, onPath, onHost, calls } = scene;
  const other = uuid('9', 2) as AccessPathId;
  onPath(createPath({ accessPathId: other, name: 'silver' })).accepted();
  it.settle();
  onHost({ type: 'DeclareHostOff', hostId: hostIdOf(1), reason: 'no power' }).accepted();
  hosts.fence('gw1');
  onPath({ type: 'RemoveTarget', accessPathId: other, hostId: hostIdOf(1), force: true }).accepted();
  settleWhileAway(it, isOn('gw1'));
  onPath({ type: 'AddTarget', accessPathId: other, hostId: hostIdOf(1) }).accepted();
  settleWhileAway(it, isOn('gw1'));
  const before = calls.length;
  onHost({ type: 'DeclareHostBack', hostId: hostIdOf(1) }).accepted();
  it.settle();
  assert.equal(callsFor(scene, other, before).filter((call) => call.endsWith('gw1')), ['ensureTargetGone gw1', 'ensureTarget gw1']);
  assert.equal([...hosts.targets.values()].filter(({ host, isStale, ref }) => host === 'gw1' && isStale && ref.accessPathId === other), []);
});

test('who looked before the admission does not have everything opened once more [I-21]', () => {
  const scene = begin();
  const { it, hosts, onHost, onVips, group, look, calls, hostState } = scene;
  it.advance(ADMISSION_SETTLES_MS);
  hosts.fence('gw1');
  const old = hosts.seen(group());
  look();
  it.settle();
  const before = calls.length;
  look();
  onVips({ type: 'ReportVips', vipGroupId, seen: old, heard: [] }).accepted();
  assert.is.not(group().members[0]?.admission, null);
  it.settle();
  assert.equal([calls.length, group().members[0]?.admission, hostState(1).admission?.opening], [before, null, 2]);
  const ask: HostCommand = { type: 'AskAdmission', hostId: hostIdOf(1) };
  const refusal = onHost(ask).refused('AdmittedJustNow', { limit: ADMISSION_SETTLES_MS });
  assert.ok(Number(refusal.value) < ADMISSION_SETTLES_MS);
  it.advance(ADMISSION_SETTLES_MS);
  onHost(ask).accepted();
  assert.is(hostState(1).admission?.opening, 3);
  onHost(ask).accepted();
  assert.is(hostState(1).admission?.opening, 3, 'one opening at a time');
});

test('a host that stays without admission is asked again, and not at every look [I-21, I-24]', () => {
  const scene = begin();
  const { it, hosts, look, group, callsOn, calls } = scene;
  it.advance(ADMISSION_SETTLES_MS);
  hosts.fence('gw1');
  look();
  it.settle();
  hosts.fence('gw1');
  const before = calls.length;
  look();
  const { since } = group().members[0]!.admission!;
  look();
  assert.is(group().members[0]?.admission?.since, since);
  it.settle();
  assert.equal(callsOn('gw1', before), [], 'it was admitted just now');
  it.advance(ASK_AGAIN_MS);
  look();
  it.settle();
  assert.equal([hosts.admitted.has('gw1'), hosts.faults], [true, []]);
});

test('a host that is off is not admitted, and one whose admission failed for good is asked once more by a redeployment [I-2, I-20]', () => {
  const scene = begin();
  const { it, hosts, look, onHost, onVips, hostState } = scene;
  it.advance(ADMISSION_SETTLES_MS);
  hosts.fence('gw1');
  onHost({ type: 'DeclareHostOff', hostId: hostIdOf(1), reason: 'burnt' }).accepted();
  look();
  it.settle();
  assert.is(hosts.admitted.has('gw1'), false);
  onHost({ type: 'DeclareHostBack', hostId: hostIdOf(1) }).accepted();
  look();
  const broken = { error: { _tag: 'Permanent', code: 'Broken', message: 'no disk' }, landed: false, final: true } as const;
  it.settle((work) => (work.kind === 'perform' && work.action.do === 'admitHost' ? broken : undefined));
  assert.equal([hosts.admitted.has('gw1'), Object.values(hostState(1).troubles).map(({ final, error }) => [final, error.code])], [false, [[true, 'Broken']]]);
  look();
  it.settle();
  assert.is(hosts.admitted.has('gw1'), false);
  onVips({ type: 'RedeployVipGroup', vipGroupId }).accepted();
  it.settle();
  assert.equal([hosts.admitted.has('gw1'), hostState(1).troubles, hosts.faults], [true, {}, []]);
});

test('what was opened before a host went off does not count: its admission begins again when it is back [I-20, I-21]', () => {
  const { it, hosts, look, onHost, hostState } = begin();
  it.advance(ADMISSION_SETTLES_MS);
  hosts.fence('gw1');
  look();
  it.work(it.owing()[0]!);
  onHost({ type: 'DeclareHostOff', hostId: hostIdOf(1), reason: 'no power' }).accepted();
  it.settle();
  const { opening, token } = hostState(1).admission!;
  assert.is(hosts.admitted.has('gw1'), false);
  onHost({ type: 'DeclareHostBack', hostId: hostIdOf(1) }).accepted();
  it.settle();
  assert.equal([opening, hostState(1).admission?.opening, hosts.faults], [2, 3, []]);
  assert.is.not(hosts.admitted.get('gw1'), token);
  assert.is(hosts.admitted.has('gw1'), true);
});

test('a host that is used while another opening waits does not hold that up for ever [I-21, I-26]', () => {
  const { it, hosts, look, onPath, hostState } = begin();
  it.advance(ADMISSION_SETTLES_MS);
  onPath(createPath({ accessPathId: uuid('9', 2) as AccessPathId, name: 'silver' })).accepted();
  for (const owed of it.owing().filter(({ kind }) => kind === 'accessPath')) it.work(owed);
  assert.equal(Object.keys(hostState(1).users).length, 2);
  hosts.fence('gw1');
  look();
  it.settle();
  assert.equal([hosts.admitted.has('gw1'), hosts.faults, Object.values(hostState(1).users).map(({ opened }) => opened)], [true, [], [2, 2]]);
});

test('an instance checks the portal and the LUNs that its host is sure to serve: what is added when it stands, what goes before it goes [I-20, I-21, S0-94]', () => {
  const scene = begin();
  const { it, onPath, hosts, calls } = scene;
  assert.equal(checksOf(scene), [['gw1', ['10.252.1.129:3260 0']], ['gw2', ['10.252.1.129:3260 0']]]);
  let before = calls.length;
  onPath(addVolumes(1, [volumeIdOf(2)])).accepted();
  it.settle();
  assert.equal(checksOf(scene), [['gw1', ['10.252.1.129:3260 0,1']], ['gw2', ['10.252.1.129:3260 0,1']]]);
  assert.equal([...new Set(calls.slice(before).map(nameOf))], ['ensureTarget 0,1', 'ensureInstance']);
  before = calls.length;
  onPath(removeVolumes(1, [volumeIdOf(1)])).accepted();
  it.settle();
  assert.equal(calls.slice(before).map(nameOf), ['ensureInstance', 'ensureInstance', 'ensureTarget 1', 'ensureTarget 1']);
  onPath(deleteGroup(1)).accepted();
  it.settle();
  assert.equal([checksOf(scene).map(([, checks]) => checks), hosts.faults], [[['10.252.1.129:3260 '], ['10.252.1.129:3260 ']], []]);
});

test('a host that cannot be reached does not hold up what goes, nor does a group that goes itself; and force waits for nobody [I-20, I-21]', () => {
  const scene = begin();
  const { it, onPath, onVips, calls, path } = scene;
  onPath(addVolumes(1, [volumeIdOf(2), volumeIdOf(3)])).accepted();
  it.settle();
  onPath(removeVolumes(1, [volumeIdOf(1)])).accepted();
  settleWhileAway(it, isOn('gw2'));
  const onFirst = (): number => calls.filter((call) => isOn('gw1')(call) && nameOf(call) === 'ensureTarget 1,2').length;
  assert.is(onFirst(), 1);
  it.settle();
  const before = calls.length;
  onPath(removeVolumes(1, [volumeIdOf(2)], true)).accepted();
  it.settle();
  assert.is(nameOf(calls[before]!), 'ensureTarget 2');
  onVips({ type: 'DeleteVipGroup', vipGroupId, force: true }).accepted();
  onPath({ type: 'DeleteMappingGroup', accessPathId: pathId, mappingGroupId: groupId(1), force: false, loggedOut: false } satisfies AccessPathCommand).accepted();
  it.settle();
  assert.equal([path().operations, path().path?.groups, path().path?.vips], [[], [], []]);
});

/** Such work fails for good. */
const fails = (which: (work: Perform) => boolean): Fault => (work) => (work.kind === 'perform' && which(work) ? { error: { _tag: 'Permanent', code: 'Broken', message: 'it does not work' }, landed: false, final: true } : undefined);

test('a host that comes back gives up what was released meanwhile, whatever virtual IPs still wait for [I-20, I-21]', () => {
  const { it, onPath, onHost, targets } = begin();
  onHost({ type: 'DeclareHostOff', hostId: hostIdOf(1), reason: 'disks' }).accepted();
  onPath(removeVolumes(1, [volumeIdOf(1)], true)).accepted();
  // The instance on the other host cannot be told what it need not check any more, until somebody looks at it.
  it.settle(fails((work) => work.on === 'vip' || isOn('gw1')(work)));
  const lunsOn = (host: string): readonly number[] => [...targets].filter(([key]) => key.startsWith(`${host} `)).flatMap(([, { luns }]) => luns.map(({ lun }) => lun));
  assert.equal([it.volumeState(volumeIdOf(1)).volume?.mappings, lunsOn('gw2'), lunsOn('gw1')], [{}, [], [0]]);
  onHost({ type: 'DeclareHostBack', hostId: hostIdOf(1) }).accepted();
  it.settle(fails((work) => work.on === 'vip'));
  assert.equal(lunsOn('gw1'), []);
});

test.run();
