/**
 * Secrets are planted in every place that a request can carry one, and in the configuration; then everything that the service
 * ever wrote, said or answered is searched. `ALLOWED` is the whole list of where a text may be seen again, and why.
 */
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { cinderDriver } from '@blockledger/app/cinder-driver';
import { apiClient } from '@blockledger/app/client';
import { openApiDocument } from '@blockledger/app/http';
import { secret } from '@blockledger/domain';
import { pino } from 'pino';
import * as assert from 'uvu/assert';
import { everyOperation } from '../../packages/app/src/api/operations/index.ts';
import { cinderVolume, returned } from '../support/cinder/world.ts';
import { repositoryRoot } from '../support/files.ts';
import { planeWithPool, right } from '../support/plane.ts';
import { startService, sleep } from '../support/serviceProcess.ts';
import { suite } from '../support/suite.ts';

const test = suite('planted secrets');
const folder = mkdtempSync(join(tmpdir(), 'blockledger-planted-'));
const store = join(folder, 'log.db');

/** A text that stands nowhere by chance. */
const plant = (name: string): string => `PLANTED${createHash('sha256').update(name).digest('hex').slice(0, 24)}`;

/** Where things are seen: by who asked, by who asks for the action records, by another tenant, on the screen, in the log, in files. */
type Place = 'replies' | 'actions' | 'others' | 'screen' | 'log' | 'store' | 'cluster';

/** What may be seen again, and where. Whatever is planted and not named here is never seen again. */
const ALLOWED = {
  /** A token is shown to who issued it, once; the answer is looked at apart. */
  'issued token': [],
  /** The caller's own text, told back in the refusal of the request that held it. */
  /** A backend has a name and no number: one that is not there is on record with the request that named it. */
  'path reference': ['replies'],
  'path nowhere': ['replies'],
  'query name': ['replies'],
  'query value': ['replies'],
  'If-Match': ['replies'],
  'unknown field name': ['replies'],
  'unknown field value': ['replies'],
  /** The caller's own words about a resource: they are what the resource is made of, and the log keeps them. */
  'body field': ['replies', 'actions', 'store', 'cluster'],
  /** Action records mask what is named like a secret. */
  'password label': ['replies', 'store'],
  /** A simulated array keeps the accounts of its targets, as a real one does. Whoever connects is told, and that is looked at apart. */
  'account of an array': ['cluster'],
  'password of an array': [],
  /** A pool and a backend are everybody's. */
  'shared field': ['replies', 'actions', 'others', 'store'],
} as const satisfies Readonly<Record<string, readonly Place[]>>;

/** Everything that was planted, by its text. */
const planted = new Map<string, { readonly what: string; readonly allowed: readonly Place[] }>();
const put = (kind: string, detail = ''): string => {
  const text = plant(`${kind} ${detail}`);
  const allowed: readonly Place[] = Object.hasOwn(ALLOWED, kind) ? ALLOWED[kind as keyof typeof ALLOWED] : [];
  planted.set(text, { what: `${kind} ${detail}`.trim(), allowed });
  return text;
};

/** A secret of CHAP has 12 to 16 characters. */
const putAccount = (detail: string): string => {
  const text = plant(detail).slice(0, 16);
  planted.set(text, { what: `account of an array ${detail}`, allowed: ALLOWED['account of an array'] });
  return text;
};

const TOKENS = { plain: put('static token', 'text'), wrapped: put('static token', 'Secret'), hashed: put('static token', 'hash') };
const configFile = join(folder, 'planted.config.mjs');
const source = (path: string): string => JSON.stringify(join(repositoryRoot, path));
writeFileSync(
  configFile,
  `import { qsanArray } from ${source('packages/adapters-qsan/src/index.ts')};
import { startQsanArray } from ${source('packages/adapters-qsan/src/simulator/index.ts')};
import { rbdBackend } from ${source('packages/adapters-rbd/src/index.ts')};
import { simulateRbd } from ${source('packages/adapters-rbd/src/simulator/index.ts')};
import { defineConfig } from ${source('packages/app/src/index.ts')};
import { secret } from ${source('packages/domain/src/index.ts')};
const cluster = simulateRbd({ file: ${JSON.stringify(`${store}.cluster.json`)} });
const array = await startQsanArray({ password: ${JSON.stringify(put('password of an array'))}, file: ${JSON.stringify(`${store}.array.json`)} });
const { volumes, targets } = qsanArray({ ...array.options, host: 'array1' });
export default defineConfig({
  close: array.stop,
  targets: { array1: targets },
  store: ${JSON.stringify(store)},
  backends: { ceph: rbdBackend({ run: cluster.run }), array1: volumes },
  pools: { vols: { backend: 'ceph', pool: 'vols', overSubscriptionRatio: 1000 } },
  requestLimits: { perAddress: null, perPrincipal: null, wrongTokens: null },
  tokens: {
    plain: ${JSON.stringify(TOKENS.plain)},
    wrapped: { token: secret(${JSON.stringify(TOKENS.wrapped)}), role: 'admin' },
    hashed: { tokenSha256: ${JSON.stringify(createHash('sha256').update(TOKENS.hashed).digest('hex'))}, role: 'operator', tenant: 'default' },
  },
});
`,
);

type Schema = Readonly<Record<string, unknown>>;
const document = openApiDocument() as unknown as {
  readonly paths: Readonly<Record<string, Readonly<Record<string, { readonly operationId: string; readonly requestBody?: { readonly content: { readonly 'application/json': { readonly schema: Schema } } } }>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
};
const schemaOf = (path: string, method: string): Schema | undefined => document.paths[path]?.[method.toLowerCase()]?.requestBody?.content['application/json'].schema;

/** A value that a schema allows, with every field and a plant in every text that is free. */
const filled = (schema: Schema, kind: string, at: string): unknown => {
  if (typeof schema['$ref'] === 'string') return filled(document.components.schemas[schema['$ref'].replace('#/components/schemas/', '')] ?? {}, kind, at);
  if ('const' in schema) return schema['const'];
  if (Array.isArray(schema['enum'])) return schema['enum'][0];
  if (Array.isArray(schema['anyOf'])) return filled((schema['anyOf'] as readonly Schema[])[0] ?? {}, kind, at);
  switch (schema['type']) {
    case 'object': {
      const fields = Object.entries((schema['properties'] ?? {}) as Readonly<Record<string, Schema>>);
      if (fields.length === 0) return { password: put('password label', at), note: put(kind, `${at}.note`) };
      return Object.fromEntries(fields.map(([name, inner]) => [name, filled(inner, /secret/i.test(name) ? 'secret field' : kind, `${at}.${name}`)]));
    }
    case 'string':
      if (typeof schema['format'] === 'string') return '2030-01-01T00:00:00.000Z';
      return put(kind, at);
    case 'integer':
    case 'number':
      return Math.max(1, Number(schema['minimum'] ?? 1));
    case 'boolean':
      return false;
    default:
      return null;
  }
};

const replies: string[] = [];
const actions: string[] = [];
const others: string[] = [];

test('planted secrets are seen nowhere but where a user’s own words are told back: tokens, an array’s password, accounts of its targets and of Cinder’s connections [I-24, S0-11, S0-136, S1-2, S1-24, S1-34]', async () => {
  const service = await startService({ config: configFile, store, env: { BLOCKLEDGER_TOKEN: '', BLOCKLEDGER_LOG_LEVEL: 'debug' } });
  const ask = async (into: string[], method: string, path: string, { headers = {}, body }: { readonly headers?: Readonly<Record<string, string>>; readonly body?: string } = {}): Promise<string> => {
    const json: Readonly<Record<string, string>> = body === undefined ? {} : { 'content-type': 'application/json' };
    const response = await fetch(`${service.url}${path.startsWith('/') ? '' : '/api/v1/'}${path}`, { method, headers: { ...json, ...headers }, ...(body === undefined ? {} : { body }) });
    const text = await response.text();
    into.push(`${response.status} ${JSON.stringify([...response.headers])} ${text}`);
    assert.ok(response.status < 500, `${method} ${path}: ${text}`);
    return text;
  };
  const admin = { 'xms-auth-token': TOKENS.plain };

  const issue = async (name: string, role: string, tenant: string | null): Promise<string> => {
    const own: string[] = [];
    const { secret: text } = JSON.parse(await ask(own, 'POST', 'tokens', { headers: admin, body: JSON.stringify({ token: { name, role, tenant } }) })) as { readonly secret: string };
    assert.is(own.join('').split(text).length, 2, 'it is shown once');
    planted.set(text, { what: `issued token ${name}`, allowed: ALLOWED['issued token'] });
    return text;
  };
  const issued = await issue('issued', 'admin', null);
  const stranger = await issue('stranger', 'reader', 'globex');
  // Something that stands, for the references of the requests below.
  const standing = { name: 'standing', pool_id: 1, size: 2 ** 30, labels: { password: put('password label', 'standing') }, description: put('body field', 'standing') };
  await ask(replies, 'POST', 'block-volumes', { headers: admin, body: JSON.stringify({ block_volume: standing }) });
  await sleep(300);
  await ask(replies, 'POST', 'block-snapshots', { headers: admin, body: JSON.stringify({ block_snapshot: { block_volume_id: 1, name: 'standing' } }) });
  await sleep(300);

  /** Headers in which something may be pasted; none of it is anybody's business. */
  const pasted = (id: string): Readonly<Record<string, string>> => ({
    cookie: `session=${put('header', `cookie ${id}`)}`,
    'user-agent': put('header', `agent ${id}`),
    referer: `http://x/?token=${put('header', `referer ${id}`)}`,
    'x-forwarded-for': put('header', `forwarded ${id}`),
    'x-request-id': put('header', `request ${id}`),
    'proxy-authorization': `Basic ${put('header', `proxy ${id}`)}`,
    prefer: `wait=0, x=${put('header', `prefer ${id}`)}`,
    traceparent: put('header', `trace ${id}`),
    'if-none-match': `"${put('header', `none-match ${id}`)}"`,
  });
  const rights: readonly Readonly<Record<string, string>>[] = [admin, { 'xms-auth-token': TOKENS.wrapped }, { authorization: `Bearer ${TOKENS.hashed}` }, { authorization: `Bearer ${issued}` }];

  for (const [index, [id, { method, path, query, kind: manner }]] of everyOperation.entries()) {
    // A stream has no end to wait for.
    if (manner === 'stream') continue;
    const right = rights[index % rights.length] ?? admin;
    const at = path.replaceAll(/\{\w+\}/g, path.includes('{backend}') ? 'ceph' : '1').slice(1);
    const kind = /pool|backend/i.test(id) ? 'shared field' : 'body field';
    const schema = schemaOf(path, method);
    const isChange = method !== 'GET';
    const good = schema === undefined ? {} : { body: JSON.stringify(filled(schema, kind, id)) };
    // Deletions and the like come as plans: what stands shall stand for the operations to come.
    const plan = isChange && Object.hasOwn(query, 'plan') && schema === undefined ? '?plan=true' : '';
    const planting = isChange ? { 'idempotency-key': put('idempotency key', id) } : {};
    await ask(replies, method, `${at}${plan}`, { headers: { ...pasted(id), ...planting, ...right }, ...good });
    for (const wrong of [{ 'xms-auth-token': put('wrong token', id) }, { authorization: `Bearer ${put('wrong token', `bearer ${id}`)}` }, { authorization: `Basic ${put('wrong token', `basic ${id}`)}` }, { 'xms-auth-token': `blk_${put('wrong token', `blk ${id}`)}` }]) {
      await ask(replies, method, at, { headers: wrong, ...good });
    }
    await ask(replies, method, `${at}?token=${put('query token', id)}`, { headers: right });
    await ask(replies, method, `${at}?${put('query name', id)}=1`, { headers: right });
    for (const name of Object.keys(query)) await ask(replies, isChange && name === 'reason' ? 'GET' : method, `${at}?${name}=${put('query value', `${id} ${name}`)}`, { headers: right });
    if (path.includes('{')) await ask(replies, method, path.replaceAll(/\{\w+\}/g, put('path reference', id)).slice(1), { headers: right, ...good });
    if (isChange) {
      await ask(replies, method, at, { headers: { ...right, 'if-match': put('If-Match', id) }, ...good });
      await ask(replies, method, at, { headers: right, body: JSON.stringify({ [put('unknown field name', id)]: { x: 1 } }) });
      await ask(replies, method, at, { headers: right, body: JSON.stringify({ x: put('unknown field value', id) }) });
      await ask(replies, method, at, { headers: right, body: `{"broken": "${put('broken body', id)}` });
      await ask(replies, method, at, { headers: { ...right, 'content-type': `text/${put('content type', id)}` }, body: put('other body', id) });
    }
  }
  await ask(replies, 'GET', put('path nowhere'), { headers: admin });
  await ask(replies, 'GET', `/docs?x=${put('query token', 'docs')}`);
  await ask(replies, 'GET', `/healthz?token=${put('query token', 'health')}`);
  await new Promise<void>((resolve) => {
    const socket = connect(Number(new URL(service.url).port), '127.0.0.1', () => socket.end(`${put('not HTTP')}\r\n\r\n`));
    socket.on('data', (bytes) => replies.push(bytes.toString())).on('close', () => resolve());
  });
  // An array, an access path on it with an account, and two hosts that connect: by REST, and by Cinder's driver.
  const post = async (path: string, body: object): Promise<Readonly<Record<string, { readonly uuid: string }>>> =>
    JSON.parse(await ask(replies, 'POST', path, { headers: { ...admin, prefer: 'wait=30' }, body: JSON.stringify(body) })) as Readonly<Record<string, { readonly uuid: string }>>;
  const account = putAccount('at first');
  const { pool: gold } = await post('pools', { pool: { name: 'gold', backend: 'array1', pool_name: 'Pool-1' } });
  const { host } = await post('hosts', { host: { name: 'array1', target_backend: 'array1', network_addresses: [] } });
  const { access_path: front } = await post('access-paths', { access_path: { name: 'front', host_ids: [host?.uuid], chap: true, tname: 'chap-user', tsecret: account } });
  const { block_volume: disk } = await post('block-volumes', { block_volume: { name: 'disk', pool_id: gold?.uuid, size: 2 ** 30 } });
  const connector = { initiator: 'iqn.1994-05.com.redhat:web-1', host: 'web-1' };
  const { attachment } = await post(`block-volumes/${disk?.uuid}/attachments`, { attachment: { access_path_id: front?.uuid, connector } });
  const attached = `block-volumes/${disk?.uuid}/attachments/${attachment?.uuid}`;
  const told: string[] = [];
  await ask(told, 'GET', `${attached}/connection-info`, { headers: admin });
  assert.is(told.join('').split(account).length, 2, told.join(''));
  for (const at of [attached, `block-volumes/${disk?.uuid}/attachments`]) await ask(replies, 'GET', at, { headers: admin });
  await ask(others, 'GET', `${attached}/connection-info`, { headers: { 'xms-auth-token': stranger } });
  const driver = cinderDriver({ control: apiClient({ url: service.url, token: TOKENS.plain }), pool: 'gold', accessPath: 'front', volumeBackendName: 'gold' });
  const volume = cinderVolume(7);
  returned(await driver.create_volume(volume));
  assert.ok(returned(await driver.create_export({}, volume, connector)).provider_auth?.includes(account));
  assert.ok(JSON.stringify(returned(await driver.initialize_connection(volume, connector))).includes(account));
  // One who cannot be let in, and an account that cannot be changed: both are refused, without what was sent.
  await ask(replies, 'PATCH', `access-paths/${front?.uuid}`, { headers: admin, body: JSON.stringify({ access_path: { tname: 'chap-user', tsecret: `${putAccount('too long')}-and-longer` } }) });
  replies.push(JSON.stringify(await driver.initialize_connection(cinderVolume(8), connector)), JSON.stringify(await driver.initialize_connection(volume, {})));
  await ask(replies, 'GET', 'warnings', { headers: admin });
  await sleep(1000);
  for (const [, { method, path, kind }] of everyOperation) {
    if (method !== 'GET' || kind !== 'read') continue;
    const at = path.replaceAll(/\{\w+\}/g, path.includes('{backend}') ? 'ceph' : '1').slice(1);
    await ask(path === '/actions' ? actions : replies, method, `${at}${path.includes('{') || !path.endsWith('s') ? '' : '?limit=-1'}`, { headers: admin });
    await ask(others, method, at, { headers: { 'xms-auth-token': stranger } });
  }
  assert.is(await service.stop('SIGTERM'), 0, service.errors());

  const files = readdirSync(folder).filter((name) => name.startsWith('log.db'));
  const bytes = (pick: (name: string) => boolean): string => files.filter(pick).map((name) => readFileSync(join(folder, name), 'latin1')).join('\n');
  const places: Readonly<Record<Place, string>> = {
    replies: replies.join('\n'),
    actions: actions.join('\n'),
    others: others.join('\n'),
    screen: service.output(),
    log: service.errors(),
    store: bytes((name) => !/cluster|array/.test(name)),
    cluster: bytes((name) => /cluster|array/.test(name)),
  };
  assert.ok(planted.size > 500 && places.log.length > 10_000 && places.store.includes('VolumeCreated') && places.actions.includes('createVolume'), 'nothing was searched');
  const found = [...planted].flatMap(([text, { what, allowed }]) =>
    (Object.keys(places) as Place[]).filter((place) => !allowed.includes(place) && places[place].includes(text)).map((place) => `${what} is in ${place}: ${contextOf(places[place], text)}`),
  );
  assert.equal(found, []);
  // What is allowed is no more than what is needed.
  const seen = (kind: string, place: Place): boolean => [...planted].some(([text, { what }]) => what.startsWith(kind) && places[place].includes(text));
  const idle = Object.entries(ALLOWED).flatMap(([kind, allowed]) => allowed.filter((place) => !seen(kind, place)).map((place) => `${kind} in ${place}`));
  assert.equal(idle, []);
});

const AROUND = 80;
const contextOf = (text: string, found: string): string => {
  const at = text.indexOf(found);
  return text.slice(Math.max(0, at - AROUND), at + found.length + AROUND);
};

test('a Secret in any field of any request shows its mask and nothing else [I-24]', async () => {
  let log = '';
  const logger = pino({ level: 'debug' }, { write: (line: string) => (log += line) });
  const { plane, store: events } = await planeWithPool({ logger });
  const hidden = plant('a Secret');
  const wrapped = secret(hidden) as unknown as string;
  const volume = right(await plane.createVolume({ pool: 'ssd', name: 'v', sizeBytes: 2 ** 30 }, { wait: 'done' })).resource;
  const pieces: unknown[] = [
    await plane.createVolume({ pool: wrapped, name: wrapped, description: wrapped, sizeBytes: wrapped as unknown as number, labels: { password: wrapped } }),
    await plane.createVolume({ pool: 'ssd', name: wrapped, sizeBytes: 2 ** 30 }),
    await plane.createVolume({ pool: 'ssd', name: 'w', sizeBytes: 2 ** 30, labels: { password: wrapped } }),
    await plane.updateVolume(volume.id, { name: wrapped, description: wrapped }),
    await plane.updateVolume(wrapped, { description: 'x' }),
    await plane.createSnapshot({ volume: volume.id, name: wrapped, description: wrapped }),
    await plane.registerPool({ name: wrapped, placement: { backend: wrapped, pool: wrapped } }),
    await plane.pausePool('ssd', { reason: wrapped }),
    await plane.pauseBackend('fake', { reason: wrapped }),
    await plane.tokens.issue({ name: wrapped, role: 'reader', tenant: wrapped }),
    await plane.tokens.revoke(wrapped, { reason: wrapped }),
    await plane.createVolume({ pool: 'ssd', name: 'x', sizeBytes: 2 ** 30 }, { issuedBy: wrapped, tenant: wrapped, idempotencyKey: wrapped, correlationId: wrapped, clientAddress: wrapped }),
    await plane.plan({ do: 'createVolume', input: { pool: 'ssd', name: wrapped, sizeBytes: 2 ** 30 } }),
    await plane.history({ kind: 'volume', ref: wrapped }),
    plane.volumes.list({ q: 'v', limit: -1 }),
  ];
  await plane.idle();
  pieces.push(plane.actions.list({ limit: -1 }), plane.tasks.list({ limit: -1 }), plane.pools.list(), plane.warnings(), await events.readAll(0, 10_000)());
  for (const piece of pieces) {
    assert.not.ok(JSON.stringify(piece).includes(hidden), JSON.stringify(piece));
    assert.not.ok(inspect(piece, { depth: 20, showHidden: true }).includes(hidden), inspect(piece, { depth: 20 }));
  }
  assert.not.ok(log.includes(hidden), log);
  await plane.close();
});

test.after(() => rmSync(folder, { recursive: true, force: true }));
test.run();
