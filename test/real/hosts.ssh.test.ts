/** Hosts behind a real `sshd`: words, files, exit codes, one connection for many commands, and hosts that do not answer. */
import { isUnreachable, sshHost, writeFile, type Host, type SshHostOptions } from '@blockledger/adapters-xdc';
import type { ProcessCall } from '@blockledger/domain';
import fc from 'fast-check';
import * as E from 'fp-ts/lib/Either.js';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { requireReal } from '../support/real.ts';
import { realSshd, startSshd, type RealSshd } from '../support/sshd.ts';
import { suite } from '../support/suite.ts';

requireReal(realSshd);

const test = suite('hosts behind a real sshd');
const signal = new AbortController().signal;
const call = (argv: readonly string[], more: Partial<ProcessCall> = {}): ProcessCall => ({ argv, idleTimeoutMs: 5_000, signal, ...more });
const hosts: Host[] = [];
let server: RealSshd;
const reach = (more: Partial<SshHostOptions> = {}): Host => {
  const { port, user, identity, knownHosts } = server;
  const host = sshHost({ name: 'gw1', host: '127.0.0.1', port, user, identity, knownHosts, ...more });
  hosts.push(host);
  return host;
};
const codeOf = (answer: E.Either<{ readonly code: string }, { readonly exitCode: number }>): string | number => (E.isLeft(answer) ? answer.left.code : answer.right.exitCode);

test.before.each(async () => {
  server = await startSshd();
});
test.after.each(async () => {
  for (const host of hosts.splice(0)) await host.close();
  await server.stop();
});

test('words, input and exit codes come through a real ssh, and no banner stands among what a program says', async () => {
  const host = reach();
  await fc.assert(
    fc.asyncProperty(fc.array(fc.string({ unit: fc.constantFrom("'", '"', '\\', '$', '`', ' ', '\n', '*', ';', '|', '-', 'a', 'é'), maxLength: 8 }), { minLength: 1, maxLength: 4 }), async (words) => {
      const answer = await host.run(call(['printf', '%s\\0', ...words]))();
      assert.ok(E.isRight(answer));
      assert.equal([answer.right.stdout.split('\0').slice(0, -1), answer.right.stderr], [words, '']);
    }),
    { numRuns: 25 },
  );
  assert.is(codeOf(await host.run(call(['sh', '-c', 'cat >&2; exit 22'], { stdin: 'tgtadm: invalid request\n' }))()), 22);
  assert.is(codeOf(await host.run(call(['sh', '-c', 'exit 255']))()), 254);
});

test('many commands go over one connection', async () => {
  const host = reach();
  const connections = async (): Promise<string> => {
    const answer = await host.run(call(['sh', '-c', 'echo "$SSH_CONNECTION"']))();
    return E.isRight(answer) ? answer.right.stdout : JSON.stringify(answer.left);
  };
  const first = await connections();
  assert.match(first, '127.0.0.1');
  assert.is(await connections(), first);
});

test('a file is written whole over ssh', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'blockledger-ssh-'));
  const text = `it's secret\n${'x'.repeat(300_000)}`;
  assert.ok(E.isRight(await writeFile(reach(), { path: join(folder, 'a file'), text }, signal)()));
  assert.is(readFileSync(join(folder, 'a file'), 'utf8'), text);
  rmSync(folder, { recursive: true });
});

test('a host with another key than the known one is refused, and nothing is sent to it', async () => {
  const other = readFileSync(`${server.makeKey('other')}.pub`, 'utf8');
  const answer = await reach({ knownHosts: server.knowing('wrong', other) }).run(call(['true']))();
  assert.is(codeOf(answer), 'HostKeyUnknown');
  assert.is(codeOf(await reach({ knownHosts: '/dev/null' }).run(call(['true']))()), 'HostKeyUnknown');
});

test('a host that does not know our key says so, and is not unreachable', async () => {
  assert.is(codeOf(await reach({ identity: server.makeKey('stranger') }).run(call(['true']))()), 'HostRefusesUs');
});

test('a host where nobody listens is unreachable, and nothing was done there [I-20]', async () => {
  const answer = await reach({ port: 1 }).run(call(['true']))();
  assert.ok(E.isLeft(answer) && isUnreachable(answer.left) && answer.left._tag === 'Retryable' && !answer.left.outcomeUnknown, JSON.stringify(answer));
});

test('a host that dies while a program runs is unreachable, and what was asked may have been done [I-20]', async () => {
  const host = reach();
  const running = host.run(call(['sh', '-c', 'echo begun >&2; sleep 20'], { idleTimeoutMs: 20_000, onStderr: () => void server.stop() }))();
  const answer = await running;
  assert.ok(E.isLeft(answer) && isUnreachable(answer.left) && answer.left._tag === 'Retryable' && answer.left.outcomeUnknown, JSON.stringify(answer));
  server = await startSshd();
});

test('a program that takes too long is ended on the remote side', async () => {
  const host = reach({ commandTimeoutMs: 1_000 });
  assert.is(codeOf(await host.run(call(['sleep', '7.4321'], { idleTimeoutMs: 60_000 }))()), 'IdleTimeout');
  const left = await host.run(call(['sh', '-c', 'grep -lx "sleep.7.4321." /proc/[0-9]*/cmdline 2>/dev/null; true']))();
  assert.is(E.isRight(left) && left.right.stdout, '');
});

test.run();
