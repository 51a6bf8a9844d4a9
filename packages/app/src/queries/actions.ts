/**
 * Action records: one per caller's command (S0-136). Accepted ones are in the log for ever, and the latest of them are read back at
 * start, without their parameters; refusals are not events: they, and the parameters, are remembered by this process only.
 */
import { isLeft } from 'fp-ts/lib/Either.js';
import type { Either } from 'fp-ts/lib/Either.js';
import type { Refusal } from '@blockledger/domain';
import { aggregates, idOf } from '../engine/aggregates.ts';
import { pageOf } from './paging.ts';
import type { States } from './states.ts';
import type { ActionView, Page, PageQuery } from './views.ts';
import type { ActionFilter } from './workFilters.ts';

/** A command that was answered. */
export interface Answered {
  readonly commandId: string;
  readonly issuedBy: string;
  readonly tenant: string;
  /** The tenant that may see the record; null: only those who see all of them. */
  readonly owner: string | null;
  readonly correlationId: string;
  readonly clientAddress: string | null;
  readonly action: string;
  readonly parameters: unknown;
  readonly resource: ActionView['resource'];
  readonly startedAt: number;
  readonly finishedAt: number;
  readonly answer: Either<Refusal, readonly string[]>;
}

export interface Actions {
  readonly list: (query?: PageQuery & ActionFilter) => Page<ActionView>;
  /** The list as a tenant sees it. */
  readonly within: (tenant: string) => Actions['list'];
  readonly note: (answered: Answered) => void;
}

const SECRET = /secret|password|token|credential|chap/i;
const MASKED = '********';

/** The same value with everything masked that is named like a secret. */
export const maskSecrets = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(maskSecrets);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]: [string, unknown]) => [key, SECRET.test(key) ? MASKED : maskSecrets(inner)]));
};

interface Kept {
  readonly view: ActionView;
  readonly owner: string | null;
}

/** Records over the states; make them before the log is replayed. */
export const makeActions = (states: States, kept: number): Actions => {
  const records = new Map<number, Kept>();
  const numberOf = new Map<string, number>();
  let next = 1;

  const put = (record: Kept): void => {
    const { commandId } = record.view;
    const number = numberOf.get(commandId) ?? next;
    if (number === next) next += 1;
    numberOf.set(commandId, number);
    records.set(number, record);
    if (records.size <= kept) return;
    const oldest = records.keys().next();
    if (oldest.done === true) return;
    numberOf.delete(records.get(oldest.value)?.view.commandId ?? '');
    records.delete(oldest.value);
  };

  states.onChange(({ kind, stream, after, folded }) => {
    if (kind === 'reservation') return;
    // Pools are everybody's, and what is done to them is the operators' business.
    const owner = kind === 'pool' ? null : (aggregates[kind].tenantOf(after) ?? null);
    for (const { stored } of folded) {
      const { commandId, inputHash, request, issuedBy, tenant, correlationId, at } = stored.meta;
      if (inputHash === undefined || request === undefined) continue;
      const before = records.get(numberOf.get(commandId) ?? -1)?.view;
      if (before?.result._tag === 'accepted' && before.result.events.includes(stored.type)) continue;
      const events = before?.result._tag === 'accepted' ? [...before.result.events, stored.type] : [stored.type];
      const view: ActionView = {
        commandId,
        issuedBy,
        tenant: owner ?? tenant,
        correlationId,
        clientAddress: null,
        action: request,
        parameters: null,
        resource: { kind, id: idOf(stream) },
        result: { _tag: 'accepted', events },
        startedAt: at,
        finishedAt: at,
      };
      put({ view, owner });
    }
  });

  const listOf =
    (isSeen: (kept: Kept) => boolean): Actions['list'] =>
    (query = {}) => {
      const { issuedBy, action, resourceId, result } = query;
      const matches = (number: number): boolean => {
        const kept = records.get(number);
        if (kept === undefined || !isSeen(kept)) return false;
        const { view: record } = kept;
        return (
          (issuedBy === undefined || record.issuedBy === issuedBy) &&
          (action === undefined || record.action === action) &&
          (resourceId === undefined || record.resource?.id === resourceId) &&
          (result === undefined || record.result._tag === result)
        );
      };
      return pageOf([...records.keys()], query, (number) => records.get(number)?.view, matches);
    };

  return {
    note: ({ answer, parameters, owner, ...fields }) => {
      const result: ActionView['result'] = isLeft(answer) ? { _tag: 'refused', refusal: answer.left } : { _tag: 'accepted', events: answer.right };
      put({ view: { ...fields, parameters: maskSecrets(parameters), result }, owner });
    },
    list: listOf(() => true),
    within: (tenant) => listOf(({ owner }) => owner === tenant),
  };
};
