/** Streams as loops: cut by whatever network, they go on where they were. */
import { setTimeout as pause } from 'node:timers/promises';
import { createParser, type EventSourceMessage } from 'eventsource-parser';
import * as E from 'fp-ts/lib/Either.js';
import type { AnyArguments } from './arguments.ts';
import { failureMessage, type ClientFailure } from './failure.ts';
import { messageOf } from '../system/thrown.ts';

/**
 * Thrown out of a loop over a stream that cannot go on: it was refused, or what answers is no Blockledger service. A loop has no other way
 * to be told. Cuts are no failures: the loop goes on behind the last event by itself.
 */
export class StreamFailed extends Error {
  readonly failure: ClientFailure;
  constructor(failure: ClientFailure) {
    super(failureMessage(failure));
    this.name = 'StreamFailed';
    this.failure = failure;
  }
}

/** Opens a stream behind an event; Left: why not. */
export type OpenStream = (given: AnyArguments, lastEventId: string | undefined, signal: AbortSignal) => Promise<E.Either<ClientFailure, Response>>;

export interface StreamParts {
  readonly open: OpenStream;
  /** True for failures that may be over the next time. */
  readonly isForLater: (failure: ClientFailure) => boolean;
}

const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 30_000;
/** The service says something every 15 s; after three times nothing it is not there any more. */
const SILENCE_MS = 45_000;
/** No event is nearly as long; what is longer comes from something else. */
const LONGEST_MESSAGE = 16 * 1024 * 1024;

/** Reads the messages of a response. Throws what the network throws, and a `TypeError` for what is no stream. */
async function* messagesOf(response: Response, heard: () => void, onRetry: (ms: number) => void): AsyncGenerator<EventSourceMessage, void> {
  const arrived: EventSourceMessage[] = [];
  let fault: Error | undefined;
  const parser = createParser({
    maxBufferSize: LONGEST_MESSAGE,
    onEvent: (message) => void arrived.push(message),
    onRetry,
    onError: (error) => {
      if (error.type === 'max-buffer-size-exceeded') fault = error;
    },
  });
  const decoder = new TextDecoder();
  for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    heard();
    parser.feed(decoder.decode(chunk, { stream: true }));
    if (fault !== undefined) throw fault;
    yield* arrived.splice(0);
  }
}

/** Aborts when nothing was heard for too long. */
const makeWatch = (controller: AbortController) => {
  let timer = setTimeout(() => controller.abort(), SILENCE_MS);
  return {
    heard: (): void => {
      clearTimeout(timer);
      timer = setTimeout(() => controller.abort(), SILENCE_MS);
    },
    stop: (): void => clearTimeout(timer),
  };
};

const parsed = (text: string): E.Either<ClientFailure, { readonly reason?: unknown }> =>
  E.tryCatch(
    () => JSON.parse(text) as { readonly reason?: unknown },
    (): ClientFailure => ({ _tag: 'Unexpected', status: 200, message: 'an event of the stream is not JSON' }),
  );

const cut = (thrown: unknown): ClientFailure => ({ _tag: 'Unreachable', message: `the stream was cut: ${messageOf(thrown)}` });

/** Pauses between tries: growing, until something arrives again. */
const makePauses = () => {
  let ms = FIRST_PAUSE_MS;
  let asked = FIRST_PAUSE_MS;
  return {
    ask: (wanted: number): void => {
      asked = Math.min(wanted, LONGEST_PAUSE_MS);
      ms = asked;
    },
    reset: (): void => {
      ms = asked;
    },
    wait: async (signal: AbortSignal | undefined): Promise<void> => {
      const jittered = ms * (0.5 + Math.random() / 2);
      ms = Math.min(ms * 2, LONGEST_PAUSE_MS);
      // An abort is looked at by the loop.
      await pause(jittered, undefined, signal === undefined ? {} : { signal }).catch(() => undefined);
    },
  };
};

/** One connection's worth: its events, and why it is over. `again`: at once; `later`: after a pause; `ended`: there is nothing more. */
type Over = 'again' | 'later' | 'ended';

interface Reading {
  readonly response: Response;
  readonly controller: AbortController;
  readonly noteId: (id: string) => void;
  readonly pauses: ReturnType<typeof makePauses>;
}

async function* read<A>({ response, controller, noteId, pauses }: Reading): AsyncGenerator<A, Over> {
  const watch = makeWatch(controller);
  try {
    for await (const { event, id, data } of messagesOf(response, watch.heard, pauses.ask)) {
      const body = parsed(data);
      if (E.isLeft(body)) throw new StreamFailed(body.left);
      pauses.reset();
      if (event === 'bye') return body.right.reason === 'ended' ? 'ended' : body.right.reason === 'slow' ? 'again' : 'later';
      if (id !== undefined) noteId(id);
      if (event !== 'position') yield body.right as A;
    }
    return 'later';
  } finally {
    watch.stop();
    controller.abort();
  }
}

/** A loop over a stream. Ends with its signal, or when the service has nothing more to tell. */
export const makeStream =
  <A>({ open, isForLater }: StreamParts) =>
  (given: AnyArguments = {}): AsyncIterable<A> => {
    async function* iterate(): AsyncGenerator<A, void> {
      const { signal, onCut } = given;
      const isOver = (): boolean => signal?.aborted === true;
      const pauses = makePauses();
      let last = given.lastEventId;
      const noteId = (id: string): void => {
        last = id;
      };
      while (!isOver()) {
        const controller = new AbortController();
        const opened = await open(given, last, signal === undefined ? controller.signal : AbortSignal.any([signal, controller.signal]));
        let failure: ClientFailure | undefined = E.isLeft(opened) ? opened.left : undefined;
        if (failure !== undefined && !isForLater(failure)) throw new StreamFailed(failure);
        let over: Over = 'later';
        try {
          if (E.isRight(opened)) over = yield* read<A>({ response: opened.right, controller, noteId, pauses });
        } catch (thrown) {
          if (thrown instanceof StreamFailed) throw thrown;
          failure = cut(thrown);
        }
        if (over === 'ended' || isOver()) return;
        onCut?.(failure);
        if (over === 'later') await pauses.wait(signal);
      }
    }
    return { [Symbol.asyncIterator]: iterate };
  };
