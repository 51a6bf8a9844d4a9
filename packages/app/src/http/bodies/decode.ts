/** From a body to what it means, or the first mistake in it. */
import * as E from 'fp-ts/lib/Either.js';
import type * as t from 'io-ts';
import { refuseService, type ServiceRefusal } from '../refusals.ts';
import { closed, firstFault } from './closed.ts';

/** Decodes a body that holds one resource under its name (S0-2). */
export const inEnvelope = <A>(key: string, codec: t.Type<A, unknown>): ((body: unknown) => E.Either<ServiceRefusal, A>) => {
  const envelope = closed({ [key]: codec }, {});
  return (body) => {
    if (body === undefined || body === null) return E.left(refuseService('FieldIsInvalid', `the body is missing: it holds ${key}`, { value: key }));
    const decoded = envelope.decode(body);
    if (E.isRight(decoded)) return E.right(decoded.right[key] as A);
    const { path, reason, value } = firstFault(decoded.left);
    return E.left(refuseService('FieldIsInvalid', `${path === '' ? 'the body' : path} ${reason}`, value === undefined ? {} : { value }));
  };
};
