/** The target backend contract over real daemons of tgt, with a real initiator. */
import { sshHost } from '@blockledger/adapters-xdc';
import { targetBackendContract, type TargetBackendUnderTest } from '@blockledger/domain/testing';
import { loginHere } from '../support/initiator.ts';
import { requireReal } from '../support/real.ts';
import { realSshd, startSshd, type RealSshd } from '../support/sshd.ts';
import { suite } from '../support/suite.ts';
import { deadHost, realTgt, realTgtOn } from '../support/tgt.ts';

requireReal(realTgt);
requireReal(realSshd);

const test = suite('tgt, over files');
targetBackendContract(test, () => {
  const { backend, makeFile, growFile, sourceOf, freshPortal, crash, dispose } = realTgtOn({ hosts: [deadHost()] });
  const given: TargetBackendUnderTest = {
    backend,
    place: { backend: 'tgt', host: 'gw1' },
    unreachable: { backend: 'tgt', host: 'dead' },
    makeVolume: (sizeBytes) => Promise.resolve(makeFile(sizeBytes)),
    growVolume: (volume, sizeBytes) => Promise.resolve(growFile(volume, sizeBytes)),
    sourceOf,
    freshPortal,
    // A cut costs a second of tgtadm.
    cutEvery: 2,
    restart: crash,
    login: loginHere,
    dispose,
  };
  return Promise.resolve(given);
});
test.run();

const remote = suite('tgt, on a host behind ssh');
let starting: Promise<RealSshd> | undefined;
// Words, input and daemons that stay are what ssh could spoil.
const register = (name: string, run: () => Promise<void>): void => {
  if (/is made with|goes with all|secret was changed|serial|forgotten/.test(name)) remote(name, run);
};
targetBackendContract(register, async () => {
  const { port, user, identity, knownHosts } = await (starting ??= startSshd());
  const { backend, makeFile, sourceOf, freshPortal, crash, dispose } = realTgtOn({ host: sshHost({ name: 'gw1', host: '127.0.0.1', port, user, identity, knownHosts }) });
  const place = { backend: 'tgt', host: 'gw1' };
  return { backend, place, makeVolume: (sizeBytes) => Promise.resolve(makeFile(sizeBytes)), sourceOf, freshPortal, restart: crash, login: loginHere, dispose };
});
remote.after(async () => (await starting)?.stop());
remote.run();
