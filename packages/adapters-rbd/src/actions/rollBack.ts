/** Rolls a volume back (S0-50, R-22). The one action that hurts when done twice under somebody's feet, so nobody may hold the image. */
import * as E from 'fp-ts/lib/Either.js';
import { type ActionOf, type BackendResult, permanent } from '@blockledger/domain';
import { mismatch } from '../errors.ts';
import { snapshotName } from '../names.ts';
import { imageOf, nobodyHolds, ourMetas } from '../observe.ts';
import { SnapshotRows } from '../parse.ts';
import { rightPlace } from '../place.ts';
import { ask, both, sayLong, type Eventually, type Session } from '../session.ts';
import { infoOf, measured, resultOf, volumeMissing } from './result.ts';

/**
 * Needs the backup snapshot, no watcher and no lock; then rolls back and reads the size, which becomes the snapshot's (V-5).
 * A torn rollback is told by nothing on the backend: the log knows it, and this is simply done again.
 */
export async function rollBack(session: Session, { volume, snapshotId, backupSnapshotId }: ActionOf<'rollBack'>): Eventually<BackendResult> {
  const { dialect } = session;
  const image = imageOf(volume);
  const place = await rightPlace(session, volume.placement);
  if (E.isLeft(place)) return place;
  const metas = await ourMetas(session, volume);
  if (E.isLeft(metas)) return metas;
  const looked = await both(nobodyHolds(session, image), ask(session, dialect.snapshotList(image), SnapshotRows));
  if (E.isLeft(looked)) return looked;
  const [, rows] = looked.right;
  if (metas.right === undefined || rows === undefined) return E.left(volumeMissing(volume));
  const has = (name: string): boolean => rows.some((row) => row.name === name);
  if (!has(snapshotName(snapshotId))) return E.left(permanent('SnapshotMissing', `There is no ${snapshotName(snapshotId)} to roll back to.`));
  if (!has(snapshotName(backupSnapshotId))) {
    return E.left(mismatch('BackupMissing', `There is no ${snapshotName(backupSnapshotId)}, the backup; nothing was rolled back.`));
  }
  const rolled = await sayLong(session, dialect.snapshotRollback({ image, snapshot: snapshotName(snapshotId) }), image);
  if (E.isLeft(rolled)) return rolled;
  const info = await infoOf(session, volume);
  return E.isLeft(info) ? info : measured(session, volume, resultOf(info.right));
}
