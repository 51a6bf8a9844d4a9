/** Why a call of Cinder's fails: by the names that Cinder knows, with our refusal in words. */
import type * as TE from 'fp-ts/lib/TaskEither.js';
import type { TaskBody } from '../api/bodies/task.ts';
import type { Problem } from '../api/problem.ts';
import { failureMessage, type ClientFailure } from '../client/failure.ts';

/** The exceptions that a driver raises; all of them stand in `cinder.exception`. */
export const CINDER_EXCEPTIONS = [
  'VolumeBackendAPIException',
  'VolumeNotFound',
  'SnapshotNotFound',
  'VolumeIsBusy',
  'SnapshotIsBusy',
  'InvalidVolume',
  'InvalidInput',
  'InvalidConnectorException',
] as const;
/** The name of an exception that Cinder knows. */
export type CinderExceptionName = (typeof CINDER_EXCEPTIONS)[number];

/**
 * Why a call failed. Its tag is the exception to be raised.
 *
 * - `VolumeBackendAPIException`: anything that has no name of its own (S1-28). - `VolumeIsBusy`, `SnapshotIsBusy`: something still needs it;
 *   Cinder puts the volume back to `available`. - `InvalidVolume`: it does not stand as the call needs (S4-2). - `InvalidConnectorException`: the
 *   connector names no initiator (S4-3). - `InvalidInput`: what was sent is not of the shape that the source gives.
 */
export interface CinderError {
  readonly _tag: CinderExceptionName;
  /** Our refusal, such as `PoolHasNoSpace`; `Unreachable` and `Unexpected` where the service did not say; `TaskFailed` and its like where work failed. */
  readonly code: string;
  /** A sentence for people, with the way out where there is one. Never a secret. */
  readonly message: string;
}

/** What the driver asks for: it can be tried, and may fail as Cinder knows it. */
export type Asked<A> = TE.TaskEither<CinderError, A>;

/** Refusals that have an exception of their own; any other is a `VolumeBackendAPIException`. */
const EXCEPTIONS: Readonly<Record<string, CinderExceptionName>> = {
  VolumeNotFound: 'VolumeNotFound',
  SnapshotNotFound: 'SnapshotNotFound',
  VolumeHasSnapshots: 'VolumeIsBusy',
  VolumeIsMapped: 'VolumeIsBusy',
  VolumeIsAttached: 'VolumeIsBusy',
  VolumeIsBusy: 'VolumeIsBusy',
  SnapshotHasClones: 'SnapshotIsBusy',
  SnapshotIsProtected: 'SnapshotIsBusy',
  SnapshotIsInUse: 'SnapshotIsBusy',
  SnapshotIsBusy: 'SnapshotIsBusy',
};

/** An error by its tag. */
export const cinderError = (tag: CinderExceptionName, code: string, message: string): CinderError => ({ _tag: tag, code, message });

const named = (code: string): CinderExceptionName => (Object.hasOwn(EXCEPTIONS, code) ? (EXCEPTIONS[code] ?? 'VolumeBackendAPIException') : 'VolumeBackendAPIException');

const REFUSAL = 'urn:blockledger:refusal:';

const ofProblem = ({ type, detail, remedy }: Pick<Problem, 'type' | 'detail' | 'remedy'>): CinderError => {
  const code = type.startsWith(REFUSAL) ? type.slice(REFUSAL.length) : 'Refused';
  return cinderError(named(code), code, `${detail}; ${remedy}`);
};

/** What the service said, or why it said nothing. */
export const ofFailure = (failure: ClientFailure): CinderError =>
  failure._tag === 'Refused' ? ofProblem(failure.problem) : cinderError('VolumeBackendAPIException', failure._tag, failureMessage(failure));

/** How a task ended that did not succeed. */
export const ofTask = ({ type, status, error }: TaskBody): CinderError => {
  const refused = error?.refusal;
  if (refused !== undefined) return ofProblem(refused);
  const code = status === 'cancelled' ? 'TaskCancelled' : 'TaskFailed';
  return cinderError('VolumeBackendAPIException', code, `${type} ${status === 'cancelled' ? 'was cancelled' : 'failed'}: ${error?.message ?? 'no reason is known'}`);
};
