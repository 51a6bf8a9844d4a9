/** Everything a backend's aggregate can be told and everything that can have happened to it. */
import * as t from 'io-ts';
import { nameFault } from '../kernel/names.ts';
import { TimestampMs } from '../kernel/quantities.ts';
import { tagged } from '../kernel/tagged.ts';
import { MAX_BACKEND_NAME_LENGTH } from './limits.ts';

/** Unlike other names it may hold @ and /: it is never part of a name on the backend. */
const isBackendName = (name: string): boolean => name.length <= MAX_BACKEND_NAME_LENGTH && nameFault(name.replaceAll(/[@/]/g, '-')) === undefined;

/** A backend as pools name it in their placement: 1 to 255 characters without control characters. */
export const BackendName = t.refinement(t.string, isBackendName, 'BackendName');

const id = { backend: BackendName };

/** Everything that a backend's aggregate can be told. */
export const BackendCommand = tagged('BackendCommand', {
  /** For maintenance: work on every pool of the backend is kept, not run. A paused one stays paused for the reason it has. */
  PauseBackend: { ...id, reason: t.string },
  /** What was kept runs again. */
  ResumeBackend: id,
});
/** A value of the codec `BackendCommand`. */
export type BackendCommand = t.TypeOf<typeof BackendCommand>;

const BackendEventTable = {
  BackendPaused: { ...id, reason: t.string, at: TimestampMs },
  BackendResumed: { at: TimestampMs },
} as const;
/** Everything that can have happened to a backend's aggregate, as it is stored; docs/events.md lists the fields. */
export const BackendEvent = tagged('BackendEvent', BackendEventTable);
/** A value of the codec `BackendEvent`. */
export type BackendEvent = t.TypeOf<typeof BackendEvent>;

/**
 * The stream of a backend.
 *
 * @example
 * import { backendStream } from '@blockledger/domain';
 * backendStream('ceph'); // => 'backend-ceph'
 */
export const backendStream = (backend: string): string => `backend-${backend}`;
