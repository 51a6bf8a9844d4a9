/** The laboratory of gateways, as a person has it: lines are pasted, a cable is pulled, Ctrl-C is pressed, and worse. */
import { execFile } from 'node:child_process';
import { closeSync, existsSync, openSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { setTimeout as later } from 'node:timers/promises';
import * as assert from 'uvu/assert';
import { repositoryRoot } from '../support/files.ts';
import { gatewayParts } from '../support/gateways.ts';
import { startOnTerminal, startProgram, type Program } from '../support/program.ts';
import { requireReal } from '../support/real.ts';
import { runtimeFolder } from '../support/runtimeFolder.ts';
import { suite } from '../support/suite.ts';
import { realTerminal } from '../support/terminal.ts';

for (const part of [...gatewayParts, realTerminal]) requireReal(part);
const test = suite('the laboratory of gateways');

const labs: Program[] = [];
/** A laboratory that a test leaves behind where it fails, ends before the next one. */
const following = (lab: Program): Program => {
  labs.push(lab);
  return lab;
};
/** Namespaces that a test looks for. */
const held: number[] = [];
test.after.each(async () => {
  for (const lab of labs.splice(0)) await lab.stop('SIGTERM');
  for (const namespace of held.splice(0)) closeSync(namespace);
});

const RUN = 'test/lab/iscsi/run.ts';
const UP_MS = 180_000;

/** Runs a line in another terminal; what it says, on both streams. */
const paste = (line: string): Promise<string> =>
  new Promise((resolve) => {
    execFile('bash', ['-c', line], { cwd: repositoryRoot, env: { ...process.env, XDG_RUNTIME_DIR: runtimeFolder }, timeout: 60_000 }, (error, stdout, stderr) => resolve(`${stdout}${stderr}${error === null ? '' : `(ended with ${String(error.code)})`}`));
  });

const until = async (what: string, isSo: () => boolean | Promise<boolean>): Promise<void> => {
  for (const end = Date.now() + 90_000; !(await isSo()); await later(100)) if (Date.now() > end) throw new Error(`it still is not so: ${what}`);
};

const readable = (read: () => string): string => {
  try {
    return read();
  } catch {
    return '';
  }
};
const namespaceOf = (pid: string | number, kind: 'pid' | 'mnt'): string => readable(() => readlinkSync(`/proc/${pid}/ns/${kind}`));
const processes = (): readonly string[] => readdirSync('/proc').filter((name) => /^\d+$/.test(name));
const childrenOf = (pid: string): readonly string[] => readable(() => readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')).split(' ').filter((child) => child !== '');

/** The first process of the laboratory below a process of ours. */
const firstBelow = async (pid: number): Promise<string> => {
  const look = (at: string): string | undefined => (namespaceOf(at, 'pid') === namespaceOf('self', 'pid') ? childrenOf(at).map(look).find((found) => found !== undefined) : at);
  let found: string | undefined;
  await until('it has namespaces of its own', () => (found = look(String(pid))) !== undefined);
  return found ?? '';
};

/** What there is of a laboratory; `pid` is its first process. */
const tracesOf = (pid: string): (() => Promise<readonly string[]>) => {
  // Held, since the number of a namespace that is gone is the next one's: another test's process would count as ours.
  held.push(openSync(`/proc/${pid}/ns/pid`, 'r'), openSync(`/proc/${pid}/ns/mnt`, 'r'));
  const [ofPids, ofMounts] = [namespaceOf(pid, 'pid'), namespaceOf(pid, 'mnt')];
  const isOurs = (file: string): boolean => /^(?:lab|bl-gw|blockledger-ceph)/.test(file);
  const filesBefore = new Set(readdirSync(tmpdir()));
  return async () => [
    ...processes().filter((one) => namespaceOf(one, 'pid') === ofPids || namespaceOf(one, 'mnt') === ofMounts).map((one) => `process ${one} ${readable(() => readFileSync(`/proc/${one}/cmdline`, 'utf8').replaceAll('\0', ' '))}`),
    ...(await paste('ip netns list')).split('\n').filter((name) => name.startsWith('lab-')).map((name) => `namespace ${name}`),
    ...(await paste('ip -o link')).split('\n').filter((link) => /\bv(?:gw1|gw2|client)\b/.test(link)),
    ...readFileSync('/proc/self/mountinfo', 'utf8').split('\n').filter((mount) => / tmpfs lab /.test(mount) || mount.includes('/lab')),
    ...['/dev/shm/lab'].filter((path) => existsSync(path)),
    ...readdirSync(tmpdir()).filter((file) => isOurs(file) && !filesBefore.has(file)),
    ...readdirSync(runtimeFolder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.json')),
  ];
};

/** The line below what it is for. */
const lineFor = (lab: Program, what: RegExp): string => {
  const lines = lab.output().split(/\r?\n/);
  const at = lines.findIndex((line) => line.startsWith('# ') && what.test(line));
  assert.ok(at > 0, `${String(what)} in ${lab.output()}`);
  return lines[at + 1] ?? '';
};

const GREETING = /Hello\.from\.a\.vol|Hello from a vol/;

test('somebody pastes the lines that it shows, reads with CHAP by the virtual IP, pulls a cable, reads again, and Ctrl-C leaves nothing [S0-67, S0-86, S0-93, S0-134, R-14, I-21]', async () => {
  const started = Date.now();
  const lab = following(startOnTerminal('npm run -s lab:iscsi -- --port 0'));
  await lab.says(/Ctrl-C ends all of it/, UP_MS);
  console.log(`\nmeasured: the laboratory is up after ${((Date.now() - started) / 1_000).toFixed(1)} s`);
  const [, first = ''] = /nsenter -at (\d+)/.exec(lab.output()) ?? [];
  const left = tracesOf(first);
  assert.ok((await left()).some((trace) => trace.includes('tgtd')), 'what is looked for can be found');
  const [read, show] = [lineFor(lab, /^# Read what stands/), lineFor(lab, /Draw the access path/)];
  const master = (host: string) => async (): Promise<boolean> => (await paste(show)).includes(`MASTER on ${host}`);

  assert.match(await paste(read), GREETING);
  assert.match(await paste(read.replace('twelve-chars', 'another-secret')), /Authentication failure/);
  assert.match(await paste(lineFor(lab, /Write something/)), /wrote 4096\/4096[\s\S]*42 42 42 42/);
  assert.match(await paste(lineFor(lab, /who it is/)), /Vendor:\s*BLKLEDGR/);
  assert.match(await paste(show), /access path 1 front: active[\s\S]*target on gw1[\s\S]*target on gw2[\s\S]*LUN 0/);
  await until('gw1 is master', master('gw1'));

  assert.is(await paste(lineFor(lab, /Pull the cable/)), '');
  const pulled = Date.now();
  await until('gw2 is master', master('gw2'));
  assert.match(await paste(read), GREETING);
  assert.match(await paste(lineFor(lab, /Write something/)), /wrote 4096\/4096[\s\S]*42 42 42 42/);
  console.log(`\nmeasured: a cable pulled, and written again after ${((Date.now() - pulled) / 1_000).toFixed(1)} s`);

  assert.is(await paste(lineFor(lab, /Put it back/)), '');
  await until('gw1 is master again', master('gw1'));
  assert.match(await paste(lineFor(lab, /Write something/)), /wrote 4096\/4096[\s\S]*42 42 42 42/);

  assert.is(await paste(lineFor(lab, /in order/)), '');
  // It is back within seconds: faster than a command line is started on a busy machine, so it is looked at on the host.
  await until('gw2 has the address', async () => (await paste(`nsenter -at ${first} ip -n lab-gw2 -4 -o addr`)).includes(' 10.77.0.128/'));
  assert.match(await paste(lineFor(lab, /what happened/)), /virtual IP/i);
  assert.match(await paste(lineFor(lab, /image open/)), /watcher=/);

  const pressed = Date.now();
  lab.child.stdin?.write('\u0003');
  assert.is(await lab.ended, 0, lab.output());
  assert.match(lab.output(), /everything is gone/);
  console.log(`\nmeasured: Ctrl-C to nothing: ${((Date.now() - pressed) / 1_000).toFixed(1)} s`);
  assert.equal(await left(), []);
});

test('SIGTERM while it comes up ends it, and leaves nothing', async () => {
  const lab = following(startProgram([RUN, '--port', '0']));
  await lab.says(/Blockledger, with the cluster/, UP_MS);
  const left = tracesOf(await firstBelow(lab.pid));
  assert.ok((await left()).some((trace) => trace.includes('ceph-osd')));
  assert.is(await lab.stop('SIGTERM'), 130, lab.errors());
  assert.equal(await left(), []);
});

test('one Ctrl-C, which npm passes on, arrives twice and is one; a second one ends what hangs, and all of it is gone then', async () => {
  const lab = following(startProgram([RUN, '--port', '0']));
  await lab.says(/vip-group create/, UP_MS);
  const first = await firstBelow(lab.pid);
  const left = tracesOf(first);
  const inside = childrenOf(first).find((child) => readFileSync(`/proc/${child}/cmdline`, 'utf8').includes('inside.ts'));
  process.kill(Number(inside), 'SIGSTOP');
  for (const signal of ['SIGINT', 'SIGINT'] as const) lab.child.kill(signal);
  await later(1_500);
  assert.is(lab.child.exitCode, null);
  lab.child.kill('SIGINT');
  assert.is(await lab.ended, 130, lab.errors());
  assert.equal(await left(), []);
});

test('a kill -9 of it leaves nothing, either', async () => {
  const lab = following(startProgram([RUN, '--port', '0']));
  await lab.says(/vip-group create/, UP_MS);
  const left = tracesOf(await firstBelow(lab.pid));
  assert.ok((await left()).some((trace) => trace.includes('tgtd')));
  assert.is(await lab.stop('SIGKILL'), 'SIGKILL');
  await until('everything is gone', async () => (await left()).length === 0);
});

test('it ends when whoever started it has died without a word', async () => {
  const parent = startProgram(['-e', `require('node:child_process').spawn(process.execPath, ['--conditions=@blockledger/source', '--import', 'tsx', '${RUN}', '--port', '0'], { stdio: 'inherit' })`]);
  await parent.says(/volume create/, UP_MS);
  const left = tracesOf(await firstBelow(parent.pid));
  assert.ok((await left()).some((trace) => trace.includes('ceph-mon')));
  parent.child.kill('SIGKILL');
  await until('everything is gone', async () => (await left()).length === 0);
});

test('what it cannot do ends it with the reason, and leaves nothing', async () => {
  const lab = startProgram([RUN, '--port', '99999']);
  assert.is(await lab.ended, 1);
  assert.match(lab.errors(), /it does not come up: --port must be a port/);
  assert.is(existsSync('/dev/shm/lab'), false);
});

test('without root it says so, and without its packages it says how to get them', async () => {
  const nobody = startProgram([RUN], { prefix: ['unshare', '--user', '--map-user=1000'] });
  assert.is(await nobody.ended, 77);
  assert.match(nobody.errors(), /only root may: sudo npm run lab:iscsi/);
  const bare = startProgram([RUN], { env: { PATH: '/nowhere' } });
  assert.is(await bare.ended, 69);
  assert.match(bare.errors(), /apt-get install --no-install-recommends ceph-mon .*tgt tgt-rbd .*keepalived .*util-linux/);
});

test.run();
