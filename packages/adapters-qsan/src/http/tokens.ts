/** The token of the array: one login at a time, however many ask; renewed before it ends, and once when it is refused (S1-2). */
import * as E from 'fp-ts/lib/Either.js';
import type { PortError } from '@blockledger/domain';

/** A token as it was given. */
export interface Token {
  readonly text: string;
  /** From then on it is renewed before it is used, in ms since 1970. */
  readonly renewAtMs: number;
}

/** Logs in; never rejects. */
export type LogIn = () => Promise<E.Either<PortError, Token>>;

/** The token that all calls of one array share. */
export interface Tokens {
  /** The token; logs in where there is none or where it soon ends. */
  readonly get: (logIn: LogIn) => Promise<E.Either<PortError, Token>>;
  /** Another token than the one that was refused. Whoever comes second gets the one that the first has fetched. */
  readonly insteadOf: (refused: Token, logIn: LogIn) => Promise<E.Either<PortError, Token>>;
  /** The token, if there is one; a login that is under way is awaited. There is none afterwards. */
  readonly take: () => Promise<Token | undefined>;
}

/** No token yet. */
export const noTokens = (nowMs: () => number): Tokens => {
  let token: Token | undefined;
  let running: Promise<E.Either<PortError, Token>> | undefined;
  const fetched = (logIn: LogIn): Promise<E.Either<PortError, Token>> => {
    running ??= logIn()
      .then((answer) => {
        token = E.isRight(answer) ? answer.right : undefined;
        return answer;
      })
      .finally(() => {
        running = undefined;
      });
    return running;
  };
  return {
    get: (logIn) => (token !== undefined && nowMs() < token.renewAtMs ? Promise.resolve(E.right(token)) : fetched(logIn)),
    insteadOf: (refused, logIn) => {
      if (token?.text === refused.text) token = undefined;
      return token === undefined ? fetched(logIn) : Promise.resolve(E.right(token));
    },
    take: async () => {
      await running;
      const last = token;
      token = undefined;
      return last;
    },
  };
};
