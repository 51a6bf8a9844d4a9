/** Which cluster and which pool this is. ENOENT from a wrong cluster looks like any other, so "gone" is believed only in the right place. */
import * as E from 'fp-ts/lib/Either.js';
import { type BackendIdentity, permanent, type Placement, type PoolStats, type PortError, retryable } from '@blockledger/domain';
import { mismatch } from './errors.ts';
import { ClusterMap, ClusterSpace, parse } from './parse.ts';
import { say, type Eventually, type Session } from './session.ts';

/** Asks the cluster who it is and for the pool's id. A pool that was deleted and made again has another id. */
export async function identify(session: Session, { pool, dataPool }: Placement): Eventually<BackendIdentity> {
  const map = await clusterMap(session);
  if (E.isLeft(map)) return map;
  const idOf = (name: string): number | undefined => map.right.pools.find(({ pool_name }) => pool_name === name)?.pool;
  const [head, data] = [idOf(pool), dataPool === undefined ? undefined : idOf(dataPool)];
  if (head === undefined) return E.left(permanent('PoolMissing', `Cluster ${map.right.fsid} has no pool ${pool}.`));
  if (dataPool !== undefined && data === undefined) return E.left(permanent('PoolMissing', `Cluster ${map.right.fsid} has no pool ${dataPool}.`));
  const identity = { cluster: map.right.fsid, pool: data === undefined ? String(head) : `${head}+${data}` };
  session.proofs.rememberPlace(placeKey({ pool, dataPool }), identity);
  return E.right(identity);
}

/** Asks the cluster for its map: who it is, and its pools. */
export async function clusterMap(session: Session): Eventually<ClusterMap> {
  const command = session.dialect.cluster();
  const answer = await say(session, command);
  return E.isLeft(answer) ? answer : parse(ClusterMap, command.summary, answer.right.stdout);
}

interface PlaceNames {
  readonly pool: string;
  readonly dataPool: string | undefined;
}

const placeKey = ({ pool, dataPool }: PlaceNames): string =>
  dataPool === undefined ? pool : `${pool}+${dataPool}`;

/**
 * Makes sure that this is the place that it was, by a proof not older than `proofMs`.
 *
 * @returns `Mismatch` `WrongCluster` otherwise; then nothing may be destroyed or held for gone.
 */
export async function rightPlace(session: Session, placement: Placement): Eventually<BackendIdentity> {
  const key = placeKey({ pool: placement.pool, dataPool: placement.dataPool });
  const expected = session.proofs.pinned(key);
  const lately = session.proofs.place(key);
  const found = lately === undefined ? await identify(session, placement) : E.right(lately);
  if (E.isLeft(found) || expected === undefined) return found;
  return expected.cluster === found.right.cluster && expected.pool === found.right.pool
    ? found
    : E.left(mismatch('WrongCluster', `Pool ${placement.pool} is not where it was: another cluster, or another pool of that name.`, expected, found.right));
}

/** The manager collects the numbers; without one, or in its first seconds, there are none for any pool. For a pool that is not there they never come. */
async function whyNoNumbers(session: Session, { pool, dataPool }: PlaceNames): Promise<PortError> {
  const map = await clusterMap(session);
  if (E.isLeft(map)) return map.left;
  const name = dataPool ?? pool;
  return map.right.pools.some(({ pool_name }) => pool_name === name)
    ? retryable('NoStatistics', `The cluster reports no numbers for pool ${name}.`)
    : permanent('PoolMissing', `Cluster ${map.right.fsid} has no pool ${name}.`);
}

/** The space of a pool; of the data pool where there is one, because the head's holds hardly anything. */
export async function stats(session: Session, { pool, dataPool }: Placement, nowMs: () => number): Eventually<PoolStats> {
  const command = session.dialect.space();
  const atMs = nowMs();
  const answer = await say(session, command);
  if (E.isLeft(answer)) return answer;
  const space = parse(ClusterSpace, command.summary, answer.right.stdout);
  if (E.isLeft(space)) return space;
  const row = space.right.pools.find(({ name }) => name === (dataPool ?? pool));
  if (row === undefined) return E.left(await whyNoNumbers(session, { pool, dataPool }));
  const { stored: usedBytes, max_avail: freeBytes } = row.stats;
  return E.right({ totalBytes: usedBytes + freeBytes, usedBytes, freeBytes, atMs });
}
