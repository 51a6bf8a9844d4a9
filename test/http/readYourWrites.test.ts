/** Read-your-writes over REST: two services over one log, of which one hears late of what the other writes. */
import { controlPlane, type ControlPlane } from '@blockledger/app';
import { apiClient } from '@blockledger/app/client';
import { httpService, type HttpService } from '@blockledger/app/http';
import { memoryStore } from '@blockledger/app/memory';
import * as E from 'fp-ts/lib/Either.js';
import * as assert from 'uvu/assert';
import { fakeBackend } from '../support/fakeBackend.ts';
import { gated, turns } from '../support/gatedStore.ts';
import { lasting, planeWithPool, right } from '../support/plane.ts';
import { suite } from '../support/suite.ts';
import { virtualClock } from '../support/virtualClock.ts';

const test = suite('reading over REST what another process has written');
const TOKEN = 'a-token-for-tests';

/** What an answer says of a volume. */
const volumeIn = ({ json }: { readonly json: Readonly<Record<string, unknown>> }) => json['block_volume'] as { readonly uuid: string; readonly name: string };

/** The number of the volume in an answer. */
const idIn = (body: object): number => ('block_volume' in body ? (body.block_volume as { readonly id: number }).id : Number.NaN);

const begin = async () => {
  const store = memoryStore();
  const fake = fakeBackend();
  const { plane: writer } = await planeWithPool({ store: lasting(store), fake });
  const gate = gated(lasting(store));
  const clock = virtualClock(undefined, { auto: false });
  const reader = await controlPlane({ store: gate.store, backends: { fake: fake.backend }, drive: false, clock });
  const serve = (plane: ControlPlane): HttpService => httpService(plane, { tokens: { tester: TOKEN } });
  const services = [serve(writer), serve(reader)] as const;
  const ask = async ({ fastify }: HttpService, path: string, headers: Readonly<Record<string, string>> = {}, body?: object) => {
    const answered = await fastify.inject({ method: body === undefined ? 'GET' : 'POST', url: `/api/v1${path}`, headers: { authorization: `Bearer ${TOKEN}`, ...headers }, ...(body === undefined ? {} : { payload: body }) });
    return { status: answered.statusCode, position: Number(answered.headers['blockledger-position'] ?? Number.NaN), json: answered.json<Readonly<Record<string, unknown>>>() };
  };
  const close = async (): Promise<void> => {
    gate.open();
    for (const service of services) await service.close();
    await reader.close();
    await writer.close();
  };
  const create = (name: string) => ask(services[0], '/block-volumes', { prefer: 'wait=10' }, { block_volume: { name, pool_id: 1, size: 2 ** 30 } });
  return { gate, clock, services, ask, create, close };
};

test('an answer carries its position, and a request that names it waits until the other process has read so far [I-17]', async () => {
  const { gate, services: [, reader], ask, create, close } = await begin();
  gate.shut();
  const made = await create('db');
  assert.ok(made.status < 300 && Number.isSafeInteger(made.position), JSON.stringify(made));
  const path = `/block-volumes/${volumeIn(made).uuid}`;
  assert.is((await ask(reader, path)).status, 404);
  let isOver = false;
  const reading = ask(reader, path, { 'blockledger-at-least': String(made.position) }).finally(() => {
    isOver = true;
  });
  await turns();
  assert.is(isOver, false);
  gate.open();
  const read = await reading;
  assert.equal([read.status, volumeIn(read).name], [200, 'db']);
  assert.ok(read.position >= made.position);
  for (const list of ['/block-volumes', '/tasks', '/pools', '/events?from=start&follow=false']) {
    const { fastify } = reader;
    const { statusCode } = await fastify.inject({ url: `/api/v1${list}`, headers: { authorization: `Bearer ${TOKEN}`, 'blockledger-at-least': String(made.position) } });
    assert.is(statusCode, 200, list);
  }
  await close();
});

test('a position that is none, is not in the log, or is not reached in time is refused by name [I-17]', async () => {
  const { gate, clock, services: [, reader], ask, create, close } = await begin();
  for (const wrong of ['', 'x', '-1', '1.5', '1, 2', '99999999999999999', '9999999999999999']) {
    const { status, json } = await ask(reader, '/pools', { 'blockledger-at-least': wrong });
    assert.equal([status, json['rule'], json['limit']], [400, 'positionIsANumber', Number.MAX_SAFE_INTEGER], wrong);
  }
  gate.shut();
  const { position } = await create('db');
  const late = ask(reader, '/pools', { 'blockledger-at-least': String(position) });
  const beyond = ask(reader, '/events', { 'blockledger-at-least': String(position + 1_000) });
  // Both wait for the clock by now.
  await turns(100);
  clock.advance(5_000);
  const behind = await late;
  assert.equal([behind.status, behind.json['rule'], behind.json['value']], [503, 'logIsFollowed', position]);
  assert.ok(Number(behind.json['limit']) < position);
  const outside = await beyond;
  assert.equal([outside.status, outside.json['rule'], outside.json['value']], [422, 'positionInLog', position + 1_000]);
  await close();
});

test('a client that reads its writes sees them whichever service answers; another one does not, unless it names the position [I-17]', async () => {
  const { gate, services, close } = await begin();
  const urls: string[] = [];
  for (const service of services) urls.push(right(await service.listen({ port: 0 })));
  /** One service answers, then the other; what is asked of the second is told what it waits for only afterwards. */
  const inTurn = (): typeof globalThis.fetch => {
    let count = 0;
    return async (target, init) => {
      const at = new URL(target instanceof Request ? target.url : target);
      const answered = fetch(new URL(`${at.pathname}${at.search}`, urls[count % 2]), init);
      count += 1;
      const atLeast = new Headers(init?.headers).get('blockledger-at-least');
      if (atLeast !== null) setTimeout(gate.open, 50);
      return answered;
    };
  };
  gate.shut();
  const options = { url: urls[0]!, token: TOKEN, retries: 0 };
  const plain = apiClient({ ...options, fetch: inTurn() });
  const made = right(await plain.createVolume({ body: { block_volume: { name: 'one', pool_id: 1, size: 2 ** 30 } }, waitSeconds: 10 }));
  const volume = idIn(made.body);
  const unseen = await plain.getVolume({ path: { volume } });
  assert.is(E.isLeft(unseen) && unseen.left._tag === 'Refused' && unseen.left.status, 404);
  const reader = apiClient({ ...options, url: urls[1]! });
  const named = reader.getVolume({ path: { volume }, atLeast: Number(made.headers.get('blockledger-position')) });
  await turns();
  gate.open();
  assert.is(right(await named).body.block_volume.name, 'one');
  gate.shut();
  const careful = apiClient({ ...options, fetch: inTurn(), readsItsWrites: true });
  const second = right(await careful.createVolume({ body: { block_volume: { name: 'two', pool_id: 1, size: 2 ** 30 } }, waitSeconds: 10 }));
  assert.is(right(await careful.getVolume({ path: { volume: idIn(second.body) } })).body.block_volume.name, 'two');
  await close();
});

test.run();
