/** What bodies of all kinds share. */
import type { ActionStatus, FailureView, Page } from '../../queries/views.ts';

/** A moment, as ISO 8601 in UTC. */
export const moment = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString());

/** The source's second state field (S0-5): `active` where nothing is being done. */
export const actionStatus = (status: ActionStatus): string => (status === 'idle' ? 'active' : status);

/** Failed work that waits for a retry or to be abandoned; `task` is what to retry. */
export const failureBody = (failure: FailureView | null): object | null =>
  failure === null
    ? null
    : { task: failure.operationId, step: failure.work, code: failure.error.code, message: failure.error.message, since: moment(failure.since) };

/** A page under its envelope, with the source's paging fields (S0-4). */
export const pageBody = <V>(key: string, page: Page<V>, body: (item: V) => object): object => ({
  [key]: page.items.map((item) => body(item)),
  paging: {
    count: page.items.length,
    limit: page.limit,
    offset: page.offset,
    next: page.next,
    total_count: page.totalCount,
    truncated: page.truncated,
  },
});
