/** Two control planes over one EventStoreDB, spoken to over the wire, in real time: one is killed in the middle of its work, and the other one takes over. */
import * as assert from 'uvu/assert';
import { controlPlane, systemClock, type ControlPlane } from '@blockledger/app';
import { openEventStoreDb } from '@blockledger/app/eventstoredb';
import type { BlockBackend, Clock } from '@blockledger/domain';
import { eventStoreDbDouble } from '../support/eventStoreDb/double.ts';
import { fakeBackend } from '../support/fakeBackend.ts';
import { SHARDS } from '../support/leases/inside.ts';
import { GIB, right } from '../support/plane.ts';
import { suite } from '../support/suite.ts';
import { lifeOf, mortalStore, silence, type Life } from '../support/walks/life.ts';

const test = suite('control planes that share an EventStoreDB');

const LEASE_MS = 2_000;
const MARGIN_MS = 700;
const PATIENCE_MS = 90_000;
const FOREVER = Number.MAX_SAFE_INTEGER;

const until = async (what: string, holds: () => boolean): Promise<void> => {
  const end = Date.now() + PATIENCE_MS;
  while (!holds()) {
    if (Date.now() > end) throw new Error(`never: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
};

/** Timers of the dead never ring. */
const clockOf = (life: Life): Clock => ({
  ...systemClock,
  sleep: async (ms, signal) => {
    await systemClock.sleep(ms, signal);
    if (!life.alive()) await silence();
  },
});

/** Counts who is at each volume, and ends a life when it has begun so many calls: their effect lands, and nobody hears of it. */
const watchedBackend = (backend: BlockBackend, life: Life, dies: () => boolean, { under, twice }: { readonly under: Map<string, number>; readonly twice: string[] }): BlockBackend => ({
  ...backend,
  close: () => Promise.resolve(),
  perform: (action, context) => async () => {
    const { volumeId } = action.volume;
    const now = (under.get(volumeId) ?? 0) + 1;
    under.set(volumeId, now);
    if (now > 1) twice.push(`${action.do} of ${volumeId}`);
    const answer = await backend.perform(action, context)();
    under.set(volumeId, now - 1);
    if (dies()) life.end();
    return life.alive() ? answer : silence();
  },
});

test('one of two is killed between a call of its backend and the word of it: the other one takes over, nothing is lost, and nothing is done by both at once [R-4]', async () => {
  const double = await eventStoreDbDouble();
  const [fake, under, twice, lives] = [fakeBackend(), new Map<string, number>(), [] as string[], [lifeOf(FOREVER), lifeOf(FOREVER)] as const];
  const stores = await Promise.all(lives.map(async () => right(await openEventStoreDb({ connectionString: double.connectionString }))));
  let callsOfOne = 0;
  let isDoomed = false;
  const begin = (index: 0 | 1, dies: () => boolean): Promise<ControlPlane> => {
    const [life, store] = [lives[index], stores[index]];
    if (store === undefined) throw new Error('no store');
    const backend = watchedBackend(fake.backend, life, dies, { under, twice });
    return controlPlane({ store: mortalStore(life, store), backends: { fake: backend }, clock: clockOf(life), limits: { leaseMs: LEASE_MS, leaseMarginMs: MARGIN_MS } });
  };
  const one = await begin(0, () => isDoomed && (callsOfOne += 1) >= 3);
  const two = await begin(1, () => false);
  const held = (plane: ControlPlane): number => plane.monitor.status().leases?.shardsHeld ?? 0;
  try {
    await until('both have shards', () => held(one) > 0 && held(two) > 0 && held(one) + held(two) === SHARDS);
    const pool = right(await one.registerPool({ name: 'ssd', placement: { backend: 'fake', pool: 'ssd' } }));
    right(await two.followed(pool.position));
    isDoomed = true;
    const asked = await Promise.all(Array.from({ length: 24 }, (_, n) => two.createVolume({ pool: 'ssd', name: `volume ${n}`, sizeBytes: GIB })));
    const ids = asked.map((answer) => right(answer).resource.id);
    await until('one of them dies at its third call', () => !lives[0].alive());
    await until('the other one has all shards', () => held(two) === SHARDS);
    await until('everything is done', () => ids.every((id) => two.volumes.get(id)?.status === 'active') && two.monitor.status().owed.length === 0);
    assert.ok((two.monitor.status().leases?.takeOvers ?? 0) > 0);
    assert.equal([...fake.images.keys()].toSorted(), ids.toSorted());
    assert.equal(twice, []);
  } finally {
    lives[0].end();
    await two.close();
    await Promise.all(stores.map((store) => store.close()));
    await double.stop();
  }
});

test.run();
