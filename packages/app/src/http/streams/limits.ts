/** Numbers of streams of events, in one place. */

/** What bounds the streams of a service. Times in ms. */
export interface StreamLimits {
  /** Open streams of one principal. */
  readonly perPrincipal: number;
  /** Open streams of all of them. */
  readonly total: number;
  /** Something is said at least so often. */
  readonly heartbeatMs: number;
  /** A reader who takes nothing for so long is dropped. */
  readonly slowMs: number;
  /** A reader who was told that the stream ends has so long to read it. */
  readonly farewellMs: number;
  /** A client that was cut off shall wait so long before it comes back. */
  readonly retryMs: number;
}

/** What holds unless told otherwise. */
export const DEFAULT_STREAM_LIMITS: StreamLimits = { perPrincipal: 16, total: 1_000, heartbeatMs: 15_000, slowMs: 30_000, farewellMs: 5_000, retryMs: 1_000 };

/** So many bytes wait for a reader before no more is fetched for him. */
export const BUFFERED_BYTES = 64 * 1024;
