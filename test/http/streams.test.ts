/** Streams of events and tasks over HTTP: cut anywhere, resumed, bounded, ended in order. */
import { request, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import fc from 'fast-check';
import * as E from 'fp-ts/lib/Either.js';
import * as assert from 'uvu/assert';
import { controlPlane, type ControlPlane } from '@blockledger/app';
import { apiClient, StreamFailed, type EventMessage } from '@blockledger/app/client';
import { httpService, type HttpService, type HttpServiceOptions } from '@blockledger/app/http';
import { memoryStore } from '@blockledger/app/memory';
import type { EventStore } from '@blockledger/domain';
import { eventHandlers } from '../../packages/app/src/http/handlers/events.ts';
import { startCutter } from '../support/cutter.ts';
import { fakeBackend, type FakeBackend } from '../support/fakeBackend.ts';
import { filledStore, LONG_POOL, pauses } from '../support/longLog.ts';
import { lasting, right } from '../support/plane.ts';
import { openedStore, temporaryFolder } from '../support/sqlite.ts';
import { suite } from '../support/suite.ts';

const test = suite('streams');
const TOKEN = 'a-token-for-tests';

interface Served {
  readonly plane: ControlPlane;
  readonly service: HttpService;
  readonly url: string;
  readonly fake: FakeBackend;
  readonly close: () => Promise<void>;
}

/** A service that listens, over any store. Nobody is limited in how often he asks. */
const serve = async (store: EventStore = memoryStore(), options: Partial<HttpServiceOptions> = {}): Promise<Served> => {
  const fake = fakeBackend();
  const plane = await controlPlane({ store, backends: { fake: fake.backend } });
  const service = httpService(plane, { tokens: { tester: TOKEN }, rateLimits: { perAddress: null, perPrincipal: null }, ...options, streams: { retryMs: 5, ...options.streams } });
  const url = E.getOrElse<unknown, string>(() => '')(await service.listen({ port: 0 }));
  const close = async (): Promise<void> => {
    await service.close();
    await plane.close();
  };
  return { plane, service, url, fake, close };
};

/** Takes so many positions of a loop. */
const take = async (events: AsyncIterable<EventMessage>, count: number, seen: number[] = []): Promise<number[]> => {
  for await (const { position } of events) {
    seen.push(position);
    if (seen.length >= count) break;
  }
  return seen;
};

interface Raw {
  readonly response: IncomingMessage;
  readonly text: () => string;
  /** Resolves when something is in the text. */
  readonly has: (part: string) => Promise<void>;
  readonly ended: Promise<void>;
  readonly cut: () => void;
}

/** Asks with a bare connection. A paused one reads nothing until it is resumed. */
const ask = (url: string, path: string, { paused = false, token = TOKEN, headers = {} }: { readonly paused?: boolean; readonly token?: string; readonly headers?: Readonly<Record<string, string>> } = {}): Promise<Raw> =>
  new Promise((resolve, reject) => {
    const asking = request(`${url}/api/v1${path}`, { headers: { authorization: `Bearer ${token}`, ...headers }, agent: false });
    asking.once('error', reject);
    asking.once('response', (response) => {
      let text = '';
      response.setEncoding('utf8');
      const ended = new Promise<void>((done) => {
        response.once('close', done);
        response.once('error', () => done());
      });
      const has = async (part: string): Promise<void> => {
        while (!text.includes(part)) await pause(2);
      };
      if (!paused) response.on('data', (chunk: string) => (text += chunk));
      else response.pause();
      resolve({ response, text: () => text, has, ended, cut: () => asking.destroy() });
    });
    asking.end();
  });

const refusal = async (url: string, path: string, asking: Parameters<typeof ask>[2] = {}): Promise<{ readonly status: number; readonly tag: string; readonly limit: unknown }> => {
  const { response, text, ended } = await ask(url, path, asking);
  await ended;
  const problem = JSON.parse(text()) as { readonly type: string; readonly limit?: unknown };
  return { status: response.statusCode ?? 0, tag: problem.type.split(':').at(-1) ?? '', limit: problem.limit };
};

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

test('one principal has so many streams and no more; a stream that ends makes room [S0-1]', async () => {
  const served = await serve(memoryStore(), { streams: { perPrincipal: 3, total: 4 }, tokens: { tester: TOKEN, other: 'o' } });
  const open = await Promise.all([0, 1, 2].map(() => ask(served.url, '/events')));
  assert.equal(await refusal(served.url, '/tasks:watch'), { status: 429, tag: 'TooManyStreams', limit: 3 });
  const other = await ask(served.url, '/events', { token: 'o' });
  assert.equal(await refusal(served.url, '/events', { token: 'o' }), { status: 429, tag: 'TooManyStreams', limit: 4 });
  open[0]?.cut();
  other.cut();
  for (const token of [TOKEN, 'o']) {
    let again = await ask(served.url, '/events', { token });
    for (let tries = 0; again.response.statusCode !== 200 && tries < 500; tries += 1) {
      again.cut();
      await pause(5);
      again = await ask(served.url, '/events', { token });
    }
    assert.is(again.response.statusCode, 200, token);
  }
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

test('a token that is revoked ends the streams that it opened [S0-16]', async () => {
  const served = await serve(memoryStore(), { streams: { heartbeatMs: 20 } });
  const issued = right(await served.plane.tokens.issue({ name: 'ci', role: 'reader', tenant: null }));
  const stream = await ask(served.url, '/events', { token: issued.token });
  await stream.has(': still here');
  right(await served.plane.tokens.revoke(issued.view.id));
  await stream.ended;
  assert.match(stream.text(), /event: bye\ndata: \{"reason":"token"/);
  const client = apiClient({ url: served.url, token: issued.token });
  const thrown: unknown = await take(client.watchEvents(), 1).catch((error: unknown) => error);
  assert.ok(thrown instanceof StreamFailed && thrown.failure._tag === 'Refused' && thrown.failure.status === 401);
  await served.close();
});

test('a token that is revoked ends its streams and no others, without waiting for a heartbeat [S0-16]', async () => {
  const served = await serve(memoryStore(), { streams: { heartbeatMs: 600_000 } });
  const [gone, good] = [right(await served.plane.tokens.issue({ name: 'ci', role: 'reader', tenant: null })), right(await served.plane.tokens.issue({ name: 'ci', role: 'reader', tenant: null }))];
  const streams = await Promise.all(['/events', '/tasks:watch'].map((path) => ask(served.url, path, { token: gone.token })));
  const other = await ask(served.url, '/events', { token: good.token });
  right(await served.plane.tokens.revoke(gone.view.id));
  for (const { ended, text } of streams) {
    assert.is(await Promise.race([ended.then(() => 'ended'), pause(5_000, 'open still')]), 'ended');
    assert.match(text(), /event: bye\ndata: \{"reason":"token"/);
  }
  right(await served.plane.registerPool({ name: 'ssd', placement: { backend: 'fake', pool: 'ssd' } }));
  await other.has('event: Pool');
  other.cut();
  await served.close();
});

test('a token that expires ends its streams at that moment, whether the log or the configuration gave it [S0-16]', async () => {
  const expiresAt = Date.now() + 3_000;
  const tokens = { tester: TOKEN, brief: { token: 'b', role: 'reader', expiresAt: new Date(expiresAt).toISOString() } } as const;
  const served = await serve(memoryStore(), { streams: { heartbeatMs: 600_000 }, tokens });
  const issued = right(await served.plane.tokens.issue({ name: 'ci', role: 'reader', tenant: null, expiresAt }));
  for (const { ended, text } of await Promise.all(['b', issued.token].map((token) => ask(served.url, '/events', { token })))) {
    assert.is(await Promise.race([ended.then(() => 'ended'), pause(10_000, 'open still')]), 'ended');
    assert.match(text(), /event: bye\ndata: \{"reason":"token"/);
  }
  await served.close();
});

test('two tenants may use one name, and none takes streams from another [S0-1, I-12]', async () => {
  const served = await serve(memoryStore(), { streams: { perPrincipal: 1 } });
  const [blue, red] = [right(await served.plane.tokens.issue({ name: 'ci', role: 'reader', tenant: 'blue' })).token, right(await served.plane.tokens.issue({ name: 'ci', role: 'reader', tenant: 'red' })).token];
  const first = await ask(served.url, '/events', { token: blue });
  assert.is((await refusal(served.url, '/events', { token: blue })).status, 429);
  const other = await ask(served.url, '/events', { token: red });
  assert.equal([first.response.statusCode, other.response.statusCode], [200, 200]);
  first.cut();
  other.cut();
  await served.close();
});

test('a tenant’s stream holds that tenant’s events and no other’s, whatever is asked for [I-12]', async () => {
  const served = await serve(memoryStore(), { tokens: { tester: TOKEN, blue: { token: 'b', role: 'admin', tenant: 'blue' } } });
  right(await served.plane.registerPool({ name: 'ssd', placement: { backend: 'fake', pool: 'ssd' } }));
  const create = (name: string, tenant: string) => served.plane.createVolume({ pool: 'ssd', name, sizeBytes: 2 ** 30 }, { wait: 'done', tenant });
  for (const [name, tenant] of [['r1', 'red'], ['b1', 'blue'], ['r2', 'red'], ['b2', 'blue']] as const) right(await create(name, tenant));
  for (const path of ['/events?from=start', '/events?from=start&tenant=red', '/events?from=start&kind=block_volume,block_snapshot,pool,backend,token,webhook,reservation']) {
    const stream = await ask(served.url, path, { token: 'b' });
    if (!path.includes('tenant=red')) {
      await stream.has('"name":"b2"');
      await stream.has('VolumeCreated');
    }
    await pause(20);
    stream.cut();
    assert.not.match(stream.text(), /"name":"r\d"|event: (?:Pool\w+|Reserved)\n|"tenant":"red"/, path);
  }
  await served.close();
});

test('a task is watched until it ends, with each picture whole; all tasks, with what ended while nobody looked [S0-6, S0-135]', async () => {
  const served = await serve();
  const client = apiClient({ url: served.url, token: TOKEN });
  right(await served.plane.registerPool({ name: 'ssd', placement: { backend: 'fake', pool: 'ssd' } }, { wait: 'done' }));
  let release = (): void => undefined;
  const held = new Promise<undefined>((resolve) => (release = () => resolve(undefined)));
  served.fake.before = (_action, { onProgress }) => {
    onProgress({ done: 40, total: 100, unit: 'percent' });
    return held;
  };
  const { task } = right(await served.plane.createVolume({ pool: 'ssd', name: 'db-1', sizeBytes: 2 ** 30 }));
  const pictures: { readonly status: string; readonly percent: number | undefined }[] = [];
  const all = await ask(served.url, '/tasks:watch?type=CreateBlockVolume');
  await all.has('"status":"running"');
  for await (const { task: seen } of client.watchTask({ path: { task: task?.number ?? 0 } })) {
    pictures.push({ status: seen.status, percent: seen.progress?.percent });
    if (seen.progress !== null) release();
  }
  assert.ok(pictures.some(({ percent }) => percent === 40));
  assert.is(pictures.at(-1)?.status, 'succeeded');
  await all.has('"status":"succeeded"');
  assert.ok(!all.text().includes('CreatePool'));
  const before = [.../id: (\d+)\n/g[Symbol.matchAll](all.text())][0]?.[1] ?? '';
  all.cut();
  const later = await ask(served.url, '/tasks:watch', { headers: { 'last-event-id': before } });
  await later.has('"status":"succeeded"');
  const fresh = await ask(served.url, '/tasks:watch');
  await pause(30);
  assert.not.match(fresh.text(), /event: task/, 'what has ended before is not shown to whoever asks for the first time');
  fresh.cut();
  later.cut();
  await served.close();
});

test('whoever watches all tasks and is cut misses the end of none, however slow he was [S0-6, I-16]', async () => {
  const { plane, fake, close } = await serve();
  right(await plane.registerPool({ name: 'ssd', placement: { backend: 'fake', pool: 'ssd' } }, { wait: 'done' }));
  let release = (): void => undefined;
  const held = new Promise<undefined>((resolve) => (release = () => resolve(undefined)));
  fake.before = () => held;
  for (let n = 0; n < 10; n += 1) right(await plane.createVolume({ pool: 'ssd', name: `db-${n}`, sizeBytes: 2 ** 30 }));
  const asked = { path: {}, query: {}, body: undefined, principal: { name: 'token:tester', role: 'reader', tenant: null, tokenId: null, expiresAt: null }, ending: new AbortController().signal, options: {} } as const;
  const ended = new Set<number>();
  /** Reads until it has read enough, and is cut; the last id. */
  const watch = async (lastEventId: string | undefined, isEnough: (told: number) => boolean): Promise<string | undefined> => {
    const cutting = new AbortController();
    const source = right(await eventHandlers.watchTasks(plane, { ...asked, lastEventId }));
    const patience = setTimeout(() => cutting.abort(), 2_000);
    let [told, last] = [0, lastEventId];
    for await (const { event, id, data } of source.messages(cutting.signal)) {
      last = id === undefined ? last : String(id);
      if (event !== 'task') continue;
      const { task } = data as { readonly task: { readonly id: number; readonly status: string } };
      if (task.status === 'succeeded') ended.add(task.id);
      // He is slow: by the time that he takes the second one, all have ended.
      release();
      await plane.idle();
      told += 1;
      if (isEnough(told)) break;
    }
    clearTimeout(patience);
    cutting.abort();
    return last;
  };
  const last = await watch(undefined, (told) => told === 2);
  assert.is(ended.size, 1);
  await watch(last, () => ended.size === 10);
  assert.is(ended.size, 10);
  await close();
});

test('the ids of a stream of tasks are positions: it is gone on with behind any of them, over a restart too, and behind none that the log does not have [S0-6, I-17]', async () => {
  const store = memoryStore();
  let served = await serve(lasting(store));
  right(await served.plane.registerPool({ name: 'ssd', placement: { backend: 'fake', pool: 'ssd' } }, { wait: 'done' }));
  const watched = await ask(served.url, '/tasks:watch');
  await watched.has('event: position\n');
  const [, first = ''] = /event: position\nid: (\d+)\n/.exec(watched.text()) ?? [];
  for (const name of ['a', 'b', 'c']) right(await served.plane.createVolume({ pool: 'ssd', name, sizeBytes: 2 ** 30 }, { wait: 'done' }));
  const endedIn = (text: string): readonly number[] => [...new Set([...text.matchAll(/"task":\{"id":(\d+),[^\n]*"status":"succeeded"/g)].map(([, id]) => Number(id)))];
  while (endedIn(watched.text()).length < 3) await pause(2);
  const all = endedIn(watched.text());
  watched.cut();
  await served.close();
  served = await serve(lasting(store));
  const text = watched.text();
  for (const { index, 1: id = '' } of text.matchAll(/id: (\d+)\n/g)) {
    const before = endedIn(text.slice(0, text.indexOf('\n\n', index)));
    const missing = all.filter((task) => !before.includes(task));
    const later = await ask(served.url, '/tasks:watch', { headers: { 'last-event-id': id } });
    await later.has('event: position\n');
    while (missing.some((task) => !endedIn(later.text()).includes(task))) await pause(2);
    later.cut();
  }
  assert.equal([all.length, Number(first) >= 0], [3, true]);
  assert.is((await refusal(served.url, '/tasks:watch', { headers: { 'last-event-id': '1795000000000' } })).tag, 'PositionNotInLog');
  await served.close();
});

test.run();
