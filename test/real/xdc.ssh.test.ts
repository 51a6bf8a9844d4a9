/** Targets of XDC on a host behind a real `sshd`, where `xdcadm` is the simulator as a program. */
import { sshHost, xdcTargets } from '@blockledger/adapters-xdc';
import type { Bytes, TargetBackend } from '@blockledger/domain';
import * as E from 'fp-ts/lib/Either.js';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { repositoryRoot } from '../support/files.ts';
import { requireReal } from '../support/real.ts';
import { realSshd, startSshd, type RealSshd } from '../support/sshd.ts';
import { suite } from '../support/suite.ts';
import { context, ensuring, lun, SECRETS, target } from '../support/xdc.ts';

requireReal(realSshd);

const test = suite('XDC on a host behind a real sshd');

const folder = mkdtempSync(join(tmpdir(), 'blockledger-xdc-ssh-'));
const [state, xdcadm] = [join(folder, 'state.json'), join(folder, 'xdcadm')];
const backends: TargetBackend[] = [];
let server: RealSshd;

/** A backend that knows nothing of what another one did. */
const open = (): TargetBackend => {
  const { port, user, identity, knownHosts } = server;
  const backend = xdcTargets({ hosts: [sshHost({ name: 'gw1', host: '127.0.0.1', port, user, identity, knownHosts })], xdcadm });
  backends.push(backend);
  return backend;
};
const errorOf = (answer: E.Either<{ readonly _tag: string; readonly code: string; readonly message: string }, unknown>) => {
  assert.ok(E.isLeft(answer), 'it succeeded');
  return answer.left;
};

/** The gateway's `xdcadm`, compiled, since a checkout would compile it anew for each call. */
const install = (before = ''): void => {
  const main = join(repositoryRoot, 'packages/adapters-xdc/dist/simulator/xdcadm/main.js');
  writeFileSync(xdcadm, `#!/bin/sh\n${before}\nXDCADM_SIMULATOR_STATE=${state} exec ${process.execPath} ${main} "$@"\n`, { mode: 0o755 });
};

test.before(() => void execFileSync(process.execPath, ['node_modules/typescript/bin/tsc', '-b', 'packages/adapters-xdc'], { cwd: repositoryRoot }));
test.after(() => rmSync(folder, { recursive: true }));
test.before.each(async () => {
  rmSync(state, { force: true });
  install();
  server = await startSshd();
});
test.after.each(async () => {
  for (const backend of backends.splice(0)) await backend.close();
  await server.stop();
});

/** The command lines of all processes of this machine but the one that is given a secret as its word, as long as it lasts. */
const commandLines = (): string =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && existsSync(`/proc/${name}/cmdline`))
    .map((name) => {
      try {
        return readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ');
      } catch {
        return '';
      }
    })
    .filter((line) => !line.includes('/simulator/xdcadm/main.js') && !line.includes(`/bin/sh ${xdcadm} `))
    .join('\n');

test('a target is made, seen, grown and taken away over a real ssh, its secrets whole and on no command line of ours [X-2, X-3, S0-86, S0-87, S0-92]', async () => {
  const backend = open();
  let watched = '';
  const watching = setInterval(() => {
    watched += commandLines();
  }, 5);
  const made = await backend.perform(ensuring(), context)();
  clearInterval(watching);
  assert.ok(E.isRight(made), JSON.stringify(made));
  assert.match(watched, 'ssh');
  for (const secret of [SECRETS.storage, SECRETS.prover]) {
    assert.not.match(watched, secret);
    assert.match(readFileSync(state, 'utf8'), `"password":"${secret}"`);
  }
  const grown = { ...lun(0), sizeBytes: 21_474_836_480 as Bytes };
  assert.ok(E.isRight(await open().perform(ensuring({ luns: [grown, lun(1)] }), context)()));
  const seen = await open().see(target(), context)();
  assert.ok(E.isRight(seen));
  assert.equal(seen.right?.luns.map(({ lun: number, sizeBytes }) => [number, sizeBytes]), [[0, 21_474_836_480], [1, 10_737_418_240]]);
  assert.equal(seen.right?.clients.map(({ code, luns, mutualUser }) => [code, luns, mutualUser]), [['10.255.101.73', [0], 'prover'], ['iqn.1994-05.com.redhat:9f2838fc926e', [0, 1], undefined]]);
  assert.ok(E.isRight(await backend.perform({ do: 'ensureTargetGone', target: target(), force: false }, context)()));
  assert.equal(await open().list({ backend: 'xdc', host: 'gw1' }, context)(), E.right([]));
});

test('calls for one gateway come to it one after the other, whoever asks [X-1]', async () => {
  const busy = join(folder, 'busy');
  install(`mkdir ${busy} || { echo 'two calls at once' >&2; exit 7; }; trap 'rmdir ${busy}' EXIT; sleep 0.05; "$0.real" "$@"; exit $?`);
  writeFileSync(`${xdcadm}.real`, `#!/bin/sh\nXDCADM_SIMULATOR_STATE=${state} exec ${process.execPath} ${join(repositoryRoot, 'packages/adapters-xdc/dist/simulator/xdcadm/main.js')} "$@"\n`, { mode: 0o755 });
  const backend = open();
  const one = (number: number) => backend.perform(ensuring({ luns: [], clients: [] }, { target: target(number) }), context)();
  const answers = await Promise.all([one(1), one(2), backend.list({ backend: 'xdc', host: 'gw1' }, context)(), one(3)]);
  assert.equal(answers.filter(E.isLeft), []);
  const listed = await backend.list({ backend: 'xdc', host: 'gw1' }, context)();
  assert.is(E.isRight(listed) && listed.right.length, 3);
});

test('a gateway that is away is told apart from one that refuses and from one without xdcadm [I-20, X-1]', async () => {
  assert.ok(E.isRight(await open().perform(ensuring({}, { target: target(1) }), context)()));
  const taken = errorOf(await open().perform(ensuring({}, { target: target(2, { iqn: target(1).iqn }) }), context)());
  assert.equal([taken._tag, taken.code], ['Mismatch', 'ForeignTarget']);
  install("echo 'xdcadm: no' >&2; exit 1");
  const refused = errorOf(await open().perform(ensuring({}, { target: target(3) }), context)());
  assert.is(refused.code, 'Refused');
  assert.match(refused.message, 'xdcadm: no');
  rmSync(xdcadm);
  assert.equal(errorOf(await open().see(target(), context)()).code, 'ProgramMissing');
  const last = open();
  await server.stop();
  const away = errorOf(await last.perform(ensuring(), context)());
  assert.equal([away._tag, away.code], ['Retryable', 'HostUnreachable']);
  server = await startSshd();
});

test.run();
