/** What a VIP group owes: reservations, a look at the wire, portals of the access path, and every instance that is not as the latest version wants it. */
import { ISCSI_PORT } from '../accessPath/limits.ts';
import type { OperationId } from '../kernel/ids.ts';
import { releaseAddress, reserveAddress, reserveNumberOf } from '../kernel/naming.ts';
import { performOnVip, tell, unstuck } from '../kernel/owing.ts';
import type { Work } from '../kernel/work.ts';
import type { DomainCommand } from '../messages.ts';
import type { ReadyCheck, VipInstance } from '../ports/vipBackend.ts';
import type { ReservationKey } from '../reservation/messages.ts';
import { SCAN_MS } from './limits.ts';
import { priorityOf } from './priority.ts';
import { instanceKey, instancesCheck, instancesRun, refOfInstance, wantedInstances, type Member, type Vip, type VipDue, type VipGroupFields, type VipGroupState } from './state.ts';

type VipWork = Work<DomainCommand>;

const vridKey = ({ segment }: VipGroupFields, vrid: number): ReservationKey => ({ kind: 'vrid', segment, vrid });
const reserve = (holder: string, key: ReservationKey): DomainCommand => ({ to: 'reservation', command: { type: 'Reserve', key, holder, amount: 1, bounded: true } });

const give = (group: VipGroupFields, gives: Exclude<VipDue['gives'], { readonly instance: unknown }>): DomainCommand => {
  if ('ip' in gives) return releaseAddress(gives.ip, gives.holder);
  if ('vrid' in gives) return { to: 'reservation', command: { type: 'Release', key: vridKey(group, gives.vrid), holder: gives.holder } };
  return { to: 'accessPath', command: { type: 'LeaveVipGroup', accessPathId: gives.path, vipGroupId: group.vipGroupId } };
};

const dueWork = ({ troubles }: VipGroupState, group: VipGroupFields, { operationId, due, gives }: VipDue): VipWork =>
  'instance' in gives
    ? performOnVip(troubles, { operationId, step: due }, { do: 'ensureInstanceGone', place: gives.instance.place, instance: gives.instance })
    : tell(troubles, { operationId, step: due }, [give(group, gives)]);

/** What the host must serve by the address before it may hold it (I-20). One of which nothing is sure yet must serve what any other does. */
const checksOf = ({ serving }: VipGroupState, { ip }: Vip, { hostId }: Member): readonly ReadyCheck[] => {
  const own = serving.find(({ hostIds }) => hostIds.includes(hostId));
  const targets = own === undefined ? (serving[0]?.targets ?? []) : own.targets;
  return targets.map(({ iqn, luns }) => ({ iqn, portal: { ip, port: ISCSI_PORT }, luns }));
};

const instanceOf = (state: VipGroupState, group: VipGroupFields, { vip, member }: { readonly vip: Vip; readonly member: Member }): VipInstance => ({
  vipGroupId: group.vipGroupId,
  vipId: vip.vipId,
  ip: vip.ip,
  mask: vip.mask,
  vrid: vip.vrid,
  priority: priorityOf(group, vip, member.networkAddressId),
  preempt: group.preempt,
  interface: member.interface,
  source: member.ip,
  peers: group.members.filter((other) => other !== member).map(({ ip }) => ip),
  checks: checksOf(state, vip, member),
});

const placeOfMember = ({ backend, host }: Member) => ({ backend, host });

/** Numbers and virtual router ids of addresses that do not have theirs yet. */
const vipReservations = (state: VipGroupState, group: VipGroupFields): readonly VipWork[] =>
  group.vips.flatMap((vip): readonly VipWork[] => {
    const { operationId, vipId, number, vridHeld, vrid, ip } = vip;
    if (number === null) return [tell(state.troubles, { operationId, step: `reserve vip ${vipId}` }, [reserveAddress(ip, vipId), reserveNumberOf('vip', vipId)])];
    return vridHeld ? [] : [tell(state.troubles, { operationId, step: `reserve vrid ${vrid} of ${vipId}` }, [reserve(vipId, vridKey(group, vrid))])];
  });

/** The wire is listened to when all ids are held in the log: by the first host that can be reached. */
const scanWork = (state: VipGroupState, group: VipGroupFields): readonly VipWork[] => {
  if (state.lifecycle === 'deleting') return [];
  const unheard = group.vips.find(({ heardFree, leaving }) => !heardFree && !leaving);
  const member = group.members.find(({ unreachable, leaving, off }) => unreachable === null && !leaving && !off) ?? group.members[0];
  if (unheard === undefined || member === undefined || group.vips.some(({ vridHeld, leaving }) => !vridHeld && !leaving)) return [];
  const tried = group.vips.reduce((sum, vip) => sum + vip.tried, 0);
  return [
    performOnVip(state.troubles, { operationId: unheard.operationId, step: `scan ${member.networkAddressId} ${tried}` }, {
      do: 'scanVrids',
      place: placeOfMember(member),
      interface: member.interface,
      listenMs: SCAN_MS,
    }),
  ];
};

/** Who could hold an address in the place of a host that leaves. */
const successorsOf = ({ members }: VipGroupFields, leaver: Member): readonly Member[] => members.filter((other) => other !== leaver && !other.leaving && !other.off);

/** The host that leaves has let go of the address, and nobody was seen yet to have taken it. */
const isHandingOver = ({ version, instances, lifecycle }: VipGroupState, group: VipGroupFields, { vip, member }: { readonly vip: Vip; readonly member: Member }): boolean =>
  lifecycle !== 'deleting' &&
  member.leaving &&
  !member.off &&
  !vip.leaving &&
  vip.leftBy === member.networkAddressId &&
  (instances[instanceKey(vip.vipId, member.networkAddressId)] ?? -1) >= version &&
  successorsOf(group, member).length > 0;

const instanceWork = (state: VipGroupState, group: VipGroupFields, operationId: OperationId): readonly VipWork[] => {
  const { version, instances, troubles } = state;
  const wanted = new Set(wantedInstances(state).map(({ vip, member }) => instanceKey(vip.vipId, member.networkAddressId)));
  // Nothing goes before the physical portals stand.
  const isWaiting = state.lifecycle === 'deleting' && state.stood < state.shape;
  return group.vips.flatMap((vip) =>
    group.members.flatMap((member): readonly VipWork[] => {
      const key = instanceKey(vip.vipId, member.networkAddressId);
      const confirmed = instances[key];
      if (confirmed === undefined || isWaiting) return [];
      const work = (what: string, action: Parameters<typeof performOnVip>[2]): VipWork => performOnVip(troubles, { operationId, step: `${what} ${key} ${version}` }, action);
      const place = placeOfMember(member);
      if (wanted.has(key)) return confirmed >= version ? [] : [work('run', { do: 'ensureInstance', place, instance: instanceOf(state, group, { vip, member }), yielding: false })];
      // A host that leaves hands the address over first.
      if (member.leaving && !vip.leaving && state.lifecycle !== 'deleting' && confirmed < version) return [work('yield', { do: 'ensureInstance', place, instance: instanceOf(state, group, { vip, member }), yielding: true })];
      if (isHandingOver(state, group, { vip, member })) return [];
      return [work('remove', { do: 'ensureInstanceGone', place, instance: refOfInstance(vip, member) })];
    }),
  );
};

const awaiting = ({ troubles }: VipGroupState, operationId: OperationId, { vip, members }: { readonly vip: Vip; readonly members: readonly Member[] }): readonly VipWork[] =>
  members.map((member) =>
    performOnVip(troubles, { operationId, step: `await ${instanceKey(vip.vipId, member.networkAddressId)}` }, { do: 'observeInstance', place: placeOfMember(member), instance: refOfInstance(vip, member) }),
  );

/**
 * Hosts are asked until one holds an address, since nobody can know before they say so: physical portals go when every address is held, and the
 * instance of a host that leaves goes when another host holds what it held.
 */
const holdingWork = (state: VipGroupState, group: VipGroupFields, operationId: OperationId): readonly VipWork[] => {
  const isFirst = state.lifecycle === 'creating' && state.stage === 'beside' && instancesRun(state, 0);
  return group.vips.flatMap((vip) => {
    if (isFirst && vip.holder === null) return awaiting(state, operationId, { vip, members: group.members.filter(({ off }) => !off) });
    const leaver = group.members.find((member) => isHandingOver(state, group, { vip, member }));
    return leaver === undefined ? [] : awaiting(state, operationId, { vip, members: successorsOf(group, leaver) });
  });
};

const showWork = (state: VipGroupState, group: VipGroupFields, operationId: OperationId): readonly VipWork[] => {
  const { shape, shown, stage, ips } = state;
  if (shown >= shape) return [];
  const command = { type: 'ShowVips', accessPathId: group.accessPathId, vipGroupId: group.vipGroupId, shape, stage, ips } as const;
  return [tell<DomainCommand>(state.troubles, { operationId, step: `show ${shape}` }, [{ to: 'accessPath', command }])];
};

/** The access path is told when the hosts ask no more than what is served now: then something may go. */
const servingWork = (state: VipGroupState, group: VipGroupFields, operationId: OperationId): readonly VipWork[] => {
  const { serves, servesTold, troubles } = state;
  if (servesTold >= serves || !instancesCheck(state)) return [];
  const command = { type: 'ServingKnown', accessPathId: group.accessPathId, vipGroupId: group.vipGroupId, serves } as const;
  return [tell<DomainCommand>(troubles, { operationId, step: `tell serving ${serves}` }, [{ to: 'accessPath', command }])];
};

/** Hosts that hold nothing before they are admitted are asked to have that done, each once (I-21). */
const admissionWork = (state: VipGroupState, { members }: VipGroupFields, operationId: OperationId): readonly VipWork[] =>
  members
    .filter(({ admission, off, hostId }, at) => admission?.asked === false && !off && members.findIndex((other) => other.hostId === hostId) === at)
    .map(({ networkAddressId, hostId, admission }) =>
      tell<DomainCommand>(state.troubles, { operationId, step: `ask admission ${networkAddressId} ${admission?.since ?? 0}` }, [{ to: 'host', command: { type: 'AskAdmission', hostId } }]),
    );

/**
 * What a VIP group owes. Work that failed for good is left out until somebody retries, or until a later version makes it different.
 *
 * @example
 * import { noVipGroup, owedByVipGroup } from '@blockledger/domain';
 * owedByVipGroup(noVipGroup); // => []
 */
export const owedByVipGroup = (state: VipGroupState): readonly Work<DomainCommand>[] => {
  const { group, troubles, lifecycle } = state;
  if (group === null) return [];
  const { vipGroupId, accessPathId } = group;
  const dues = state.dues.map((due) => dueWork(state, group, due));
  const operationId = state.latest ?? (vipGroupId as string as OperationId);
  if (lifecycle === 'refused' || lifecycle === 'deleted') return dues;
  if (lifecycle === 'reserving') {
    const join: DomainCommand = { to: 'accessPath', command: { type: 'JoinVipGroup', accessPathId, vipGroupId, hostIds: [...new Set(group.members.map(({ hostId }) => hostId))] } };
    const addresses = group.vips.map(({ ip, vipId }) => reserveAddress(ip, vipId));
    // Addresses first: where one is taken, the access path is not touched.
    return [...dues, tell<DomainCommand>(troubles, { operationId, step: 'reserve' }, [...addresses, join, reserve(accessPathId, { kind: 'vipPaths' }), reserveNumberOf('vipGroup', vipGroupId)])];
  }
  return unstuck(troubles, [
    ...dues,
    // What an id that was in use still gives back may be just what comes next.
    ...(state.dues.some(({ gives }) => !('instance' in gives)) || lifecycle === 'deleting' ? [] : vipReservations(state, group)),
    ...scanWork(state, group),
    ...showWork(state, group, operationId),
    ...instanceWork(state, group, operationId),
    ...servingWork(state, group, operationId),
    ...(lifecycle === 'deleting' ? [] : admissionWork(state, group, operationId)),
    ...holdingWork(state, group, operationId),
  ]);
};
