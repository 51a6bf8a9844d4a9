/** Sizes and settings of a volume (S1-8). */
import * as E from 'fp-ts/lib/Either.js';
import type { ActionOf, BackendResult, PortError } from '@blockledger/domain';
import { mismatch, unsupported } from '../errors.ts';
import { volumeName } from '../names.ts';
import { extendVolume } from '../requests.ts';
import { type Eventually, isUnknown, say, type Session } from '../session.ts';
import { existing, GENERATION, resultOf } from './look.ts';

/** What is no growth; nothing was sent. */
export const sizeTrouble = ({ fromBytes, toBytes }: ActionOf<'ensureSize'>): PortError | undefined =>
  toBytes < fromBytes ? unsupported('shrink', 'the array can only make a volume larger') : undefined;

/** The size becomes `toBytes` exactly. A volume that has it already is done; one that has neither size is a mismatch. */
export async function ensureSize(session: Session, action: ActionOf<'ensureSize'>): Eventually<BackendResult> {
  const { volume, fromBytes, toBytes } = action;
  const trouble = sizeTrouble(action);
  if (trouble !== undefined) return E.left(trouble);
  const found = await existing(session, volume);
  if (E.isLeft(found)) return found;
  const { size } = found.right;
  if (size === toBytes) return E.right(resultOf(found.right));
  if (size !== fromBytes) return E.left(mismatch('OtherThanKnown', `${volumeName(volume.volumeId)} has another size than known`, [fromBytes, toBytes], size));
  const said = await say(session, extendVolume(volumeName(volume.volumeId), toBytes));
  if (E.isLeft(said) && (said.left._tag === 'Cancelled' || !isUnknown(said.left))) return said;
  // Lost or not, the array knows the size.
  const after = await existing(session, volume);
  if (E.isLeft(after)) return E.isLeft(said) ? said : after;
  if (after.right.size === toBytes) return E.right(resultOf(after.right));
  if (E.isLeft(said)) return said;
  return E.left({ _tag: 'Retryable', code: 'NotAsWanted', message: `${volumeName(volume.volumeId)} was extended, and has not its size yet`, outcomeUnknown: true });
}

/** What an array cannot set; nothing was sent. */
export const settingsTrouble = ({ qos, performancePriority }: ActionOf<'ensureSettings'>): PortError | undefined => {
  if (qos.enabled) return unsupported('qos', 'the array has no limits of bandwidth and IOPS');
  return performancePriority ? unsupported('performancePriority', 'the array has no performance priority') : undefined;
};

/** There is nothing to set: the name that users give is kept in the log, and the array's own derives from the id. */
export async function ensureSettings(session: Session, action: ActionOf<'ensureSettings'>): Eventually<BackendResult> {
  const trouble = settingsTrouble(action);
  if (trouble !== undefined) return E.left(trouble);
  return E.map((): BackendResult => ({ exists: true, generation: GENERATION }))(await existing(session, action.volume));
}
