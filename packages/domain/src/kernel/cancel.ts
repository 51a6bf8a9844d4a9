/**
 * A request to stop, as the domain sees it. Every `AbortSignal` satisfies this type; the domain itself has no DOM or Node types.
 */
export interface CancelSignal {
  readonly aborted: boolean;
  /** Calls the listener once, when the signal is given. */
  addEventListener(type: 'abort', listener: () => void): void;
  /** Calls the listener no more. */
  removeEventListener(type: 'abort', listener: () => void): void;
}
