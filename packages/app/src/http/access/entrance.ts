/** The door of the service: who is let in, in this order: the address, the token, the principal. Nothing else of a request is looked at before (S0-16). */
import type { Refusal } from '@blockledger/domain';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Authenticate } from './auth.ts';
import type { Gates } from './rateLimits.ts';
import { refuseService } from '../refusing/refusals.ts';

/** Sets the request's principal, or says why not. */
export type Entrance = (request: FastifyRequest, reply: FastifyReply) => Promise<Refusal | undefined>;

/** What is said to a request without a valid token, whatever was wrong with it. */
export const unauthorized = (): Refusal => refuseService('Unauthorized', 'no valid token was sent');

/** The door, with its gates. */
export const makeEntrance =
  (authenticate: Authenticate, gates: Gates): Entrance =>
  async (request, reply) => {
    const crowded = await gates.address(request, reply);
    if (crowded !== undefined) return crowded;
    const found = authenticate(request.headers);
    if (found._tag === 'Missing') return unauthorized();
    // While too many are tried, the right one is refused, too: otherwise the answer would tell which one is right.
    const guessing = await gates.guessing(request, reply);
    if (guessing !== undefined) return guessing;
    if (found._tag === 'Wrong') {
      await gates.wrong(request, found.presented);
      return unauthorized();
    }
    request.principal = found.principal;
    return gates.principal(request, reply);
  };
