/** Simulated arrays, and the adapter over real HTTPS to them. */
import { qsanArray, volumeName, type QsanBackends, type QsanOptions } from '@blockledger/adapters-qsan';
import { startQsanArray, type QsanArray, type QsanArrayOptions } from '@blockledger/adapters-qsan/simulator';
import {
  type ActionOf,
  type BackendAction,
  type BackendResult,
  type BlockBackend,
  type Bytes,
  type CallContext,
  type Placement,
  type PortError,
  type SerialNumber,
  UNLIMITED_QOS,
  type VolumeId,
  type VolumeRef,
} from '@blockledger/domain';
import * as E from 'fp-ts/lib/Either.js';
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
export const optionsFor = ({ options }: QsanArray): QsanOptions => options;

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

/** What a call gets; nobody stops it. */
export const context = (more: Partial<CallContext> = {}): CallContext => ({ signal: new AbortController().signal, onProgress: () => undefined, installationId: 'here', ...more });

/** Does one action. */
export const perform = (backend: BlockBackend, action: BackendAction, asked = context()): Promise<E.Either<PortError, BackendResult>> => backend.perform(action, asked)();

/** The code of an error, or `well`. */
export const codeOf = (answer: E.Either<PortError, unknown>): string => (E.isLeft(answer) ? answer.left.code : 'well');

/** The action that looks. */
export const observes = (volume: VolumeRef): BackendAction => ({ do: 'observe', volume });

export const GIB = 2 ** 30;

/** The action that makes a volume of 1 GiB; what is not said is plain. */
export const makes = (volume: VolumeRef, more: Partial<ActionOf<'ensureVolume'>> = {}): ActionOf<'ensureVolume'> => ({
  do: 'ensureVolume',
  volume,
  identity: { volumeId: volume.volumeId, serial: volume.serial, name: 'accounts', tenant: 'default', generation: 'v3', hidden: false },
  sizeBytes: GIB as Bytes,
  qos: UNLIMITED_QOS,
  performancePriority: false,
  parent: null,
  ...more,
});
