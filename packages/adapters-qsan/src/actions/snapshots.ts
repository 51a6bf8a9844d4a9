/** Takes and removes snapshots (S1-11, R-11). */
import * as E from 'fp-ts/lib/Either.js';
import { type ActionOf, type BackendResult, type Bytes, permanent, type VolumeRef } from '@blockledger/domain';
import { SnapshotAnswer } from '../codecs.ts';
import { portErrorOf, STATUS } from '../errors.ts';
import { volumeName } from '../names.ts';
import { rightPlace } from '../place.ts';
import { createSnapshot, deleteSnapshot, type SnapshotOf } from '../requests.ts';
import { type Eventually, isUnknown, parse, say, type Session } from '../session.ts';
import { existing, readSnapshot, readVolume, snapshotOf, surelyGone, volumeMissing } from './look.ts';

const resultOf = ({ size }: SnapshotAnswer): BackendResult => ({ exists: true, sizeBytes: size as Bytes });

/** Takes the snapshot. One that is there already is the one of an earlier attempt: its name is an id. */
export async function ensureSnapshot(session: Session, { volume, snapshotId }: ActionOf<'ensureSnapshot'>): Eventually<BackendResult> {
  const source = await existing(session, volume);
  if (E.isLeft(source)) return source;
  const of = snapshotOf(volume, snapshotId);
  const before = await readSnapshot(session, of);
  if (E.isLeft(before)) return before;
  if (before.right !== undefined) return E.right(resultOf(before.right));
  const request = createSnapshot(of);
  const said = await say(session, request, [STATUS.conflict, STATUS.notFound]);
  if (E.isLeft(said)) {
    if (!isUnknown(said.left)) return said;
    session.proofs.unsettle(of.snapshot);
    if (said.left._tag === 'Cancelled') return said;
  } else if (said.right.status === STATUS.notFound) {
    return E.left(volumeMissing(volume));
  } else if (said.right.status !== STATUS.conflict) {
    const made = parse(SnapshotAnswer, request, said.right);
    if (E.isRight(made) && made.right.name === of.snapshot) return E.right(resultOf(made.right));
  }
  const after = await readSnapshot(session, of);
  if (E.isRight(after) && after.right !== undefined) return E.right(resultOf(after.right));
  if (E.isLeft(said)) return said;
  return E.isLeft(after) ? after : E.left(portErrorOf(request, said.right));
}

/** Removes one snapshot. The array refuses only what something is made of: a clone that is not its own yet. */
export async function removeSnapshot(session: Session, volume: VolumeRef, of: SnapshotOf): Eventually<void> {
  const removed = await say(session, deleteSnapshot(of), [STATUS.notFound, STATUS.conflict]);
  if (E.isLeft(removed)) return removed;
  if (removed.right.status === STATUS.conflict) return E.left(permanent('HasClones', `${of.snapshot} of ${of.volume} is in use: the array keeps it for what was made of it`));
  const left = await readSnapshot(session, of);
  if (E.isLeft(left)) return left;
  if (left.right !== undefined) return E.left({ _tag: 'Retryable', code: 'NotAsWanted', message: `${of.snapshot} was removed, and is still there`, outcomeUnknown: true });
  return surelyGone(session, volume, [of.snapshot]);
}

/** Removes the snapshot. A volume or a snapshot that is not there is no error, on the right array. */
export async function ensureSnapshotGone(session: Session, { volume, snapshotId }: ActionOf<'ensureSnapshotGone'>): Eventually<BackendResult> {
  const place = await rightPlace(session, volume.placement);
  if (E.isLeft(place)) return place;
  const found = await readVolume(session, volume);
  if (E.isLeft(found)) return found;
  const of = snapshotOf(volume, snapshotId);
  const gone = found.right === undefined ? await surelyGone(session, volume, [volumeName(volume.volumeId), of.snapshot]) : await removeSnapshot(session, volume, of);
  return E.map((): BackendResult => ({}))(gone);
}
