import * as assert from 'uvu/assert';
import { engineRefusals } from '@blockledger/app';
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

test('every refusal that there is has a status', () => {
  const tables = [domain.volumeRefusals, domain.snapshotRefusals, domain.poolRefusals, engineRefusals, serviceRefusals];
  for (const tag of tables.flatMap((table) => Object.keys(table))) assert.ok(Object.hasOwn(statusOf, tag), tag);
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

test.after(close);
test.run();

const paged = suite('paging');
const many = await httpFixture();

paged.before(async () => {
  for (let at = 1; at <= 25; at += 1) await many.ask('POST', '/block-volumes', volumeCalled(`volume ${at}`, at % 5 === 0 ? { hidden: true } : {}));
  await many.plane.idle();
});

const pageOf = async (query: string): Promise<{ readonly names: readonly string[]; readonly paging: Readonly<Record<string, unknown>> }> => {
  const { json } = await many.ask('GET', `/block-volumes?${query}`);
  const { block_volumes: items, paging } = json as unknown as { readonly block_volumes: readonly { readonly name: string }[]; readonly paging: Readonly<Record<string, unknown>> };
  return { names: items.map(({ name }) => name), paging };
};

paged('a list comes in pages that the cursor joins without gap or repeat, also while volumes go [S0-4]', async () => {
  const first = await pageOf('limit=8');
  assert.equal(first.paging, { count: 8, limit: 8, offset: 0, next: first.paging['next'], total_count: 20, truncated: true });
  await many.settle('DELETE', '/block-volumes/1');
  const second = await pageOf(`limit=8&cursor=${String(first.paging['next'])}`);
  const third = await pageOf(`limit=8&cursor=${String(second.paging['next'])}`);
  const names = [...first.names, ...second.names, ...third.names];
  assert.is(names.length, 20);
  assert.is(new Set(names).size, 20);
  assert.is(third.paging['next'], null);
  assert.is(third.paging['truncated'], false);
});

paged('limit −1 gives everything, and a plain limit at most 1000 [S0-4]', async () => {
  assert.is((await pageOf('limit=-1')).paging['truncated'], false);
  assert.is((await pageOf('limit=99999')).paging['limit'], 1000);
  for (const bad of ['limit=0', 'limit=-2', 'limit=x', 'limit=1e3', 'limit=1&limit=2', 'offset=-1', 'cursor=nonsense']) {
    const { status } = await many.ask('GET', `/block-volumes?${bad}`);
    assert.is(status, 400, bad);
  }
});

paged('a list is filtered by name, pool, status, text, and whether volumes are hidden [S0-4, S0-132]', async () => {
  assert.equal((await pageOf('name=volume%207')).names, ['volume 7']);
  assert.is((await pageOf('hidden=true&limit=-1')).names.length, 5);
  assert.is((await pageOf('hidden=all&limit=-1')).names.length, 24);
  assert.is((await pageOf('pool_id=1&limit=-1')).names.length, 19);
  assert.is((await pageOf('q=VOLUME%202&limit=-1')).names.length, 5);
  assert.is((await pageOf('status=active&limit=-1')).names.length, 19);
  assert.is((await many.ask('GET', '/block-volumes/1')).status, 404);
  assert.is((await pageOf('offset=18&limit=5')).names.length, 1);
});

paged.after(many.close);
paged.run();
