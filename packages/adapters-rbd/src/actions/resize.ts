/** Changes a size from one known value to another (S0-45, V-6, I-18). */
import * as E from 'fp-ts/lib/Either.js';
import type { ActionOf, BackendResult } from '@blockledger/domain';
import { EXIT, portErrorOf, sharedFault } from '../errors.ts';
import { imageOf, provedOurs } from '../observe.ts';
import { both, sayLong, type Eventually, type Session } from '../session.ts';
import { infoOf, measured, otherThan, resultOf } from './result.ts';

/**
 * The size becomes `toBytes` exactly. An image that has it already is done; one that has neither size is a mismatch.
 * `--allow-shrink` is said only for a shrink from the known size.
 */
export async function ensureSize(session: Session, { volume, fromBytes, toBytes }: ActionOf<'ensureSize'>): Eventually<BackendResult> {
  const looked = await both(provedOurs(session, volume), infoOf(session, volume));
  if (E.isLeft(looked)) return looked;
  const [, info] = looked.right;
  const done = { ...resultOf(info), sizeBytes: toBytes };
  if (info.size === toBytes) return measured(session, volume, done);
  if (info.size !== fromBytes) return E.left(otherThan('size', [fromBytes, toBytes], info.size));
  const command = session.dialect.resize({ image: imageOf(volume), sizeBytes: toBytes, shrink: toBytes < fromBytes });
  const resized = await sayLong(session, command, imageOf(volume), [EXIT.invalid]);
  if (E.isLeft(resized)) return resized;
  if (resized.right.exitCode === EXIT.ok || sharedFault(resized.right) === 'sameSize') return measured(session, volume, done);
  return E.left(portErrorOf(command.summary, resized.right, session.settings));
}
