/** How owed work ended, as events, and which operations have come to their end by it. */
import { HOST_UNREACHABLE } from '../../kernel/portError.ts';
import type { Of } from '../../kernel/tagged.ts';
import { nameOfWork } from '../../kernel/owing.ts';
import type { Work } from '../../kernel/work.ts';
import type { DomainCommand } from '../../messages.ts';
import type { TargetResult } from '../../ports/targetBackend.ts';
import { END_STEP, isDone, isSuperseded } from '../ends.ts';
import { evolveAccessPath } from '../evolve.ts';
import type { AccessPathCommand, AccessPathEvent } from '../messages.ts';
import type { AccessPathFields, AccessPathState, MappingGroup, PathOperation, TargetHost } from '../state.ts';
import { owedByAccessPath } from '../work.ts';
import { accept, madeId, type Case, type Decision } from './common.ts';

type Owed = Work<DomainCommand>;
type Op = { readonly operationId: Owed['operationId']; readonly at: AccessPathFields['createdAt'] };

const owedWork = (state: AccessPathState, workId: string): Owed | undefined => owedByAccessPath(state).find((work) => work.workId === workId);

const hostOf = ({ path }: AccessPathState, work: Owed): TargetHost | undefined =>
  work.kind === 'perform' && work.on === 'target' ? path?.hosts.find(({ name, backend }) => name === work.action.target.place.host && backend === work.action.target.place.backend) : undefined;

/** The key stands in the step, between the host's name and the version: names may have blanks, or be words of the step. */
const keyOf = (host: TargetHost, step: string): string => step.slice(step.indexOf(' ') + host.name.length + 2, step.lastIndexOf(' '));

/** A host that has portals of its own says which, with every target: it is news when they are others than before (S1-20). */
const portalsShown = ({ hostId, portalChoice, ownPortals }: TargetHost, { portals = [] }: TargetResult, at: Op['at']): readonly AccessPathEvent[] =>
  portalChoice === 'given' || portals.length === 0 || JSON.stringify(portals) === JSON.stringify(ownPortals) ? [] : [{ type: 'TargetPortalsShown', hostId, portals, at }];

const groupWaiting = ({ path }: AccessPathState, step: string, word: string): MappingGroup | undefined => path?.groups.find(({ mappingGroupId }) => step === `${word} ${mappingGroupId}`);

/** The connection whose volume was told of it. */
const connectionOf = ({ path }: AccessPathState, step: string): Omit<Of<AccessPathEvent, 'ConnectionTold'>, 'type' | 'at'> | undefined => {
  for (const { mappingGroupId, luns } of path?.groups ?? [])
    for (const { mappingId, holders } of luns) {
      const holder = holders.find(({ connectionId }) => step === `tell connection ${connectionId}`);
      if (holder !== undefined) return { mappingGroupId, mappingId, connectionId: holder.connectionId, attachmentId: holder.attachmentId };
    }
  return undefined;
};

const endOf = (path: AccessPathFields, operation: PathOperation, at: Op['at']): AccessPathEvent => {
  const { kind, about, operationId } = operation;
  const op: Op = { operationId, at };
  const group = path.groups.find(({ mappingGroupId }) => mappingGroupId === about);
  const host = path.hosts.find(({ hostId }) => hostId === about);
  if (isSuperseded(path, operation)) return { type: 'OperationSuperseded', ...op };
  if (kind === 'create') return { type: 'AccessPathCreated', ...op };
  if (kind === 'update') return { type: 'AccessPathUpdated', ...op };
  if (kind === 'redeploy') return { type: 'AccessPathRedeployed', ...op };
  if (kind === 'delete') return { type: 'AccessPathDeleted', ...op };
  if (kind === 'addTarget' && host !== undefined) return { type: 'TargetAdded', ...op, hostId: host.hostId };
  if (kind === 'removeTarget' && host !== undefined) return { type: 'TargetRemoved', ...op, hostId: host.hostId };
  if (group === undefined) return { type: 'OperationSuperseded', ...op };
  const { mappingGroupId } = group;
  if (kind === 'createGroup') return { type: 'MappingGroupCreated', ...op, mappingGroupId };
  if (kind === 'deleteGroup') return { type: 'MappingGroupDeleted', ...op, mappingGroupId };
  if (kind === 'map') return { type: 'VolumesMapped', ...op, mappingGroupId };
  return { type: 'VolumesUnmapped', ...op, mappingGroupId, volumeIds: group.luns.filter((lun) => lun.operationId === operationId).map(({ volumeId }) => volumeId) };
};

/** What an earlier version would have waited for hosts with. */
const endNow = ({ path, operations }: AccessPathState, { operationId, at }: Op): readonly AccessPathEvent[] => {
  const operation = operations.find((one) => one.operationId === operationId);
  return path === null || operation === undefined ? [] : [endOf(path, operation, at)];
};

export const confirm = ({ workId, number, result }: Of<AccessPathCommand, 'ConfirmWork'>, { state, meta }: Case): Decision => {
  const work = owedWork(state, workId);
  if (work === undefined) return accept();
  const { step } = work;
  const op: Op = { operationId: work.operationId, at: meta.issuedAt };
  if (state.dues.some(({ operationId, due }) => due === step && operationId === op.operationId)) return accept({ type: 'DueSettled', ...op, due: step });
  const host = hostOf(state, work);
  if (host !== undefined) {
    const on = { hostId: host.hostId, target: keyOf(host, step), at: op.at };
    return step.startsWith('converge ') ? accept(...portalsShown(host, result, op.at), { type: 'TargetConfirmed', ...on, version: state.version }) : accept({ type: 'TargetGone', ...on });
  }
  if (step === END_STEP) return accept(...endNow(state, op));
  if (step === 'reserve') return accept({ type: 'AccessPathReserved', ...op, number: number ?? 0 });
  if (step === 'reserve name') return accept({ type: 'AccessPathRenamed', ...op, name: state.rename?.name ?? '' });
  const joining = groupWaiting(state, step, 'reserve group');
  if (joining !== undefined) return accept({ type: 'MappingGroupReserved', ...op, mappingGroupId: joining.mappingGroupId, number: number ?? 0 });
  const mapping = groupWaiting(state, step, 'reserve volumes');
  if (mapping !== undefined) return accept({ type: 'VolumesMappingReserved', ...op, mappingGroupId: mapping.mappingGroupId });
  const vips = state.path?.vips.find(({ vipGroupId, shape }) => step === `tell vips ${vipGroupId} ${shape}`);
  if (vips !== undefined) return accept({ type: 'VipPortalsTold', vipGroupId: vips.vipGroupId, shape: vips.shape, at: op.at });
  const served = state.path?.vips.find(({ vipGroupId, serves }) => step === `tell serving ${vipGroupId} ${serves}`);
  if (served !== undefined) return accept({ type: 'VipServingTold', vipGroupId: served.vipGroupId, serves: served.serves, at: op.at });
  const opened = state.path?.hosts.find(({ hostId, opening }) => step === `tell opening ${hostId} ${opening}`);
  if (opened !== undefined) return accept({ type: 'TargetsReopenedTold', hostId: opened.hostId, opening: opened.opening, at: op.at });
  const connected = connectionOf(state, step);
  if (connected !== undefined) return accept({ type: 'ConnectionTold', ...connected, at: op.at });
  if (step === 'count' || step === 'uncount') return accept({ type: 'VipPathCounted', ...op, counts: step === 'count' });
  const used = state.path?.hosts.find(({ hostId }) => step === `use host ${hostId}`);
  return used === undefined ? accept({ type: 'DueSettled', ...op, due: step }) : accept({ type: 'TargetHostUsed', ...op, hostId: used.hostId });
};

export const refuse = ({ workId, refusal }: Of<AccessPathCommand, 'RefuseWork'>, { state, meta }: Case): Decision => {
  const work = owedWork(state, workId);
  if (work === undefined) return accept();
  const { step } = work;
  const op: Op = { operationId: work.operationId, at: meta.issuedAt };
  if (step === 'reserve') return accept({ type: 'AccessPathRefused', ...op, refusal });
  if (step === 'reserve name') return accept({ type: 'AccessPathUpdateRefused', ...op, refusal });
  const joining = groupWaiting(state, step, 'reserve group');
  if (joining !== undefined) return accept({ type: 'MappingGroupRefused', ...op, mappingGroupId: joining.mappingGroupId, refusal });
  const mapping = groupWaiting(state, step, 'reserve volumes');
  if (mapping !== undefined) return accept({ type: 'VolumesMappingRefused', ...op, mappingGroupId: mapping.mappingGroupId, refusal });
  const used = state.path?.hosts.find(({ hostId }) => step === `use host ${hostId}`);
  if (used !== undefined) return accept({ type: 'TargetRefused', ...op, hostId: used.hostId, refusal });
  const vips = state.path?.vips.find(({ vipGroupId, shape }) => step === `tell vips ${vipGroupId} ${shape}`);
  const connected = connectionOf(state, step);
  if (connected !== undefined) return accept({ type: 'ConnectionTold', ...connected, at: op.at });
  // A VIP group that does not want to know is gone.
  if (vips !== undefined) return accept({ type: 'VipGroupLeft', ...op, vipGroupId: vips.vipGroupId });
  return accept({ type: 'DueSettled', ...op, due: step });
};

/** A host that cannot be reached is a debt, told once; anything else is trouble of the work. */
export const fail = ({ type, workId, error }: Of<AccessPathCommand, 'FailWork' | 'DelayWork'>, { state, meta }: Case): Decision => {
  const work = owedWork(state, workId);
  if (work === undefined) return accept();
  const host = hostOf(state, work);
  if (type === 'DelayWork' && host !== undefined && error.code === HOST_UNREACHABLE) {
    return host.unreachable === null ? accept({ type: 'TargetHostUnreachable', hostId: host.hostId, error, at: meta.issuedAt }) : accept();
  }
  return accept({ type: type === 'FailWork' ? 'WorkFailed' : 'WorkDelayed', operationId: work.operationId, work: nameOfWork(workId), error, at: meta.issuedAt });
};

/** A mapping group for an initiator goes when no attachment of it is left. */
const emptied = ({ groups }: AccessPathFields, at: Op['at']): AccessPathEvent | undefined => {
  const group = groups.find(({ initiators, stage, luns }) => initiators !== null && stage === 'active' && luns.length === 0);
  if (group === undefined) return undefined;
  const { mappingGroupId } = group;
  return { type: 'MappingGroupDeletionRequested', operationId: madeId(`${mappingGroupId} ${at} is empty`) as Op['operationId'], at, mappingGroupId, force: false };
};

/** What follows from events: ends of operations, and mapping groups that nobody needs any more. Folded in, they may lead to others. */
export const withEnds = (before: AccessPathState, events: readonly AccessPathEvent[], at: Op['at']): readonly AccessPathEvent[] => {
  const all = [...events];
  let state = events.reduce(evolveAccessPath, before);
  for (;;) {
    const { path } = state;
    if (path === null) return all;
    const done = state.operations.find((operation) => isSuperseded(path, operation) || isDone(state, path, operation));
    const next = done === undefined ? emptied(path, at) : endOf(path, done, at);
    if (next === undefined) return all;
    all.push(next);
    state = evolveAccessPath(state, next);
  }
};
