/** What a diagnosis makes of answers that a test cluster cannot be brought to give; test/real/rbd.diagnosis.test.ts breaks a real one. */
import * as E from 'fp-ts/lib/Either.js';
import * as assert from 'uvu/assert';
import { rbdBackend } from '@blockledger/adapters-rbd';
import { simulateRbd } from '@blockledger/adapters-rbd/simulator';
import type { Finding, ProcessRunner } from '@blockledger/domain';
import { suite } from '../support/suite.ts';

const test = suite('diagnosis of rbd');
const never = { aborted: false, addEventListener: () => undefined, removeEventListener: () => undefined };

/** A healthy simulated cluster, one of whose answers is changed. */
const findingsWith = async (program: string, word: string, change: (stdout: string) => string): Promise<readonly Finding[]> => {
  const { run } = simulateRbd();
  const changed: ProcessRunner = (call) => async () =>
    E.map((answer: { readonly exitCode: number; readonly stdout: string; readonly stderr: string }) =>
      call.argv[0] === program && call.argv.includes(word) ? { ...answer, stdout: change(answer.stdout) } : answer,
    )(await run(call)());
  const backend = rbdBackend({ run: changed });
  return (await backend.diagnose?.([{ backend: 'ceph', pool: 'vols' }], { signal: never, onProgress: () => undefined, installationId: 'a-test' })()) ?? [];
};

const levelOf = (findings: readonly Finding[], check: string): string => {
  const found = findings.find((finding) => finding.check === check);
  return `${found?.level ?? 'absent'}: ${found?.found ?? ''}`;
};

const health = (status: string, ...checks: readonly string[]) => (): string =>
  JSON.stringify({ status, checks: Object.fromEntries(checks.map((name) => [name, { severity: status, summary: { message: `${name} it is` } }])) });

test('the health of the cluster is told in its own words, the first five of many', async () => {
  assert.is(levelOf(await findingsWith('ceph', 'health', health('HEALTH_WARN', 'OSD_DOWN')), 'health'), 'warning: HEALTH_WARN: OSD_DOWN: OSD_DOWN it is');
  assert.is(levelOf(await findingsWith('ceph', 'health', health('HEALTH_ERR', 'PG_DAMAGED')), 'health'), 'problem: HEALTH_ERR: PG_DAMAGED: PG_DAMAGED it is');
  assert.match(levelOf(await findingsWith('ceph', 'health', health('HEALTH_WARN', 'A', 'B', 'C', 'D', 'E', 'F', 'G')), 'health'), /; E: E it is; and 2 more$/);
  assert.match(levelOf(await findingsWith('ceph', 'health', () => 'not JSON'), 'health'), /^warning: .*cannot read the answer/);
});

test('a pool that is full is a problem, one that is nearly full a warning', async () => {
  const flags = (names: string) => (dump: string): string => dump.replaceAll('"flags_names":"hashpspool"', `"flags_names":"hashpspool,${names}"`);
  assert.match(levelOf(await findingsWith('ceph', 'dump', flags('full')), 'poolFull'), /^problem: pool vols is full \(full\)/);
  assert.match(levelOf(await findingsWith('ceph', 'dump', flags('full_quota')), 'poolFull'), /^problem: .*full_quota/);
  assert.match(levelOf(await findingsWith('ceph', 'dump', flags('nearfull')), 'poolFull'), /^warning: /);
});

test('a pool of another application is a problem', async () => {
  const findings = await findingsWith('ceph', 'dump', (dump) => dump.replaceAll('"rbd":{}', '"cephfs":{}'));
  assert.is(levelOf(findings, 'poolApplication'), 'problem: pool vols is for cephfs, not for RBD');
});

test('a program that does not tell its version, and a cluster that does not tell its time, are warnings', async () => {
  assert.is(levelOf(await findingsWith('rbd', '--version', () => 'usage: rbd'), 'program'), 'warning: rbd does not tell its version');
  assert.match(levelOf(await findingsWith('ceph', 'report', () => '{}'), 'clock'), /^warning: the cluster does not tell its time/);
});

test.run();
