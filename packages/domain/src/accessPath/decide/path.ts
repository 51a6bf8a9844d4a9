/** Creating, changing and deleting an access path, and the hosts that it has targets on. */
import * as E from 'fp-ts/lib/Either.js';
import type { HostId } from '../../kernel/ids.ts';
import type { Of } from '../../kernel/tagged.ts';
import { failureOf } from '../../kernel/troubles.ts';
import { refuseAccessPath } from '../errors.ts';
import type { TargetHostFacts } from '../facts.ts';
import type { AccessPathEvent } from '../messages.ts';
import {
  accountCanGo,
  backendKnown,
  chapForIscsi,
  descriptionFits,
  hasTargetHosts,
  holdsNoVips,
  hostsAgree,
  hostsDiffer,
  hostsExist,
  hostsOpenAlike,
  isReserved,
  mutualNeedsForward,
  nobodyUsesIt,
  oneRename,
  roomForTargetHost,
  secretsDiffer,
  targetRemains,
  targetSettled,
  typeServed,
  unused,
  validAccount,
  validIqnPrefix,
  validName,
} from '../rules.ts';
import type { PathOperation } from '../state.ts';
import { accept, opOf, unless, type Case, type Command, type Decision, type Existing } from './common.ts';

/** A target on this host, as it is asked for: the capabilities that its configuration depends on are kept with it. */
const wishOf = (hostId: HostId, host: TargetHostFacts | undefined): Of<AccessPathEvent, 'TargetRequested'>['target'] => ({
  hostId,
  backend: host?.backend ?? '',
  ...(host?.capabilities?.portals === 'fixed' ? { portals: 'fixed' } : {}),
});

export const create = (command: Command<'CreateAccessPath'>, { state, meta, facts }: Case): Decision => {
  const { type: _type, hostIds, ...fields } = command;
  const named = hostIds.flatMap((id): readonly TargetHostFacts[] => (facts.hosts[id] === undefined ? [] : [facts.hosts[id]]));
  const capabilities = named[0]?.capabilities ?? null;
  const own = { ...facts, capabilities };
  return unless(
    [
      state.lifecycle === 'absent' ? undefined : refuseAccessPath('AccessPathAlreadyExists', `access path ${command.accessPathId} exists or existed`, { value: command.accessPathId }),
      validName(command.name),
      descriptionFits(command.description),
      validIqnPrefix(command.iqnPrefix),
      hasTargetHosts(hostIds),
      roomForTargetHost(hostIds.length),
      hostsDiffer(hostIds),
      hostsExist(hostIds, facts),
      backendKnown(named),
      hostsAgree(named.map((host) => host.capabilities?.scope)),
      hostsOpenAlike(named),
      typeServed(command.accessType, capabilities),
      chapForIscsi(command.accessType, command.chap),
      validAccount(command.chap, null, own),
    ],
    {
      type: 'AccessPathRequested',
      ...fields,
      tenant: meta.tenant,
      scope: capabilities?.scope ?? 'accessPath',
      targets: hostIds.flatMap((hostId) => (facts.hosts[hostId] === undefined ? [] : [wishOf(hostId, facts.hosts[hostId])])),
      ...opOf(meta),
    },
  );
};

export const update = ({ changes }: Command<'UpdateAccessPath'>, { state, path, meta, facts }: Existing): Decision => {
  const { name = path.name, description = path.description, chap = path.chap } = changes;
  const rename = name === path.name ? null : name;
  const isChanged = description !== path.description || chap?.user !== path.chap?.user || chap?.secretRef !== path.chap?.secretRef;
  if (rename === null && !isChanged) return accept();
  return unless(
    [
      oneRename(state),
      ...(rename === null ? [] : [validName(name)]),
      descriptionFits(description),
      chapForIscsi(path.accessType, chap),
      validAccount(chap, path.chap, facts),
      accountCanGo(path, chap, facts),
      mutualNeedsForward(chap, path.groups.some(({ mutual }) => mutual !== null)),
      secretsDiffer(chap === null ? null : facts.secret, facts.mutuals),
    ],
    { type: 'AccessPathUpdateRequested', ...opOf(meta), description, chap, rename },
  );
};

/** What was under way, of one operation or of all, is taken back. */
const superseded = ({ state, meta }: Existing, isTakenBack: (operation: PathOperation) => boolean = () => true): readonly AccessPathEvent[] =>
  state.operations.filter(isTakenBack).map(({ operationId }) => ({ type: 'OperationSuperseded', operationId, at: meta.issuedAt }));

/** Who is seen to be logged in is in the way. Where nobody can say who is, it has no LUN left that anybody could write to. */
const nobodySeen = ({ sessions, ...facts }: Existing['facts']): ReturnType<typeof nobodyUsesIt> => (sessions.known ? nobodyUsesIt(null, false, { ...facts, sessions }) : undefined);

export const remove = (existing: Existing): Decision => {
  const { state, path, meta, facts } = existing;
  return unless([isReserved(path), oneRename(state), ...path.hosts.map(targetSettled), unused(path), nobodySeen(facts)], ...superseded(existing), {
    type: 'AccessPathDeletionRequested',
    ...opOf(meta),
  });
};

/** A host that the path has: all of them open the same. */
const beside = ({ hosts }: Existing['path'], { capabilities }: Existing['facts']): readonly TargetHostFacts[] => hosts.slice(0, 1).map(({ name, backend }) => ({ name, backend, capabilities }));

export const addTarget = ({ hostId }: Command<'AddTarget'>, { path, meta, facts }: Existing): Decision => {
  const host = facts.hosts[hostId];
  return unless(
    [
      hostsDiffer([...path.hosts.map((one) => one.hostId), hostId]),
      roomForTargetHost(path.hosts.length + 1),
      hostsExist([hostId], facts),
      ...(host === undefined ? [] : [backendKnown([host]), hostsAgree([path.scope, host.capabilities?.scope]), hostsOpenAlike([...beside(path, facts), host]), typeServed(path.accessType, host.capabilities)]),
    ],
    { type: 'TargetRequested', ...opOf(meta), target: wishOf(hostId, host) },
  );
};

export const removeTarget = ({ hostId, force }: Command<'RemoveTarget'>, existing: Existing): Decision => {
  const { path, meta, facts } = existing;
  const host = path.hosts.find((one) => one.hostId === hostId);
  if (host === undefined) return E.left(refuseAccessPath('TargetNotFound', `the access path has no target on the host ${hostId}`, { value: hostId }));
  if (host.stage === 'leaving' && (host.force || !force)) return accept();
  // Who asks for it once more, with force, takes back the removal that waits.
  const waiting = superseded(existing, ({ kind, about }) => kind === 'removeTarget' && about === hostId);
  return unless([targetSettled(host), targetRemains(path, host), holdsNoVips(host, facts), nobodyUsesIt(null, force, facts, host.name)], ...waiting, {
    type: 'TargetRemovalRequested',
    ...opOf(meta),
    hostId,
    force,
  });
};

/** Begins a new round of everything of the operation that failed for good. */
export const retry = ({ operationId }: Command<'RetryOperation'>, { state, meta }: Existing): Decision => {
  const failed = failureOf(state.troubles, operationId);
  return failed === undefined
    ? E.left(refuseAccessPath('NothingToRetry', `nothing of the operation ${operationId} has failed for good`, { value: operationId }))
    : accept({ type: 'WorkRetried', operationId, work: failed.work, at: meta.issuedAt });
};
