/** The whole plane over two simulated gateways: killed and betrayed at every step, while hosts are cut off, start anew and are given up, by seed. */
import { memoryStore } from '@blockledger/app/memory';
import { WEIGHTS } from '../support/pathWalks/script.ts';
import { walkPathsOnce } from '../support/pathWalks/walk.ts';
import { suite } from '../support/suite.ts';
import { walksSeen } from '../support/walks/seen.ts';

const test = suite('crash walks of access paths');

/** What walks must come to; rarer things have tests of their own. */
const REACHED: readonly string[] = [
  'AccessPathCreated', 'AccessPathUpdated', 'AccessPathRenamed', 'AccessPathRedeployed', 'AccessPathDeleted', 'AccessPathRefused', 'TargetAdded',
  'TargetRemoved', 'TargetGone', 'TargetHostUnreachable', 'MappingGroupCreated', 'MappingGroupDeleted', 'VolumesMapped', 'VolumesUnmapped',
  'MappedVolumeShown', 'VipGroupCreated', 'VipGroupRedeployed', 'VipGroupDeleted', 'VipAdded', 'VipRemoved', 'VipMoved', 'VipHostNotAdmitted',
  'VipHostUnreachable', 'VipInstanceGone', 'HostDeclaredOff', 'HostDeclaredBack', 'HostAdmitted', 'HostTargetsReopened', 'HostPaused', 'HostResumed',
  'HostRetired', 'NetworkAddressAdded', 'ClientGroupCreated', 'ClientGroupUpdated', 'ClientGroupDeleted', 'WorkDelayed',
  'AttachmentReserved', 'AttachmentConnecting', 'AttachmentConnected', 'AttachmentCompleted', 'AttachmentDisconnecting', 'AttachmentDisconnected', 'AttachmentReleased',
];

/** How many walks. `BLOCKLEDGER_WALKS=10000 npm run test:only -- crashWalks.paths` walks further. */
const WALKS = Number(process.env['BLOCKLEDGER_WALKS'] ?? 120);
const FIXED_SEED = 20_260_401;
const freshSeed = Number(process.env['BLOCKLEDGER_SEED'] ?? Math.floor(Math.random() * 1_000_000_000));

const seen = walksSeen();

const walks = async (from: number, count: number): Promise<void> => {
  for (let seed = from; seed < from + count; seed += 1) {
    // Three kinds of walk in turn: only deaths, only faults, both. In every fourth nothing happens to the hosts: then no path is ever without a portal.
    const kind = seed % 3;
    await seen.walk(seed, () => walkPathsOnce({ seed, store: memoryStore(), length: 10 + (seed % 9), faultRate: kind === 0 ? 0 : 0.08, maxLife: kind === 1 ? 0 : 300, hostsFail: seed % 4 !== 3 }));
  }
};

test('whatever dies or fails on the way, gateways end up as the log wants them, and nothing is open to anybody else: fixed seeds [I-19, I-20, I-21, R-12, R-13, R-28]', () => walks(FIXED_SEED, Math.ceil(WALKS / 2)));

test('whatever dies or fails on the way, gateways end up as the log wants them, and nothing is open to anybody else: fresh seeds [I-24, R-14, R-15, R-16]', async () => {
  console.log(`# fresh seed ${freshSeed}`);
  await walks(freshSeed, Math.floor(WALKS / 2));
});

test('the walks die, are betrayed, and see every life of a path, its hosts and its addresses [I-2]', () => {
  seen.mustHold({ events: REACHED, happened: Object.keys(WEIGHTS), leastWalks: 40 });
});

test.run();
