/** The end of a service in order: nothing that was accepted is lost, whatever ran at that moment. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { httpFixture, volumeCalled } from '../support/httpFixture.ts';
import { call, SERVICE_TOKEN, sleep, startService, taskEnd, type Body, type ServiceProcess } from '../support/serviceProcess.ts';
import { suite } from '../support/suite.ts';

const test = suite('shutdown');
const folder = mkdtempSync(join(tmpdir(), 'blockledger-shutdown-'));

test('when the end begins, late requests are sent elsewhere and those before it are answered [S0-6]', async () => {
  const { service, ask, plane, close } = await httpFixture(['vols'], { latencyMs: 300 });
  assert.is((await service.fastify.inject('/readyz')).json<{ readonly status: string }>().status, 'ready');
  const waiting = ask('POST', '/block-volumes', { ...volumeCalled('waited-for'), headers: { prefer: 'wait=60' } });
  while (plane.tasks.list({ type: 'CreateBlockVolume' }).totalCount === 0) await sleep(5);
  const drained = service.drain();
  const late = await ask('POST', '/block-volumes', volumeCalled('late'));
  assert.equal([late.status, late.json['type'], late.headers['connection']], [503, 'urn:blockledger:refusal:ServiceIsEnding', 'close']);
  assert.ok(Number(late.headers['retry-after']) > 0);
  const { status, json } = await waiting;
  assert.equal([status, (json['task'] as unknown as Body).status === 'succeeded'], [202, false], 'who waits is told how it stands');
  await drained;
  const ready = await service.fastify.inject('/readyz');
  assert.equal([ready.statusCode, ready.json<{ readonly status: string }>().status, (await service.fastify.inject('/healthz')).statusCode], [503, 'draining', 200]);
  assert.is(plane.volumes.list().totalCount, 1);
  await close();
});

test('an answer under way is sent whole, and a client that went away is not waited for [S0-6]', async () => {
  const { service, close } = await httpFixture(['vols'], { latencyMs: 500 });
  let arrived = 0;
  service.fastify.addHook('onRequest', async () => void (arrived += 1));
  const listening = await service.listen({ port: 0 });
  const url = listening._tag === 'Right' ? listening.right : '';
  const ask = (): Promise<Response> => fetch(`${url}/api/v1/pools/1?stats=true`, { headers: { 'xms-auth-token': SERVICE_TOKEN } });
  const gone = request(`${url}/api/v1/pools/1?stats=true`, { headers: { 'xms-auth-token': SERVICE_TOKEN }, agent: new Agent() });
  gone.on('error', () => undefined);
  gone.end();
  const answered = ask();
  while (arrived < 2) await sleep(5);
  gone.destroy();
  await service.drain();
  const { status, headers } = await answered;
  assert.equal([status, headers.get('content-type')?.startsWith('application/json')], [200, true]);
  await close();
});

const config = 'test/support/slowCluster.config.ts';
const store = join(folder, 'log.db');
type Env = Readonly<Record<'SLOW_LATENCY_MS' | 'SLOW_LONG_MS' | 'SLOW_GRACE_MS', string>>;
const start = (env: Partial<Env>): Promise<ServiceProcess> => startService({ config, store, env });
const changes = (): readonly string[] => readFileSync(`${store}.changes`, 'utf8').split('\n').filter(Boolean);
const tasksOf = async (url: string): Promise<readonly Body[]> => (await call(url, 'GET', '/tasks?limit=-1')).json['tasks'] as readonly Body[];
const settled = async (url: string): Promise<readonly Body[]> => {
  for (let tries = 0; ; tries += 1) {
    const tasks = await tasksOf(url);
    if (tries > 600 || tasks.every(({ status }) => status === 'succeeded')) return tasks;
    await sleep(100);
  }
};

test('SIGTERM while fifty tasks run loses none: the next start ends all of them, and does nothing twice [S0-6, I-15, I-16]', async () => {
  const first = await start({});
  const volume = (name: string, more: object = {}) => call(first.url, 'POST', '/block-volumes', { body: { block_volume: { name, pool_id: 1, size: 2 ** 30, ...more } } });
  await taskEnd(first.url, (await volume('parent')).location ?? '');
  await taskEnd(first.url, (await call(first.url, 'POST', '/block-snapshots', { body: { block_snapshot: { block_volume_id: 1, name: 's' } } })).location ?? '');
  for (let n = 0; n < 10; n += 1) await taskEnd(first.url, (await volume(`clone-${n}`, { block_snapshot_id: 1, size: undefined })).location ?? '');
  assert.is(await first.stop('SIGTERM'), 0, first.errors());

  // Nothing long ends while this one runs: the end takes all of its three seconds.
  const slow = await start({ SLOW_LATENCY_MS: '100', SLOW_LONG_MS: '600000', SLOW_GRACE_MS: '3000' });
  const before = (await tasksOf(slow.url)).length;
  const accepted = await Promise.all([
    ...Array.from({ length: 10 }, (_, n) => call(slow.url, 'PATCH', `/block-volumes/${n + 2}`, { body: { block_volume: { flattened: true } } })),
    ...Array.from({ length: 40 }, (_, n) => call(slow.url, 'POST', '/block-volumes', { body: { block_volume: { name: `new-${n}`, pool_id: 1, size: 2 ** 30 } } })),
  ]);
  assert.equal([...new Set(accepted.map(({ status }) => status))], [202]);
  await sleep(300);
  slow.child.kill('SIGTERM');
  let ready = await fetch(`${slow.url}/readyz`);
  for (let tries = 0; ready.status === 200 && tries < 100; tries += 1) {
    await sleep(20);
    ready = await fetch(`${slow.url}/readyz`);
  }
  assert.equal([ready.status, ((await ready.json()) as { readonly status: string }).status], [503, 'draining']);
  assert.is((await call(slow.url, 'POST', '/block-volumes', { body: { block_volume: { name: 'late', pool_id: 1, size: 2 ** 30 } } })).status, 503);
  assert.is(await slow.ended, 0, slow.errors());
  const [, told = ''] = /(\d+) calls? (?:is|are) handed back/.exec(slow.output()) ?? [];
  assert.ok(Number(told) >= 8, `${slow.output()}\n${slow.errors()}`);

  const next = await start({});
  const tasks = await settled(next.url);
  assert.is(tasks.length, before + 50);
  assert.equal(tasks.filter(({ status }) => status !== 'succeeded'), []);
  const volumes = (await call(next.url, 'GET', '/block-volumes?limit=-1')).json['block_volumes'] as readonly Body[];
  assert.equal([volumes.length, volumes.filter(({ status }) => status !== 'active')], [51, []]);
  const made = changes().filter((change) => /^(?:import|clone|flatten) /.test(change));
  assert.equal(made.filter((change, at) => made.indexOf(change) !== at), [], 'done twice');
  assert.is(made.filter((change) => change.startsWith('flatten')).length, 10);
  assert.is(await next.stop('SIGTERM'), 0, next.errors());
});

test('a second signal ends a service at once, and the next start goes on [S0-6]', async () => {
  const slow = await start({ SLOW_LONG_MS: '600000', SLOW_GRACE_MS: '600000' });
  const deleting = await call(slow.url, 'DELETE', '/block-volumes/2');
  assert.is(deleting.status, 202, JSON.stringify(deleting.json));
  await sleep(200);
  slow.child.kill('SIGTERM');
  while ((await fetch(`${slow.url}/readyz`)).status === 200) await sleep(20);
  slow.child.kill('SIGINT');
  assert.is(await slow.ended, 130, slow.errors());
  const next = await start({});
  assert.is((await taskEnd(next.url, deleting.location ?? '')).status, 'succeeded');
  assert.is(await next.stop('SIGTERM'), 0);
});

test.after(() => rmSync(folder, { recursive: true, force: true }));
test.run();
