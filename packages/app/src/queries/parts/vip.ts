/** Virtual IPs: parts of VIP groups (S0-134). */
import type { VipGroupState } from '@blockledger/domain';
import { vipViewOf } from '../kinds/vipGroup.ts';
import type { VipFilter, VipView } from '../pathViews.ts';
import type { VipSortField } from '../sortViews.ts';
import type { PartKind } from './part.ts';

export const vipPart: PartKind<VipGroupState, VipView, VipFilter, VipSortField> = {
  kind: 'vip',
  plural: 'virtual IPs',
  parent: 'vipGroup',
  partsOf: ({ group, lifecycle }) => (group === null || lifecycle === 'deleted' || lifecycle === 'refused' ? [] : group.vips.map(({ vipId, number }) => ({ id: vipId, number }))),
  view: vipViewOf,
  parentIn: ({ vipGroup }) => vipGroup,
  matcher: ({ accessPath, ip }, { resolve }) => {
    const accessPathId = accessPath === undefined ? undefined : (resolve.accessPath(accessPath) ?? 'none');
    return ({ group }, id) =>
      group !== null && (accessPathId === undefined || group.accessPathId === accessPathId) && (ip === undefined || group.vips.some((vip) => vip.vipId === id && vip.ip === ip));
  },
  readers: (viewAt) => ({
    number: (number) => number,
    ip: (number) => viewAt(number)?.ip ?? null,
    vipGroupNumber: (number) => viewAt(number)?.vipGroup.number ?? null,
  }),
};
