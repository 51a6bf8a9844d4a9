/** The driver's calls about volumes and snapshots (S1-30, S1-31, S1-36, S1-37). */
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { PoolBody } from '../../api/bodies/pool.ts';
import type { Asked } from '../errors.ts';
import { bytesOfGib } from '../formats/sizes.ts';
import type { CinderVolume } from '../objects.ts';
import { cloneVolume, createVolumeFromSnapshot, deleteWithClones, type WantedClone } from '../storage/clones.ts';
import { createSnapshot, deleteSnapshot, theSnapshot } from '../storage/snapshots.ts';
import { extendVolume, createVolume } from '../storage/volumes.ts';
import { ifThere, poolOf, volumeOf, type World } from '../world.ts';
import type { CinderDriver, Returned } from './contract.ts';
import { none } from './none.ts';

const sized = ({ name, size }: CinderVolume): Asked<WantedClone> => TE.fromEither(E.map((bytes: number) => ({ name, bytes }))(bytesOfGib(size)));

type VolumeCalls = Pick<CinderDriver, 'create_volume' | 'delete_volume' | 'extend_volume' | 'create_snapshot' | 'delete_snapshot' | 'create_volume_from_snapshot' | 'create_cloned_volume'>;

/** The calls in their world. */
export const volumeCalls = (world: World): VolumeCalls => {
  const { service } = world;
  const inPool = (act: (pool: PoolBody) => Asked<unknown>): Returned<null> => none(pipe(poolOf(world), TE.chain(act)));
  return {
    create_volume: (volume) =>
      inPool((pool) =>
        pipe(
          sized(volume),
          TE.chain(({ name, bytes }) => createVolume(service, pool, { name, size: bytes })),
        ),
      ),
    delete_volume: ({ name }) => inPool((pool) => deleteWithClones(service, pool, name)),
    extend_volume: (volume, newSize) =>
      none(
        pipe(
          TE.Do,
          TE.bind('bytes', () => TE.fromEither(bytesOfGib(newSize))),
          TE.bind('found', () => volumeOf(world, volume)),
          TE.chain(({ bytes, found }) => extendVolume(service, found, bytes)),
        ),
      ),
    create_snapshot: ({ name, volume_name: of }) =>
      none(
        pipe(
          volumeOf(world, { name: of }),
          TE.chain((volume) => createSnapshot(service, volume, name)),
        ),
      ),
    delete_snapshot: ({ name, volume_name: of }) => none(ifThere(world, { name: of }, (volume) => deleteSnapshot(service, volume, name))),
    create_volume_from_snapshot: (volume, { name, volume_name: of }) =>
      inPool((pool) =>
        pipe(
          TE.Do,
          TE.bind('wanted', () => sized(volume)),
          TE.bind('source', () => volumeOf(world, { name: of })),
          TE.bind('snapshot', ({ source }) => theSnapshot(service, source, name)),
          TE.chain(({ wanted, snapshot }) => createVolumeFromSnapshot(service, pool, snapshot, wanted)),
        ),
      ),
    create_cloned_volume: (volume, srcVref) =>
      inPool((pool) =>
        pipe(
          TE.Do,
          TE.bind('wanted', () => sized(volume)),
          TE.bind('source', () => volumeOf(world, srcVref)),
          TE.chain(({ wanted, source }) => cloneVolume(service, pool, source, wanted)),
        ),
      ),
  };
};
