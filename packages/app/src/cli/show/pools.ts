/** Pools and backends for people. */
import { capabilityWords } from '@blockledger/domain';
import type { BackendBody } from '../../api/bodies/backend.ts';
import type { PoolBody } from '../../api/bodies/pool.ts';
import type { Io } from '../frame/io.ts';
import type { Column } from '../frame/table.ts';
import { sizeText } from './sizes.ts';
import { paintState } from './states.ts';

const poolState = ({ status, health, paused }: PoolBody): string => [status, ...(health === 'online' ? [] : [health]), ...(paused === null ? [] : ['paused'])].join(', ');

/** The columns of a list. */
export const poolColumns = (io: Io): readonly Column<PoolBody>[] => [
  { title: 'ID', cell: ({ id }) => String(id ?? '?'), align: 'right' },
  { title: 'NAME', cell: ({ name }) => name, elastic: true },
  { title: 'TYPE', cell: ({ pool_type: type }) => type },
  { title: 'STATUS', cell: poolState, paint: paintState(io.screen) },
  { title: 'ON', cell: ({ backend, pool_name: pool }) => `${backend}/${pool}`, elastic: true },
  { title: 'VOLUMES', cell: ({ block_volume_num: count }) => String(count), align: 'right' },
  { title: 'PROMISED', cell: ({ provisioned_size: size }) => sizeText(io, size), align: 'right' },
];

const live = (io: Io, { stats, stats_problem: problem }: PoolBody): string => {
  if (stats === null || stats === undefined) return problem === undefined ? io.screen.glyphs.dash : `not known: ${problem.detail}`;
  return `${sizeText(io, stats.used_size)} of ${sizeText(io, stats.total_size)} used, ${sizeText(io, stats.free_size)} free`;
};

/** Everything about one. */
export const poolFields = (io: Io): readonly Column<PoolBody>[] => [
  { title: 'ID', cell: ({ id }) => String(id ?? '?') },
  { title: 'UUID', cell: ({ uuid }) => uuid },
  { title: 'Name', cell: ({ name }) => name },
  { title: 'Status', cell: poolState, paint: paintState(io.screen) },
  { title: 'Paused', cell: ({ paused }) => paused ?? 'no' },
  { title: 'Type', cell: ({ pool_type: type }) => type },
  { title: 'Backend', cell: ({ backend, backend_present: present }) => `${backend}${present ? '' : ' (not here)'}` },
  { title: 'Pool there', cell: ({ pool_name: pool, data_pool_name: data }) => (data === null ? pool : `${pool}, data in ${data}`) },
  { title: 'Cluster', cell: ({ cluster }) => cluster ?? io.screen.glyphs.dash },
  { title: 'Space', cell: (pool) => live(io, pool) },
  { title: 'Promised', cell: ({ provisioned_size: size, over_subscription_ratio: ratio }) => `${sizeText(io, size)}, at most ${ratio} times the total` },
  { title: 'Volumes', cell: ({ block_volume_num: count }) => String(count) },
];

const backendState = ({ present, paused }: BackendBody): string => (paused !== null ? 'paused' : present ? 'active' : 'absent');

/** The columns of a list of backends. */
export const backendColumns = (io: Io): readonly Column<BackendBody>[] => [
  { title: 'NAME', cell: ({ name }) => name, elastic: true },
  { title: 'TYPE', cell: ({ type }) => type ?? '?' },
  { title: 'STATUS', cell: backendState, paint: paintState(io.screen) },
  { title: 'POOLS', cell: ({ pools }) => pools.map(({ name }) => name).join(', ') || io.screen.glyphs.dash, elastic: true },
  { title: 'RUNNING', cell: ({ calls }) => String(calls.length), align: 'right' },
  { title: 'WAITING', cell: ({ waiting, queued }) => String(waiting + queued), align: 'right' },
];

/** What goes on behind "can": those that are there, and mutual CHAP in whichever way it is. */
const canText = (capabilities: Readonly<Record<string, unknown>>): string =>
  Object.entries(capabilities)
    .filter(([name, value]) => value === true || (name === 'mutualChap' && value !== 'none'))
    .map(([name]) => capabilityWords(name))
    .join(', ');

/** Everything about one backend. */
export const backendFields = (io: Io): readonly Column<BackendBody>[] => [
  { title: 'Name', cell: ({ name }) => name },
  { title: 'Type', cell: ({ type }) => type ?? '?' },
  { title: 'Status', cell: backendState, paint: paintState(io.screen) },
  { title: 'Paused', cell: ({ paused }) => paused?.reason ?? 'no' },
  { title: 'Pools', cell: ({ pools }) => pools.map(({ name, id }) => `${name} (${id ?? '?'})`).join(', ') || io.screen.glyphs.dash },
  { title: 'Running', cell: ({ calls }) => calls.map(({ step }) => step).join(', ') || 'nothing' },
  { title: 'Waiting', cell: ({ waiting, queued }) => `${waiting + queued}` },
  { title: 'Can', cell: ({ capabilities, targets }) => (capabilities === null ? (targets === null ? '?' : io.screen.glyphs.dash) : canText(capabilities)) },
  { title: 'Targets', cell: ({ targets }) => (targets === null ? io.screen.glyphs.dash : `can ${canText(targets.capabilities)}`) },
];
