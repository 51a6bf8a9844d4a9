/** An image of the wanted name is there already: is it ours, half made, or somebody else's? */
import * as E from 'fp-ts/lib/Either.js';
import { type ActionOf, type BackendResult, type PortError, retryable } from '@blockledger/domain';
import { EXIT, mismatch } from '../errors.ts';
import type { Metas } from '../marks.ts';
import type { SnapshotOf } from '../names.ts';
import { imageOf, notOurs, nobodyHolds, ownership, readInfo, readMetas, readUsage } from '../observe.ts';
import type { ImageInfo } from '../parse.ts';
import { both, say, sayLong, type Eventually, type Session } from '../session.ts';
import { otherThan, resultOf } from './result.ts';
import { sayAll, settingCommands } from './settings.ts';
import { parentOf } from './wanted.ts';

type Wanted = ActionOf<'ensureVolume'>;

/** Takes the image as ours, finishes it, or says why not. */
export async function finish(session: Session, action: Wanted): Eventually<BackendResult> {
  const image = imageOf(action.volume);
  const looked = await both(readInfo(session, image), readMetas(session, image));
  if (E.isLeft(looked)) return looked;
  const [info, metas] = looked.right;
  if (info === undefined || metas === undefined) return halfMade(session, action);
  const owner = ownership(metas, action.volume, session.context.installationId);
  if (owner._tag === 'Foreign') return E.left(owner.error);
  if (owner._tag !== 'Ours') {
    const trouble = owner._tag === 'Inherited' && !inheritable(action, owner.identity.identity.volumeId) ? notOurs(owner) : await notNewborn(session, action, info);
    if (trouble !== undefined) return E.left(trouble);
    if (isUnlinked(action, owner._tag, info)) return halfMade(session, action);
  }
  const trouble = otherOrigin(action, info);
  if (trouble !== undefined) return E.left(trouble);
  return repair(session, action, info, metas);
}

/** The maker died in the middle: EEXIST, yet `rbd info` says ENOENT, or a clone without its link. What it left is removed, and made anew with the next try. */
async function halfMade(session: Session, action: Wanted): Eventually<BackendResult> {
  const removed = await sayLong(session, session.dialect.remove(imageOf(action.volume)), imageOf(action.volume), [EXIT.notFound]);
  return E.isLeft(removed) ? removed : E.left({ ...retryable('HalfMade', 'An image that an earlier attempt left half made was removed.'), retryAfterMs: 0 } as PortError);
}

/**
 * `rbd clone` makes an empty image, links it to its parent, enters it in the parent's list of clones and copies the parent's metas last, all
 * at once. Without metas the link may be missing, and the image would read as nothing; or the entry, and the snapshot would not be kept.
 */
const isUnlinked = ({ parent }: Wanted, owner: 'Unmarked' | 'Inherited', found: ImageInfo): boolean =>
  parent !== null && (owner === 'Unmarked' || found.parent === undefined);

/** A clone that died before it got its identity still has its parent's. */
const inheritable = ({ parent }: Wanted, found: string): boolean => parent !== null && parent.volume.volumeId === found;

/** Why an image without our identity cannot be one that we were just making: it must be empty, unheld and of a size that we make. */
async function notNewborn(session: Session, action: Wanted, info: ImageInfo): Promise<PortError | undefined> {
  const image = imageOf(action.volume);
  const foreign = (why: string): PortError => mismatch('ForeignVolume', `An image of this name without our identity ${why}.`, undefined, info.name);
  if ((info.snapshot_count ?? 0) > 0) return foreign('has snapshots');
  if (info.size !== action.sizeBytes && info.size !== session.dialect.bornBytes) return foreign('has another size');
  const [held, used] = await Promise.all([nobodyHolds(session, image), readUsage(session, image)]);
  if (E.isLeft(held)) return held.left;
  if (E.isLeft(used)) return used.left;
  return (used.right ?? 0) > 0 ? foreign('holds data') : undefined;
}

/** An image made of something else, or with its data elsewhere, is not the one wanted. A flattened clone has no parent any more. */
function otherOrigin(action: Wanted, { parent, data_pool }: ImageInfo): PortError | undefined {
  const wanted: SnapshotOf | undefined = parentOf(action);
  const { dataPool } = action.volume.placement;
  if (data_pool !== dataPool) return otherThan('data pool', dataPool, data_pool);
  if (parent === undefined) return undefined;
  const sameSnapshot = wanted !== undefined && (parent.snapshot === wanted.snapshot || parent.trash === true || !parent.snapshot.startsWith('snapshot-'));
  return wanted !== undefined && parent.pool === wanted.image.pool && parent.image === wanted.image.name && sameSnapshot
    ? undefined
    : otherThan('parent', wanted, parent);
}

async function repair(session: Session, action: Wanted, info: ImageInfo, metas: Metas): Eventually<BackendResult> {
  const image = imageOf(action.volume);
  const { installationId } = session.context;
  const unfinished = info.size !== action.sizeBytes;
  if (unfinished && (info.size !== session.dialect.bornBytes || info.size > action.sizeBytes || (info.snapshot_count ?? 0) > 0)) {
    return E.left(otherThan('size', action.sizeBytes, info.size));
  }
  const said = await sayAll(session, settingCommands(session.dialect, { image, metas, wanted: action, installationId }));
  if (E.isLeft(said)) return said;
  const grown = unfinished ? await say(session, session.dialect.resize({ image, sizeBytes: action.sizeBytes, shrink: false })) : said;
  if (E.isLeft(grown)) return grown;
  session.proofs.rememberOurs(action.volume, installationId);
  return E.right({ ...resultOf({ ...info, size: action.sizeBytes }), generation: action.identity.generation });
}
