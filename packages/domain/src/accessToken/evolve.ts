/** Folds what happened to an access token. Total: whatever the order of events, it never fails. */
import type { TokenEvent } from './messages.ts';
import type { TokenState } from './state.ts';

/**
 * Folds one event into an access token's state. Total: it never refuses and never fails.
 *
 * @example
 * import { evolveToken, noToken, type TimestampMs } from '@blockledger/domain';
 * evolveToken(noToken, { type: 'AccessTokenRevoked', reason: 'lost', revokedBy: 'token:admin', at: 5 as TimestampMs }).revoked; // => { at: 5, by: 'token:admin', reason: 'lost' }
 */
export const evolveToken = (state: TokenState, event: TokenEvent): TokenState => {
  switch (event.type) {
    case 'AccessTokenIssued': {
      const { type: _type, at, ...fields } = event;
      // What was revoked stays so, whatever else is said of it.
      return { ...state, token: { ...fields, issuedAt: at } };
    }
    case 'AccessTokenRevoked':
      return { ...state, revoked: { at: event.at, by: event.revokedBy, reason: event.reason } };
    default:
      return event satisfies never;
  }
};
