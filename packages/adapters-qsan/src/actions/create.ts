/** Makes a volume, empty or of a snapshot (S1-6, S1-12, S1-13). One whose answer was lost is found by its name, and verified. */
import * as E from 'fp-ts/lib/Either.js';
import { type ActionOf, type BackendResult, permanent, type PortError } from '@blockledger/domain';
import { MadeVolume, type VolumeAnswer } from '../codecs.ts';
import { mismatch, STATUS, unsupported } from '../errors.ts';
import { volumeName } from '../names.ts';
import { type ArrayRequest, cloneSnapshot, cloneVolume, createVolume } from '../requests.ts';
import { type Eventually, isUnknown, parse, say, type Session } from '../session.ts';
import { existing, GENERATION, readSnapshot, readVolume, resultOf, snapshotOf } from './look.ts';

type Making = ActionOf<'ensureVolume'>;

/** What an array cannot make; nothing was sent. */
export const makingTrouble = ({ qos, performancePriority, volume, parent, identity }: Making): PortError | undefined => {
  if (qos.enabled) return unsupported('qos', 'the array has no limits of bandwidth and IOPS');
  if (performancePriority) return unsupported('performancePriority', 'the array has no performance priority');
  if (volume.placement.dataPool !== undefined) return unsupported('erasurePools', 'the array has no separate data pools');
  if (identity.generation !== GENERATION) return unsupported('generations', `the array has no ${identity.generation} volumes`);
  const isElsewhere = parent !== null && parent.volume.placement.pool !== volume.placement.pool;
  return isElsewhere ? unsupported('cloneAcrossPools', 'a clone is in the pool of its parent') : undefined;
};

/** The volume is the one that is wanted, or another one has its name. A volume that is being made, or is broken, is not there yet. */
const verified = ({ settings }: Session, { sizeBytes, parent }: Making, { name, size, thin_provision: thin, status }: VolumeAnswer): E.Either<PortError, void> => {
  if (size !== sizeBytes) return E.left(mismatch('OtherThanKnown', `${name} has another size than known`, sizeBytes, size));
  // A clone is as thin as the array makes it.
  if (parent === null && thin !== settings.thin) return E.left(mismatch('OtherThanKnown', `${name} is ${thin ? 'thin' : 'thick'}, and was to be ${settings.thin ? 'thin' : 'thick'}`, settings.thin, thin));
  if (status === 'error') return E.left(permanent('VolumeBroken', `${name} is in error on the array`));
  return E.right(undefined);
};

const judged = (session: Session, action: Making, found: VolumeAnswer): E.Either<PortError, BackendResult> =>
  E.map((): BackendResult => ({ ...resultOf(found), hasParent: action.parent !== null }))(verified(session, action, found));

/** The request that makes the volume, when its parent is as known. */
async function making(session: Session, action: Making): Eventually<ArrayRequest> {
  const { volume, parent, sizeBytes } = action;
  const name = volumeName(volume.volumeId);
  if (parent === null) return E.right(createVolume({ pool: volume.placement.pool, name, sizeBytes, thin: session.settings.thin }));
  const source = await existing(session, parent.volume);
  if (E.isLeft(source)) return source;
  const of = snapshotOf(parent.volume, parent.snapshotId);
  const snapshot = await readSnapshot(session, of);
  if (E.isLeft(snapshot)) return snapshot;
  if (snapshot.right === undefined) return E.left(permanent('SnapshotMissing', `the array has no ${of.snapshot} of ${of.volume}`));
  const { size } = snapshot.right;
  if (size > sizeBytes) return E.left(mismatch('OtherThanKnown', `${of.snapshot} is larger than known`, sizeBytes, size));
  return E.right(size === sizeBytes ? cloneVolume(of, name) : cloneSnapshot(of, name, sizeBytes));
}

/** What stands after the request was sent, whatever became of its answer. */
async function madeOf(session: Session, action: Making, trouble: PortError | undefined): Eventually<BackendResult> {
  const name = volumeName(action.volume.volumeId);
  if (trouble !== undefined) session.proofs.unsettle(name);
  if (trouble?._tag === 'Cancelled') return E.left(trouble);
  const found = await readVolume(session, action.volume);
  if (E.isLeft(found)) return E.left(trouble ?? found.left);
  if (found.right !== undefined) return judged(session, action, found.right);
  return E.left(trouble ?? { _tag: 'Retryable', code: 'NotConclusive', message: `${name} was made, and the array does not show it yet`, outcomeUnknown: true });
}

/**
 * The volume is there, with its size. Looks first, makes it where it is not there, and looks again: at what was made, at what somebody
 * else made under that name (409), or at what a request with a lost answer made.
 */
export async function ensureVolume(session: Session, action: Making): Eventually<BackendResult> {
  const trouble = makingTrouble(action);
  if (trouble !== undefined) return E.left(trouble);
  const found = await readVolume(session, action.volume);
  if (E.isLeft(found)) return found;
  if (found.right !== undefined) return judged(session, action, found.right);
  const request = await making(session, action);
  if (E.isLeft(request)) return request;
  const said = await say(session, request.right, [STATUS.conflict]);
  if (E.isLeft(said)) return isUnknown(said.left) ? madeOf(session, action, said.left) : said;
  if (said.right.status !== STATUS.conflict) {
    const made = parse(MadeVolume, request.right, said.right);
    if (E.isRight(made) && made.right.name !== volumeName(action.volume.volumeId)) return E.left(mismatch('OtherThanKnown', 'the array made another volume than it was asked for', volumeName(action.volume.volumeId), made.right.name));
  }
  return madeOf(session, action, undefined);
}
