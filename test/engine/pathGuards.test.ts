import { reveal } from '@blockledger/domain';
import { controlPlane } from '@blockledger/app';
import * as assert from 'uvu/assert';
import { IQN, mapped, OTHER_SECRET, pathPlane, SECRET, volumeNamed, withHosts } from '../support/pathPlane.ts';
import { lasting, left, right } from '../support/plane.ts';
import { suite } from '../support/suite.ts';

const test = suite('what the control plane asks before it decides about paths');
const HOUR_MS = 3_600_000;

test('a host that does not answer leaves unknown who is logged in, until it is declared off, which is no news to be warned of [X-7, I-20]', async () => {
  const { plane, clock, cut, path, group, volume } = await mapped(await pathPlane());
  cut('gw2');
  assert.is(left(await plane.removeVolumesFromMappingGroup(group.id, { volumes: [volume.id] }))._tag, 'SessionsAreUnknown');
  right(await plane.redeployAccessPath(path.id));
  assert.ok(await clock.until(() => plane.warnings().length > 0, clock.nowMs() + HOUR_MS));
  assert.equal(plane.warnings().map(({ code }) => code), ['HostUnreachable']);
  right(await plane.declareHostOff('gw2', { reason: 'burnt' }, { wait: 'done' }));
  assert.equal(plane.warnings(), []);
  right(await plane.removeVolumesFromMappingGroup(group.id, { volumes: [volume.id] }, { wait: 'done' }));
  await plane.close();
});

test('a backend of targets is paused like one of volumes: what its gateways owe is kept, and done when it is resumed [S0-53, R-18]', async () => {
  const made = await mapped(await pathPlane());
  const { plane, group, gateways } = made;
  const added = await volumeNamed(made, 'logs');
  assert.is(right(await plane.pauseBackend('xdc', { reason: 'another firmware' })).targets?.type, 'xdc');
  const { task } = right(await plane.addVolumesToMappingGroup(group.id, { volumes: [added.id] }));
  await plane.idle();
  assert.equal([gateways.luns('gw1').length, plane.backends.get('xdc')?.waitingCount], [1, 2]);
  right(await plane.resumeBackend('xdc'));
  assert.is(right(await plane.tasks.await(task?.id ?? '')).status, 'succeeded');
  assert.equal([gateways.luns('gw1').length, plane.backends.get('xdc')?.waitingCount], [2, 0]);
  await plane.close();
});

test('a host that is away for a day is a debt all day, and never a failure [I-20]', async () => {
  const made = await mapped(await pathPlane());
  const { plane, cut, group, clock, gateways } = made;
  cut('gw2');
  const added = await volumeNamed(made, 'logs');
  right(await plane.addVolumesToMappingGroup(group.id, { volumes: [added.id] }, { wait: 'done' }));
  const isOver = (): boolean => plane.hosts.get('gw2')!.debts.length === 0;
  assert.not(await clock.until(isOver, clock.nowMs() + 24 * HOUR_MS));
  assert.equal(plane.tasks.list({ status: 'failed' }).items, []);
  cut('gw2', false);
  assert.ok(await clock.until(isOver, clock.nowMs() + HOUR_MS));
  assert.is(gateways.luns('gw2').length, 2);
  await plane.close();
});

test('the first VIP group takes the portals of whoever is logged in, the second one nobody’s [R-13]', async () => {
  const { plane, sessions, path } = await mapped(await pathPlane());
  const [first] = plane.networkAddresses.list().items;
  const group = (ip: string) => ({ accessPath: path.id, network: '10.252.1.0/24', vips: [{ ip, networkAddress: first!.id }] });
  sessions.push({ initiator: IQN });
  assert.is(left(await plane.createVipGroup(group('10.252.1.200')))._tag, 'StillHasSessions');
  right(await plane.createVipGroup({ ...group('10.252.1.200'), force: true }, { wait: 'done' }));
  right(await plane.createVipGroup(group('10.252.1.201'), { wait: 'done' }));
  await plane.close();
});

test('one of two VIP groups goes while initiators are logged in by the other one, as far as the backend tells by which [R-12]', async () => {
  const { plane, sessions, path } = await mapped(await pathPlane());
  const [first] = plane.networkAddresses.list().items;
  const made = async (ip: string) => right(await plane.createVipGroup({ accessPath: path.id, network: '10.252.1.0/24', vips: [{ ip, networkAddress: first!.id }] }, { wait: 'done' })).resource;
  const [one, other] = [await made('10.252.1.200'), await made('10.252.1.201')];
  sessions.push({ initiator: IQN, portal: { ip: '10.252.1.200', port: 3260 } });
  assert.is(left(await plane.deleteVipGroup(one.id))._tag, 'StillHasSessions');
  right(await plane.deleteVipGroup(other.id, {}, { wait: 'done' }));
  sessions.splice(0, 1, { initiator: IQN });
  assert.is(left(await plane.deleteVipGroup(one.id))._tag, 'StillHasSessions');
  await plane.close();
});

test('the secret of an account goes with the account [I-24, S0-86]', async () => {
  const { plane, secrets, path } = await mapped(await pathPlane());
  right(await plane.updateAccessPath(path.id, { chap: { user: 'storage-1', secret: SECRET } }, { wait: 'done' }));
  assert.is(right(await secrets.refs('chap')()).length, 1);
  right(await plane.updateAccessPath(path.id, { chap: null }, { wait: 'done' }));
  await plane.idle();
  assert.equal(right(await secrets.refs('chap')()), []);
  await plane.close();
});

test('the secret of an account that counts together with a new name stays where the name is had, and goes where it is taken [I-24, R-6]', async () => {
  const { plane, secrets } = await withHosts(await pathPlane());
  const made = async (name: string, n: number) => right(await plane.createClientGroup({ name, clients: [`iqn.1994-05.com.redhat:guard${n}`] }, { wait: 'done' })).resource;
  const [one] = [await made('first', 1), await made('second', 2)];
  assert.is(left(await plane.updateClientGroup(one.id, { name: 'second', mutual: { user: 'storage-1', secret: SECRET } }))._tag, 'NameIsTaken');
  await plane.idle();
  assert.equal(right(await secrets.refs('chap')()), []);
  right(await plane.updateClientGroup(one.id, { name: 'third', mutual: { user: 'storage-1', secret: SECRET } }, { wait: 'done' }));
  await plane.idle();
  assert.equal([plane.clientGroups.get(one.id)?.mutual, right(await secrets.refs('chap')()).length], [{ user: 'storage-1' }, 1]);
  await plane.close();
});

test('the secret of an account that waits for its new name is named already: it outlives the process that dies meanwhile, and counts afterwards [I-24, I-12, R-6]', async () => {
  const made = await withHosts(await pathPlane());
  const { secrets, store, clock } = made;
  const group = right(await made.plane.createClientGroup({ name: 'first', clients: ['iqn.1994-05.com.redhat:guard1'] }, { wait: 'done' })).resource;
  await made.plane.close();
  // Nothing is driven here, so the name is asked for and never had.
  const waiting = await controlPlane({ store: lasting(store), backends: {}, clock, secrets, drive: false, limits: { answerTimeoutMs: 1 } });
  right(await waiting.updateClientGroup(group.id, { name: 'second', mutual: { user: 'storage-1', secret: SECRET } }));
  assert.is(right(await secrets.refs('chap')()).length, 1);
  await waiting.close();
  const plane = await made.again();
  await plane.idle();
  const [ref, ...others] = right(await secrets.refs('chap')());
  assert.equal([plane.clientGroups.get(group.id)?.name, plane.clientGroups.get(group.id)?.mutual, others], ['second', { user: 'storage-1' }, []]);
  assert.is(reveal(right(await secrets.get(ref!)())!), SECRET);
  await plane.close();
});

test('an old request that is repeated after its secret was changed leaves that secret nowhere [I-24]', async () => {
  const { plane, secrets } = await withHosts(await pathPlane());
  const account = (secret: string) => ({ user: 'storage-1', secret });
  const create = () => plane.createAccessPath({ name: 'gold', hosts: ['gw1'], chap: account(SECRET) }, { wait: 'done', idempotencyKey: 'made' });
  const change = () => plane.updateAccessPath(1, { description: 'changed', chap: account(OTHER_SECRET) }, { wait: 'done', idempotencyKey: 'changed' });
  right(await create());
  right(await change());
  const present = right(await secrets.refs('chap')());
  assert.is(present.length, 1);
  assert.ok(right(await create()).repeated);
  assert.equal(right(await secrets.refs('chap')()), present);
  assert.ok(right(await change()).repeated);
  assert.equal(right(await secrets.refs('chap')()), present, 'the one that is in use stays');
  await plane.close();
});

test.run();
