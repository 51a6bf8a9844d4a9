/**
 * A request to stop, as the domain sees it. Every `AbortSignal` satisfies this type; the domain itself has no DOM or Node types.
 */
export interface CancelSignal {
  readonly aborted: boolean;
  addEventListener(type: 'abort', listener: () => void): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}
