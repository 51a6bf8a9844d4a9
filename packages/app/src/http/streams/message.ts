/** What a stream says: events, and why it ends. */
import { encode, encodeComment } from 'eventsource-encoder';

/** One event of a stream. `id` is what a client that was cut off says with `Last-Event-ID`. */
export interface StreamMessage {
  readonly event: string;
  readonly id?: number;
  readonly data: object;
}

/** What a stream is made of. */
export interface StreamSource {
  /** Ends when the signal is given, or by itself. */
  readonly messages: (signal: AbortSignal) => AsyncIterable<StreamMessage>;
  /** What it means that they end by themselves. */
  readonly atEnd: Farewell;
  /** Everything up to here was told or passed over; absent where a stream has no positions. */
  readonly position?: () => number;
}

/**
 * Why the service ends a stream. `ended`: there is nothing more to tell. `slow`: the reader takes nothing. `shutdown`: the service stops.
 * `token`: the token is not valid any more. `failed`: the log cannot be read just now.
 */
export type Farewell = 'ended' | 'slow' | 'shutdown' | 'token' | 'failed';

const SAYING: Readonly<Record<Farewell, string>> = {
  ended: 'there is nothing more to tell',
  slow: 'nothing was read for too long: ask again with Last-Event-ID',
  shutdown: 'the service stops: ask again with Last-Event-ID when it is back',
  token: 'the token is not valid any more',
  failed: 'the log cannot be read just now: ask again with Last-Event-ID',
};

/** An event as it is sent. */
export const messageText = ({ event, id, data }: StreamMessage): string => encode({ event, ...(id === undefined ? {} : { id: String(id) }), data: JSON.stringify(data) });

/** The last event of a stream. */
export const farewellText = (reason: Farewell): string => messageText({ event: 'bye', data: { reason, message: SAYING[reason] } });

/** How far the log was looked through: a client that is cut off goes on from there. */
export const positionMessage = (position: number): StreamMessage => ({ event: 'position', id: position, data: { position } });

/** Keeps the connection alive, and shows the reader that it is. */
export const heartbeatText: string = encodeComment('still here');

/** How long a client waits before it comes back, in ms. */
export const retryText = (ms: number): string => encode({ retry: ms });
