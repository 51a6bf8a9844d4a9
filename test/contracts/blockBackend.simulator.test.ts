/** The block backend contract, over the simulated cluster. The same suite runs over a real one: test/real/rbd.contract.test.ts. */
import { rbdBackend, imageName } from '@blockledger/adapters-rbd';
import { simulateRbd } from '@blockledger/adapters-rbd/simulator';
import { blockBackendContract, type BackendUnderTest } from '@blockledger/domain/testing';
import { suite } from '../support/suite.ts';

const CLUSTERS = [
  { title: 'upstream, clones of format 1', dialect: 'upstream', cloneFormat: 1 },
  { title: 'upstream, clones of format 2', dialect: 'upstream', cloneFormat: 2 },
  { title: 'XSKY', dialect: 'xsky', cloneFormat: 1 },
] as const;

for (const { title, dialect, cloneFormat } of CLUSTERS) {
  const test = suite(`simulated rbd, ${title}`);
  blockBackendContract(test, () => {
    const cluster = simulateRbd({ dialect, cloneFormat });
    const backend = rbdBackend({ run: cluster.run, dialect });
    const given: BackendUnderTest = {
      backend,
      placement: { backend: 'sim', pool: 'vols' },
      otherPlacement: { backend: 'sim', pool: 'rbd' },
      erasure: { backend: 'sim', pool: 'vols', dataPool: 'ecdata' },
      write: ({ placement, volumeId }, text) => Promise.resolve(cluster.write(placement.pool, imageName(volumeId), text)),
      read: ({ placement, volumeId }) => Promise.resolve(cluster.read(placement.pool, imageName(volumeId))),
      open: ({ placement, volumeId }) => {
        const close = cluster.open(placement.pool, imageName(volumeId), true);
        return Promise.resolve(() => Promise.resolve(close()));
      },
      makeForeign: async ({ pool }, name, sizeBytes) => {
        await cluster.run({ argv: ['rbd', 'create', `${pool}/${name}`, '--size', `${sizeBytes}B`], idleTimeoutMs: 1000, signal: new AbortController().signal })();
      },
      tellsProgress: dialect === 'upstream',
      dispose: backend.close,
    };
    return Promise.resolve(given);
  });
  test.run();
}
