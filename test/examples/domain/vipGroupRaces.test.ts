import type { VipGroupCommand, VipGroupId } from '@blockledger/domain';
import * as assert from 'uvu/assert';
import { uuid } from '../../support/decider.ts';
import { pathHosts } from '../../support/pathHosts.ts';
import { beginPath, clientOf, createGroup, createVips, isOn, pathId, registerHost, settleWhileAway, vipGroupId, vipWish } from '../../support/pathScene.ts';
import { addressIdOf, hostIdOf } from '../../support/pathWorld.ts';
import { volumeIdOf } from '../../support/samples.ts';
import { suite } from '../../support/suite.ts';

const test = suite('VIP groups that meet others');

const second = createVips({ vipGroupId: uuid('6', 2) as VipGroupId, vips: [vipWish(2)] });

test('a host of which nothing is sure yet must serve what the others do before it holds an address [R-15, I-20, I-21]', () => {
  const hosts = pathHosts();
  const { it, onPath, onHost, onVips } = beginPath({ act: hosts.act });
  onPath(createGroup(1, [volumeIdOf(1)])).accepted();
  onVips(createVips()).accepted();
  onHost(registerHost(3)).accepted();
  it.settle();
  onPath({ type: 'AddTarget', accessPathId: pathId, hostId: hostIdOf(3) }).accepted();
  const isTargetOf3 = (work: Parameters<ReturnType<typeof isOn>>[0]): boolean => work.on === 'target' && isOn('gw3')(work);
  settleWhileAway(it, isTargetOf3);
  onVips({ type: 'AddVipMember', vipGroupId, networkAddressId: addressIdOf(3) }).accepted();
  settleWhileAway(it, isTargetOf3);
  assert.is([...hosts.targets.values()].some(({ host }) => host === 'gw3'), false);
  const checks = () => [...hosts.instances.values()].map(({ host, instance }) => [host, instance.checks.map(({ luns }) => luns)]);
  assert.equal(checks(), ['gw1', 'gw2', 'gw3'].map((host) => [host, [[0]]]));
  it.settle();
  assert.equal([checks().length, hosts.faults], [3, []]);
});

test('a VIP group whose address is taken is refused before the access path is touched [R-15, S0-67]', () => {
  const { it, onVips, path } = beginPath();
  it.settle();
  const before = path();
  onVips({ ...second, vips: [vipWish(2), vipWish(3, { ip: '10.252.1.2' })] } as VipGroupCommand).accepted();
  it.settle();
  assert.equal(it.owing(), []);
  assert.equal(path(), before);
  onVips(createVips({ vipGroupId: uuid('6', 3) as VipGroupId, vips: [vipWish(2)] })).accepted();
  it.settle();
  assert.equal(path().path?.vips.length, 1, 'what was free is free again');
});

test('another VIP group takes no physical portal from anybody, so who is logged in is not in its way [R-13]', () => {
  let loggedIn = false;
  const { it, onVips } = beginPath({ sessions: () => ({ known: true, sessions: loggedIn ? [{ host: 'gw1', initiator: clientOf(1), address: null, portal: null }] : [] }) });
  onVips(createVips()).accepted();
  it.settle();
  loggedIn = true;
  onVips(second).accepted();
  it.settle();
  for (const id of [vipGroupId, uuid('6', 2) as VipGroupId]) {
    onVips({ type: 'DeleteVipGroup', vipGroupId: id, force: false }).refused('StillHasSessions');
    onVips({ type: 'DeleteVipGroup', vipGroupId: id, force: true }).accepted();
  }
  it.settle();
  onVips(createVips({ vipGroupId: uuid('6', 3) as VipGroupId, vips: [vipWish(3)] })).refused('StillHasSessions');
});

test('a ninth access path gets no virtual IPs, and what its group had asked for is given back [S0-69, I-26]', () => {
  const { it, ask, onVips, late, path } = beginPath();
  const others = Array.from({ length: 8 }, (_, n) => uuid('9', n + 20));
  for (const holder of others) ask({ to: 'reservation', command: { type: 'Reserve', key: { kind: 'vipPaths' }, holder, amount: 1, bounded: true } }).accepted();
  const refusal = late(onVips(createVips())).refused('TooManyVipPaths');
  assert.is(refusal.limit, 8);
  assert.equal([path().path?.vips, it.held({ kind: 'vipPaths' }).total, it.held({ kind: 'address', ip: vipWish(1).ip }).total], [[], 8, 0]);
  ask({ to: 'reservation', command: { type: 'Release', key: { kind: 'vipPaths' }, holder: others[0]! } }).accepted();
  onVips(second).accepted();
  it.settle();
  assert.equal([path().path?.vips.length, it.held({ kind: 'vipPaths' }).total], [1, 8]);
});

/** The last VIP group has gone, and what it gave back is just under way. */
const givingBack = () => {
  const scene = beginPath();
  const { it, onVips } = scene;
  onVips(createVips()).accepted();
  it.settle();
  assert.is(it.held({ kind: 'vipPaths' }).total, 1);
  onVips({ type: 'DeleteVipGroup', vipGroupId, force: false } satisfies VipGroupCommand).accepted();
  for (let owed = it.owing()[0]; owed !== undefined && owed.work.step !== 'uncount'; owed = it.owing().find(({ work }) => work.step === 'uncount') ?? it.owing()[0]) it.work(owed);
  const late = it.owing().find(({ work }) => work.step === 'uncount');
  assert.ok(late !== undefined);
  return { ...scene, late };
};

test('an access path whose next VIP group comes while the last one gives its place back is counted all the same [S0-69]', () => {
  const { it, onVips, late, path } = givingBack();
  onVips(second).accepted();
  it.work(it.owing().find(({ kind, work }) => kind === 'vipGroup' && work.step === 'reserve')!);
  it.work(late);
  assert.is(it.held({ kind: 'vipPaths' }).total, 0, 'what was under way comes last');
  it.settle();
  assert.equal([it.held({ kind: 'vipPaths' }).total, path().path?.vips.length], [1, 1]);
});

test('an access path whose next VIP group is refused while the last one gives its place back is not counted for ever [S0-69, I-26]', () => {
  const { it, onPath, late, path } = givingBack();
  // It joined, and was refused afterwards.
  const refused = { accessPathId: pathId, vipGroupId: uuid('6', 2) as VipGroupId };
  onPath({ type: 'JoinVipGroup', ...refused, hostIds: [hostIdOf(1)] }).accepted();
  const counting = it.owing().find(({ work }) => work.step === 'count')!;
  onPath({ type: 'LeaveVipGroup', ...refused }).accepted();
  it.work(late);
  const isCounting = (step: string): boolean => step === 'count' || step === 'uncount';
  for (let owed = it.owing()[0]; owed !== undefined; owed = it.owing().find(({ work }) => !isCounting(work.step))) if (!isCounting(owed.work.step)) it.work(owed);
  // Commands of one path to one reservation keep their order.
  it.work(counting);
  it.settle();
  assert.equal([it.held({ kind: 'vipPaths' }).total, path().path?.vips, path().path?.countsAsVipPath], [0, [], false]);
});

test.run();
