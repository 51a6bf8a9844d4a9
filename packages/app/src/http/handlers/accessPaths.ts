/** `/access-paths` and `/targets`. */
import * as E from 'fp-ts/lib/Either.js';
import type { accessPathOperations } from '../../api/operations/accessPaths.ts';
import { notFound } from '../../engine/refusals.ts';
import type { CreateAccessPathInput, PlaneRequest, UpdateAccessPathInput } from '../../engine/requests.ts';
import type { AccessPathView, TargetView } from '../../queries/pathViews.ts';
import type { Page } from '../../queries/views.ts';
import { createAccessPathInput, updateAccessPathInput } from '../inputs/accessPath.ts';
import { pageOf } from '../requests/query.ts';
import { targetBody } from '../views/accessPath.ts';
import { pagingBody } from '../views/common.ts';
import { ok, type Handlers } from './handler.ts';
import { listOf, look, lookBack } from './looking.ts';

const shown = listOf<AccessPathView>('access_paths');

export const accessPathHandlers: Handlers<typeof accessPathOperations> = {
  listAccessPaths: async (plane, { query }) => {
    const { name, status, type: accessType, host_id: host, client_group_id: clientGroup, block_volume_id: volume, tenant, q } = query;
    const filter = { ...pageOf(query), ...(name === undefined ? {} : { name }), ...(tenant === undefined ? {} : { tenant }), ...(q === undefined ? {} : { q }) };
    if (status === 'deleted') return E.chain(shown)(await plane.accessPaths.listGone({ ...filter, status }));
    const more = {
      ...(status === undefined ? {} : { status }),
      ...(accessType === undefined ? {} : { accessType }),
      ...(host === undefined ? {} : { host }),
      ...(clientGroup === undefined ? {} : { clientGroup }),
      ...(volume === undefined ? {} : { volume }),
    };
    return E.chain(shown)(plane.accessPaths.page({ ...filter, ...more }));
  },
  getAccessPath: async (plane, { path, query }) => look(plane, { kind: 'accessPath', ref: path.access_path, source: plane.accessPaths }, query),
  getAccessPathHistory: async (plane, { path }) => lookBack(plane, 'accessPath', path.access_path),
  createAccessPath: ({ body }) => E.map((input: CreateAccessPathInput): PlaneRequest => ({ do: 'createAccessPath', input }))(createAccessPathInput(body.access_path)),
  updateAccessPath: ({ path, body }) => E.map((input: UpdateAccessPathInput): PlaneRequest => ({ do: 'updateAccessPath', accessPath: path.access_path, input }))(updateAccessPathInput(body.access_path)),
  deleteAccessPath: ({ path }) => E.right({ do: 'deleteAccessPath', accessPath: path.access_path }),
  redeployAccessPath: ({ path }) => E.right({ do: 'redeployAccessPath', accessPath: path.access_path }),
  listTargets: async (plane, { query }) => {
    const { access_path_id: accessPath, host_id: host, tenant } = query;
    const filter = { ...(accessPath === undefined ? {} : { accessPath }), ...(host === undefined ? {} : { host }), ...(tenant === undefined ? {} : { tenant }) };
    return E.chain((page: Page<TargetView>) => ok({ targets: page.items.map(targetBody), paging: pagingBody(page) }))(plane.targets.page({ ...pageOf(query), ...filter }));
  },
  getTarget: async (plane, { path }) => {
    const target = plane.targets.get(path.target);
    return target === undefined ? E.left(notFound('target', path.target)) : ok({ target: targetBody(target) });
  },
  addTarget: ({ body }) => E.right({ do: 'addTarget', accessPath: body.target.access_path_id, input: { host: body.target.host_id } }),
  removeTarget: ({ path, query }) => E.right({ do: 'removeTarget', target: path.target, input: { force: query.force ?? false } }),
};
