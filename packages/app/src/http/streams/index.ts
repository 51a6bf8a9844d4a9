/** Streams of a service: opened for who may, bounded, and ended together. */
import * as E from 'fp-ts/lib/Either.js';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ControlPlane } from '../../engine/controlPlane.ts';
import type { Principal } from '../../queries/views.ts';
import { refuse } from '../refusing/refuse.ts';
import { streamBody } from './body.ts';
import { DEFAULT_STREAM_LIMITS, type StreamLimits } from './limits.ts';
import type { StreamSource } from './message.ts';
import { makeStreamRegister } from './register.ts';

/** A principal's request for a stream, and what it is told. */
export interface Sending {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly principal: Principal;
  readonly source: StreamSource;
}

export interface Streams {
  /** Sends until either side ends it, or refuses. */
  readonly send: (sending: Sending) => FastifyReply;
  /** Says farewell on all of them. */
  readonly close: () => void;
}

/** No cache and no proxy shall keep back what was said; and a connection that ended with its stream does not hold up the service's own end. */
const HEADERS = { 'content-type': 'text/event-stream', 'cache-control': 'no-cache, no-transform', 'x-accel-buffering': 'no', connection: 'close' } as const;

/** Streams over the tokens of a control plane: one that is revoked or expires ends the streams that it opened. */
export const makeStreams = ({ tokens }: Pick<ControlPlane, 'tokens'>, given: Partial<StreamLimits> = {}): Streams => {
  const limits: StreamLimits = { ...DEFAULT_STREAM_LIMITS, ...given };
  const register = makeStreamRegister(limits);
  const stopListening = tokens.onRevoked(register.endOf);
  /** How long a principal may listen still, in ms. */
  const leftTo = ({ tokenId, expiresAt }: Principal): number => {
    const left = expiresAt === null ? Infinity : expiresAt - Date.now();
    if (tokenId === null) return left;
    if (tokens.get(tokenId)?.status !== 'active') return 0;
    // The clock of the control plane decides, and may be another one.
    return left > 0 ? left : Infinity;
  };
  return {
    send: ({ request, reply, principal, source }) => {
      const onFault = (thrown: unknown): void => request.log.error({ err: thrown }, 'a stream failed inside');
      const opened = register.open(principal, () => streamBody({ source, limits, leftMs: () => leftTo(principal), onFault }));
      if (E.isLeft(opened)) return refuse(request, reply, opened.left);
      const { readable } = opened.right;
      // However the answer ends, and whatever was sent instead of the stream: nobody reads it any more.
      reply.raw.once('close', () => readable.destroy());
      return reply.headers(HEADERS).send(readable);
    },
    close: () => {
      stopListening();
      register.close();
    },
  };
};
