/** What decisions about hosts, client groups, access paths and VIP groups see in the connected world of deciders. */
import {
  clientGroup,
  gatewayAddresses,
  host,
  hostStream,
  clientGroupStream,
  accessPath,
  accessPathStream,
  noAccessPathFacts,
  vipGroup,
  vipGroupStream,
  volume,
  volumeStream,
  type AccessPathCommand,
  type AccessPathDecisionFacts,
  type ChapAccount,
  type ChapSecretFacts,
  type ClientGroupCommand,
  type ClientGroupDecisionFacts,
  type HostCommand,
  type HostDecisionFacts,
  type HostId,
  type LunSource,
  type NetworkAddress,
  type NetworkAddressId,
  type Perform,
  type SecretRef,
  type SessionFacts,
  type TargetCapabilities,
  type CallResult,
  type VipGroupCommand,
  type VipGroupDecisionFacts,
  type VolumeCommand,
  type VolumeFacts,
  type VolumeFields,
  type VolumeId,
} from '@blockledger/domain';
import { uuid } from './decider.ts';

/** What XDC can do. */
export const xdcCan: TargetCapabilities = {
  types: ['iscsi', 'local', 'fc'],
  scope: 'accessPath',
  opens: ['rbd'],
  list: true,
  clientCodes: ['iqn', 'ip', 'wwn'],
  forwardChap: true,
  showsChap: true,
  clearsChap: true,
  mutualChap: 'client',
  portals: 'given',
  sharedPortals: true,
  qos: true,
  onlineExtend: true,
  sessions: true,
  fences: true,
  virtualPortals: true,
  maxLuns: 256,
};

/** QSAN, which has a target for each volume, and portals of its own. */
const qsanCan: TargetCapabilities = { ...xdcCan, types: ['iscsi', 'fc'], scope: 'volume', opens: ['array'], clientCodes: ['iqn'], mutualChap: 'none', portals: 'fixed', sessions: false, fences: false, virtualPortals: false, list: false, showsChap: false, clearsChap: false };

/** tgt, which cannot mask, and QSAN. */
const backends: Readonly<Record<string, TargetCapabilities>> = {
  tgt: { ...xdcCan, types: ['iscsi'], scope: 'clientGroup', opens: ['rbd', 'file'], clientCodes: ['iqn', 'ip'], mutualChap: 'target', qos: false, onlineExtend: false, sharedPortals: false },
  qsan: qsanCan,
};

export interface PathOptions {
  /** Nobody knows what backends can do. */
  readonly isDark?: () => boolean;
  readonly capabilities?: Partial<TargetCapabilities>;
  readonly sessions?: () => SessionFacts;
  /** What a call of a target or VIP backend reports, instead of success. */
  readonly act?: (work: Perform) => CallResult | undefined;
}

export const targetFacts = { capabilities: xdcCan, reaches: true } as const;
export const hostIdOf = (n: number): HostId => uuid('1', n) as HostId;
export const addressIdOf = (n: number): NetworkAddressId => uuid('2', n) as NetworkAddressId;
export const addressOf = (n: number, more: Partial<NetworkAddress> = {}): NetworkAddress => ({
  networkAddressId: addressIdOf(n),
  ip: `10.252.1.${n}`,
  prefix: 24,
  interface: 'eth0',
  segment: 'lan',
  role: 'gateway',
  ...more,
});

/** The last digit of a reference says how the secret is: 7 is good, 8 too short, 9 is not kept; accounts of the same letter share a secret. */
export const accountOf = (n: 7 | 8 | 9, user = '1qaz2wsx3edc', letter = 'a'): ChapAccount => ({ user, secretRef: `chap/x/${letter.repeat(20)}${n}` as SecretRef });
export const secretFactsOf = (n: 7 | 8 | 9, letter = 'a'): ChapSecretFacts | null => (n === 9 ? null : { length: n === 8 ? 8 : 12, plain: true, fingerprint: letter });
const secretOf = (account: ChapAccount | null | undefined): ChapSecretFacts | null => {
  if (account === null || account === undefined) return null;
  const last = Number(account.secretRef.at(-1));
  return secretFactsOf(last === 8 || last === 9 ? last : 7, account.secretRef.at(-2) ?? 'a');
};

type StateOf = <S>(stream: string, initial: S) => S;

const canOf = (backend: string | undefined, { capabilities = {}, isDark }: PathOptions): TargetCapabilities | null =>
  backend === undefined || isDark?.() === true ? null : { ...(backends[backend] ?? (backend.startsWith('qsan') ? qsanCan : xdcCan)), ...capabilities };

/** A backend named "nowhere" is not known, and none has the host "stray". */
export const hostFactsOf = (stateOf: StateOf, command: HostCommand, options: PathOptions = {}): HostDecisionFacts => {
  const named = command.type === 'RegisterHost' ? command : stateOf(hostStream(command.hostId), host.initial).host;
  const reaches = named?.name !== 'stray';
  const capabilities = named === null || named.targets === null || named.targets === 'nowhere' ? null : canOf(named.targets, options);
  return { targets: capabilities === null ? null : { capabilities, reaches }, vips: named === null || named.vips === null || options.isDark?.() === true ? null : { reaches } };
};

export const clientGroupFactsOf = (stateOf: StateOf, command: ClientGroupCommand, options: PathOptions = {}): ClientGroupDecisionFacts => {
  if (command.type === 'CreateClientGroup') return { secret: secretOf(command.mutual), paths: [] };
  if (command.type !== 'UpdateClientGroup') return { secret: null, paths: [] };
  const { group, users } = stateOf(clientGroupStream(command.clientGroupId), clientGroup.initial);
  const { mutual = group?.mutual } = command.changes;
  const paths = Object.values(users).flatMap(({ accessPathId }) => {
    const { path } = stateOf(accessPathStream(accessPathId), accessPath.initial);
    return path === null ? [] : [{ name: path.name, hasForward: path.chap !== null, forward: secretOf(path.chap), capabilities: canOf(path.hosts[0]?.backend, options) }];
  });
  return { secret: secretOf(mutual), paths };
};

/** A volume named "closed" lets no host open it, and the backend of one named "absent" is not here. */
const sourceOf = ({ name, placement }: VolumeFields): LunSource['kind'] | null => (name === 'closed' || name === 'absent' ? null : placement.backend.startsWith('qsan') ? 'array' : 'rbd');

const nobody = (): SessionFacts => ({ known: true, sessions: [] });

export const accessPathFactsOf = (stateOf: StateOf, command: AccessPathCommand, options: PathOptions = {}): AccessPathDecisionFacts => {
  const { sessions = nobody } = options;
  const { path } = stateOf(accessPathStream(command.accessPathId), accessPath.initial);
  const hostIds = command.type === 'CreateAccessPath' ? command.hostIds : command.type === 'AddTarget' ? [command.hostId] : [];
  const volumeIds: readonly VolumeId[] = 'volumeIds' in command ? command.volumeIds : command.type === 'AttachVolume' ? [command.volumeId] : [];
  const shown = canOf(path?.hosts[0]?.backend, options);
  const group = command.type === 'CreateMappingGroup' || command.type === 'AttachVolume' ? stateOf(clientGroupStream(command.clientGroupId), clientGroup.initial) : null;
  return {
    ...noAccessPathFacts,
    hosts: Object.fromEntries(
      hostIds.flatMap((id) => {
        const { host: found, lifecycle } = stateOf(hostStream(id), host.initial);
        return found === null || lifecycle !== 'active' || found.targets === null ? [] : [[id, { name: found.name, backend: found.targets, capabilities: canOf(found.targets, options) }]];
      }),
    ),
    volumes: Object.fromEntries(
      volumeIds.flatMap((id) => {
        const { volume: found } = stateOf(volumeStream(id), volume.initial);
        return found === null ? [] : [[id, { tenant: found.tenant, name: found.name, backend: found.placement.backend, hasBackend: found.name !== 'absent', source: sourceOf(found) }]];
      }),
    ),
    clientGroup:
      group?.group === null || group === null || group.lifecycle !== 'active'
        ? null
        : { tenant: group.group.tenant, accessType: group.group.accessType, clients: group.group.clients, isForAttachments: group.group.isForAttachments, hasMutual: group.group.mutual !== null, mutual: secretOf(group.group.mutual) },
    capabilities: shown,
    secret: secretOf(command.type === 'CreateAccessPath' ? command.chap : command.type === 'UpdateAccessPath' ? (command.changes.chap === undefined ? path?.chap : command.changes.chap) : null),
    forward: secretOf(path?.chap),
    mutuals: (path?.groups ?? []).map(({ mutual }) => secretOf(mutual)).filter((found) => found !== null),
    sessions: shown?.sessions === false ? { known: false, why: 'its targets do not show who is logged in' } : sessions(),
    vipHosts: (path?.vips ?? []).flatMap(({ vipGroupId }) => (stateOf(vipGroupStream(vipGroupId), vipGroup.initial).group?.members ?? []).map(({ hostId }) => hostId)),
  };
};

export const vipGroupFactsOf = (stateOf: StateOf, command: VipGroupCommand, options: PathOptions = {}): VipGroupDecisionFacts => {
  const { sessions = nobody } = options;
  const accessPathId = command.type === 'CreateVipGroup' ? command.accessPathId : stateOf(vipGroupStream(command.vipGroupId), vipGroup.initial).group?.accessPathId;
  const { path, lifecycle } = accessPathId === undefined ? accessPath.initial : stateOf(accessPathStream(accessPathId), accessPath.initial);
  if (path === null || lifecycle === 'refused' || lifecycle === 'deleted') return { members: null, tenant: null, virtualPortals: null, sessions: nobody() };
  const members = path.hosts.filter(({ stage }) => stage === 'serving' || stage === 'used').flatMap(({ hostId }) => {
    const { host: found } = stateOf(hostStream(hostId), host.initial);
    if (found === null || found.vips === null) return [];
    const { name, vips: backend } = found;
    return gatewayAddresses(found).map(({ networkAddressId, ip, interface: device, segment }) => ({ networkAddressId, hostId, host: name, backend, ip, interface: device, segment }));
  });
  const takesPortals = command.type !== 'CreateVipGroup' || path.vips.every(({ stage }) => stage === 'leaving');
  const can = canOf(path.hosts[0]?.backend, options);
  return { members, tenant: path.tenant, virtualPortals: can === null ? null : can.portals === 'given' && can.virtualPortals, sessions: takesPortals ? sessions() : nobody() };
};

/** The access paths that a command about attachments speaks of. */
export const attachingPathsOf = (stateOf: StateOf, command: VolumeCommand, options: PathOptions = {}): NonNullable<VolumeFacts['paths']> => {
  const { volume: fields } = stateOf(volumeStream(command.volumeId), volume.initial);
  const named = 'connect' in command && command.connect !== null ? [command.connect.accessPathId] : [];
  const connected = Object.values(fields?.attachments ?? {}).flatMap(({ connection }) => connection?.wish.accessPathId ?? []);
  return Object.fromEntries(
    [...named, ...connected].flatMap((id) => {
      const { path, lifecycle } = stateOf(accessPathStream(id), accessPath.initial);
      if (path === null || lifecycle === 'refused' || lifecycle === 'deleted') return [];
      return [[id, { name: path.name, tenant: path.tenant, accessType: path.accessType, fences: canOf(path.hosts[0]?.backend, options)?.fences ?? null }]];
    }),
  );
};
