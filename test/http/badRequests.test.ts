/** Bad input of every kind, at every endpoint: never a fault of ours, never a stack trace, never a partial effect. */
import { connect } from 'node:net';
import { openApiDocument } from '@blockledger/app/http';
import fc from 'fast-check';
import * as assert from 'uvu/assert';
import { routes } from '../../packages/app/src/http/router.ts';
import { TOKEN, volumeCalled } from '../support/httpFixture.ts';
import { addressOf, hostCalled, pathFixture } from '../support/pathFixture.ts';
import { suite } from '../support/suite.ts';

const test = suite('bad requests');
const RUNS = process.env['BLOCKLEDGER_SOAK'] === '1' ? 10_000 : 500;
const fixture = await pathFixture();
const { ask, settle, plane, stateHash, service } = fixture;

await settle('POST', '/block-volumes', volumeCalled('standing'));
await settle('POST', '/block-snapshots', { body: { block_snapshot: { block_volume_id: 1, name: 'standing' } } });
await settle('POST', '/hosts', hostCalled('gw1', addressOf(1)));
await settle('POST', '/client-groups', { body: { client_group: { name: 'standing', clients: [{ code: '10.255.101.73' }] } } });
await settle('POST', '/access-paths', { body: { access_path: { name: 'standing', host_ids: [1] } } });
await settle('POST', '/mapping-groups', { body: { mapping_group: { access_path_id: 1, client_group_id: 1, block_volume_ids: [1] } } });
await settle('POST', '/vip-groups', { body: { vip_group: { network: '10.252.1.0/24', resource_id: 1, resource_type: 'access_path', vips: [{ ip: addressOf(128), network_address_id: 1 }] } } });
assert.equal([plane.mappingGroups.list().totalCount, plane.vips.list().totalCount], [1, 1]);

const seed = Number(process.env['BLOCKLEDGER_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
console.log(`BLOCKLEDGER_SEED=${seed}`);
/** `encodeURIComponent` throws at half a surrogate pair. */
const wellFormed = (text: string): string => Buffer.from(text).toString();

const oddText = fc.oneof(
  fc.string({ maxLength: 20 }),
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.constantFrom('', 'a@b', 'a/b', '../../etc', '\u0000', '\ud800', '💾', '-1', '1e999', 'NaN', 'true', "'; --", '__proto__', 'x'.repeat(300), '%00', '{}'),
);
const oddNumber = fc.oneof(fc.double(), fc.integer(), fc.constantFrom(-1, 0, 1.5, -0, 2 ** 53, 2 ** 63, 1e308, -1e308, 2 ** 49 + 1, 1_048_575));
const deep = fc.integer({ min: 1, max: 3_000 }).map((depth): unknown => JSON.parse(`${'['.repeat(depth)}${']'.repeat(depth)}`));
const anything: fc.Arbitrary<unknown> = fc.oneof(oddText, oddNumber, fc.boolean(), fc.constant(null), fc.jsonValue({ maxDepth: 3 }), deep);

const FIELDS = [
  'name', 'pool_id', 'size', 'format', 'qos', 'qos_enabled', 'performance_priority', 'block_snapshot_id', 'flattened', 'description', 'labels', 'hidden', 'action',
  'volume_name', 'block_volume_id', 'backend', 'pool_name', 'data_pool_name', 'pool_type', 'over_subscription_ratio', 'reason', '__proto__', 'constructor', 'toString', 'id',
];
const PATH_FIELDS = [
  'name', 'target_backend', 'vip_backend', 'network_addresses', 'host_id', 'host_ids', 'ip', 'mask', 'interface', 'segment', 'role', 'clients', 'type', 'iqn_prefix', 'chap', 'tname', 'tsecret', 'iname', 'isecret',
  'access_path_id', 'client_group_id', 'block_volume_ids', 'shared', 'network', 'preempt', 'resource_id', 'resource_type', 'vips', 'vip_group_id', 'network_address_id', 'reason', '__proto__',
];
const envelope = fc.constantFrom('block_volume', 'block_snapshot', 'pool', 'task', 'host', 'network_address', 'client_group', 'access_path', 'target', 'mapping_group', 'vip_group', 'vip', '__proto__');
const inner = fc.dictionary(fc.constantFrom(...PATH_FIELDS), anything, { maxKeys: 4 });
const pathValue = fc.oneof(anything, fc.constant(1), fc.constantFrom('10.252.1.129', '10.252.1.0/24', 'access_path', 'standing-1', '1qaz2wsx3edc'), fc.array(fc.oneof(inner, anything), { maxLength: 2 }), inner);
const resource = fc.oneof(fc.dictionary(fc.constantFrom(...FIELDS), anything, { maxKeys: 6 }), fc.dictionary(fc.constantFrom(...PATH_FIELDS), pathValue, { maxKeys: 6 }));
const almost = fc.record({ name: fc.oneof(fc.constant('standing'), anything), pool_id: fc.oneof(fc.constant(1), anything), size: fc.oneof(oddNumber, anything) }, { requiredKeys: [] });
const body: fc.Arbitrary<string | Buffer> = fc.oneof(
  fc.tuple(envelope, fc.oneof(resource, almost, anything)).map(([key, value]) => `{${JSON.stringify(key)}:${JSON.stringify(value) ?? 'null'}}`),
  anything.map((value) => JSON.stringify(value) ?? ''),
  fc.string({ maxLength: 40 }),
  fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)),
  fc.constantFrom('{"block_volume":', '{"block_volume":{"size":1e400}}', '{"block_volume":{"name":"\\ud800","pool_id":1,"size":-5}}', '[', '', 'null', `{"block_volume":{"name":"${'n'.repeat(1_100_000)}"}}`),
);
const refText = fc.oneof(
  fc.constantFrom('1', '1', '1', '0', '-1', '1.5', '99999999999999999999', '01', '1e3', '00000000-0000-4000-8000-000000000000', '%zz', '%00', '%2e%2e', '1:', ':', '1:retry', '1:undelete', '1:explode', 'x'.repeat(500)),
  oddText.map((text) => encodeURIComponent(wellFormed(text))),
);
const PARAMETERS = ['limit', 'offset', 'cursor', 'pool_id', 'name', 'status', 'hidden', 'reserved', 'q', 'block_volume_id', 'force', 'cascade', 'retain_ms', 'type', 'stats', 'token', '__proto__'];
const query = fc.array(fc.tuple(fc.constantFrom(...PARAMETERS), oddText), { maxLength: 3 }).map((pairs) =>
  pairs.length === 0 ? '' : `?${pairs.map(([key, text]) => `${key}=${encodeURIComponent(wellFormed(text))}`).join('&')}`,
);
const contentType = fc.constantFrom('application/json', 'application/json', 'application/json', 'application/json; charset=utf-8', 'text/plain', 'application/x-www-form-urlencoded', 'application/xml', 'nonsense');
const key = fc.option(fc.constantFrom('', 'k', 'é', 'k'.repeat(300)), { freq: 8, nil: undefined });

const isOurs = (text: string): boolean => /\n\s+at |node_modules|\.ts:\d|\.js:\d/.test(text);

/** The plane may accept what was generated, by chance; then there is nothing to say about effects. */
for (const { method, path, verbs } of routes) {
  // A stream that is accepted has no end to wait for: test/http/streams.test.ts has its bad requests.
  if ([...verbs.values()].every(([, { kind }]) => kind === 'stream')) continue;
  test(`${method} ${path}`, async () => {
    const property = fc.asyncProperty(fc.record({ ref: refText, query, body, type: contentType, key }), async ({ ref, query, body, type, key }) => {
      const before = stateHash();
      const hasBody = method !== 'GET';
      const headers = { ...(hasBody ? { 'content-type': type } : {}), ...(key === undefined ? {} : { 'idempotency-key': key }) };
      const answered = await ask(method, `${path.replaceAll(/:ref\d/g, () => ref).replaceAll('::', ':')}${query}`, { ...(hasBody ? { raw: body } : {}), headers });
      assert.ok(answered.status < 500, `${answered.status} ${answered.text}`);
      assert.not.ok(isOurs(answered.text), answered.text);
      assert.not.ok(answered.text.includes(TOKEN));
      if (answered.status < 400) return plane.idle();
      assert.match(answered.type, /^application\/problem\+json/);
      for (const field of ['type', 'title', 'status', 'detail', 'rule', 'spec', 'remedy']) assert.ok(field in answered.json, `${field} is missing in ${answered.text}`);
      await plane.idle();
      assert.is(stateHash(), before);
    });
    await fc.assert(property, { numRuns: RUNS, seed });
  });
}

const listening = service.listen({ port: 0 }).then((url) => (url._tag === 'Right' ? url.right : assert.unreachable(url.left.message)));

/** What comes back on a connection of its own. */
const sent = async (text: string): Promise<string> => {
  const { hostname, port } = new URL((await listening) ?? '');
  return new Promise((resolve, reject) => {
    let received = '';
    const socket = connect(Number(port), hostname, () => socket.write(text));
    socket.setEncoding('utf8').on('data', (chunk: string) => (received += chunk));
    socket.on('close', () => resolve(received)).on('error', reject);
  });
};

const said = async (text: string): Promise<{ readonly status: string; readonly problem: Readonly<Record<string, unknown>> }> => {
  const received = await sent(text);
  const [head = '', body = ''] = received.split('\r\n\r\n');
  assert.match(head, /application\/problem\+json/, received);
  return { status: head.split(' ')[1] ?? '', problem: JSON.parse(body) as Readonly<Record<string, unknown>> };
};

test('what is not HTTP, or more than Node takes, is answered with a problem and a status that the contract has [S0-1]', async () => {
  const [get, end] = ['GET /api/v1/block-volumes HTTP/1.1\r\n', `Xms-Auth-Token: ${TOKEN}\r\nConnection: close\r\n\r\n`];
  const cases: readonly (readonly [string, string, string])[] = [
    ['NONSENSE\r\n\r\n', '400', 'requestIsHttp'],
    [`${get}${end}`, '400', 'requestIsHttp'],
    [`${get}Host: here\r\nExpect: miracles\r\n${end}`, '417', 'expectationIsKnown'],
    [`${get}Host: here\r\nX-Long: ${'x'.repeat(20_000)}\r\n${end}`, '431', 'headersFit'],
  ];
  for (const [text, status, rule] of cases) {
    const answer = await said(text);
    assert.equal([answer.status, String(answer.problem['status']), answer.problem['rule']], [status, status, rule], text.slice(0, 100));
    for (const [path, methods] of Object.entries(openApiDocument()['paths'] as Readonly<Record<string, Readonly<Record<string, { readonly responses: object }>>>>))
      for (const [method, { responses }] of Object.entries(methods)) assert.ok(status in responses, `${status} of ${method} ${path}`);
  }
});

test('an Expect: 100-continue is met, and HTTP/1.0 needs no Host [S0-1]', async () => {
  for (const text of [`GET /healthz HTTP/1.0\r\n\r\n`, `GET /healthz HTTP/1.1\r\nHost: here\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n`]) assert.match(await sent(text), /HTTP\/1\.1 200 /, text);
});

test.after(fixture.close);
test.run();
