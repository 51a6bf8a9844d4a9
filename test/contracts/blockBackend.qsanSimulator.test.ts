/** The contract of block backends over a simulated QSAN array, over real HTTPS. */
import { volumeName } from '@blockledger/adapters-qsan';
import { blockBackendContract } from '@blockledger/domain/testing';
import { OTHER_POOL, placement, qsanScene } from '../support/qsanScene.ts';
import { suite } from '../support/suite.ts';

for (const createdStatus of [200, 201] as const) {
  const test = suite(`the BlockBackend contract over a simulated QSAN array that says ${createdStatus} to what was made`);

  blockBackendContract(
    (name, run) => test(name, run),
    async () => {
      const { array, volumes, end } = await qsanScene({ createdStatus });
      return {
        backend: volumes,
        placement,
        otherPlacement: { ...placement, pool: OTHER_POOL },
        open: ({ volumeId }) => {
          const name = volumeName(volumeId);
          const { body } = array.operate('POST', '/api/iscsi/targets', { name: `by-hand-${volumeId}` });
          const { id } = body as { readonly id: string };
          array.operate('POST', `/api/iscsi/targets/${id}/luns`, { volume: name });
          array.operate('POST', `/api/iscsi/targets/${id}/acl`, { initiator: 'iqn.1993-08.org.debian:01:604af6a341' });
          return Promise.resolve(() => {
            array.operate('DELETE', `/api/iscsi/targets/${id}/luns/0`);
            return Promise.resolve();
          });
        },
        dispose: end,
      };
    },
  );
  test.run();
}
