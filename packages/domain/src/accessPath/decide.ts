/** What an access path answers. */
import * as E from 'fp-ts/lib/Either.js';
import { match } from 'ts-pattern';
import type { CommandMeta } from '../kernel/envelope.ts';
import { attachVolume, detachVolume } from './decide/attaching.ts';
import { create, addTarget, remove, removeTarget, retry, update } from './decide/path.ts';
import { accept, opOf, unless, type Case, type Decision, type Existing } from './decide/common.ts';
import { addVolumes, createGroup, deleteGroup, removeVolumes } from './decide/mapping.ts';
import { confirm, fail, refuse, withEnds } from './decide/settlement.ts';
import { refuseAccessPath, type AccessPathRefusal } from './errors.ts';
import type { AccessPathDecisionFacts } from './facts.ts';
import type { AccessPathCommand, AccessPathEvent } from './messages.ts';
import { hostsServe, isReserved, portalsAreGiven, roomForVipGroup } from './rules.ts';
import type { AccessPathState } from './state.ts';

const decided = (subject: Case, command: AccessPathCommand): Decision => {
  const { state, meta, facts } = subject;
  const { path, lifecycle } = state;
  const op = opOf(meta);
  /** Of a path that is there, whatever it is about to become. */
  const on = (decide: (existing: Existing) => Decision): Decision =>
    path === null || lifecycle === 'refused' || lifecycle === 'deleted'
      ? E.left(refuseAccessPath('AccessPathNotFound', `there is no access path ${command.accessPathId}`, { value: command.accessPathId }))
      : decide({ ...subject, path });
  /** Of a path that stays, and is sure to be. */
  const onStaying = (decide: (existing: Existing) => Decision): Decision =>
    on((existing) => {
      if (lifecycle === 'deleting') return E.left(refuseAccessPath('AccessPathIsDeleting', `access path "${existing.path.name}" is being deleted`, { value: command.accessPathId }));
      const asking = isReserved(existing.path);
      return asking === undefined ? decide(existing) : E.left(asking);
    });
  /** What others say to a path that does not know them, or is not there, is out of date. */
  const ifKnown = (isKnown: (existing: Existing) => boolean, ...events: readonly AccessPathEvent[]): Decision =>
    path === null || lifecycle === 'refused' || lifecycle === 'deleted' || !isKnown({ ...subject, path }) ? accept() : accept(...events);

  return match(command)
    .with({ type: 'CreateAccessPath' }, (c) => create(c, subject))
    .with({ type: 'UpdateAccessPath' }, (c) => onStaying((existing) => update(c, existing)))
    .with({ type: 'DeleteAccessPath' }, () => on((existing) => (lifecycle === 'deleting' ? accept() : remove(existing))))
    .with({ type: 'AddTarget' }, (c) => onStaying((existing) => addTarget(c, existing)))
    .with({ type: 'RemoveTarget' }, (c) => onStaying((existing) => removeTarget(c, existing)))
    .with({ type: 'CreateMappingGroup' }, (c) => onStaying((existing) => createGroup(c, existing)))
    .with({ type: 'AddVolumes' }, (c) => onStaying((existing) => addVolumes(c, existing)))
    .with({ type: 'RemoveVolumes' }, (c) => onStaying((existing) => removeVolumes(c, existing)))
    .with({ type: 'DeleteMappingGroup' }, (c) => onStaying((existing) => deleteGroup(c, existing)))
    .with({ type: 'RedeployAccessPath' }, () => onStaying(() => accept({ type: 'AccessPathRedeployRequested', ...op })))
    .with({ type: 'AttachVolume' }, (c) => onStaying((existing) => attachVolume(c, existing)))
    .with({ type: 'DetachVolume' }, (c) => on((existing) => detachVolume(c, existing)))
    .with({ type: 'RetryOperation' }, (c) => on((existing) => retry(c, existing)))
    .with({ type: 'ShowHost' }, ({ hostId, shape, name, portals, off, opening }) =>
      ifKnown((e) => e.path.hosts.some((host) => host.hostId === hostId && host.shape < shape), { type: 'TargetHostShown', ...op, hostId, shape, name, portals, off, opening }),
    )
    .with({ type: 'ShowClients' }, ({ mappingGroupId, shape, clients, mutual }) =>
      ifKnown((e) => e.path.groups.some((group) => group.mappingGroupId === mappingGroupId && group.shape < shape), { type: 'ClientsShown', ...op, mappingGroupId, shape, clients, mutual }),
    )
    .with({ type: 'ShowVolume' }, ({ mappingId, shape, volume, sizeBytes, qos }) =>
      ifKnown((e) => e.path.groups.some(({ luns }) => luns.some((lun) => lun.mappingId === mappingId && lun.shape < shape)), { type: 'MappedVolumeShown', ...op, mappingId, shape, volume, sizeBytes, qos }),
    )
    .with({ type: 'JoinVipGroup' }, ({ vipGroupId, hostIds }) =>
      onStaying((existing) =>
        existing.path.vips.some((vips) => vips.vipGroupId === vipGroupId)
          ? accept()
          : unless([roomForVipGroup(existing.path), portalsAreGiven(existing.path, facts), hostsServe(existing.path, hostIds)], { type: 'VipGroupJoined', vipGroupId, at: op.at }),
      ),
    )
    .with({ type: 'ShowVips' }, ({ vipGroupId, shape, stage, ips }) =>
      ifKnown((e) => e.path.vips.some((vips) => vips.vipGroupId === vipGroupId && vips.shape < shape), { type: 'VipsShown', ...op, vipGroupId, shape, stage, ips }),
    )
    .with({ type: 'ServingKnown' }, ({ vipGroupId, serves }) =>
      ifKnown((e) => e.path.vips.some((vips) => vips.vipGroupId === vipGroupId && vips.servingKnown < serves), { type: 'VipServingKnown', vipGroupId, serves, at: op.at }),
    )
    .with({ type: 'LeaveVipGroup' }, ({ vipGroupId }) => ifKnown((e) => e.path.vips.some((vips) => vips.vipGroupId === vipGroupId), { type: 'VipGroupLeft', ...op, vipGroupId }))
    .with({ type: 'ConfirmWork' }, (c) => confirm(c, subject))
    .with({ type: 'RefuseWork' }, (c) => refuse(c, subject))
    .with({ type: 'FailWork' }, { type: 'DelayWork' }, (c) => fail(c, subject))
    .exhaustive();
};

/**
 * What an access path answers to a command: the events that follow, with the ends of all operations that they bring about, or the refusal of the
 * first rule that does not hold. Pure. Refuses with the tags of `accessPathRefusals`; a command that changes nothing is accepted without events.
 *
 * @example
 * import { decideAccessPath, noAccessPath, noAccessPathFacts, type AccessPathId, type CommandId, type TimestampMs } from '@blockledger/domain';
 * const meta = { commandId: '0b9d7a3e-0000-4000-8000-000000000002' as CommandId, issuedAt: 1_800_000_000_000 as TimestampMs, issuedBy: 'token:ci', tenant: 'default', correlationId: 'c-1' };
 * const decided = decideAccessPath(noAccessPath, { type: 'DeleteAccessPath', accessPathId: '0b9d7a3e-0000-4000-8000-000000000001' as AccessPathId }, meta, noAccessPathFacts);
 * decided._tag === 'Left' && decided.left._tag; // => 'AccessPathNotFound'
 */
export const decideAccessPath = (state: AccessPathState, command: AccessPathCommand, meta: CommandMeta, facts: AccessPathDecisionFacts): E.Either<AccessPathRefusal, readonly AccessPathEvent[]> =>
  E.map((events: readonly AccessPathEvent[]) => (events.length === 0 ? events : withEnds(state, events, meta.issuedAt)))(decided({ state, meta, facts }, command));
