/** The diagnosis of the RBD backend on a real cluster that asks for keys, with one thing broken at a time. */
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { rbdBackend, type RbdOptions } from '@blockledger/adapters-rbd';
import type { Finding, Placement } from '@blockledger/domain';
import { realCeph, startCeph } from '../support/ceph.ts';
import { requireReal } from '../support/real.ts';
import { suite } from '../support/suite.ts';

requireReal(realCeph);
const test = suite('diagnosis on real Ceph');

const cluster = await startCeph({ auth: 'cephx' });
const at = (name: string): string => join(cluster.dir, name);
const ceph = (...args: readonly string[]): string => execFileSync('ceph', ['--conf', cluster.conf, ...args], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
const user = (name: string, ...caps: readonly string[]): RbdOptions => {
  const keyring = at(`${name}.keyring`);
  ceph('auth', 'get-or-create', `client.${name}`, ...caps, '-o', keyring);
  chmodSync(keyring, 0o600);
  return { conf: cluster.conf, name: `client.${name}`, keyring };
};
const proper = user('blockledger', 'mon', 'profile rbd', 'osd', 'profile rbd pool=vols, profile rbd pool=rbd, profile rbd pool=ecdata', 'mgr', 'profile rbd');

const VOLS: Placement = { backend: 'ceph', pool: 'vols' };
const never = { aborted: false, addEventListener: () => undefined, removeEventListener: () => undefined };

const findingsOf = async (options: RbdOptions, placements: readonly Placement[] = [VOLS]): Promise<readonly Finding[]> => {
  const backend = rbdBackend(options);
  const findings = (await backend.diagnose?.(placements, { signal: never, onProgress: () => undefined, installationId: 'a-test' })()) ?? [];
  await backend.close();
  return findings;
};
/** The problems, as `check about: found`, and that each says what to do. */
const problemsOf = async (options: RbdOptions, placements?: readonly Placement[]): Promise<readonly string[]> => {
  const findings = await findingsOf(options, placements);
  return findings.flatMap((finding) => {
    if (finding.level !== 'problem') return [];
    assert.ok(finding.meaning !== '' && finding.remedy !== '', JSON.stringify(finding));
    return [`${finding.check} ${finding.about}: ${finding.found}`];
  });
};
const only = async (expected: RegExp, options: RbdOptions, placements?: readonly Placement[]): Promise<void> => {
  const problems = await problemsOf(options, placements);
  assert.is(problems.length, 1, problems.join('\n'));
  assert.match(problems[0] ?? '', expected);
};

test('where nothing is broken, no problem is found, and nothing is left in the pools', async () => {
  const objects = (): string => ['vols', 'ecdata'].map((pool) => execFileSync('rados', ['--conf', cluster.conf, '-p', pool, 'ls'], { encoding: 'utf8' })).join('|');
  const before = objects();
  const findings = await findingsOf(proper, [VOLS, { backend: 'ceph', pool: 'rbd', dataPool: 'ecdata' }]);
  assert.equal(findings.filter(({ level }) => level === 'problem'), []);
  const fine = findings.filter(({ level }) => level === 'ok').map(({ check, about }) => `${check} ${about}`);
  for (const one of ['program rbd', 'childrenEndWithUs setpriv', 'cluster cluster', 'clock cluster', 'permissions vols', 'permissions rbd', 'permissions ecdata', 'poolType ecdata', `keyringPermissions ${proper.keyring}`]) {
    assert.ok(fine.includes(one), `${one} is not among ${fine.join(', ')}`);
  }
  assert.is(objects(), before);
});

test('a configuration file that is absent, or names no monitor', async () => {
  await only(/^configuration \/no\/such\/ceph\.conf: .*cannot be read/, { ...proper, conf: '/no/such/ceph.conf' });
  writeFileSync(at('empty.conf'), '[global]\n');
  await only(/^configuration .*empty\.conf names no monitor/, { ...proper, conf: at('empty.conf') });
});

test('a keyring that is absent, or open to everybody [I-24]', async () => {
  await only(/^keyring .*absent\.keyring: .* is not there/, { ...proper, keyring: at('absent.keyring') });
  const open = at('open.keyring');
  writeFileSync(open, readFileSync(proper.keyring ?? '', 'utf8'));
  chmodSync(open, 0o644);
  const findings = await findingsOf({ ...proper, keyring: open });
  const warned = findings.find(({ check }) => check === 'keyringPermissions');
  assert.ok(warned?.level === 'warning' && warned.remedy === `chmod 640 ${open}`, JSON.stringify(warned));
  const key = /key = (\S+)/.exec(readFileSync(open, 'utf8'))?.[1] ?? '?';
  assert.not.ok(JSON.stringify(findings).includes(key), 'the key is told');
});

test('a key that is not the cluster’s, and a user that it does not know', async () => {
  const wrong = at('wrong.keyring');
  execFileSync('ceph-authtool', ['--create-keyring', wrong, '--gen-key', '-n', 'client.blockledger'], { stdio: 'ignore' });
  chmodSync(wrong, 0o600);
  await only(/^cluster cluster: the cluster does not let client\.blockledger in/, { ...proper, keyring: wrong });
  await only(/^cluster cluster: /, { ...proper, name: 'client.nobody' });
});

test('a user that may read but not write, or not work on one of its pools', async () => {
  const reader = user('reader', 'mon', 'profile rbd', 'osd', 'profile rbd-read-only pool=vols');
  await only(/^permissions vols: client\.reader may not work on pool vols/, reader);
  const noClasses = user('noclasses', 'mon', 'profile rbd', 'osd', 'allow rw pool=vols');
  await only(/^permissions vols: /, noClasses);
  const elsewhere = user('elsewhere', 'mon', 'profile rbd', 'osd', 'profile rbd pool=vols');
  await only(/^permissions rbd: client\.elsewhere/, elsewhere, [VOLS, { backend: 'ceph', pool: 'rbd' }]);
});

test('a pool that is absent, for nothing, of another kind, or full [S0-9]', async () => {
  const admin: RbdOptions = { conf: cluster.conf, keyring: at('keyring') };
  await only(/^pool volumes: cluster \S+ has no pool volumes/, proper, [{ backend: 'ceph', pool: 'volumes' }]);
  ceph('osd', 'pool', 'create', 'bare', '8', '8');
  await only(/^poolApplication bare: pool bare is for no application/, admin, [{ backend: 'ceph', pool: 'bare' }]);
  await only(/^poolType ecdata: pool ecdata is erasure coded/, admin, [{ backend: 'ceph', pool: 'ecdata' }]);
  ceph('osd', 'pool', 'create', 'stiff', '4', '4', 'erasure', 'one', 'allhere');
  ceph('osd', 'pool', 'application', 'enable', 'stiff', 'rbd');
  await only(/^poolType stiff: pool stiff cannot be overwritten/, admin, [{ backend: 'ceph', pool: 'vols', dataPool: 'stiff' }]);
});

test('programs that are absent, of different versions, or without setpriv', async () => {
  const path = process.env['PATH'];
  const folder = (name: string, programs: Readonly<Record<string, string>>): string => {
    mkdirSync(at(name));
    for (const [program, target] of Object.entries(programs)) {
      if (target.startsWith('/')) symlinkSync(target, at(`${name}/${program}`));
      else writeFileSync(at(`${name}/${program}`), `#!/bin/sh\n${target}\n`, { mode: 0o755 });
    }
    return at(name);
  };
  const withPath = async (value: string, run: () => Promise<void>): Promise<void> => {
    process.env['PATH'] = value;
    try {
      await run();
    } finally {
      process.env['PATH'] = path;
    }
  };
  await withPath(folder('none', {}), async () => {
    const problems = await problemsOf(proper);
    assert.equal(problems.map((problem) => problem.split(':')[0]), ['program rbd', 'program rados', 'program ceph']);
  });
  await withPath(`${folder('old', { rbd: 'echo "ceph version 12.2.1 (abc) luminous (stable)"' })}:${path ?? ''}`, async () => {
    const findings = await findingsOf(proper);
    assert.ok(findings.some((finding) => finding.check === 'versions' && finding.level === 'warning' && finding.found.includes('12.2.1')), JSON.stringify(findings));
  });
  await withPath(folder('bare', { rbd: '/usr/bin/rbd', rados: '/usr/bin/rados', 'ceph': '/usr/bin/ceph', 'ceph-conf': '/usr/bin/ceph-conf', 'python3': '/usr/bin/python3' }), async () => {
    const findings = await findingsOf(proper);
    assert.is(findings.find(({ check }) => check === 'childrenEndWithUs')?.level, 'warning');
  });
});

test('a clock that is a minute ahead is a warning, one that is an hour behind a problem', async () => {
  const ahead = await findingsOf({ ...proper, nowMs: () => Date.now() + 60_000 });
  const told = ahead.find(({ check }) => check === 'clock');
  assert.ok(told?.level === 'warning' && /this clock is (?:59|60|61) s ahead of the cluster's/.test(told.found), JSON.stringify(told));
  await only(/^clock cluster: this clock is 3\d{3} s behind/, { ...proper, nowMs: () => Date.now() - 3_600_000 });
});

test('a cluster that is paused, and one that does not answer', async () => {
  ceph('osd', 'set', 'pause');
  const paused = await problemsOf(proper);
  ceph('osd', 'unset', 'pause');
  assert.ok(paused.some((problem) => problem.startsWith('health cluster: the cluster is stopped by pause')), paused.join('\n'));
  cluster.signal('mon.a', 'SIGSTOP');
  try {
    await only(/^cluster cluster: the cluster does not answer/, proper);
  } finally {
    cluster.signal('mon.a', 'SIGCONT');
  }
});

test('an object server that does not answer is told for the pool', async () => {
  cluster.signal('osd.0', 'SIGSTOP');
  try {
    const problems = await problemsOf(proper);
    assert.ok(problems.some((problem) => problem.startsWith('permissions vols: pool vols does not answer')), problems.join('\n'));
  } finally {
    cluster.signal('osd.0', 'SIGCONT');
  }
});

test.after(cluster.stop);
test.run();
