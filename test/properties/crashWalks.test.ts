/** The whole plane over the simulated cluster: killed and betrayed at every step of every operation, by seed. */
import * as assert from 'uvu/assert';
import { memoryStore } from '@blockledger/app/memory';
import type { EventStore } from '@blockledger/domain';
import { suite } from '../support/suite.ts';
import { walkOnce, type WalkOptions } from '../support/walks/walk.ts';

const test = suite('crash walks');

/** How many walks. `BLOCKLEDGER_WALKS=100000 npm run test:only -- crashWalks` walks further. */
const WALKS = Number(process.env['BLOCKLEDGER_WALKS'] ?? 1_000);
const FIXED_SEED = 20_260_101;
const freshSeed = Number(process.env['BLOCKLEDGER_SEED'] ?? Math.floor(Math.random() * 1_000_000_000));

const seen = { deaths: 0, faults: 0, eventTypes: new Set<string>() };

/** Three kinds of walk in turn: only deaths, only faults, both. */
const optionsOf = (seed: number, store: EventStore): WalkOptions => {
  const kind = seed % 3;
  return { seed, store, length: 6 + (seed % 7), faultRate: kind === 0 ? 0 : 0.12, maxLife: kind === 1 ? 0 : 120 };
};

const walks = async (from: number, count: number): Promise<void> => {
  for (let seed = from; seed < from + count; seed += 1) {
    try {
      const report = await walkOnce(optionsOf(seed, memoryStore()));
      seen.deaths += report.deaths;
      seen.faults += report.faults;
      for (const type of report.eventTypes) seen.eventTypes.add(type);
    } catch (error) {
      throw new Error(`walk with seed ${seed} (BLOCKLEDGER_SEED=${seed} BLOCKLEDGER_WALKS=2): ${String(error)}`, { cause: error });
    }
  }
};

test('killed or betrayed anywhere, everything settles and nothing is lost or left over: fixed seeds [R-4, I-3, I-6]', () => walks(FIXED_SEED, Math.ceil(WALKS / 2)));

test('killed or betrayed anywhere, everything settles and nothing is lost or left over: fresh seeds [R-4, I-3, I-26]', async () => {
  console.log(`# fresh seed ${freshSeed}`);
  await walks(freshSeed, Math.floor(WALKS / 2));
});

test('a walk is the same every time, so that a seed that failed fails again [R-4]', async () => {
  for (let seed = freshSeed; seed < freshSeed + 3; seed += 1) {
    const [once, again] = [memoryStore(), memoryStore()];
    await walkOnce(optionsOf(seed, once));
    await walkOnce(optionsOf(seed, again));
    assert.equal(await again.readAll(0, 100_000)(), await once.readAll(0, 100_000)(), `seed ${seed}`);
  }
});

test('the walks die, are betrayed, and see the whole life of a volume [I-2]', () => {
  assert.ok(seen.deaths > WALKS / 4, `only ${seen.deaths} deaths`);
  assert.ok(seen.faults > WALKS / 4, `only ${seen.faults} faults`);
  const needed = ['VolumeCreated', 'VolumeFlattened', 'VolumeResized', 'VolumeRolledBack', 'VolumeTrashed', 'VolumeRestored', 'VolumeDeleted', 'SnapshotDeleted', 'VolumeMigrationCopied', 'VolumeMigrated', 'VolumeMigrationCancelled', 'WorkDelayed', 'OperationAbandoned'];
  assert.equal(needed.filter((type) => !seen.eventTypes.has(type)), []);
});

test.run();
