/**
 * The end of a migration that two are at: a real `rbd` is stopped in the middle, as on a machine that sleeps, another driver does the step in its place, and then
 * the first one goes on (decision 18). Whatever it does then, it harms nothing: not what was moved, not what was written since, not a move that was begun since.
 */
import { imageName, rbdBackend } from '@blockledger/adapters-rbd';
import { MIB, type BackendAction, type Bytes, type CallContext, type Placement, type VolumeId, type VolumeRef } from '@blockledger/domain';
import { execFile } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import * as assert from 'uvu/assert';
import { stoppedRbd, type Death } from '../support/ceph/dyingRbd.ts';
import { realCeph, startCeph, type CephCluster } from '../support/ceph.ts';
import { make, volume } from '../support/rbdScene.ts';
import { writeBytes } from '../support/realVolume.ts';
import { onPath, requireReal } from '../support/real.ts';
import { suite } from '../support/suite.ts';

requireReal(realCeph);
requireReal({ what: 'strace', packages: ['strace'], present: () => onPath('strace') });

const test = suite('an owner of a real rbd migration that is late');
const here: Placement = { backend: 'rbd', pool: 'vols' };
const there: Placement = { backend: 'rbd', pool: 'rbd' };
const context: CallContext = { signal: new AbortController().signal, onProgress: () => undefined, installationId: 'here' };
const SIZE = (16 * MIB) as Bytes;
const PATIENCE_MS = 90_000;
/** One that the cluster has blocklisted may ask for ever; its driver ends it as one that says nothing. */
const STUCK_MS = 20_000;

let ceph: CephCluster;
const rbd = async (...args: readonly string[]): Promise<string> => (await promisify(execFile)('rbd', ['--conf', ceph.conf, ...args], { encoding: 'utf8' })).stdout;
const digest = async (image: string): Promise<string> => {
  const { stdout } = await promisify(execFile)('rbd', ['--conf', ceph.conf, 'export', '--no-progress', image, '-'], { encoding: 'buffer', maxBuffer: 2 * SIZE });
  return createHash('sha256').update(stdout).digest('hex');
};

/** Repeats an action, as a driver does; the codes of the errors on the way. */
const insist = async (action: BackendAction): Promise<readonly string[]> => {
  const driver = rbdBackend({ conf: ceph.conf, watchTimeoutMs: 1_500, connectTimeoutMs: 10_000 });
  const until = Date.now() + PATIENCE_MS;
  const codes: string[] = [];
  for (;;) {
    const answer = await driver.perform(action, context)();
    if (answer._tag === 'Right') return codes;
    const error = answer.left;
    if (error._tag !== 'Retryable' || Date.now() > until) throw new Error(`${action.do}: ${JSON.stringify(error)}`);
    codes.push(error.code);
    await new Promise((resolve) => setTimeout(resolve, Math.min(error.retryAfterMs ?? 300, 1_500)));
  }
};

type Verb = 'execute' | 'commit' | 'abort';

interface Case {
  readonly verb: Verb;
  readonly stops: Death;
}

const after = (words: string, nth = 1): Death => ({ after: new RegExp(words), nth });

const CASES: readonly Case[] = [
  { verb: 'execute', stops: after('rbdmigration_set_state', 1) },
  { verb: 'execute', stops: after('rbdmigration_set_state', 4) },
  { verb: 'commit', stops: after('rbdmigration_remove') },
  { verb: 'commit', stops: after('rbddir_remove_image|rbdtrash_remove') },
  { verb: 'abort', stops: after('rbdmigration_set_state') },
  { verb: 'abort', stops: after('rbdmirror_image_remove') },
  { verb: 'abort', stops: after('rbddir_add_image') },
];

const BEFORE: Readonly<Record<Verb, readonly ('prepare' | 'execute')[]>> = { execute: ['prepare'], commit: ['prepare', 'execute'], abort: ['prepare', 'execute'] };
const ACTION = { execute: 'ensureMigrated', commit: 'ensureMigrationCommitted', abort: 'ensureMigrationAborted' } as const;
const wordsOf = (verb: Verb | 'prepare', name: string): readonly string[] =>
  verb === 'prepare' ? ['migration', 'prepare', `vols/${name}`, `rbd/${name}`] : ['migration', verb, '--no-progress', `${verb === 'abort' ? 'vols' : 'rbd'}/${name}`];

const live = async ({ verb, stops }: Case, number: number): Promise<void> => {
  const of: VolumeRef = { ...volume('a'), placement: here, volumeId: `0b9d7a3e-0000-4000-8000-${String(number).padStart(12, '0')}` as VolumeId };
  const name = imageName(of.volumeId);
  await insist(make(of, { sizeBytes: SIZE }));
  writeBytes(ceph, `vols/${name}`, randomBytes(13 * MIB));
  for (const earlier of BEFORE[verb]) await rbd(...wordsOf(earlier, name));
  console.log('# stopping', verb, String(stops.after), stops.nth);
  const late = await stoppedRbd(ceph, wordsOf(verb, name), stops);
  console.log('# stopped', verb, String(stops.after), stops.nth);
  const codes = await insist({ do: ACTION[verb], volume: of, to: there });
  // Life goes on: what was moved is written to; what was taken back is written to, and moved once more.
  if (verb === 'execute') await insist({ do: 'ensureMigrationCommitted', volume: of, to: there });
  const image = verb === 'abort' ? `vols/${name}` : `rbd/${name}`;
  writeBytes(ceph, image, randomBytes(MIB), MIB);
  const expected = await digest(image);
  if (verb === 'abort') await insist({ do: 'ensureMigrated', volume: of, to: there });
  console.log('# goes on', verb, String(stops.after), stops.nth, codes);
  const code = await Promise.race([late.goOn(), new Promise<'stuck'>((resolve) => void setTimeout(() => resolve('stuck'), STUCK_MS).unref())]);
  if (code === 'stuck') await late.kill();
  console.log(`# ${verb} stopped after ${String(stops.after)} ${stops.nth}: the other one met ${JSON.stringify(codes)}; it ended with ${String(code)}`);
  if (verb === 'abort') await insist({ do: 'ensureMigrationCommitted', volume: of, to: there });
  assert.is(await digest(`rbd/${name}`), expected, `${verb} ${String(stops.after)}: content`);
  assert.not.match(await rbd('ls', 'vols'), name);
  const { features } = JSON.parse(await rbd('info', '--format', 'json', `rbd/${name}`)) as { readonly features: readonly string[] };
  assert.not.ok(features.includes('migrating'));
  writeBytes(ceph, `rbd/${name}`, randomBytes(1_024));
};

test.before(async () => {
  ceph = await startCeph();
});
test.after(() => ceph.stop());

test('who goes on with the end of a migration that another one has done meanwhile harms nothing [R-23, R-4, I-30]', async () => {
  const failed: string[] = [];
  await Promise.all(CASES.map((each, index) => live(each, index + 1).catch((error: unknown) => void failed.push(`${each.verb}, ${String(each.stops.after)} ${each.stops.nth}: ${String(error)}`))));
  assert.equal(failed, []);
  for (const pool of ceph.pools) assert.is((await rbd('trash', 'ls', '--all', pool)).trim(), '', `the trash of ${pool}`);
});

test.run();
