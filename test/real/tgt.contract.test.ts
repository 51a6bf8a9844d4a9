/** The target backend contract over real daemons of tgt, with a real initiator. */
import { targetBackendContract, type TargetBackendUnderTest } from '@blockledger/domain/testing';
import { loginHere } from '../support/initiator.ts';
import { requireReal } from '../support/real.ts';
import { suite } from '../support/suite.ts';
import { deadHost, realTgt, realTgtOn } from '../support/tgt.ts';

requireReal(realTgt);

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
    restart: crash,
    login: loginHere,
    dispose,
  };
  return Promise.resolve(given);
});
test.run();
