/** Whether a pool has room (S1-5), and finding what takes it. */
import * as E from 'fp-ts/lib/Either.js';
import { found, type ArraySettings } from '../asking.ts';
import { assumed } from '../assumed.ts';
import type { QsanErrorBody } from '../errorBody.ts';
import { insufficientSpace, volumeNotFound } from '../refusals.ts';
import { spaceOf, type QsanSimPool, type QsanSimSnapshot, type QsanSimState, type QsanSimVolume } from '../state.ts';

export const poolNamed = ({ pools }: QsanSimState, name: string): E.Either<QsanErrorBody, QsanSimPool> =>
  found(pools.find((pool) => pool.name === name), assumed.poolNotFound(name));

export const volumeNamed = ({ volumes }: QsanSimState, name: string): E.Either<QsanErrorBody, QsanSimVolume> =>
  found(volumes.find((volume) => volume.name === name), volumeNotFound(name));

export const snapshotNamed = ({ snapshots }: QsanSimState, volume: string, name: string): E.Either<QsanErrorBody, QsanSimSnapshot> =>
  found(snapshots.find((snapshot) => snapshot.volume === volume && snapshot.name === name), assumed.snapshotNotFound(name));

/** What is to be added to a pool. */
export interface Wanted {
  /** What the pool gives at once. */
  readonly takesBytes: number;
  /** What is promised. */
  readonly promisesBytes: number;
  readonly isThin: boolean;
}

/** Refuses what a pool has no room for: bytes that are not free, or more promises to thin volumes than it may make. */
export const roomFor = (state: QsanSimState, pool: QsanSimPool, { takesBytes, promisesBytes, isThin }: Wanted, { overSubscription }: Pick<ArraySettings, 'overSubscription'>): E.Either<QsanErrorBody, undefined> => {
  const { freeBytes, totalBytes, provisionedBytes } = spaceOf(state, pool);
  if (takesBytes > freeBytes) return E.left(insufficientSpace(pool.name, freeBytes, takesBytes));
  const promisable = Math.max(0, Math.floor(totalBytes * overSubscription) - provisionedBytes);
  if (isThin && promisesBytes > promisable) return E.left(insufficientSpace(pool.name, promisable, promisesBytes));
  return E.right(undefined);
};
