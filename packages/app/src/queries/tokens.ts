/** Access tokens, folded as their events come: who a presented text is, and lists for people, which never hold a hash. */
import { createHmac, randomBytes } from 'node:crypto';
import { isGood, type Clock, type TokenFields, type TokenState } from '@blockledger/domain';
import { idOf } from '../engine/commands/aggregates.ts';
import { hashOfToken } from '../engine/tokens/tokenText.ts';
import { listingOf, type Listing } from './pageQueries.ts';
import { pageOf } from './paging.ts';
import type { States } from './states.ts';
import type { PageQuery, Principal, TokenFilter, TokenStatus, TokenView } from './views.ts';

/** What a list of tokens takes. */
export type TokenQuery = PageQuery & TokenFilter;

export interface TokenQueries extends Listing<TokenView, TokenQuery> {
  readonly get: (id: string) => TokenView | undefined;
  /** `within` knows the tokens of one tenant only. */
  readonly verify: (presented: string, within?: string) => Principal | undefined;
  /** Told of each token that is revoked, by its id; returns how to stop. */
  readonly onRevoked: (listener: (id: string) => void) => () => void;
}

/** A token as it is kept here. Numbers follow the log, so they are the same after a restart; they only order the lists. */
interface Entry {
  readonly number: number;
  readonly token: TokenFields;
  readonly state: TokenState;
  readonly lastUsedAt: number | null;
}

const KEY_BYTES = 32;

const LISTED = { name: 'tokens', fields: [], statuses: ['active', 'expired', 'revoked'], words: { role: ['reader', 'operator', 'admin'] } } as const;

const statusOf = (state: TokenState, nowMs: number): TokenStatus => {
  if (state.revoked !== null) return 'revoked';
  return isGood(state, nowMs) ? 'active' : 'expired';
};

const viewOf = ({ token, state, lastUsedAt }: Entry, nowMs: number): TokenView => {
  const { tokenId, name, role, tenant, issuedAt, issuedBy, expiresAt } = token;
  return { kind: 'token', id: tokenId, name, role, tenant, status: statusOf(state, nowMs), issuedAt, issuedBy, expiresAt, revoked: state.revoked, lastUsedAt };
};

/** Tokens over the states; make them before the log is replayed. */
export const makeTokens = (states: States, { nowMs }: Pick<Clock, 'nowMs'>): TokenQueries => {
  const entries = new Map<number, Entry>();
  const numberOf = new Map<string, number>();
  const byDigest = new Map<string, number>();
  const listeners = new Set<(id: string) => void>();
  // Texts are looked up by a digest under a key that only this process knows: how long the look-up takes tells nothing that anybody could use.
  const key = randomBytes(KEY_BYTES);
  const digestOf = (hash: string): string => createHmac('sha256', key).update(hash).digest('hex');

  states.onChange(({ kind, stream, after }) => {
    if (kind !== 'token') return;
    const state = after as TokenState;
    const { token } = state;
    if (token === null) return;
    const id = idOf(stream);
    const number = numberOf.get(id) ?? entries.size + 1;
    const wasRevoked = (entries.get(number)?.state.revoked ?? null) !== null;
    numberOf.set(id, number);
    entries.set(number, { number, token, state, lastUsedAt: entries.get(number)?.lastUsedAt ?? null });
    byDigest.set(digestOf(token.hash), number);
    if (state.revoked !== null && !wasRevoked) for (const listener of listeners) listener(id);
  });

  return {
    get: (id) => {
      const entry = entries.get(numberOf.get(id) ?? -1);
      return entry === undefined ? undefined : viewOf(entry, nowMs());
    },
    ...listingOf(LISTED, (query: TokenQuery) => {
      const now = nowMs();
      const { name, role, tenant, status } = query;
      const view = (number: number): TokenView | undefined => {
        const entry = entries.get(number);
        return entry === undefined ? undefined : viewOf(entry, now);
      };
      const matches = (number: number): boolean => {
        const entry = entries.get(number);
        if (entry === undefined) return false;
        const stands = statusOf(entry.state, now);
        return (
          (status === undefined ? stands !== 'revoked' : stands === status) &&
          (name === undefined || entry.token.name === name) &&
          (role === undefined || entry.token.role === role) &&
          (tenant === undefined || entry.token.tenant === tenant)
        );
      };
      return pageOf([...entries.keys()], query, view, matches);
    }),
    verify: (presented, within) => {
      const entry = entries.get(byDigest.get(digestOf(hashOfToken(presented))) ?? -1);
      const now = nowMs();
      if (entry === undefined || !isGood(entry.state, now) || (within !== undefined && entry.token.tenant !== within)) return undefined;
      entries.set(entry.number, { ...entry, lastUsedAt: now });
      const { name, role, tenant, tokenId, expiresAt } = entry.token;
      return { name: `token:${name}`, role, tenant, tokenId, expiresAt };
    },
    onRevoked: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
};
