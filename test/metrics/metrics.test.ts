/** What Prometheus reads: every figure moves with what it counts, and labels stay few whatever is done. */
import { execFileSync } from 'node:child_process';
import * as assert from 'uvu/assert';
import { controlPlane } from '@blockledger/app';
import { memoryStore } from '@blockledger/app/memory';
import { FIGURES, PREFIX, prometheusMetrics, type Metrics } from '@blockledger/app/metrics';
import type { EventStore, PortError } from '@blockledger/domain';
import * as E from 'fp-ts/lib/Either.js';
import { repositoryRoot } from '../support/files.ts';
import { barePlane, GIB, left, planeWithPool, right, snapshotOf, volumeIn } from '../support/plane.ts';
import { samplesOf, type Sample } from '../support/prometheusText.ts';
import { suite } from '../support/suite.ts';
import { virtualClock } from '../support/virtualClock.ts';

const test = suite('metrics');

const broken: PortError = { _tag: 'Permanent', code: 'Broken', message: 'bad argument' };

/** The samples of a scrape, and one value by name and some of its labels. */
const scraped = async (metrics: Metrics, plane: Parameters<Metrics['scrape']>[0]) => {
  const { body } = await metrics.scrape(plane);
  const samples = samplesOf(body);
  const all = (name: string, labels: Readonly<Record<string, string>> = {}): readonly Sample[] =>
    samples.filter((sample) => sample.name === `${PREFIX}${name}` && Object.entries(labels).every(([key, value]) => sample.labels[key] === value));
  return { body, samples, all, value: (name: string, labels?: Readonly<Record<string, string>>) => all(name, labels)[0]?.value };
};

test('commands, refusals, appends, work, calls and tasks are counted by what they were [S0-136, I-12]', async () => {
  const clock = virtualClock();
  const metrics = prometheusMetrics({ nowMs: clock.nowMs, process: false, version: '1.2.3' });
  const made = await planeWithPool({ clock, observers: [metrics.observer] });
  await volumeIn(made, 'db');
  left(await made.plane.createVolume({ pool: 'ssd', name: 'db', sizeBytes: GIB }));
  await made.plane.idle();
  const { value } = await scraped(metrics, made.plane);
  assert.is(value('build_info', { version: '1.2.3' }), 1);
  assert.is(value('requests_total', { request: 'createVolume', outcome: 'accepted' }), 1);
  assert.is(value('requests_total', { request: 'createVolume', outcome: 'refused' }), 1);
  assert.is(value('refusals_total', { refusal: 'NameIsTaken', rule: 'nameIsFree' }), 1);
  assert.is(value('commands_total', { command: 'CreateVolume', outcome: 'accepted' }), 2);
  assert.is(value('events_appended_total', { event: 'VolumeCreated' }), 1);
  assert.ok(value('append_seconds_count', { outcome: 'appended' })! > 5);
  assert.is(value('work_seconds_count', { step: 'make', outcome: 'Performed' }), 1);
  assert.is(value('backend_call_seconds_count', { backend: 'fake', action: 'ensureVolume', exit: 'done' }), 1);
  assert.is(value('task_seconds_count', { type: 'CreateBlockVolume', status: 'succeeded' }), 1);
  assert.is(value('task_seconds_count', { type: 'CreateBlockVolume', status: 'refused' }), 1);
  assert.is(value('tasks', { status: 'succeeded' }), 2);
  assert.is(value('store_up'), 1);
  assert.is(value('projection_lag_events'), 0);
  assert.is(value('store_head_position'), value('folded_position'));
  await made.plane.close();
});

test('how several processes divide the work is shown by each of them, and not at all by one that is alone', async () => {
  const clock = virtualClock(undefined, { auto: false });
  const hear = async <A>(answer: Promise<A>): Promise<A> => {
    let isThere = false;
    void answer.finally(() => (isThere = true));
    assert.ok(await clock.until(() => isThere, clock.nowMs() + 3_600_000));
    return answer;
  };
  const store = memoryStore({ shared: true });
  const begin = () => hear(controlPlane({ store: { ...store, close: () => Promise.resolve() }, backends: {}, clock }));
  const held = (plane: Awaited<ReturnType<typeof begin>>): number => plane.monitor.status().leases?.shardsHeld ?? 0;
  const metrics = prometheusMetrics({ nowMs: clock.nowMs, process: false });
  const first = await begin();
  assert.ok(await clock.until(() => held(first) === 64, clock.nowMs() + 3_600_000));
  assert.is((await scraped(metrics, first)).value('shards_held'), 64);
  const second = await begin();
  assert.ok(await clock.until(() => held(second) > 0 && held(first) + held(second) === 64, clock.nowMs() + 3_600_000));
  const given = await scraped(metrics, first);
  assert.is(given.value('lease_members'), 2);
  assert.is(given.value('lease_valid'), 1);
  assert.is(given.value('shards_held'), held(first));
  assert.is(given.value('shard_hand_overs_total'), held(second));
  assert.is((await scraped(metrics, first)).value('shard_hand_overs_total'), held(second), 'a second scrape counts nothing twice');
  assert.is((await scraped(prometheusMetrics({ nowMs: clock.nowMs, process: false }), second)).value('shards_held'), held(second));
  await hear(second.close());
  assert.ok(await clock.until(() => held(first) === 64, clock.nowMs() + 3_600_000));
  const last = await scraped(metrics, first);
  assert.is(last.value('shards_unheld'), 0);
  assert.is(last.value('shard_take_overs_total'), 0, 'handed over is not taken over');
  await hear(first.close());
  const { plane } = await barePlane({ clock: virtualClock() });
  const alone = await scraped(prometheusMetrics({ nowMs: clock.nowMs, process: false }), plane);
  assert.is(alone.value('lease_members'), undefined);
  assert.is(alone.value('shards_held'), undefined);
  await plane.close();
});

test('work that waits is shown with its age, and a failed call by the code of its error [S0-135]', async () => {
  const clock = virtualClock(1_700_000_000_000, { auto: false });
  const metrics = prometheusMetrics({ nowMs: clock.nowMs, process: false });
  const made = await planeWithPool({ clock, observers: [metrics.observer] });
  right(await made.plane.pausePool('ssd', { reason: 'maintenance' }));
  right(await made.plane.createVolume({ pool: 'ssd', name: 'db', sizeBytes: GIB }));
  await made.plane.idle();
  clock.advance(700_000);
  const waiting = await scraped(metrics, made.plane);
  assert.is(waiting.value('owed_work', { step: 'make', phase: 'waiting' }), 1);
  assert.is(waiting.value('owed_work_oldest_age_seconds', { step: 'make', phase: 'waiting' }), 700);
  assert.equal(waiting.all('owed_work_aged', { phase: 'waiting' }).map(({ labels, value }) => [labels['older_than_seconds'], value]), [['60', 1], ['600', 1], ['1800', 0], ['3600', 0], ['21600', 0], ['86400', 0]]);
  assert.is(waiting.value('tasks', { status: 'waiting' }), 1);
  made.fake.before = () => broken;
  right(await made.plane.resumePool('ssd'));
  await made.plane.idle();
  const failed = await scraped(metrics, made.plane);
  assert.is(failed.value('backend_call_seconds_count', { exit: 'Broken' }), 1);
  assert.is(failed.value('tasks', { status: 'failed' }), 1);
  assert.is(failed.value('owed_work', { step: 'make' }), undefined);
  assert.is(failed.value('backend_calls_running', { action: 'ensureVolume' }), 0);
  await made.plane.close();
});

test('drift, backends and warnings are shown as the latest look found them [S0-53]', async () => {
  const clock = virtualClock();
  const metrics = prometheusMetrics({ nowMs: clock.nowMs, process: false });
  const made = await planeWithPool({ clock, observers: [metrics.observer], limits: { backendCheckEveryMs: 0 } });
  const volume = await volumeIn(made, 'db');
  const before = await scraped(metrics, made.plane);
  assert.is(before.value('audit_drift', { kind: 'missing' }), undefined);
  assert.is(before.value('audit_timestamp_seconds'), undefined);
  assert.is(before.value('warnings', { code: 'LogBehindBackend' }), 0);
  made.fake.images.delete(volume.id);
  await made.plane.drift();
  const { value } = await scraped(metrics, made.plane);
  assert.is(value('audit_drift', { kind: 'missing' }), 1);
  assert.is(value('audit_drift', { kind: 'differing' }), 0);
  assert.is(value('audit_timestamp_seconds'), clock.nowMs() / 1000);
  await made.plane.close();
});

test('the next expiry of a valid token is shown, and none where no token expires [S0-11]', async () => {
  const clock = virtualClock(1_700_000_000_000, { auto: false });
  const metrics = prometheusMetrics({ nowMs: clock.nowMs, process: false });
  const { plane } = await barePlane({ clock });
  assert.is((await scraped(metrics, plane)).value('token_expiry_timestamp_seconds'), undefined);
  right(await plane.tokens.issue({ name: 'ci', role: 'reader', tenant: null, expiresAt: clock.nowMs() + 5_000 }));
  right(await plane.tokens.issue({ name: 'later', role: 'reader', tenant: null, expiresAt: clock.nowMs() + 9_000 }));
  assert.is((await scraped(metrics, plane)).value('token_expiry_timestamp_seconds'), 1_700_000_005);
  clock.advance(6_000);
  assert.is((await scraped(metrics, plane)).value('token_expiry_timestamp_seconds'), 1_700_000_009);
  await plane.close();
});

test('a store that does not answer is shown as down, and its head is left out [S0-6]', async () => {
  const metrics = prometheusMetrics({ process: false });
  const store = memoryStore();
  let isDown = false;
  const failing: EventStore = { ...store, head: () => (isDown ? () => Promise.resolve(E.left({ _tag: 'Unavailable', message: 'disk', outcomeUnknown: false })) : store.head()) };
  const plane = await controlPlane({ store: failing, backends: {} });
  isDown = true;
  const { value } = await scraped(metrics, plane);
  assert.is(value('store_up'), 0);
  assert.is(value('store_head_position'), undefined);
  assert.is(value('projection_lag_events'), undefined);
  await plane.close();
});

test('figures of a service: requests by route, open streams, certificate [S0-1]', async () => {
  const metrics = prometheusMetrics({ process: false });
  const { plane } = await barePlane();
  const { meters } = metrics;
  assert.is((await scraped(metrics, plane)).value('certificate_expiry_timestamp_seconds'), undefined);
  meters.http({ method: 'GET', route: '/api/v1/tasks', status: 200, seconds: 0.01 });
  const close = meters.streamOpened();
  meters.streamOpened();
  close();
  close();
  meters.certificateExpires(1_700_000_000_000);
  meters.draining(true);
  const { value } = await scraped(metrics, plane);
  assert.is(value('http_requests_total', { method: 'GET', route: '/api/v1/tasks', status: '200' }), 1);
  assert.is(value('event_streams'), 1);
  assert.is(value('certificate_expiry_timestamp_seconds'), 1_700_000_000);
  assert.is(value('draining'), 1);
  await plane.close();
});

test('a thousand volumes and errors of a thousand codes add no label values without end, and no label holds a name or an id [S0-130]', async () => {
  const clock = virtualClock();
  const metrics = prometheusMetrics({ nowMs: clock.nowMs, process: false });
  const made = await planeWithPool({ clock, observers: [metrics.observer], limits: { maxAttempts: 1 } });
  const volume = await volumeIn(made, 'confidential-name');
  for (let n = 0; n < 200; n += 1) await snapshotOf(made, volume.id, `confidential-${n}`);
  made.fake.before = () => ({ ...broken, code: `Code${made.fake.calls.length}` });
  for (let n = 0; n < 200; n += 1) left(await made.plane.createVolume({ pool: 'ssd', name: `confidential ${n}`, sizeBytes: GIB }, { wait: 'done' }));
  const { samples, body, all } = await scraped(metrics, made.plane);
  assert.ok(new Set(all('backend_call_seconds_count').map(({ labels }) => labels['exit'])).size <= 61);
  assert.ok(all('backend_call_seconds_count', { exit: 'other' }).length > 0);
  assert.not(/confidential|[0-9a-f]{8}-[0-9a-f]{4}/.test(body));
  assert.ok(samples.length < 3_000, String(samples.length));
  await made.plane.close();
});

test('every figure of the table is named after the conventions, and has a help text and known labels [S0-6]', () => {
  for (const [name, { type, help, labels }] of Object.entries(FIGURES)) {
    assert.match(name, /^[a-z][a-z_]*[a-z]$/);
    assert.is(name.endsWith('_total'), type === 'counter', name);
    assert.ok(type !== 'histogram' || name.endsWith('_seconds'), name);
    assert.ok(help.length > 10 && help.endsWith('.'), name);
    assert.ok(labels.length <= 4, name);
  }
});

test('neither the library nor its REST face loads prom-client or OpenTelemetry [S0-6]', () => {
  const script = "await import('@blockledger/app'); await import('@blockledger/app/http'); const { default: Module } = await import('node:module'); console.log(Object.keys(Module._cache).filter((path) => /prom-client|opentelemetry/.test(path)).join());";
  const loaded = execFileSync(process.execPath, ['--conditions=@blockledger/source', '--import', 'tsx', '--input-type=module', '-e', script], { cwd: `${repositoryRoot}/packages/app`, encoding: 'utf8' });
  assert.is(loaded.trim(), '');
});

test.run();
