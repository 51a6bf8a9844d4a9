/** Gathers what decisions about hosts, client groups, access paths and VIP groups need to know from elsewhere. */
import { createHmac, randomBytes } from 'node:crypto';
import {
  accessPathStream,
  clientGroupStream,
  gatewayAddresses,
  hostStream,
  noAccessPathFacts,
  reveal,
  vipGroupStream,
  volumeStream,
  wantedTargets,
  type AccessPathCommand,
  type AccessPathDecisionFacts,
  type AccessPathFields,
  type AccessPathId,
  type AccessPathState,
  type AttachingPathFacts,
  type ChapAccount,
  type ChapSecretFacts,
  type ClientGroupCommand,
  type ClientGroupDecisionFacts,
  type ClientGroupFacts,
  type ClientGroupId,
  type ClientGroupState,
  type HostCommand,
  type HostDecisionFacts,
  type HostId,
  type HostState,
  type MappableVolumeFacts,
  type PossibleMember,
  type SessionFacts,
  type TargetHostFacts,
  type UsingPathFacts,
  type VipGroupCommand,
  type VipGroupDecisionFacts,
  type VipGroupState,
  type VolumeId,
  type VolumeState,
} from '@blockledger/domain';
import * as E from 'fp-ts/lib/Either.js';
import { match, P } from 'ts-pattern';
import type { Ask } from '../backends/bounded.ts';
import { sourceOf } from '../backends/callees.ts';
import type { Engine } from '../parts.ts';

/** Where these facts come from; `state` reads a stream. */
export interface PathFactSources {
  readonly engine: Pick<Engine, 'backends' | 'targets' | 'vips' | 'secrets'>;
  readonly ask: Ask;
  readonly state: <S>(stream: string) => Promise<S>;
}

/** Fingerprints tell whether two secrets are the same, within one process: nothing of them is kept. */
const fingerprintKey = randomBytes(32);
const PLAIN = /^[\w@/-]*$/;

const secretFacts = async ({ engine }: PathFactSources, account: ChapAccount | null | undefined): Promise<ChapSecretFacts | null> => {
  if (account === null || account === undefined) return null;
  const found = await engine.secrets.get(account.secretRef)();
  if (E.isLeft(found) || found.right === undefined) return null;
  const text = reveal(found.right);
  return { length: text.length, plain: PLAIN.test(text), fingerprint: createHmac('sha256', fingerprintKey).update(text).digest('hex') };
};

/** What is known of a host's decision: whether its backends are here, and reach it. */
export const hostFacts = async ({ engine }: PathFactSources, state: HostState, command: HostCommand): Promise<HostDecisionFacts> => {
  const named = command.type === 'RegisterHost' ? command : state.host;
  if (named === null) return { targets: null, vips: null };
  const { name } = named;
  const targets = named.targets === null ? undefined : engine.targets.get(named.targets);
  const vips = named.vips === null ? undefined : engine.vips.get(named.vips);
  return {
    targets: targets === undefined ? null : { capabilities: targets.capabilities, reaches: targets.hosts().includes(name) },
    vips: vips === undefined ? null : { reaches: vips.hosts().includes(name) },
  };
};

export const clientGroupFacts = async (sources: PathFactSources, { group, users }: ClientGroupState, command: ClientGroupCommand): Promise<ClientGroupDecisionFacts> => {
  if (command.type === 'CreateClientGroup') return { secret: await secretFacts(sources, command.mutual), paths: [] };
  if (command.type !== 'UpdateClientGroup') return { secret: null, paths: [] };
  const { mutual = group?.mutual } = command.changes;
  const ids = [...new Set(Object.values(users).map(({ accessPathId }) => accessPathId))];
  const paths = await Promise.all(
    ids.map(async (id): Promise<readonly UsingPathFacts[]> => {
      const { path } = await sources.state<AccessPathState>(accessPathStream(id));
      return path === null ? [] : [{ name: path.name, hasForward: path.chap !== null, forward: await secretFacts(sources, path.chap), capabilities: capabilitiesOf(sources, path) }];
    }),
  );
  return { secret: await secretFacts(sources, mutual), paths: paths.flat() };
};

const targetHosts = async ({ engine, state }: PathFactSources, ids: readonly HostId[]): Promise<Readonly<Record<string, TargetHostFacts>>> => {
  const found = await Promise.all(
    ids.map(async (id): Promise<readonly (readonly [string, TargetHostFacts])[]> => {
      const { host, lifecycle } = await state<HostState>(hostStream(id));
      if (host === null || host.targets === null || lifecycle !== 'active') return [];
      return [[id, { name: host.name, backend: host.targets, capabilities: engine.targets.get(host.targets)?.capabilities ?? null }]];
    }),
  );
  return Object.fromEntries(found.flat());
};

const volumes = async (sources: PathFactSources, ids: readonly VolumeId[]): Promise<Readonly<Record<string, MappableVolumeFacts>>> => {
  const opens = sourceOf(sources.engine);
  const found = await Promise.all(
    ids.map(async (id): Promise<readonly (readonly [string, MappableVolumeFacts])[]> => {
      const { volume, lifecycle } = await sources.state<VolumeState>(volumeStream(id));
      if (volume === null || lifecycle === 'refused' || lifecycle === 'deleted' || lifecycle === 'disowned') return [];
      const { tenant, name, placement, volumeId, serial } = volume;
      return [[id, { tenant, name, backend: placement.backend, hasBackend: sources.engine.backends.has(placement.backend), source: opens({ placement, volumeId, serial })?.kind ?? null }]];
    }),
  );
  return Object.fromEntries(found.flat());
};

const clientGroup = async (sources: PathFactSources, id: ClientGroupId): Promise<ClientGroupFacts | null> => {
  const { group, lifecycle } = await sources.state<ClientGroupState>(clientGroupStream(id));
  if (group === null || lifecycle !== 'active') return null;
  const { tenant, accessType, clients, mutual, isForAttachments } = group;
  return { tenant, accessType, clients, isForAttachments, hasMutual: mutual !== null, mutual: await secretFacts(sources, mutual) };
};

/** Everybody who is logged in at the path's targets, asked now. One host that does not answer makes it unknown. */
const sessions = async ({ engine, ask }: PathFactSources, path: AccessPathFields): Promise<SessionFacts> => {
  const found = await Promise.all(
    path.hosts
      .filter(({ stage, off }) => stage === 'serving' && !off)
      .flatMap((host) =>
        wantedTargets(path, host).map(async ({ ref }): Promise<SessionFacts> => {
          const backend = engine.targets.get(host.backend);
          if (backend === undefined) return { known: false, why: `this process has no target backend named "${host.backend}"` };
          if (!backend.capabilities.sessions) return { known: false, why: `a ${backend.kind} target does not show who is logged in` };
          const seen = await ask(host.backend, (context) => backend.see(ref, context));
          if (E.isLeft(seen)) return { known: false, why: `host "${host.name}": ${seen.left.message}` };
          return { known: true, sessions: (seen.right?.sessions ?? []).map(({ initiator, address, portal }) => ({ host: host.name, initiator, address: address ?? null, portal: portal?.ip ?? null })) };
        }),
      ),
  );
  const unknown = found.find(({ known }) => !known);
  return unknown ?? { known: true, sessions: found.flatMap((one) => (one.known ? one.sessions : [])) };
};

const capabilitiesOf = ({ engine }: PathFactSources, path: AccessPathFields | null) => {
  const backend = path?.hosts[0]?.backend;
  return backend === undefined ? null : (engine.targets.get(backend)?.capabilities ?? null);
};

const mutualsOf = async (sources: PathFactSources, path: AccessPathFields | null): Promise<readonly ChapSecretFacts[]> =>
  (await Promise.all((path?.groups ?? []).map(({ mutual }) => secretFacts(sources, mutual)))).filter((found) => found !== null);

/** Hosts between which the path's VIP groups move their addresses. */
const vipHosts = async ({ state }: PathFactSources, path: AccessPathFields | null): Promise<readonly HostId[]> => {
  const groups = await Promise.all((path?.vips ?? []).map(({ vipGroupId }) => state<VipGroupState>(vipGroupStream(vipGroupId))));
  return groups.flatMap(({ group }) => (group?.members ?? []).map(({ hostId }) => hostId));
};

export const accessPathFacts = async (sources: PathFactSources, { path }: AccessPathState, command: AccessPathCommand): Promise<AccessPathDecisionFacts> => {
  const own = { ...noAccessPathFacts, capabilities: capabilitiesOf(sources, path) };
  return match(command)
    .with({ type: 'CreateAccessPath' }, async ({ hostIds, chap }) => ({ ...own, hosts: await targetHosts(sources, hostIds), secret: await secretFacts(sources, chap) }))
    .with({ type: 'UpdateAccessPath' }, async ({ changes }) => ({ ...own, secret: await secretFacts(sources, changes.chap ?? path?.chap), mutuals: await mutualsOf(sources, path) }))
    .with({ type: 'AddTarget' }, async ({ hostId }) => ({ ...own, hosts: await targetHosts(sources, [hostId]) }))
    .with({ type: 'CreateMappingGroup' }, async ({ clientGroupId, volumeIds }) => ({
      ...own,
      clientGroup: await clientGroup(sources, clientGroupId),
      volumes: await volumes(sources, volumeIds),
      forward: await secretFacts(sources, path?.chap),
    }))
    .with({ type: 'AttachVolume' }, async ({ clientGroupId, volumeId }) => ({
      ...own,
      clientGroup: await clientGroup(sources, clientGroupId),
      volumes: await volumes(sources, [volumeId]),
      forward: await secretFacts(sources, path?.chap),
    }))
    .with({ type: 'AddVolumes' }, async ({ volumeIds }) => ({ ...own, volumes: await volumes(sources, volumeIds) }))
    .with({ type: 'RemoveTarget' }, async ({ force }) => ({ ...own, vipHosts: await vipHosts(sources, path), ...(path === null || force ? {} : { sessions: await sessions(sources, path) }) }))
    .with({ type: P.union('RemoveVolumes', 'DeleteMappingGroup'), force: false }, async () => ({ ...own, ...(path === null ? {} : { sessions: await sessions(sources, path) }) }))
    .with({ type: 'DeleteAccessPath' }, async () => ({ ...own, ...(path === null ? {} : { sessions: await sessions(sources, path) }) }))
    .otherwise(() => Promise.resolve(own));
};

/** Every gateway address of every host of the path that can keep virtual IPs. */
const possibleMembers = async (sources: PathFactSources, path: AccessPathFields): Promise<readonly PossibleMember[]> => {
  const found = await Promise.all(
    path.hosts
      .filter(({ stage }) => stage === 'serving' || stage === 'used')
      .map(async ({ hostId }): Promise<readonly PossibleMember[]> => {
        const { host } = await sources.state<HostState>(hostStream(hostId));
        if (host === null || host.vips === null) return [];
        const { name, vips: backend } = host;
        return gatewayAddresses(host).map(({ networkAddressId, ip, interface: device, segment }) => ({ networkAddressId, hostId, host: name, backend, ip, interface: device, segment }));
      }),
  );
  return found.flat();
};

export const vipGroupFacts = async (sources: PathFactSources, { group }: VipGroupState, command: VipGroupCommand): Promise<VipGroupDecisionFacts> => {
  const needsPath = command.type === 'CreateVipGroup' || command.type === 'AddVipMember' || command.type === 'DeleteVipGroup';
  const accessPathId: AccessPathId | undefined = command.type === 'CreateVipGroup' ? command.accessPathId : group?.accessPathId;
  const nobody: SessionFacts = { known: true, sessions: [] };
  if (!needsPath || accessPathId === undefined) return { members: [], tenant: null, virtualPortals: null, sessions: nobody };
  const { path, lifecycle } = await sources.state<AccessPathState>(accessPathStream(accessPathId));
  if (path === null || lifecycle === 'refused' || lifecycle === 'deleted') return { members: null, tenant: null, virtualPortals: null, sessions: nobody };
  // Where virtual IPs stand already there are no physical portals that another group could take from anybody.
  const takesPortals = command.type !== 'CreateVipGroup' || path.vips.every(({ stage }) => stage === 'leaving');
  const asks = 'force' in command && !command.force && takesPortals;
  const capabilities = capabilitiesOf(sources, path);
  const virtualPortals = capabilities === null ? null : capabilities.portals === 'given' && capabilities.virtualPortals;
  return { members: await possibleMembers(sources, path), tenant: path.tenant, virtualPortals, sessions: asks ? await sessions(sources, path) : nobody };
};

/** Access paths by which attachments are connected, or are to be; those that are not there are left out. */
export const attachingPaths = async (sources: PathFactSources, ids: readonly AccessPathId[]): Promise<Readonly<Record<string, AttachingPathFacts>>> => {
  const found = await Promise.all(
    [...new Set(ids)].map(async (id): Promise<readonly (readonly [string, AttachingPathFacts])[]> => {
      const { path, lifecycle } = await sources.state<AccessPathState>(accessPathStream(id));
      if (path === null || lifecycle === 'refused' || lifecycle === 'deleted') return [];
      const { name, tenant, accessType } = path;
      return [[id, { name, tenant, accessType, fences: capabilitiesOf(sources, path)?.fences ?? null }]];
    }),
  );
  return Object.fromEntries(found.flat());
};
