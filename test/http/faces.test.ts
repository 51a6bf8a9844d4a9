import * as assert from 'uvu/assert';
import { engineRefusals, refusalKinds } from '@blockledger/app';
import { serviceRefusals, statusOf } from '@blockledger/app/http';
import * as domain from '@blockledger/domain';
import { httpFixture, TOKEN, volumeCalled } from '../support/httpFixture.ts';
import { suite } from '../support/suite.ts';

const test = suite('REST');
const { ask, settle, plane, service, close } = await httpFixture(['vols'], { dialect: 'xsky' });

test('the token is checked before anything else of a request [S0-11, S0-16]', async () => {
  const wrong = { 'xms-auth-token': 'wrong' };
  for (const [method, path, raw] of [
    ['POST', '/block-volumes', '{"bad'],
    ['POST', '/block-volumes', 'x'.repeat(2 ** 21)],
    ['GET', '/nowhere', undefined],
    ['GET', '/block-volumes/%zz', undefined],
    ['GET', `/block-volumes?token=${TOKEN}`, undefined],
    ['PUT', '/tasks', undefined],
  ] as const) {
    const answered = await ask(method, path, { headers: wrong, ...(raw === undefined ? {} : { raw }) });
    assert.is(answered.status, 401, `${method} ${path}`);
    assert.is(answered.headers['www-authenticate'], 'Bearer realm="blockledger"');
  }
});

test('a token in Authorization: Bearer counts as one in Xms-Auth-Token [S0-11]', async () => {
  const bearer = await service.fastify.inject({ url: '/api/v1/pools', headers: { authorization: `Bearer ${TOKEN}` } });
  assert.is(bearer.statusCode, 200);
  const none = await service.fastify.inject({ url: '/api/v1/pools' });
  assert.is(none.statusCode, 401);
});

test('whether the service is well can be asked without a token', async () => {
  const answered = await service.fastify.inject({ url: '/healthz' });
  assert.equal(answered.json(), { status: 'ok', warnings: [] });
});

test('a repeated request with the same key gets the same volume and task, and makes nothing twice [I-15, I-16]', async () => {
  const headers = { 'idempotency-key': 'key 1' };
  const asking = { ...volumeCalled('repeated'), headers };
  const [first, second] = await Promise.all([ask('POST', '/block-volumes', asking), ask('POST', '/block-volumes', asking)]);
  await plane.idle();
  const third = await settle('POST', '/block-volumes', asking);
  for (const one of [first, second, third]) {
    assert.is(one.status, 202, one.text);
    assert.is(one.json['block_volume']?.['uuid'], first.json['block_volume']?.['uuid']);
    assert.is(one.json['task']?.['uuid'], first.json['task']?.['uuid']);
    assert.is(one.headers['location'], first.headers['location']);
  }
  assert.is(third.headers['idempotent-replayed'], 'true');
  assert.is(plane.volumes.list({ name: 'repeated' }).totalCount, 1);
});

test('a repeated key with other parameters is a conflict [I-32]', async () => {
  const headers = { 'idempotency-key': 'key 2' };
  await settle('POST', '/block-volumes', { ...volumeCalled('first'), headers });
  const other = await settle('POST', '/block-volumes', { ...volumeCalled('other'), headers });
  assert.is(other.status, 409);
  assert.is(other.json['type'], 'urn:blockledger:refusal:CommandIdReused');
  assert.is(plane.volumes.list({ name: 'other' }).totalCount, 0);
  const bad = await ask('POST', '/block-volumes', { ...volumeCalled('x'), headers: { 'idempotency-key': 'k'.repeat(256) } });
  assert.is(bad.status, 400);
});

test('a refusal by a reservation is the answer to its key; a new key is decided afresh [I-16]', async () => {
  await settle('POST', '/block-volumes', volumeCalled('in the way'));
  const asking = { ...volumeCalled('in the way'), headers: { 'idempotency-key': 'key 3' } };
  const refused = await settle('POST', '/block-volumes', asking);
  assert.is(refused.json['rule'], 'nameIsFree');
  await settle('DELETE', `/block-volumes/${plane.volumes.list({ name: 'in the way' }).items[0]?.number}`);
  assert.is((await settle('POST', '/block-volumes', asking)).json['rule'], 'nameIsFree');
  assert.is((await settle('POST', '/block-volumes', { ...asking, headers: { 'idempotency-key': 'key 4' } })).status, 202);
});

test('one PATCH has one intent: settings go together, flatten and rollback stand alone [R-6]', async () => {
  await settle('POST', '/block-volumes', volumeCalled('patched'));
  const id = plane.volumes.list({ name: 'patched' }).items[0]?.number;
  const patch = (block_volume: object) => settle('PATCH', `/block-volumes/${id}`, { body: { block_volume } });
  const all = { name: 'patched 2', description: 'all at once', size: 2 ** 31, performance_priority: 1, qos: { max_total_iops: 10 }, qos_enabled: true };
  assert.is((await patch(all)).status, 202);
  const after = plane.volumes.get(id ?? 0);
  assert.is(after?.sizeBytes, 2 ** 31);
  assert.is(after?.qos.maxIops, 10);
  assert.is(after?.performancePriority, true);
  for (const several of [
    { flattened: true, name: 'x' },
    { flattened: true, block_snapshot_id: 1, action: 'roll_back' },
    { block_snapshot_id: 1, action: 'roll_back', size: 1 },
  ]) {
    assert.is((await patch(several)).json['type'], 'urn:blockledger:refusal:MoreThanOneIntent');
  }
  for (const half of [{ flattened: false }, { action: 'roll_back' }, { block_snapshot_id: 1 }, { block_snapshot_id: 1, action: 'explode' }]) {
    assert.is((await patch(half)).status, 400, JSON.stringify(half));
  }
  const nothing = await patch({});
  assert.is(nothing.status, 422);
  assert.is(nothing.json['rule'], 'someChange');
});

test('format 128 is V3, 129 its advanced form and 2 the older one, both ways [S0-10]', async () => {
  for (const [format, generation] of [
    [2, 'v2'],
    [128, 'v3'],
    [129, 'v3adv'],
  ] as const) {
    const made = await settle('POST', '/block-volumes', volumeCalled(`format ${format}`, { format }));
    assert.is(made.json['block_volume']?.['format'], format, made.text);
    assert.is(plane.volumes.get(Number(made.json['block_volume']?.['id']))?.generation, generation);
  }
});

test('a refusal names rule, value, limit and remedy [S0-17]', async () => {
  const { status, type, json } = await ask('POST', '/block-volumes', volumeCalled('huge', { size: 2 ** 50 }));
  assert.is(status, 422);
  assert.match(type, /^application\/problem\+json/);
  const { instance, detail, ...problem } = json as Readonly<Record<string, unknown>>;
  assert.match(String(instance), /^urn:uuid:/);
  assert.match(String(detail), /\d/);
  assert.equal(problem, {
    type: 'urn:blockledger:refusal:SizeOutOfRange',
    title: 'size out of range',
    status: 422,
    rule: 'sizeInRange',
    spec: 'S0-17',
    remedy: 'choose a size between 1 MiB and 512 TiB',
    value: 2 ** 50,
    limit: 2 ** 49,
  });
});

test('an unknown field is refused by its name [S0-16]', async () => {
  const top = await ask('POST', '/block-volumes', { body: { block_volume: { name: 'x', pool_id: 1, size: 2 ** 30, siez: 1 } } });
  assert.is(top.json['detail'], 'block_volume.siez is not a known field');
  const deep = await ask('POST', '/block-volumes', { body: { block_volume: { name: 'x', pool_id: 1, size: 2 ** 30, qos: { max_iops: 1 } } } });
  assert.is(deep.json['detail'], 'block_volume.qos.max_iops is not a known field');
  const beside = await ask('POST', '/block-volumes', { body: { block_volume: { name: 'x', pool_id: 1 }, more: 1 } });
  assert.is(beside.json['detail'], 'more is not a known field');
  const query = await ask('GET', '/block-volumes?pool=1');
  assert.match(query.text, /parameter pool is not known/);
});

test('a resource is found by its integer and by its UUID [S0-3]', async () => {
  const byNumber = await ask('GET', '/block-volumes/1');
  const byUuid = await ask('GET', `/block-volumes/${String(byNumber.json['block_volume']?.['uuid'])}`);
  assert.equal(byUuid.json, byNumber.json);
});

test('a deletion may be repeated with its key after the volume is gone [I-16]', async () => {
  await settle('POST', '/block-volumes', volumeCalled('short-lived'));
  const id = plane.volumes.list({ name: 'short-lived' }).items[0]?.number;
  const headers = { 'idempotency-key': 'delete it' };
  const [first, second] = [await settle('DELETE', `/block-volumes/${id}`, { headers }), await settle('DELETE', `/block-volumes/${id}`, { headers })];
  assert.is(first.status, 202, first.text);
  assert.is(second.status, 202, second.text);
  assert.is(second.json['task']?.['uuid'], first.json['task']?.['uuid']);
  assert.is((await ask('DELETE', `/block-volumes/${id}`)).status, 404);
});

test('every refusal that there is has a kind and a status', () => {
  const ofVolumes = [domain.volumeRefusals, domain.snapshotRefusals, domain.poolRefusals, domain.backendRefusals, domain.tokenRefusals, domain.webhookRefusals, domain.reservationRefusals];
  const ofPaths = [domain.hostRefusals, domain.clientGroupRefusals, domain.accessPathRefusals, domain.vipGroupRefusals];
  const tags = [...ofVolumes, ...ofPaths, engineRefusals].flatMap((table) => Object.keys(table));
  assert.equal([...new Set(tags)].toSorted(), Object.keys(refusalKinds).toSorted());
  for (const tag of [...tags, ...Object.keys(serviceRefusals)]) assert.ok(Object.hasOwn(statusOf, tag), tag);
  for (const [tag, status] of Object.entries(statusOf)) assert.ok(status >= 400 && status < 600, tag);
});

test('a path that exists says which methods it has', async () => {
  const answered = await ask('PUT', '/block-volumes');
  assert.is(answered.status, 405);
  assert.is(answered.headers['allow'], 'GET, POST');
});

test('a volume goes to the trash for a while and comes back; it can be made passive and active again [I-28, S0-40]', async () => {
  await settle('POST', '/block-volumes', volumeCalled('kept'));
  const id = plane.volumes.list({ name: 'kept' }).items[0]?.number;
  assert.is((await settle('DELETE', `/block-volumes/${id}?retain_ms=3600000`)).status, 202);
  assert.is((await ask('GET', `/block-volumes/${id}`)).json['block_volume']?.['status'], 'trashed');
  assert.is((await settle('POST', `/block-volumes/${id}:undelete`)).status, 202);
  assert.is((await ask('GET', `/block-volumes/${id}`)).json['block_volume']?.['status'], 'active');
  assert.ok((await settle('POST', `/block-volumes/${id}:demote`)).status < 300);
  assert.is((await ask('GET', `/block-volumes/${id}`)).json['block_volume']?.['passive'], true);
  assert.is((await settle('PATCH', `/block-volumes/${id}`, { body: { block_volume: { size: 2 ** 31 } } })).json['rule'], 'notPassive');
  assert.ok((await settle('POST', `/block-volumes/${id}:promote`)).status < 300);
});

test('a volume is let go with its data, and taken over again under its name on the backend [I-27, S0-137]', async () => {
  const made = await settle('POST', '/block-volumes', volumeCalled('let go'));
  const { id, uuid } = made.json['block_volume'] ?? {};
  const image = `volume-${String(uuid).replaceAll('-', '')}`;
  assert.is((await settle('POST', `/block-volumes/${String(id)}:disown`)).status, 202);
  assert.is((await ask('GET', `/block-volumes/${String(id)}`)).status, 404);
  const adopted = await settle('POST', '/block-volumes:adopt', { body: { block_volume: { name: 'taken over', pool_id: 1, volume_name: image, size: 2 ** 30 } } });
  assert.is(adopted.status, 202, adopted.text);
  const after = await ask('GET', `/block-volumes/${String(adopted.json['block_volume']?.['id'])}`);
  assert.is(after.json['block_volume']?.['status'], 'active', after.text);
});

test('a pool is paused, resumed, changed, looked at, and retired when it is empty', async () => {
  const body = { pool: { name: 'second', backend: 'ceph', pool_name: 'rbd' } };
  const made = await settle('POST', '/pools', { body });
  assert.is(made.status, 202, made.text);
  const path = `/pools/${String(made.json['pool']?.['id'])}`;
  const pool = async (): Promise<Readonly<Record<string, unknown>>> => (await ask('GET', `${path}?stats=true`)).json['pool'] ?? {};
  await settle('POST', `${path}:pause`, { body: { pool: { reason: 'new disks' } } });
  assert.is((await pool())['paused'], 'new disks');
  await settle('POST', `${path}:resume`);
  await settle('PATCH', path, { body: { pool: { over_subscription_ratio: 2 } } });
  const now = await pool();
  assert.is(now['paused'], null);
  assert.is(now['over_subscription_ratio'], 2);
  assert.ok((now['stats'] as { readonly total_size: number }).total_size > 0);
  assert.ok((await settle('DELETE', path)).status < 300);
  assert.is((await ask('GET', path)).status, 404);
  assert.is((await settle('DELETE', '/pools/1')).json['rule'], 'empty');
});

test('a snapshot is protected, and then not deleted [R-11, S0-132]', async () => {
  await settle('POST', '/block-volumes', volumeCalled('guarded'));
  const volume = plane.volumes.list({ name: 'guarded' }).items[0]?.number;
  const taken = await settle('POST', '/block-snapshots', { body: { block_snapshot: { block_volume_id: volume, name: 'keep me' } } });
  const path = `/block-snapshots/${String(taken.json['block_snapshot']?.['id'])}`;
  assert.ok((await settle('POST', `${path}:protect`)).status < 300);
  assert.is((await settle('DELETE', `${path}?force=true`)).json['rule'], 'notProtected');
  assert.ok((await settle('POST', `${path}:unprotect`)).status < 300);
  assert.is((await settle('DELETE', path)).status, 202);
  assert.is((await ask('GET', `/block-snapshots?block_volume_id=${volume}`)).json['paging']?.['total_count'], 0);
});

test.after(close);
test.run();
