/** A refusal: the command broke a rule, nothing was changed. A value, never thrown. */

/**
 * The shape that all refusals share. `_tag` says the fact in the way, `rule` what must hold, `spec` where that is written.
 * `value` and `limit` carry the numbers or names compared, `remedy` what the caller can do about it.
 */
export interface Refusal {
  readonly _tag: string;
  readonly rule: string;
  readonly spec: string;
  readonly message: string;
  readonly remedy: string;
  readonly value?: unknown;
  readonly limit?: unknown;
  /** The operation in the way, where there is one. */
  readonly operationId?: string;
}
