/** VIP groups and virtual IPs as the source writes them (S0-67, S0-134). */
import type { VipBody, VipGroupBody } from '../../api/bodies/vipGroup.ts';
import type { VipGroupView, VipInstanceView, VipMemberView, VipView } from '../../queries/pathViews.ts';
import { actionStatus, failureBody, moment } from './common.ts';
import { linkBody, operationBody, partLinkBody, partStatus, unreachableBody } from './paths.ts';

const UNDER_WAY = { creating: 'creating', active: 'updating', deleting: 'deleting' } as const satisfies Readonly<Record<ReturnType<typeof partStatus>, VipBody['action_status']>>;

/** What is being done to an address that is not yet everywhere as it should be (S0-134). */
const actionOn = (vip: VipView, isConfirmed: boolean): VipBody['action_status'] => (isConfirmed ? 'active' : UNDER_WAY[partStatus(vip.status)]);

const instanceBody = (vip: VipView, instance: VipInstanceView): VipBody['instances'][number] => ({
  network_address: partLinkBody({ id: instance.networkAddressId, number: instance.networkAddressNumber }),
  host: linkBody(instance.host),
  source: instance.source,
  interface: instance.interface,
  priority: instance.priority,
  status: partStatus(vip.status),
  action_status: actionOn(vip, instance.isConfirmed),
  confirmed: instance.isConfirmed,
  state: instance.state,
  holds: instance.holds,
  not_ready: instance.notReady,
  seen: moment(instance.seenAt),
  unreachable: unreachableBody(instance.unreachable),
});

/** The resource inside `vip`. */
export const vipBody = (vip: VipView): VipBody => ({
  id: vip.number,
  uuid: vip.id,
  vip_group: partLinkBody(vip.vipGroup),
  access_path: linkBody(vip.accessPath),
  ip: vip.ip,
  mask: vip.mask,
  virtual_router_id: vip.vrid,
  status: partStatus(vip.status),
  action_status: actionOn(vip, vip.status === 'active' && vip.instances.every(({ isConfirmed }) => isConfirmed)),
  network_address: partLinkBody({ id: vip.preferredAddressId, number: vip.preferredAddressNumber }),
  holder: vip.holder === null ? null : { network_address: partLinkBody({ id: vip.holder.networkAddressId, number: vip.holder.networkAddressNumber }), host: linkBody(vip.holder.host) },
  split: vip.isSplit,
  contested: vip.isContested,
  instances: vip.instances.map((instance) => instanceBody(vip, instance)),
  tenant: vip.tenant,
});

const memberBody = (member: VipMemberView): VipGroupBody['network_addresses'][number] => ({
  network_address: partLinkBody({ id: member.networkAddressId, number: member.networkAddressNumber }),
  host: linkBody(member.host),
  ip: member.ip,
  interface: member.interface,
  status: partStatus(member.status),
  off: member.off,
  awaits_admission: moment(member.awaitsAdmissionSince),
  unreachable: unreachableBody(member.unreachable),
});

/** The resource inside `vip_group`. */
export const vipGroupBody = (group: VipGroupView): VipGroupBody => ({
  id: group.number,
  uuid: group.id,
  resource_type: 'access_path',
  resource_id: group.accessPath.number,
  access_path: linkBody(group.accessPath),
  network: group.network,
  segment: group.segment,
  preempt: group.preempt,
  status: group.status,
  action_status: actionStatus(group.actionStatus),
  stage: group.stage,
  network_addresses: group.members.map(memberBody),
  vips: group.vips.map(vipBody),
  operations: group.operations.map(operationBody),
  failure: failureBody(group.failure),
  tenant: group.tenant,
  create: moment(group.createdAt),
  update: moment(group.updatedAt),
});
