/** Snapshots by Cinder's names (S1-36, S1-41). */
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { SnapshotBody } from '../../api/bodies/snapshot.ts';
import type { VolumeBody } from '../../api/bodies/volume.ts';
import { cinderError, type Asked } from '../errors.ts';
import { keyOf } from './key.ts';
import { ask, change, type Service } from './service.ts';
import { settled } from './standing.ts';

/** A snapshot of a volume, by its name. */
export const findSnapshot = ({ client }: Service, { uuid }: Pick<VolumeBody, 'uuid'>, name: string): Asked<SnapshotBody | undefined> =>
  pipe(
    ask(() => client.listSnapshots({ query: { block_volume_id: uuid, name, limit: 1 } })),
    TE.map(({ block_snapshots: [snapshot] }) => snapshot),
  );

/** The same where it must be there. */
export const theSnapshot = (service: Service, volume: Pick<VolumeBody, 'uuid' | 'name'>, name: string): Asked<SnapshotBody> =>
  pipe(
    findSnapshot(service, volume, name),
    TE.chain((found) => (found === undefined ? TE.left(cinderError('SnapshotNotFound', 'SnapshotNotFound', `volume "${volume.name}" has no snapshot "${name}"`)) : TE.right(found))),
  );

/**
 * Takes a snapshot; one of this name that is there is the one that was asked for. The key is made of the wish, so a repeat after a crash is the same
 * request; where that one's snapshot is gone again, the wish is a new one.
 */
export const createSnapshot = (service: Service, volume: VolumeBody, name: string): Asked<unknown> => {
  const take = (key: { readonly idempotencyKey?: string }) =>
    change(service, (waiting) => service.client.createSnapshot({ body: { block_snapshot: { block_volume_id: volume.uuid, name } }, ...key, ...waiting }));
  return pipe(
    findSnapshot(service, volume, name),
    TE.chain((found) => {
      if (found !== undefined) return settled(service, found);
      return pipe(
        take(keyOf('create_snapshot', { volume: volume.uuid, name })),
        TE.chain(({ block_snapshot: { status } }) => (status === 'deleted' ? take({}) : TE.right(undefined))),
      );
    }),
  );
};

/** Deletes a snapshot; one that is not there is deleted. */
export const deleteSnapshot = (service: Service, volume: VolumeBody, name: string): Asked<unknown> =>
  pipe(
    findSnapshot(service, volume, name),
    TE.chain((found) => (found === undefined ? TE.right(undefined) : removeSnapshot(service, found))),
  );

/** Deletes a snapshot that is there, also one on which work has failed. */
export const removeSnapshot = (service: Service, { uuid, status, failure }: SnapshotBody): Asked<unknown> =>
  change(service, (waiting) => service.client.deleteSnapshot({ path: { snapshot: uuid }, query: { force: status === 'error' || failure !== null }, ...waiting }));
