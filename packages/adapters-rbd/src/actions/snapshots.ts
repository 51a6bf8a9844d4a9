/** Makes and removes snapshots (S0-63, R-11). */
import * as E from 'fp-ts/lib/Either.js';
import { type ActionOf, type BackendResult, type Bytes, permanent, type VolumeRef } from '@blockledger/domain';
import { EXIT, portErrorOf, sharedFault } from '../errors.ts';
import { snapshotKey, snapshotText } from '../marks.ts';
import { snapshotName, type SnapshotOf } from '../names.ts';
import { imageOf, ourMetas, provedOurs } from '../observe.ts';
import { SnapshotRows } from '../parse.ts';
import { rightPlace } from '../place.ts';
import { ask, both, say, type Eventually, type Session } from '../session.ts';
import { clonesOf, finishRemoval, hasClones } from './hidden.ts';
import { measured, volumeMissing } from './result.ts';

/** Takes the snapshot, and writes its display name beside. One that is there already is the one of an earlier attempt: its name is an id. */
export async function ensureSnapshot(session: Session, action: ActionOf<'ensureSnapshot'>): Eventually<BackendResult> {
  const { dialect } = session;
  const { volume, snapshotId, name, internal } = action;
  const image = imageOf(volume);
  const owned = await provedOurs(session, volume);
  if (E.isLeft(owned)) return owned;
  if (owned.right === 'absent') return E.left(volumeMissing(volume));
  // The name may be written before the snapshot is there: it is found only through the snapshot.
  const taken = await both(
    say(session, dialect.snapshotCreate({ image, snapshot: snapshotName(snapshotId) }), [EXIT.exists, EXIT.notFound]),
    say(session, dialect.metaSet(image, snapshotKey(snapshotId), snapshotText(name, internal)), [EXIT.notFound]),
  );
  if (E.isLeft(taken)) return taken;
  if (taken.right.some(({ exitCode }) => exitCode === EXIT.notFound)) {
    session.proofs.forget(volume);
    return E.left(volumeMissing(volume));
  }
  const sizeBytes = await sizeOf(session, { image, snapshot: snapshotName(snapshotId) });
  if (E.isLeft(sizeBytes)) return sizeBytes;
  return measured(session, volume, { exists: true, sizeBytes: sizeBytes.right }, snapshotName(snapshotId));
}

/** A clone of the snapshot will have this size, and so will the volume after a rollback to it (V-5): the volume's own may have changed meanwhile. */
async function sizeOf(session: Session, { image, snapshot }: SnapshotOf): Eventually<Bytes> {
  const rows = await ask(session, session.dialect.snapshotList(image), SnapshotRows);
  if (E.isLeft(rows)) return rows;
  const row = rows.right?.find(({ name }) => name === snapshot);
  return row === undefined ? E.left(permanent('SnapshotMissing', `${snapshot} is not there although it was taken.`)) : E.right(row.size as Bytes);
}

/** Removes the snapshot and its display name. A volume or a snapshot that is not there is no error, in the right cluster. */
export async function ensureSnapshotGone(session: Session, { volume, snapshotId }: ActionOf<'ensureSnapshotGone'>): Eventually<BackendResult> {
  const place = await rightPlace(session, volume.placement);
  if (E.isLeft(place)) return place;
  const metas = await ourMetas(session, volume);
  if (E.isLeft(metas)) return metas;
  if (metas.right === undefined) return E.right({});
  const removed = await removeSnapshot(session, volume, snapshotName(snapshotId));
  if (E.isLeft(removed)) return removed;
  const key = snapshotKey(snapshotId);
  const forgotten = key in metas.right ? await say(session, session.dialect.metaRemove(imageOf(volume), key), [EXIT.notFound]) : removed;
  return E.isLeft(forgotten) ? forgotten : E.right({});
}

/**
 * Removes one snapshot of an image that is proved ours, also one that an earlier removal left hidden.
 *
 * Upstream lets a snapshot with clones of format 2 be unprotected and removed (it stays, hidden), so clones are asked for before.
 *
 * @returns `Permanent` `HasClones` with the clones' names.
 */
export async function removeSnapshot(session: Session, volume: VolumeRef, snapshot: string): Eventually<void> {
  const { dialect } = session;
  const at: SnapshotOf = { image: imageOf(volume), snapshot };
  const clones = await clonesOf(session, dialect.children(at));
  if (E.isLeft(clones)) return clones;
  if (clones.right === undefined) return finishRemoval(session, at);
  if (clones.right.length > 0) return E.left(hasClones(snapshot, clones.right));
  const remove = dialect.snapshotRemove(at);
  const first = await say(session, remove, [EXIT.notFound, EXIT.busy]);
  if (E.isLeft(first)) return first;
  if (first.right.exitCode === EXIT.notFound) return finishRemoval(session, at);
  if (first.right.exitCode === EXIT.ok) return E.right(undefined);
  if (sharedFault(first.right) !== 'snapshotProtected') return E.left(portErrorOf(remove.summary, first.right, session.settings));
  const unprotected = await unprotect(session, at);
  if (E.isLeft(unprotected)) return unprotected;
  const second = await say(session, remove, [EXIT.notFound]);
  if (E.isLeft(second)) return second;
  return second.right.exitCode === EXIT.notFound ? finishRemoval(session, at) : E.right(undefined);
}

async function unprotect(session: Session, at: SnapshotOf): Eventually<void> {
  const command = session.dialect.snapshotUnprotect(at);
  const said = await say(session, command, [EXIT.invalid, EXIT.notFound]);
  if (E.isLeft(said)) return said;
  if (said.right.exitCode === EXIT.invalid && sharedFault(said.right) !== 'notProtected') {
    return E.left(portErrorOf(command.summary, said.right, session.settings));
  }
  return E.right(undefined);
}
