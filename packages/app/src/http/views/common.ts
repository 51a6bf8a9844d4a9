/** What bodies of all kinds share. */
import type * as t from 'io-ts';
import type { ActionStatusWord, FailureBody, PagingBody } from '../../api/bodies/common.ts';
import type { ActionStatus, FailureView, Page } from '../../queries/views.ts';

/** A moment, as ISO 8601 in UTC. */
export const moment = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString());

/** The source's second state field (S0-5): `active` where nothing is being done. */
export const actionStatus = (status: ActionStatus): t.TypeOf<typeof ActionStatusWord> => (status === 'idle' ? 'active' : status);

/** Failed work that waits for a retry or to be abandoned; `task` is what to retry. */
export const failureBody = (failure: FailureView | null): FailureBody | null =>
  failure === null
    ? null
    : { task: failure.operationId, step: failure.step, code: failure.error.code, message: failure.error.message, since: moment(failure.since) };

/** The source's paging fields (S0-4). */
export const pagingBody = <V>(page: Page<V>): PagingBody => ({
  count: page.items.length,
  limit: page.limit,
  offset: page.offset,
  next: page.next,
  total_count: page.totalCount,
  truncated: page.truncated,
});
