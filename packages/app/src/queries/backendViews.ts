/** Backends as callers see them: what they are, what they can do, and what runs on them. */
import type { BackendPause, Capabilities, Progress, TargetCapabilities } from '@blockledger/domain';

/** A call that a backend carries out just now. */
export interface BackendCallView {
  readonly taskId: string;
  readonly workId: string;
  /** What is done, for people. */
  readonly step: string;
  readonly attempts: number;
  readonly progress: Progress | null;
}

/** What offers volumes to initiators under the name of a backend: gateways, or the array itself. */
export interface BackendTargetsView {
  /** `xdc`, `tgt`, `qsan`. */
  readonly type: string;
  readonly capabilities: TargetCapabilities;
}

/** A backend, by the name that pools carry in their placement, and hosts for their targets. An array has both. */
export interface BackendView {
  readonly kind: 'backend';
  readonly name: string;
  /** What kind of backend it is: `rbd`, `qsan`; of one that has targets alone, what these are: `xdc`. Null where this process does not have it. */
  readonly type: string | null;
  /** This process has it, and what its pools need of it. */
  readonly present: boolean;
  /** What it can do with volumes. Null where it has none, or this process does not have it. */
  readonly capabilities: Capabilities | null;
  /** Null where it has no targets, or this process does not have it. */
  readonly targets: BackendTargetsView | null;
  /** Why its work is kept and not run, and since when, in ms since 1970; null while it runs. */
  readonly paused: BackendPause | null;
  /** The pools on it that are in service. */
  readonly pools: readonly { readonly id: string; readonly number: number | null; readonly name: string }[];
  /** Calls under way in this process; a paused backend is at rest when there are none left. */
  readonly calls: readonly BackendCallView[];
  /** Calls that wait for their turn. */
  readonly queuedCount: number;
  /** Work that is kept, or waits between two attempts. */
  readonly waitingCount: number;
}
