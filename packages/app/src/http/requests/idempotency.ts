/** What names a command: the caller's key, or else the request itself. */
import type { FastifyRequest } from 'fastify';
import * as E from 'fp-ts/lib/Either.js';
import { MAX_KEY_LENGTH } from '../../api/limits.ts';
import type { RequestOptions } from '../../engine/requests.ts';
import type { Principal } from '../../queries/views.ts';
import { refuseService, type ServiceRefusal } from '../refusing/refusals.ts';

const PRINTABLE = /^[\u0020-\u007e]+$/;

/**
 * With an `Idempotency-Key`, principal and key together name the command, so a repeat finds the first one (I-16, I-32).
 * Without one, the id of the request is the command's, and events carry the id that the log has.
 */
export const optionsOf = (request: FastifyRequest, { name, tenant }: Principal, method: string): E.Either<ServiceRefusal, RequestOptions> => {
  const who = { issuedBy: name, clientAddress: request.ip, ...request.chain, ...(tenant === null ? {} : { tenant }) };
  const key = request.headers['idempotency-key'];
  if (method === 'GET' || key === undefined) return E.right({ ...who, commandId: request.id });
  if (typeof key !== 'string' || key.length > MAX_KEY_LENGTH || !PRINTABLE.test(key)) {
    return E.left(refuseService('IdempotencyKeyIsInvalid', 'the Idempotency-Key is empty, too long, or not printable ASCII', { limit: MAX_KEY_LENGTH }));
  }
  return E.right({ ...who, idempotencyKey: key });
};
