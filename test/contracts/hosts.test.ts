/** Gateway hosts: words for a shell, one program after the other, files that are whole, and what an answer of `ssh` means. */
import { isUnreachable, localHost, shellLine, sshHost, writeFile, type Host } from '@blockledger/adapters-xdc';
import { processRunner } from '@blockledger/adapters-rbd/process';
import type { ProcessCall, ProcessResult, ProcessRunner } from '@blockledger/domain';
import fc from 'fast-check';
import * as E from 'fp-ts/lib/Either.js';
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { suite } from '../support/suite.ts';

const test = suite('gateway hosts');
const signal = new AbortController().signal;
const call = (argv: readonly string[], more: Partial<ProcessCall> = {}): ProcessCall => ({ argv, idleTimeoutMs: 5_000, signal, ...more });
const folder = mkdtempSync(join(tmpdir(), 'blockledger-hosts-'));
test.after(() => rmSync(folder, { recursive: true, force: true }));

/** Words with everything that a shell looks at; no NUL, which no argument can hold. */
const word = fc.oneof(
  fc.string({ unit: fc.constantFrom("'", '"', '\\', '$', '`', ' ', '\n', '\t', '*', '?', '!', '~', '#', '&', ';', '|', '(', ')', '<', '>', '{', '}', '-', '=', 'a', '%', 'é'), maxLength: 12 }),
  fc.string({ unit: 'binary', maxLength: 12 }).filter((text) => !text.includes('\0')),
);

test('every word reaches a program behind a shell just as it is, whatever stands in it', () => {
  fc.assert(
    fc.property(fc.array(word, { minLength: 1, maxLength: 6 }), (words) => {
      const heard = execFileSync('sh', ['-c', shellLine(['printf', '%s\\0', ...words])], { encoding: 'utf8' });
      assert.equal(heard.split('\0').slice(0, -1), words);
    }),
    { numRuns: 200 },
  );
});

test('a host with words of its own before each command line runs the rest behind them', async () => {
  const host = localHost({ prefix: ['env', 'WHERE=gw1'] });
  const answer = await host.run(call(['sh', '-c', 'echo "$WHERE $1"', 'sh', 'a b']))();
  assert.ok(E.isRight(answer));
  assert.is(answer.right.stdout, 'gw1 a b\n');
  await host.close();
});

test('programs of one host run one after the other, those that only listen beside them', async () => {
  const host = localHost();
  const file = join(folder, 'order');
  const append = (text: string) => host.run(call(['sh', '-c', `echo begin ${text} >> "$1"; sleep 0.05; echo end ${text} >> "$1"`, 'sh', file]))();
  const listening = host.aside(call(['sh', '-c', 'while ! grep -q "end b" "$1"; do sleep 0.02; done', 'sh', file]))();
  await Promise.all([append('a'), append('b')]);
  assert.is(readFileSync(file, 'utf8'), 'begin a\nend a\nbegin b\nend b\n');
  const heard = await listening;
  assert.is(E.isRight(heard) && heard.right.exitCode, 0);
  await host.close();
});

test('a closed host runs nothing more', async () => {
  const host = localHost();
  const running = host.run(call(['sleep', '30'], { idleTimeoutMs: 60_000 }))();
  const waiting = host.run(call(['true']))();
  await host.close();
  for (const answer of [await running, await waiting, await host.run(call(['true']))()]) assert.is(E.isLeft(answer) && answer.left._tag, 'Cancelled');
});

test('a name that could lead out of a path is no name for a host', () => {
  for (const name of ['', '..', 'a/b', '-x', 'a b', 'x'.repeat(64)]) assert.throws(() => localHost({ name }), /no name for a host/);
});

test('a file is written whole, for its owner alone, in a folder that is made for it', async () => {
  const host = localHost();
  const path = join(folder, 'new folder', 'keepalived.conf');
  for (const text of ['first\n', "it's é $HOME\n", '']) {
    const answer = await writeFile(host, { path, text }, signal)();
    assert.ok(E.isRight(answer), JSON.stringify(answer));
    assert.is(readFileSync(path, 'utf8'), text);
    assert.is(statSync(path).mode & 0o777, 0o600);
  }
  await writeFile(host, { path, text: '#!/bin/sh\n', mode: '755' }, signal)();
  assert.is(statSync(path).mode & 0o777, 0o755);
  assert.equal(readdirSync(join(folder, 'new folder')), ['keepalived.conf']);
  await host.close();
});

test('a file of which only a part arrived does not take the place of the old one', async () => {
  const real = processRunner();
  const cutting: ProcessRunner = (asked) => real({ ...asked, ...(asked.stdin === undefined ? {} : { stdin: String(asked.stdin).slice(0, 3) }) });
  const path = join(folder, 'cut');
  await writeFile(localHost(), { path, text: 'the old one' }, signal)();
  const answer = await writeFile(localHost({ run: cutting }), { path, text: 'the new one' }, signal)();
  assert.ok(E.isLeft(answer) && answer.left.code === 'CannotWrite', JSON.stringify(answer));
  assert.is(readFileSync(path, 'utf8'), 'the old one');
  assert.equal(readdirSync(folder).filter((name) => name.startsWith('cut.')), [], 'nothing is left behind');
});

test('a file that cannot be written is an error that says why, without what was to be written', async () => {
  const answer = await writeFile(localHost(), { path: '/proc/blockledger/x', text: '1qaz2wsx3edc' }, signal)();
  assert.ok(E.isLeft(answer) && answer.left.message.includes('/proc/blockledger'), JSON.stringify(answer));
  assert.not.match(JSON.stringify(answer), '1qaz2wsx3edc');
});

/** An `ssh` that hands its last word to a shell here, as a server does with it there. */
const shellInsteadOfSsh = (seen: ProcessCall[] = []): ProcessRunner => {
  const real = processRunner();
  return (asked) => {
    seen.push(asked);
    return real({ ...asked, argv: ['sh', '-c', asked.argv.at(-1) ?? ''] });
  };
};
const answering = (result: Partial<ProcessResult>): ProcessRunner => () => () => Promise.resolve(E.right({ exitCode: 0, stdout: '', stderr: '', ...result }));
const sshTo = (run: ProcessRunner): Host => sshHost({ name: 'gw1', host: '192.0.2.1', run, commandTimeoutMs: 2_000 });

test('what goes to a remote shell is one command line: its words, its environment, its input, its end and its exit code come through', async () => {
  const host = sshTo(shellInsteadOfSsh());
  const argv = ['sh', '-c', 'cat; printf "%s|" "$@" "$WHERE" "$PWD"', 'sh', "it's", '$HOME', '', 'a\nb'];
  const answer = await host.run(call(argv, { env: { WHERE: 'a b;$(id)' }, stdin: 'in ' }))();
  assert.is(E.isRight(answer) && answer.right.stdout, `in it's|$HOME||a\nb|a b;$(id)|${process.cwd()}|`);
  const three = await host.run(call(['sh', '-c', 'exit 3']))();
  assert.is(E.isRight(three) && three.right.exitCode, 3);
  await host.close();
});

test('a program that ends with the code of a failing ssh is not taken for one [I-20]', async () => {
  const answer = await sshTo(shellInsteadOfSsh()).run(call(['sh', '-c', 'exit 255']))();
  assert.is(E.isRight(answer) && answer.right.exitCode, 254);
});

test('a program ends on the remote side after its time, also when nobody waits for it', async () => {
  const answer = await sshTo(shellInsteadOfSsh()).run(call(['sleep', '30'], { idleTimeoutMs: 1_000 }))();
  assert.ok(E.isLeft(answer) && answer.left._tag === 'Retryable' && answer.left.code === 'IdleTimeout' && answer.left.outcomeUnknown, JSON.stringify(answer));
});

test('a program that is not there is named, and is no unreachable host', async () => {
  const answer = await sshTo(shellInsteadOfSsh()).run(call(['no-such-tgtadm']))();
  assert.ok(E.isLeft(answer) && answer.left.code === 'ProgramMissing' && answer.left.message.includes('no-such-tgtadm'), JSON.stringify(answer));
});

const FAULTS = [
  ['ssh: connect to host 192.0.2.1 port 22: Connection refused', 'Retryable', 'HostUnreachable', false],
  ['ssh: connect to host 192.0.2.1 port 22: Connection timed out', 'Retryable', 'HostUnreachable', false],
  ['ssh: Could not resolve hostname gw9: Name or service not known', 'Retryable', 'HostUnreachable', false],
  ['Timeout, server 192.0.2.1 not responding.', 'Retryable', 'HostUnreachable', true],
  ['Connection to 192.0.2.1 closed by remote host.', 'Retryable', 'HostUnreachable', true],
  ['', 'Retryable', 'HostUnreachable', true],
  ['Host key verification failed.', 'Permanent', 'HostKeyUnknown', undefined],
  ['root@192.0.2.1: Permission denied (publickey).', 'Permanent', 'HostRefusesUs', undefined],
] as const;

for (const [stderr, tag, code, outcomeUnknown] of FAULTS) {
  test(`ssh that ends with "${stderr}" means ${code}${outcomeUnknown === true ? ', and what was asked may have been done' : ''} [I-20]`, async () => {
    const answer = await sshTo(answering({ exitCode: 255, stderr: `${stderr}\r\n` })).run(call(['tgtadm']))();
    assert.ok(E.isLeft(answer));
    assert.equal([answer.left._tag, answer.left.code, answer.left._tag === 'Retryable' ? answer.left.outcomeUnknown : undefined], [tag, code, outcomeUnknown]);
    assert.is(isUnreachable(answer.left), code === 'HostUnreachable');
  });
}

test('an ssh that falls silent is a host that does not answer [I-20]', async () => {
  const silent: ProcessRunner = () => () => Promise.resolve(E.left({ _tag: 'Retryable', code: 'IdleTimeout', message: 'ssh', outcomeUnknown: true }));
  const answer = await sshTo(silent).run(call(['tgtadm']))();
  assert.ok(E.isLeft(answer) && isUnreachable(answer.left) && answer.left._tag === 'Retryable' && answer.left.outcomeUnknown);
});

test('ssh asks nobody, takes no unknown key, offers the one identity, and what is secret is not among its words', async () => {
  const seen: ProcessCall[] = [];
  const run: ProcessRunner = (asked) => shellInsteadOfSsh(seen)(asked);
  const host = sshHost({ host: 'gw1.example', port: 2222, user: 'storage', identity: '/k', knownHosts: '/h', prefix: ['env'], run });
  await writeFile(host, { path: join(folder, 'secret'), text: '1qaz2wsx3edc' }, signal)();
  const words = seen[0]?.argv ?? [];
  for (const word of ['BatchMode=yes', 'StrictHostKeyChecking=yes', 'UserKnownHostsFile=/h', 'IdentitiesOnly=yes', '/k', '2222', 'storage', 'gw1.example']) assert.ok(words.includes(word), word);
  assert.not.match(words.join(' '), '1qaz2wsx3edc');
  assert.is(readFileSync(join(folder, 'secret'), 'utf8'), '1qaz2wsx3edc');
  await host.close();
});

test('the folder of the shared connection is ours alone, and is gone when the host is closed', async () => {
  const seen: ProcessCall[] = [];
  const host = sshTo(shellInsteadOfSsh(seen));
  await host.run(call(['true']))();
  const sockets = join(/ControlPath=(.*)/.exec(seen[0]?.argv.find((word) => word.startsWith('ControlPath=')) ?? '')?.[1] ?? '', '..');
  assert.is(statSync(sockets).mode & 0o777, 0o700);
  await host.close();
  assert.throws(() => chmodSync(sockets, 0o700), /ENOENT/);
});

test.run();
