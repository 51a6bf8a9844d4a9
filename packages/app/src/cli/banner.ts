/** What the service says on the screen when it is up. */
import { isLoopback } from '../http/access/loopback.ts';
import type { HostView } from '../queries/pathViews.ts';
import type { PoolView } from '../queries/views.ts';
import { OUTSIDE_NAME } from './outsideToken.ts';
import type { Settings } from './settings.ts';

const curl = (method: string, url: string, token: string, body?: object): string => {
  const data = body === undefined ? '' : ` \\\n    -H 'Content-Type: application/json' \\\n    -d '${JSON.stringify(body)}'`;
  return `  curl -sS -X ${method} ${url} \\\n    -H "Xms-Auth-Token: ${token}"${data}`;
};

/** A pool that is here, and whether its backend has all that the source's own volume has. */
interface FirstPool {
  readonly id: number;
  readonly hasAll: boolean;
}

const QOS = { burst_total_bw: 2_097_152_000, burst_total_iops: 200_000, max_total_bw: 1_048_576_000, max_total_iops: 100_000 };

/** The source's own volume (S0-12); a plain one where the pool cannot have it, as on an array. */
const volumeIn = ({ id, hasAll }: FirstPool): object => {
  const plain = { name: 'volume1', pool_id: id, size: 107_374_182_400 };
  return { block_volume: hasAll ? { format: 129, name: plain.name, performance_priority: 0, pool_id: id, qos: QOS, qos_enabled: true, size: plain.size } : plain };
};

const requests = (url: string, token: string, pool: FirstPool): readonly string[] => [
  '',
  'Create a volume of 100 GiB:',
  curl('POST', `${url}/api/v1/block-volumes`, token, volumeIn(pool)),
  '',
  'Take a snapshot of it:',
  curl('POST', `${url}/api/v1/block-snapshots`, token, { block_snapshot: { block_volume_id: 1, name: 'volume1_snap' } }),
  '',
  'See what was done:',
  curl('GET', `'${url}/api/v1/tasks?limit=-1'`, token),
];

const poolLine = (pool: PoolView): string =>
  `  pool ${pool.number ?? '–'}  ${pool.name} (${pool.poolType}, ${pool.status}) on ${pool.placement.backend}/${pool.placement.pool}`;

const hostLine = (host: HostView): string => {
  const serves = [...(host.targets === null ? [] : [`targets by ${host.targets}`]), ...(host.vips === null ? [] : [`virtual IPs by ${host.vips}`])].join(', ');
  return `  host ${host.number ?? '–'}  ${host.name} (${host.status})${serves === '' ? '' : `: ${serves}`}`;
};

/** What the service serves with. */
export interface Known {
  readonly pools: readonly PoolView[];
  readonly hosts: readonly HostView[];
}

const named = (names: readonly string[]): string => names.map((name) => `token:${name}`).join(', ');

const tokenLine = ({ tokens, tokenFrom, madeToken }: Settings): string => {
  if (madeToken !== undefined) return `${madeToken}  (for this run)`;
  if (tokenFrom === undefined) return `those of the configuration (${named(Object.keys(tokens))})`;
  const others = Object.keys(tokens).filter((name) => name !== OUTSIDE_NAME);
  return `that of ${tokenFrom} (token:${OUTSIDE_NAME}: admin, all tenants)${others.length === 0 ? '' : `, and those of the configuration (${named(others)})`}`;
};

const hasAll = ({ config: { backends } }: Settings, { placement: { backend } }: PoolView): boolean => {
  const can = backends[backend]?.capabilities;
  return can?.qos === true && can.generations.includes('v3adv');
};

/** A token that somebody else chose is not shown: it is theirs. */
export const banner = (settings: Settings, url: string, { pools, hosts }: Known): string => {
  const shown = settings.madeToken ?? '$BLOCKLEDGER_TOKEN';
  const first = pools.flatMap((pool) => (pool.poolType === 'replicated' && pool.number !== null ? [{ id: pool.number, hasAll: hasAll(settings, pool) }] : []))[0];
  return [
    `Blockledger is listening on ${url}`,
    ...(url.startsWith('http:') && !isLoopback(settings.host) ? ['  WARNING: not encrypted, and not on loopback only: whoever is on the network in between can read the tokens.'] : []),
    ...(settings.config.notice === undefined ? [] : [settings.config.notice]),
    `  store  ${settings.store.shown}`,
    `  token  ${tokenLine(settings)}`,
    ...pools.map(poolLine),
    ...hosts.map(hostLine),
    ...(first === undefined ? [] : requests(url, shown, first)),
    '',
    'Ctrl-C stops it.',
    '',
  ].join('\n');
};
