/** The list of actions: who asked what, when, from where, and what came of it (S0-136). */
import type { ActionRecord, ActionRecords } from './actionRecords.ts';
import type { ActionView, ToldEvent } from './actionViews.ts';
import { maskSecrets } from './masking.ts';
import { listingOf, type Listing } from './pageQueries.ts';
import { fieldsOf, sortedPage, type SortReaders } from './sorting.ts';
import type { ActionSortField, Sorted } from './sortViews.ts';
import type { PageQuery } from './views.ts';
import type { ActionFilter } from './workFilters.ts';

/** What a list of actions takes. */
export type ActionQuery = PageQuery & ActionFilter & Sorted<ActionSortField>;

/** Actions as some may see them. */
export interface SeenActions extends Listing<ActionView, ActionQuery> {
  readonly get: (commandId: string) => ActionView | undefined;
}

export interface Actions extends SeenActions {
  /** As a tenant sees them. */
  readonly within: (tenant: string) => SeenActions;
}

const viewOf = ({ number: _number, owner: _owner, told, ...fields }: ActionRecord): ActionView => ({
  ...fields,
  told: told.map(({ type, data }): ToldEvent => ({ type, data: maskSecrets(data) as ToldEvent['data'] })),
});

/** What is asked about tokens and webhooks concerns those who run the service: it tells where events are sent, and who may ask. */
const APART: ReadonlySet<string> = new Set(['issueToken', 'revokeToken', 'registerWebhook', 'updateWebhook', 'rotateWebhookSecret', 'removeWebhook']);

/** True for what every role may see. */
export const isCommonAction = ({ action }: Pick<ActionView, 'action'>): boolean => !APART.has(action);

/** All that is looked through, in lower case. */
const textOf = (record: ActionRecord): string => {
  const { commandId, issuedBy, correlationId, clientAddress, action, parameters, resource, related, result, told } = viewOf(record);
  const refusal = result._tag === 'refused' ? [result.refusal._tag, result.refusal.message] : [];
  return JSON.stringify([commandId, issuedBy, correlationId, clientAddress, action, parameters, resource, related, refusal, told]).toLowerCase();
};

const isAbout = ({ resource, related }: ActionRecord, id: string): boolean => resource?.id === id || related.some((one) => one.id === id);

const matcher = ({ issuedBy, action, resourceId, result, tenant, correlationId, commonOnly = false, since, until, q }: ActionFilter): ((record: ActionRecord) => boolean) => {
  const wanted = q?.toLowerCase() ?? '';
  return (record) =>
    (!commonOnly || isCommonAction(record)) &&
    (issuedBy === undefined || record.issuedBy === issuedBy) &&
    (action === undefined || record.action === action) &&
    (tenant === undefined || record.tenant === tenant) &&
    (correlationId === undefined || record.correlationId === correlationId) &&
    (since === undefined || record.startedAt >= since) &&
    (until === undefined || record.startedAt < until) &&
    (result === undefined || record.result._tag === result) &&
    (resourceId === undefined || isAbout(record, resourceId)) &&
    (wanted === '' || textOf(record).includes(wanted));
};

/** Lists over the records. */
export const makeActions = (records: ActionRecords): Actions => {
  const readers: SortReaders<ActionSortField> = {
    number: (number) => number,
    startedAt: (number) => records.at(number)?.startedAt ?? null,
    finishedAt: (number) => records.at(number)?.finishedAt ?? null,
    action: (number) => records.at(number)?.action ?? null,
    issuedBy: (number) => records.at(number)?.issuedBy ?? null,
    result: (number) => records.at(number)?.result._tag ?? null,
  };
  const kind = { name: 'actions', fields: fieldsOf(readers), statuses: [], words: { result: ['accepted', 'refused'] } };
  const view = (number: number): ActionView | undefined => {
    const record = records.at(number);
    return record === undefined ? undefined : viewOf(record);
  };
  const over = (isSeen: (record: ActionRecord) => boolean): SeenActions => ({
    ...listingOf(kind, (query: ActionQuery) => {
      const isWanted = matcher(query);
      const matches = (number: number): boolean => {
        const record = records.at(number);
        return record !== undefined && isSeen(record) && isWanted(record);
      };
      return sortedPage({ ...kind, numbers: records.numbers(), view, matches, readers }, query);
    }),
    get: (commandId) => {
      const record = records.of(commandId);
      return record === undefined || !isSeen(record) ? undefined : viewOf(record);
    },
  });
  return { ...over(() => true), within: (tenant) => over(({ owner }) => owner === tenant) };
};
