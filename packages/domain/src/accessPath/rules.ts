/** What must hold before an access path accepts a command. */
import { clientCodeKind } from '../kernel/addresses.ts';
import { chapFault, type ChapSecretFacts } from '../kernel/chap.ts';
import { MAX_DESCRIPTION_LENGTH, nameFault } from '../kernel/names.ts';
import type { TimestampMs } from '../kernel/quantities.ts';
import type { AccessType, ChapAccount, TargetCapabilities } from '../ports/targetBackend.ts';
import { refuseAccessPath, type AccessPathRefusal } from './errors.ts';
import type { AccessPathDecisionFacts, ClientGroupFacts, MappableVolumeFacts, TargetHostFacts } from './facts.ts';
import { MAX_MAPPING_GROUPS, MAX_TARGET_HOSTS, MAX_VIP_GROUPS, MAX_VOLUMES_AT_ONCE } from './limits.ts';
import type { AccessPathFields, AccessPathState, MappingGroup, TargetHost } from './state.ts';

type Answer = AccessPathRefusal | undefined;

export const validName = (name: string): Answer => {
  const fault = nameFault(name);
  return fault === undefined ? undefined : refuseAccessPath('NameIsNotAllowed', `the name ${JSON.stringify(name)} is not allowed: ${fault}`, { value: name });
};

export const descriptionFits = (description: string): Answer =>
  description.length <= MAX_DESCRIPTION_LENGTH
    ? undefined
    : refuseAccessPath('DescriptionIsTooLong', `the description has ${description.length} characters`, { value: description.length, limit: MAX_DESCRIPTION_LENGTH });

const PREFIX = /^iqn\.\d{4}-\d{2}\.[a-z0-9][a-z0-9.-]*(?::[a-z0-9._-]+)?$/;
const MAX_PREFIX = 120;
export const validIqnPrefix = (prefix: string): Answer =>
  prefix.length <= MAX_PREFIX && PREFIX.test(prefix) ? undefined : refuseAccessPath('IqnPrefixIsNotAllowed', `${JSON.stringify(prefix)} is nothing that an IQN begins with`, { value: prefix, limit: MAX_PREFIX });

export const oneRename = ({ rename }: AccessPathState): Answer =>
  rename === null ? undefined : refuseAccessPath('RenameIsUnderWay', `the name "${rename.name}" is being reserved`, { value: rename.name });

export const hasTargetHosts = (hostIds: readonly string[]): Answer => (hostIds.length > 0 ? undefined : refuseAccessPath('NoTargetHosts', 'no host is named', { value: 0, limit: 1 }));

export const roomForTargetHost = (count: number): Answer =>
  count <= MAX_TARGET_HOSTS ? undefined : refuseAccessPath('TooManyTargetHosts', `the access path would have targets on ${count} hosts`, { value: count, limit: MAX_TARGET_HOSTS });

export const hostsExist = (hostIds: readonly string[], { hosts }: AccessPathDecisionFacts): Answer => {
  const missing = hostIds.find((id) => hosts[id] === undefined);
  return missing === undefined ? undefined : refuseAccessPath('HostNotFound', `there is no host ${missing} with a backend for targets`, { value: missing });
};

export const hostsDiffer = (hostIds: readonly string[]): Answer => {
  const double = hostIds.find((id, at) => hostIds.indexOf(id) !== at);
  return double === undefined ? undefined : refuseAccessPath('HostAlreadyServes', `the host ${double} stands there twice`, { value: double });
};

export const backendKnown = (named: readonly TargetHostFacts[]): Answer => {
  const absent = named.find(({ capabilities }) => capabilities === null);
  return absent === undefined ? undefined : refuseAccessPath('BackendIsUnknown', `this control plane has no target backend named "${absent.backend}"`, { value: absent.backend });
};

/** A session that moves from one host to another must find the same there. */
export const hostsAgree = (scopes: readonly (string | undefined)[]): Answer => {
  const kinds = [...new Set(scopes)];
  return kinds.length < 2 ? undefined : refuseAccessPath('HostsDisagree', `the hosts' targets stand for different things: ${kinds.join(' and ')}`, { value: kinds });
};

const opened = ({ backend, capabilities }: TargetHostFacts): readonly string[] =>
  capabilities === null ? [] : [capabilities.opens.includes('array') ? `those of the array "${backend}"` : capabilities.opens.toSorted().join(', ')];

/** A volume of the path stands on each of its hosts. */
export const hostsOpenAlike = (named: readonly TargetHostFacts[]): Answer => {
  const kinds = [...new Set(named.flatMap(opened))];
  return kinds.length < 2 ? undefined : refuseAccessPath('HostsDisagree', `the hosts open different volumes: ${kinds.join(' and ')}`, { value: kinds });
};

const lacks = (capability: string, what: string): AccessPathRefusal => refuseAccessPath('CapabilityIsMissing', `the backend of the targets has no ${what}`, { value: capability });

export const typeServed = (accessType: AccessType, capabilities: TargetCapabilities | null): Answer =>
  capabilities === null || capabilities.types.includes(accessType) ? undefined : lacks('types', `access paths of the type ${accessType}`);

export const chapForIscsi = (accessType: AccessType, chap: ChapAccount | null): Answer =>
  chap === null || accessType === 'iscsi' ? undefined : refuseAccessPath('ChapIsForIscsi', `an access path of the type ${accessType} has no CHAP`, { value: accessType, limit: 'iscsi' });

const isSame = (a: ChapAccount | null, b: ChapAccount | null): boolean => a?.user === b?.user && a?.secretRef === b?.secretRef;

/** An account that stays as it is was checked when it was given. */
export const validAccount = (chap: ChapAccount | null, before: ChapAccount | null, { secret, capabilities }: AccessPathDecisionFacts): Answer => {
  if (chap === null || isSame(chap, before)) return undefined;
  if (capabilities?.forwardChap === false) return lacks('forwardChap', 'account for initiators');
  const fault = chapFault(chap.user, secret);
  return fault === undefined ? undefined : refuseAccessPath('ChapAccountIsInvalid', `the account is not allowed: ${fault}`, { value: chap.user });
};

/** An array can only make a target anew without its account, which cuts off whoever is let in. */
export const accountCanGo = ({ chap: before, groups }: AccessPathFields, chap: ChapAccount | null, { capabilities }: AccessPathDecisionFacts): Answer =>
  chap === null && before !== null && groups.length > 0 && capabilities?.clearsChap === false ? lacks('clearsChap', 'way to take the account away while client groups are mapped') : undefined;

/** A target does not prove itself to initiators that need not prove themselves. */
export const mutualNeedsForward = (chap: ChapAccount | null, hasMutual: boolean): Answer =>
  chap !== null || !hasMutual ? undefined : refuseAccessPath('MutualNeedsForward', 'a client group has mutual CHAP, and the access path has no account');

/** RFC 7143 forbids the same secret in both directions. */
export const secretsDiffer = (forward: ChapSecretFacts | null, mutuals: readonly (ChapSecretFacts | null)[]): Answer =>
  forward !== null && mutuals.some((mutual) => mutual?.fingerprint === forward.fingerprint)
    ? refuseAccessPath('SecretsAreEqual', 'the account of the access path and that of a client group have the same secret')
    : undefined;

/** Its name, its number and its hosts are just being asked for: what is taken back now might be given all the same. */
export const isReserved = ({ number, name }: AccessPathFields): Answer =>
  number === null ? refuseAccessPath('AccessPathIsBeingMade', `access path "${name}" is being reserved`, { value: name }) : undefined;

/** A host that is just being asked, or has not shown itself yet, cannot be taken back before it has. */
export const targetSettled = ({ stage, hostId, operationId }: TargetHost): Answer =>
  stage === 'joining' || stage === 'used' ? refuseAccessPath('TargetIsBeingAdded', `the target on the host ${hostId} is being added`, { value: hostId, operationId }) : undefined;

/** An address never comes to a host without a target, not even to one that was given up and is there again. */
export const holdsNoVips = ({ hostId, name }: TargetHost, { vipHosts }: AccessPathDecisionFacts): Answer =>
  vipHosts.includes(hostId) ? refuseAccessPath('TargetHoldsVips', `a VIP group of the access path may bring its addresses to host "${name}"`, { value: name }) : undefined;

export const targetRemains = (path: AccessPathFields, host: TargetHost): Answer => {
  // One that is just being asked may say no.
  const others = path.hosts.filter((other) => other !== host && (other.stage === 'serving' || other.stage === 'used'));
  return others.length > 0 || (path.groups.length === 0 && path.vips.length === 0) ? undefined : refuseAccessPath('LastTarget', `"${host.name}" has the last target of the access path`, { value: host.name, limit: 1 });
};

/** Whoever attaches waits until the volume can be logged in to, and without a target it never could. A host that is asked later than the path was made may say no. */
export const pathHasTargets = ({ hosts, name }: AccessPathFields, { lifecycle }: AccessPathState): Answer =>
  hosts.some(({ stage }) => stage === 'serving' || stage === 'used' || (stage === 'joining' && lifecycle === 'creating'))
    ? undefined
    : refuseAccessPath('AccessPathHasNoTargets', `access path "${name}" has no target on any host`, { value: name });

export const groupExists = (path: AccessPathFields, id: string): Answer =>
  path.groups.some(({ mappingGroupId }) => mappingGroupId === id) ? undefined : refuseAccessPath('MappingGroupNotFound', `the access path has no mapping group ${id}`, { value: id });

/** What belongs to attachments comes and goes with them. */
export const madeByHand = ({ initiators, mappingGroupId }: MappingGroup): Answer =>
  initiators === null ? undefined : refuseAccessPath('MappingGroupIsForAttachments', `mapping group ${mappingGroupId} is for the attachments of ${initiators.join(', ')}`, { value: mappingGroupId });

export const mutualServed = ({ hasMutual }: ClientGroupFacts, { mutualChap }: TargetCapabilities): Answer => (hasMutual && mutualChap === 'none' ? lacks('mutualChap', 'mutual CHAP') : undefined);

export const groupStays = ({ stage, mappingGroupId, operationId }: MappingGroup): Answer =>
  stage === 'active'
    ? undefined
    : refuseAccessPath('MappingGroupIsBusy', stage === 'leaving' ? `mapping group ${mappingGroupId} is being deleted` : `mapping group ${mappingGroupId} is being made`, { value: mappingGroupId, operationId });

export const roomForMappingGroup = ({ groups }: AccessPathFields): Answer =>
  groups.length < MAX_MAPPING_GROUPS ? undefined : refuseAccessPath('TooManyMappingGroups', `the access path has ${groups.length} mapping groups`, { value: groups.length + 1, limit: MAX_MAPPING_GROUPS });

export const clientGroupFits = (path: AccessPathFields, clientGroupId: string, { clientGroup, capabilities }: AccessPathDecisionFacts): Answer => {
  if (clientGroup === null || clientGroup.tenant !== path.tenant) return refuseAccessPath('ClientGroupNotFound', `there is no client group ${clientGroupId}`, { value: clientGroupId });
  if (clientGroup.isForAttachments) return refuseAccessPath('ClientGroupIsForAttachments', `client group ${clientGroupId} belongs to the attachments of one initiator`, { value: clientGroupId });
  if (path.groups.some((group) => group.clientGroupId === clientGroupId)) {
    return refuseAccessPath('ClientGroupAlreadyMapped', `the client group ${clientGroupId} has a mapping group on this access path`, { value: clientGroupId });
  }
  return capabilities === null ? undefined : (codesServed(clientGroup, capabilities) ?? mutualServed(clientGroup, capabilities));
};

/** Targets know initiators by codes of some kinds only. */
export const codesServed = ({ clients }: Pick<ClientGroupFacts, 'clients'>, capabilities: TargetCapabilities): Answer => {
  const wrong = clients.find((code) => {
    const kind = clientCodeKind(code);
    return kind === undefined || !capabilities.clientCodes.includes(kind);
  });
  return wrong === undefined
    ? undefined
    : refuseAccessPath('ClientCodeIsNotServed', `the backend of the targets does not know initiators such as ${wrong}`, { value: wrong, limit: capabilities.clientCodes });
};

export const volumesAtOnce = (volumeIds: readonly string[]): Answer =>
  volumeIds.length <= MAX_VOLUMES_AT_ONCE
    ? undefined
    : refuseAccessPath('TooManyVolumes', `${volumeIds.length} volumes are named`, { value: volumeIds.length, limit: MAX_VOLUMES_AT_ONCE });

export const volumesExist = (path: AccessPathFields, volumeIds: readonly string[], { volumes }: AccessPathDecisionFacts): Answer => {
  const missing = volumeIds.find((id) => volumes[id] === undefined || volumes[id].tenant !== path.tenant);
  return missing === undefined ? undefined : refuseAccessPath('VolumeNotFound', `there is no volume ${missing}`, { value: missing });
};

export const volumesCanBeOpened = (volumeIds: readonly string[], { volumes }: AccessPathDecisionFacts): Answer => {
  const closed = volumeIds.find((id) => volumes[id]?.source === null);
  const volume = closed === undefined ? undefined : volumes[closed];
  if (volume === undefined) return undefined;
  if (!volume.hasBackend) return refuseAccessPath('BackendIsUnknown', `this control plane has no backend named "${volume.backend}", which volume "${volume.name}" is on`, { value: volume.backend });
  return refuseAccessPath('VolumeCannotBeOpened', `no host can open volume "${volume.name}": its backend "${volume.backend}" lets none`, { value: closed });
};

/** Gateways open images and files, and an array the volumes of the block backend that has its name, which are its own (S1-17). */
export const hostsOpenVolumes = (path: AccessPathFields, volumeIds: readonly string[], { volumes, capabilities }: AccessPathDecisionFacts): Answer => {
  const own = [...new Set(path.hosts.map(({ backend }) => backend))];
  // A backend that is away just now cannot be asked what it opens: portals of its own are an array's.
  const isArray = capabilities?.opens.includes('array') ?? path.hosts.some(({ portalChoice }) => portalChoice === 'fixed');
  const isOpened = ({ source, backend }: MappableVolumeFacts): boolean => {
    if (source === 'array' || (isArray && capabilities === null)) return isArray && own.every((name) => name === backend);
    return source === null || (capabilities?.opens.includes(source) ?? true);
  };
  const volume = volumeIds.map((id) => volumes[id]).find((found) => found !== undefined && !isOpened(found));
  return volume === undefined
    ? undefined
    : refuseAccessPath('VolumeIsElsewhere', `the hosts of access path "${path.name}", of the backend "${own.join('" and "')}", do not open volume "${volume.name}" of the backend "${volume.backend}"`, { value: volume.backend, limit: own });
};

/** Numbers that are neither in use nor rest, the smallest first (I-19). */
export const freeLuns = (path: AccessPathFields, at: TimestampMs, most: number): readonly number[] => {
  const taken = new Set([...path.groups.flatMap(({ luns }) => luns.map(({ lun }) => lun)), ...path.resting.filter(({ until }) => until > at).map(({ lun }) => lun)]);
  return Array.from({ length: most }, (_, lun) => lun).filter((lun) => !taken.has(lun));
};

/** Where each volume has a target of its own the number is no matter, but how many targets there are. */
export const roomForVolumes = (count: number, most: number): Answer =>
  count <= most ? undefined : refuseAccessPath('LunNumbersAreTaken', `the access path would have ${count} volumes`, { value: count, limit: most });

export const roomForLuns = (wanted: number, free: readonly number[], most: number): Answer =>
  wanted <= free.length ? undefined : refuseAccessPath('LunNumbersAreTaken', `${wanted} LUN numbers are needed, ${free.length} of ${most} are free`, { value: wanted, limit: free.length });

/** What its volume is just being asked cannot be taken back before the answer. */
export const volumesSettled = ({ luns }: MappingGroup, volumeIds: readonly string[] | null): Answer => {
  const asked = luns.find(({ volumeId, stage }) => stage === 'reserving' && (volumeIds === null || volumeIds.includes(volumeId)));
  return asked === undefined ? undefined : refuseAccessPath('VolumeIsBeingMapped', `volume ${asked.volumeId} is being mapped`, { value: asked.volumeId, operationId: asked.operationId });
};

const uses = (clients: readonly string[], session: { readonly initiator: string; readonly address: string | null }): boolean =>
  clients.includes(session.initiator) || (session.address !== null && clients.includes(session.address));

/** What is taken away by force cuts off whoever is logged in, and that must be seen to be so (I-21). */
export const canCutOff = (force: boolean, { capabilities }: AccessPathDecisionFacts): Answer =>
  force && capabilities?.fences === false
    ? { ...lacks('fences', 'way to see that an initiator has no session left'), remedy: 'log the initiators out on their hosts, or switch the hosts off, and do it without force' }
    : undefined;

/** Where no sessions are shown somebody else must know that initiators are out: whoever had them log out (S4-6). Where they are shown they are looked at. */
export const isVouchedFor = (loggedOut: boolean, { capabilities }: AccessPathDecisionFacts): boolean => loggedOut && capabilities?.sessions === false;

/** Whoever is logged in may be writing. What cannot be asked counts as in use. */
export const nobodyUsesIt = (clients: readonly string[] | null, force: boolean, { sessions, capabilities }: AccessPathDecisionFacts, host?: string): Answer => {
  if (force) return undefined;
  if (!sessions.known) return refuseAccessPath('SessionsAreUnknown', `nobody can say who is logged in: ${sessions.why}`, capabilities?.sessions === false ? { value: 'sessions' } : {});
  const found = sessions.sessions.find((session) => (host === undefined || session.host === host) && (clients === null || uses(clients, session)));
  return found === undefined ? undefined : refuseAccessPath('StillHasIo', `still has IO on target: ${found.initiator} is logged in on ${found.host}`, { value: found.initiator });
};

export const unused = ({ groups, vips }: AccessPathFields): Answer =>
  groups.length === 0 && vips.length === 0
    ? undefined
    : refuseAccessPath('AccessPathIsInUse', `it has ${groups.length} mapping groups and ${vips.length} VIP groups`, { value: groups.length + vips.length, limit: 0 });

export const roomForVipGroup = ({ vips }: AccessPathFields): Answer =>
  vips.length < MAX_VIP_GROUPS ? undefined : refuseAccessPath('TooManyVipGroups', `the access path has ${vips.length} VIP groups`, { value: vips.length + 1, limit: MAX_VIP_GROUPS });

/** Addresses move between hosts that have a target and keep it. */
export const hostsServe = ({ hosts, name }: AccessPathFields, hostIds: readonly string[]): Answer => {
  const missing = hostIds.find((id) => !hosts.some(({ hostId, stage }) => hostId === id && stage !== 'leaving'));
  return missing === undefined ? undefined : refuseAccessPath('TargetNotFound', `access path "${name}" has no target on the host ${missing}`, { value: missing });
};

export const portalsAreGiven = (path: AccessPathFields, { capabilities }: AccessPathDecisionFacts): Answer =>
  path.accessType === 'iscsi' && capabilities?.portals === 'given' && capabilities.virtualPortals
    ? undefined
    : refuseAccessPath('VipsNeedPortals', `the targets of access path "${path.name}" cannot serve portals on virtual IPs: their backend has no virtualPortals`, { value: 'virtualPortals' });
