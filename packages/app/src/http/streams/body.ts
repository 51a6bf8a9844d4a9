/** The body of one stream: what its source tells, as fast as the reader takes it, with heartbeats between. */
import { Readable } from 'node:stream';
import { EventsEnded } from '../../engine/events/ended.ts';
import { BUFFERED_BYTES, type StreamLimits } from './limits.ts';
import { farewellText, heartbeatText, messageText, positionMessage, retryText, type Farewell, type StreamSource } from './message.ts';

export interface StreamParts {
  readonly source: StreamSource;
  readonly limits: StreamLimits;
  /** How long the reader may listen still, in ms. Asked with every heartbeat. */
  readonly leftMs: () => number;
  /** Something failed that should not. */
  readonly onFault: (thrown: unknown) => void;
}

export interface StreamBody {
  readonly readable: Readable;
  /** Says farewell and ends. */
  readonly end: (reason: Farewell) => void;
}

/** A reader, and whether he reads. */
const makeReader = (onGone: () => void) => {
  let onDemand: (() => void) | undefined;
  const readable = new Readable({
    highWaterMark: BUFFERED_BYTES,
    read: () => onDemand?.(),
    destroy: (error, done) => {
      onGone();
      onDemand?.();
      done(error);
    },
  });
  return {
    readable,
    /** Whoever waits for the reader goes on. */
    release: (): void => onDemand?.(),
    /** True as soon as the reader wants more; false after `ms` in which he did not. */
    wantsMore: (ms: number): Promise<boolean> =>
      new Promise((resolve) => {
        const timer = setTimeout(() => {
          onDemand = undefined;
          resolve(false);
        }, ms);
        onDemand = () => {
          clearTimeout(timer);
          onDemand = undefined;
          resolve(true);
        };
      }),
  };
};

/** Begins to tell at once. */
export const streamBody = ({ source, limits, leftMs, onFault }: StreamParts): StreamBody => {
  const stopping = new AbortController();
  const { readable, release, wantsMore } = makeReader(() => stopping.abort());
  let farewell: Farewell | undefined;
  let told = -1;
  let isWaiting = false;

  const push = (text: string): boolean => !readable.destroyed && farewell === undefined && readable.push(text);

  const end: StreamBody['end'] = (reason) => {
    if (farewell !== undefined || readable.destroyed) return;
    readable.push(farewellText(reason));
    farewell = reason;
    readable.push(null);
    stopping.abort();
    release();
    // Who does not even read that is cut off.
    setTimeout(() => readable.destroy(), limits.farewellMs).unref();
  };

  /** Hands a text over, and waits until there is room for another. */
  const put = async (text: string): Promise<void> => {
    if (push(text) || stopping.signal.aborted) return;
    isWaiting = true;
    if (!(await wantsMore(limits.slowMs))) end('slow');
    isWaiting = false;
  };

  const nextBeat = (): ReturnType<typeof setTimeout> => setTimeout(beat, Math.max(0, Math.min(limits.heartbeatMs, leftMs())));
  const beat = (): void => {
    if (leftMs() <= 0) return end('token');
    timer = nextBeat();
    // What waits for the reader shows him well enough that the service is there.
    if (isWaiting) return;
    const position = source.position?.() ?? told;
    if (position <= told) return void push(heartbeatText);
    told = position;
    push(messageText(positionMessage(position)));
  };
  let timer = nextBeat();

  const tell = async (): Promise<void> => {
    push(retryText(limits.retryMs));
    for await (const message of source.messages(stopping.signal)) {
      told = Math.max(told, message.id ?? told);
      await put(messageText(message));
      if (stopping.signal.aborted) return;
    }
    end(source.atEnd);
  };

  tell().catch((thrown: unknown) => {
    if (!(thrown instanceof EventsEnded)) onFault(thrown);
    end('failed');
  });
  readable.once('close', () => clearTimeout(timer));
  return { readable, end };
};
