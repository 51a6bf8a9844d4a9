/** The answers that actions share. */
import * as E from 'fp-ts/lib/Either.js';
import { type BackendResult, type Bytes, permanent, type VolumeRef } from '@blockledger/domain';
import { mismatch } from '../errors.ts';
import { identified, type Metas } from '../marks.ts';
import { imageOf, readInfo, readUsage } from '../observe.ts';
import type { ImageInfo } from '../parse.ts';
import type { PortError } from '@blockledger/domain';
import type { Eventually, Session } from '../session.ts';

/** There is no such volume. */
export const absent: BackendResult = { exists: false };

/** The answer of an action that needs a volume where there is none. */
export const volumeMissing = ({ volumeId }: VolumeRef): PortError => permanent('VolumeMissing', `There is no image of volume ${volumeId}.`);

/** What an image's info says, as the answer of an action. */
export const resultOf = ({ size, parent }: ImageInfo, metas?: Metas): BackendResult => {
  const owner = metas === undefined ? 'unmarked' : identified(metas);
  return {
    exists: true,
    sizeBytes: size as Bytes,
    hasParent: parent !== undefined,
    ...(typeof owner === 'string' ? {} : { generation: owner.identity.generation }),
  };
};

/** Adds the allocated bytes where this backend measures them after each change. */
export async function measured(session: Session, volume: VolumeRef, result: BackendResult, snapshot?: string): Eventually<BackendResult> {
  if (!session.measuresUsage) return E.right(result);
  const used = await readUsage(session, imageOf(volume), snapshot);
  return E.map((bytes: number | undefined) => (bytes === undefined ? result : { ...result, allocatedBytes: bytes as Bytes }))(used);
}

/** The info of an image that must be there. */
export async function infoOf(session: Session, volume: VolumeRef): Eventually<ImageInfo> {
  const info = await readInfo(session, imageOf(volume));
  if (E.isLeft(info)) return info;
  return info.right === undefined ? E.left(volumeMissing(volume)) : E.right(info.right);
}

/** An image that is something else than the log says. */
export const otherThan = (what: string, expected: unknown, found: unknown): PortError =>
  mismatch('OtherThanKnown', `The image has another ${what} than known.`, expected, found);
