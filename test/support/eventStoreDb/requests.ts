/** The messages that a client sends, one after the other. */
import type { Readable } from 'node:stream';

/** Leaving the loop does not end the call: it is still to be answered. */
export const requestsOf = <Request>(call: Readable): AsyncIterable<Request> => call.iterator({ destroyOnReturn: false }) as AsyncIterable<Request>;
