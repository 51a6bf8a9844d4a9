/** Which array and which pool this is. A 404 from a wrong array looks like any other, so "gone" is believed only in the right place. */
import * as E from 'fp-ts/lib/Either.js';
import { type BackendIdentity, permanent, type Placement, type PoolStats } from '@blockledger/domain';
import { PoolAnswer, SystemAnswer } from './codecs.ts';
import { mismatch } from './errors.ts';
import { showPool, showSystem } from './requests.ts';
import { ask, type Eventually, parse, say, type Session } from './session.ts';

/** Who the array is (S1-16). */
export async function systemOf(session: Session): Eventually<SystemAnswer> {
  const answer = await say(session, showSystem);
  return E.isLeft(answer) ? answer : parse(SystemAnswer, showSystem, answer.right);
}

/** A pool of the array (S1-15). */
export async function poolOf(session: Session, pool: string): Eventually<PoolAnswer> {
  const found = await ask(session, showPool(pool), PoolAnswer);
  if (E.isLeft(found)) return found;
  return found.right === undefined ? E.left(permanent('PoolMissing', `the array has no pool ${pool}`)) : E.right(found.right);
}

/** Asks the array for its serial number, and for the pool's id. A pool that was deleted and made again has another id. */
export async function identify(session: Session, { pool }: Placement): Eventually<BackendIdentity> {
  const [system, found] = await Promise.all([systemOf(session), poolOf(session, pool)]);
  if (E.isLeft(system)) return system;
  if (E.isLeft(found)) return found;
  const identity = { cluster: system.right.serial_number, pool: found.right.id };
  session.proofs.rememberPlace(pool, identity);
  return E.right(identity);
}

/**
 * Makes sure that this is the place that it was, by a proof not older than `proofMs`.
 *
 * @returns `Mismatch` `WrongArray` otherwise; then nothing may be destroyed or held for gone.
 */
export async function rightPlace(session: Session, placement: Placement): Eventually<BackendIdentity> {
  const { proofs } = session;
  const { pool } = placement;
  const expected = proofs.pinned(pool);
  const lately = proofs.place(pool);
  const found = lately === undefined ? await identify(session, placement) : E.right(lately);
  if (E.isLeft(found) || expected === undefined) return found;
  return expected.cluster === found.right.cluster && expected.pool === found.right.pool
    ? found
    : E.left(mismatch('WrongArray', `pool ${pool} is not where it was: another array, or another pool of that name`, expected, found.right));
}

/** The space of a pool (S1-15, R-3). */
export async function stats(session: Session, { pool }: Placement): Eventually<PoolStats> {
  const atMs = session.settings.nowMs();
  const found = await poolOf(session, pool);
  if (E.isLeft(found)) return found;
  const { total_capacity: totalBytes, free_capacity: freeBytes, used_capacity: usedBytes = Math.max(0, totalBytes - freeBytes) } = found.right;
  return E.right({ totalBytes, usedBytes, freeBytes, atMs });
}
