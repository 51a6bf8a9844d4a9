/**
 * Secrets of CHAP accounts are planted in every request that can carry one, by REST and by the library, in requests that are accepted, refused,
 * planned, repeated, and that fail at a gateway; then everything that was ever written, said, answered, measured or started is searched.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { inspect } from 'node:util';
import { rbdBackend } from '@blockledger/adapters-rbd';
import { simulateRbd } from '@blockledger/adapters-rbd/simulator';
import { localHost, xdcTargets } from '@blockledger/adapters-xdc';
import { simulateVips, simulateXdc } from '@blockledger/adapters-xdc/simulator';
import { controlPlane, fileSecretStore, type ControlPlane } from '@blockledger/app';
import { httpService, openApiDocument } from '@blockledger/app/http';
import { memoryStore } from '@blockledger/app/memory';
import { prometheusMetrics } from '@blockledger/app/metrics';
import { openTelemetry } from '@blockledger/app/tracing';
import { secret, type SecretRef } from '@blockledger/domain';
import * as E from 'fp-ts/lib/Either.js';
import * as assert from 'uvu/assert';
import { everyOperation } from '../../packages/app/src/api/operations/index.ts';
import { loggingObserver, serviceLogger } from '../../packages/app/src/logging/index.ts';
import { lasting, right } from '../support/plane.ts';
import { spanRecorder } from '../support/spans.ts';
import { temporaryFolder } from '../support/sqlite.ts';
import { suite } from '../support/suite.ts';
import { virtualClock } from '../support/virtualClock.ts';

const test = suite('planted accounts');
const { folder, remove } = temporaryFolder();
test.after(remove);

/** What was planted, by its text: 16 characters that stand nowhere by chance. */
const planted = new Map<string, string>();
const put = (what: string): string => {
  const text = `Pl4nt${createHash('sha256').update(what).digest('hex').slice(0, 11)}`;
  planted.set(text, what);
  return text;
};

const TOKEN = 'a-token-for-tests';
const store = memoryStore();
const cluster = simulateRbd({ pools: { vols: {} } });
const trouble = { isOn: false };
/** A gateway that tells what it was given when it will not. */
const HOSTS = ['gw1', 'gw2'];
const gateways = simulateXdc({
  hosts: HOSTS,
  faults: ({ argv, changes }) => (trouble.isOn && changes ? { _tag: 'Says', exitCode: 1, stderr: `xdcadm: cannot do: ${argv.join(' ')}\n` } : undefined),
});
const log: string[] = [];
const sink = new PassThrough();
sink.on('data', (chunk: Buffer) => void log.push(chunk.toString()));
const logger = serviceLogger('debug', sink);
const spans = spanRecorder();
const tracing = openTelemetry({ tracerProvider: spans.provider });
const metrics = prometheusMetrics({ process: false });
const sent: unknown[] = [];
const replies: string[] = [];
const library: unknown[] = [];

const open = (): Promise<ControlPlane> => {
  const clock = virtualClock();
  return controlPlane({
    store: lasting(store),
    backends: { ceph: rbdBackend({ run: cluster.run }) },
    targets: { xdc: xdcTargets({ hosts: HOSTS.map((name) => localHost({ name, run: gateways.run(name) })), endsSessions: true }) },
    vips: { keepalived: simulateVips({ hosts: [{ name: 'gw1', source: '10.252.1.1' }, { name: 'gw2', source: '10.252.1.2' }], clock }).backend },
    clock,
    secrets: fileSecretStore({ path: join(folder, 'accounts.secrets') }),
    webhooks: { send: (sending) => (void sent.push(sending), Promise.resolve(E.right({ status: 204, retryAfterMs: 0 }))) },
    limits: { maxAttempts: 2 },
    observers: [tracing.observer, metrics.observer, loggingObserver(logger)],
    logger,
    exclusive: true,
  });
};

const serve = (plane: ControlPlane) => {
  const service = httpService(plane, { tokens: { tester: TOKEN }, rateLimits: { perAddress: null, perPrincipal: null }, logger, observability: { metrics, tracing } });
  const ask = async (method: 'GET' | 'POST' | 'PATCH' | 'DELETE', path: string, body?: unknown, headers: Readonly<Record<string, string>> = {}) => {
    const json: Readonly<Record<string, string>> = body === undefined ? {} : { 'content-type': 'application/json' };
    const payload = typeof body === 'string' ? body : JSON.stringify(body);
    const response = await service.fastify.inject({ method, url: path.startsWith('//') ? path.slice(1) : `/api/v1${path}`, headers: { 'xms-auth-token': TOKEN, ...json, ...headers }, ...(body === undefined ? {} : { payload }) });
    await plane.idle();
    replies.push(`${method} ${path}: ${response.statusCode} ${JSON.stringify(response.headers)} ${response.body}`);
    return { status: response.statusCode, text: response.body };
  };
  return { service, ask };
};

/** The two resources with accounts, as REST writes them. */
const PATH = { list: '/access-paths', envelope: 'access_path', user: 'tname', secret: 'tsecret', name: 'storage-1' };
const GROUP = { list: '/client-groups', envelope: 'client_group', user: 'iname', secret: 'isecret', name: 'prover-of-1' };
const CREATE = { access_path: { host_ids: [1, 2] }, client_group: { clients: [{ code: 'iqn.1994-05.com.redhat:db-1' }] } } as const;

type Ask = ReturnType<typeof serve>['ask'];
type Kind = typeof PATH | typeof GROUP;

const accountOf = (kind: Kind, text: unknown): object => ({ chap: true, [kind.user]: kind.name, [kind.secret]: text });
const bodyOf = (kind: Kind, fields: object): object => ({ [kind.envelope]: fields });

/** Accepted: made with an account, given others, repeated, planned. */
const accepted = async (ask: Ask, kind: Kind): Promise<void> => {
  const whole = { name: `with-${kind.envelope}`, ...CREATE[kind.envelope as keyof typeof CREATE] };
  const [plan, made] = [await ask('POST', `${kind.list}?plan=true`, bodyOf(kind, { ...whole, ...accountOf(kind, put(`planned ${kind.secret}`)) })), await ask('POST', kind.list, bodyOf(kind, { ...whole, ...accountOf(kind, put(`first ${kind.secret}`)) }))];
  assert.equal([plan.status, made.status], [200, 202], plan.text + made.text);
  const key = { 'idempotency-key': `account of ${kind.envelope}` };
  for (const what of ['changed', 'changed', 'reused key']) {
    const { status, text } = await ask('PATCH', `${kind.list}/1`, bodyOf(kind, accountOf(kind, put(`${what} ${kind.secret}`))), key);
    assert.is(status >= 300, what === 'reused key', text);
  }
  assert.is((await ask('PATCH', `${kind.list}/1?plan=true`, bodyOf(kind, accountOf(kind, put(`planned change ${kind.secret}`))))).status, 200);
};

/** Refused, for every reason that there is. */
const refused = async (ask: Ask, kind: Kind): Promise<void> => {
  const { list, user, secret: field } = kind;
  const here = put(`refused ${field}`);
  const tries: readonly (readonly [number, object | string, Readonly<Record<string, string>>?])[] = [
    [422, accountOf(kind, `${put(`too long ${field}`)}x`)],
    [422, accountOf(kind, put(`bad character ${field}`).replace(/.$/, ','))],
    [422, { chap: true, [user]: 'short', [field]: here }],
    [400, { chap: false, [user]: kind.name, [field]: here }],
    [400, { [field]: here }],
    [400, { chap: true, [field]: here }],
    [400, accountOf(kind, [put(`list ${field}`)])],
    [400, accountOf(kind, { text: put(`object ${field}`) })],
    [400, { ...accountOf(kind, here), colour: 'red' }],
    [412, accountOf(kind, here), { 'if-match': '"999-0123456789abcdef"' }],
    [400, accountOf(kind, here), { 'idempotency-key': '' }],
  ];
  for (const [wanted, fields, headers] of tries) {
    const { status, text } = await ask('PATCH', `${list}/1`, bodyOf(kind, fields as object), headers);
    assert.is(status, wanted, `${JSON.stringify(fields)}: ${text}`);
  }
  assert.is((await ask('PATCH', `${list}/99`, bodyOf(kind, accountOf(kind, here)))).status, 404);
  assert.is((await ask('DELETE', list, bodyOf(kind, accountOf(kind, here)))).status, 405);
  assert.is((await ask('PATCH', `${list}/1`, `{"${kind.envelope}": {"${field}": "${put(`broken ${field}`)}"`)).status, 400);
  assert.is((await ask('PATCH', `${list}/1`, bodyOf(kind, accountOf(kind, here)), { 'xms-auth-token': 'wrong' })).status, 401);
  assert.is((await ask('PATCH', `${list}/1`, bodyOf(kind, accountOf(kind, here)), { 'content-type': 'text/plain' })).status, 415);
};

/** The gateways will not, and say what they were given; then they will. */
const failing = async (ask: Ask, plane: ControlPlane): Promise<void> => {
  trouble.isOn = true;
  for (const kind of [GROUP, PATH]) {
    const { status, text } = await ask('PATCH', `${kind.list}/1`, bodyOf(kind, accountOf(kind, put(`failing ${kind.secret}`))));
    assert.ok(status < 300, text);
    const { task } = JSON.parse(text) as { readonly task: { readonly uuid: string } | null };
    if (task !== null) library.push(await plane.tasks.await(task.uuid));
  }
  const [failed] = plane.tasks.list({ status: 'failed' }).items;
  assert.match(failed?.error?.message ?? '', 'xdcadm: cannot do', 'no gateway complained');
  for (const path of ['/tasks?limit=-1', '/warnings', '/access-paths/1', '/hosts', '/targets']) await ask('GET', path);
  trouble.isOn = false;
  for (const { number } of plane.tasks.list({ status: 'failed', limit: -1 }).items) await ask('POST', `/tasks/${number}:retry`);
  await plane.idle();
};

const throughTheLibrary = async (plane: ControlPlane): Promise<void> => {
  const chap = (what: string) => ({ user: 'storage-2', secret: secret(put(`library ${what}`)) });
  const mutual = (what: string) => ({ user: 'prover-of-2', secret: put(`library ${what}`) });
  const seen = [
    await plane.createAccessPath({ name: 'library', hosts: ['gw1'], chap: chap('path') }, { wait: 'done' }),
    await plane.createClientGroup({ name: 'library', clients: ['10.255.101.73'], mutual: mutual('group') }, { wait: 'done' }),
    await plane.updateAccessPath(2, { chap: chap('other path') }, { wait: 'done' }),
    await plane.updateClientGroup(2, { mutual: mutual('other group') }, { wait: 'done' }),
    await plane.confinedTo('red').createAccessPath({ name: 'red', hosts: [1], chap: chap('red') }, { wait: 'done' }),
    await plane.plan({ do: 'createAccessPath', input: { name: 'planned', hosts: [1], chap: chap('planned') } }),
    await plane.createAccessPath({ name: 'library', hosts: ['gw1'], chap: chap('name taken') }),
    await plane.createAccessPath({ name: 'nowhere', hosts: ['gw9'], chap: chap('no host') }),
    await plane.updateAccessPath(2, { chap: { ...chap('typo'), sceret: put('library unknown field') } as never }),
    await plane.updateClientGroup(2, { mutual: put('library no account') as never }),
    await plane.updateAccessPath(2, { chap: { user: 'storage-2', secret: { text: put('library no text') } } as never }),
  ];
  assert.equal(seen.map(({ _tag }) => _tag), [...Array<string>(6).fill('Right'), ...Array<string>(5).fill('Left')], JSON.stringify(seen.map((one) => (E.isLeft(one) ? one.left : 0))));
  library.push(...seen);
};

/** Everything that can be looked at by REST. */
const lookEverywhere = async (ask: Ask): Promise<void> => {
  for (const [, { method, path, kind, query }] of everyOperation) {
    if (method !== 'GET' || kind !== 'read') continue;
    const at = path.replaceAll(/\{\w+\}/g, path.includes('{backend}') ? 'ceph' : '1');
    await ask('GET', `${at}${Object.hasOwn(query, 'limit') ? '?limit=-1' : ''}`);
    if (Object.hasOwn(query, 'at')) await ask('GET', `${at}?at=2100-01-01T00:00:00Z`);
  }
  const { text } = await ask('GET', '/actions?limit=-1');
  for (const { command_id: id } of (JSON.parse(text) as { readonly actions: readonly { readonly command_id: string }[] }).actions) await ask('GET', `/actions/${id}`);
  await ask('GET', '/events?from=start&follow=false');
  for (const page of ['//metrics', '//openapi.json', '//readyz', '//docs']) await ask('GET', page);
};

test('secrets of accounts are in no event, log line, error, figure, span, plan, action record, webhook body, answer, or command line [I-24, S0-92, S0-86, S0-87]', async () => {
  let plane = await open();
  let { service, ask } = serve(plane);
  right(await plane.registerPool({ name: 'vols', placement: { backend: 'ceph', pool: 'vols' } }, { wait: 'done' }));
  for (const n of [1, 2]) right(await plane.registerHost({ name: `gw${n}`, targets: 'xdc', vips: 'keepalived', addresses: [{ ip: `10.252.1.${n}`, prefix: 24, interface: 'eth0' }] }, { wait: 'done' }));
  right(await plane.webhooks.register({ name: 'ops', url: 'https://ops.example/hooks', secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw' }));
  for (const kind of [PATH, GROUP]) await accepted(ask, kind);
  right(await plane.createVolume({ pool: 1, name: 'db', sizeBytes: 2 ** 30 }, { wait: 'done' }));
  assert.is((await ask('POST', '/mapping-groups', { mapping_group: { access_path_id: 1, client_group_id: 1, block_volume_ids: [1] } })).status, 202);
  // They are where they are meant to be, and the ones that were there before are gone.
  const texts = (what: string): readonly string[] => [...planted].flatMap(([text, named]) => (named.startsWith(what) ? [text] : []));
  for (const text of texts('changed')) assert.ok(gateways.shows('gw1').includes(text), planted.get(text));
  for (const kind of [PATH, GROUP]) await refused(ask, kind);
  await failing(ask, plane);
  for (const text of texts('failing')) assert.ok(gateways.shows('gw2').includes(text), planted.get(text));
  await throughTheLibrary(plane);
  library.push(await plane.drift(), await plane.orphans(), plane.warnings());
  await lookEverywhere(ask);
  await service.close();
  await plane.close();
  // A process that starts again reads everything anew.
  plane = await open();
  ({ service, ask } = serve(plane));
  for (const host of HOSTS) gateways.restart(host, 'everything');
  assert.is((await ask('POST', '/access-paths/1:redeploy')).status, 202);
  for (const text of texts('failing')) assert.ok(gateways.shows('gw1').includes(text), planted.get(text));
  await lookEverywhere(ask);
  library.push(plane.accessPaths.list({ limit: -1 }), plane.clientGroups.list({ limit: -1 }), plane.targets.list({ limit: -1 }), plane.actions.list({ limit: -1 }), plane.tasks.list({ limit: -1 }));
  await service.close();
  await plane.close();

  const events = await store.readAll(0, 100_000)();
  const places: Readonly<Record<string, string>> = {
    replies: replies.join('\n'),
    library: `${JSON.stringify(library)}${inspect(library, { depth: 30, maxArrayLength: null, maxStringLength: null })}`,
    events: JSON.stringify(events),
    log: log.join(''),
    spans: inspect(spans.spans().map(({ name, attributes, events: told, status }) => ({ name, attributes, told, status })), { depth: 10, maxArrayLength: null }),
    figures: (await metrics.scrape(plane)).body,
    webhooks: inspect(sent, { depth: 5, maxArrayLength: null, maxStringLength: null }),
    'command lines of gateways': JSON.stringify(gateways.calls),
    'command lines of Ceph': JSON.stringify(cluster.calls),
    'files of secrets': readdirSync(folder).map((name) => readFileSync(join(folder, name), 'latin1')).join('\n'),
    contract: JSON.stringify(openApiDocument()),
  };
  assert.ok(planted.size > 35, `only ${planted.size} were planted`);
  for (const [place, witness] of Object.entries({ replies: 'urn:blockledger:refusal:ChapAccountIsInvalid', library: 'storage-2', events: '"secretRef":"chap/', log: 'xdcadm', spans: 'xdcadm', figures: 'ChapAccountIsInvalid', webhooks: 'AccessPathUpdate', 'command lines of gateways': '-I', 'files of secrets': 'chap' })) {
    assert.ok(places[place]?.includes(witness), `nothing was searched in ${place}: there is no ${witness}`);
  }
  const AROUND = 80;
  const found = [...planted].flatMap(([text, what]) => Object.entries(places).flatMap(([place, all]) => {
    const at = all.indexOf(text);
    return at < 0 ? [] : [`${what} is in ${place}: ${all.slice(Math.max(0, at - AROUND), at + AROUND)}`];
  }));
  assert.equal(found, []);
});

type Schema = Readonly<Record<string, unknown>>;

/** The names of all fields that a schema has, however deep. */
const fieldsOf = (schema: Schema, schemas: Readonly<Record<string, Schema>>, met: ReadonlySet<string> = new Set()): readonly (readonly [string, Schema])[] =>
  Object.entries(schema).flatMap(([key, value]) => {
    if (key === '$ref' && typeof value === 'string') {
      const name = value.replace('#/components/schemas/', '');
      return met.has(name) ? [] : fieldsOf(schemas[name] ?? {}, schemas, new Set([...met, name]));
    }
    if (typeof value !== 'object' || value === null) return [];
    const own = key === 'properties' ? (Object.entries(value) as readonly (readonly [string, Schema])[]) : [];
    return [...own, ...fieldsOf(value as Schema, schemas, met)];
  });

test('the contract has secrets in bodies of requests, write only, and in no answer but that of a token, once, and that of a connection to operators [I-24, S0-86, S0-87, S1-34]', () => {
  const document = openApiDocument() as unknown as {
    readonly paths: Readonly<Record<string, Readonly<Record<string, { readonly operationId: string; readonly requestBody?: Schema; readonly responses: Schema }>>>>;
    readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
  };
  const named = (schema: Schema): readonly (readonly [string, Schema])[] => fieldsOf(schema, document.components.schemas).filter(([name]) => /(?:secret|password)$/i.test(name));
  const every = Object.values(document.paths).flatMap((methods) => Object.values(methods));
  assert.equal(every.filter(({ responses }) => named(responses).length > 0).map(({ operationId }) => operationId), ['getConnectionInfo', 'issueToken']);
  const taken = every.flatMap(({ operationId, requestBody = {} }) => named(requestBody).flatMap(([name, schema]) => (name === 'secret' ? [] : [`${operationId} ${name} ${String(schema['writeOnly'])}`])));
  assert.equal(new Set(taken), new Set(['createAccessPath tsecret true', 'createClientGroup isecret true', 'updateAccessPath tsecret true', 'updateClientGroup isecret true']));
});

test('a reference tells nothing of its secret: stores with other keys have other references [I-24]', async () => {
  const refs = new Set<SecretRef>();
  for (const key of ['a', 'b']) {
    const kept = fileSecretStore({ path: join(folder, `${key}.store`) });
    refs.add(right(await kept.put({ kind: 'chap', id: 'one' }, secret('1qaz2wsx3edc'))()));
  }
  assert.is(refs.size, 2);
});

test.run();
