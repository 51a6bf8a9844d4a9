/** Looking at an image: whose it is, how it stands, who holds it. Changes nothing. */
import * as E from 'fp-ts/lib/Either.js';
import type { PortError, VolumeRef } from '@blockledger/domain';
import { busy, EXIT, mismatch } from './errors.ts';
import { identified, type Identified, type Metas } from './marks.ts';
import { imageName, type Image } from './names.ts';
import { ImageInfo, ImageStatus, LockRows, MetaMap, parse, UsageRows, usedBytes } from './parse.ts';
import { ask, both, say, type Eventually, type Session } from './session.ts';

/** The image of a volume. */
export const imageOf = ({ placement, volumeId }: VolumeRef): Image => ({ pool: placement.pool, name: imageName(volumeId) });

/** The metas of an image; `undefined` when there is no image. */
export async function readMetas(session: Session, image: Image): Eventually<Metas | undefined> {
  const command = session.dialect.metaList(image);
  const answer = await say(session, command, [EXIT.notFound]);
  if (E.isLeft(answer)) return answer;
  if (answer.right.exitCode === EXIT.notFound) return E.right(undefined);
  // Of an image without metas `rbd` says nothing at all, not even `{}`.
  return answer.right.stdout.trim() === '' ? E.right({}) : parse(MetaMap, command.summary, answer.right.stdout);
}

/** Size, parent, features and so on; `undefined` when there is no image. */
export const readInfo = (session: Session, image: Image): Eventually<ImageInfo | undefined> => ask(session, session.dialect.info(image), ImageInfo);

/** Whose an image is, judged by its metas. */
export type Ownership =
  /** This volume's, of this installation. */
  | { readonly _tag: 'Ours'; readonly identity: Identified }
  | { readonly _tag: 'Unmarked' }
  /** Another volume of this installation: what a clone inherits from its parent until it has its own identity. */
  | { readonly _tag: 'Inherited'; readonly identity: Identified }
  | { readonly _tag: 'Foreign'; readonly error: PortError };

/** Judges whose an image is. The serial number must agree too: a volume of the same id with another serial is another volume. */
export function ownership(metas: Metas, { volumeId, serial }: VolumeRef, installationId: string): Ownership {
  const found = identified(metas);
  if (found === 'unmarked') return { _tag: 'Unmarked' };
  const expected = { installationId, volumeId, serial };
  if (found === 'unreadable') return { _tag: 'Foreign', error: mismatch('ForeignVolume', 'The image has an identity that cannot be read.', expected) };
  const actual = { installationId: found.installationId, volumeId: found.identity.volumeId, serial: found.identity.serial };
  if (actual.installationId === installationId && actual.volumeId !== volumeId) return { _tag: 'Inherited', identity: found };
  if (actual.installationId === installationId && actual.serial === serial) return { _tag: 'Ours', identity: found };
  return { _tag: 'Foreign', error: mismatch('ForeignVolume', 'The image belongs to another installation or is another volume.', expected, actual) };
}

/** The error for an image that an action may not touch as it stands. */
export function notOurs(owner: Exclude<Ownership, { _tag: 'Ours' }>): PortError {
  switch (owner._tag) {
    case 'Foreign':
      return owner.error;
    case 'Unmarked':
      return mismatch('UnmarkedVolume', 'The image of this name has no identity.');
    case 'Inherited':
      return mismatch('ForeignVolume', 'The image has the identity of another volume.', undefined, owner.identity.identity.volumeId);
  }
}

/** The metas of an image that is proved ours just now, or `undefined` when there is no image. */
export async function ourMetas(session: Session, volume: VolumeRef): Eventually<Metas | undefined> {
  const { proofs, context } = session;
  const metas = await readMetas(session, imageOf(volume));
  if (E.isLeft(metas) || metas.right === undefined) return metas;
  const owner = ownership(metas.right, volume, context.installationId);
  if (owner._tag !== 'Ours') {
    proofs.forget(volume);
    return E.left(notOurs(owner));
  }
  proofs.rememberOurs(volume, context.installationId);
  return metas;
}

/** Makes sure that an image is ours, by a proof that may be some seconds old. Not for destruction. */
export async function provedOurs(session: Session, volume: VolumeRef): Eventually<'ours' | 'absent'> {
  if (session.proofs.isOurs(volume, session.context.installationId)) return E.right('ours');
  const metas = await ourMetas(session, volume);
  return E.isLeft(metas) ? metas : E.right(metas.right === undefined ? 'absent' : 'ours');
}

/** The addresses of those who have an image open (I-14). */
export async function readWatchers(session: Session, image: Image): Eventually<readonly string[]> {
  const status = await ask(session, session.dialect.status(image), ImageStatus);
  return E.map((found: ImageStatus | undefined) => (found === undefined ? [] : Object.values(found.watchers).map(({ address }) => address)))(status);
}

/**
 * The status of an image that may be one end of a migration; `undefined` when there is no image. One that a `prepare` left half linked opens for
 * ever: then the error is `isSilent`, and it comes soon.
 */
export const hastyStatus = (session: Session, image: Image): Eventually<ImageStatus | undefined> =>
  ask({ ...session, settings: session.haste }, session.dialect.status(image), ImageStatus);

/** Whether a program was stopped because it said nothing, though every part of the cluster had answered it. */
export const isSilent = (error: PortError): boolean => error._tag === 'Retryable' && error.code === 'IdleTimeout';

/**
 * Makes sure that nobody holds an image: no watcher, and no lock that somebody placed by hand.
 * The lock of the exclusive-lock feature (`auto …`) outlives a client that died, for ever: without a watcher nobody holds it, and librbd
 * breaks it, blocking its dead owner, when the next operation needs it.
 *
 * Not to be asked while a command of our own has the image open to write, `rbd image-meta list` among them: we would see ourselves.
 *
 * @returns `Retryable` `Busy` with the holders; a dead holder is forgotten after the watch timeout (I-30).
 */
export async function nobodyHolds(session: Session, image: Image): Eventually<void> {
  const looked = await both(readWatchers(session, image), ask(session, session.dialect.lockList(image), LockRows));
  if (E.isLeft(looked)) return looked;
  const [watchers, locks] = looked.right;
  const placed = (locks ?? []).filter(({ id }) => !id.startsWith('auto ')).map(({ address }) => address);
  const holders = [...new Set([...watchers, ...placed])];
  return holders.length === 0
    ? E.right(undefined)
    : E.left(busy(`${image.name} is held by ${holders.join(', ')}`, holders, session.settings.watchTimeoutMs));
}

/** Allocated bytes of the head, or of one snapshot. */
export async function readUsage(session: Session, image: Image, snapshot?: string): Eventually<number | undefined> {
  const of = snapshot === undefined ? image : { image, snapshot };
  return E.map((rows: UsageRows | undefined) => rows && usedBytes(rows, snapshot))(await ask(session, session.dialect.usage(of), UsageRows));
}
