import { targetRefOf, wantedTargets, type AccessPathCommand, type AccessPathId, type Perform, type TargetActionOf } from '@blockledger/domain';
import * as assert from 'uvu/assert';
import { arrayId, arrayNamed, beforeArray, beginArray, onArray, PORTALS } from '../../support/arrayScene.ts';
import { uuid } from '../../support/decider.ts';
import { addVolumes, clientOf, createGroup, createPath, createVips, deleteGroup, groupId, pathId, removeVolumes } from '../../support/pathScene.ts';
import { accountOf, hostIdOf } from '../../support/pathWorld.ts';
import { volumeIdOf } from '../../support/samples.ts';
import { suite } from '../../support/suite.ts';

const test = suite('access paths of an array');

const ensured = (calls: readonly Perform[]): readonly TargetActionOf<'ensureTarget'>[] =>
  calls.flatMap((work) => (work.on === 'target' && work.action.do === 'ensureTarget' ? [work.action] : []));
const gone = (calls: readonly Perform[]): readonly TargetActionOf<'ensureTargetGone'>[] =>
  calls.flatMap((work) => (work.on === 'target' && work.action.do === 'ensureTargetGone' ? [work.action] : []));

test('a volume has one target, which says whose it is, and lets in the initiators of every client group that has the volume [S1-17, S1-22]', () => {
  const { it, onPath, targets, calls } = beginArray();
  onPath(createGroup(1, [onArray(1), onArray(2)], true)).accepted();
  onPath(createGroup(2, [onArray(1)], true)).accepted();
  it.settle();
  assert.is(targets.size, 2);
  assert.equal([...targets.values()].map(({ luns, clients }) => [luns.map(({ volume }) => volume.volumeId), clients.map(({ code }) => code)]), [
    [[onArray(1)], [clientOf(1), clientOf(2)]],
    [[onArray(2)], [clientOf(1)]],
  ]);
  for (const { target, config } of ensured(calls)) assert.equal(config.luns.map(({ volume }) => volume.volumeId), [target.volumeId]);
  assert.is(new Set(ensured(calls).map(({ target }) => target.iqn)).size, 2);
});

test('a client group that loses the volume leaves its target to the others, and the last one takes it away [S1-22, R-19]', () => {
  const { it, onPath, targets, calls, path } = beginArray({ capabilities: { sessions: true } });
  onPath(createGroup(1, [onArray(1)], true)).accepted();
  onPath(createGroup(2, [onArray(1)], true)).accepted();
  it.settle();
  onPath(removeVolumes(2, [onArray(1)])).accepted();
  it.settle();
  assert.equal([...targets.values()].map(({ clients }) => clients.map(({ code }) => code)), [[clientOf(1)]]);
  assert.equal(ensured(calls).at(-1)?.unmapped, [], 'the volume stays where another group sees it');
  assert.equal(Object.keys(it.volumeState(onArray(1)).volume?.mappings ?? {}).length, 1);
  onPath(removeVolumes(1, [onArray(1)])).accepted();
  it.settle();
  assert.is(targets.size, 0);
  assert.equal(gone(calls).map(({ target, force }) => [target.volumeId, force]), [[onArray(1), false]]);
  assert.equal([it.volumeState(onArray(1)).volume?.mappings, path().operations], [{}, []]);
});

test('who loses a volume by force is fenced on its target, and nobody on the others [I-21]', () => {
  const { it, onPath, calls } = beginArray({ capabilities: { fences: true } });
  onPath(createGroup(1, [onArray(1), onArray(2)], true)).accepted();
  onPath(createGroup(2, [onArray(1)], true)).accepted();
  it.settle();
  const before = ensured(calls).length;
  onPath(removeVolumes(1, [onArray(1)], true)).accepted();
  it.settle();
  const fenced = (volume: ReturnType<typeof onArray>): readonly string[] => [...new Set(ensured(calls).slice(before).filter(({ target }) => target.volumeId === volume).flatMap((action) => action.fenced))];
  assert.equal([fenced(onArray(1)), fenced(onArray(2))], [[clientOf(1)], []]);
  onPath(removeVolumes(1, [onArray(2)], true)).accepted();
  it.settle();
  assert.equal(gone(calls).map(({ target, force }) => [target.volumeId, force]), [[onArray(2), true]]);
});

test('each volume is LUN 0 of its own target, also the next one: no other volume ever stands where it stood [I-19, S1-21]', () => {
  const { it, onPath, path } = beginArray({ capabilities: { sessions: true, maxLuns: 2 } });
  onPath(createGroup(1, [onArray(1), onArray(2)])).accepted();
  it.settle();
  onPath(addVolumes(1, [onArray(3)])).refused('LunNumbersAreTaken', { value: 3, limit: 2 });
  onPath(removeVolumes(1, [onArray(1)])).accepted();
  it.settle();
  onPath(addVolumes(1, [onArray(3)])).accepted();
  it.settle();
  assert.equal([path().path?.groups[0]?.luns.map(({ volumeId, lun }) => [volumeId, lun]), path().path?.resting], [[[onArray(2), 0], [onArray(3), 0]], []]);
  onPath(removeVolumes(1, [onArray(2), onArray(3)])).accepted();
  it.settle();
  assert.equal([path().path?.groups[0]?.luns, path().path?.resting], [[], []], 'nor does it when the last one goes');
});

test('an array is a host without addresses, and tells its portals with every target: none are given to it [S1-20]', () => {
  const { it, onPath, path, calls, portals, news } = beginArray();
  const own = () => path().path?.hosts[0]?.ownPortals;
  assert.equal(own(), [], 'nobody has said so yet');
  onPath(createGroup(1, [onArray(1)])).accepted();
  it.settle();
  assert.equal(own(), PORTALS);
  assert.equal(ensured(calls).map(({ config }) => config.portals), ensured(calls).map(() => []));
  const told = () => news().filter((type) => type === 'TargetPortalsShown').length;
  onPath({ type: 'RedeployAccessPath', accessPathId: pathId }).accepted();
  it.settle();
  assert.is(told(), 1, 'the same portals are no news');
  portals(PORTALS.slice(1));
  onPath({ type: 'RedeployAccessPath', accessPathId: pathId }).accepted();
  it.settle();
  assert.equal([own(), told()], [PORTALS.slice(1), 2]);
  portals([]);
  onPath({ type: 'RedeployAccessPath', accessPathId: pathId }).accepted();
  it.settle();
  assert.equal([own(), told()], [PORTALS.slice(1), 2], 'an array that shows none has said nothing of them');
  const first = path().path!;
  assert.equal(wantedTargets({ ...first, vips: [] }, { ...first.hosts[0]!, portals: [{ ip: '10.0.0.1', networkAddressId: uuid('2', 1) as never }] })[0]?.config.portals, []);
});

test('the addresses of a gateway are its portals, whatever it reports [R-12]', () => {
  const { it, onPath, path } = beforeArray({ act: (work) => (work.on === 'target' ? { exists: true, portals: PORTALS } : undefined) });
  onPath(createPath()).accepted();
  it.settle();
  assert.equal(path().path?.hosts.map(({ portalChoice, ownPortals }) => [portalChoice, ownPortals]), [['given', []], ['given', []]]);
});

test('a volume of an array is offered by that array alone, and an array offers its own alone: refused by name, before anything is kept [S1-17, S0-91]', () => {
  const array = beginArray();
  array.onPath(createGroup(1, [volumeIdOf(1)])).refused('VolumeIsElsewhere', { value: 'rbd', limit: ['qsan'] });
  array.onPath(createGroup(1, [])).accepted();
  array.it.settle();
  array.onPath(addVolumes(1, [onArray(1), volumeIdOf(1)])).refused('VolumeIsElsewhere', { value: 'rbd' });
  assert.equal(array.path().path?.groups[0]?.luns, []);
  const gateways = beforeArray();
  gateways.onPath(createPath()).accepted();
  gateways.it.settle();
  const refusal = gateways.onPath(createGroup(1, [onArray(1)])).refused('VolumeIsElsewhere', { value: 'qsan', limit: ['xdc'], rule: 'hostsOpenVolumes' });
  assert.match(refusal.message, 'of the backend "xdc", do not open volume "array-1" of the backend "qsan"');
  assert.equal(gateways.path().path?.groups, []);
});

test('the volume of one array is none of another’s [S1-17]', () => {
  const scene = beginArray({ capabilities: { opens: ['array'], scope: 'volume' } });
  for (const command of arrayNamed('qsan-2', 3)) scene.ask(command).accepted();
  scene.it.settle();
  scene.onPath({ ...createPath({ hostIds: [hostIdOf(7)] }), accessPathId: uuid('9', 2) as AccessPathId, name: 'silver' } as AccessPathCommand).accepted();
  scene.it.settle();
  scene.onPath({ ...createGroup(1, [onArray(1)]), accessPathId: uuid('9', 2) as AccessPathId }).refused('VolumeIsElsewhere', { value: 'qsan', limit: ['qsan-2'] });
});

test('an access path has one array and no gateway beside it [S1-17, S0-98]', () => {
  const scene = beforeArray({ capabilities: { scope: 'volume' } });
  for (const command of arrayNamed('qsan-2', 3)) scene.ask(command).accepted();
  scene.it.settle();
  scene.onPath(createPath({ hostIds: [arrayId, hostIdOf(1)] })).refused('HostsDisagree');
  scene.onPath(createPath({ hostIds: [arrayId] })).accepted();
  scene.it.settle();
  scene.onPath({ type: 'AddTarget', accessPathId: pathId, hostId: hostIdOf(1) }).refused('HostsDisagree');
  const arrays = beginArray({ capabilities: { opens: ['array'] } });
  for (const command of arrayNamed('qsan-2', 3)) arrays.ask(command).accepted();
  arrays.it.settle();
  arrays.onPath({ type: 'AddTarget', accessPathId: pathId, hostId: hostIdOf(7) }).refused('HostsDisagree');
});

test('a volume of an array is mapped by one access path at a time, for its array maps it once [S1-22]', () => {
  const { it, onPath, late } = beginArray({ capabilities: { sessions: true } });
  const other = uuid('9', 2) as AccessPathId;
  onPath({ ...createPath({ hostIds: [arrayId] }), accessPathId: other, name: 'silver' } as AccessPathCommand).accepted();
  onPath(createGroup(1, [onArray(1)], true)).accepted();
  it.settle();
  const again = { ...createGroup(2, [onArray(1)], true), accessPathId: other } as AccessPathCommand;
  late(onPath(again)).refused('VolumeHasAnotherPath', { value: pathId, rule: 'onePath' });
  onPath(removeVolumes(1, [onArray(1)])).accepted();
  it.settle();
  late(onPath(again)).accepted();
});

test('a volume whose backend is not here is refused by the name of the backend, not as one that nobody can open [S0-91]', () => {
  const { it, ask, onPath } = beginArray();
  ask({ to: 'volume', command: { type: 'UpdateVolume', volumeId: onArray(1), changes: { name: 'absent' } } }).accepted();
  it.settle();
  onPath(createGroup(1, [onArray(1)])).refused('BackendIsUnknown', { value: 'qsan' });
});

test('an array takes nothing away by force, shows no sessions and moves no portals: each refusal names the capability [I-21, R-13, X-7]', () => {
  const { it, onPath, onVips } = beginArray();
  onPath(createGroup(1, [onArray(1)])).accepted();
  it.settle();
  onPath(removeVolumes(1, [onArray(1)], true)).refused('CapabilityIsMissing', { value: 'fences' });
  onPath(deleteGroup(1, true)).refused('CapabilityIsMissing', { value: 'fences' });
  onPath(removeVolumes(1, [onArray(1)])).refused('SessionsAreUnknown', { value: 'sessions' });
  onPath(deleteGroup(1)).refused('SessionsAreUnknown', { value: 'sessions' });
  onVips(createVips({ force: true })).refused('CapabilityIsMissing', { value: 'virtualPortals', rule: 'backendCan' });
});

test('where nobody sees sessions, whoever had the initiators log out says so, and the volume goes; where they are seen, saying so changes nothing [S4-6, X-7, I-21]', () => {
  const { it, onPath, targets, path } = beginArray();
  onPath(createGroup(1, [onArray(1), onArray(2)])).accepted();
  it.settle();
  onPath(removeVolumes(1, [onArray(1)], false, true)).accepted();
  it.settle();
  assert.equal([targets.size, it.volumeState(onArray(1)).volume?.mappings], [1, {}]);
  onPath(deleteGroup(1, false, true)).accepted();
  it.settle();
  assert.equal([targets.size, path().path?.groups, path().operations], [0, [], []]);
  const gateways = beforeArray({ sessions: () => ({ known: true, sessions: [{ initiator: clientOf(1), host: 'gw1', address: null, portal: null }] }) });
  gateways.onPath(createPath()).accepted();
  gateways.it.settle();
  gateways.onPath(createGroup(1, [volumeIdOf(1)])).accepted();
  gateways.it.settle();
  gateways.onPath(removeVolumes(1, [volumeIdOf(1)], false, true)).refused('StillHasIo', { value: clientOf(1) });
  gateways.onPath(deleteGroup(1, false, true)).refused('StillHasIo', { value: clientOf(1) });
});

test('the account of an access path of an array stands on every target of it [S1-24, R-19]', () => {
  const { it, onPath, targets } = beginArray();
  onPath(createGroup(1, [onArray(1), onArray(2)])).accepted();
  onPath({ type: 'UpdateAccessPath', accessPathId: pathId, changes: { chap: accountOf(7) } }).accepted();
  it.settle();
  assert.equal([...targets.values()].map(({ chap }) => chap?.user), ['1qaz2wsx3edc', '1qaz2wsx3edc']);
});

test('a target that is gone is known by its volume alone [S1-17]', () => {
  const { path } = beginArray();
  const ref = targetRefOf(path().path!, path().path!.hosts[0]!, onArray(3));
  assert.equal([ref.volumeId, ref.iqn], [onArray(3), 'iqn.2019-01.com.xsky:c.iscsi.1.800000000000000d']);
  assert.is(groupId(1).length, 36);
});

test.run();
