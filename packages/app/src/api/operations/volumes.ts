/** `/block-volumes`. */
import * as t from 'io-ts';
import { PagingBody } from '../bodies/common.ts';
import { EventBody } from '../bodies/inspection.ts';
import { AdoptedVolume, NewVolume, VolumeBody, VolumeMove, VolumePatch } from '../bodies/volume.ts';
import { closed } from '../closed.ts';
import { change, read } from '../operation.ts';
import { anyText, count, flag, flagOrAll, moment, oneOf, orderBy, paging, refParameter } from '../parameters.ts';

const tag = 'volumes';
const role = 'operator';
const replies = { block_volume: VolumeBody } as const;

/** The source's own request (S0-12). */
const SOURCE_VOLUME = {
  block_volume: {
    format: 129,
    name: 'volume1',
    performance_priority: 0,
    pool_id: 1,
    qos: { burst_total_bw: 2_097_152_000, burst_total_iops: 200_000, max_total_bw: 1_048_576_000, max_total_iops: 100_000 },
    qos_enabled: true,
    size: 107_374_182_400,
  },
};

export const volumeOperations = {
  listVolumes: read({
    path: '/block-volumes',
    tag,
    summary: 'List volumes',
    query: {
      ...paging,
      sort: orderBy({ id: 'number', name: 'name', status: 'status', size: 'sizeBytes', create: 'createdAt', update: 'updatedAt', pool_id: 'poolNumber' }),
      pool_id: refParameter('Only those of this pool.'),
      name: anyText('Only those with exactly this name.'),
      status: oneOf('Only those that stand so. What is gone is listed only when asked for.', ['creating', 'active', 'trashed', 'deleted', 'disowned']),
      hidden: flagOrAll('Hidden ones only, others only (the default), or all.'),
      tenant: anyText('Only those of this tenant.'),
      q: anyText('Part of the name or description, or the beginning of the UUID or serial number; upper and lower case alike.'),
    },
    reply: closed({ block_volumes: t.readonlyArray(VolumeBody), paging: PagingBody }, {}),
  }),
  getVolume: read({
    path: '/block-volumes/{volume}',
    tag,
    summary: 'Look at a volume, now or at a moment of the past',
    query: { at: moment('As it stood at this moment.'), gone: flag('Also one that is gone, as it stood at its end.') },
    tagged: true,
    reply: closed({ block_volume: VolumeBody }, {}),
  }),
  getVolumeHistory: read({
    path: '/block-volumes/{volume}/history',
    tag,
    summary: 'List everything that ever happened to a volume, oldest first',
    reply: closed({ events: t.readonlyArray(EventBody) }, {}),
  }),
  createVolume: change({
    method: 'POST',
    path: '/block-volumes',
    tag,
    role,
    summary: 'Create a volume, or clone one from a snapshot',
    description: 'With `block_snapshot_id` the volume is a clone and takes its size and format from the snapshot; `flattened` makes a full copy of it.',
    example: SOURCE_VOLUME,
    body: closed({ block_volume: NewVolume }, {}),
    replies,
  }),
  adoptVolume: change({
    method: 'POST',
    path: '/block-volumes:adopt',
    tag,
    role: 'admin',
    summary: 'Take over an object that stands on the backend',
    description: '`volume_name` is the name of the object on the backend.',
    body: closed({ block_volume: AdoptedVolume }, {}),
    replies,
  }),
  updateVolume: change({
    method: 'PATCH',
    path: '/block-volumes/{volume}',
    tag,
    role,
    summary: 'Change a volume, flatten it, or roll it back',
    description: 'One intent: name, description, labels, size, limits and priority together or alone; or `flattened: true`; or `action: roll_back` with `block_snapshot_id`.',
    example: { block_volume: { size: 161_061_273_600 } },
    body: closed({ block_volume: VolumePatch }, {}),
    replies,
    matchable: true,
  }),
  migrateVolume: change({
    method: 'POST',
    path: '/block-volumes/{volume}:migrate',
    tag,
    role,
    summary: 'Move a volume to another pool of its backend',
    description: 'With its snapshots, where the backend says that it can (`migrate`); refused while anybody has the volume. Its task tells how far it is, and can be cancelled until the other pool holds all of it.',
    example: { block_volume: { pool_id: 2 } },
    body: closed({ block_volume: VolumeMove }, {}),
    replies,
    matchable: true,
  }),
  deleteVolume: change({
    method: 'DELETE',
    path: '/block-volumes/{volume}',
    tag,
    role,
    summary: 'Delete a volume, or put it into the trash',
    query: {
      cascade: flag('Deletes its snapshots, too.'),
      force: flag('Deletes from a failed state; never bypasses data safety.'),
      retain_ms: count('Keeps it in the trash for so long, in ms.'),
    },
    replies,
    matchable: true,
  }),
  undeleteVolume: change({ method: 'POST', path: '/block-volumes/{volume}:undelete', tag, role, summary: 'Bring a volume back from the trash', replies, matchable: true }),
  promoteVolume: change({ method: 'POST', path: '/block-volumes/{volume}:promote', tag, role, summary: 'Make a passive volume active', replies, matchable: true }),
  demoteVolume: change({ method: 'POST', path: '/block-volumes/{volume}:demote', tag, role, summary: 'Make a volume passive', replies, matchable: true }),
  disownVolume: change({ method: 'POST', path: '/block-volumes/{volume}:disown', tag, role: 'admin', summary: 'Let a volume go with its data', replies, matchable: true }),
} as const;
