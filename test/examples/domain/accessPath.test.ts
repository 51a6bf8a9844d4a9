import { hostStream, type AccessPathCommand, type AccessPathId, type HostState, type OperationId } from '@blockledger/domain';
import * as assert from 'uvu/assert';
import { uuid } from '../../support/decider.ts';
import { beforePath, beginPath, clientOf, clientsId, createGroup, createPath, deleteGroup, isOn, pathId, registerHost, settleWhileAway, unreachable } from '../../support/pathScene.ts';
import { accountOf, hostIdOf } from '../../support/pathWorld.ts';
import { volumeIdOf } from '../../support/samples.ts';
import { suite } from '../../support/suite.ts';

const test = suite('access paths');

test('an access path has a target of the same name on each of its hosts, with the portal of each [S0-90, S0-98, X-2]', () => {
  const { path, targets } = beginPath();
  assert.is(path().lifecycle, 'active');
  assert.equal(
    [...targets].map(([key, { portals }]) => [key, portals]),
    [
      ['gw1 iqn.2019-01.com.xsky:c.iscsi.1.8000000000000001', [{ ip: '10.252.1.1', port: 3260 }]],
      ['gw2 iqn.2019-01.com.xsky:c.iscsi.1.8000000000000001', [{ ip: '10.252.1.2', port: 3260 }]],
    ],
  );
});

const chap = (account: ReturnType<typeof accountOf> | null): AccessPathCommand => ({ type: 'UpdateAccessPath', accessPathId: pathId, changes: { chap: account } });

test('CHAP secrets shorter than twelve characters, one-sided mutual CHAP and equal secrets are refused [R-18, S0-86, S0-87]', () => {
  const { it, onPath, onClients } = beginPath();
  onPath(chap(accountOf(8))).refused('ChapAccountIsInvalid');
  onPath(chap(accountOf(9))).refused('ChapAccountIsInvalid');
  onClients({ type: 'UpdateClientGroup', clientGroupId: clientsId(1), changes: { mutual: accountOf(7, '3edc2wsx1qaz', 'b') } });
  it.settle();
  onPath(createGroup(1, [volumeIdOf(1)])).refused('MutualNeedsForward');
  onPath(chap(accountOf(7, '1qaz2wsx3edc', 'b'))).accepted();
  it.settle();
  onPath(createGroup(1, [volumeIdOf(1)])).refused('SecretsAreEqual');
  onPath(chap(accountOf(7, '1qaz2wsx3edc', 'a'))).accepted();
  it.settle();
  onPath(createGroup(1, [volumeIdOf(1)])).accepted();
  it.settle();
  onPath(chap(null)).refused('MutualNeedsForward');
});

test('an account that the hosts cannot take away stays as long as client groups are mapped [R-19, S1-24]', () => {
  const { it, onPath, path } = beforePath({ capabilities: { clearsChap: false } });
  onPath(createPath({ chap: accountOf(7) })).accepted();
  it.settle();
  onPath(createGroup(1, [volumeIdOf(1)])).accepted();
  it.settle();
  onPath(chap(null)).refused('CapabilityIsMissing', { value: 'clearsChap' });
  const other = accountOf(7, '3edc2wsx1qaz', 'b');
  onPath(chap(other)).accepted();
  it.settle();
  assert.equal(path().path?.chap, other);
});

test('an access path is deleted when it serves nobody, and its hosts are free again [I-26]', () => {
  const { it, onPath, onHost, path, targets } = beginPath();
  onPath(createGroup(1, [volumeIdOf(1)]));
  it.settle();
  const remove: AccessPathCommand = { type: 'DeleteAccessPath', accessPathId: pathId };
  onPath(remove).refused('AccessPathIsInUse');
  onHost({ type: 'RetireHost', hostId: hostIdOf(1) }).refused('HostIsInUse');
  onPath(deleteGroup(1));
  it.settle();
  onPath(remove).accepted();
  it.settle();
  assert.is(path().lifecycle, 'deleted');
  assert.is(targets.size, 0);
  assert.equal((it.streams.get(hostStream(hostIdOf(1)))?.state as HostState | undefined)?.users, {});
});

test('what an access path is made with is checked before anybody is asked [I-12, S0-12, S0-86, S0-90]', () => {
  const { onPath } = beforePath();
  const wrong = (more: Parameters<typeof createPath>[0]) => onPath(createPath(more));
  onPath({ type: 'DeleteAccessPath', accessPathId: pathId }).refused('AccessPathNotFound', { value: pathId });
  wrong({ name: 'a/b' }).refused('NameIsNotAllowed', { value: 'a/b' });
  wrong({ description: 'x'.repeat(1025) }).refused('DescriptionIsTooLong', { value: 1025, limit: 1024 });
  wrong({ iqnPrefix: 'IQN.2019' }).refused('IqnPrefixIsNotAllowed', { value: 'IQN.2019' });
  wrong({ iqnPrefix: `iqn.2019-01.com.${'x'.repeat(120)}` }).refused('IqnPrefixIsNotAllowed', { limit: 120 });
  wrong({ hostIds: [] }).refused('NoTargetHosts');
  wrong({ hostIds: Array.from({ length: 17 }, (_, n) => hostIdOf(n + 1)) }).refused('TooManyTargetHosts', { value: 17, limit: 16 });
  wrong({ hostIds: [hostIdOf(1), hostIdOf(1)] }).refused('HostAlreadyServes', { value: hostIdOf(1) });
  wrong({ hostIds: [hostIdOf(99)] }).refused('HostNotFound', { value: hostIdOf(99) });
  wrong({ accessType: 'fc', chap: accountOf(7) }).refused('ChapIsForIscsi', { value: 'fc' });
});

test('the backend of the targets is known, serves the type and the account, and is of one kind on all hosts [R-18, S0-98]', () => {
  const scene = beforePath();
  scene.onHost(registerHost(4, { targets: 'tgt' })).accepted();
  scene.it.settle();
  scene.onPath(createPath({ hostIds: [hostIdOf(1), hostIdOf(4)] })).refused('HostsDisagree');
  scene.onPath(createPath({ hostIds: [hostIdOf(4)], accessType: 'fc' })).refused('CapabilityIsMissing', { value: 'types' });
  scene.it.dark(true);
  scene.onPath(createPath()).refused('BackendIsUnknown', { value: 'xdc' });
  beforePath({ capabilities: { forwardChap: false } }).onPath(createPath({ chap: accountOf(7) })).refused('CapabilityIsMissing', { value: 'forwardChap' });
});

test('an access path is made once, and its name is nobody else’s [S0-16]', () => {
  const { it, onPath, late } = beginPath();
  onPath(createPath()).refused('AccessPathAlreadyExists', { value: pathId });
  const other = uuid('9', 2) as AccessPathId;
  late(onPath(createPath({ accessPathId: other }))).refused('NameIsTaken', { value: 'gold' });
  onPath(createPath({ accessPathId: uuid('9', 3) as AccessPathId, name: 'silver' })).accepted();
  it.settle();
  late(onPath({ type: 'UpdateAccessPath', accessPathId: pathId, changes: { name: 'silver' } })).refused('NameIsTaken', { value: 'silver' });
});

test('nothing is asked of an access path before its name and hosts are sure, and a refused one is not there [X-7, I-26]', () => {
  const { it, onPath, path } = beforePath();
  onPath(createPath()).accepted();
  const early: AccessPathCommand = { type: 'UpdateAccessPath', accessPathId: pathId, changes: { description: 'early' } };
  onPath(early).refused('AccessPathIsBeingMade', { value: 'gold' });
  onPath({ type: 'DeleteAccessPath', accessPathId: pathId }).refused('AccessPathIsBeingMade');
  it.settle();
  onPath(early).accepted();
  assert.is(path().path?.description, 'early');
});

test('an access path is made when it has its number, also where no target stands yet, and the answer to its reservations came late [S0-3, I-26]', () => {
  const { it, onPath, path } = beforePath({ capabilities: { scope: 'clientGroup' } });
  onPath(createPath()).accepted();
  const reserving = it.owing().find(({ kind }) => kind === 'accessPath');
  it.work(reserving!, () => ({ error: { ...unreachable, code: 'Slow' }, landed: true, final: false }));
  for (const owed of it.owing().filter(({ kind }) => kind === 'host')) it.work(owed);
  assert.equal([path().lifecycle, path().path?.hosts.map(({ stage }) => stage)], ['creating', ['serving', 'serving']]);
  it.settle();
  assert.equal([path().lifecycle, path().path?.number], ['active', 1]);
});

test('an update with a name that is taken changes nothing at all, and one with a free name all of it [S0-16, S0-86]', () => {
  const { it, onPath, late, path } = beginPath();
  onPath(createPath({ accessPathId: uuid('9', 2) as AccessPathId, name: 'silver' })).accepted();
  it.settle();
  late(onPath({ type: 'UpdateAccessPath', accessPathId: pathId, changes: { name: 'silver', chap: accountOf(7) } })).refused('NameIsTaken');
  assert.equal([path().path?.chap, path().operations], [null, []]);
  onPath({ type: 'UpdateAccessPath', accessPathId: pathId, changes: { name: 'bronze', chap: accountOf(7) } }).accepted();
  onPath({ type: 'UpdateAccessPath', accessPathId: pathId, changes: { chap: null, description: 'x' } }).refused('RenameIsUnderWay');
  assert.is(path().path?.chap, null);
  it.settle();
  assert.equal([path().path?.name, path().path?.chap, path().operations], ['bronze', accountOf(7), []]);
});

test('a target is added on a host and taken away, and never the last one of what is mapped [R-12, S0-98, S0-138]', () => {
  const { it, onPath, onHost, path, targets } = beginPath({ sessions: () => ({ known: true, sessions: [{ host: 'gw1', initiator: clientOf(1), address: null, portal: null }] }) });
  onHost(registerHost(3)).accepted();
  it.settle();
  const remove = (n: number, force = false): AccessPathCommand => ({ type: 'RemoveTarget', accessPathId: pathId, hostId: hostIdOf(n), force });
  onPath({ type: 'AddTarget', accessPathId: pathId, hostId: hostIdOf(1) }).refused('HostAlreadyServes');
  onPath({ type: 'AddTarget', accessPathId: pathId, hostId: hostIdOf(3) }).accepted();
  onPath(remove(3)).refused('TargetIsBeingAdded', { value: hostIdOf(3) });
  it.settle();
  assert.is(targets.size, 3);
  onPath(remove(4)).refused('TargetNotFound');
  onPath(createGroup(1, [volumeIdOf(1)])).accepted();
  it.settle();
  onPath(remove(1)).refused('StillHasIo', { value: clientOf(1) });
  for (const n of [3, 2]) {
    onPath(remove(n)).accepted();
    it.settle();
  }
  onPath(remove(1, true)).refused('LastTarget', { value: 'gw1' });
  assert.equal([targets.size, path().operations], [1, []]);
});

test('a host that is given back is not asked again before it knows: nobody retires a host that serves [I-26, I-15]', () => {
  const { it, onPath, onHost } = beginPath();
  onPath({ type: 'RemoveTarget', accessPathId: pathId, hostId: hostIdOf(2), force: false }).accepted();
  for (let one = it.owing().find(({ work }) => work.kind === 'perform'); one !== undefined; one = it.owing().find(({ work }) => work.kind === 'perform')) it.work(one);
  onPath({ type: 'AddTarget', accessPathId: pathId, hostId: hostIdOf(2) }).accepted();
  assert.equal(it.owing().map(({ work }) => work.step), [`release host ${hostIdOf(2)}`]);
  it.settle();
  onHost({ type: 'RetireHost', hostId: hostIdOf(2) }).refused('HostIsInUse');
});

test('a host that never comes back is given up by force, also when its removal waits already, and with it an access path [I-20, I-26]', () => {
  const { it, onPath, onHost, path } = beginPath();
  const remove = (force: boolean): AccessPathCommand => ({ type: 'RemoveTarget', accessPathId: pathId, hostId: hostIdOf(2), force });
  onPath(remove(false)).accepted();
  settleWhileAway(it, isOn('gw2'));
  onHost({ type: 'DeclareHostOff', hostId: hostIdOf(2), reason: 'burnt' }).accepted();
  settleWhileAway(it, isOn('gw2'));
  assert.equal(path().operations.map(({ kind }) => kind), ['removeTarget']);
  onPath(remove(true)).accepted();
  settleWhileAway(it, isOn('gw2'));
  assert.equal([path().operations, path().path?.hosts.length], [[], 1]);
  onHost({ type: 'DeclareHostOff', hostId: hostIdOf(1), reason: 'burnt, too' }).accepted();
  settleWhileAway(it, isOn('gw1'));
  onPath({ type: 'DeleteAccessPath', accessPathId: pathId }).accepted();
  onPath({ type: 'RedeployAccessPath', accessPathId: pathId }).refused('AccessPathNotFound');
  settleWhileAway(it, isOn('gw1'));
  assert.is(path().lifecycle, 'deleted');
});

test('a target on a host that was given up goes when that returns after all, and is taken over where the host is used again [I-20, I-22]', () => {
  for (const isUsedAgain of [false, true]) {
    const { it, onPath, onHost, path, targets } = beginPath();
    onPath(createGroup(1, [volumeIdOf(1)])).accepted();
    it.settle();
    onHost({ type: 'DeclareHostOff', hostId: hostIdOf(2), reason: 'burnt' }).accepted();
    settleWhileAway(it, isOn('gw2'));
    onPath({ type: 'RemoveTarget', accessPathId: pathId, hostId: hostIdOf(2), force: true }).accepted();
    settleWhileAway(it, isOn('gw2'));
    assert.equal([path().operations, path().path?.hosts.length, targets.size], [[], 1, 2]);
    if (isUsedAgain) onPath({ type: 'AddTarget', accessPathId: pathId, hostId: hostIdOf(2) }).accepted();
    settleWhileAway(it, isOn('gw2'));
    assert.is(path().dues.length, isUsedAgain ? 0 : 1, 'what is wanted again is not to be cleared away');
    onHost({ type: 'DeclareHostBack', hostId: hostIdOf(2) }).accepted();
    it.settle();
    assert.equal([targets.size, path().dues, path().operations], [isUsedAgain ? 2 : 1, [], []]);
  }
});

test('the last target that anybody can come in by does not go before another one is what it should be [R-12, I-20]', () => {
  const { it, onPath, targets } = beginPath();
  onPath(createGroup(1, [volumeIdOf(1)])).accepted();
  settleWhileAway(it, isOn('gw2'));
  onPath({ type: 'RemoveTarget', accessPathId: pathId, hostId: hostIdOf(1), force: false }).accepted();
  settleWhileAway(it, isOn('gw2'));
  assert.is(targets.size, 2);
  it.settle();
  assert.equal([...targets.keys()].map((key) => key.split(' ')[0]), ['gw2']);
});

test('a target that is just being added is none yet: the last one stays until another one stands [R-12]', () => {
  const { it, onPath, onHost, path, targets } = beginPath();
  onHost(registerHost(3)).accepted();
  onPath({ type: 'RemoveTarget', accessPathId: pathId, hostId: hostIdOf(2), force: false }).accepted();
  onPath(createGroup(1, [volumeIdOf(1)])).accepted();
  it.settle();
  onPath({ type: 'AddTarget', accessPathId: pathId, hostId: hostIdOf(3) }).accepted();
  const remove: AccessPathCommand = { type: 'RemoveTarget', accessPathId: pathId, hostId: hostIdOf(1), force: false };
  onPath(remove).refused('LastTarget', { value: 'gw1' });
  it.work(it.owing().find(({ work }) => work.step.startsWith('use host'))!);
  assert.is(path().path?.hosts[1]?.stage, 'used');
  onPath(remove).accepted();
  assert.equal(it.owing().map(({ kind }) => kind), ['host'], 'nothing goes before the other host has shown itself');
  const seen: string[] = [];
  for (let owed = it.owing()[0]; owed !== undefined; owed = it.owing()[0]) {
    it.work(owed);
    seen.push([...targets.keys()].map((key) => key.split(' ')[0]).join());
  }
  assert.equal([seen.includes(''), seen.at(-1), path().operations], [false, 'gw3', []]);
});

test('an access path without a target takes changes, and they come to an end [I-26]', () => {
  const { it, onPath, path } = beginPath();
  for (const n of [1, 2]) {
    onPath({ type: 'RemoveTarget', accessPathId: pathId, hostId: hostIdOf(n), force: false }).accepted();
    it.settle();
  }
  onPath({ type: 'UpdateAccessPath', accessPathId: pathId, changes: { chap: accountOf(7) } }).accepted();
  assert.equal(path().operations, []);
});

test('what is under way ends when the access path is deleted, and nothing more is asked of it [I-26, X-7]', () => {
  const { it, onPath, path } = beginPath();
  onPath({ type: 'RedeployAccessPath', accessPathId: pathId }).accepted();
  onPath({ type: 'DeleteAccessPath', accessPathId: pathId }).accepted();
  assert.equal(path().operations.map(({ kind }) => kind), ['delete']);
  onPath({ type: 'RedeployAccessPath', accessPathId: pathId }).refused('AccessPathIsDeleting');
  onPath({ type: 'DeleteAccessPath', accessPathId: pathId }).accepted();
  it.settle();
  assert.is(path().lifecycle, 'deleted');
});

test('a host may have a name that is a word of a step [S0-98]', () => {
  const { it, onHost, onPath, path } = beforePath();
  for (const [n, name] of [[3, 'converge'], [4, 'e']] as const) onHost(registerHost(n, { name })).accepted();
  it.settle();
  onPath(createPath({ hostIds: [hostIdOf(3), hostIdOf(4)] })).accepted();
  it.settle();
  assert.equal(path().path?.hosts.map(({ standing }) => Object.keys(standing)), [['all'], ['all']]);
  assert.equal([path().lifecycle, path().operations], ['active', []]);
});

test('what failed for good waits for a retry, and a later version overtakes it [I-2, I-26]', () => {
  const { it, onPath, path } = beginPath();
  const retry = (operationId: string): AccessPathCommand => ({ type: 'RetryOperation', accessPathId: pathId, operationId: operationId as OperationId });
  const { operationId } = onPath({ type: 'RedeployAccessPath', accessPathId: pathId }).accepted();
  onPath(retry(operationId)).refused('NothingToRetry', { value: operationId });
  const broken = { error: { _tag: 'Permanent', code: 'Broken', message: 'no disk' }, landed: false, final: true } as const;
  it.settle((work) => (work.kind === 'perform' && isOn('gw2')(work) ? broken : undefined));
  assert.equal(path().operations.length, 1);
  onPath(retry(operationId)).accepted();
  it.settle((work) => (work.kind === 'perform' && isOn('gw2')(work) ? broken : undefined));
  onPath({ type: 'RedeployAccessPath', accessPathId: pathId }).accepted();
  assert.equal(Object.values(path().troubles).filter(({ open }) => open), []);
  it.settle();
  assert.equal([path().operations, path().troubles], [[], {}]);
});

test.run();
