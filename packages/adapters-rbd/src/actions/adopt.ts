/** Takes over an image that is nobody's, and lets one of ours go. */
import * as E from 'fp-ts/lib/Either.js';
import type { ActionOf, BackendResult, PortError } from '@blockledger/domain';
import { EXIT, mismatch } from '../errors.ts';
import { identified, identityText, snapshotKey, VOLUME_KEY } from '../marks.ts';
import { nameTrouble, type Image } from '../names.ts';
import { imageOf, nobodyHolds, notOurs, ownership, readInfo, readMetas } from '../observe.ts';
import { both, say, type Eventually, type Session } from '../session.ts';
import { resultOf, volumeMissing } from './result.ts';

/** Renames an unmarked, whole, unheld image without snapshots after the volume's id, then writes the identity. */
export async function adopt(session: Session, action: ActionOf<'adopt'>): Eventually<BackendResult> {
  const trouble = nameTrouble('image', action.backendName);
  if (trouble !== undefined) return E.left(trouble);
  const ours = imageOf(action.volume);
  const there = await both(readInfo(session, ours), readMetas(session, ours));
  if (E.isLeft(there)) return there;
  const [info, metas] = there.right;
  if (info === undefined || metas === undefined) return takeOver(session, action, { pool: ours.pool, name: action.backendName });
  const owner = ownership(metas, action.volume, session.context.installationId);
  if (owner._tag === 'Ours') return E.right({ ...resultOf(info), generation: owner.identity.identity.generation });
  if (owner._tag !== 'Unmarked') return E.left(notOurs(owner));
  // Renamed, but not marked: an earlier adoption died in between. Then the old name is free.
  const source = action.backendName === ours.name ? E.right(undefined) : await readInfo(session, { pool: ours.pool, name: action.backendName });
  if (E.isLeft(source)) return source;
  if (source.right !== undefined) return E.left(mismatch('NameTaken', `Both ${action.backendName} and ${ours.name} exist.`));
  return takeOver(session, action, ours);
}

async function takeOver(session: Session, action: ActionOf<'adopt'>, from: Image): Eventually<BackendResult> {
  const { dialect, context } = session;
  const ours = imageOf(action.volume);
  const looked = await both(readInfo(session, from), readMetas(session, from));
  if (E.isLeft(looked)) return looked;
  const [info, metas] = looked.right;
  if (info === undefined || metas === undefined) return E.left(volumeMissing(action.volume));
  const refusal = notFree(info.snapshot_count ?? 0, identified(metas) !== 'unmarked', from.name);
  if (refusal !== undefined) return E.left(refusal);
  const free = await nobodyHolds(session, from);
  if (E.isLeft(free)) return free;
  const renamed = from.name === ours.name ? E.right(undefined) : await say(session, dialect.rename(from, ours));
  if (E.isLeft(renamed)) return renamed;
  const marked = await say(session, dialect.metaSet(ours, VOLUME_KEY, identityText(action.identity, context.installationId)));
  if (E.isLeft(marked)) return marked;
  session.proofs.rememberOurs(action.volume, context.installationId);
  return E.right({ ...resultOf(info), generation: action.identity.generation });
}

function notFree(snapshots: number, marked: boolean, name: string): PortError | undefined {
  if (marked) return mismatch('ForeignVolume', `${name} has an identity: it is somebody's already.`);
  if (snapshots === 0) return undefined;
  const count = snapshots === 1 ? 'a snapshot' : `${snapshots} snapshots`;
  return mismatch(
    'HasSnapshots',
    `${name} has ${count}, and only an image without any is taken over, also hidden ones counted: remove them and try again, or copy the image and take over the copy.`,
  );
}

/** Removes our marks, the identity last, so that a repeat still knows the image. The image, its data, its limits and its name stay. */
export async function disown(session: Session, { volume, snapshots }: ActionOf<'disown'>): Eventually<BackendResult> {
  const image = imageOf(volume);
  const metas = await readMetas(session, image);
  if (E.isLeft(metas)) return metas;
  if (metas.right === undefined) return E.right({ exists: false });
  const owner = ownership(metas.right, volume, session.context.installationId);
  if (owner._tag === 'Unmarked') return E.right({ exists: true });
  if (owner._tag !== 'Ours') return E.left(notOurs(owner));
  session.proofs.forget(volume);
  for (const key of [...snapshots.map(snapshotKey), VOLUME_KEY].filter((candidate) => candidate in (metas.right ?? {}))) {
    const removed = await say(session, session.dialect.metaRemove(image, key), [EXIT.notFound]);
    if (E.isLeft(removed)) return removed;
  }
  return E.right({ exists: true });
}
