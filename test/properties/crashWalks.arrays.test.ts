/** The whole plane over a simulated array, over real HTTPS: killed at every request and betrayed by the array, by seed. */
import { memoryStore } from '@blockledger/app/memory';
import { walkedArray, type WalkedArray } from '../support/arrayWalks/array.ts';
import { WEIGHTS } from '../support/arrayWalks/script.ts';
import { walkArrayOnce } from '../support/arrayWalks/walk.ts';
import { suite } from '../support/suite.ts';
import { walksSeen } from '../support/walks/seen.ts';

const test = suite('crash walks of arrays');

/** What walks must come to; rarer things have tests of their own. */
const REACHED: readonly string[] = [
  'VolumeCreated', 'VolumeResized', 'VolumeDeleted', 'SnapshotCreated', 'SnapshotDeleted', 'AttachmentReserved', 'AttachmentConnecting', 'AttachmentConnected', 'AttachmentCompleted',
  'AttachmentDisconnecting', 'AttachmentDisconnected', 'AttachmentReleased', 'AttachmentsDisconnected', 'MappingGroupCreated', 'MappingGroupDeleted', 'VolumesMapped', 'MappedVolumeShown', 'AccessPathUpdated', 'WorkDelayed',
];

/** How many walks. `BLOCKLEDGER_WALKS=1000 npm run test:only -- crashWalks.arrays` walks further. */
const WALKS = Number(process.env['BLOCKLEDGER_WALKS'] ?? 40);
const FIXED_SEED = 20_260_501;
const freshSeed = Number(process.env['BLOCKLEDGER_SEED'] ?? Math.floor(Math.random() * 1_000_000_000));

const seen = walksSeen();

const walkOn = (walked: WalkedArray, seed: number): Promise<void> => {
  // Three kinds of walk in turn: only deaths, only faults, both.
  const kind = seed % 3;
  return seen.walk(seed, () => walkArrayOnce({ seed, store: memoryStore(), length: 8 + (seed % 9), faultRate: kind === 0 ? 0 : 0.1, maxLife: kind === 1 ? 0 : 200 }, walked));
};

const walks = async (from: number, count: number): Promise<void> => {
  // Each walk leaves the array as it found it, so that one is enough for all.
  const walked = await walkedArray();
  try {
    for (let seed = from; seed < from + count; seed += 1) await walkOn(walked, seed);
  } finally {
    await walked.stop();
  }
};

test('whatever dies or fails on the way, an array ends up as the log wants it, and nothing is left on it: fixed seeds [S1-4, S1-17, S1-22, R-19, R-28, I-3]', () => walks(FIXED_SEED, Math.ceil(WALKS / 2)));

test('whatever dies or fails on the way, an array ends up as the log wants it, and nothing is left on it: fresh seeds [S1-6, S1-11, S1-35, I-7, I-22]', async () => {
  console.log(`# fresh seed ${freshSeed}`);
  await walks(freshSeed, Math.floor(WALKS / 2));
});

test('the walks die, are betrayed, and see every life of an attachment on an array [R-28]', () => {
  seen.mustHold({ events: REACHED, happened: Object.keys(WEIGHTS), leastWalks: 30 });
});

test.run();
