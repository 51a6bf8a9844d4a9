/** What an access path answers. */
import * as E from 'fp-ts/lib/Either.js';
import { match } from 'ts-pattern';
import type { CommandMeta } from '../kernel/envelope.ts';
import { attachVolume, detachVolume } from './decide/attaching.ts';
import { accept, opOf, type Case, type Decision, type Existing } from './decide/common.ts';
import { addVolumes, createGroup, deleteGroup, removeVolumes } from './decide/mapping.ts';
import { joinVipGroup, leaveVipGroup, servingKnown, showClients, showHost, showVips, showVolume } from './decide/others.ts';
import { addTarget, create, remove, removeTarget, retry, update } from './decide/path.ts';
import { confirm, fail, refuse, withEnds } from './decide/settlement.ts';
import { refuseAccessPath, type AccessPathRefusal } from './errors.ts';
import type { AccessPathDecisionFacts } from './facts.ts';
import type { AccessPathCommand, AccessPathEvent } from './messages.ts';
import { isReserved } from './rules.ts';
import type { AccessPathState } from './state.ts';

/** Of a path that stays, and is sure to be. */
const staying = (existing: Existing, decide: (existing: Existing) => Decision): Decision => {
  const { state, path } = existing;
  if (state.lifecycle === 'deleting') return E.left(refuseAccessPath('AccessPathIsDeleting', `access path "${path.name}" is being deleted`, { value: path.accessPathId }));
  const asking = isReserved(path);
  return asking === undefined ? decide(existing) : E.left(asking);
};

const decided = (subject: Case, command: AccessPathCommand): Decision => {
  const { state, meta } = subject;
  const { path, lifecycle } = state;
  const there = path === null || lifecycle === 'refused' || lifecycle === 'deleted' ? undefined : { ...subject, path };
  /** Of a path that is there, whatever it is about to become. */
  const on = (decide: (existing: Existing) => Decision): Decision =>
    there === undefined ? E.left(refuseAccessPath('AccessPathNotFound', `there is no access path ${command.accessPathId}`, { value: command.accessPathId })) : decide(there);
  const onStaying = (decide: (existing: Existing) => Decision): Decision => on((existing) => staying(existing, decide));
  /** A path that is gone need not know. */
  const ifThere = (decide: (existing: Existing) => Decision): Decision => (there === undefined ? accept() : decide(there));

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
    .with({ type: 'RedeployAccessPath' }, () => onStaying(() => accept({ type: 'AccessPathRedeployRequested', ...opOf(meta) })))
    .with({ type: 'AttachVolume' }, (c) => onStaying((existing) => attachVolume(c, existing)))
    .with({ type: 'DetachVolume' }, (c) => on((existing) => detachVolume(c, existing)))
    .with({ type: 'RetryOperation' }, (c) => on((existing) => retry(c, existing)))
    .with({ type: 'ShowHost' }, (c) => ifThere((existing) => showHost(c, existing)))
    .with({ type: 'ShowClients' }, (c) => ifThere((existing) => showClients(c, existing)))
    .with({ type: 'ShowVolume' }, (c) => ifThere((existing) => showVolume(c, existing)))
    .with({ type: 'JoinVipGroup' }, (c) => onStaying((existing) => joinVipGroup(c, existing)))
    .with({ type: 'ShowVips' }, (c) => ifThere((existing) => showVips(c, existing)))
    .with({ type: 'ServingKnown' }, (c) => ifThere((existing) => servingKnown(c, existing)))
    .with({ type: 'LeaveVipGroup' }, (c) => ifThere((existing) => leaveVipGroup(c, existing)))
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
