/** Two control planes over one store and one simulated cluster: either is killed, or stopped for longer than its lease, at any step, and registers fail, by seed. */
import * as assert from 'uvu/assert';
import { memoryStore } from '@blockledger/app/memory';
import { suite } from '../support/suite.ts';
import { walkOnce } from '../support/walks/walk.ts';

const test = suite('crash walks of two planes');

/** How many walks. `BLOCKLEDGER_WALKS=1000 npm run test:only -- crashWalks.shared` walks further. */
const WALKS = Number(process.env['BLOCKLEDGER_WALKS'] ?? 100);
/** Children of a plane that died are at it still when another one takes over. */
const LONGER_THAN_A_LEASE_MS = 40_000;
const FIXED_SEED = 20_261_122;
const freshSeed = Number(process.env['BLOCKLEDGER_SEED'] ?? Math.floor(Math.random() * 1_000_000_000));

const seen = { deaths: 0, stops: 0, besideDied: 0, besideStopped: 0, deathsAtRegisters: 0, registerFaults: 0, singles: 0 };
const events = new Set<string>();

const walks = async (from: number, count: number): Promise<void> => {
  for (let seed = from; seed < from + count; seed += 1) {
    const kind = seed % 3;
    try {
      const report = await walkOnce({ seed, beside: true, store: memoryStore({ shared: true }), length: 6 + (seed % 7), faultRate: kind === 0 ? 0 : 0.12, maxLife: kind === 1 ? 0 : 120, longMs: seed % 5 === 0 ? LONGER_THAN_A_LEASE_MS : 400 });
      const { own, beside } = report.fates;
      seen.deaths += report.deaths;
      seen.stops += own.stops;
      seen.besideDied += beside.deaths;
      seen.besideStopped += beside.stops;
      seen.deathsAtRegisters += own.deathsAtRegisters + beside.deathsAtRegisters;
      seen.registerFaults += own.registerFaults + beside.registerFaults;
      seen.singles += report.singles;
      for (const type of report.eventTypes) events.add(type);
    } catch (error) {
      throw new Error(`walk with seed ${seed} (BLOCKLEDGER_SEED=${seed} BLOCKLEDGER_WALKS=2): ${String(error)}`, { cause: error });
    }
  }
};

test('nothing is lost, nothing is stuck, and no single step is done by two: fixed seeds [R-4, I-3, I-6]', () => walks(FIXED_SEED, Math.ceil(WALKS / 2)));

test('nothing is lost, nothing is stuck, and no single step is done by two: fresh seeds [R-4, I-3, I-6]', async () => {
  console.log(`# fresh seed ${freshSeed}`);
  await walks(freshSeed, Math.floor(WALKS / 2));
});

test('both planes die and are stopped, registers fail, and single steps are taken', () => {
  for (const [what, count] of Object.entries(seen)) assert.ok(count > WALKS / 10, `${what}: only ${count}`);
  assert.ok(events.has('VolumeRolledBack'), 'no rollback');
});

test.run();
