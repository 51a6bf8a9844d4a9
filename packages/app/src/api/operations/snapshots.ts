/** `/block-snapshots`. */
import * as t from 'io-ts';
import { PagingBody } from '../bodies/common.ts';
import { EventBody } from '../bodies/inspection.ts';
import { NewSnapshot, SnapshotBody } from '../bodies/snapshot.ts';
import { closed } from '../closed.ts';
import { change, read } from '../operation.ts';
import { anyText, flag, moment, oneOf, orderBy, paging, refParameter } from '../parameters.ts';

const tag = 'snapshots';
const role = 'operator';
const replies = { block_snapshot: SnapshotBody } as const;

export const snapshotOperations = {
  listSnapshots: read({
    path: '/block-snapshots',
    tag,
    summary: 'List snapshots',
    query: {
      ...paging,
      sort: orderBy({ id: 'number', name: 'name', status: 'status', size: 'sizeBytes', create: 'createdAt', block_volume_id: 'volumeNumber' }),
      block_volume_id: refParameter('Only those of this volume.'),
      pool_id: refParameter('Only those of this pool.'),
      name: anyText('Only those with exactly this name.'),
      status: oneOf('Only those that stand so. What is gone is listed only when asked for.', ['creating', 'active', 'deleting', 'error', 'deleted']),
      reserved: flag('Internal ones, too (S0-132).'),
      tenant: anyText('Only those of this tenant.'),
      q: anyText('Part of the name or description, or the beginning of the UUID.'),
    },
    reply: closed({ block_snapshots: t.readonlyArray(SnapshotBody), paging: PagingBody }, {}),
  }),
  getSnapshot: read({
    path: '/block-snapshots/{snapshot}',
    tag,
    summary: 'Look at a snapshot, now or at a moment of the past',
    query: { at: moment('As it stood at this moment.'), gone: flag('Also one that is gone, as it stood at its end.') },
    tagged: true,
    reply: closed({ block_snapshot: SnapshotBody }, {}),
  }),
  getSnapshotHistory: read({
    path: '/block-snapshots/{snapshot}/history',
    tag,
    summary: 'List everything that ever happened to a snapshot, oldest first',
    reply: closed({ events: t.readonlyArray(EventBody) }, {}),
  }),
  createSnapshot: change({
    method: 'POST',
    path: '/block-snapshots',
    tag,
    role,
    summary: 'Take a snapshot of a volume',
    example: { block_snapshot: { block_volume_id: 1, name: 'volume1_snap' } },
    body: closed({ block_snapshot: NewSnapshot }, {}),
    replies,
  }),
  deleteSnapshot: change({
    method: 'DELETE',
    path: '/block-snapshots/{snapshot}',
    tag,
    role,
    summary: 'Delete a snapshot',
    query: { force: flag('Deletes from a failed state; never bypasses data safety.') },
    replies,
    matchable: true,
  }),
  protectSnapshot: change({ method: 'POST', path: '/block-snapshots/{snapshot}:protect', tag, role, summary: 'Guard a snapshot against deletion', replies, matchable: true }),
  unprotectSnapshot: change({ method: 'POST', path: '/block-snapshots/{snapshot}:unprotect', tag, role, summary: 'Lift the guard of a snapshot', replies, matchable: true }),
} as const;
