/** Looking at a volume and its snapshots: by name, for nothing can be listed (S1-42). Changes nothing. */
import * as E from 'fp-ts/lib/Either.js';
import { type ActionOf, type BackendResult, type Bytes, permanent, type PortError, type SeenSnapshot, type SeenVolume, type SnapshotId, type VolumeRef } from '@blockledger/domain';
import { SnapshotAnswer, VolumeAnswer } from '../codecs.ts';
import { mismatch, notConclusive } from '../errors.ts';
import { snapshotName, volumeName } from '../names.ts';
import { rightPlace } from '../place.ts';
import { showSnapshot, showVolume, type SnapshotOf } from '../requests.ts';
import { ask, type Eventually, type Session } from '../session.ts';

/** There is no such volume. */
export const absent: BackendResult = { exists: false };

/** The generation of every volume of an array: it knows no other. */
export const GENERATION = 'v3';

/** The answer of an action that needs a volume where there is none. */
export const volumeMissing = ({ volumeId }: VolumeRef): PortError => permanent('VolumeMissing', `the array has no ${volumeName(volumeId)}`);

/** What the array says about a volume that is broken there. */
const BROKEN = 'error';

/** The names of a snapshot and its volume. */
export const snapshotOf = ({ volumeId }: VolumeRef, snapshotId: SnapshotId): SnapshotOf => ({ volume: volumeName(volumeId), snapshot: snapshotName(snapshotId) });

/** The volume, which must be where it belongs; `undefined` when the array says that there is none, which alone proves nothing. */
export async function readVolume(session: Session, { volumeId, placement }: VolumeRef): Eventually<VolumeAnswer | undefined> {
  const name = volumeName(volumeId);
  const found = await ask(session, showVolume(name), VolumeAnswer);
  if (E.isLeft(found) || found.right === undefined) return found;
  if (found.right.name !== name) return E.left(mismatch('OtherThanKnown', 'the array shows another volume than it was asked for', name, found.right.name));
  if (found.right.pool !== placement.pool) return E.left(mismatch('OtherThanKnown', `${name} is in another pool than known`, placement.pool, found.right.pool));
  session.proofs.settle(name);
  return found;
}

/** A snapshot; `undefined` when the array says that there is none. */
export async function readSnapshot(session: Session, of: SnapshotOf): Eventually<SnapshotAnswer | undefined> {
  const found = await ask(session, showSnapshot(of), SnapshotAnswer);
  if (E.isLeft(found) || found.right === undefined) return found;
  if (found.right.name !== of.snapshot || found.right.volume_name !== of.volume) {
    return E.left(mismatch('OtherThanKnown', 'the array shows another snapshot than it was asked for', of, found.right));
  }
  session.proofs.settle(of.snapshot);
  return found;
}

/**
 * Whether "not found" proves that something is gone: on the right array, with nothing under way that could still make it (I-7).
 *
 * @returns `Retryable` `NotConclusive` while the answer to a request about it is lost, `Mismatch` `WrongArray` elsewhere.
 */
export async function surelyGone(session: Session, { placement }: VolumeRef, names: readonly string[]): Eventually<void> {
  const place = await rightPlace(session, placement);
  if (E.isLeft(place)) return place;
  const waitMs = Math.max(...names.map(session.proofs.unsettledMs));
  return waitMs > 0 ? E.left(notConclusive(`${names.join(', ')}: the answer to an earlier request was lost, and it may still take effect`, waitMs)) : E.right(undefined);
}

/** A volume that must be there. */
export async function existing(session: Session, volume: VolumeRef): Eventually<VolumeAnswer> {
  const found = await readVolume(session, volume);
  if (E.isLeft(found)) return found;
  if (found.right !== undefined) return E.right(found.right);
  const gone = await surelyGone(session, volume, [volumeName(volume.volumeId)]);
  return E.isLeft(gone) ? gone : E.left(volumeMissing(volume));
}

/** A volume that is there, as the answer of an action. */
export const resultOf = ({ size }: VolumeAnswer): BackendResult => ({ exists: true, sizeBytes: size as Bytes, generation: GENERATION });

/** A volume of our name is ours: the name is all that there is (S1-42). */
export async function observe(session: Session, { volume }: ActionOf<'observe'>): Eventually<BackendResult> {
  const found = await readVolume(session, volume);
  if (E.isLeft(found)) return found;
  if (found.right !== undefined) {
    const { used_size: used } = found.right;
    return E.right({ ...resultOf(found.right), ...(used === undefined ? {} : { allocatedBytes: used as Bytes }), trashed: false, owned: true });
  }
  return E.map(() => absent)(await surelyGone(session, volume, [volumeName(volume.volumeId)]));
}

/** Those of the known snapshots that are there. */
async function seenSnapshots(session: Session, volume: VolumeRef, known: readonly SnapshotId[]): Eventually<readonly SeenSnapshot[]> {
  const seen: SeenSnapshot[] = [];
  for (const snapshotId of known) {
    const found = await readSnapshot(session, snapshotOf(volume, snapshotId));
    if (E.isLeft(found)) return found;
    if (found.right !== undefined) seen.push({ backendName: found.right.name, snapshotId, sizeBytes: found.right.size, kind: 'user' });
  }
  return E.right(seen);
}

/** One volume as it stands, with those of the known snapshots that are there. */
export async function see(session: Session, volume: VolumeRef, known: readonly SnapshotId[]): Eventually<SeenVolume | undefined> {
  const found = await readVolume(session, volume);
  if (E.isLeft(found)) return found;
  if (found.right === undefined) return E.map(() => undefined)(await surelyGone(session, volume, [volumeName(volume.volumeId)]));
  const { name, size, status } = found.right;
  const snapshots = await seenSnapshots(session, volume, known);
  return E.map((all: readonly SeenSnapshot[]): SeenVolume => ({ backendName: name, state: status === BROKEN ? 'torn' : 'whole', sizeBytes: size, snapshots: all, watchers: [] }))(snapshots);
}
