/** The streams that are open: bounded, and ended together when the service stops. */
import * as E from 'fp-ts/lib/Either.js';
import type { Principal } from '../../queries/views.ts';
import { holderOf } from '../access/holder.ts';
import { refuseService, type ServiceRefusal } from '../refusing/refusals.ts';
import type { StreamBody } from './body.ts';
import type { StreamLimits } from './limits.ts';

export interface StreamRegister {
  /** Opens a stream for a principal, unless he has too many. */
  readonly open: (principal: Principal, make: () => StreamBody) => E.Either<ServiceRefusal, StreamBody>;
  /** Says farewell on those that a token opened. */
  readonly endOf: (tokenId: string) => void;
  /** Says farewell on all of them, and lets no more in. */
  readonly close: () => void;
}

export const makeStreamRegister = ({ perPrincipal, total }: StreamLimits): StreamRegister => {
  const streams = new Map<StreamBody, Principal>();
  let isClosed = false;

  const crowded = (principal: Principal): ServiceRefusal | undefined => {
    if (isClosed) return refuseService('ServiceIsEnding', 'this service is about to end and takes no more requests');
    const holder = holderOf(principal);
    const own = [...streams.values()].filter((one) => holderOf(one) === holder).length;
    if (own >= perPrincipal) return refuseService('TooManyStreams', `${principal.name} has ${own} open streams`, { value: own, limit: perPrincipal });
    return streams.size >= total ? refuseService('TooManyStreams', `the service has ${streams.size} open streams`, { value: streams.size, limit: total }) : undefined;
  };

  return {
    open: (principal, make) => {
      const refusal = crowded(principal);
      if (refusal !== undefined) return E.left(refusal);
      const body = make();
      streams.set(body, principal);
      body.readable.once('close', () => streams.delete(body));
      return E.right(body);
    },
    endOf: (tokenId) => {
      for (const [{ end }, principal] of streams) if (principal.tokenId === tokenId) end('token');
    },
    close: () => {
      isClosed = true;
      for (const { end } of streams.keys()) end('shutdown');
    },
  };
};
