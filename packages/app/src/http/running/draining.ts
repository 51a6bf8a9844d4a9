/** The end of a service in order: what was asked is answered, streams end, whatever comes later is sent elsewhere. */
import { setMaxListeners } from 'node:events';
import type { Refusal } from '@blockledger/domain';
import type { FastifyReply } from 'fastify';
import { refuseService } from '../refusing/refusals.ts';

/** After so long another process may have taken over. */
const RETRY_AFTER_S = 10;

export interface Draining {
  /** Given when the end begins: streams end, and who waits for a task is answered with how it stands. */
  readonly signal: AbortSignal;
  /** The refusal of a request that came too late; a request that did not is waited for until its answer is sent. */
  readonly admit: (reply: FastifyReply) => Refusal | undefined;
  /** Begins the end; resolves when every answer is sent. */
  readonly begin: () => Promise<void>;
}

export const makeDraining = (): Draining => {
  const ending = new AbortController();
  // Every request that waits listens to it, and there may be many.
  setMaxListeners(0, ending.signal);
  const open = new Set<FastifyReply>();
  const waiters: (() => void)[] = [];

  return {
    signal: ending.signal,
    admit: (reply) => {
      if (ending.signal.aborted) {
        // The connection goes too: the client's next one finds another process, or none.
        void reply.headers({ 'retry-after': String(RETRY_AFTER_S), connection: 'close' });
        return refuseService('ServiceIsEnding', 'this service is about to end and takes no more requests');
      }
      open.add(reply);
      // Also where the client went away before its answer.
      reply.raw.once('close', () => {
        open.delete(reply);
        if (open.size === 0) for (const resolve of waiters.splice(0)) resolve();
      });
      return undefined;
    },
    begin: async () => {
      ending.abort();
      if (open.size > 0) await new Promise<void>((resolve) => void waiters.push(resolve));
    },
  };
};
