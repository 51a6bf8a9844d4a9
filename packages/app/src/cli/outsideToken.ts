/**
 * The token that is given beside the configuration file, with `--token` or BLOCKLEDGER_TOKEN: admin of all tenants, as `token:operator`, and
 * those of the file stay. The commands read the same variable. So a text that is worth less elsewhere must not be worth everything here.
 */
import * as E from 'fp-ts/lib/Either.js';
import { isTokenText } from '../engine/tokens/tokenText.ts';
import { staticTokens, type StaticToken, type Tokens } from '../http/access/staticTokens.ts';
import { ending, type Ending } from './exit.ts';

/** A token from outside the file. */
export interface OutsideToken {
  readonly text: string;
  readonly from: '--token' | 'BLOCKLEDGER_TOKEN';
}

/** The name of whoever has it. */
export const OUTSIDE_NAME = 'operator';

/** What a token of the file gives to whoever shows this text, expired ones included; undefined where it is another text. */
const grantOf = (token: StaticToken, text: string): { readonly isAll: boolean; readonly role: string } | undefined => {
  const principal = staticTokens({ one: token }, () => 0)(text);
  if (principal === undefined) return undefined;
  const ends = typeof token === 'object' && 'expiresAt' in token;
  return { role: principal.role, isAll: principal.role === 'admin' && principal.tenant === null && !ends };
};

/** The tokens of the file with the one from outside; refused where that one is known to be worth something else. */
export const tokensWith = ({ text, from }: OutsideToken, tokens: Tokens): E.Either<Ending, Tokens> => {
  if (isTokenText(text)) {
    return E.left(ending('config', `${from} is an access token that a service issued, and serve would make an admin of it`, `start the service without ${from}: it knows the tokens that it has issued`));
  }
  for (const [name, token] of Object.entries(tokens)) {
    const grant = grantOf(token, text);
    if (grant?.isAll === true) return E.right(tokens);
    if (grant !== undefined) {
      return E.left(ending('config', `${from} is tokens.${name} of the configuration (${grant.role}), and serve would make an admin of it`, `start the service without ${from}, or give it a text of its own`));
    }
  }
  if (Object.hasOwn(tokens, OUTSIDE_NAME)) {
    return E.left(ending('config', `${from} gives a token to ${OUTSIDE_NAME}, and tokens.${OUTSIDE_NAME} of the configuration is another one`, `leave one of them out, or give tokens.${OUTSIDE_NAME} another name`));
  }
  return E.right({ ...tokens, [OUTSIDE_NAME]: text });
};
