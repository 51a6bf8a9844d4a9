/**
 * Two processes of a service over one EventStoreDB. One of them is killed while it makes volumes; the other one takes its work over and finishes it.
 *
 *   node --conditions=@blockledger/source --import tsx examples/two-processes/main.ts [esdb://… or @file]
 *
 * The connection string may stand in BLOCKLEDGER_STORE, too. Without one, the double of EventStoreDB that the tests have stands in for it.
 * Ceph is simulated, unless CEPH_CONF names a cluster, and POOL a pool of it.
 */
import { fork, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { setTimeout as later } from 'node:timers/promises';
import { simulateRbd } from '@blockledger/adapters-rbd/simulator';
import { apiClient, type ApiClient } from '@blockledger/app/client';
import { eventStoreDbDouble } from '../../test/support/eventStoreDb/double.ts';
import { answerFor } from './ceph.ts';

const VOLUMES = 12;
const LEASE_MS = 3_000;
const MARGIN_MS = 500;
const SHARDS = 64;

const { BLOCKLEDGER_STORE = '', CEPH_CONF = '', POOL = 'vols' } = process.env;
const given = process.argv[2] ?? BLOCKLEDGER_STORE;
const double = given === '' ? await eventStoreDbDouble() : undefined;
const store = double?.connectionString ?? (given.startsWith('@') ? readFileSync(given.slice(1), 'utf8').trim() : given);
if (!/^esdb(?:\+discover)?:\/\//.test(store)) {
  console.error('Two processes cannot share what is not an EventStoreDB: its connection string begins with esdb:// or esdb+discover://');
  process.exit(64);
}
console.log(double === undefined ? 'EventStoreDB: yours; the streams of this run stay there' : 'EventStoreDB: none was named, so the double that the tests have stands in for it');
console.log(CEPH_CONF === '' ? 'Ceph: simulated' : `Ceph: ${CEPH_CONF}`);

// Each call of `rbd` takes so long that a process can be killed in the middle of some.
const cluster = simulateRbd({ latencyMs: 200, watchTimeoutMs: 1_000 });
const token = randomBytes(16).toString('hex');
const env = { ...process.env, STORE: store, NAMESPACE: `example_${randomBytes(6).toString('hex')}`, CEPH_CONF, TOKEN: token, LEASE_MS: String(LEASE_MS), MARGIN_MS: String(MARGIN_MS) };

interface Service {
  readonly child: ChildProcess;
  readonly client: ApiClient;
  /** Volumes that it is making now, and those that it has made, by their streams in the log. */
  readonly making: ReadonlySet<string>;
  readonly made: ReadonlySet<string>;
  /** How many of the 64 shards into which all streams are divided it works on. */
  readonly shards: () => number;
}

type Told = { readonly url: string } | { readonly shards: number } | { readonly making: string } | { readonly made: string };

const startService = (): Promise<Service> =>
  new Promise((resolve) => {
    const child = fork(fileURLToPath(import.meta.resolve('./process.ts')), { env, serialization: 'advanced' });
    answerFor(child, cluster);
    const [making, made] = [new Set<string>(), new Set<string>()];
    let shards = 0;
    child.on('message', (message) => {
      const told = message as Told;
      if ('url' in told) resolve({ child, client: apiClient({ url: told.url, token }), making, made, shards: () => shards });
      if ('shards' in told) shards = told.shards;
      if ('making' in told) making.add(told.making);
      if ('made' in told) {
        making.delete(told.made);
        made.add(told.made);
      }
    });
    // It has said why; who is killed has no exit code.
    child.once('exit', (code) => void (code === null || code === 0 || process.exit(1)));
  });

const until = async (holds: () => boolean | Promise<boolean>): Promise<void> => {
  while (!(await holds())) await later(20);
};

/** What was answered to a request whose refusal would be our mistake. */
const done = <A>(answer: { readonly _tag: 'Left'; readonly left: unknown } | { readonly _tag: 'Right'; readonly right: { readonly body: A } }): A => {
  if (answer._tag === 'Left') throw new Error(JSON.stringify(answer.left));
  return answer.right.body;
};

const one = await startService();
done(await one.client.registerPool({ body: { pool: { name: POOL, backend: 'ceph', pool_name: POOL } } }));
const two = await startService();
console.log(`process 1 is ${one.child.pid}, process 2 is ${two.child.pid}; a lease lasts ${LEASE_MS / 1_000} s`);
await until(() => one.shards() > 0 && two.shards() > 0 && one.shards() + two.shards() === SHARDS);
console.log(`they share the work: process 1 has ${one.shards()} of ${SHARDS} shards, process 2 has ${two.shards()}`);

const names = Array.from({ length: VOLUMES }, (_, at) => `db-${at + 1}`);
console.log(`${VOLUMES} volumes are asked for, all of them at process 2`);
const asked = Promise.all(names.map((name) => two.client.createVolume({ body: { block_volume: { name, pool_id: 1, size: 2 ** 30 } } })));
await until(() => one.made.size > 0 && one.making.size > 0);
const killedAt = Date.now();
one.child.kill('SIGKILL');
// Until everything that it said has come.
await once(one.child, 'disconnect');
const left = [...one.making];
console.log(`process 1 is killed: volumes that it had made: ${one.made.size}; in the middle: ${left.length}`);

await until(() => two.shards() === SHARDS);
console.log(`process 2 has all ${SHARDS} shards, ${((Date.now() - killedAt) / 1_000).toFixed(1)} s later`);
await until(() => left.every((stream) => two.made.has(stream)));
console.log('process 2 has made what process 1 was making');

for (const answer of await asked) done(answer);
const active = async () => done(await two.client.listVolumes({ query: { limit: -1, status: 'active' } })).block_volumes;
await until(async () => (await active()).length === VOLUMES);
console.log(`active volumes: ${VOLUMES} of ${VOLUMES}${CEPH_CONF === '' ? `; images on Ceph: ${cluster.images(POOL).length}` : ''}`);

if (CEPH_CONF !== '') {
  for (const { uuid } of await active()) done(await two.client.deleteVolume({ path: { volume: uuid } }));
  await until(async () => done(await two.client.listVolumes({ query: { limit: -1 } })).block_volumes.length === 0);
  console.log('they are deleted again');
}
two.child.kill();
await once(two.child, 'exit');
await double?.stop();
