/** CHAP accounts as the source writes them: a switch, a user, a secret (S0-86, S0-87). */
import { secret } from '@blockledger/domain';
import * as E from 'fp-ts/lib/Either.js';
import type { ChapInput } from '../../engine/requests.ts';
import { refuseService, type ServiceRefusal } from '../refusing/refusals.ts';

/** What was given of an account, and by which names of fields. */
export interface ChapFields {
  readonly chap: boolean | undefined;
  readonly user: string | undefined;
  readonly secret: string | undefined;
  /** `access_path`, `tname`, `tsecret`. */
  readonly names: readonly [envelope: string, user: string, secret: string];
}

const invalid = (message: string, field: string): E.Either<ServiceRefusal, never> => E.left(refuseService('FieldIsInvalid', message, { value: field }));

/** Undefined: CHAP stays as it is. Null: none. A switch that does not fit its account is refused: a half of it would be ignored in silence. */
export const chapInput = ({ chap, user, secret: text, names: [envelope, userField, secretField] }: ChapFields): E.Either<ServiceRefusal, ChapInput | null | undefined> => {
  const given = user === undefined ? (text === undefined ? undefined : secretField) : userField;
  if (chap !== true) {
    if (given === undefined) return E.right(chap === undefined ? undefined : null);
    return chap === undefined ? invalid(`${envelope}.chap is missing: true goes with ${userField} and ${secretField}`, 'chap') : invalid(`${envelope}.${given} goes with chap true only`, given);
  }
  if (user === undefined) return invalid(`${envelope}.${userField} is missing: it goes with chap true`, userField);
  return text === undefined ? invalid(`${envelope}.${secretField} is missing: it goes with chap true`, secretField) : E.right({ user, secret: secret(text) });
};
