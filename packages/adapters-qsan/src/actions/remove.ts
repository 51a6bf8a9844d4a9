/** Removes a volume with the snapshots that the log knows (S1-7, R-8). The array cannot list others; it refuses, or they go with the volume. */
import * as E from 'fp-ts/lib/Either.js';
import type { ActionOf, BackendResult, PortError, VolumeRef } from '@blockledger/domain';
import { MappingAnswer, TargetAnswer } from '../codecs.ts';
import { type Answer, busy, mismatch, portErrorOf, says, STATUS, unsupported } from '../errors.ts';
import { volumeName } from '../names.ts';
import { rightPlace } from '../place.ts';
import { deleteVolume, showMapping, showTarget } from '../requests.ts';
import { ask, type Eventually, say, type Session } from '../session.ts';
import { absent, readVolume, snapshotOf, surelyGone } from './look.ts';
import { removeSnapshot } from './snapshots.ts';

/** Those who can have a volume open: the initiators that its target lets in, or the target itself. */
async function holdersOf(session: Session, name: string): Eventually<readonly string[]> {
  const mapping = await ask(session, showMapping(name), MappingAnswer);
  if (E.isLeft(mapping)) return mapping;
  if (mapping.right === undefined) return E.right([]);
  const target = await ask(session, showTarget(mapping.right.target_id), TargetAnswer);
  const { target_iqn: iqn } = mapping.right;
  return E.map((found: TargetAnswer | undefined) => (found === undefined || found.acl.length === 0 ? [iqn] : found.acl))(target);
}

/** Why the array keeps a volume. */
async function whyKept(session: Session, volume: VolumeRef, answer: Answer): Promise<PortError> {
  const name = volumeName(volume.volumeId);
  const holders = await holdersOf(session, name);
  if (E.isLeft(holders)) return holders.left;
  if (holders.right.length > 0) return busy(`${name} is mapped for ${holders.right.join(', ')}`, holders.right);
  if (says(answer, /snapshot/i)) return mismatch('UnexpectedSnapshot', `${name} has snapshots that are not known`);
  return portErrorOf(deleteVolume(name), answer);
}

async function removeVolume(session: Session, volume: VolumeRef): Eventually<BackendResult> {
  const name = volumeName(volume.volumeId);
  const removed = await say(session, deleteVolume(name), [STATUS.notFound, STATUS.conflict]);
  if (E.isLeft(removed)) return removed;
  if (removed.right.status === STATUS.conflict) return E.left(await whyKept(session, volume, removed.right));
  const left = await readVolume(session, volume);
  if (E.isLeft(left)) return left;
  if (left.right !== undefined) return E.left({ _tag: 'Retryable', code: 'NotAsWanted', message: `${name} was removed, and is still there`, outcomeUnknown: true });
  return E.map(() => absent)(await surelyGone(session, volume, [name]));
}

/** Removes the volume. One that is not there is no error, on the right array and with nothing under way that could still make it (I-7). */
export async function ensureVolumeGone(session: Session, { volume, snapshots, trashed }: ActionOf<'ensureVolumeGone'>): Eventually<BackendResult> {
  if (trashed) return E.left(unsupported('trash', 'the array has no trash'));
  const place = await rightPlace(session, volume.placement);
  if (E.isLeft(place)) return place;
  const found = await readVolume(session, volume);
  if (E.isLeft(found)) return found;
  if (found.right === undefined) return E.map(() => absent)(await surelyGone(session, volume, [volumeName(volume.volumeId)]));
  // The one that is mapped keeps its snapshots, too: nothing is half removed.
  const holders = await holdersOf(session, volumeName(volume.volumeId));
  if (E.isLeft(holders)) return holders;
  if (holders.right.length > 0) return E.left(busy(`${volumeName(volume.volumeId)} is mapped for ${holders.right.join(', ')}`, holders.right));
  for (const snapshotId of snapshots) {
    const removed = await removeSnapshot(session, volume, snapshotOf(volume, snapshotId));
    if (E.isLeft(removed)) return removed;
  }
  return removeVolume(session, volume);
}
