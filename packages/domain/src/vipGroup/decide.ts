/** What a VIP group answers. */
import * as E from 'fp-ts/lib/Either.js';
import { match } from 'ts-pattern';
import type { CommandMeta } from '../kernel/envelope.ts';
import { accept, type Case, type Decision, type Existing } from './decide/common.ts';
import { create, redeploy, remove, retry, update } from './decide/group.ts';
import { addMember, addVip, removeMember, removeVip } from './decide/parts.ts';
import { confirm, fail, refuse, reported, withEnds } from './decide/settlement.ts';
import { refuseVipGroup, type VipGroupRefusal } from './errors.ts';
import type { VipGroupDecisionFacts } from './facts.ts';
import type { VipGroupCommand, VipGroupEvent } from './messages.ts';
import type { VipGroupState } from './state.ts';

const decided = (subject: Case, command: VipGroupCommand): Decision => {
  const { state, meta } = subject;
  const { group, lifecycle } = state;
  const at = meta.issuedAt;
  const there = group === null || lifecycle === 'refused' || lifecycle === 'deleted' ? undefined : { ...subject, group };
  const on = (decide: (existing: Existing) => Decision): Decision =>
    there === undefined ? E.left(refuseVipGroup('VipGroupNotFound', `there is no VIP group ${command.vipGroupId}`, { value: command.vipGroupId })) : decide(there);

  return match(command)
    .with({ type: 'CreateVipGroup' }, (c) => create(c, subject))
    .with({ type: 'UpdateVipGroup' }, (c) => on((existing) => update(c, existing)))
    .with({ type: 'AddVip' }, (c) => on((existing) => addVip(c, existing)))
    .with({ type: 'RemoveVip' }, (c) => on((existing) => removeVip(c, existing)))
    .with({ type: 'AddVipMember' }, (c) => on((existing) => addMember(c, existing)))
    .with({ type: 'RemoveVipMember' }, (c) => on((existing) => removeMember(c, existing)))
    .with({ type: 'DeleteVipGroup' }, (c) => on((existing) => remove(c, existing)))
    .with({ type: 'RedeployVipGroup' }, () => on(redeploy))
    .with({ type: 'RetryOperation' }, (c) => on((existing) => retry(c, existing)))
    // A group that is gone, or that has moved on, need not know.
    .with({ type: 'PortalsStand' }, ({ shape }) => (there !== undefined && shape > state.stood ? accept({ type: 'VipPortalsStood', shape, at }) : accept()))
    .with({ type: 'ShowServing' }, ({ serves, serving, off }) => (there !== undefined && serves > state.serves ? accept({ type: 'VipServingShown', serves, serving, off, at }) : accept()))
    .with({ type: 'ReportVips' }, (c) => (there === undefined ? accept() : accept(...reported(there.group, c, at))))
    .with({ type: 'ConfirmWork' }, (c) => confirm(state, c, at))
    .with({ type: 'RefuseWork' }, (c) => refuse(state, c, at))
    .with({ type: 'FailWork' }, { type: 'DelayWork' }, (c) => fail(state, c, at))
    .exhaustive();
};

/**
 * What a VIP group answers to a command: the events that follow, with the ends of all operations that they bring about, or the refusal of the first
 * rule that does not hold. Pure. Refuses with the tags of `vipGroupRefusals`; a command that changes nothing is accepted without events.
 *
 * @example
 * import { decideVipGroup, noVipGroup, type CommandId, type TimestampMs, type VipGroupId } from '@blockledger/domain';
 * const meta = { commandId: '0b9d7a3e-0000-4000-8000-000000000002' as CommandId, issuedAt: 1_800_000_000_000 as TimestampMs, issuedBy: 'token:ci', tenant: 'default', correlationId: 'c-1' };
 * const decided = decideVipGroup(noVipGroup, { type: 'RedeployVipGroup', vipGroupId: '0b9d7a3e-0000-4000-8000-000000000001' as VipGroupId }, meta, { members: null, tenant: null, sessions: { known: true, sessions: [] }, virtualPortals: null });
 * decided._tag === 'Left' && decided.left._tag; // => 'VipGroupNotFound'
 */
export const decideVipGroup = (state: VipGroupState, command: VipGroupCommand, meta: CommandMeta, facts: VipGroupDecisionFacts): E.Either<VipGroupRefusal, readonly VipGroupEvent[]> =>
  E.map((events: readonly VipGroupEvent[]) => (events.length === 0 ? events : withEnds(state, events, meta.issuedAt)))(decided({ state, meta, facts }, command));
