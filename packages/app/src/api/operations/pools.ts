/** `/pools`. */
import * as t from 'io-ts';
import { PagingBody } from '../bodies/common.ts';
import { DoneBody, EventBody } from '../bodies/inspection.ts';
import { HealthBody, NewPool, PauseBody, PoolBody, PoolPatch } from '../bodies/pool.ts';
import { closed } from '../closed.ts';
import { change, immediate, read } from '../operation.ts';
import { anyText, flag, moment, oneOf, orderBy, paging } from '../parameters.ts';

const tag = 'pools';
const role = 'admin';
const replies = { pool: PoolBody } as const;

export const poolOperations = {
  listPools: read({
    path: '/pools',
    tag,
    summary: 'List pools',
    query: {
      ...paging,
      sort: orderBy({ id: 'number', name: 'name', status: 'status', health: 'health', provisioned_size: 'provisionedBytes', block_volume_num: 'volumeCount' }),
      name: anyText('Only the one with exactly this name.'),
      status: oneOf('Only those that stand so. What is gone is listed only when asked for.', ['registering', 'active', 'retired']),
      q: anyText('Part of the name, or the beginning of the UUID.'),
    },
    reply: closed({ pools: t.readonlyArray(PoolBody), paging: PagingBody }, {}),
  }),
  getPool: read({
    path: '/pools/{pool}',
    tag,
    summary: 'Look at a pool, now or at a moment of the past',
    query: { stats: flag('Asks the backend for its live numbers, too.'), at: moment('As it stood at this moment.'), gone: flag('Also one that is gone, as it stood at its end.') },
    tagged: true,
    reply: closed({ pool: PoolBody }, {}),
  }),
  getPoolHistory: read({
    path: '/pools/{pool}/history',
    tag,
    summary: 'List everything that ever happened to a pool, oldest first',
    reply: closed({ events: t.readonlyArray(EventBody) }, {}),
  }),
  registerPool: change({
    method: 'POST',
    path: '/pools',
    tag,
    role,
    summary: 'Register a pool of a configured backend',
    example: { pool: { name: 'fast', backend: 'ceph', pool_name: 'vols' } },
    body: closed({ pool: NewPool }, {}),
    replies,
  }),
  updatePool: change({ method: 'PATCH', path: '/pools/{pool}', tag, role, summary: 'Change how far a pool may be over-subscribed', body: closed({ pool: PoolPatch }, {}), replies, matchable: true }),
  retirePool: change({ method: 'DELETE', path: '/pools/{pool}', tag, role, summary: 'Retire a pool that holds nothing', replies, matchable: true }),
  pausePool: change({ method: 'POST', path: '/pools/{pool}:pause', tag, role, summary: 'Keep the work of a pool and do not run it', body: closed({ pool: PauseBody }, {}), replies, matchable: true }),
  resumePool: change({ method: 'POST', path: '/pools/{pool}:resume', tag, role, summary: 'Run the work of a pool again', replies, matchable: true }),
  reportPoolHealth: change({
    method: 'POST',
    path: '/pools/{pool}:report-health',
    tag,
    role,
    summary: 'Say how a pool is',
    description: 'New volumes are refused as `PoolIsUnhealthy` while it is in `error`; what is there goes on. Nobody reports it by itself: monitoring does, or an operator.',
    example: { pool: { health: 'online' } },
    body: closed({ pool: HealthBody }, {}),
    replies,
    matchable: true,
  }),
  acceptRestoredLog: immediate({
    method: 'POST',
    path: '/pools/{pool}:accept-restored-log',
    tag,
    role,
    summary: 'Take a log that was restored from an old backup as the truth for a pool',
    description: 'Its destructive work, which waits since the backend is ahead of the log, runs again.',
    replies: { 200: DoneBody },
  }),
} as const;
