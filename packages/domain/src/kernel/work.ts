/**
 * Owed work: what must still be made true, a pure fold of one stream's state.
 * Telling another aggregate and calling a backend are the same thing to a driver: done idempotently, confirmed by a command.
 */
import type { BackendAction, BackendResult } from '../ports/blockBackend.ts';
import type { TargetAction, TargetResult } from '../ports/targetBackend.ts';
import type { VipAction, VipResult } from '../ports/vipBackend.ts';
import type { PortError } from './portError.ts';
import type { OperationId, PoolId } from './ids.ts';
import type { TimestampMs } from './quantities.ts';
import type { Refusal } from './refusal.ts';

/** What all owed work has. */
export interface WorkCommon {
  /** `operationId/step` or `operationId/step#round`: the same after a restart and after loading from a state snapshot. */
  readonly workId: string;
  readonly operationId: OperationId;
  /** The step's name for people: `create image`, `flatten`. */
  readonly step: string;
  /** Not to be started before this moment (retention of trash and of backup snapshots). */
  readonly notBefore?: TimestampMs;
}

/**
 * Commands for other aggregates, told in order; the first refusal ends the telling. Told `together`, they are sent at once, which a store
 * that commits in groups flushes at once: for commands that do not depend on each other and whose owner undoes all of them on a refusal.
 */
export interface Tell<Command> extends WorkCommon {
  readonly kind: 'tell';
  readonly together: boolean;
  readonly commands: readonly Command[];
}

/** One call of the block backend of a pool. */
export interface BlockPerform extends WorkCommon {
  readonly kind: 'perform';
  readonly on: 'block';
  readonly poolId: PoolId;
  /** The other pool that the call works on: where a volume moves to. It is kept for a pause of either. */
  readonly toPoolId?: PoolId;
  readonly action: BackendAction;
}

/** One call of a target backend, for one host. */
export interface TargetPerform extends WorkCommon {
  readonly kind: 'perform';
  readonly on: 'target';
  readonly action: TargetAction;
}

/** One call of a backend of virtual IPs, for one host. */
export interface VipPerform extends WorkCommon {
  readonly kind: 'perform';
  readonly on: 'vip';
  readonly action: VipAction;
}

/** One call of a backend of any kind. */
export type Perform = BlockPerform | TargetPerform | VipPerform;

/** What a call of a backend of any kind reports. */
export type CallResult = BackendResult | TargetResult | VipResult;

/** A piece of owed work: tells other aggregates something, or calls a backend once. */
export type Work<Command> = Tell<Command> | Perform;

/** What an aggregate says besides its events: the number a reservation handed out. */
export interface Reply {
  readonly number?: number;
}

/** How a piece of work ended; `settle` turns it into the command that tells the owner. */
export type Outcome =
  | { readonly _tag: 'Told'; readonly replies: readonly Reply[] }
  | { readonly _tag: 'Refused'; readonly refusal: Refusal }
  | { readonly _tag: 'Performed'; readonly result: CallResult }
  /** Permanent, a mismatch, or retried until the bound. */
  | { readonly _tag: 'Failed'; readonly error: PortError }
  /** The first failure of work that goes on being retried: visible, not final. */
  | { readonly _tag: 'Delayed'; readonly error: PortError };
