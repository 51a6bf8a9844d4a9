/** What bodies about VIP groups mean. */
import type { NewVip, NewVipGroup } from '../../api/bodies/vipGroup.ts';
import type { CreateVipGroupInput, VipInput } from '../../engine/requests.ts';

/** A virtual IP (S0-83). */
export const vipInput = ({ ip, mask, network_address_id: networkAddress }: Omit<NewVip, 'vip_group_id'>): VipInput => ({ ip, networkAddress, ...(mask === undefined ? {} : { mask }) });

/** Virtual IPs for an access path (S0-67). */
export const createVipGroupInput = ({ network, preempt, resource_id: accessPath, vips }: NewVipGroup, force: boolean): CreateVipGroupInput => ({
  accessPath,
  network,
  vips: vips.map(vipInput),
  force,
  ...(preempt === undefined ? {} : { preempt }),
});
