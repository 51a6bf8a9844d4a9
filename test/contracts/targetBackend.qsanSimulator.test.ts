/** The contract of target backends over a simulated QSAN array, over real HTTPS. */
import { volumeName } from '@blockledger/adapters-qsan';
import type { QsanArray } from '@blockledger/adapters-qsan/simulator';
import { targetBackendContract, type Login, type LoginAsked } from '@blockledger/domain/testing';
import { freshVolume, madeByHand, qsanScene } from '../support/qsanScene.ts';
import { suite } from '../support/suite.ts';

const test = suite('the TargetBackend contract over a simulated QSAN array');

/** Whom the array would let in: who is in the list of the target, and presents its account if it has one. */
const loginTo = (array: QsanArray) => ({ target, initiator, user, secret }: LoginAsked): Promise<Login | undefined> => {
  const standing = () => array.state().targets.find(({ iqn }) => iqn === target.iqn);
  const found = standing();
  const proves = found?.chap === undefined ? user === undefined : found.chap.username === user && found.chap.password === secret;
  if (found === undefined || !found.acl.includes(initiator) || !proves) return Promise.resolve(undefined);
  return Promise.resolve({
    reads: (lun) => Promise.resolve(standing()?.acl.includes(initiator) === true && standing()?.luns.some((one) => one.lun === lun) === true),
    logout: () => Promise.resolve(),
  });
};

targetBackendContract(
  (name, run) => test(name, run),
  async () => {
    const { array, targets, volumes, end } = await qsanScene();
    return {
      backend: targets,
      place: { backend: 'array', host: 'array1' },
      makeVolume: (sizeBytes) => {
        const volume = freshVolume();
        madeByHand(array, volume, sizeBytes);
        return Promise.resolve(volume);
      },
      growVolume: ({ volumeId }, sizeBytes) => {
        array.operate('PUT', `/api/volumes/${volumeName(volumeId)}`, { size: sizeBytes });
        return Promise.resolve();
      },
      sourceOf: (volume) => volumes.sourceOf?.(volume),
      freshPortal: () => ({ ip: '192.168.1.101', port: 3260 }),
      login: loginTo(array),
      dispose: end,
    };
  },
);

test.run();
