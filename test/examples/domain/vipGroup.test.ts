import type { AccessPathCommand, AccessPathId, OperationId, SessionFacts, VipGroupCommand, VipGroupId } from '@blockledger/domain';
import * as assert from 'uvu/assert';
import { uuid } from '../../support/decider.ts';
import { beginPath, clientOf, createVips, isOn, pathId, registerHost, settleWhileAway, vipGroupId, vipIdOf, vipWish } from '../../support/pathScene.ts';
import { pathHosts } from '../../support/pathHosts.ts';
import { addressIdOf, addressOf, hostIdOf, type PathOptions } from '../../support/pathWorld.ts';
import { suite } from '../../support/suite.ts';

const test = suite('VIP groups');

test('virtual IPs stand beside the physical portals until they are served, and alone from then on [R-13, S0-67, S0-71, S0-73]', () => {
  const { it, onVips, calls, vips, targets } = beginPath();
  onVips(createVips()).accepted();
  it.settle();
  assert.is(vips().lifecycle, 'active');
  assert.equal(vips().operations, []);
  const portals = calls.flatMap((call) => (call.on === 'target' && call.action.do === 'ensureTarget' && call.action.target.place.host === 'gw1' ? [call.action.config.portals.map(({ ip }) => ip).join(' ')] : call.on === 'vip' ? [call.action.do] : []));
  assert.equal(portals.filter((one, at) => one !== portals[at - 1]), ['10.252.1.1', 'scanVrids', '10.252.1.1 10.252.1.129', 'ensureInstance', 'observeInstance', '10.252.1.129']);
  assert.ok([...targets.values()].every((config) => config.portals.length === 1));
  const instances = calls.flatMap((call) => (call.on === 'vip' && call.action.do === 'ensureInstance' ? [call.action.instance] : []));
  assert.equal(instances.map(({ priority }) => priority), [101, 100]);
  assert.is(new Set(instances.map(({ vrid }) => vrid)).size, 1);
});

test('a VIP group goes the other way: physical portals, then its instances, then its portals; never none [R-12, S0-65]', () => {
  const { it, onVips, calls, vips, targets } = beginPath();
  onVips(createVips());
  it.settle();
  const before = calls.length;
  onVips({ type: 'DeleteVipGroup', vipGroupId, force: false }).accepted();
  assert.equal(it.owing().map(({ work }) => work.kind), ['tell'], 'no instance goes before the physical portals stand');
  it.settle();
  assert.is(vips().lifecycle, 'deleted');
  const steps = calls.slice(before).flatMap((call) => (call.on === 'target' && call.action.do === 'ensureTarget' && call.action.target.place.host === 'gw1' ? [call.action.config.portals.map(({ ip }) => ip).join(' ')] : call.on === 'vip' ? [call.action.do] : []));
  assert.equal(steps.filter((one, at) => one !== steps[at - 1]), ['10.252.1.1 10.252.1.129', 'ensureInstanceGone', '10.252.1.1']);
  assert.equal([...targets.values()].map(({ portals }) => portals.map(({ ip }) => ip)), [['10.252.1.1'], ['10.252.1.2']]);
});

test('a virtual router id that somebody else speaks for is given back, and the next one is tried [R-16, S0-74, I-23]', () => {
  let scans = 0;
  const seen: number[] = [];
  const { it, onVips, vips } = beginPath({
    act: (work) => {
      if (work.on !== 'vip' || work.action.do !== 'scanVrids') return undefined;
      scans += 1;
      const vrid = vips().group?.vips[0]?.vrid ?? 0;
      seen.push(vrid);
      return { heard: scans === 1 ? [{ source: '10.252.1.68', vrid, priority: 101 }] : [] };
    },
  });
  onVips(createVips());
  it.settle();
  assert.is(vips().lifecycle, 'active');
  assert.is(scans, 2);
  assert.is.not(seen[0], seen[1]);
  assert.equal(seen.map((vrid) => it.held({ kind: 'vrid', segment: 'lan', vrid }).total), [0, 1]);
});

test('a virtual IP is inside the network, nobody else’s address, and one of at most sixteen, never none [R-15, S0-70, S0-79]', () => {
  const { it, onVips, vips } = beginPath();
  onVips(createVips());
  it.settle();
  const add = (n: number, ip: string): VipGroupCommand => ({ type: 'AddVip', vipGroupId, vip: { vipId: vipIdOf(n), ip, mask: 32, networkAddressId: addressIdOf(2) } });
  onVips(add(2, '10.252.2.1')).refused('VipIsOutside');
  onVips(add(2, '10.252.1.255')).refused('VipIsOutside');
  onVips({ type: 'RemoveVip', vipGroupId, vipId: vipIdOf(1) }).refused('LastVip');
  const taken = onVips(add(2, '10.252.1.2'));
  it.settle();
  assert.is(vips().refused.find(({ operationId }) => operationId === taken.operationId)?.refusal._tag, 'AddressIsTaken');
  for (let n = 2; n <= 16; n += 1) {
    onVips(add(n, `10.252.1.${128 + n}`)).accepted();
    it.settle();
  }
  assert.is(vips().group?.vips.length, 16);
  onVips(add(17, '10.252.1.200')).refused('TooManyVips');
  onVips({ type: 'RemoveVip', vipGroupId, vipId: vipIdOf(1) }).accepted();
  it.settle();
  assert.is(vips().group?.vips.length, 15);
});

test('a host leaves a VIP group after it yielded, and never as the last one [R-14, S0-78]', () => {
  const { it, onVips, calls, vips } = beginPath();
  onVips(createVips());
  it.settle();
  const leave = (n: number): VipGroupCommand => ({ type: 'RemoveVipMember', vipGroupId, networkAddressId: addressIdOf(n) });
  onVips(leave(1)).refused('MemberIsPreferred');
  const before = calls.length;
  onVips(leave(2)).accepted();
  it.settle();
  const onSecond = calls.slice(before).flatMap((call) => (call.on === 'vip' && call.action.place.host === 'gw2' ? [call.action.do === 'ensureInstance' ? `yielding ${call.action.yielding}` : call.action.do] : []));
  assert.equal(onSecond, ['yielding true', 'ensureInstanceGone']);
  assert.is(vips().group?.members.length, 1);
  onVips(leave(1)).refused('LastMember');
});

test('what a host that leaves held is held by another one before anything of it goes; where nobody takes it, it waits [R-14]', () => {
  let takes = false;
  const act: PathOptions['act'] = (work) => (work.on === 'vip' && work.action.do === 'observeInstance' ? { exists: true, holds: work.action.place.host === (takes ? 'gw1' : 'gw2') } : undefined);
  const { it, onVips, calls, vips } = beginPath({ act });
  onVips(createVips()).accepted();
  it.settle();
  assert.is(vips().group?.vips[0]?.holder, addressIdOf(2), 'the one that is not preferred');
  const before = calls.length;
  onVips({ type: 'RemoveVipMember', vipGroupId, networkAddressId: addressIdOf(2) }).accepted();
  const isAwait = ({ work }: { readonly work: { readonly step: string } }): boolean => work.step.startsWith('await ');
  for (let next = it.owing().find((one) => !isAwait(one)); next !== undefined; next = it.owing().find((one) => !isAwait(one))) it.work(next);
  assert.equal(it.owing().map(({ work }) => work.step), [`await ${vipIdOf(1)} ${addressIdOf(1)}`], 'who may take it is asked, and who leaves is not');
  for (const owed of it.owing()) it.work(owed);
  assert.is(it.owing().length, 1, 'asked until somebody has it');
  onVips({ type: 'ReportVips', vipGroupId, seen: [], heard: null });
  assert.equal([vips().group?.vips[0]?.holder, it.owing().length], [null, 1], 'that nobody was seen to have it is not that it was taken over');
  takes = true;
  it.settle();
  const told = calls.slice(before).flatMap((call) => (call.on === 'vip' && call.action.do !== 'admitHost' ? [`${call.action.place.host} ${call.action.do === 'ensureInstance' && call.action.yielding ? 'yields' : call.action.do}`] : []));
  const [yields, taken, gone] = ['gw2 yields', 'gw1 observeInstance', 'gw2 ensureInstanceGone'].map((what) => told.lastIndexOf(what));
  assert.ok(yields !== -1 && (yields ?? 0) < (taken ?? 0) && (taken ?? 0) < (gone ?? 0), told.join(', '));
  assert.equal([vips().group?.members.length, vips().group?.vips[0]?.holder], [1, addressIdOf(1)]);
});

test('a host that leaves is waited for no longer when it is off, or when nobody is left who could take its place [R-14, I-2, I-20]', () => {
  const act: PathOptions['act'] = (work) => (work.on === 'vip' && work.action.do === 'observeInstance' ? { exists: true, holds: work.action.place.host === 'gw2' } : undefined);
  for (const off of [1, 2]) {
    const { it, onVips, onHost, vips } = beginPath({ act });
    onVips(createVips()).accepted();
    it.settle();
    onVips({ type: 'RemoveVipMember', vipGroupId, networkAddressId: addressIdOf(2) }).accepted();
    onHost({ type: 'DeclareHostOff', hostId: hostIdOf(off), reason: 'burned' }).accepted();
    it.settle();
    assert.equal(vips().group?.members.map(({ networkAddressId }) => networkAddressId), [addressIdOf(1)], `gw${off} is off`);
  }
});

test('what a VIP group is made with is checked before anybody is asked [I-12, R-15, S0-67, S0-76]', () => {
  const { onVips, onHost, it } = beginPath();
  const wrong = (more: Parameters<typeof createVips>[0]) => onVips(createVips(more));
  onVips({ type: 'RedeployVipGroup', vipGroupId }).refused('VipGroupNotFound', { value: vipGroupId });
  wrong({ accessPathId: uuid('9', 9) as AccessPathId }).refused('AccessPathNotFound');
  wrong({ network: '10.252.1.7/24' }).refused('NetworkIsNotAllowed', { value: '10.252.1.7/24' });
  wrong({ network: '10.9.0.0/16', vips: [vipWish(1, { ip: '10.9.0.1' })] }).refused('NoMembers');
  wrong({ vips: [] }).refused('NoVips', { value: 0, limit: 1 });
  wrong({ vips: Array.from({ length: 17 }, (_, n) => vipWish(n + 1)) }).refused('TooManyVips', { value: 17, limit: 16 });
  wrong({ vips: [vipWish(1, { ip: '10.252.2.1' })] }).refused('VipIsOutside', { value: '10.252.2.1', limit: '10.252.1.0/24' });
  wrong({ vips: [vipWish(1, { mask: 16 })] }).refused('MaskIsNotAllowed', { value: 16 });
  wrong({ vips: [vipWish(1), vipWish(2, { ip: vipWish(1).ip })] }).refused('VipIsThereTwice', { value: vipWish(1).ip });
  wrong({ vips: [vipWish(1, { networkAddressId: addressIdOf(9) })] }).refused('PreferredIsNoMember', { value: addressIdOf(9) });
  onHost({ type: 'AddNetworkAddress', hostId: hostIdOf(2), address: addressOf(3, { segment: 'other' }) }).accepted();
  it.settle();
  wrong({ vips: [vipWish(1, { networkAddressId: addressIdOf(3) })] }).refused('SegmentsDiffer', { value: ['lan', 'other'] });
});

test('a VIP group that takes the physical portals from somebody, or its own, needs force [R-12, R-13]', () => {
  let sessions: SessionFacts = { known: true, sessions: [{ host: 'gw1', initiator: clientOf(1), address: null, portal: null }] };
  const { it, onVips } = beginPath({ sessions: () => sessions });
  onVips(createVips()).refused('StillHasSessions', { value: clientOf(1) });
  onVips(createVips({ force: true })).accepted();
  it.settle();
  sessions = { known: false, why: 'gw2 does not answer' };
  onVips({ type: 'DeleteVipGroup', vipGroupId, force: false }).refused('SessionsAreUnknown');
});

test('a VIP group goes while others are logged in by other portals; by its own, or by nobody knows which, they are in the way [R-12]', () => {
  const by = (portal: string | null): SessionFacts => ({ known: true, sessions: [{ host: 'gw1', initiator: clientOf(1), address: null, portal }] });
  let sessions: SessionFacts = { known: true, sessions: [] };
  const { it, onVips, vips } = beginPath({ sessions: () => sessions });
  onVips(createVips({ vips: [vipWish(1), vipWish(2)] })).accepted();
  it.settle();
  const remove = () => onVips({ type: 'DeleteVipGroup', vipGroupId, force: false });
  for (const portal of [null, vipWish(1).ip, vipWish(2).ip]) {
    sessions = by(portal);
    remove().refused('StillHasSessions', { value: clientOf(1) });
  }
  sessions = by(vipWish(3).ip);
  remove().accepted();
  it.settle();
  assert.is(vips().lifecycle, 'deleted');
});

test('a VIP group changes one thing at a time, and knows its addresses and hosts [S0-79, S0-134, R-14]', () => {
  const { it, onVips, onHost, onPath, vips } = beginPath();
  onVips(createVips()).accepted();
  onVips(createVips()).refused('VipGroupAlreadyExists');
  onVips({ type: 'RedeployVipGroup', vipGroupId }).refused('VipGroupIsBusy');
  it.settle();
  onVips({ type: 'RemoveVip', vipGroupId, vipId: vipIdOf(9) }).refused('VipNotFound', { value: vipIdOf(9) });
  onVips({ type: 'AddVipMember', vipGroupId, networkAddressId: addressIdOf(9) }).refused('MemberNotFound', { value: addressIdOf(9) });
  onVips({ type: 'AddVipMember', vipGroupId, networkAddressId: addressIdOf(1) }).refused('MemberAlreadyThere');
  onHost(registerHost(3)).accepted();
  it.settle();
  onPath({ type: 'AddTarget', accessPathId: pathId, hostId: hostIdOf(3) }).accepted();
  it.settle();
  onVips({ type: 'AddVipMember', vipGroupId, networkAddressId: addressIdOf(3) }).accepted();
  it.settle();
  assert.equal([vips().group?.members.length, vips().operations], [3, []]);
  const { operationId } = onVips({ type: 'UpdateVipGroup', vipGroupId, preempt: false }).accepted();
  onVips({ type: 'RetryOperation', vipGroupId, operationId: operationId as OperationId }).refused('NothingToRetry');
  it.settle();
  assert.equal([vips().group?.preempt, vips().operations], [false, []]);
});

test('a host takes part by one of its addresses, the preferred one where there is any: it has one instance of an address [S0-75, I-23]', () => {
  const { it, onVips, onHost, vips } = beginPath();
  onHost({ type: 'AddNetworkAddress', hostId: hostIdOf(1), address: addressOf(11) }).accepted();
  it.settle();
  onVips(createVips({ vips: [vipWish(1, { networkAddressId: addressIdOf(11) })] })).accepted();
  it.settle();
  assert.equal(vips().group?.members.map(({ networkAddressId }) => networkAddressId), [addressIdOf(11), addressIdOf(2)]);
  onVips({ type: 'AddVipMember', vipGroupId, networkAddressId: addressIdOf(1) }).refused('MemberAlreadyThere', { value: addressIdOf(1) });
  onVips({ type: 'AddVip', vipGroupId, vip: vipWish(2, { networkAddressId: addressIdOf(1) }) }).refused('PreferredIsNoMember');
  onVips(createVips({ vipGroupId: uuid('6', 2) as VipGroupId, vips: [1, 11].map((n) => vipWish(n, { networkAddressId: addressIdOf(n) })) })).refused('PreferredIsNoMember');
});

test('an access path has at most four VIP groups, and only where portals are given to its targets [S0-68, R-13]', () => {
  const { it, onVips, late, onPath } = beginPath();
  const group = (n: number): VipGroupCommand => createVips({ vipGroupId: uuid('6', n) as VipGroupId, vips: [vipWish(n)] });
  for (const n of [1, 2, 3, 4]) {
    onVips(group(n)).accepted();
    it.settle();
  }
  late(onVips(group(5))).refused('TooManyVipGroups', { value: 5, limit: 4 });
  onPath({ type: 'DeleteAccessPath', accessPathId: pathId }).refused('AccessPathIsInUse');
  const capabilities = { virtualPortals: false };
  const fixed = beginPath({ capabilities });
  fixed.onVips(createVips()).refused('CapabilityIsMissing', { value: 'virtualPortals' });
  // A group that was asked for while hosts could is refused by the access path.
  capabilities.virtualPortals = true;
  const accepted = fixed.onVips(createVips());
  capabilities.virtualPortals = false;
  fixed.late(accepted).refused('VipsNeedPortals', { value: 'virtualPortals' });
});

test('a host between whose like addresses move keeps its target, and one that left is no member [R-14, R-15]', () => {
  const { it, onVips, onPath, late, vips } = beginPath();
  const remove: AccessPathCommand = { type: 'RemoveTarget', accessPathId: pathId, hostId: hostIdOf(2), force: true };
  onVips(createVips()).accepted();
  it.settle();
  onPath(remove).refused('TargetHoldsVips', { value: 'gw2' });
  onVips({ type: 'RemoveVipMember', vipGroupId, networkAddressId: addressIdOf(2) }).accepted();
  it.settle();
  onPath(remove).accepted();
  it.settle();
  const other = beginPath();
  const joining = other.onVips(createVips()).accepted();
  other.onPath(remove).accepted();
  other.it.work(other.it.owing().find(({ kind, work }) => kind === 'vipGroup' && work.step === 'reserve')!);
  other.late(joining).refused('TargetNotFound', { value: hostIdOf(2) });
  assert.is(vips().group?.members.length, 1);
  assert.is(late(joining).refusal, undefined);
});

test('a host that was declared off holds up neither its removal from a VIP group nor the group’s deletion [I-20, I-26]', () => {
  const { it, onVips, onPath, onHost, vips, path } = beginPath();
  onVips(createVips()).accepted();
  it.settle();
  onVips({ type: 'RemoveVipMember', vipGroupId, networkAddressId: addressIdOf(2) }).accepted();
  settleWhileAway(it, isOn('gw2'));
  assert.equal(vips().operations.map(({ kind }) => kind), ['removeMember']);
  onHost({ type: 'DeclareHostOff', hostId: hostIdOf(2), reason: 'burnt' }).accepted();
  settleWhileAway(it, isOn('gw2'));
  assert.equal([vips().operations, vips().group?.members.length], [[], 1]);
  onPath({ type: 'RemoveTarget', accessPathId: pathId, hostId: hostIdOf(2), force: true }).accepted();
  settleWhileAway(it, isOn('gw2'));
  onHost({ type: 'DeclareHostOff', hostId: hostIdOf(1), reason: 'burnt, too' }).accepted();
  settleWhileAway(it, isOn('gw1'));
  onVips({ type: 'DeleteVipGroup', vipGroupId, force: true }).accepted();
  settleWhileAway(it, isOn('gw1'));
  assert.equal([vips().lifecycle, path().path?.vips], ['deleted', []]);
});

test('a preferred host that burnt leaves its VIP group, and the others keep their order [I-20, S0-77, S0-78]', () => {
  const { it, onVips, onPath, onHost, vips, calls } = beginPath();
  onVips(createVips()).accepted();
  it.settle();
  const leave: VipGroupCommand = { type: 'RemoveVipMember', vipGroupId, networkAddressId: addressIdOf(1) };
  onVips(leave).refused('MemberIsPreferred', { value: '10.252.1.129' });
  onHost({ type: 'DeclareHostOff', hostId: hostIdOf(1), reason: 'burnt' }).accepted();
  settleWhileAway(it, isOn('gw1'));
  onPath({ type: 'RemoveTarget', accessPathId: pathId, hostId: hostIdOf(1), force: true }).refused('TargetHoldsVips', { value: 'gw1' });
  onVips(leave).accepted();
  settleWhileAway(it, isOn('gw1'));
  assert.equal([vips().operations, vips().group?.members.map(({ host }) => host)], [[], ['gw2']]);
  onVips({ type: 'RedeployVipGroup', vipGroupId }).accepted();
  settleWhileAway(it, isOn('gw1'));
  const latest = calls.findLast((call) => call.on === 'vip' && call.action.do === 'ensureInstance');
  assert.is(latest?.on === 'vip' && latest.action.do === 'ensureInstance' ? latest.action.instance.priority : 0, 100);
  onPath({ type: 'RemoveTarget', accessPathId: pathId, hostId: hostIdOf(1), force: true }).accepted();
});

test('what a virtual IP left behind on a host that was off goes when that returns, unless it is wanted again [I-20, R-14, S0-82]', () => {
  const hosts = pathHosts();
  const { it, onVips, onHost, vips } = beginPath({ act: hosts.act });
  onVips(createVips({ vips: [vipWish(1), vipWish(2)] })).accepted();
  it.settle();
  const onSecond = () => [...hosts.instances.values()].filter(({ host }) => host === 'gw2').map(({ instance }) => instance.vipId);
  onHost({ type: 'DeclareHostOff', hostId: hostIdOf(2), reason: 'no power' }).accepted();
  settleWhileAway(it, isOn('gw2'));
  onVips({ type: 'RemoveVip', vipGroupId, vipId: vipIdOf(2) }).accepted();
  settleWhileAway(it, isOn('gw2'));
  assert.equal([vips().operations, onSecond()], [[], [vipIdOf(1), vipIdOf(2)]]);
  onHost({ type: 'DeclareHostBack', hostId: hostIdOf(2) }).accepted();
  it.settle();
  assert.equal([onSecond(), vips().dues], [[vipIdOf(1)], []]);
  onHost({ type: 'DeclareHostOff', hostId: hostIdOf(2), reason: 'no power' }).accepted();
  settleWhileAway(it, isOn('gw2'));
  onVips({ type: 'RemoveVipMember', vipGroupId, networkAddressId: addressIdOf(2) }).accepted();
  settleWhileAway(it, isOn('gw2'));
  assert.is(vips().dues.length, 1);
  onVips({ type: 'AddVipMember', vipGroupId, networkAddressId: addressIdOf(2) }).accepted();
  assert.equal([vips().dues, vips().group?.members.map(({ off }) => off)], [[], [false, true]]);
  onHost({ type: 'DeclareHostBack', hostId: hostIdOf(2) }).accepted();
  it.settle();
  assert.equal([onSecond(), vips().operations], [[vipIdOf(1)], []]);
});

test('where every virtual router id is taken the address is refused, and nobody tries for ever [R-16, I-26]', () => {
  let isTaken = true;
  const heard = Array.from({ length: 255 }, (_, n) => ({ source: '10.252.1.68', vrid: n + 1, priority: 101 }));
  const { it, onVips, late, vips } = beginPath({ act: (work) => (work.on === 'vip' && work.action.do === 'scanVrids' ? { heard: isTaken ? heard : [] } : undefined) });
  late(onVips(createVips())).refused('NoVridIsFree', { value: '10.252.1.129', limit: 255 });
  assert.is(vips().lifecycle, 'refused');
  isTaken = false;
  onVips(createVips({ vipGroupId: uuid('6', 2) as VipGroupId })).accepted();
  it.settle();
  isTaken = true;
  late(onVips({ type: 'AddVip', vipGroupId: uuid('6', 2) as VipGroupId, vip: vipWish(2) })).refused('NoVridIsFree');
});

test('rounds tell who holds an address, when several do, and when a stranger speaks for its id [I-23]', () => {
  const { it, onVips, vips } = beginPath();
  onVips(createVips()).accepted();
  it.settle();
  const saw = (...holding: readonly number[]): VipGroupCommand => ({
    type: 'ReportVips',
    vipGroupId,
    seen: [1, 2].map((n) => ({ vipId: vipIdOf(1), networkAddressId: addressIdOf(n), state: 'master', holds: holding.includes(n) })),
    heard: [{ source: holding.length === 0 ? '10.252.1.68' : '10.252.1.1', vrid: vips().group?.vips[0]?.vrid ?? 0, priority: 101 }],
  });
  onVips(saw(2));
  assert.equal(vips().group?.vips.map(({ holder, isSplit, isContested }) => [holder, isSplit, isContested]), [[addressIdOf(2), false, false]]);
  onVips(saw(1, 2));
  assert.equal(vips().group?.vips.map(({ holder, isSplit }) => [holder, isSplit]), [[addressIdOf(2), true]]);
  onVips(saw());
  assert.equal(vips().group?.vips.map(({ holder, isSplit, isContested }) => [holder, isSplit, isContested]), [[null, false, true]]);
  const isContested = (): boolean | undefined => vips().group?.vips[0]?.isContested;
  onVips({ type: 'ReportVips', vipGroupId, seen: [], heard: null });
  assert.ok(isContested(), 'nobody listened');
  onVips(saw(1));
  assert.not(isContested());
});

test('physical portals stand until somebody holds every virtual IP: hosts are asked for as long as none does [R-13, I-20]', () => {
  let isHeld = false;
  const { it, onVips, vips, targets } = beginPath({ act: (work) => (work.on === 'vip' && work.action.do === 'observeInstance' ? { exists: true, holds: isHeld && work.action.place.host === 'gw2' } : undefined) });
  onVips(createVips({ vips: [vipWish(1), vipWish(2)] })).accepted();
  const asks = (): readonly string[] => it.owing().map(({ work }) => work.step.split(' ')[0] ?? '');
  while (asks().some((step) => step !== 'await')) it.work(it.owing().find(({ work }) => !work.step.startsWith('await '))!);
  assert.equal(asks(), ['await', 'await', 'await', 'await'], 'each address on each host');
  for (const owed of it.owing()) it.work(owed);
  assert.equal([vips().lifecycle, vips().stage, asks().length], ['creating', 'beside', 4], 'nobody holds them yet');
  assert.ok([...targets.values()].every(({ portals }) => portals.length === 3));
  isHeld = true;
  for (const owed of it.owing()) it.work(owed);
  it.settle();
  assert.equal([vips().lifecycle, vips().stage], ['active', 'alone']);
  assert.equal(vips().group?.vips.map(({ holder }) => holder), [addressIdOf(2), addressIdOf(2)]);
  assert.ok([...targets.values()].every(({ portals }) => portals.length === 2));
});

test.run();
