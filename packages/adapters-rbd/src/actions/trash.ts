/** The trash (I-28). `rbd trash mv` checks nothing: snapshots, watchers and groups are looked at before. */
import * as E from 'fp-ts/lib/Either.js';
import type { ActionOf, BackendResult, VolumeRef } from '@blockledger/domain';
import { EXIT, mismatch } from '../errors.ts';
import { readIdentity, VOLUME_KEY } from '../marks.ts';
import { imageOf, nobodyHolds, ourMetas } from '../observe.ts';
import { TrashRows } from '../parse.ts';
import { rightPlace } from '../place.ts';
import { ask, say, type Eventually, type Session } from '../session.ts';
import { infoOf, resultOf, volumeMissing } from './result.ts';

/** The id in the trash of a volume's image; `undefined` when it is not there. */
export async function findTrashed(session: Session, volume: VolumeRef): Eventually<string | undefined> {
  const rows = await ask(session, session.dialect.trashList(volume.placement.pool), TrashRows);
  const { name } = imageOf(volume);
  return E.map((found: TrashRows | undefined) => found?.find((row) => row.name === name)?.id)(rows);
}

/** Makes sure that the trashed image of this id is ours. */
export async function provedTrashed(session: Session, volume: VolumeRef, id: string): Eventually<void> {
  const answer = await say(session, session.dialect.trashedMeta(volume.placement.pool, id, VOLUME_KEY), [EXIT.usage]);
  if (E.isLeft(answer)) return answer;
  const found = answer.right.exitCode === EXIT.ok ? readIdentity(answer.right.stdout) : 'unreadable';
  const { installationId } = session.context;
  const ours = found !== 'unreadable' && found.installationId === installationId && found.identity.volumeId === volume.volumeId && found.identity.serial === volume.serial;
  return ours
    ? E.right(undefined)
    : E.left(mismatch('ForeignVolume', 'The image in the trash is not ours.', { installationId, volumeId: volume.volumeId, serial: volume.serial }, found));
}

/** Moves the volume to the trash, where it keeps its name, its data and its identity. */
export async function ensureTrashed(session: Session, { volume }: ActionOf<'ensureTrashed'>): Eventually<BackendResult> {
  const place = await rightPlace(session, volume.placement);
  if (E.isLeft(place)) return place;
  const metas = await ourMetas(session, volume);
  if (E.isLeft(metas)) return metas;
  if (metas.right === undefined) return trashedAlready(session, volume);
  const free = await nobodyHolds(session, imageOf(volume));
  if (E.isLeft(free)) return free;
  session.proofs.forget(volume);
  const moved = await say(session, session.dialect.trashMove(imageOf(volume)), [EXIT.notFound]);
  if (E.isLeft(moved)) return moved;
  return moved.right.exitCode === EXIT.ok ? E.right({ exists: true }) : trashedAlready(session, volume);
}

async function trashedAlready(session: Session, volume: VolumeRef): Eventually<BackendResult> {
  const id = await findTrashed(session, volume);
  if (E.isLeft(id)) return id;
  if (id.right === undefined) return E.left(volumeMissing(volume));
  const proved = await provedTrashed(session, volume, id.right);
  return E.isLeft(proved) ? proved : E.right({ exists: true });
}

/** Brings the volume back from the trash. */
export async function ensureRestored(session: Session, { volume }: ActionOf<'ensureRestored'>): Eventually<BackendResult> {
  const metas = await ourMetas(session, volume);
  if (E.isLeft(metas)) return metas;
  if (metas.right === undefined) {
    const id = await findTrashed(session, volume);
    if (E.isLeft(id)) return id;
    if (id.right === undefined) return E.left(volumeMissing(volume));
    const proved = await provedTrashed(session, volume, id.right);
    if (E.isLeft(proved)) return proved;
    const restored = await say(session, session.dialect.trashRestore(volume.placement.pool, id.right), [EXIT.notFound]);
    if (E.isLeft(restored)) return restored;
  }
  const info = await infoOf(session, volume);
  return E.isLeft(info) ? info : E.right(resultOf(info.right));
}
