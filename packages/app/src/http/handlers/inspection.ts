/** Actions, warnings, drift, and mending a lost log. */
import * as E from 'fp-ts/lib/Either.js';
import type { inspectionOperations } from '../../api/operations/inspection.ts';
import type { RebuildReport } from '../../engine/audit/driftViews.ts';
import { pageOf } from '../requests/query.ts';
import { pagingBody } from '../views/common.ts';
import { actionBody, driftBody, driftReportBody, rebuildBody, warningBody } from '../views/inspection.ts';
import { ok, type Handlers } from './handler.ts';

export const inspectionHandlers: Handlers<typeof inspectionOperations> = {
  listActions: async (plane, { query }) => {
    const { user, action, resource_id: resourceId, status } = query;
    const page = plane.actions.list({
      ...pageOf(query),
      ...(user === undefined ? {} : { issuedBy: user }),
      ...(action === undefined ? {} : { action }),
      ...(resourceId === undefined ? {} : { resourceId }),
      ...(status === undefined ? {} : { result: status }),
    });
    return ok({ actions: page.items.map(actionBody), paging: pagingBody(page) });
  },
  listWarnings: async (plane) => ok({ warnings: plane.warnings().map(warningBody) }),
  getDrift: async (plane) => ok({ drift: driftReportBody(await plane.drift()) }),
  listOrphans: async (plane) => ok({ orphans: (await plane.orphans()).map(driftBody) }),
  rebuildLog: async (plane, { options }) => E.chain((report: RebuildReport) => ok({ rebuild: rebuildBody(report) }))(await plane.rebuild(options)),
};
