/** Streams of events over HTTP: cut anywhere, resumed, bounded, ended in order. */
import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import fc from 'fast-check';
import * as E from 'fp-ts/lib/Either.js';
import * as assert from 'uvu/assert';
import { controlPlane } from '@blockledger/app';
import { apiClient, type EventMessage } from '@blockledger/app/client';
import { httpService } from '@blockledger/app/http';
import { memoryStore } from '@blockledger/app/memory';
import type { EventStore } from '@blockledger/domain';
import { startCutter } from '../support/cutter.ts';
import { filledStore, LONG_POOL, pauses } from '../support/longLog.ts';
import { lasting, right } from '../support/plane.ts';
import { openedStore, temporaryFolder } from '../support/sqlite.ts';
import { ask, refusal, serve, take, TOKEN } from '../support/streamScene.ts';
import { suite } from '../support/suite.ts';

const test = suite('streams');

test('a subscriber whose network is cut at any byte of 10 000 events sees each exactly once [I-16]', async () => {
  const { store, positions } = await filledStore(10_000);
  const served = await serve(store);
  const cutter = await startCutter(served.url);
  const client = apiClient({ url: cutter.url, token: TOKEN });
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat({ max: 900_000 }), { minLength: 3, maxLength: 9 }), async (cuts) => {
      const left = [...cuts];
      cutter.cutAfter = () => left.shift();
      const controller = new AbortController();
      assert.equal(await take(client.watchEvents({ query: { from: 'start' }, signal: controller.signal }), positions.length), positions);
    }),
    { numRuns: 6, endOnFailure: true },
  );
  assert.ok(cutter.connections() > 12);
  await cutter.close();
  await served.close();
});

test('a stream that does not follow ends with what is there [S0-136]', async () => {
  const { store, positions } = await filledStore(300);
  const served = await serve(store);
  const seen: number[] = [];
  for await (const { position } of apiClient({ url: served.url, token: TOKEN }).watchEvents({ query: { from: 'start', follow: false } })) seen.push(position);
  assert.equal(seen, positions);
  const { text, ended } = await ask(served.url, '/events?follow=false');
  await ended;
  assert.match(text(), /event: bye\ndata: \{"reason":"ended"/);
  assert.is((await refusal(served.url, '/events?follow=perhaps')).status, 400);
  await served.close();
});

test('a subscriber that is cut at every single byte, and so at every event, goes on without gap or duplicate [I-16]', async () => {
  const { store, positions } = await filledStore(12);
  const served = await serve(store);
  const whole = await ask(served.url, '/events?from=start');
  await whole.has(`id: ${positions.at(-1)}\n`);
  const text = whole.text();
  whole.cut();
  const idsIn = (part: string): readonly number[] =>
    [...part.matchAll(/event: (\w+)\nid: (-?\d+)\ndata: [^\n]*\n\n/g)].filter(([, event]) => event !== 'position').map(([, , id]) => Number(id));
  const lastIn = (part: string): string | undefined => [...part.matchAll(/id: (-?\d+)\ndata: [^\n]*\n\n/g)].at(-1)?.[1];
  assert.equal(idsIn(text), positions);
  // What a client has of a stream that is cut is the same for all cuts between two events, so the server is asked once for each.
  const restBehind = new Map<string, readonly number[]>();
  for (let byte = 0; byte <= text.length; byte += 1) {
    const seen = text.slice(0, byte);
    const last = lastIn(seen) ?? '-1';
    if (!restBehind.has(last)) {
      const missing = positions.filter((position) => position > Number(last));
      const rest = await ask(served.url, '/events?from=now', { headers: { 'last-event-id': last } });
      await (missing.length === 0 ? rest.has('event: position') : rest.has(`id: ${missing.at(-1)}\n`));
      rest.cut();
      restBehind.set(last, idsIn(rest.text()));
    }
    assert.equal([...idsIn(seen), ...(restBehind.get(last) ?? [])], positions, `cut after ${byte} characters`);
  }
  assert.is(restBehind.size, positions.length + 1);
  await served.close();
});

test('a subscriber goes on over restarts of the service while others append [I-16, I-17]', async () => {
  const { folder, remove } = temporaryFolder();
  const store = await openedStore(`${folder}/log.db`);
  const { positions, append } = await filledStore(400, store);
  const wanted = [...positions];
  let served = await serve(lasting(store));
  const cutter = await startCutter(served.url);
  const seen: number[] = [];
  const controller = new AbortController();
  const cuts: unknown[] = [];
  const reading = take(apiClient({ url: cutter.url, token: TOKEN }).watchEvents({ query: { from: 'start', kind: ['pool'] }, signal: controller.signal, onCut: (failure) => cuts.push(failure) }), 700, seen);
  for (let restart = 0; restart < 3; restart += 1) {
    for (let n = 0; n < 10; n += 1) wanted.push(...(await append(pauses(10))));
    while (seen.length < wanted.length - 50) await pause(5);
    await served.close();
    served = await serve(lasting(store));
    cutter.leadTo(served.url);
  }
  assert.equal(await reading, wanted);
  assert.ok(cuts.length >= 2);
  controller.abort();
  await cutter.close();
  await served.close();
  await store.close();
  remove();
});

test('a stream tells where it begins, what happens, and how far it looked where the filter lets nothing through [S0-136]', async () => {
  const { store, positions, append } = await filledStore(50);
  const served = await serve(store, { streams: { heartbeatMs: 20 } });
  const nothing = await ask(served.url, '/events?from=start&type=VolumeCreated');
  assert.is(nothing.response.headers['content-type'], 'text/event-stream');
  assert.match(String(nothing.response.headers['cache-control']), /no-cache/);
  await nothing.has('retry: 5');
  await nothing.has('event: position\nid: -1\n');
  const [more] = (await append(pauses(4))).slice(-1);
  await nothing.has(`event: position\nid: ${more}\ndata: {"position":${more}}\n\n`);
  await nothing.has(': still here');
  nothing.cut();
  const one = await ask(served.url, `/events?from=${positions.at(-2)}&id=${LONG_POOL}`);
  await one.has(`id: ${more}\n`);
  const [, event, id, data = ''] = /event: (Pool\w+)\nid: (\d+)\ndata: (.*)\n/.exec(one.text()) ?? [];
  assert.is(Number(id), positions.at(-1));
  const message = JSON.parse(data) as EventMessage;
  assert.equal([message.type, message.position, message.resource_type, message.resource_id, message.resource_number], [event, positions.at(-1), 'pool', LONG_POOL, 1]);
  one.cut();
  await served.close();
});

test('a position that the log does not have, and everything else that is wrong with a request, is refused before the stream begins [I-12]', async () => {
  const { store } = await filledStore(10);
  const served = await serve(store, { tokens: { tester: TOKEN, reader: { token: 'r', role: 'reader', tenant: null } } });
  const head = right(await served.plane.events().started);
  assert.equal(await refusal(served.url, `/events?from=${head + 1}`), { status: 422, tag: 'PositionNotInLog', limit: { first: -1, last: head } });
  assert.is((await refusal(served.url, '/events', { headers: { 'last-event-id': String(head + 7) } })).tag, 'PositionNotInLog');
  for (const path of ['/events?from=soon', '/events?from=-2', '/events?from=1.5', '/events?kind=stone', '/events?kind=pool,', '/events?type=VolumeExploded', '/events?type=', '/events?since=3', '/tasks:watch?status=odd', '/tasks/x/events'])
    assert.is((await refusal(served.url, path)).tag, 'ParameterIsInvalid', path);
  assert.is((await refusal(served.url, '/events', { headers: { 'last-event-id': 'x' } })).tag, 'ParameterIsInvalid');
  assert.equal(await refusal(served.url, '/tasks/4711/events'), { status: 404, tag: 'TaskNotFound', limit: undefined });
  assert.equal(await refusal(served.url, '/events?kind=pool,token', { token: 'r' }), { status: 403, tag: 'RoleIsInsufficient', limit: 'admin' });
  assert.is((await refusal(served.url, '/events', { token: 'nobody' })).status, 401);
  await served.close();
});

test('a reader who reads nothing is dropped, is told so, and has cost no memory [I-25]', async () => {
  const { store, append } = await filledStore(2);
  for (let n = 0; n < 40; n += 1) await append(pauses(100).map((event) => ({ ...event, data: { ...event.data, ...(event.type === 'PoolPaused' ? { reason: 'x'.repeat(20_000) } : {}) } })));
  let handed = 0;
  const counting: EventStore = { ...store, subscribe: (from, handler) => store.subscribe(from, { ...handler, onEvents: (events) => ((handed += events.length), handler.onEvents(events)) }) };
  const served = await serve(counting, { streams: { slowMs: 100, farewellMs: 20_000 } });
  handed = 0;
  const slow = await ask(served.url, '/events?from=start', { paused: true });
  await pause(400);
  assert.ok(handed < 3_000, `${handed} of 4002 events were fetched for somebody who reads none`);
  let text = '';
  slow.response.on('data', (chunk: string) => (text = (text + chunk).slice(-1_000)));
  slow.response.resume();
  await slow.ended;
  assert.match(text, /event: bye\ndata: \{"reason":"slow","message":"[^"]+"\}\n\n$/);
  await served.close();
});

test('HEAD opens no stream, and a stream that something else was sent instead of is closed [S0-1]', async () => {
  const served = await serve(memoryStore(), { streams: { perPrincipal: 3 } });
  const head = (path: string) => served.service.fastify.inject({ method: 'HEAD', url: `/api/v1${path}`, headers: { authorization: `Bearer ${TOKEN}` } });
  for (const path of ['/events', '/tasks:watch', '/tasks/1/events']) {
    const { statusCode, headers } = await head(path);
    assert.equal([path, statusCode, headers['allow']], [path, 405, 'GET']);
  }
  assert.equal([(await head('/pools')).statusCode, (await head('/tasks/4711')).statusCode], [200, 404]);
  await served.close();
  // An embedder's hook may answer otherwise.
  const plane = await controlPlane({ store: memoryStore(), backends: {} });
  const service = httpService(plane, { tokens: { tester: TOKEN }, streams: { perPrincipal: 3 } });
  service.fastify.addHook('onSend', async (_asked, _reply, payload) => (typeof payload === 'string' ? payload : 'something else'));
  const url = E.getOrElse<unknown, string>(() => '')(await service.listen({ port: 0 }));
  for (let n = 0; n < 5; n += 1) {
    const answered = await ask(url, '/events');
    await answered.ended;
    assert.equal([answered.response.statusCode, answered.text()], [200, 'something else']);
  }
  await service.close();
  await plane.close();
});

test('when the service stops, every stream ends with a farewell, and stopping does not wait for readers [S0-6]', async () => {
  const served = await serve();
  const streams = await Promise.all(['/events', '/events?from=start', '/tasks:watch'].map((path) => ask(served.url, path)));
  // This one would keep its connection for later requests.
  const controller = new AbortController();
  const cuts: unknown[] = [];
  const looping = take(apiClient({ url: served.url, token: TOKEN }).watchEvents({ signal: controller.signal, onCut: () => cuts.push(controller.abort()) }), 1);
  // And this one is never used at all.
  const unused = connect(Number(new URL(served.url).port), '127.0.0.1');
  await new Promise((resolve) => unused.once('connect', resolve));
  while ((await refusal(served.url, '/events?from=soon')).status !== 400) await pause(5);
  const before = Date.now();
  await served.close();
  assert.ok(Date.now() - before < 20_000, 'it waited for a connection that nobody used');
  unused.destroy();
  assert.equal(await looping, []);
  assert.is(cuts.length, 1);
  await Promise.all(streams.map(({ ended }) => ended));
  for (const { text } of streams) assert.match(text(), /event: bye\ndata: \{"reason":"shutdown","message":"[^"]+"\}\n\n$/);
});

test.run();
