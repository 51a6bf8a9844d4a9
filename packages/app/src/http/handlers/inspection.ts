/** Actions, warnings, drift, and mending a lost log. */
import * as E from 'fp-ts/lib/Either.js';
import type { inspectionOperations } from '../../api/operations/inspection.ts';
import type { RebuildReport } from '../../engine/audit/driftViews.ts';
import type { BeforeAndAfter } from '../../engine/controlPlane.ts';
import { notFound } from '../../engine/refusals.ts';
import type { ActionView } from '../../queries/actionViews.ts';
import { isCommonAction } from '../../queries/actions.ts';
import { isResourceKind } from '../../queries/kinds/index.ts';
import type { Page, ResourceView } from '../../queries/views.ts';
import type { ActionFilter } from '../../queries/workFilters.ts';
import { insufficient } from '../access/auth.ts';
import { pageOf } from '../requests/query.ts';
import { pagingBody } from '../views/common.ts';
import { actionBody, driftBody, driftReportBody, rebuildBody, warningBody } from '../views/inspection.ts';
import { resourceBody } from '../views/resource.ts';
import { resourceIn } from './about.ts';
import { ok, type Handlers } from './handler.ts';

const UNCHANGED: BeforeAndAfter = { before: null, after: null };
const dataOf = (view: ResourceView | null): object | null => (view === null ? null : resourceBody(view));

export const inspectionHandlers: Handlers<typeof inspectionOperations> = {
  listActions: async (plane, { query, principal }) => {
    const { user, tenant, action, status, correlation_id: correlationId, since, until, q } = query;
    const about = resourceIn(plane, query);
    if (E.isLeft(about)) return about;
    const resourceId = about.right;
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
  getAction: async (plane, { path, principal }) => {
    const commandId = String(path.action);
    const action = plane.actions.get(commandId);
    const isShown = action !== undefined && (isCommonAction(action) || insufficient(principal, 'admin') === undefined);
    if (!isShown) return E.left(notFound('action', commandId));
    const { resource } = action;
    const changed = resource !== null && isResourceKind(resource.kind) ? await plane.changedBy(commandId, { kind: resource.kind, ref: resource.id }) : E.right(UNCHANGED);
    return E.chain(({ before, after }: BeforeAndAfter) => ok({ action: { ...actionBody(action), old_data: dataOf(before), new_data: dataOf(after) } }))(changed);
  },
  listWarnings: async (plane) => ok({ warnings: plane.warnings().map(warningBody) }),
  getDrift: async (plane) => ok({ drift: driftReportBody(await plane.drift()) }),
  listOrphans: async (plane) => ok({ orphans: (await plane.orphans()).map(driftBody) }),
  rebuildLog: (plane, { options }) =>
    E.right({ request: { do: 'rebuild' }, run: async () => E.chain((report: RebuildReport) => ok({ rebuild: rebuildBody(report) }))(await plane.rebuild(options)) }),
};
