/** What stands on the backend: one volume, or all of a pool. Never in a request: it opens every image (I-25). */
import * as E from 'fp-ts/lib/Either.js';
import type { ActionOf, BackendResult, Placement, SeenSnapshot, SeenVolume, VolumeRef } from '@blockledger/domain';
import { EXIT, mismatch } from '../errors.ts';
import { identified, qosIn, readIdentity, snapshotLabel, VOLUME_KEY, type Metas } from '../marks.ts';
import { snapshotIdOf, volumeIdOf, type Image } from '../names.ts';
import { imageOf, notOurs, ownership, readInfo, readMetas, readWatchers } from '../observe.ts';
import { ImageInfo, ImageNames, SnapshotRows, TrashRows, type SnapshotRow } from '../parse.ts';
import { rightPlace } from '../place.ts';
import { ask, both, say, type Eventually, type Session } from '../session.ts';
import { absent, measured, resultOf } from './result.ts';
import { findTrashed } from './trash.ts';

/** Looks at one volume. "Not there" is said only after a second look, in the right cluster (I-7). */
export async function observe(session: Session, { volume }: ActionOf<'observe'>): Eventually<BackendResult> {
  const image = imageOf(volume);
  const looked = await both(readInfo(session, image), readMetas(session, image));
  if (E.isLeft(looked)) return looked;
  const [info, metas] = looked.right;
  if (info !== undefined && metas !== undefined) return standing(session, volume, { info, metas });
  const seen = await see(session, volume);
  if (E.isLeft(seen)) return seen;
  if (seen.right === undefined) return E.right(absent);
  const { state, installationId, identity } = seen.right;
  const isOurs = identity === undefined || (installationId === session.context.installationId && identity.volumeId === volume.volumeId && identity.serial === volume.serial);
  if (!isOurs) return E.left(mismatch('ForeignVolume', 'The image in the trash is not ours.'));
  return E.right({ exists: true, ...(state === 'torn' ? {} : { trashed: state === 'trashed' }) });
}

/** An image that stands: whose it is, and its settings. One without an identity was let go. */
async function standing(session: Session, volume: VolumeRef, { info, metas }: { readonly info: ImageInfo; readonly metas: Metas }): Eventually<BackendResult> {
  const owner = ownership(metas, volume, session.context.installationId);
  if (owner._tag !== 'Ours') session.proofs.forget(volume);
  if (owner._tag === 'Unmarked') return E.right({ exists: true, trashed: false, owned: false });
  if (owner._tag !== 'Ours') return E.left(notOurs(owner));
  session.proofs.rememberOurs(volume, session.context.installationId);
  return measured(session, volume, { ...resultOf(info, metas), trashed: false, owned: true, qos: qosIn(metas) });
}

/** One volume as it stands: whole, torn or in the trash; `undefined` when two looks in the right cluster find nothing of it. */
export async function see(session: Session, volume: VolumeRef): Eventually<SeenVolume | undefined> {
  const image = imageOf(volume);
  const whole = await seeImage(session, image);
  if (E.isLeft(whole) || whole.right !== undefined) return whole;
  const place = await rightPlace(session, volume.placement);
  if (E.isLeft(place)) return place;
  const trashed = await findTrashed(session, volume);
  if (E.isLeft(trashed)) return trashed;
  if (trashed.right !== undefined) return seeTrashed(session, image, trashed.right);
  const names = await ask(session, session.dialect.list(image.pool), ImageNames);
  if (E.isLeft(names)) return names;
  return (names.right ?? []).includes(image.name) ? seeAgain(session, image) : E.right(undefined);
}

/** Listed, yet without a header: torn, unless it was only just being made. */
async function seeAgain(session: Session, image: Image): Eventually<SeenVolume> {
  const again = await seeImage(session, image);
  return E.map((found: SeenVolume | undefined) => found ?? tornImage(image.name))(again);
}

const tornImage = (backendName: string): SeenVolume => ({ backendName, state: 'torn', snapshots: [], watchers: [] });

/** Every image of a pool, then every image in its trash. Torn ones are those that `rbd ls` knows and `rbd info` does not. */
export async function list(session: Session, { pool }: Placement): Eventually<readonly SeenVolume[]> {
  const listed = await both(ask(session, session.dialect.list(pool), ImageNames), ask(session, session.dialect.trashList(pool), TrashRows));
  if (E.isLeft(listed)) return listed;
  const [names, trash] = listed.right;
  const seen: SeenVolume[] = [];
  for (const name of names ?? []) {
    const found = await seeAgain(session, { pool, name });
    if (E.isLeft(found)) return found;
    seen.push(found.right);
  }
  for (const { id, name } of trash ?? []) {
    const found = await seeTrashed(session, { pool, name }, id);
    if (E.isLeft(found)) return found;
    seen.push(found.right);
  }
  return E.right(seen);
}

async function seeImage(session: Session, image: Image): Eventually<SeenVolume | undefined> {
  const looked = await both(readInfo(session, image), readMetas(session, image));
  if (E.isLeft(looked)) return looked;
  const [info, metas] = looked.right;
  if (info === undefined || metas === undefined) return E.right(undefined);
  // Only now: reading the marks opens the image to write, and would be seen as a watcher.
  const more = await both(readWatchers(session, image), ask(session, session.dialect.snapshotList(image), SnapshotRows));
  if (E.isLeft(more)) return more;
  const [watchers, rows] = more.right;
  return E.right({ ...described(image.name, info, metas), snapshots: (rows ?? []).map(seenSnapshot(metas)), watchers });
}

/** A clone that still has its parent's identity is half made: it is shown as torn, without an identity. */
function described(backendName: string, info: ImageInfo, metas: Metas): Omit<SeenVolume, 'snapshots' | 'watchers'> {
  const owner = identified(metas);
  const inherited = typeof owner !== 'string' && volumeIdOf(backendName) !== owner.identity.volumeId;
  return {
    backendName,
    state: inherited ? 'torn' : 'whole',
    sizeBytes: info.size,
    hasParent: info.parent !== undefined,
    qos: qosIn(metas),
    ...(typeof owner === 'string' ? {} : { installationId: owner.installationId }),
    ...(typeof owner === 'string' || inherited ? {} : { identity: owner.identity }),
  };
}

const KINDS: Readonly<Record<string, SeenSnapshot['kind']>> = { user: 'user', group: 'group', trash: 'trash', mirror: 'mirror' };

const seenSnapshot =
  (metas: Metas) =>
  ({ name, size, namespace }: SnapshotRow): SeenSnapshot => {
    const snapshotId = snapshotIdOf(name);
    const label = snapshotId === undefined ? undefined : snapshotLabel(metas, snapshotId);
    return {
      backendName: name,
      sizeBytes: size,
      kind: KINDS[namespace?.type ?? 'user'] ?? 'mirror',
      ...(snapshotId === undefined ? {} : { snapshotId }),
      ...label,
    };
  };

/** An image in the trash: `rbd` can name it by id for some questions, and its header object answers the rest. */
async function seeTrashed(session: Session, { pool, name }: Image, id: string): Eventually<SeenVolume> {
  const looked = await both(
    ask(session, session.dialect.trashedInfo(pool, id), ImageInfo),
    both(
      ask(session, session.dialect.trashedSnapshotList(pool, id), SnapshotRows),
      say(session, session.dialect.trashedMeta(pool, id, VOLUME_KEY), [EXIT.usage]),
    ),
  );
  if (E.isLeft(looked)) return looked;
  const [info, [rows, meta]] = looked.right;
  const metas: Metas = meta.exitCode === EXIT.ok && readIdentity(meta.stdout) !== 'unreadable' ? { [VOLUME_KEY]: meta.stdout } : {};
  const { qos: _, ...rest } = info === undefined ? { ...tornImage(name), qos: undefined } : described(name, info, metas);
  return E.right({ ...rest, state: 'trashed', snapshots: (rows ?? []).map(seenSnapshot(metas)), watchers: [] });
}
