/** Actions, warnings, drift, and mending a lost log. */
import * as E from 'fp-ts/lib/Either.js';
import type { inspectionOperations } from '../../api/operations/inspection.ts';
import type { RebuildReport } from '../../engine/audit/driftViews.ts';
import type { ActionView } from '../../queries/actionViews.ts';
import type { Page } from '../../queries/views.ts';
import type { ActionFilter } from '../../queries/workFilters.ts';
import { insufficient } from '../access/auth.ts';
import { pageOf } from '../requests/query.ts';
import { pagingBody } from '../views/common.ts';
import { actionBody, driftBody, driftReportBody, rebuildBody, warningBody } from '../views/inspection.ts';
import { resourceIn } from './about.ts';
import { ok, type Handlers } from './handler.ts';

export const inspectionHandlers: Handlers<typeof inspectionOperations> = {
  listActions: async (plane, { query, principal }) => {
    const { user, tenant, action, status, correlation_id: correlationId, since, until, q } = query;
    const resourceId = resourceIn(plane, query);
    const filter: ActionFilter = {
      commonOnly: insufficient(principal, 'admin') !== undefined,
      ...(user === undefined ? {} : { issuedBy: user }),
      ...(tenant === undefined ? {} : { tenant }),
      ...(action === undefined ? {} : { action }),
      ...(status === undefined ? {} : { result: status }),
      ...(correlationId === undefined ? {} : { correlationId }),
      ...(since === undefined ? {} : { since }),
      ...(until === undefined ? {} : { until }),
      ...(q === undefined ? {} : { q }),
      ...(resourceId === undefined ? {} : { resourceId }),
    };
    return E.chain((page: Page<ActionView>) => ok({ actions: page.items.map(actionBody), paging: pagingBody(page) }))(plane.actions.page({ ...pageOf(query), ...filter }));
  },
  listWarnings: async (plane) => ok({ warnings: plane.warnings().map(warningBody) }),
  getDrift: async (plane) => ok({ drift: driftReportBody(await plane.drift()) }),
  listOrphans: async (plane) => ok({ orphans: (await plane.orphans()).map(driftBody) }),
  rebuildLog: async (plane, { options }) => E.chain((report: RebuildReport) => ok({ rebuild: rebuildBody(report) }))(await plane.rebuild(options)),
};
