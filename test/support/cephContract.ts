/** The block backend contract on a real cluster, over either transport: the same suite that the simulated one keeps. */
import { imageName, rbdBackend, type RbdOptions } from '@blockledger/adapters-rbd';
import type { VolumeRef } from '@blockledger/domain';
import { blockBackendContract, type BackendUnderTest } from '@blockledger/domain/testing';
import { startCeph } from './ceph.ts';
import { holdImage, readText, writeText } from './realVolume.ts';
import { suite } from './suite.ts';

/** Registers and runs it, with both kinds of clones. */
export function cephContract(transport: NonNullable<RbdOptions['transport']>): void {
  for (const leastClient of ['luminous', 'mimic'] as const) {
    const test = suite(`rbd on a real cluster by ${transport}, least client ${leastClient}`);
    let starting: ReturnType<typeof startCeph> | undefined;
    const spec = ({ placement, volumeId }: VolumeRef): string => `${placement.pool}/${imageName(volumeId)}`;
    // With `mimic`, clones are of format 2: what has nothing to do with clones is the same.
    const concerned = (name: string): boolean => leastClient === 'luminous' || /clone|flatten|snapshot/.test(name);
    const register = (name: string, run: () => Promise<void>): void => {
      if (concerned(name)) test(name, run);
    };
    blockBackendContract(register, async () => {
      const ceph = await (starting ??= startCeph({ leastClient, manager: true }));
      // The short watch would make calls end after 12 s of silence, which a cluster on a busy machine can take for one of them.
      const backend = rbdBackend({ conf: ceph.conf, watchTimeoutMs: 3_000, idleTimeoutMs: 60_000, transport });
      const given: BackendUnderTest = {
        backend,
        placement: { backend: 'ceph', pool: 'vols' },
        otherPlacement: { backend: 'ceph', pool: 'rbd' },
        erasure: { backend: 'ceph', pool: 'vols', dataPool: ceph.dataPool },
        tellsProgress: true,
        write: (volume, text) => Promise.resolve(writeText(ceph, spec(volume), text)),
        read: (volume) => readText(ceph, spec(volume)),
        open: async (volume) => (await holdImage(ceph, spec(volume))).close,
        makeForeign: ({ pool }, name, sizeBytes) => Promise.resolve(void ceph.rbd('create', `${pool}/${name}`, '--size', `${sizeBytes}B`)),
        dispose: backend.close,
      };
      return given;
    });
    test.after(async () => (await starting)?.stop());
    test.run();
  }
}
