/** Real `rbd migration`s killed after chosen messages to a real cluster: whatever they leave, a new driver ends the move or takes it back (decision 17). */
import { imageName, rbdBackend, snapshotName } from '@blockledger/adapters-rbd';
import { MIB, type BackendAction, type Bytes, type CallContext, type Placement, type VolumeId, type VolumeRef } from '@blockledger/domain';
import { execFile } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import * as assert from 'uvu/assert';
import { dyingRbd, type Death } from '../support/ceph/dyingRbd.ts';
import { realCeph, startCeph, type CephCluster } from '../support/ceph.ts';
import { make, NO_QOS, snap, snapshot, volume } from '../support/rbdScene.ts';
import { writeBytes } from '../support/realVolume.ts';
import { onPath, requireReal } from '../support/real.ts';
import { suite } from '../support/suite.ts';

requireReal(realCeph);
requireReal({ what: 'strace', packages: ['strace'], present: () => onPath('strace') });

const test = suite('deaths of a real rbd migration');
const here: Placement = { backend: 'rbd', pool: 'vols' };
const there: Placement = { backend: 'rbd', pool: 'rbd' };
const one = snapshot('1');
const context: CallContext = { signal: new AbortController().signal, onProgress: () => undefined, installationId: 'here' };
/** So many at once: each mostly waits until the cluster has forgotten who died. */
const AT_ONCE = 5;
const SIZE = (16 * MIB) as Bytes;
const PATIENCE_MS = 90_000;

let ceph: CephCluster;
const newDriver = () => rbdBackend({ conf: ceph.conf, watchTimeoutMs: 1_500, connectTimeoutMs: 10_000 });
const rbd = async (...args: readonly string[]): Promise<string> => (await promisify(execFile)('rbd', ['--conf', ceph.conf, ...args], { encoding: 'utf8' })).stdout;
const digest = async (image: string): Promise<string> => {
  const { stdout } = await promisify(execFile)('rbd', ['--conf', ceph.conf, 'export', '--no-progress', image, '-'], { encoding: 'buffer', maxBuffer: 2 * SIZE });
  assert.is(stdout.length, SIZE);
  return createHash('sha256').update(stdout).digest('hex');
};

/** Repeats an action, as a driver does. */
const insist = async (action: BackendAction): Promise<void> => {
  const driver = newDriver();
  const until = Date.now() + PATIENCE_MS;
  for (;;) {
    const answer = await driver.perform(action, context)();
    if (answer._tag === 'Right') return;
    const error = answer.left;
    if (error._tag !== 'Retryable' || Date.now() > until) throw new Error(`${action.do}: ${JSON.stringify(error)}`);
    await new Promise((resolve) => setTimeout(resolve, Math.min(error.retryAfterMs ?? 300, 1_500)));
  }
};

type Verb = 'prepare' | 'execute' | 'commit' | 'abort';
type End = 'ends' | 'taken back';

interface Case {
  readonly what: string;
  readonly verb: Verb;
  readonly death: Death;
  readonly ends: readonly End[];
}

const after = (words: string, nth = 1): Death => ({ after: new RegExp(words), nth });

/** In the order of decision 17. Nothing is taken back after a commit, and nothing is ended after an abort; who ends what is half prepared takes it back first. */
const CASES: readonly Case[] = [
  { what: 'the source in the trash without a header', verb: 'prepare', death: after('rbddir_remove_image'), ends: ['ends'] },
  { what: 'the source with a header', verb: 'prepare', death: after('rbdmigration_set(?!_)'), ends: ['ends'] },
  { what: 'a destination that has a name alone', verb: 'prepare', death: after('rbdset_id'), ends: ['ends'] },
  { what: 'an empty destination', verb: 'prepare', death: after('rbdobject_map_resize'), ends: ['ends'] },
  { what: 'a destination with a snapshot', verb: 'prepare', death: after('rbdset_protection_status'), ends: ['ends'] },
  { what: 'a destination with marks', verb: 'prepare', death: after('rbdmetadata_set'), ends: ['ends'] },
  { what: 'a destination that opens for ever', verb: 'prepare', death: after('rbdmigration_set(?!_)', 2), ends: ['ends', 'taken back'] },
  { what: 'a migration that is prepared', verb: 'prepare', death: after('rbdmigration_set_state', 2), ends: ['taken back'] },
  { what: 'a part copied', verb: 'execute', death: after('rbdmigration_set_state', 4), ends: ['ends', 'taken back'] },
  { what: 'a destination that has forgotten', verb: 'commit', death: after('rbdmigration_remove'), ends: ['ends'] },
  { what: 'a source without snapshots', verb: 'commit', death: after('rbdsnapshot_remove'), ends: ['ends'] },
  { what: 'a destination without a header', verb: 'abort', death: after('rbdmirror_image_remove'), ends: ['taken back'] },
  { what: 'the source in the trash and in its pool', verb: 'abort', death: after('rbddir_add_image'), ends: ['taken back'] },
  { what: 'the source in its pool with a header', verb: 'abort', death: after('rbdtrash_remove'), ends: ['taken back'] },
];

/** What is said before the one that dies. */
const BEFORE: Readonly<Record<Verb, readonly Verb[]>> = { prepare: [], execute: ['prepare'], commit: ['prepare', 'execute'], abort: ['prepare', 'execute'] };

const wordsOf = (verb: Verb, name: string): readonly string[] => {
  if (verb === 'prepare') return ['migration', 'prepare', `vols/${name}`, `rbd/${name}`];
  return ['migration', verb, '--no-progress', `${verb === 'abort' ? 'vols' : 'rbd'}/${name}`];
};

interface Told {
  readonly id: string;
  readonly features: readonly string[];
}

const info = async (image: string): Promise<Told> => JSON.parse(await rbd('info', '--format', 'json', image)) as Told;

/** Makes a volume with a snapshot and content, lets the verb die, and lets a new driver mend what that left. */
const live = async ({ what, verb, death }: Case, end: End, number: number): Promise<void> => {
  const of: VolumeRef = { ...volume('a'), placement: here, volumeId: `0b9d7a3e-0000-4000-8000-${String(number).padStart(12, '0')}` as VolumeId };
  const name = imageName(of.volumeId);
  const source = `vols/${name}`;
  await insist(make(of, { qos: { ...NO_QOS, enabled: true, maxIops: 9_000 }, sizeBytes: SIZE }));
  writeBytes(ceph, source, randomBytes(5 * MIB));
  await insist(snap(of, one));
  await rbd('snap', 'protect', `${source}@${snapshotName(one)}`);
  writeBytes(ceph, source, randomBytes(64 * 1024), 4 * MIB);
  const images = (pool: string): readonly string[] => [`${pool}/${name}`, `${pool}/${name}@${snapshotName(one)}`];
  const before = [await rbd('image-meta', 'list', '--format', 'json', source), ...(await Promise.all(images('vols').map(digest)))];
  for (const earlier of BEFORE[verb]) await rbd(...wordsOf(earlier, name));
  await dyingRbd(ceph, wordsOf(verb, name), death);
  const move = { volume: of, to: there };
  if (end === 'taken back') await insist({ do: 'ensureMigrationAborted', ...move });
  else {
    if (verb !== 'commit') await insist({ do: 'ensureMigrated', ...move });
    await insist({ do: 'ensureMigrationCommitted', ...move });
  }
  const [pool, other] = end === 'ends' ? ['rbd', 'vols'] : ['vols', 'rbd'];
  const now = [await rbd('image-meta', 'list', '--format', 'json', `${pool}/${name}`), ...(await Promise.all(images(pool).map(digest)))];
  assert.equal(now, before, `${what}, ${end}: marks and content`);
  const { features } = await info(`${pool}/${name}`);
  assert.not.ok(features.includes('migrating'), `${what}, ${end}: part of no migration`);
  assert.not.match(await rbd('status', `${pool}/${name}`), /migration/i);
  assert.not.match(await rbd('ls', other), name, `${what}, ${end}: the other place`);
  // A snapshot can still be taken: nobody keeps it from being changed.
  await insist(snap({ ...of, placement: { ...here, pool } }, snapshot('2')));
};

/** Objects of a pool that are part of an image that is not there. */
const straysIn = async (pool: string, owned: ReadonlySet<string>): Promise<readonly string[]> => {
  const { stdout } = await promisify(execFile)('rados', ['--conf', ceph.conf, '-p', pool, 'ls']);
  return stdout.split('\n').filter((object) => {
    const [, id] = /^rbd_(?:header|data|object_map)\.([0-9a-f]+)/.exec(object) ?? [];
    return id !== undefined && !owned.has(id);
  });
};

test.before(async () => {
  ceph = await startCeph();
});
test.after(() => ceph.stop());

test('a migration that dies after any of its steps is ended or taken back by the next driver, byte for byte [R-23, R-4, S0-139]', async () => {
  const lives = CASES.flatMap((each) => each.ends.map((end) => [each, end] as const)).entries();
  const failed: string[] = [];
  const lane = async (): Promise<void> => {
    for (const [index, [each, end]] of lives) {
      await live(each, end, index + 1).catch((error: unknown) => void failed.push(`${each.verb}, ${each.what}, ${end}: ${String(error)}`));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
  assert.equal(failed, []);
  const owned = new Set<string>();
  for (const pool of ceph.pools) {
    assert.is((await rbd('trash', 'ls', '--all', pool)).trim(), '', `the trash of ${pool}`);
    for (const name of (await rbd('ls', pool)).trim().split('\n').filter((each) => each !== '')) owned.add((await info(`${pool}/${name}`)).id);
  }
  for (const pool of ceph.pools) {
    // What a removed snapshot kept of an object is listed until an OSD has trimmed it, which it does in its own time.
    const until = Date.now() + PATIENCE_MS;
    let strays = await straysIn(pool, owned);
    while (strays.length > 0 && Date.now() < until) {
      await new Promise((resolve) => setTimeout(resolve, 300));
      strays = await straysIn(pool, owned);
    }
    assert.equal(strays, [], `objects of no image in ${pool}`);
  }
});

test.run();
