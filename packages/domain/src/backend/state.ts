/** A backend as its own stream tells it: plain JSON, folded by `evolve`. What it can do, it says itself, and its pools name it. */
import type { TimestampMs } from '../kernel/quantities.ts';

/** Why work is kept, and since when. */
export interface BackendPause {
  readonly reason: string;
  readonly since: TimestampMs;
}

/** A backend's folded stream. `backend` is null before it was paused for the first time. */
export interface BackendState {
  readonly backend: string | null;
  /** Null while work runs. */
  readonly paused: BackendPause | null;
}

/** The state before the first event. */
export const noBackend: BackendState = { backend: null, paused: null };
