/** `/block-volumes`. */
import * as E from 'fp-ts/lib/Either.js';
import type { volumeOperations } from '../../api/operations/volumes.ts';
import type { VolumeView } from '../../queries/views.ts';
import { adoptVolumeInput, createVolumeInput, volumePatchRequest } from '../inputs/volume.ts';
import { pageOf } from '../requests/query.ts';
import type { Handlers } from './handler.ts';
import { listOf, look, lookBack } from './looking.ts';

const shown = listOf<VolumeView>('block_volumes');

export const volumeHandlers: Handlers<typeof volumeOperations> = {
  listVolumes: async (plane, { query }) => {
    const { pool_id: pool, name, status, hidden, tenant, q } = query;
    const filter = {
      ...pageOf(query),
      ...(pool === undefined ? {} : { pool }),
      ...(name === undefined ? {} : { name }),
      ...(hidden === undefined ? {} : { hidden }),
      ...(tenant === undefined ? {} : { tenant }),
      ...(q === undefined ? {} : { q }),
    };
    if (status === 'deleted' || status === 'disowned') return E.chain(shown)(await plane.volumes.listGone({ ...filter, status }));
    return E.chain(shown)(plane.volumes.page({ ...filter, ...(status === undefined ? {} : { status }) }));
  },
  getVolume: async (plane, { path, query }) => look(plane, { kind: 'volume', ref: path.volume, source: plane.volumes }, query),
  getVolumeHistory: async (plane, { path }) => lookBack(plane, 'volume', path.volume),
  createVolume: ({ body }) => E.right({ do: 'createVolume', input: createVolumeInput(body.block_volume) }),
  adoptVolume: ({ body }) => E.right({ do: 'adoptVolume', input: adoptVolumeInput(body.block_volume) }),
  updateVolume: ({ path, body }) => volumePatchRequest(path.volume, body.block_volume),
  migrateVolume: ({ path, body }) => E.right({ do: 'migrateVolume', volume: path.volume, input: { pool: body.block_volume.pool_id } }),
  deleteVolume: ({ path, query }) => {
    const { force = false, cascade = false, retain_ms: retainMs = null } = query;
    return E.right({ do: 'deleteVolume', volume: path.volume, input: { force, cascade, retainMs } });
  },
  undeleteVolume: ({ path }) => E.right({ do: 'undeleteVolume', volume: path.volume }),
  promoteVolume: ({ path }) => E.right({ do: 'promoteVolume', volume: path.volume }),
  demoteVolume: ({ path }) => E.right({ do: 'demoteVolume', volume: path.volume }),
  disownVolume: ({ path }) => E.right({ do: 'disownVolume', volume: path.volume }),
};
