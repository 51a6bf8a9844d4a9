/** Pools (S1-15), the array itself (S1-16) and its portals (S1-20). */
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import { param, shows, type Endpoint } from '../asking.ts';
import { spaceOf } from '../state.ts';
import { poolNamed } from './space.ts';

const MS = 1000;

export const getPool: Endpoint = (state, asked) =>
  pipe(
    poolNamed(state, param(asked, 'pool')),
    E.chain((pool) => {
      const { totalBytes, freeBytes, usedBytes } = spaceOf(state, pool);
      const { id, name, status, raidType, diskCount } = pool;
      return shows(state, { id, name, total_capacity: totalBytes, free_capacity: freeBytes, used_capacity: usedBytes, status, raid_type: raidType, disk_count: diskCount });
    }),
  );

export const getSystem: Endpoint = (state, { atMs }, { system }) =>
  shows(state, {
    model: system.model,
    serial_number: system.serialNumber,
    version: system.version,
    iscsi_iqn_prefix: system.iqnPrefix,
    hostname: system.hostname,
    uptime: Math.floor((atMs - system.startedAtMs) / MS),
    status: 'healthy',
  });

/** Addresses alone: whoever logs in adds the port. */
export const getPortals: Endpoint = (state, _asked, { portals }) => shows(state, { portals });
