/** When operations of an access path are over. */
import { reachableHosts, type AccessPathFields, type AccessPathState, type PathOperation, type TargetHost } from './state.ts';
import { hasConfirmed } from './wanted.ts';

/** Work that only says that an operation is over. */
export const END_STEP = 'end';

/** What is taken away must be gone everywhere but where nobody serves any more (I-21); what is added, wherever it can be (I-20). */
const hostsToWaitFor = (path: AccessPathFields, { kind, about }: PathOperation): readonly TargetHost[] | undefined => {
  if (kind === 'removeTarget' || kind === 'addTarget') return path.hosts.filter(({ hostId }) => hostId === about);
  if (kind === 'delete') return path.hosts;
  if (kind === 'unmap' || kind === 'deleteGroup') return path.hosts.filter(({ stage, off }) => (stage === 'serving' || stage === 'leaving') && !off);
  const there = reachableHosts(path);
  // Where no target stays there is nobody to wait for.
  return there.length > 0 || path.hosts.every(({ stage }) => stage === 'leaving') ? there : undefined;
};

export const isDone = (state: AccessPathState, path: AccessPathFields, operation: PathOperation): boolean => {
  const { version, targets } = operation;
  if (version === null || path.number === null) return false;
  const hosts = hostsToWaitFor(path, operation);
  // A host that is off and given up by force, as a deletion gives up all, never comes back as it was: that is what was said of it.
  const isGivenUp = ({ off, force }: TargetHost): boolean => (operation.kind === 'removeTarget' || operation.kind === 'delete') && off && force;
  return hosts?.every((host) => isGivenUp(host) || hasConfirmed(state, host, { version, targets })) ?? false;
};

/** Everything of the wish was taken back by a later command. */
export const isSuperseded = (path: AccessPathFields, { kind, about, operationId }: PathOperation): boolean => {
  const group = path.groups.find(({ mappingGroupId }) => mappingGroupId === about);
  if (kind === 'addTarget') return !path.hosts.some(({ hostId, stage }) => hostId === about && stage !== 'leaving');
  if (kind === 'createGroup') return group === undefined || group.stage === 'leaving';
  if (kind === 'deleteGroup') return group !== undefined && group.stage !== 'leaving';
  return kind === 'map' && (group === undefined || !group.luns.some((lun) => lun.operationId === operationId && lun.stage !== 'leaving'));
};

/**
 * Operations that have come to their end and were not told so. Once they waited until the targets of all volumes were confirmed anew, so a log that was
 * written then may stop in between. Whatever is decided now ends them with the event that brings it about.
 */
export const overdue = (state: AccessPathState): readonly PathOperation[] => {
  const { path, operations } = state;
  return path?.scope === 'volume' ? operations.filter((operation) => isDone(state, path, operation)) : [];
};
