/** One request to a receiver: never redirected, bounded in time and in what is read of the answer. */
import { request as plainRequest, type IncomingMessage } from 'node:http';
import { request as tlsRequest } from 'node:https';
import * as E from 'fp-ts/lib/Either.js';
import { innermostMessageOf } from '../../system/thrown.ts';
import { checkHost, guardedLookup } from './addresses.ts';
import { LONGEST_PAUSE_MS, MAX_ANSWER_BYTES } from './limits.ts';

/** What is sent. */
export interface Sending {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** What came back. `retryAfterMs`: how long the receiver wants to be left alone, 0 where it says nothing. */
export interface Received {
  readonly status: number;
  readonly retryAfterMs: number;
}

/** Sends one request. Left: why there is no answer. */
export type WebhookSender = (sending: Sending) => Promise<E.Either<string, Received>>;

const SECOND_MS = 1_000;

const retryAfterOf = (header: string | undefined): number => (header !== undefined && /^\d{1,6}$/.test(header) ? Math.min(Number(header) * SECOND_MS, LONGEST_PAUSE_MS) : 0);

/** Reads an answer to its end, or as far as anybody cares. */
const drain = async (answer: IncomingMessage): Promise<void> => {
  let read = 0;
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    read += chunk.length;
    if (read > MAX_ANSWER_BYTES) break;
  }
};

const exchange = ({ url, headers, body }: Sending, guard: boolean, signal: AbortSignal): Promise<Received> =>
  new Promise((resolve, reject) => {
    const target = new URL(url);
    if (guard) checkHost(target);
    const request = target.protocol === 'https:' ? tlsRequest : plainRequest;
    const sent = request(target, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) },
      signal,
      // One connection for each delivery: what was looked up is what is reached, and nothing is left open.
      agent: false,
      ...(guard ? { lookup: guardedLookup } : {}),
    });
    sent.once('error', reject);
    sent.once('response', (answer) => {
      const received = { status: answer.statusCode ?? 0, retryAfterMs: retryAfterOf(answer.headers['retry-after']) };
      // The status is the answer; whether its body arrives whole changes nothing.
      drain(answer).then(() => resolve(received), () => resolve(received));
    });
    sent.end(body);
  });

/** Sends over the network. `guard`: forbidden addresses are refused, by number and by name. */
export const networkSender =
  (guard: boolean): WebhookSender =>
  async (sending) => {
    const timeout = AbortSignal.timeout(sending.timeoutMs);
    try {
      return E.right(await exchange(sending, guard, AbortSignal.any([sending.signal, timeout])));
    } catch (thrown) {
      return E.left(timeout.aborted ? `no answer within ${sending.timeoutMs} ms` : innermostMessageOf(thrown));
    }
  };
