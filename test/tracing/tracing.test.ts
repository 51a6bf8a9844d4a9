/** One request is one trace, from the face down to the program that ran and back, over a restart too. */
import { context, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import * as assert from 'uvu/assert';
import { rbdBackend } from '@blockledger/adapters-rbd';
import { simulateRbd } from '@blockledger/adapters-rbd/simulator';
import { controlPlane, newWebhookSecret, type Sending, type WebhookSender } from '@blockledger/app';
import { memoryStore } from '@blockledger/app/memory';
import { openTelemetry } from '@blockledger/app/tracing';
import type { PortError } from '@blockledger/domain';
import * as E from 'fp-ts/lib/Either.js';
import { barePlane, GIB, lasting, left, planeWithPool, right, volumeIn } from '../support/plane.ts';
import { spanRecorder, type Recorder } from '../support/spans.ts';
import { suite } from '../support/suite.ts';

const test = suite('tracing');

const TRACE_ID = '4bf92f3577b34da6a3ce929d0e0e4736';
const CALLER = `00-${TRACE_ID}-00f067aa0ba902b7-01`;
const broken: PortError = { _tag: 'Permanent', code: 'Broken', message: 'the password is hunter2' };

const traceIds = (recorder: Recorder): readonly string[] => [...new Set(recorder.spans().map((span) => span.spanContext().traceId))];

/** A plane on a simulated cluster, its pool registered and what that caused forgotten. */
const onCluster = async (recorder: Recorder) => {
  const { observer } = openTelemetry({ tracerProvider: recorder.provider });
  const plane = await controlPlane({ store: memoryStore(), backends: { ceph: rbdBackend({ run: simulateRbd().run }) }, observers: [observer], exclusive: true });
  right(await plane.registerPool({ name: 'vols', placement: { backend: 'ceph', pool: 'vols' } }, { wait: 'done' }));
  await plane.idle();
  recorder.forget();
  return plane;
};

test('one request is one connected trace down to the program that rbd ran, and back to the event that confirms it [S0-136]', async () => {
  const recorder = spanRecorder();
  const plane = await onCluster(recorder);
  right(await plane.createVolume({ pool: 'vols', name: 'db', sizeBytes: GIB }, { wait: 'done', traceparent: CALLER }));
  await plane.idle();
  assert.equal(traceIds(recorder), [TRACE_ID]);
  const [program] = recorder.named('rbd import');
  assert.ok(program !== undefined, recorder.spans().map(({ name }) => name).join('\n'));
  assert.equal(recorder.lineage(program), ['rbd import', 'rbd ensureVolume', 'work make', 'command CreateVolume', 'request createVolume']);
  const confirmed = recorder.named('append').find(({ attributes }) => String(attributes['blockledger.events']).includes('VolumeCreated'));
  assert.equal(recorder.lineage(confirmed!), ['append', 'command ConfirmWork', 'work make', 'command CreateVolume', 'request createVolume']);
  const roots = recorder.spans().filter((span) => recorder.lineage(span).length === 1);
  assert.equal(roots.map(({ name, parentSpanContext }) => [name, parentSpanContext?.spanId, parentSpanContext?.isRemote]), [['request createVolume', '00f067aa0ba902b7', true]]);
  await plane.close();
});

test('after a restart the work goes on in the trace of the request that asked [S0-136]', async () => {
  const store = lasting(memoryStore());
  const [before, after] = [spanRecorder(), spanRecorder()];
  const first = await planeWithPool({ store, observers: [openTelemetry({ tracerProvider: before.provider }).observer] });
  right(await first.plane.pausePool('ssd', { reason: 'maintenance' }));
  const { task } = right(await first.plane.createVolume({ pool: 'ssd', name: 'db', sizeBytes: GIB }, { traceparent: CALLER }));
  await first.plane.close();
  const second = await barePlane({ store, observers: [openTelemetry({ tracerProvider: after.provider }).observer] });
  right(await second.plane.resumePool('ssd'));
  right(await second.plane.tasks.await(task!.id));
  await second.plane.idle();
  const [call] = after.named('fake ensureVolume');
  assert.is(call?.spanContext().traceId, TRACE_ID);
  assert.equal(after.lineage(call!), ['fake ensureVolume', 'work make']);
  const asked = before.named('command CreateVolume')[0];
  const resumed = after.named('work make').at(-1);
  assert.is(resumed?.parentSpanContext?.spanId, asked?.spanContext().spanId);
  await second.plane.close();
});

test('work that somebody asked for again is linked to that request, and stays in its own trace [S0-135]', async () => {
  const recorder = spanRecorder();
  const made = await planeWithPool({ observers: [openTelemetry({ tracerProvider: recorder.provider }).observer] });
  made.fake.before = () => broken;
  left(await made.plane.createVolume({ pool: 'ssd', name: 'db', sizeBytes: GIB }, { wait: 'done', traceparent: CALLER }));
  made.fake.before = () => undefined;
  const [task] = made.plane.tasks.list({ status: 'failed' }).items;
  right(await made.plane.tasks.retry(task!.id, { wait: 'done' }));
  await made.plane.idle();
  const [failed, again] = recorder.named('work make');
  assert.equal(failed?.links, []);
  assert.is(again?.spanContext().traceId, TRACE_ID);
  const [retry] = recorder.named('command RetryOperation');
  assert.ok(retry !== undefined, recorder.spans().map(({ name }) => name).join());
  assert.is(again?.links[0]?.context.spanId, retry?.spanContext().spanId);
  assert.is.not(retry?.spanContext().traceId, TRACE_ID);
  await made.plane.close();
});

test('a failed call is a failed span with the code of its error, and nothing of what the backend said [I-24]', async () => {
  const recorder = spanRecorder();
  const made = await planeWithPool({ observers: [openTelemetry({ tracerProvider: recorder.provider }).observer] });
  made.fake.before = () => broken;
  left(await made.plane.createVolume({ pool: 'ssd', name: 'db', sizeBytes: GIB }, { wait: 'done' }));
  await made.plane.idle();
  const [call] = recorder.named('fake ensureVolume');
  assert.is(call?.attributes['error.type'], 'Broken');
  assert.is(call?.status.code, 2);
  assert.not(JSON.stringify(recorder.spans().map(({ name, attributes, status, events }) => [name, attributes, status, events])).includes('hunter2'));
  await made.plane.close();
});

test('a refusal is no error: the span says the rule [I-12]', async () => {
  const recorder = spanRecorder();
  const made = await planeWithPool({ observers: [openTelemetry({ tracerProvider: recorder.provider }).observer] });
  await volumeIn(made, 'db');
  left(await made.plane.createVolume({ pool: 'ssd', name: 'db', sizeBytes: GIB }));
  const request = recorder.named('request createVolume').at(-1);
  assert.equal([request?.attributes['blockledger.outcome'], request?.attributes['blockledger.refusal.rule'], request?.status.code], ['refused', 'nameIsFree', 0]);
  await made.plane.close();
});

test('an embedder’s own span is the parent, where its SDK follows asynchronous calls, and questions belong to what asked them [S0-136]', async () => {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  try {
    const recorder = spanRecorder();
    const plane = await onCluster(recorder);
    const tracer = recorder.provider.getTracer('embedder');
    await tracer.startActiveSpan('order storage', async (span) => {
      right(await plane.createVolume({ pool: 'vols', name: 'db', sizeBytes: GIB }, { wait: 'done' }));
      await plane.idle();
      span.end();
    });
    const [program] = recorder.named('rbd import');
    assert.equal(recorder.lineage(program!), ['rbd import', 'rbd ensureVolume', 'work make', 'command CreateVolume', 'request createVolume', 'order storage']);
    const [question] = recorder.named('question stats');
    assert.equal(recorder.lineage(question!).slice(0, 2), ['question stats', 'command Reserve']);
    assert.is(traceIds(recorder).length, 1);
    await plane.close();
  } finally {
    context.disable();
  }
});

test('two requests at once are two traces, though drivers carry out their work side by side [S0-136]', async () => {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  try {
    const recorder = spanRecorder();
    const plane = await onCluster(recorder);
    const create = (name: string) => plane.createVolume({ pool: 'vols', name, sizeBytes: GIB }, { wait: 'done' });
    (await Promise.all(['a', 'b', 'c', 'd'].map(create))).forEach(right);
    await plane.idle();
    assert.is(traceIds(recorder).length, 4);
    for (const traceId of traceIds(recorder)) {
      const own = recorder.spans().filter((span) => span.spanContext().traceId === traceId);
      assert.is(own.filter(({ name }) => name === 'request createVolume').length, 1);
      assert.is(own.filter(({ name }) => name === 'rbd import').length, 1);
      const streams = new Set(own.filter(({ name }) => name === 'work make').map(({ attributes }) => attributes['blockledger.stream']));
      assert.is(streams.size, 1);
    }
    await plane.close();
  } finally {
    context.disable();
  }
});

test('a delivery belongs to the trace of the request whose event it carries, and hands it on to the receiver [S0-136]', async () => {
  const recorder = spanRecorder();
  const sent: Sending[] = [];
  const send: WebhookSender = async (sending) => (sent.push(sending), E.right({ status: 200, retryAfterMs: 0 }));
  const made = await planeWithPool({ observers: [openTelemetry({ tracerProvider: recorder.provider }).observer], webhooks: { send } });
  right(await made.plane.webhooks.register({ name: 'audit', url: 'https://example.org/hook', secret: newWebhookSecret(), filter: { types: ['VolumeCreated'] } }));
  right(await made.plane.createVolume({ pool: 'ssd', name: 'db', sizeBytes: GIB }, { wait: 'done', traceparent: CALLER }));
  for (let tries = 0; sent.length === 0 && tries < 500; tries += 1) await new Promise((resolve) => setTimeout(resolve, 2));
  await new Promise((resolve) => setTimeout(resolve, 5));
  const [delivery] = recorder.named('deliver VolumeCreated');
  assert.equal([delivery?.spanContext().traceId, delivery?.attributes['http.response.status_code']], [TRACE_ID, 200]);
  assert.equal(recorder.lineage(delivery!).slice(0, 3), ['deliver VolumeCreated', 'command ConfirmWork', 'work make']);
  assert.is(sent[0]?.headers['traceparent'], `00-${TRACE_ID}-${delivery!.spanContext().spanId}-01`);
  await made.plane.close();
});

test('without an SDK the caller’s trace is handed on to every event of the chain, and nothing is made up [S0-136]', async () => {
  trace.disable();
  const made = await planeWithPool({ observers: [openTelemetry().observer] });
  const plain = await volumeIn(made, 'plain');
  const volume = right(await made.plane.createVolume({ pool: 'ssd', name: 'db', sizeBytes: GIB }, { wait: 'done', traceparent: CALLER })).resource;
  const contextsOf = async (id: string) => [...new Set(right(await made.plane.history({ kind: 'volume', ref: id })).map(({ meta }) => meta.traceparent))];
  assert.equal(await contextsOf(volume.id), [CALLER]);
  assert.equal(await contextsOf(plain.id), [undefined]);
  await made.plane.close();
});

test('an SDK that is registered while the control plane works gets spans from then on [S0-136]', async () => {
  trace.disable();
  const recorder = spanRecorder();
  const made = await planeWithPool({ observers: [openTelemetry().observer] });
  await volumeIn(made, 'before');
  trace.setGlobalTracerProvider(recorder.provider);
  try {
    await volumeIn(made, 'after');
    await made.plane.idle();
    assert.is(recorder.named('request createVolume').length, 1);
    for (const name of ['command CreateVolume', 'append', 'work make', 'fake ensureVolume']) assert.ok(recorder.named(name).length > 0, name);
    assert.is(traceIds(recorder).length, 1);
  } finally {
    trace.disable();
    await made.plane.close();
  }
});

test.run();
