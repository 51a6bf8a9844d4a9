/** Requests about VIP groups and their virtual IPs, as commands. */
import type { Refusal } from '@blockledger/domain';
import * as E from 'fp-ts/lib/Either.js';
import type { ResourceRef } from '../../../queries/views.ts';
import type { VipInput } from '../../pathRequests.ts';
import { idIn, listIn, onPart, onResource, partIdIn, related, type Addressed, type Addressing, type RequestContext, type RequestOf, type Resolved } from './addressing.ts';

type VipGroupRequestName = 'createVipGroup' | 'updateVipGroup' | 'addVip' | 'removeVip' | 'addVipMember' | 'removeVipMember' | 'deleteVipGroup' | 'redeployVipGroup';

/** Nearly always an address brings no route of its own (S0-76). */
const WHOLE_MASK = 32;

const vipWish = (context: RequestContext, { ip, mask = WHOLE_MASK, networkAddress }: VipInput, vipId: string): E.Either<Refusal, object> =>
  E.map((networkAddressId: string) => ({ vipId, ip, mask, networkAddressId }))(partIdIn(context, 'networkAddress', networkAddress));

const createVipGroup = ({ input }: RequestOf<'createVipGroup'>, context: RequestContext): Resolved => {
  const { ids, commandId, indexes } = context;
  const { network, preempt = true, force = false } = input;
  const accessPathId = idIn(context, 'accessPath', input.accessPath);
  if (E.isLeft(accessPathId)) return accessPathId;
  const list = listIn(input.vips, 'vips');
  if (E.isLeft(list)) return list;
  const vips: object[] = [];
  for (const [at, vip] of list.right.entries()) {
    const wish = vipWish(context, vip, ids.derive(commandId, `vip ${at}`));
    if (E.isLeft(wish)) return wish;
    vips.push(wish.right);
  }
  const vipGroupId = ids.derive(commandId, 'vipGroup');
  const command = { type: 'CreateVipGroup', vipGroupId, accessPathId: accessPathId.right, network, preempt, vips, force };
  // What an access path has is its tenant's, whoever asks.
  const tenant = indexes.accessPath.tenantOf(accessPathId.right);
  return E.right({ to: 'vipGroup', command, resource: { kind: 'vipGroup', id: vipGroupId }, tenant, related: related('accessPath', [accessPathId.right]) });
};

const addVip = ({ vipGroup, input }: RequestOf<'addVip'>, context: RequestContext): Resolved => {
  const vipId = context.ids.derive(context.commandId, 'vip');
  const vip = vipWish(context, input, vipId);
  if (E.isLeft(vip)) return vip;
  return E.map((addressed: Addressed): Addressed => ({ ...addressed, part: vipId }))(onGroup(context, vipGroup, { type: 'AddVip', vip: vip.right }));
};

const onGroup = (context: RequestContext, vipGroup: ResourceRef, command: object): Resolved => onResource(context, ['vipGroup', vipGroup], () => command);

const onMember = (context: RequestContext, [vipGroup, networkAddress]: readonly [ResourceRef, ResourceRef], type: string): Resolved => {
  const networkAddressId = partIdIn(context, 'networkAddress', networkAddress);
  return E.isLeft(networkAddressId) ? networkAddressId : onGroup(context, vipGroup, { type, networkAddressId: networkAddressId.right });
};

export const vipGroupRequests: Addressing<VipGroupRequestName> = {
  createVipGroup,
  updateVipGroup: ({ vipGroup, input }, context) => onGroup(context, vipGroup, { type: 'UpdateVipGroup', preempt: input.preempt }),
  addVip,
  removeVip: ({ vip }, context) => onPart(context, ['vip', vip], ({ id: vipId }) => ({ type: 'RemoveVip', vipId })),
  addVipMember: ({ vipGroup, input }, context) => onMember(context, [vipGroup, input.networkAddress], 'AddVipMember'),
  removeVipMember: ({ vipGroup, input }, context) => onMember(context, [vipGroup, input.networkAddress], 'RemoveVipMember'),
  deleteVipGroup: ({ vipGroup, input }, context) => onGroup(context, vipGroup, { type: 'DeleteVipGroup', force: input.force ?? false }),
  redeployVipGroup: ({ vipGroup }, context) => onGroup(context, vipGroup, { type: 'RedeployVipGroup' }),
};
