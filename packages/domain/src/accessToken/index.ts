/** Access tokens: who may ask, as what, for which tenant, until when. */
import type { Decider } from '../kernel/decider.ts';
import { decideToken } from './decide.ts';
import type { TokenRefusal } from './errors.ts';
import { evolveToken } from './evolve.ts';
import { TokenCommand, TokenEvent, tokenStream } from './messages.ts';
import { noToken, type TokenState } from './state.ts';
import { owedByToken } from './work.ts';

export * from './decide.ts';
export * from './errors.ts';
export * from './evolve.ts';
export * from './limits.ts';
export * from './messages.ts';
export * from './state.ts';
export { owedByToken } from './work.ts';

/** The access token as a decider: its messages, `decideToken`, `evolveToken` and `owedByToken`. */
export const accessToken: Decider<TokenState, TokenCommand, TokenEvent, null, TokenRefusal, never> = {
  name: 'token',
  foldVersion: 1,
  initial: noToken,
  command: TokenCommand,
  event: TokenEvent,
  streamOf: (command) => tokenStream(command.tokenId),
  decide: decideToken,
  evolve: evolveToken,
  owed: owedByToken,
  settle: () => undefined,
  reply: () => ({}),
  answer: () => 'accepted',
};
