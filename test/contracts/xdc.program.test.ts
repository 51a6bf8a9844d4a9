/** The contract of target backends over XDC where `xdcadm` is a program: the simulator as an executable, on a local host. */
import { localHost, sshHost, xdcTargets } from '@blockledger/adapters-xdc';
import type { LunSource, Portal, ProcessRunner, SerialNumber, VolumeId, VolumeRef } from '@blockledger/domain';
import { targetBackendContract } from '@blockledger/domain/testing';
import { processRunner } from '@blockledger/adapters-rbd/process';
import * as E from 'fp-ts/lib/Either.js';
import { execFileSync } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { repositoryRoot } from '../support/files.ts';
import { suite } from '../support/suite.ts';
import { context, ensuring, SECRETS, target } from '../support/xdc.ts';

const test = suite('xdcadm as a program');

const folder = mkdtempSync(join(tmpdir(), 'blockledger-xdc-'));
test.after(() => rmSync(folder, { recursive: true, force: true }));
const program = join(repositoryRoot, 'packages/adapters-xdc/bin/xdcadm-simulator.js');
/** What the executable starts in a package. In a checkout it compiles itself each time, which takes too long for some hundred calls. */
const compiled = [process.execPath, join(repositoryRoot, 'packages/adapters-xdc/dist/simulator/xdcadm/main.js')];
test.before(() => void execFileSync(process.execPath, ['node_modules/typescript/bin/tsc', '-b', 'packages/adapters-xdc'], { cwd: repositoryRoot }));

let lastState = 0;
const freshState = (): string => join(folder, `state-${(lastState += 1)}.json`);
let lastPort = 13_000;

/**
 * A process for each call makes the whole contract a matter of minutes: that is for CI, and even there not the cuts after each of fifty calls.
 * The contract in process has everything.
 */
const isWhole = process.env['BLOCKLEDGER_REAL'] === 'required';
const SOME = ['a target is made with', 'doing it again', 'are added, and what is too much', 'a target goes with all', 'the list of a host'];
const isMeant = (name: string): boolean => (isWhole ? !name.includes('cut off') : SOME.some((part) => name.includes(part)));

targetBackendContract(
  (name, run) => void (isMeant(name) && test(name, run)),
  () => {
    const host = localHost({ name: 'gw1', prefix: ['env', `XDCADM_SIMULATOR_STATE=${freshState()}`] });
    const run: ProcessRunner = (call) => host.run({ ...call, argv: call.argv.flatMap((word) => (word === 'xdcadm' ? compiled : [word])) });
    const backend = xdcTargets({ hosts: [{ ...host, run }] });
    return Promise.resolve({
      backend,
      place: { backend: 'xdc', host: 'gw1' },
      makeVolume: (): Promise<VolumeRef> =>
        Promise.resolve({ placement: { backend: 'ceph', pool: 'vols' }, volumeId: randomUUID() as VolumeId, serial: randomBytes(8).toString('hex') as SerialNumber }),
      growVolume: () => Promise.resolve(),
      sourceOf: ({ placement: { pool }, volumeId }): LunSource => ({ kind: 'rbd', pool, image: `volume-${volumeId}` }),
      freshPortal: (): Portal => ({ ip: '10.77.0.1', port: (lastPort += 1) }),
      dispose: () => backend.close(),
    });
  },
);

test('the executable keeps what its host holds in a file for its owner alone, and a second process goes on with it [X-1, S0-92]', async () => {
  const file = freshState();
  const open = () => xdcTargets({ hosts: [localHost({ name: 'gw1', prefix: ['env', `XDCADM_SIMULATOR_STATE=${file}`] })], xdcadm: program });
  const done = await open().perform(ensuring({ clients: [], luns: [] }), context)();
  assert.ok(E.isRight(done), JSON.stringify(done));
  assert.is(statSync(file).mode & 0o777, 0o600);
  assert.ok(readFileSync(file, 'utf8').includes(SECRETS.storage));
  const seen = await open().see(target(), context)();
  assert.ok(E.isRight(seen) && seen.right?.portals.length === 1);
});

test('behind ssh a secret is on no command line of this machine, and comes whole to the program there [S0-92, I-24]', async () => {
  const file = freshState();
  const sent: (readonly string[])[] = [];
  // In the place of ssh: the words for the remote shell go to a shell here, as sshd would hand them on.
  const run: ProcessRunner = (call) => {
    sent.push(call.argv);
    return processRunner()({ ...call, argv: ['env', `XDCADM_SIMULATOR_STATE=${file}`, 'sh', '-c', call.argv.at(-1) ?? ''] });
  };
  const backend = xdcTargets({ hosts: [sshHost({ name: 'gw1', host: '192.0.2.1', run })], xdcadm: program });
  const done = await backend.perform(ensuring({ clients: [], luns: [] }), context)();
  assert.ok(E.isRight(done), JSON.stringify(done));
  assert.ok(sent.length > 5);
  for (const secret of Object.values(SECRETS)) assert.not.ok(JSON.stringify(sent).includes(secret));
  assert.ok(readFileSync(file, 'utf8').includes(`"password":"${SECRETS.storage}"`));
});

test('without a file to keep things in, the executable says what it needs, and a program that is missing is told so [X-1]', async () => {
  const call = (argv: readonly string[]) => localHost().run({ argv, idleTimeoutMs: 10_000, signal: context.signal })();
  const answer = await call(['env', '-u', 'XDCADM_SIMULATOR_STATE', program, '-L', 'at', '-m', 'at', '-o', 'show']);
  assert.ok(E.isRight(answer) && answer.right.exitCode === 1 && answer.right.stderr.includes('XDCADM_SIMULATOR_STATE'));
  const backend = xdcTargets({ hosts: [localHost({ name: 'gw1' })], xdcadm: 'no-such-xdcadm' });
  const missing = await backend.see(target(), context)();
  assert.ok(E.isLeft(missing) && missing.left.code === 'ProgramMissing', JSON.stringify(missing));
});

test.run();
