/** How owed work ended, as events, and which operations have come to their end by it. */
import * as E from 'fp-ts/lib/Either.js';
import { HOST_UNREACHABLE } from '../../kernel/portError.ts';
import { nameOfWork } from '../../kernel/owing.ts';
import type { TimestampMs } from '../../kernel/quantities.ts';
import type { Of } from '../../kernel/tagged.ts';
import type { Work } from '../../kernel/work.ts';
import type { DomainCommand } from '../../messages.ts';
import type { HeardAdvert, NotReady } from '../../ports/vipBackend.ts';
import { refuseVipGroup, type VipGroupRefusal } from '../errors.ts';
import { evolveVipGroup } from '../evolve.ts';
import { ASK_AGAIN_MS, MAX_VRID } from '../limits.ts';
import type { VipGroupCommand, VipGroupEvent } from '../messages.ts';
import { instancesRun, instancesThere, type Member, type Vip, type VipGroupFields, type VipGroupState, type VipOperation } from '../state.ts';
import { owedByVipGroup } from '../work.ts';

type Decision = E.Either<VipGroupRefusal, readonly VipGroupEvent[]>;
type Owed = Work<DomainCommand>;
type Op = Pick<Of<VipGroupEvent, 'VridsHeardFree'>, 'operationId' | 'at'>;
const accept = (...events: readonly VipGroupEvent[]): Decision => E.right(events);

const owedWork = (state: VipGroupState, workId: string): Owed | undefined => owedByVipGroup(state).find((work) => work.workId === workId);

interface Found {
  readonly vip: Vip;
  readonly member: Member;
}

/** The instance that a step is about: `run <vip> <address> <version>`. */
const instanceIn = ({ group }: VipGroupState, step: string): Found | undefined => {
  const [, vipId, networkAddressId] = step.split(' ');
  const vip = group?.vips.find((one) => one.vipId === vipId);
  const member = group?.members.find((one) => one.networkAddressId === networkAddressId);
  return vip === undefined || member === undefined ? undefined : { vip, member };
};

const memberOf = ({ group }: VipGroupState, work: Owed): Member | undefined =>
  work.kind === 'perform' && work.on === 'vip' ? group?.members.find(({ host, backend }) => host === work.action.place.host && backend === work.action.place.backend) : undefined;

/** All ids of the segment were tried: the address is not to be had, nor the group that begins with it. */
const movedOn = (state: VipGroupState, vip: Vip, event: VipGroupEvent, op: Op): VipGroupEvent => {
  if (vip.tried + 1 < MAX_VRID) return event;
  const refusal = refuseVipGroup('NoVridIsFree', `none of the ${MAX_VRID} virtual router ids of segment "${state.group?.segment ?? ''}" is free`, { value: vip.ip, limit: MAX_VRID });
  return state.lifecycle === 'active' ? { type: 'VipRefused', ...op, vipId: vip.vipId, refusal } : { type: 'VipGroupRefused', ...op, refusal };
};

/** Ids that somebody speaks for, as nobody of the group does yet: each moves on to the next. */
const scanned = (state: VipGroupState, vips: readonly Vip[], heard: readonly HeardAdvert[], op: Op): Decision => {
  const conflicts = vips.flatMap((vip): readonly VipGroupEvent[] => {
    const foreign = heard.filter(({ vrid }) => vrid === vip.vrid);
    return vip.heardFree || foreign.length === 0 ? [] : [movedOn(state, vip, { type: 'VridConflictDetected', vipId: vip.vipId, vrid: vip.vrid, heard: foreign, at: op.at }, op)];
  });
  const isOver = conflicts.find(({ type }) => type === 'VipGroupRefused');
  if (isOver !== undefined) return accept(isOver);
  return conflicts.length > 0 ? accept(...conflicts) : accept({ type: 'VridsHeardFree', ...op });
};

/** Whether a host may hold addresses at all, as its instances say: one that says no counts for all of them. */
const admissions = ({ members }: VipGroupFields, seen: readonly { readonly networkAddressId: string; readonly notReady?: NotReady | undefined }[], at: TimestampMs): readonly VipGroupEvent[] =>
  members.flatMap((member, index): readonly VipGroupEvent[] => {
    const { hostId, networkAddressId, admission, off } = member;
    if (off || members.findIndex((other) => other.hostId === hostId) !== index) return [];
    const own = seen.filter((one) => members.some((other) => other.hostId === hostId && other.networkAddressId === one.networkAddressId));
    if (own.length === 0) return [];
    if (own.every(({ notReady }) => notReady !== 'admission')) return admission === null ? [] : [{ type: 'VipHostAdmitted', networkAddressId, at }];
    return admission === null || (admission.asked && at - admission.since >= ASK_AGAIN_MS) ? [{ type: 'VipHostNotAdmitted', networkAddressId, at }] : [];
  });

/** The host that was asked to have itself admitted. */
const askedIn = ({ group }: VipGroupState, step: string): Member | undefined =>
  step.startsWith('ask admission ') ? group?.members.find(({ networkAddressId }) => networkAddressId === step.split(' ')[2]) : undefined;

export const confirm = (state: VipGroupState, { workId, number, result }: Of<VipGroupCommand, 'ConfirmWork'>, at: TimestampMs): Decision => {
  const work = owedWork(state, workId);
  const { group } = state;
  if (work === undefined || group === null) return accept();
  const { step } = work;
  const op = { operationId: work.operationId, at };
  if (state.dues.some(({ operationId, due }) => due === step && operationId === op.operationId)) return accept({ type: 'DueSettled', ...op, due: step });
  if (step === 'reserve') return accept({ type: 'VipGroupReserved', ...op, number: number ?? 0 });
  if (step.startsWith('show ')) return accept({ type: 'PathShownVips', shape: state.shape, at });
  if (step.startsWith('tell serving ')) return accept({ type: 'VipServingTold', serves: state.serves, at });
  const asked = askedIn(state, step);
  if (asked !== undefined) return accept({ type: 'VipAdmissionAsked', networkAddressId: asked.networkAddressId, at });
  if (step.startsWith('scan ')) return scanned(state, group.vips, result.heard ?? [], op);
  const numbered = group.vips.find(({ vipId }) => step === `reserve vip ${vipId}`);
  if (numbered !== undefined) return accept({ type: 'VipReserved', ...op, vipId: numbered.vipId, number: number ?? 0 });
  const held = group.vips.find(({ vipId, vrid }) => step === `reserve vrid ${vrid} of ${vipId}`);
  if (held !== undefined) return accept({ type: 'VridReserved', ...op, vipId: held.vipId, vrid: held.vrid });
  const found = work.kind === 'perform' ? instanceIn(state, step) : undefined;
  if (found === undefined) return accept({ type: 'DueSettled', ...op, due: step });
  const on = { vipId: found.vip.vipId, networkAddressId: found.member.networkAddressId, at };
  if (step.startsWith('remove ')) return accept({ type: 'VipInstanceGone', ...on });
  // Why nobody holds it yet, rounds tell: here it would be told again and again.
  if (step.startsWith('await ')) return result.holds === true ? accept({ type: 'VipMoved', vipId: on.vipId, to: on.networkAddressId, at }) : accept();
  const seen = [{ networkAddressId: on.networkAddressId, notReady: result.notReady }];
  // One that yields says nothing of its host.
  return accept({ type: 'VipInstanceConfirmed', ...on, version: state.version }, ...(result.notReady === 'admission' ? admissions(group, seen, at) : []));
};

export const refuse = (state: VipGroupState, { workId, refusal }: Of<VipGroupCommand, 'RefuseWork'>, at: TimestampMs): Decision => {
  const work = owedWork(state, workId);
  const { group } = state;
  if (work === undefined || group === null) return accept();
  const { step } = work;
  const op = { operationId: work.operationId, at };
  if (step === 'reserve') return accept({ type: 'VipGroupRefused', ...op, refusal });
  // What was seen is older than the latest admission: the next look tells.
  const asked = askedIn(state, step);
  if (asked !== undefined) return accept({ type: 'VipHostAdmitted', networkAddressId: asked.networkAddressId, at });
  const taken = group.vips.find(({ vipId, vrid }) => step === `reserve vrid ${vrid} of ${vipId}`);
  if (taken !== undefined) return accept(movedOn(state, taken, { type: 'VridTaken', ...op, vipId: taken.vipId, vrid: taken.vrid }, op));
  const numbered = group.vips.find(({ vipId }) => step === `reserve vip ${vipId}`);
  if (numbered !== undefined) return accept({ type: 'VipRefused', ...op, vipId: numbered.vipId, refusal });
  return accept({ type: 'DueSettled', ...op, due: step });
};

/** A host that cannot be reached is a debt, told once; anything else is trouble of the work. */
export const fail = (state: VipGroupState, { type, workId, error }: Of<VipGroupCommand, 'FailWork' | 'DelayWork'>, at: TimestampMs): Decision => {
  const work = owedWork(state, workId);
  if (work === undefined) return accept();
  const member = memberOf(state, work);
  if (type === 'DelayWork' && member !== undefined && error.code === HOST_UNREACHABLE) {
    // A host that is only asked owes nothing: the others may hold what it does not.
    return member.unreachable === null && !work.step.startsWith('await ') ? accept({ type: 'VipHostUnreachable', networkAddressId: member.networkAddressId, error, at }) : accept();
  }
  return accept({ type: type === 'FailWork' ? 'WorkFailed' : 'WorkDelayed', operationId: work.operationId, work: nameOfWork(workId), error, at });
};

const hasInstance = (state: VipGroupState, isOf: (vipId: string, networkAddressId: string) => boolean): boolean =>
  instancesThere(state).some(({ vipId, networkAddressId }) => isOf(vipId, networkAddressId));

const isDone = (state: VipGroupState, { kind, about, version }: VipOperation): boolean => {
  const isStood = state.stood >= state.shape;
  switch (kind) {
    case 'create':
      return state.lifecycle === 'creating' && state.stage === 'alone' && isStood && instancesRun(state, version);
    case 'update':
    case 'redeploy':
    case 'addMember':
      return instancesRun(state, version);
    case 'delete':
      return isStood && !hasInstance(state, () => true);
    case 'addVip':
      return isStood && instancesRun(state, version, about ?? undefined);
    case 'removeVip':
      return isStood && !hasInstance(state, (vipId) => vipId === about);
    case 'removeMember':
      return !hasInstance(state, (_vipId, networkAddressId) => networkAddressId === about);
  }
};

const endOf = ({ kind, about, operationId }: VipOperation, at: TimestampMs): VipGroupEvent => {
  const op = { operationId, at };
  switch (kind) {
    case 'create':
      return { type: 'VipGroupCreated', ...op };
    case 'update':
      return { type: 'VipGroupUpdated', ...op };
    case 'redeploy':
      return { type: 'VipGroupRedeployed', ...op };
    case 'delete':
      return { type: 'VipGroupDeleted', ...op };
    case 'addVip':
      return { type: 'VipAdded', ...op, vipId: about as Vip['vipId'] };
    case 'removeVip':
      return { type: 'VipRemoved', ...op, vipId: about as Vip['vipId'] };
    case 'addMember':
      return { type: 'VipMemberAdded', ...op, networkAddressId: about as Member['networkAddressId'] };
    case 'removeMember':
      return { type: 'VipMemberRemoved', ...op, networkAddressId: about as Member['networkAddressId'] };
  }
};

/** The ends of operations that follow from events: folded in, they may bring others to their end. */
export const withEnds = (before: VipGroupState, events: readonly VipGroupEvent[], at: TimestampMs): readonly VipGroupEvent[] => {
  const all = [...events];
  let state = events.reduce(evolveVipGroup, before);
  for (let done = state.operations.find((operation) => isDone(state, operation)); done !== undefined; ) {
    const end = endOf(done, at);
    all.push(end);
    state = evolveVipGroup(state, end);
    const now = state;
    done = now.operations.find((operation) => isDone(now, operation));
  }
  return all;
};

/** What rounds saw of the addresses: who holds each, and whether several do (I-23). */
export const reported = (group: VipGroupFields, { seen, heard }: Of<VipGroupCommand, 'ReportVips'>, at: TimestampMs): readonly VipGroupEvent[] => {
  const ours = new Set(group.members.map(({ ip }) => ip));
  const moves = group.vips.flatMap((vip): readonly VipGroupEvent[] => {
    const holders = seen.filter(({ vipId, holds }) => vipId === vip.vipId && holds).map(({ networkAddressId }) => networkAddressId);
    const to = holders.length === 1 ? (holders[0] ?? null) : holders.length === 0 ? null : vip.holder;
    const foreign = (heard ?? []).filter((advert) => advert.vrid === vip.vrid && !ours.has(advert.source));
    return [
      ...(to === vip.holder ? [] : [{ type: 'VipMoved' as const, vipId: vip.vipId, to, at }]),
      ...(holders.length > 1 && !vip.isSplit ? [{ type: 'SplitBrainDetected' as const, vipId: vip.vipId, holders, at }] : []),
      ...(holders.length < 2 && vip.isSplit ? [{ type: 'SplitBrainEnded' as const, vipId: vip.vipId, at }] : []),
      ...(foreign.length > 0 && vip.heardFree && !vip.isContested ? [{ type: 'VridConflictDetected' as const, vipId: vip.vipId, vrid: vip.vrid, heard: foreign, at }] : []),
      ...(heard !== null && foreign.length === 0 && vip.isContested ? [{ type: 'VridConflictEnded' as const, vipId: vip.vipId, at }] : []),
    ];
  });
  return [...moves, ...admissions(group, seen, at)];
};
