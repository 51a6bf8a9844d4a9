/** `/vip-groups` and `/vips`. */
import * as E from 'fp-ts/lib/Either.js';
import type { vipGroupOperations } from '../../api/operations/vipGroups.ts';
import { notFound } from '../../engine/refusals.ts';
import type { VipGroupView, VipView } from '../../queries/pathViews.ts';
import type { Page } from '../../queries/views.ts';
import { createVipGroupInput, vipInput } from '../inputs/vipGroup.ts';
import { pageOf } from '../requests/query.ts';
import { pagingBody } from '../views/common.ts';
import { vipBody } from '../views/vipGroup.ts';
import { ok, type Handlers } from './handler.ts';
import { listOf, look, lookBack } from './looking.ts';

const shown = listOf<VipGroupView>('vip_groups');

export const vipGroupHandlers: Handlers<typeof vipGroupOperations> = {
  listVipGroups: async (plane, { query }) => {
    // There is one type of resource that can have them: naming it filters nothing.
    const { resource_id: accessPath, status, network, tenant, q } = query;
    const filter = { ...pageOf(query), ...(accessPath === undefined ? {} : { accessPath }), ...(tenant === undefined ? {} : { tenant }), ...(q === undefined ? {} : { q }) };
    if (status === 'deleted') return E.chain(shown)(await plane.vipGroups.listGone({ ...filter, ...(network === undefined ? {} : { name: network }), status }));
    return E.chain(shown)(plane.vipGroups.page({ ...filter, ...(status === undefined ? {} : { status }), ...(network === undefined ? {} : { network }) }));
  },
  getVipGroup: async (plane, { path, query }) => look(plane, { kind: 'vipGroup', ref: path.vip_group, source: plane.vipGroups }, query),
  getVipGroupHistory: async (plane, { path }) => lookBack(plane, 'vipGroup', path.vip_group),
  createVipGroup: ({ body, query }) => E.right({ do: 'createVipGroup', input: createVipGroupInput(body.vip_group, query.force ?? false) }),
  updateVipGroup: ({ path, body }) => E.right({ do: 'updateVipGroup', vipGroup: path.vip_group, input: body.vip_group }),
  deleteVipGroup: ({ path, query }) => E.right({ do: 'deleteVipGroup', vipGroup: path.vip_group, input: { force: query.force ?? false } }),
  redeployVipGroup: ({ path }) => E.right({ do: 'redeployVipGroup', vipGroup: path.vip_group }),
  addVipMember: ({ path, body }) => E.right({ do: 'addVipMember', vipGroup: path.vip_group, input: { networkAddress: body.network_address_id } }),
  removeVipMember: ({ path }) => E.right({ do: 'removeVipMember', vipGroup: path.vip_group, input: { networkAddress: path.network_address } }),
  listVips: async (plane, { query }) => {
    const { vip_group_id: vipGroup, access_path_id: accessPath, ip, tenant } = query;
    const filter = {
      ...(vipGroup === undefined ? {} : { vipGroup }),
      ...(accessPath === undefined ? {} : { accessPath }),
      ...(ip === undefined ? {} : { ip }),
      ...(tenant === undefined ? {} : { tenant }),
    };
    return E.chain((page: Page<VipView>) => ok({ vips: page.items.map(vipBody), paging: pagingBody(page) }))(plane.vips.page({ ...pageOf(query), ...filter }));
  },
  getVip: async (plane, { path }) => {
    const vip = plane.vips.get(path.vip);
    return vip === undefined ? E.left(notFound('vip', path.vip)) : ok({ vip: vipBody(vip) });
  },
  addVip: ({ body }) => {
    const { vip_group_id: vipGroup, ...vip } = body.vip;
    return E.right({ do: 'addVip', vipGroup, input: vipInput(vip) });
  },
  removeVip: ({ path }) => E.right({ do: 'removeVip', vip: path.vip }),
};
