/** Simulated arrays, and the adapter over real HTTPS to them. */
import { qsanArray, volumeName, type QsanBackends, type QsanOptions } from '@blockledger/adapters-qsan';
import { startQsanArray, type QsanArray, type QsanArrayOptions } from '@blockledger/adapters-qsan/simulator';
import { secret, type Placement, type SerialNumber, type VolumeId, type VolumeRef } from '@blockledger/domain';
import { randomBytes, randomUUID } from 'node:crypto';

/** An array and what drives it. */
export interface QsanScene extends QsanBackends {
  readonly array: QsanArray;
  /** Ends both. */
  readonly end: () => Promise<void>;
}

export const POOL = 'Pool-1';
export const OTHER_POOL = 'Pool-2';
export const placement: Placement = { backend: 'array', pool: POOL };

/** How the adapter reaches a simulated array. */
export const optionsFor = ({ url, ca, username, password }: QsanArray): QsanOptions => ({ url, ca, username, password: secret(password) });

/** A simulated array with two pools, and both backends of it. */
export const qsanScene = async (options: QsanArrayOptions = {}, more: Partial<QsanOptions> = {}): Promise<QsanScene> => {
  const array = await startQsanArray({ pools: [{ name: POOL }, { name: OTHER_POOL }], ...options });
  const backends = qsanArray({ ...optionsFor(array), host: 'array1', ...more });
  return {
    array,
    ...backends,
    end: async () => {
      await Promise.all([backends.volumes.close(), backends.targets.close()]);
      await array.stop();
    },
  };
};

/** A volume that nobody has made yet. */
export const freshVolume = (): VolumeRef => ({ placement, volumeId: randomUUID() as VolumeId, serial: randomBytes(8).toString('hex') as SerialNumber });

/** Whoever sits at the array makes it. */
export const madeByHand = (array: QsanArray, volume: VolumeRef, sizeBytes: number): void => {
  const { status } = array.operate('POST', '/api/volumes', { pool: volume.placement.pool, name: volumeName(volume.volumeId), size: sizeBytes, thin_provision: true });
  if (status !== 200) throw new Error(`the array answers ${status}`);
};
