/** Volumes out of others (S1-37): from a snapshot, or straight from a volume by way of a snapshot that is taken for it and goes again. */
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { SnapshotBody } from '../../api/bodies/snapshot.ts';
import type { VolumeBody } from '../../api/bodies/volume.ts';
import type { PoolBody } from '../../api/bodies/pool.ts';
import { cinderError, type Asked } from '../errors.ts';
import { abilities } from './pools.ts';
import { ask, type Service } from './service.ts';
import { createSnapshot, deleteSnapshot, removeSnapshot, theSnapshot } from './snapshots.ts';
import { deleteVolume, extendVolume, findVolume, createVolume, theVolume } from './volumes.ts';

const CLONE = 'clone-';

/** The snapshot that is taken so that a volume can be cloned: its name says for which clone. */
export const cloneSnapshotName = (clone: string): string => `${CLONE}${clone}`;

/** A volume to be made of a snapshot: its name, and its size in bytes, at least the snapshot's. */
export interface WantedClone {
  readonly name: string;
  readonly bytes: number;
}

/**
 * A volume with the data of a snapshot, as large as is wanted. Where the backend can, it is made independent, for Cinder may delete the snapshot
 * and the first volume whenever it likes; elsewhere it hangs on the snapshot for as long as its backend says.
 */
export const createVolumeFromSnapshot = (service: Service, pool: PoolBody, snapshot: SnapshotBody, { name, bytes }: WantedClone): Asked<unknown> => {
  if (bytes < (snapshot.size ?? 0)) {
    return TE.left(cinderError('VolumeBackendAPIException', 'CloneIsTooSmall', `a clone of snapshot "${snapshot.name}" has at least ${snapshot.size ?? 0} bytes, not ${bytes}`));
  }
  return pipe(
    abilities(service, pool),
    TE.chain((can) => createVolume(service, pool, { name, block_snapshot_id: snapshot.uuid, flattened: can?.['flatten'] === true })),
    TE.chain(() => theVolume(service, pool, name)),
    TE.chain((made) => extendVolume(service, made, bytes)),
  );
};

/** Deletes the snapshot that a clone was made of, unless the clone still hangs on it; then it goes with the clone. */
const dropCloneSnapshot = (service: Service, source: VolumeBody, clone: string): Asked<unknown> =>
  pipe(
    deleteSnapshot(service, source, cloneSnapshotName(clone)),
    TE.orElse((error): Asked<unknown> => (error._tag === 'SnapshotIsBusy' ? TE.right(undefined) : TE.left(error))),
  );

/** A volume with the data of another. */
export const cloneVolume = (service: Service, pool: PoolBody, source: VolumeBody, { name, bytes }: WantedClone): Asked<unknown> => {
  const cloned = pipe(
    createSnapshot(service, source, cloneSnapshotName(name)),
    TE.chain(() => theSnapshot(service, source, cloneSnapshotName(name))),
    TE.chain((snapshot) => createVolumeFromSnapshot(service, pool, snapshot, { name, bytes })),
  );
  return pipe(
    findVolume(service, pool, name),
    TE.chain((found) => (found === undefined || found.flattened === false ? cloned : extendVolume(service, found, bytes))),
    TE.chain(() => dropCloneSnapshot(service, source, name)),
    TE.orElse((error) => pipe(dropCloneSnapshot(service, source, name), TE.alt((): Asked<unknown> => TE.right(undefined)), TE.chain(() => TE.left(error)))),
  );
};

/** What a crash between two steps of a clone left on its source: nobody else knows of it, and it must not stand in the way. */
const dropLeftCloneSnapshots = (service: Service, { uuid }: VolumeBody): Asked<unknown> =>
  pipe(
    ask(() => service.client.listSnapshots({ query: { block_volume_id: uuid, limit: -1 } })),
    TE.map(({ block_snapshots: all }) => all.filter(({ name, cloned_block_volume_num: clones }) => name.startsWith(CLONE) && clones === 0)),
    TE.chain(TE.traverseSeqArray((snapshot) => removeSnapshot(service, snapshot))),
  );

/** Deletes a volume, and with it what was taken only so that it could be cloned, or only to make it. */
export const deleteWithClones = (service: Service, pool: PoolBody, name: string): Asked<unknown> =>
  pipe(
    findVolume(service, pool, name),
    TE.chain((found): Asked<unknown> => {
      if (found === undefined) return TE.right(undefined);
      const parent = found.block_snapshot;
      return pipe(
        dropLeftCloneSnapshots(service, found),
        TE.chain(() => deleteVolume(service, pool, name)),
        TE.chain((): Asked<unknown> => (parent === null ? TE.right(undefined) : dropParent(service, parent.uuid, name))),
      );
    }),
  );

const dropParent = (service: Service, uuid: string, clone: string): Asked<unknown> =>
  pipe(
    ask(() => service.client.getSnapshot({ path: { snapshot: uuid } })),
    TE.chain(({ block_snapshot: snapshot }): Asked<unknown> => (snapshot.name === cloneSnapshotName(clone) ? removeSnapshot(service, snapshot) : TE.right(undefined))),
    TE.orElse((error): Asked<unknown> => (error._tag === 'SnapshotNotFound' ? TE.right(undefined) : TE.left(error))),
  );
