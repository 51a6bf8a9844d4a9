/** Webhooks, folded as their events come. */
import type { WebhookFields, WebhookState } from '@blockledger/domain';
import { idOf } from '../engine/commands/aggregates.ts';
import { listingOf, type Listing } from './pageQueries.ts';
import { pageOf } from './paging.ts';
import type { States } from './states.ts';
import type { PageQuery } from './views.ts';
import type { WebhookListFilter, WebhookStatus, WebhookView } from './webhookViews.ts';

/** What a list of webhooks takes. */
export type WebhookQuery = PageQuery & WebhookListFilter;

export interface WebhookQueries extends Listing<WebhookView, WebhookQuery> {
  readonly get: (id: string) => WebhookView | undefined;
  /** Undefined for one that is not there, or not any more. */
  readonly fieldsOf: (id: string) => WebhookFields | undefined;
  /** Of those that are there. */
  readonly all: () => readonly WebhookFields[];
  readonly count: () => number;
  /** The UUID of a webhook whose stream changed, and the types of what happened. */
  readonly onChange: (listener: (id: string, types: readonly string[]) => void) => void;
}

const LISTED = { name: 'webhooks', fields: [], statuses: ['active', 'failing', 'disabled', 'removed'] } as const;

const statusOf = (webhook: WebhookFields, removed: boolean): WebhookStatus => {
  if (removed) return 'removed';
  if (webhook.disabled !== null) return 'disabled';
  return webhook.failing === null ? 'active' : 'failing';
};

const viewOf = ({ webhook, removed }: WebhookState): WebhookView | undefined => {
  if (webhook === null) return undefined;
  const { webhookId, secretRef: _secretRef, previousSecret, round: _round, ...shown } = webhook;
  return { kind: 'webhook', id: webhookId, status: statusOf(webhook, removed), previousSecretUntil: previousSecret?.until ?? null, ...shown };
};

/** Webhooks over the states; make them before the log is replayed. */
export const makeWebhookQueries = (states: States): WebhookQueries => {
  const byNumber = new Map<number, WebhookState>();
  const numberOf = new Map<string, number>();
  const present = new Set<string>();
  const listeners: ((id: string, types: readonly string[]) => void)[] = [];

  states.onChange(({ kind, stream, after, folded }) => {
    if (kind !== 'webhook') return;
    const state = after as WebhookState;
    const id = idOf(stream);
    // Numbers follow the log, so they are the same after a restart; they only order the lists.
    const number = numberOf.get(id) ?? byNumber.size + 1;
    numberOf.set(id, number);
    byNumber.set(number, state);
    if (state.webhook === null || state.removed) present.delete(id);
    else present.add(id);
    const types = folded.map(({ event }) => event.type);
    for (const listener of listeners) listener(id, types);
  });

  const stateOf = (id: string): WebhookState | undefined => byNumber.get(numberOf.get(id) ?? -1);
  const fieldsOf = (id: string): WebhookFields | undefined => (present.has(id) ? (stateOf(id)?.webhook ?? undefined) : undefined);

  return {
    fieldsOf,
    all: () => [...present].flatMap((id) => fieldsOf(id) ?? []),
    count: () => present.size,
    onChange: (listener) => void listeners.push(listener),
    get: (id) => {
      const state = stateOf(id);
      return state === undefined || state.removed ? undefined : viewOf(state);
    },
    ...listingOf(LISTED, (query: WebhookQuery) => {
      const { name, tenant, status } = query;
      const view = (number: number): WebhookView | undefined => {
        const state = byNumber.get(number);
        return state === undefined ? undefined : viewOf(state);
      };
      const matches = (number: number): boolean => {
        const found = view(number);
        if (found === undefined) return false;
        return (
          (status === undefined ? found.status !== 'removed' : found.status === status) &&
          (name === undefined || found.name === name) &&
          (tenant === undefined || found.tenant === tenant)
        );
      };
      return pageOf([...byNumber.keys()], query, view, matches);
    }),
  };
};
