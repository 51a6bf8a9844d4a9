/** Reading one's writes: which position a caller wants to see, and how long it is waited for. */
import * as E from 'fp-ts/lib/Either.js';
import { refuseService, type ServiceRefusal } from '../refusing/refusals.ts';

/** The position that a request must see, where it names one (I-17). */
export const atLeastIn = (header: string | readonly string[] | undefined): E.Either<ServiceRefusal, number | undefined> => {
  if (header === undefined) return E.right(undefined);
  const text = typeof header === 'string' ? header.trim() : '';
  const position = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
  return Number.isSafeInteger(position)
    ? E.right(position)
    : E.left(refuseService('PositionIsInvalid', 'Blockledger-At-Least must be one whole number from 0', { value: String(header).slice(0, 100), limit: Number.MAX_SAFE_INTEGER }));
};
