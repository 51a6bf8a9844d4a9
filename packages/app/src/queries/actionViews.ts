/** Actions as readers see them: one per caller's command, and what came of it (S0-136). */
import type { Refusal } from '@blockledger/domain';
import type { SubjectKindName } from './views.ts';

/** What an action is about. */
export interface ActionSubject {
  readonly kind: SubjectKindName;
  readonly id: string;
}

/** An event that an action led to at once, secrets masked. What followed later is in the history of the resource. */
export interface ToldEvent {
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** `refused`: by a rule, or by a reservation after it had been written down. */
export type ActionResult = { readonly _tag: 'accepted'; readonly events: readonly string[] } | { readonly _tag: 'refused'; readonly refusal: Refusal };

/** One command and what came of it (S0-136). */
export interface ActionView {
  readonly commandId: string;
  readonly issuedBy: string;
  readonly tenant: string;
  /** What a trace follows: the same in every event that came of it. */
  readonly correlationId: string;
  /** Where it came from; null where nobody said, and where it was forgotten (see `parameters`). */
  readonly clientAddress: string | null;
  /** The verb of the request: `createVolume`. */
  readonly action: string;
  /**
   * What the caller gave, secrets masked. The latest are put aside when the control plane closes, and every hundred actions; what a crash
   * or age took away is null, and `told` says what the log knows.
   */
  readonly parameters: unknown;
  readonly resource: ActionSubject | null;
  /** What else it is about: the volume of a new snapshot, the snapshot of a clone or a rollback. */
  readonly related: readonly ActionSubject[];
  readonly result: ActionResult;
  /** What its own events say, from the log. Empty where it was refused before anything was written down, and for tokens and webhooks. */
  readonly told: readonly ToldEvent[];
  readonly startedAt: number;
  readonly finishedAt: number;
}
