/** What the driver and the six calls both work with: one service, one pool of it, one access path. */
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { PoolBody } from '../api/bodies/pool.ts';
import type { VolumeBody } from '../api/bodies/volume.ts';
import type { Attachments } from './attachments.ts';
import { cinderError, type Asked } from './errors.ts';
import type { CinderVolume } from './objects.ts';
import { getPool } from './storage/pools.ts';
import { ask, type Service } from './storage/service.ts';
import { findVolume, theVolume } from './storage/volumes.ts';

/** A service, the name of the pool that volumes are made in, and that of the access path by which they are seen. */
export interface World {
  readonly service: Service;
  readonly poolName: string;
  readonly accessPathName: string;
  readonly attachments: Attachments;
}

/** The pool, looked up by its name each time: it may have been retired and registered anew. */
export const poolOf = ({ service, poolName }: Pick<World, 'service' | 'poolName'>): Asked<PoolBody> => getPool(service, poolName);

/** The UUID of the access path. Refused as `VolumeBackendAPIException` where there is none of the name (S1-28). */
export const accessPathOf = ({ service: { client }, accessPathName: name }: Pick<World, 'service' | 'accessPathName'>): Asked<string> =>
  pipe(
    ask(() => client.listAccessPaths({ query: { name, status: 'active', limit: 1 } })),
    TE.chain(({ access_paths: [path] }) => (path === undefined ? TE.left(cinderError('VolumeBackendAPIException', 'AccessPathNotFound', `there is no access path "${name}"; create it first`)) : TE.right(path.uuid))),
  );

/** Cinder's volume as it stands here. Refused as `VolumeNotFound` where it does not. */
export const volumeOf = (world: World, { name }: Pick<CinderVolume, 'name'>): Asked<VolumeBody> =>
  pipe(
    poolOf(world),
    TE.chain((pool) => theVolume(world.service, pool, name)),
  );

/** Does something with a volume; nothing to do, and nothing wrong, where there is none (I-22). */
export const ifThere = (world: World, { name }: Pick<CinderVolume, 'name'>, act: (volume: VolumeBody) => Asked<unknown>): Asked<unknown> =>
  pipe(
    poolOf(world),
    TE.chain((pool) => findVolume(world.service, pool, name)),
    TE.chain((found) => (found === undefined ? TE.right(undefined) : act(found))),
  );
