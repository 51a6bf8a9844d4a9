/** Copies the parent's data into a clone and cuts the link (S0-51). */
import * as E from 'fp-ts/lib/Either.js';
import type { ActionOf, BackendResult } from '@blockledger/domain';
import { EXIT, portErrorOf, sharedFault, retryable } from '../errors.ts';
import { imageOf, provedOurs } from '../observe.ts';
import { sayLong, type Eventually, type Session } from '../session.ts';
import { infoOf, measured, resultOf, volumeMissing } from './result.ts';

/** Flattens and looks whether the link is really gone. A volume that has no parent is flat already. */
export async function ensureFlattened(session: Session, { volume }: ActionOf<'ensureFlattened'>): Eventually<BackendResult> {
  const owned = await provedOurs(session, volume);
  if (E.isLeft(owned)) return owned;
  if (owned.right === 'absent') return E.left(volumeMissing(volume));
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
