import { clientGroupStream, type ClientGroupCommand, type ClientGroupState } from '@blockledger/domain';
import * as assert from 'uvu/assert';
import { beforePath, beginPath, clientOf, clientsId, createClients, createGroup, createPath, deleteGroup, type PathScene } from '../../support/pathScene.ts';
import { accountOf } from '../../support/pathWorld.ts';
import { volumeIdOf } from '../../support/samples.ts';
import { suite } from '../../support/suite.ts';

const test = suite('client groups');
const update = (n: number, changes: Extract<ClientGroupCommand, { type: 'UpdateClientGroup' }>['changes']): ClientGroupCommand => ({ type: 'UpdateClientGroup', clientGroupId: clientsId(n), changes });
const groupState = ({ it }: PathScene, n: number): ClientGroupState => it.streams.get(clientGroupStream(clientsId(n)))?.state as ClientGroupState;

test('what a client group is made with is checked before anybody is asked [I-12, S0-12, S0-93, X-6]', () => {
  const { onClients } = beforePath();
  const wrong = (more: Parameters<typeof createClients>[1]) => onClients(createClients(3, more));
  wrong({ clientGroupId: clientsId(1) }).refused('ClientGroupAlreadyExists', { value: clientsId(1) });
  wrong({ name: 'a/b' }).refused('NameIsNotAllowed', { value: 'a/b' });
  wrong({ description: 'x'.repeat(1025) }).refused('DescriptionIsTooLong', { value: 1025, limit: 1024 });
  wrong({ clients: [] }).refused('NoClients', { value: 0, limit: 1 });
  wrong({ clients: Array.from({ length: 257 }, (_, n) => `10.1.${n >> 8}.${n & 255}`) }).refused('TooManyClients', { value: 257, limit: 256 });
  wrong({ clients: [clientOf(1), '10.0.0.7', clientOf(1)] }).refused('ClientIsThereTwice', { value: clientOf(1) });
  wrong({ clients: ['db-host'] }).refused('ClientCodeIsNotAllowed', { value: 'db-host' });
  wrong({ accessType: 'fc' }).refused('ClientCodeIsNotAllowed', { value: clientOf(3) });
  wrong({ clients: ['50:01:43:80:12:34:56:78'] }).refused('ClientCodeIsNotAllowed', { value: '50:01:43:80:12:34:56:78' });
  wrong({ clients: Array.from({ length: 256 }, (_, n) => `10.1.${n >> 8}.${n & 255}`) }).accepted();
});

test('mutual CHAP is for iSCSI, with an account as initiators take it [R-18, S0-87]', () => {
  const { onClients } = beforePath();
  const wrong = (more: Parameters<typeof createClients>[1]) => onClients(createClients(3, more));
  wrong({ accessType: 'fc', clients: ['50:01:43:80:12:34:56:78'], mutual: accountOf(7) }).refused('MutualChapIsForIscsi', { value: 'fc', limit: 'iscsi' });
  wrong({ mutual: accountOf(8) }).refused('ChapAccountIsInvalid', { value: '1qaz2wsx3edc' });
  wrong({ mutual: accountOf(9) }).refused('ChapAccountIsInvalid');
  wrong({ mutual: accountOf(7, 'short') }).refused('ChapAccountIsInvalid', { value: 'short' });
  wrong({ mutual: accountOf(7) }).accepted();
});

test('an account that stays is not judged again, even when its secret was lost [R-18]', () => {
  const { it, onClients } = beforePath();
  onClients(update(1, { mutual: accountOf(7) })).accepted();
  onClients(update(1, { description: 'front' })).accepted();
  onClients(update(1, { mutual: accountOf(9) })).refused('ChapAccountIsInvalid');
  it.settle();
});

test('of a request whose name is taken nothing counts, and with the name all of it [S0-16, R-6, R-18]', () => {
  const scene = beforePath();
  const { it, onClients, late } = scene;
  onClients(update(2, { mutual: accountOf(7), description: 'back' })).accepted();
  const before = groupState(scene, 2);
  late(onClients(update(2, { name: 'hosts-1', mutual: null, clients: [clientOf(3)] }))).refused('NameIsTaken', { value: 'hosts-1' });
  assert.equal({ ...groupState(scene, 2), refused: [] }, { ...before, refused: [] });
  onClients(update(2, { name: 'web', mutual: null, clients: [clientOf(3)] })).accepted();
  assert.equal(groupState(scene, 2).group, before.group);
  onClients(update(2, { description: 'front' })).refused('RenameIsUnderWay', { value: 'web' });
  it.settle();
  const { name, mutual, clients, description } = groupState(scene, 2).group!;
  assert.equal([name, mutual, clients, description], ['web', null, [clientOf(3)], 'back']);
  assert.is(groupState(scene, 2).shape, before.shape + 1);
});

test('a name is one group’s, renamed groups give theirs back, and one rename comes after the other [S0-16]', () => {
  const scene = beforePath();
  const { it, onClients, late } = scene;
  late(onClients(createClients(3, { name: 'hosts-1' }))).refused('NameIsTaken', { value: 'hosts-1' });
  late(onClients(update(2, { name: 'hosts-1' }))).refused('NameIsTaken', { value: 'hosts-1' });
  assert.is(groupState(scene, 2).group?.name, 'hosts-2');
  onClients(update(2, { name: 'a/b' })).refused('NameIsNotAllowed');
  onClients(update(2, { name: 'web' })).accepted();
  onClients(update(2, { name: 'db' })).refused('RenameIsUnderWay', { value: 'web' });
  onClients(update(2, { description: 'front' })).accepted();
  it.settle();
  onClients(createClients(4, { name: 'hosts-2' })).accepted();
  it.settle();
  assert.equal([2, 4].map((n) => groupState(scene, n).group?.name), ['web', 'hosts-2']);
});

test('a changed client group is another one on every target at once [S0-93, S0-97, I-18]', () => {
  const { it, onPath, onClients, targets } = beginPath();
  onPath(createGroup(1, [volumeIdOf(1)])).accepted();
  it.settle();
  onClients(update(1, { clients: [clientOf(1), '10.0.0.7'] })).accepted();
  it.settle();
  assert.equal([...targets.values()].map(({ clients }) => clients.map(({ code, luns }) => [code, luns])), Array.from({ length: 2 }, () => [[clientOf(1), [0]], ['10.0.0.7', [0]]]));
});

test('what a mapped client group becomes is judged with the access paths that it is mapped on [R-18, S0-87, X-6]', () => {
  const { it, onPath, onClients } = beforePath({ capabilities: { clientCodes: ['iqn'] } });
  onPath(createPath({ chap: accountOf(7) })).accepted();
  it.settle();
  onPath(createGroup(1, [])).accepted();
  it.settle();
  onClients(update(1, { clients: ['10.0.0.7'] })).refused('ClientCodeIsNotServed', { value: '10.0.0.7' });
  onClients(update(1, { mutual: accountOf(7, '3edc2wsx1qaz') })).refused('SecretsAreEqual', { value: 'gold' });
  onClients(update(1, { mutual: accountOf(7, '3edc2wsx1qaz', 'b') })).accepted();
  const open = beginPath();
  open.onPath(createGroup(1, [])).accepted();
  open.it.settle();
  open.onClients(update(1, { mutual: accountOf(7) })).refused('MutualNeedsForward', { value: 'gold' });
  const oneWay = beforePath({ capabilities: { mutualChap: 'none' } });
  oneWay.onPath(createPath({ chap: accountOf(7) })).accepted();
  oneWay.it.settle();
  oneWay.onPath(createGroup(1, [])).accepted();
  oneWay.it.settle();
  oneWay.onClients(update(1, { mutual: accountOf(7, '3edc2wsx1qaz', 'b') })).refused('CapabilityIsMissing', { value: 'mutualChap' });
});

test('a client group is of the type of its access paths, and stays while one of them has it [X-6, S0-98]', () => {
  const scene = beginPath();
  const { it, onPath, onClients, late } = scene;
  onClients(createClients(3, { accessType: 'local' })).accepted();
  it.settle();
  late(onPath(createGroup(3, []))).refused('TypesDiffer', { value: 'local', limit: 'iscsi' });
  onPath(createGroup(1, [])).accepted();
  it.settle();
  const remove = (n: number): ClientGroupCommand => ({ type: 'DeleteClientGroup', clientGroupId: clientsId(n) });
  onClients(remove(1)).refused('ClientGroupIsInUse', { limit: 0 });
  onPath(deleteGroup(1)).accepted();
  it.settle();
  onClients(remove(1)).accepted();
  it.settle();
  onClients(update(1, {})).refused('ClientGroupNotFound', { value: clientsId(1) });
  onClients(createClients(4, { name: 'hosts-1' })).accepted();
  it.settle();
  assert.is(groupState(scene, 4).lifecycle, 'active');
});

test.run();
