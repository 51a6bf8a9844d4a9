/** Copies the parent's data into a clone and cuts the link (S0-51). */
import * as E from 'fp-ts/lib/Either.js';
import { type ActionOf, type BackendResult, retryable, type VolumeRef } from '@blockledger/domain';
import { EXIT, portErrorOf, sharedFault } from '../errors.ts';
import { imageOf, nobodyHolds, provedOurs } from '../observe.ts';
import type { ImageInfo } from '../parse.ts';
import { both, say, sayLong, type Eventually, type Session } from '../session.ts';
import { infoOf, measured, resultOf, volumeMissing } from './result.ts';

/** Flattens and looks whether the link is really gone. A volume that has no parent is flat already. */
export async function ensureFlattened(session: Session, { volume }: ActionOf<'ensureFlattened'>): Eventually<BackendResult> {
  const looked = await both(provedOurs(session, volume), infoOf(session, volume));
  if (E.isLeft(looked)) return looked;
  const [owned, before] = looked.right;
  if (owned === 'absent') return E.left(volumeMissing(volume));
  if (before.parent === undefined) return measured(session, volume, resultOf(before));
  const safe = await withoutObjectMap(session, volume, before);
  if (E.isLeft(safe)) return safe;
  const command = session.dialect.flatten(imageOf(volume));
  const flattened = await sayLong(session, command, imageOf(volume), [EXIT.invalid]);
  if (E.isLeft(flattened)) return flattened;
  const info = await infoOf(session, volume);
  if (E.isLeft(info)) return info;
  if (info.right.parent === undefined) return measured(session, volume, resultOf(info.right));
  return E.left(
    flattened.right.exitCode === EXIT.ok || sharedFault(flattened.right) === 'noParent'
      ? retryable('StillLinked', 'The image still has its parent after it was flattened.')
      : portErrorOf(command.summary, flattened.right, session.settings),
  );
}

/**
 * A clone with an object map (one that was adopted) loses data when it is flattened after a client died on it; see `CLONE_FEATURES`.
 * The map is taken from it, which needs that nobody has it open.
 */
async function withoutObjectMap(session: Session, volume: VolumeRef, { features }: ImageInfo): Eventually<void> {
  const { dropObjectMap } = session.dialect;
  if (dropObjectMap === undefined || !features.includes('object-map')) return E.right(undefined);
  const free = await nobodyHolds(session, imageOf(volume));
  if (E.isLeft(free)) return free;
  return E.map(() => undefined)(await say(session, dropObjectMap(imageOf(volume)), [EXIT.invalid]));
}
