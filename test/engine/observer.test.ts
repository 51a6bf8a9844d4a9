/** What can be seen of the engine while it works: every part of a chain, and nothing that depends on who looks. */
import * as assert from 'uvu/assert';
import { rbdBackend } from '@blockledger/adapters-rbd';
import { simulateRbd } from '@blockledger/adapters-rbd/simulator';
import { controlPlane, type EngineObserver } from '@blockledger/app';
import { memoryStore } from '@blockledger/app/memory';
import type { EventStore, PortError } from '@blockledger/domain';
import * as E from 'fp-ts/lib/Either.js';
import { barePlane, GIB, lasting, left, planeWithPool, right, volumeIn } from '../support/plane.ts';
import { suite } from '../support/suite.ts';

const test = suite('observer');

const TRACE = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
const busy: PortError = { _tag: 'Retryable', code: 'Busy', message: 'the cluster is busy', outcomeUnknown: false };

interface Seen {
  readonly part: string;
  readonly note: Readonly<Record<string, unknown>>;
  end: unknown;
}

/** Keeps everything that is told, with its end. */
const recorder = () => {
  const seen: Seen[] = [];
  const keep = (part: string) => (note: object) => {
    const one: Seen = { part, note: { ...note }, end: 'not ended' };
    seen.push(one);
    return { ended: (end: unknown) => void (one.end = end) };
  };
  const observer: EngineObserver = {
    request: keep('request'),
    command: keep('command'),
    append: keep('append'),
    work: keep('work'),
    call: keep('call'),
    question: keep('question'),
    external: keep('external'),
    task: (note) => void seen.push({ part: 'task', note: { ...note }, end: undefined }),
  };
  return { observer, seen, of: (part: string) => seen.filter((one) => one.part === part) };
};

test('an observer sees request, commands, appends, work, calls and the task’s end, each with its outcome [S0-136]', async () => {
  const { observer, seen, of } = recorder();
  const made = await planeWithPool({ observers: [observer] });
  seen.length = 0;
  await volumeIn(made, 'db');
  await made.plane.idle();
  assert.equal(of('request').map(({ note, end }) => [note['request'], end]), [['createVolume', { outcome: 'accepted' }]]);
  const commands = of('command').map(({ note }) => note['type']);
  assert.is(commands[0], 'CreateVolume');
  assert.ok(commands.includes('Reserve') && commands.includes('ConfirmWork'), commands.join(' '));
  assert.ok(of('append').every(({ end }) => (end as { readonly outcome: string }).outcome === 'appended'));
  assert.equal(of('append')[0]?.note['types'], ['VolumeRequested']);
  assert.equal(of('work').map(({ note, end }) => [note['kind'], note['step'], end]), [
    ['tell', 'reserve', { outcome: 'Told' }],
    ['perform', 'make', { outcome: 'Performed' }],
  ]);
  assert.equal(of('call').map(({ note, end }) => [note['backend'], note['backendKind'], note['action'], note['attempt'], end]), [
    ['fake', 'fake', 'ensureVolume', 1, { outcome: 'done' }],
  ]);
  assert.ok(of('question').some(({ note }) => note['question'] === 'stats'));
  assert.equal(of('task').map(({ note }) => [note['type'], note['status']]), [['CreateBlockVolume', 'succeeded']]);
  assert.not(seen.some(({ end }) => end === 'not ended'));
  await made.plane.close();
});

test('a refusal is told with its rule, of the request and of the command [I-12]', async () => {
  const { observer, seen, of } = recorder();
  const made = await planeWithPool({ observers: [observer] });
  await volumeIn(made, 'db');
  seen.length = 0;
  left(await made.plane.createVolume({ pool: 'ssd', name: 'db', sizeBytes: GIB }));
  left(await made.plane.createVolume({ pool: 'nowhere', name: 'db', sizeBytes: GIB }));
  const rules = of('request').map(({ end }) => (end as { readonly refusal?: { readonly rule: string } }).refusal?.rule);
  assert.equal(rules, ['nameIsFree', 'poolExists']);
  assert.ok(of('command').some(({ end }) => (end as { readonly outcome: string }).outcome === 'refused'));
  await made.plane.close();
});

test('failed calls are told with their attempt and error, the work with its final one, and the task as failed [S0-135]', async () => {
  const { observer, seen, of } = recorder();
  const made = await planeWithPool({ observers: [observer], limits: { maxAttempts: 3 } });
  seen.length = 0;
  made.fake.before = () => busy;
  left(await made.plane.createVolume({ pool: 'ssd', name: 'db', sizeBytes: GIB }, { wait: 'done' }));
  await made.plane.idle();
  assert.equal(of('call').map(({ note, end }) => [note['attempt'], end]), [1, 2, 3].map((attempt) => [attempt, { outcome: 'Retryable', error: busy }]));
  assert.equal(of('work').at(-1)?.end, { outcome: 'Failed', error: busy });
  assert.equal(of('task').map(({ note }) => note['status']), ['failed']);
  await made.plane.close();
});

test('a conflict with another writer is told as an append that found another revision [I-17]', async () => {
  const { observer, of } = recorder();
  const store = memoryStore();
  let isRaced = false;
  const raced: EventStore = {
    ...store,
    append: (stream, expected, events) => {
      if (!isRaced) return store.append(stream, expected, events);
      isRaced = false;
      return () => Promise.resolve(E.left({ _tag: 'Conflict', stream, expected, actual: 99 }));
    },
  };
  const made = await planeWithPool({ store: raced, observers: [observer] });
  const volume = await volumeIn(made, 'db');
  isRaced = true;
  right(await made.plane.updateVolume(volume.id, { description: 'text' }));
  const outcomes = of('append').map(({ end }) => (end as { readonly outcome: string }).outcome);
  assert.equal(outcomes.slice(-2), ['Conflict', 'appended']);
  await made.plane.close();
});

test('a chain keeps correlation and trace from the request to its last work, over a restart [S0-136]', async () => {
  const store = lasting(memoryStore());
  const first = await planeWithPool({ store, drive: true });
  await first.plane.pausePool('ssd', { reason: 'maintenance' });
  right(await first.plane.createVolume({ pool: 'ssd', name: 'db', sizeBytes: GIB }, { traceparent: TRACE, commandId: '00000000-0000-4000-8000-00000000c0de' }));
  await first.plane.close();
  const { observer, of } = recorder();
  const second = await barePlane({ store, observers: [observer] });
  right(await second.plane.resumePool('ssd'));
  right(await second.plane.tasks.await('00000000-0000-4000-8000-00000000c0de'));
  const made = of('work').filter(({ note }) => note['step'] === 'make');
  assert.equal(made.at(-1)?.note['traceparent'], TRACE);
  assert.ok([...made, ...of('call')].every(({ note }) => note['correlationId'] === '00000000-0000-4000-8000-00000000c0de'));
  assert.is(of('call').at(-1)?.note['traceparent'], TRACE);
  assert.is(of('command').at(-1)?.note['traceparent'], TRACE);
  await second.plane.close();
});

test('a trace context that is not well formed is ignored, and one of a later version is kept as far as it is known [S0-136]', async () => {
  const { observer, seen, of } = recorder();
  const made = await planeWithPool({ observers: [observer] });
  const volume = await volumeIn(made, 'db');
  seen.length = 0;
  const given = ['', 'nonsense', '00-00000000000000000000000000000000-00f067aa0ba902b7-01', `${TRACE}-more`, `ff${TRACE.slice(2)}`, `01${TRACE.slice(2)}-more`, TRACE];
  for (const [n, traceparent] of given.entries()) right(await made.plane.updateVolume(volume.id, { description: `text ${n}` }, { traceparent }));
  assert.equal(of('request').map(({ note }) => note['traceparent']), [undefined, undefined, undefined, undefined, undefined, TRACE, TRACE]);
  await made.plane.close();
});

test('what an observer gives as trace context is what its commands and events keep [S0-136]', async () => {
  const span = (n: number): string => `00-4bf92f3577b34da6a3ce929d0e0e4736-${String(n).padStart(16, '0')}-01`;
  let spans = 0;
  const tracer: EngineObserver = { request: () => ({ traceparent: span((spans += 1)) }), command: ({ issuedBy }) => ({ traceparent: span(issuedBy === 'driver' ? 999 : 500) }) };
  const made = await planeWithPool({ observers: [tracer] });
  const volume = await volumeIn(made, 'db');
  const history = right(await made.plane.history({ kind: 'volume', ref: volume.id }));
  assert.equal(history.map(({ meta }) => meta.traceparent), [span(500), span(999), span(999), span(999)]);
  await made.plane.close();
});

test('each program that a backend runs is told by a few words and its exit code, without names [S0-139]', async () => {
  const { observer, of } = recorder();
  const cluster = simulateRbd();
  const plane = await controlPlane({ store: memoryStore(), backends: { ceph: rbdBackend({ run: cluster.run }) }, observers: [observer] });
  right(await plane.registerPool({ name: 'vols', placement: { backend: 'ceph', pool: 'vols' } }, { wait: 'done' }));
  right(await plane.createVolume({ pool: 'vols', name: 'secret-name', sizeBytes: GIB }, { wait: 'done' }));
  const external = of('external').map(({ note, end }) => `${String(note['program'])} ${String(note['command'])} ${String(end)}`);
  assert.ok(external.includes('rbd import 0'), external.join('\n'));
  assert.ok(external.includes('ceph osd dump 0'), external.join('\n'));
  assert.not(external.some((line) => /vols|secret|[0-9a-f]{8}-/.test(line)), external.join('\n'));
  await plane.close();
});

test('an observer that throws does not hurt the engine, and is told of in the log [S0-6]', async () => {
  const fails = (): never => {
    throw new Error('a bug in the observer');
  };
  const observer: EngineObserver = {
    request: fails,
    command: () => ({ ended: fails }),
    append: () => ({ within: fails }),
    work: fails,
    call: () => ({ within: fails, ended: fails }),
    question: fails,
    external: fails,
    task: fails,
  };
  const { observer: other, of } = recorder();
  const errors: string[] = [];
  const logger = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: (_: object, message: string) => void errors.push(message) };
  const made = await planeWithPool({ observers: [observer, other], logger });
  assert.is((await volumeIn(made, 'db')).status, 'active');
  assert.is(of('task').length, 2);
  assert.ok(errors.length > 0 && errors.every((message) => message === 'an observer failed'), [...new Set(errors)].join());
  await made.plane.close();
});

test('observers are nested around what they watch, and each sees its end [S0-6]', async () => {
  const order: string[] = [];
  const around = (name: string): EngineObserver => ({
    request: () => ({
      within: (run) => {
        order.push(`${name} in`);
        return run();
      },
      ended: () => void order.push(`${name} ended`),
    }),
  });
  const { plane } = await barePlane({ observers: [around('a'), around('b')] });
  left(await plane.deleteVolume(7));
  assert.equal(order, ['b in', 'a in', 'a ended', 'b ended']);
  await plane.close();
});

test('the monitor tells what is owed and since when, what waits, and how far the log is read [S0-135]', async () => {
  const made = await planeWithPool();
  const { plane, clock, fake } = made;
  const volume = await volumeIn(made, 'db');
  const before = clock.nowMs();
  let release: () => void = () => undefined;
  fake.before = () => new Promise((resolve) => (release = () => resolve(undefined)));
  right(await plane.updateVolume(volume.id, { sizeBytes: 2 * GIB }));
  while (fake.calls.length < 2) await new Promise((resolve) => setTimeout(resolve, 1));
  clock.advance(90_000);
  const { owed, tasks, queues, position } = plane.monitor.status();
  assert.equal(owed.map(({ kind, step, phase }) => [kind, step, phase]), [['perform', 'resize', 'running']]);
  assert.ok(owed[0]!.dueSince >= before && owed[0]!.dueSince <= clock.nowMs() - 90_000);
  assert.is(tasks.running, 1);
  assert.is(tasks.succeeded, 2);
  assert.equal(queues, [{ backend: 'fake', running: 1, waiting: 0 }]);
  assert.is(position, right(await plane.monitor.storeHead()));
  fake.before = () => undefined;
  release();
  await plane.idle();
  assert.equal(plane.monitor.status().owed, []);
  assert.is(plane.monitor.status().tasks.running, 0);
  await plane.close();
});

test('work for a later moment is scheduled until then, and owed since then [I-28]', async () => {
  const made = await planeWithPool();
  const volume = await volumeIn(made, 'db');
  made.clock.stop();
  right(await made.plane.deleteVolume(volume.id, { retainMs: 3_600_000 }));
  await made.plane.idle();
  const [owed] = made.plane.monitor.status().owed;
  assert.is(owed?.phase, 'scheduled');
  assert.is(owed?.dueSince, made.plane.volumes.get(volume.id)?.purgeAt);
  await made.plane.close();
});

test.run();
