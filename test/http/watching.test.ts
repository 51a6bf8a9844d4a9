/** How a service is watched: figures, readiness, traces and log lines of the REST face. */
import { PassThrough } from 'node:stream';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rbdBackend } from '@blockledger/adapters-rbd';
import { simulateRbd } from '@blockledger/adapters-rbd/simulator';
import { controlPlane, type ControlPlaneParts } from '@blockledger/app';
import { httpService, type HttpServiceOptions } from '@blockledger/app/http';
import { memoryStore } from '@blockledger/app/memory';
import { prometheusMetrics } from '@blockledger/app/metrics';
import { openTelemetry } from '@blockledger/app/tracing';
import type { EventStore, PortError } from '@blockledger/domain';
import * as E from 'fp-ts/lib/Either.js';
import * as assert from 'uvu/assert';
import { loggingObserver, serviceLogger } from '../../packages/app/src/logging/index.ts';
import { openMetricsPort } from '../../packages/app/src/http/watching/metricsPort.ts';
import { fakeBackend } from '../support/fakeBackend.ts';
import { repositoryRoot } from '../support/files.ts';
import { samplesOf } from '../support/prometheusText.ts';
import { right } from '../support/plane.ts';
import { call, startService } from '../support/serviceProcess.ts';
import { spanRecorder } from '../support/spans.ts';
import { suite } from '../support/suite.ts';

const test = suite('watching a service');

const TOKEN = 'a-token-nobody-may-read-in-a-log';
const TRACE_ID = '4bf92f3577b34da6a3ce929d0e0e4736';
const CALLER = `00-${TRACE_ID}-00f067aa0ba902b7-01`;
const UNREACHABLE: PortError = { _tag: 'Retryable', code: 'Unreachable', message: 'no route to mon.internal', outcomeUnknown: false };

type Given = Partial<ControlPlaneParts> & { readonly service?: Partial<HttpServiceOptions> };

/** A service over a simulated cluster, asked without a socket. */
const serving = async ({ service: options = {}, ...parts }: Given = {}) => {
  const plane = await controlPlane({ store: memoryStore(), backends: { ceph: rbdBackend({ run: simulateRbd().run }) }, exclusive: true, ...parts });
  const tokens = { tester: TOKEN, reader: { token: 'reader', role: 'reader' as const }, tenant: { token: 'tenant', role: 'reader' as const, tenant: 'blue' } };
  const service = httpService(plane, { tokens, ...options });
  const ask = async (method: 'GET' | 'POST', url: string, { token = TOKEN, body, headers = {} }: { readonly token?: string | null; readonly body?: object; readonly headers?: Readonly<Record<string, string>> } = {}) => {
    const response = await service.fastify.inject({
      method,
      url,
      headers: { ...(token === null ? {} : { 'xms-auth-token': token }), ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      ...(body === undefined ? {} : { payload: JSON.stringify(body) }),
    });
    return { status: response.statusCode, headers: response.headers, text: response.body };
  };
  const close = async (): Promise<void> => {
    await service.close();
    await plane.close();
  };
  return { plane, service, ask, close };
};

const withPool = async (given: Given = {}) => {
  const made = await serving(given);
  right(await made.plane.registerPool({ name: 'vols', placement: { backend: 'ceph', pool: 'vols' } }, { wait: 'done' }));
  return made;
};

const volume = { block_volume: { name: 'db', pool_id: 1, size: 2 ** 30 } };

test('figures are for tokens of all tenants, whatever their role, and for nobody without one [S0-16, I-12]', async () => {
  const metrics = prometheusMetrics({ process: false });
  const { ask, close } = await withPool({ observers: [metrics.observer], service: { observability: { metrics } } });
  await ask('POST', '/api/v1/block-volumes', { body: volume });
  await ask('GET', '/api/v1/block-volumes/1');
  await ask('GET', '/api/v1/block-volumes/999');
  assert.is((await ask('GET', '/metrics', { token: null })).status, 401);
  const confined = await ask('GET', '/metrics', { token: 'tenant' });
  assert.is(confined.status, 403);
  assert.match(confined.text, /CallerIsConfined/);
  const { status, headers, text } = await ask('GET', '/metrics', { token: 'reader' });
  assert.is(status, 200);
  assert.is(headers['content-type'], 'text/plain; version=0.0.4; charset=utf-8');
  const routes = samplesOf(text).filter(({ name }) => name === 'blockledger_http_requests_total');
  const counted = routes.map(({ labels: { method, route, status: code }, value }) => `${method} ${route} ${code}: ${value}`);
  assert.ok(counted.includes('GET /api/v1/block-volumes/:ref0 200: 1') && counted.includes('GET /api/v1/block-volumes/:ref0 404: 1'), counted.join('\n'));
  assert.ok(counted.includes('POST /api/v1/block-volumes 202: 1'), counted.join('\n'));
  assert.not.ok(samplesOf(text).some(({ labels }) => Object.values(labels).includes('999')));
  await close();
});

test('a service without figures has no such page [S0-1]', async () => {
  const { ask, close } = await serving();
  assert.is((await ask('GET', '/metrics')).status, 404);
  await close();
});

test('a service that works is ready, and says so to anybody [S0-6]', async () => {
  const { ask, close } = await withPool();
  const { status, text, headers } = await ask('GET', '/readyz', { token: null });
  const body = JSON.parse(text) as { readonly status: string; readonly checks: Readonly<Record<string, { readonly status: string }>> };
  assert.equal([status, body.status, headers['cache-control']], [200, 'ready', 'no-store']);
  assert.equal(Object.entries(body.checks).map(([name, check]) => [name, check.status]), ['store', 'projection', 'backends', 'audit', 'warnings', 'draining'].map((name) => [name, 'ok']));
  await close();
});

test('a backend that is down degrades the service; which one and why is told only to a token of all tenants [S0-53, I-12]', async () => {
  const fake = fakeBackend();
  const down = { ...fake.backend, identify: () => () => Promise.resolve(E.left(UNREACHABLE)) };
  const { ask, plane, close } = await serving({ backends: { 'secret-cluster': down }, limits: { backendCheckEveryMs: 10, maxRetryingMs: 0 } });
  right(await plane.registerPool({ name: 'ssd', placement: { backend: 'secret-cluster', pool: 'ssd' } }));
  while (plane.monitor.backends()[0]?.state !== 'down') await new Promise((resolve) => setTimeout(resolve, 5));
  const anybody = await ask('GET', '/readyz', { token: null });
  assert.is(anybody.status, 200);
  assert.match(anybody.text, /"status":"degraded"/);
  assert.match(anybody.text, /"code":"Unreachable"/);
  assert.not.match(anybody.text, /secret-cluster|mon\.internal/);
  assert.not.match((await ask('GET', '/readyz?verbose', { token: 'tenant' })).text, /secret-cluster|mon\.internal/);
  assert.is((await ask('GET', '/readyz?verbose', { token: 'wrong' })).status, 401);
  const known = await ask('GET', '/readyz?verbose', { token: 'reader' });
  assert.match(known.text, /secret-cluster/);
  assert.match(known.text, /mon\.internal/);
  await close();
});

test('a store that does not answer, or takes no events, makes the service unready until it does [S0-6]', async () => {
  const store = memoryStore();
  let [isMute, isFull] = [false, false];
  const unavailable = () => Promise.resolve(E.left({ _tag: 'Unavailable' as const, message: 'disk /dev/sdz is full', outcomeUnknown: false }));
  const failing: EventStore = {
    ...store,
    head: () => (isMute ? () => new Promise(() => undefined) : store.head()),
    append: (...args) => (isFull ? unavailable : store.append(...args)),
  };
  const { ask, close } = await withPool({ store: failing, limits: { storeRetries: 0 } });
  isMute = true;
  const mute = await ask('GET', '/readyz', { token: null });
  assert.equal([mute.status, (JSON.parse(mute.text) as { readonly checks: { readonly store: { readonly status: string } } }).checks.store.status], [503, 'failed']);
  isMute = false;
  isFull = true;
  const refused = await ask('POST', '/api/v1/block-volumes', { body: volume });
  assert.equal([refused.status, refused.headers['retry-after']], [503, '1'], 'nothing was decided: it may come again');
  const full = await ask('GET', '/readyz', { token: null });
  assert.is(full.status, 503);
  assert.match(full.text, /StoreTrouble/);
  assert.not.match(full.text, /sdz/);
  assert.match((await ask('GET', '/readyz?verbose')).text, /sdz/);
  isFull = false;
  assert.is((await ask('POST', '/api/v1/block-volumes', { body: volume })).status, 202);
  assert.is((await ask('GET', '/readyz', { token: null })).status, 200);
  await close();
});

test('a process that is more than 1 000 events behind its log is sent nobody, and says how far behind it is [S0-6]', async () => {
  const store = memoryStore();
  let ahead = 0;
  const racing: EventStore = { ...store, head: () => async () => E.map((head: number) => head + ahead)(await store.head()()) };
  const { ask, close } = await withPool({ store: racing });
  const projection = async (): Promise<readonly unknown[]> => {
    const { status, text } = await ask('GET', '/readyz', { token: null });
    const { checks } = JSON.parse(text) as { readonly checks: { readonly projection: Readonly<Record<string, unknown>> } };
    return [status, checks.projection['status'], checks.projection['lag'], checks.projection['limit']];
  };
  ahead = 1_000;
  assert.equal(await projection(), [200, 'ok', 1_000, 1_000]);
  ahead = 1_001;
  assert.equal(await projection(), [503, 'failed', 1_001, 1_000]);
  await close();
});

test('what differs between log and backends degrades the service until it is mended, and so does a pool that could not be looked at [I-27]', async () => {
  const fake = fakeBackend();
  let isBlind = false;
  const { list } = fake.backend;
  const backend = { ...fake.backend, list: (...given: Parameters<typeof list>) => (isBlind ? () => Promise.resolve(E.left(UNREACHABLE)) : list(...given)) };
  const { ask, plane, close } = await serving({ backends: { fake: backend } });
  right(await plane.registerPool({ name: 'ssd', placement: { backend: 'fake', pool: 'ssd' } }));
  const { id } = right(await plane.createVolume({ pool: 'ssd', name: 'db', sizeBytes: 2 ** 30 }, { wait: 'done' })).resource;
  const audit = async (): Promise<readonly unknown[]> => {
    await plane.drift();
    const { status, text } = await ask('GET', '/readyz', { token: null });
    const body = JSON.parse(text) as { readonly status: string; readonly checks: { readonly audit: Readonly<Record<string, unknown>> } };
    return [status, body.status, body.checks.audit['status'], body.checks.audit['drift'], body.checks.audit['unseenPools']];
  };
  assert.equal(await audit(), [200, 'ready', 'ok', 0, 0]);
  const image = fake.images.get(id)!;
  fake.images.delete(id);
  assert.equal(await audit(), [200, 'degraded', 'warning', 1, 0]);
  fake.images.set(id, image);
  assert.equal(await audit(), [200, 'ready', 'ok', 0, 0]);
  isBlind = true;
  assert.equal(await audit(), [200, 'degraded', 'warning', 0, 1]);
  await close();
});

test('a request’s correlation id and trace go into every event that it causes, and back to the caller [S0-136]', async () => {
  const { ask, plane, close } = await withPool();
  const { headers } = await ask('POST', '/api/v1/block-volumes', { body: volume, headers: { 'x-correlation-id': 'order-4711', traceparent: CALLER } });
  await plane.idle();
  assert.is(headers['x-correlation-id'], 'order-4711');
  const history = right(await plane.history({ kind: 'volume', ref: 1 }));
  assert.equal([...new Set(history.map(({ meta }) => `${meta.correlationId} ${meta.traceparent}`))], [`order-4711 ${CALLER}`]);
  await close();
});

test('without a correlation id, or with one that cannot stand in a log, the request’s own id is taken [S0-136]', async () => {
  const { ask, plane, close } = await withPool();
  for (const given of [undefined, 'two words', 'x'.repeat(129)]) {
    const { headers } = await ask('POST', '/api/v1/block-volumes', { body: { block_volume: { ...volume.block_volume, name: String(given?.length) } }, headers: given === undefined ? {} : { 'x-correlation-id': given } });
    assert.is(headers['x-correlation-id'], headers['x-request-id']);
  }
  await plane.idle();
  await close();
});

test('one HTTP request is one trace from the caller’s span to the program that rbd ran [S0-136]', async () => {
  const recorder = spanRecorder();
  const tracing = openTelemetry({ tracerProvider: recorder.provider });
  const { ask, plane, close } = await withPool({ observers: [tracing.observer], service: { observability: { tracing } } });
  recorder.forget();
  await ask('POST', '/api/v1/block-volumes', { body: volume, headers: { traceparent: CALLER } });
  await plane.idle();
  const [program] = recorder.named('rbd import');
  assert.equal(recorder.lineage(program!), ['rbd import', 'rbd ensureVolume', 'work make', 'command CreateVolume', 'request createVolume', 'POST /api/v1/block-volumes']);
  const [server] = recorder.named('POST /api/v1/block-volumes');
  assert.equal([server?.parentSpanContext?.spanId, server?.spanContext().traceId, server?.attributes['http.response.status_code']], ['00f067aa0ba902b7', TRACE_ID, 202]);
  assert.is(new Set(recorder.spans().map((span) => span.spanContext().traceId)).size, 1);
  await close();
});

test('every line of one chain has the same correlation id and trace id, and no line a token [S0-136, I-24]', async () => {
  const lines: string[] = [];
  const sink = new PassThrough();
  sink.on('data', (chunk: Buffer) => void lines.push(...chunk.toString().split('\n').filter(Boolean)));
  const logger = serviceLogger('debug', sink);
  const { ask, plane, close } = await withPool({ logger, observers: [loggingObserver(logger)], service: { logger } });
  lines.length = 0;
  await ask('POST', '/api/v1/block-volumes', { body: volume, headers: { 'x-correlation-id': 'order-4711', traceparent: CALLER } });
  await plane.idle();
  await new Promise((resolve) => setImmediate(resolve));
  const parsed = lines.map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>);
  const messages = parsed.map(({ msg }) => String(msg));
  for (const expected of ['answered', 'createVolume: accepted', 'CreateVolume: accepted', 'append', 'make: Performed', 'ensureVolume: done', 'rbd import', 'CreateBlockVolume: succeeded']) {
    assert.ok(messages.includes(expected), `${expected} is not among ${messages.join(', ')}`);
  }
  // A question asked on the way belongs to nobody in particular.
  const ofChain = parsed.filter(({ program }) => program !== 'ceph' && program !== 'rados');
  assert.equal([...new Set(ofChain.map(({ correlationId, traceId }) => `${String(correlationId)} ${String(traceId)}`))], [`order-4711 ${TRACE_ID}`]);
  assert.not.ok(lines.some((line) => line.includes(TOKEN)));
  await close();
});

test('what looks like a secret is masked in the log, wherever libraries put it [I-24]', async () => {
  const lines: string[] = [];
  const sink = new PassThrough();
  sink.on('data', (chunk: Buffer) => void lines.push(chunk.toString()));
  const error = Object.assign(new Error('refused'), { config: { headers: { authorization: 'Bearer hunter2' } } });
  serviceLogger('info', sink).warn({ token: 'hunter2', headers: { 'xms-auth-token': 'hunter2' }, req: { headers: { authorization: 'hunter2', cookie: 'hunter2' } }, body: { password: 'hunter2' }, err: error }, 'a call failed');
  await new Promise((resolve) => setImmediate(resolve));
  assert.match(lines.join(''), /a call failed/);
  assert.not.match(lines.join(''), /hunter2/);
});

test('a port of its own shows figures and readiness without a token, and nothing else [S0-16]', async () => {
  const metrics = prometheusMetrics({ process: false });
  const { plane, service, close } = await withPool({ observers: [metrics.observer] });
  const port = await openMetricsPort(plane, metrics, { host: '127.0.0.1', port: 0, ending: service.ending });
  assert.ok(E.isRight(port));
  const { url, close: closePort } = port.right;
  const page = await fetch(`${url}/metrics`);
  assert.equal([page.status, page.headers.get('content-type')], [200, 'text/plain; version=0.0.4; charset=utf-8']);
  assert.match(await page.text(), /^blockledger_tasks\{status="succeeded"\} 1$/m);
  assert.is((await fetch(`${url}/healthz`)).status, 200);
  assert.is((await fetch(`${url}/readyz`)).status, 200);
  assert.is((await fetch(`${url}/api/v1/pools`)).status, 404);
  assert.is((await fetch(`${url}/metrics`, { method: 'POST' })).status, 405);
  await closePort();
  await close();
});

test('a port of its own says of the service what the service itself says [S0-6]', async () => {
  const metrics = prometheusMetrics({ process: false });
  const { ask, plane, service, close } = await withPool({ observers: [metrics.observer] });
  const port = await openMetricsPort(plane, metrics, { host: '127.0.0.1', port: 0, ending: service.ending });
  assert.ok(E.isRight(port));
  const bare = (text: string): string => text.replaceAll(/"(?:checkedSecondsAgo|secondsAgo)":\d+/g, '');
  for (const path of ['/healthz', '/readyz']) {
    const [own, other] = [await ask('GET', path, { token: null }), await fetch(`${port.right.url}${path}`)];
    assert.equal([bare(own.text), own.status, own.headers['cache-control']], [bare(await other.text()), other.status, 'no-store'], path);
    assert.is(other.headers.get('cache-control'), 'no-store');
  }
  await port.right.close();
  await close();
});

test('while a service ends, its port for machines that look says so, too [S0-6]', async () => {
  const metrics = prometheusMetrics({ process: false });
  const { plane, service, close } = await withPool({ observers: [metrics.observer] });
  const port = await openMetricsPort(plane, metrics, { host: '127.0.0.1', port: 0, ending: service.ending });
  assert.ok(E.isRight(port));
  const { url, close: closePort } = port.right;
  const ready = async () => {
    const response = await fetch(`${url}/readyz`);
    return [response.status, ((await response.json()) as { readonly status: string }).status];
  };
  assert.equal(await ready(), [200, 'ready']);
  await service.drain();
  assert.equal(await ready(), [503, 'draining']);
  assert.is((await fetch(`${url}/healthz`)).status, 200);
  await closePort();
  await close();
});

test('a service counts, traces and looks after its backends by itself, and opens the port that its file names [S0-1]', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'blockledger-watching-'));
  const config = join(folder, 'blockledger.config.mjs');
  const quickstart = JSON.stringify(join(repositoryRoot, 'examples/quickstart/blockledger.config.js'));
  writeFileSync(config, `import quickstart from ${quickstart};\nexport default async (given) => ({ ...(await quickstart(given)), observability: { metrics: { port: 0 } }, limits: { backendCheckEveryMs: 50, auditEveryMs: 500 } });\n`);
  const service = await startService({ config, store: join(folder, 'log.db'), env: { BLOCKLEDGER_LOG_LEVEL: 'info' } });
  const [, url = ''] = /"url":"(http:\/\/127\.0\.0\.1:\d+)","msg":"figures can be read without a token"/.exec(service.errors()) ?? [];
  await call(service.url, 'POST', '/block-volumes', { body: volume });
  for (let tries = 0; tries < 200; tries += 1) {
    const text = await (await fetch(`${url}/metrics`)).text();
    if (/blockledger_audit_timestamp_seconds \d/.test(text) && /blockledger_backend_up\{[^}]*\} 1/.test(text)) break;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const text = await (await fetch(`${url}/metrics`)).text();
  assert.match(text, /blockledger_backend_up\{[^}]*\} 1/);
  assert.match(text, /blockledger_audit_timestamp_seconds \d/);
  assert.match(text, /blockledger_audit_drift\{kind="missing"\} 0/);
  assert.match(text, /blockledger_build_info\{version="\d+\.\d+\.\d+"\} 1/);
  assert.match(text, /process_cpu_seconds_total/);
  assert.match(text, /blockledger_http_requests_total\{method="POST",route="\/api\/v1\/block-volumes",status="202"\} 1/);
  assert.is(await service.stop('SIGTERM'), 0, service.errors());
  rmSync(folder, { recursive: true });
});

test.run();
