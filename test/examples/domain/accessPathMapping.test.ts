import { accessPath, noAccessPathFacts, type AccessPathCommand } from '@blockledger/domain';
import * as assert from 'uvu/assert';
import { from } from '../../support/decider.ts';
import { addVolumes, beginPath, clientOf, clientsId, createClients, createGroup, deleteGroup, GIB, groupId, isOn, mappingGroup, removeVolumes, settleWhileAway } from '../../support/pathScene.ts';
import { accountOf, hostIdOf } from '../../support/pathWorld.ts';
import { bytes, serialOf, snapshotIdOf, volumeIdOf } from '../../support/samples.ts';
import { suite } from '../../support/suite.ts';

const test = suite('mapping groups');

test('mapped volumes have the same LUN number on all hosts, and only the client group sees them [S0-94, S0-97, I-19]', () => {
  const { it, onPath, path, targets } = beginPath();
  onPath(createGroup(1, [volumeIdOf(1), volumeIdOf(2)])).accepted();
  onPath(createGroup(2, [volumeIdOf(3)])).accepted();
  it.settle();
  for (const config of targets.values()) {
    assert.equal(config.luns.map(({ lun, volume }) => [lun, volume.volumeId, volume.serial]), [1, 2, 3].map((n) => [n - 1, volumeIdOf(n), serialOf(n)]));
    assert.equal(config.clients.map(({ code, luns }) => [code, luns]), [['iqn.1994-05.com.redhat:client1', [0, 1]], ['iqn.1994-05.com.redhat:client2', [2]]]);
  }
  assert.equal(path().operations, []);
  assert.is(Object.keys(it.volumeState(volumeIdOf(1)).volume?.mappings ?? {}).length, 1);
});

test('no LUN stands on a target before its volume agreed, and one that refuses undoes the whole request [S0-97, I-22]', () => {
  const { it, ask, onPath, late, path, targets } = beginPath();
  ask({ to: 'volume', command: { type: 'DemoteVolume', volumeId: volumeIdOf(2) } });
  const asked = onPath(createGroup(1, [volumeIdOf(1), volumeIdOf(2)]));
  it.settle();
  assert.is(path().refused.find(({ operationId }) => operationId === asked.operationId)?.refusal._tag, 'VolumeIsPassive');
  assert.ok([...targets.values()].every(({ luns }) => luns.length === 0));
  assert.equal(it.volumeState(volumeIdOf(1)).volume?.mappings, {});
  onPath(createGroup(1, [])).accepted();
  it.settle();
  late(onPath(addVolumes(1, [volumeIdOf(1), volumeIdOf(2)]))).refused('VolumeIsPassive');
  assert.equal([it.volumeState(volumeIdOf(1)).volume?.mappings, path().path?.groups[0]?.luns], [{}, []]);
});

test('volumes are added and taken as a set: what is there stays, what is not there is left out [R-16, S0-96]', () => {
  const { it, onPath, path } = beginPath();
  onPath(createGroup(1, [volumeIdOf(1)]));
  it.settle();
  onPath(addVolumes(1, [volumeIdOf(1), volumeIdOf(2)]));
  it.settle();
  assert.equal(path().path?.groups[0]?.luns.map(({ volumeId, lun }) => [volumeId, lun]), [[volumeIdOf(1), 0], [volumeIdOf(2), 1]]);
  onPath(removeVolumes(1, [volumeIdOf(2), volumeIdOf(3)]));
  it.settle();
  assert.equal(path().path?.groups[0]?.luns.map(({ volumeId }) => volumeId), [volumeIdOf(1)]);
  assert.equal(it.volumeState(volumeIdOf(2)).volume?.mappings, {});
});

test('a LUN number rests after its volume was unmapped, and may be given again an hour later [I-19]', () => {
  const { it, onPath, path } = beginPath();
  onPath(createGroup(1, [volumeIdOf(1)]));
  it.settle();
  onPath(removeVolumes(1, [volumeIdOf(1)]));
  it.settle();
  onPath(addVolumes(1, [volumeIdOf(2)]));
  it.settle();
  assert.equal(path().path?.groups[0]?.luns.map(({ lun }) => lun), [1]);
  it.advance(3_600_000);
  onPath(addVolumes(1, [volumeIdOf(3)]));
  it.settle();
  assert.equal(path().path?.groups[0]?.luns.map(({ lun }) => lun), [1, 0]);
});

test('a volume is mapped to a second client group only on purpose, under the same number [S0-39, R-16]', () => {
  const { it, onPath, path, targets } = beginPath();
  onPath(createGroup(1, [volumeIdOf(2), volumeIdOf(1)], true));
  it.settle();
  const alone = onPath(createGroup(2, [volumeIdOf(1)], false));
  it.settle();
  assert.is(path().refused.find(({ operationId }) => operationId === alone.operationId)?.refusal._tag, 'MappingNeedsShared');
  onPath(createGroup(2, [volumeIdOf(1)], true));
  it.settle();
  const [config] = targets.values();
  assert.equal(config?.luns.map(({ lun }) => lun), [0, 1]);
  assert.equal(config?.clients.map(({ luns }) => luns), [[0, 1], [1]]);
});

test('a volume that is added later is shared only where that is said for it, whatever was said before [S0-98, R-16]', () => {
  const { it, onPath, late, path } = beginPath();
  onPath(createGroup(1, [volumeIdOf(1)], true)).accepted();
  onPath(createGroup(2, [volumeIdOf(2)], true)).accepted();
  it.settle();
  late(onPath(addVolumes(2, [volumeIdOf(1)]))).refused('MappingNeedsShared');
  onPath(addVolumes(2, [volumeIdOf(3)], true)).accepted();
  it.settle();
  late(onPath(addVolumes(2, [volumeIdOf(1)]))).refused('MappingNeedsShared');
  onPath(addVolumes(2, [volumeIdOf(1)], true)).accepted();
  it.settle();
  assert.equal([path().path?.groups.map(({ luns }) => luns.length), path().operations], [[1, 3], []]);
});

test('a mapped volume that grew is larger on every target, and shrinking or rolling back is refused while it is mapped [I-18, S0-46, S0-39]', () => {
  const { it, ask, onPath, targets } = beginPath();
  onPath(createGroup(1, [volumeIdOf(1)]));
  it.settle();
  ask({ to: 'volume', command: { type: 'UpdateVolume', volumeId: volumeIdOf(1), changes: { sizeBytes: bytes(2 * GIB) } } });
  it.settle();
  assert.equal([...targets.values()].map(({ luns }) => luns[0]?.sizeBytes), [2 * GIB, 2 * GIB]);
  ask({ to: 'volume', command: { type: 'UpdateVolume', volumeId: volumeIdOf(1), changes: { sizeBytes: bytes(GIB) } } }).refused('VolumeIsMapped');
  const [snapshotId, backupSnapshotId] = [snapshotIdOf(1), snapshotIdOf(2)];
  ask({ to: 'volume', command: { type: 'CreateSnapshot', volumeId: volumeIdOf(1), snapshotId, name: 'before', description: '', groupSnapshotId: null } }).accepted();
  it.settle();
  ask({ to: 'volume', command: { type: 'RollBackVolume', volumeId: volumeIdOf(1), snapshotId, backupSnapshotId } }).refused('VolumeIsMapped');
});

test('unmapping without force is refused while an initiator of the group is logged in, and with force it is fenced [X-7, S0-138, I-21]', () => {
  let loggedIn = false;
  const sessions = () => ({ known: true as const, sessions: loggedIn ? [{ host: 'gw1', initiator: 'iqn.1994-05.com.redhat:client1', address: null, portal: null }] : [] });
  const { it, onPath, calls } = beginPath({ sessions });
  onPath(createGroup(1, [volumeIdOf(1)]));
  it.settle();
  loggedIn = true;
  const refused = onPath(removeVolumes(1, [volumeIdOf(1)]));
  assert.is(refused.refusal?._tag, 'StillHasIo');
  assert.match(refused.refusal?.message ?? '', /still has IO on target/);
  onPath(removeVolumes(1, [volumeIdOf(1)], true)).accepted();
  it.settle();
  const fencing = calls.filter((call) => call.on === 'target' && call.action.do === 'ensureTarget' && call.action.fenced.length > 0);
  assert.is(fencing.length, 2);
  assert.equal(it.volumeState(volumeIdOf(1)).volume?.mappings, {});
});

test('nothing is taken away by force where nobody can see that an initiator is out: the task would never end [I-21, I-26]', () => {
  const { it, onPath } = beginPath({ capabilities: { sessions: false, fences: false } });
  onPath(createGroup(1, [volumeIdOf(1)])).accepted();
  it.settle();
  onPath(removeVolumes(1, [volumeIdOf(1)], true)).refused('CapabilityIsMissing', { value: 'fences' });
  onPath(deleteGroup(1, true)).refused('CapabilityIsMissing', { value: 'fences' });
  onPath(removeVolumes(1, [volumeIdOf(2)], true)).accepted();
  onPath(removeVolumes(1, [volumeIdOf(1)], false, true)).accepted();
});

test('however a volume goes, hosts are told that nothing of it may stay behind; only by force are initiators cut off [I-21, I-26, S0-96]', () => {
  const { it, onPath, calls } = beginPath();
  onPath(createGroup(1, [volumeIdOf(1), volumeIdOf(2)])).accepted();
  it.settle();
  for (const force of [false, true]) {
    const before = calls.length;
    onPath(removeVolumes(1, [volumeIdOf(force ? 2 : 1)], force)).accepted();
    it.settle();
    const said = calls.slice(before).flatMap((call) => (call.on === 'target' && call.action.do === 'ensureTarget' ? [[call.action.fenced, call.action.unmapped]] : []));
    assert.equal(said, Array.from({ length: 2 }, () => [force ? [clientOf(1)] : [], [volumeIdOf(force ? 2 : 1)]]));
  }
});

test('a host that cannot be reached holds up nothing that is added, and gets it when it returns [I-20, R-13]', () => {
  const { it, onPath, path, targets } = beginPath();
  onPath(createGroup(1, [volumeIdOf(1)]));
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
  const { it, ask, onPath, onHost, path } = beginPath();
  onPath(createGroup(1, [volumeIdOf(1)]));
  it.settle();
  onPath(removeVolumes(1, [volumeIdOf(1)]));
  settleWhileAway(it, isOn('gw2'));
  assert.is(Object.keys(it.volumeState(volumeIdOf(1)).volume?.mappings ?? {}).length, 1);
  ask({ to: 'volume', command: { type: 'DeleteVolume', volumeId: volumeIdOf(1), cascade: false, force: false, retainMs: null } }).refused('VolumeIsMapped');
  onHost({ type: 'DeclareHostOff', hostId: hostIdOf(2), reason: 'burnt' });
  settleWhileAway(it, isOn('gw2'));
  assert.equal(it.volumeState(volumeIdOf(1)).volume?.mappings, {});
  assert.equal(path().operations, []);
  assert.ok(it.owing().some(({ work }) => work.kind === 'perform' && isOn('gw2')(work)), 'the debt is still owed');
});

test('where a backend cannot mask, each client group has a target of its own [X-1, S0-94]', () => {
  const { it, onPath, targets } = beginPath({ capabilities: { scope: 'clientGroup' } });
  assert.is(targets.size, 0);
  onPath(createGroup(1, [volumeIdOf(1)]));
  onPath(createGroup(2, [volumeIdOf(2)]));
  it.settle();
  assert.is(targets.size, 4);
  assert.ok([...targets.values()].every(({ luns, clients }) => luns.length === 1 && clients.length === 1));
  onPath(deleteGroup(1));
  it.settle();
  assert.is(targets.size, 2);
});

test('what a mapping group is made with is checked before anybody is asked [I-12, S0-98, X-6]', () => {
  const { it, onPath, onClients } = beginPath({ capabilities: { clientCodes: ['iqn'], mutualChap: 'none' } });
  onPath(createGroup(3, [])).refused('ClientGroupNotFound', { value: clientsId(3) });
  onClients(createClients(3, { clients: ['10.0.0.7'] })).accepted();
  onClients(createClients(4, { mutual: accountOf(7) })).accepted();
  it.settle();
  onPath(createGroup(3, [])).refused('ClientCodeIsNotServed', { value: '10.0.0.7' });
  onPath(createGroup(4, [])).refused('CapabilityIsMissing', { value: 'mutualChap' });
  onPath(createGroup(1, [volumeIdOf(9)])).refused('VolumeNotFound', { value: volumeIdOf(9) });
  onPath(createGroup(1, Array.from({ length: 257 }, (_, n) => volumeIdOf(n + 1)))).refused('TooManyVolumes', { value: 257, limit: 256 });
  onPath(removeVolumes(1, [])).refused('MappingGroupNotFound', { value: groupId(1) });
  onPath(createGroup(1, [])).accepted();
  onPath(addVolumes(1, [volumeIdOf(1)])).refused('MappingGroupIsBusy', { value: groupId(1) });
  onPath(createGroup(1, [])).refused('MappingGroupAlreadyExists', { value: groupId(1) });
  it.settle();
  onPath({ ...createGroup(1, []), mappingGroupId: groupId(2) } as AccessPathCommand).refused('ClientGroupAlreadyMapped', { value: clientsId(1) });
});

test('a volume that no host can open is not mapped [S0-91]', () => {
  const { it, ask, onPath } = beginPath();
  ask({ to: 'volume', command: { type: 'UpdateVolume', volumeId: volumeIdOf(1), changes: { name: 'closed' } } }).accepted();
  it.settle();
  onPath(createGroup(1, [volumeIdOf(1)])).refused('VolumeCannotBeOpened', { value: volumeIdOf(1) });
});

test('an access path has at most 256 mapping groups [I-12]', () => {
  const { path } = beginPath();
  const group = { ...mappingGroup, clientGroupId: clientsId(99) };
  const groups = Array.from({ length: 256 }, (_, n) => ({ ...group, mappingGroupId: groupId(n + 10) }));
  const facts = { ...noAccessPathFacts, clientGroup: { tenant: 'default', accessType: 'iscsi' as const, clients: [clientOf(1)], isForAttachments: false, hasMutual: false, mutual: null } };
  const state = path();
  from(accessPath, { ...state, path: { ...state.path!, groups } }).when(createGroup(1, []), facts).refused('TooManyMappingGroups', { value: 257, limit: 256 });
  from(accessPath, { ...state, path: { ...state.path!, groups: groups.slice(1) } }).when(createGroup(1, []), facts).then('MappingGroupRequested');
});

test('numbers run out when all are in use or rest [I-19]', () => {
  const { it, onPath, path } = beginPath({ capabilities: { maxLuns: 2 } });
  onPath(createGroup(1, [volumeIdOf(1), volumeIdOf(2)])).accepted();
  it.settle();
  onPath(addVolumes(1, [volumeIdOf(3)])).refused('LunNumbersAreTaken', { value: 1, limit: 0 });
  onPath(removeVolumes(1, [volumeIdOf(2)])).accepted();
  it.settle();
  onPath(addVolumes(1, [volumeIdOf(3)])).refused('LunNumbersAreTaken');
  it.advance(3_600_000);
  onPath(addVolumes(1, [volumeIdOf(3)])).accepted();
  it.settle();
  assert.equal(path().path?.groups[0]?.luns.map(({ lun }) => lun), [0, 1]);
});

test('what a volume is just being asked is not taken back before it answered [X-7]', () => {
  const { it, onPath } = beginPath();
  onPath(createGroup(1, [volumeIdOf(1)])).accepted();
  it.settle();
  onPath(addVolumes(1, [volumeIdOf(2)])).accepted();
  onPath(removeVolumes(1, [volumeIdOf(2)])).refused('VolumeIsBeingMapped', { value: volumeIdOf(2) });
  onPath(deleteGroup(1)).refused('VolumeIsBeingMapped');
  it.settle();
  onPath(removeVolumes(1, [volumeIdOf(2)])).accepted();
  onPath(addVolumes(1, [volumeIdOf(2)])).refused('VolumeIsBeingMapped');
});

test('who is logged in must be known, and a group may be deleted by force whoever is [X-7, S0-138]', () => {
  const { it, onPath } = beginPath({ sessions: () => ({ known: false, why: 'gw2 does not answer' }) });
  onPath(createGroup(1, [volumeIdOf(1)])).accepted();
  it.settle();
  onPath(deleteGroup(1)).refused('SessionsAreUnknown');
  onPath(deleteGroup(1, true)).accepted();
  onPath(deleteGroup(1)).accepted();
  it.settle();
  assert.equal(it.volumeState(volumeIdOf(1)).volume?.mappings, {});
});

test('a volume that is mapped again at once is asked only after it was given back: none is served that its volume does not know of [I-22, I-15]', () => {
  const { it, onPath, targets } = beginPath();
  onPath(createGroup(1, [volumeIdOf(1)])).accepted();
  it.settle();
  onPath(removeVolumes(1, [volumeIdOf(1)])).accepted();
  for (let one = it.owing().find(({ work }) => work.kind === 'perform'); one !== undefined; one = it.owing().find(({ work }) => work.kind === 'perform')) it.work(one);
  onPath(addVolumes(1, [volumeIdOf(1)])).accepted();
  assert.match(it.owing().map(({ work }) => work.step).join(), /^release volume [0-9a-f-]+$/);
  it.settle();
  assert.is(Object.keys(it.volumeState(volumeIdOf(1)).volume?.mappings ?? {}).length, 1);
  assert.equal([...targets.values()].map(({ luns }) => luns.length), [1, 1]);
});

test('volumes that waited for one of their request, which was taken back, are mapped [R-16, I-26]', () => {
  const { it, onPath, path } = beginPath();
  onPath(createGroup(1, [])).accepted();
  it.settle();
  onPath(addVolumes(1, [volumeIdOf(1), volumeIdOf(2)])).accepted();
  it.work(it.owing().find(({ work }) => work.step.startsWith('reserve volumes'))!);
  it.work(it.owing().find(({ stream }) => stream === `volume-${volumeIdOf(1)}`)!);
  onPath(removeVolumes(1, [volumeIdOf(2)])).accepted();
  assert.equal(path().path?.groups[0]?.luns.map(({ stage }) => stage), ['mapped', 'leaving']);
  it.settle();
  assert.equal([path().path?.groups[0]?.luns.length, path().operations], [1, []]);
});

test('a mapping is known by its group and its volume, and no two have one id [S0-97]', () => {
  const { it, onPath, path } = beginPath();
  onPath(createGroup(1, [volumeIdOf(1), volumeIdOf(2)], true)).accepted();
  onPath(createGroup(2, [volumeIdOf(1), volumeIdOf(2)], true)).accepted();
  it.settle();
  const ids = (path().path?.groups ?? []).flatMap(({ luns }) => luns.map(({ mappingId }) => mappingId));
  assert.equal([new Set(ids).size, path().operations], [4, []]);
});

test.run();
