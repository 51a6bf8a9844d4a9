/** Who may have streams, how many, for how long, and what is in them. */
import { setTimeout as pause } from 'node:timers/promises';
import * as assert from 'uvu/assert';
import { apiClient, StreamFailed } from '@blockledger/app/client';
import { memoryStore } from '@blockledger/app/memory';
import { right } from '../support/plane.ts';
import { ask, refusal, serve, take, TOKEN } from '../support/streamScene.ts';
import { suite } from '../support/suite.ts';

const test = suite('access to streams');

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

test.run();
