/** Volumes by Cinder's names (S1-30, S1-31, S1-41). */
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { PoolBody } from '../../api/bodies/pool.ts';
import type { VolumeBody } from '../../api/bodies/volume.ts';
import { cinderError, type Asked } from '../errors.ts';
import { keyOf } from './key.ts';
import { ask, change, type Service } from './service.ts';
import { settled } from './standing.ts';

/** The pool that a driver serves. */
export type PoolRef = Pick<PoolBody, 'uuid'>;

/** A volume of the pool, by its name: names are unique there. */
export const findVolume = ({ client }: Service, pool: PoolRef, name: string): Asked<VolumeBody | undefined> =>
  pipe(
    ask(() => client.listVolumes({ query: { pool_id: pool.uuid, name, hidden: 'all', limit: 1 } })),
    TE.map(({ block_volumes: [volume] }) => volume),
  );

/** The same where it must be there. */
export const theVolume = (service: Service, pool: PoolRef, name: string): Asked<VolumeBody> =>
  pipe(
    findVolume(service, pool, name),
    TE.chain((found) => (found === undefined ? TE.left(cinderError('VolumeNotFound', 'VolumeNotFound', `there is no volume "${name}" in this pool`)) : TE.right(found))),
  );

/** A volume to be: empty and so large, or a clone of a snapshot. */
export type NewVolume = { readonly name: string } & ({ readonly size: number } | { readonly block_snapshot_id: string; readonly flattened: boolean });

const GONE = new Set(['deleted', 'refused', 'disowned']);

/**
 * Makes a volume; one of this name that is there is the one that was asked for. The key is made of the wish, so a repeat after a crash is the same request
 * (I-16); where that one's volume is gone again, the wish is a new one. What failed is taken away before the error is told: Cinder may try elsewhere.
 */
export const createVolume = (service: Service, pool: PoolRef, wanted: NewVolume): Asked<unknown> => {
  const { name } = wanted;
  const make = (key: { readonly idempotencyKey?: string }) =>
    change(service, (waiting) => service.client.createVolume({ body: { block_volume: { ...wanted, pool_id: pool.uuid } }, ...key, ...waiting }));
  const made = pipe(
    findVolume(service, pool, name),
    TE.chain((found): Asked<unknown> => {
      if (found !== undefined) return settled(service, found);
      return pipe(
        make(keyOf('create_volume', { pool: pool.uuid, ...wanted })),
        TE.chain(({ block_volume: { status } }): Asked<unknown> => (GONE.has(status) ? make({}) : TE.right(undefined))),
      );
    }),
  );
  return pipe(
    made,
    TE.orElse((error) => (error.code === 'TaskFailed' ? pipe(deleteVolume(service, pool, name), TE.alt((): Asked<unknown> => TE.right(undefined)), TE.chain(() => TE.left(error))) : TE.left(error))),
  );
};

/** Deletes a volume, also one on which work has failed; one that is not there is deleted. */
export const deleteVolume = (service: Service, pool: PoolRef, name: string): Asked<unknown> =>
  pipe(
    findVolume(service, pool, name),
    TE.chain((found): Asked<unknown> => {
      if (found === undefined) return TE.right(undefined);
      const { uuid, failure, operation, action_status: doing } = found;
      if (doing === 'deleting' && operation !== null) return endOfDeletion(service, found);
      return change(service, (waiting) => service.client.deleteVolume({ path: { volume: uuid }, query: { force: failure !== null }, ...waiting }));
    }),
  );

const endOfDeletion = (service: Service, volume: VolumeBody): Asked<unknown> => settled(service, volume);

/** Makes a volume so many bytes large. One that is as large is done; one that is larger stays, and the call is refused: nothing shrinks here. */
export const extendVolume = (service: Service, volume: VolumeBody, bytes: number): Asked<unknown> => {
  const { uuid, name, size } = volume;
  if (bytes < size) return TE.left(cinderError('VolumeBackendAPIException', 'VolumeWouldShrink', `volume "${name}" has ${size} bytes already, and does not shrink to ${bytes}`));
  return pipe(
    settled(service, volume),
    TE.chain((): Asked<unknown> => (bytes === size ? TE.right(undefined) : change(service, (waiting) => service.client.updateVolume({ path: { volume: uuid }, body: { block_volume: { size: bytes } }, ...waiting })))),
  );
};
