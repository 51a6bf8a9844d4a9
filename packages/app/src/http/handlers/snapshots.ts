/** `/block-snapshots`. */
import * as E from 'fp-ts/lib/Either.js';
import type { snapshotOperations } from '../../api/operations/snapshots.ts';
import type { SnapshotView } from '../../queries/views.ts';
import { pageOf } from '../requests/query.ts';
import type { Handlers } from './handler.ts';
import { listOf, look, lookBack } from './looking.ts';

const shown = listOf<SnapshotView>('block_snapshots');

export const snapshotHandlers: Handlers<typeof snapshotOperations> = {
  listSnapshots: async (plane, { query }) => {
    const { block_volume_id: volume, pool_id: pool, name, status, reserved, tenant, q } = query;
    const filter = {
      ...pageOf(query),
      ...(volume === undefined ? {} : { volume }),
      ...(pool === undefined ? {} : { pool }),
      ...(name === undefined ? {} : { name }),
      // `reserved` shows internal snapshots beside the others (S0-132).
      ...(reserved === true ? { hidden: 'all' as const } : {}),
      ...(tenant === undefined ? {} : { tenant }),
      ...(q === undefined ? {} : { q }),
    };
    if (status === 'deleted') return E.chain(shown)(await plane.snapshots.listGone({ ...filter, status }));
    return E.chain(shown)(plane.snapshots.page({ ...filter, ...(status === undefined ? {} : { status }) }));
  },
  getSnapshot: async (plane, { path, query }) => look(plane, { kind: 'snapshot', ref: path.snapshot, source: plane.snapshots }, query),
  getSnapshotHistory: async (plane, { path }) => lookBack(plane, 'snapshot', path.snapshot),
  createSnapshot: ({ body }) => {
    const { block_volume_id: volume, name, description } = body.block_snapshot;
    return E.right({ do: 'createSnapshot', input: { volume, name, ...(description === undefined ? {} : { description }) } });
  },
  deleteSnapshot: ({ path, query }) => E.right({ do: 'deleteSnapshot', snapshot: path.snapshot, input: { force: query.force ?? false } }),
  protectSnapshot: ({ path }) => E.right({ do: 'protectSnapshot', snapshot: path.snapshot }),
  unprotectSnapshot: ({ path }) => E.right({ do: 'unprotectSnapshot', snapshot: path.snapshot }),
};
