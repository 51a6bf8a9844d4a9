/** Removes a volume with the snapshots that the log allows, and nothing else (S0-56, S0-57, R-8, V-3, V-8, V-13). */
import * as E from 'fp-ts/lib/Either.js';
import type { ActionOf, BackendResult, VolumeRef } from '@blockledger/domain';
import { EXIT, mismatch } from '../errors.ts';
import { snapshotName } from '../names.ts';
import { imageOf, nobodyHolds, notOurs, ownership, readInfo, readMetas, readUsage } from '../observe.ts';
import { SnapshotRows } from '../parse.ts';
import { rightPlace } from '../place.ts';
import { ask, both, say, sayLong, type Eventually, type Session } from '../session.ts';
import { isHidden, removeHidden } from './hidden.ts';
import { absent } from './result.ts';
import { removeSnapshot } from './snapshots.ts';
import { findTrashed, provedTrashed } from './trash.ts';

type Removal = ActionOf<'ensureVolumeGone'>;

/**
 * Removes the volume, wherever it is. `rbd info` saying ENOENT proves nothing, since a removal that died leaves an image that only `rbd ls`
 * and `rbd rm` know: "gone" is what `rbd rm` itself says, in the right cluster, with nothing of ours in the trash (I-7).
 */
export async function ensureVolumeGone(session: Session, action: Removal): Eventually<BackendResult> {
  const { volume } = action;
  const place = await rightPlace(session, volume.placement);
  if (E.isLeft(place)) return place;
  const metas = await readMetas(session, imageOf(volume));
  if (E.isLeft(metas)) return metas;
  session.proofs.forget(volume);
  if (metas.right === undefined) return withoutHeader(session, action);
  const owner = ownership(metas.right, volume, session.context.installationId);
  if (owner._tag === 'Foreign') return E.left(owner.error);
  if (owner._tag !== 'Ours' && !(await isNewborn(session, volume))) return E.left(notOurs(owner));
  return removeImage(session, action);
}

/** Removes snapshots where there are any, then the image. Most have none, and `rbd rm` says so itself. */
async function removeImage(session: Session, action: Removal): Eventually<BackendResult> {
  if (action.snapshots.length > 0) {
    const cleared = await removeSnapshots(session, action);
    if (E.isLeft(cleared)) return cleared;
  }
  const removed = await remove(session, action, [EXIT.notEmpty]);
  if (E.isLeft(removed)) return removed;
  if (removed.right !== EXIT.notEmpty) return E.right(absent);
  const cleared = await removeSnapshots(session, action);
  if (E.isLeft(cleared)) return cleared;
  const again = await remove(session, action, []);
  return E.isLeft(again) ? again : E.right(absent);
}

/** `rbd rm`. Held by a watcher it is `Busy`, with the holders named (I-30). */
async function remove(session: Session, { volume }: Removal, fine: readonly number[]): Eventually<number> {
  const image = imageOf(volume);
  const removed = await sayLong(session, session.dialect.remove(image), image, [EXIT.notFound, EXIT.busy, ...fine]);
  if (E.isLeft(removed)) return removed;
  if (removed.right.exitCode !== EXIT.busy) return E.right(removed.right.exitCode);
  const held = await nobodyHolds(session, image);
  return E.isLeft(held)
    ? held
    : E.left({ _tag: 'Retryable', code: 'Busy', message: `${image.name} was held.`, outcomeUnknown: false, watchers: [], retryAfterMs: session.settings.watchTimeoutMs });
}

/** Removes the known snapshots, and hidden ones without clones. One that the log does not know stops everything, before anything is removed. */
async function removeSnapshots(session: Session, { volume, snapshots }: Removal): Eventually<void> {
  const rows = await ask(session, session.dialect.snapshotList(imageOf(volume)), SnapshotRows);
  if (E.isLeft(rows)) return rows;
  const known = new Set(snapshots.map(snapshotName));
  const found = rows.right ?? [];
  const visible = found.filter((row) => !isHidden(row));
  const unknown = visible.filter(({ name, namespace }) => !known.has(name) || (namespace?.type ?? 'user') !== 'user');
  if (unknown.length > 0) {
    const names = unknown.map(({ name }) => name);
    return E.left(mismatch('UnexpectedSnapshot', `The image has snapshots that are not known: ${names.join(', ')}.`, [...known], names));
  }
  const unhidden = await removeHidden(session, imageOf(volume), found);
  if (E.isLeft(unhidden)) return unhidden;
  for (const { name } of visible) {
    const removed = await removeSnapshot(session, volume, name);
    if (E.isLeft(removed)) return removed;
  }
  return E.right(undefined);
}

/** No header can be read: gone, half removed, half made, or in the trash. */
async function withoutHeader(session: Session, action: Removal): Eventually<BackendResult> {
  const { volume } = action;
  const trashed = await findTrashed(session, volume);
  if (E.isLeft(trashed)) return trashed;
  if (trashed.right !== undefined) {
    const proved = await provedTrashed(session, volume, trashed.right);
    if (E.isLeft(proved)) return proved;
    // Out of the trash it is removed like any other. A restored image of a volume that is being deleted is seen by nobody.
    const restored = await say(session, session.dialect.trashRestore(volume.placement.pool, trashed.right));
    return E.isLeft(restored) ? restored : removeImage(session, action);
  }
  const removed = await remove(session, action, []);
  return E.isLeft(removed) ? removed : E.right(absent);
}

/** An image of our name without our identity may go if its maker died before it was marked: no snapshot, nobody holds it, no data. */
async function isNewborn(session: Session, volume: VolumeRef): Promise<boolean> {
  const image = imageOf(volume);
  const [info, looked] = await Promise.all([readInfo(session, image), both(nobodyHolds(session, image), readUsage(session, image))]);
  if (E.isLeft(info) || E.isLeft(looked)) return false;
  return info.right !== undefined && (info.right.snapshot_count ?? 0) === 0 && (looked.right[1] ?? 1) === 0;
}
