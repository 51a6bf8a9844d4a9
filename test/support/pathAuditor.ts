/** What must be true of hosts, access paths and VIP groups whatever happened, told without asking the rules that make it so. */
import { isInside, owedByAccessPath, wantedTargets, type AccessPathFields, type TargetConfig } from '@blockledger/domain';
import { VOLUMES } from './pathDraws.ts';
import type { PathWalk } from './pathWalk.ts';

const isThere = ({ lifecycle }: { readonly lifecycle: string }): boolean => lifecycle !== 'refused' && lifecycle !== 'deleted' && lifecycle !== 'absent';

const sorted = (list: readonly string[]): readonly string[] => list.toSorted((a, b) => (a < b ? -1 : 1));
const compare = (what: string, is: readonly string[], should: readonly string[]): readonly string[] =>
  sorted(is).join() === sorted(should).join() ? [] : [`${what}: ${sorted(is).join(' ') || 'none'} instead of ${sorted(should).join(' ') || 'none'}`];

/** Volumes whose own stream says that this path maps them. */
const agreed = ({ it }: PathWalk, { accessPathId }: AccessPathFields): ReadonlySet<string> =>
  new Set(VOLUMES.filter((id) => Object.values(it.volumeState(id).volume?.mappings ?? {}).some((mapping) => mapping.accessPathId === accessPathId)));

const faultsOfConfig = (where: string, { luns, chap, clients }: TargetConfig, volumes: ReadonlySet<string>): readonly string[] => [
  ...luns.filter(({ volume }) => !volumes.has(volume.volumeId)).map(({ volume }) => `${where} has ${volume.volumeId}, which has not agreed or was released`),
  ...(new Set(luns.map(({ lun }) => lun)).size === luns.length ? [] : [`${where} has a number twice`]),
  ...(chap === null && clients.some(({ mutual }) => mutual !== null) ? [`${where} proves itself to initiators that need not`] : []),
  ...clients.flatMap(({ code, luns: seen }) => seen.filter((lun) => !luns.some((one) => one.lun === lun)).map((lun) => `${where} shows ${code} the LUN ${lun}, which it does not have`)),
];

/** Numbers in use, in targets or in the log, stand for one volume each, wherever they are seen. */
const numberFaults = (walk: PathWalk, path: AccessPathFields): readonly string[] => {
  if (path.scope === 'volume') return [];
  const volumes = new Map<number, string>();
  const faults: string[] = [];
  const say = (lun: number, volumeId: string, where: string): void => {
    const before = volumes.get(lun) ?? volumeId;
    volumes.set(lun, before);
    if (before !== volumeId) faults.push(`LUN ${lun} of ${path.name} is ${before}, and ${volumeId} ${where}`);
  };
  for (const { luns } of path.groups) for (const { lun, volumeId } of luns) say(lun, volumeId, 'in the log');
  for (const { host, ref, config } of walk.hosts.targets.values()) {
    if (ref.accessPathId !== path.accessPathId || walk.lost.has(host)) continue;
    for (const { lun, volume } of config.luns) say(lun, volume.volumeId, `on ${host}`);
  }
  for (const { lun, until } of path.resting) if (until > walk.it.now() && path.groups.some(({ luns }) => luns.some((one) => one.lun === lun))) faults.push(`LUN ${lun} of ${path.name} rests and is in use`);
  return faults;
};

/** A target that stands for a volume has that one and no other, and a volume has one such target: its array maps it once (S1-17, S1-22). */
const arrayFaults = (walk: PathWalk): readonly string[] => {
  const targets = [...walk.hosts.targets.values()].filter(({ ref }) => ref.place.backend === 'qsan');
  const seen = new Map<string | undefined, string>();
  return targets.flatMap(({ ref, config, host }) => {
    const other = seen.get(ref.volumeId);
    seen.set(ref.volumeId, ref.iqn);
    return [
      ...(config.luns.length === 1 && config.luns.every(({ volume }) => volume.volumeId === ref.volumeId && volume.placement.backend === ref.place.backend) ? [] : [`${ref.iqn} on ${host} has ${config.luns.map(({ volume }) => volume.volumeId).join() || 'nothing'}, and stands for ${ref.volumeId}`]),
      ...(other === undefined ? [] : [`${ref.volumeId} has the targets ${other} and ${ref.iqn}`]),
      ...(config.portals.length === 0 ? [] : [`${ref.iqn} was given portals, and has its own`]),
    ];
  });
};

/** Who is let in to the target of a volume at rest: the initiators of every group that has it, counted from the groups. */
const letInFaults = (walk: PathWalk, path: AccessPathFields): readonly string[] => {
  if (path.scope !== 'volume') return [];
  const should = new Map<string, Set<string>>();
  // What is mapped where no host serves it waits for one.
  if (path.hosts.length > 0) for (const { clientGroupId, luns } of path.groups) {
    const clients = walk.clientGroups().find(({ group }) => group?.clientGroupId === clientGroupId)?.group?.clients ?? [];
    for (const { volumeId } of luns) should.set(volumeId, new Set([...(should.get(volumeId) ?? []), ...clients]));
  }
  const is = [...walk.hosts.targets.values()].filter(({ ref }) => ref.accessPathId === path.accessPathId);
  return compare(`initiators let in by ${path.name}`, is.flatMap(({ ref, config }) => config.clients.map(({ code }) => `${ref.volumeId} ${code}`)), [...should].flatMap(([volumeId, codes]) => [...codes].map((code) => `${volumeId} ${code}`)));
};

/** Some portal of the path leads somewhere: an address of a host's own, or a virtual one that some host may hold. */
const portalFaults = (walk: PathWalk, path: AccessPathFields): readonly string[] => {
  const standing = [...walk.hosts.targets.values()].filter(({ ref }) => ref.accessPathId === path.accessPathId && ref.place.backend !== 'qsan');
  if (standing.length === 0 || path.hosts.some(({ name }) => walk.fenced.has(name))) return [];
  // An address that is only asked for may be a host's own: then it is refused.
  const virtual = new Set(walk.vipGroups().flatMap(({ lifecycle, group }) => (lifecycle !== 'reserving' && group?.accessPathId === path.accessPathId ? group.vips.map(({ ip }) => ip) : [])));
  const isServed = (host: string, ip: string): boolean => !virtual.has(ip) || [...walk.hosts.instances.values()].some((running) => running.host === host && running.instance.ip === ip && !running.yielding);
  return standing.some(({ host, config }) => config.portals.some(({ ip }) => isServed(host, ip))) ? [] : [`${path.name} has no portal that leads anywhere`];
};

/** A host that may hold an address serves the target by it, unless nobody can reach it to say so. */
const instanceFaults = (walk: PathWalk): readonly string[] => {
  const faults: string[] = [];
  const vrids = new Map<string, string>();
  for (const { host, instance, yielding } of walk.hosts.instances.values()) {
    if (walk.lost.has(host)) continue;
    const state = walk.vipGroups().find(({ group }) => group?.vipGroupId === instance.vipGroupId);
    const path = walk.paths().find((one) => one.path?.accessPathId === state?.group?.accessPathId)?.path;
    if (state?.group === null || state === undefined || !isThere(state)) faults.push(`${instance.ip} runs on ${host} for a group that is gone`);
    const segment = `${state?.group?.segment} ${instance.vrid}`;
    if ((vrids.get(segment) ?? instance.vipId) !== instance.vipId) faults.push(`virtual router id ${instance.vrid} stands for two addresses`);
    vrids.set(segment, instance.vipId);
    const own = path?.hosts.find(({ name }) => name === host);
    if (yielding || own?.unreachable !== null) {
      if (own === undefined && path !== undefined && path !== null) faults.push(`${instance.ip} may come to ${host}, which has no target of ${path.name}`);
      continue;
    }
    const targets = [...walk.hosts.targets.values()].filter((one) => one.host === host && one.ref.accessPathId === path?.accessPathId);
    if (targets.some(({ config }) => config.portals.every(({ ip }) => ip !== instance.ip))) faults.push(`${instance.ip} may come to ${host}, whose target has no portal on it`);
  }
  return faults;
};

/** Every sentence that is not true, now. */
export const pathFaultsOf = (walk: PathWalk): readonly string[] => {
  const faults = [...walk.faults, ...walk.hosts.faults, ...instanceFaults(walk), ...arrayFaults(walk)];
  for (const state of walk.paths().filter(isThere)) {
    const path = state.path!;
    const volumes = agreed(walk, path);
    for (const work of owedByAccessPath(state)) {
      if (work.kind === 'perform' && work.on === 'target' && work.action.do === 'ensureTarget') faults.push(...faultsOfConfig(`the wish for ${work.action.target.place.host}`, work.action.config, volumes));
    }
    for (const { host, ref, config } of walk.hosts.targets.values()) {
      if (ref.accessPathId === path.accessPathId && !walk.lost.has(host)) faults.push(...faultsOfConfig(host, config, volumes));
    }
    faults.push(...numberFaults(walk, path), ...portalFaults(walk, path));
    if (path.vips.length > 4) faults.push(`${path.name} has ${path.vips.length} VIP groups`);
  }
  for (const { group } of walk.vipGroups().filter(isThere)) {
    if (group!.vips.length > 16 || group!.vips.length < 1) faults.push(`a VIP group has ${group!.vips.length} addresses`);
    faults.push(...group!.vips.filter(({ ip }) => !isInside(ip, group!.network)).map(({ ip }) => `${ip} is outside ${group!.network}`));
  }
  for (const [operationId, times] of walk.operations.ended) if (times > 1) faults.push(`the operation ${operationId} ended ${times} times`);
  return faults;
};

/** What volumes say of their connections, and what access paths say of them. */
const connectionFaults = (walk: PathWalk): readonly string[] => {
  const attachments = VOLUMES.flatMap((id) => Object.entries(walk.it.volumeState(id).volume?.attachments ?? {}));
  const held = walk.paths().filter(isThere).flatMap(({ path }) => path!.groups.flatMap(({ luns, initiators, mappingGroupId }) => [...(initiators !== null && luns.length === 0 ? [`${mappingGroupId} is empty`] : []), ...luns.flatMap(({ holders }) => holders.map(({ connectionId }) => connectionId as string))]));
  // What was mapped by hand may wait for a host; whoever attached was told that he is let in.
  const hostless = walk.paths().filter(isThere).filter(({ path }) => path!.hosts.length === 0 && path!.groups.some(({ initiators }) => initiators !== null));
  return [
    ...hostless.map(({ path }) => `${path!.name} has attachments and no host`),
    ...attachments.filter(([, { stage }]) => stage === 'connecting' || stage === 'disconnecting').map(([id, { stage }]) => `the attachment ${id} is at rest ${stage}`),
    ...compare('connections', held, attachments.flatMap(([, { connection }]) => connection?.connectionId ?? [])),
  ];
};

/** Of a state that was never asked before, the same is wanted: what is kept of earlier ones is not what was. */
const keptFaults = (path: AccessPathFields): readonly string[] => {
  const fresh = structuredClone(path);
  const told = (of: AccessPathFields): string => JSON.stringify(of.hosts.map((host) => wantedTargets(of, host)));
  return told(fresh) === told(path) ? [] : [`${path.name} is remembered to want other targets than it wants`];
};

/** Every sentence that is not true when all hosts are back and nothing is owed or stuck. */
export const pathFaultsAtRest = (walk: PathWalk): readonly string[] => {
  const faults = [...pathFaultsOf(walk)];
  const paths = walk.paths().filter(isThere);
  const vips = walk.vipGroups().filter(isThere);
  for (const id of walk.operations.begun) if (!walk.operations.ended.has(id)) faults.push(`the operation ${id} never ended`);
  for (const { path, operations, rename, dues, lifecycle } of walk.paths()) {
    if (operations.length > 0 || rename !== null || dues.length > 0) faults.push(`${path?.name} is at rest with ${operations.map(({ kind }) => kind).join() || 'dues'} under way`);
    if (isThere({ lifecycle }) && (lifecycle !== 'active' || path?.number === null)) faults.push(`${path?.name} is ${lifecycle}, with the number ${path?.number}`);
    for (const host of path?.hosts ?? []) if (isThere({ lifecycle }) && (host.stage !== 'serving' || host.unreachable !== null)) faults.push(`${host.name} is ${host.stage} for ${path?.name}`);
  }
  for (const { lifecycle, operations, dues } of walk.vipGroups()) {
    if (operations.length > 0 || dues.length > 0 || (isThere({ lifecycle }) && lifecycle !== 'active')) faults.push(`a VIP group is ${lifecycle} with ${operations.map(({ kind }) => kind).join() || 'dues'} under way`);
  }
  const wanted = paths.flatMap(({ path }) => path!.hosts.flatMap((host) => wantedTargets(path!, host)));
  faults.push(...compare('targets', [...walk.hosts.targets.values()].map((one) => JSON.stringify([one.ref, one.config])), wanted.map((one) => JSON.stringify([one.ref, one.config]))));
  faults.push(...paths.flatMap(({ path }) => [...letInFaults(walk, path!), ...keptFaults(path!)]));
  const instances = vips.flatMap(({ group }) => group!.vips.flatMap(({ vipId }) => group!.members.map(({ host }) => `${host} ${vipId}`)));
  faults.push(...compare('instances', [...walk.hosts.instances.values()].map(({ host, instance }) => `${host} ${instance.vipId}`), instances));
  faults.push(...[...walk.hosts.instances.values()].filter(({ host }) => !walk.hosts.admitted.has(host)).map(({ host }) => `${host} is not admitted`));
  const mappings = paths.flatMap(({ path }) => path!.groups.flatMap(({ luns }) => luns.map(({ mappingId, volumeId }) => `${volumeId} ${mappingId}`)));
  faults.push(...compare('mappings', VOLUMES.flatMap((id) => Object.keys(walk.it.volumeState(id).volume?.mappings ?? {}).map((mappingId) => `${id} ${mappingId}`)), mappings));
  faults.push(...compare('users of client groups', walk.clientGroups().flatMap(({ users }) => Object.keys(users)), paths.flatMap(({ path }) => path!.groups.map(({ mappingGroupId }) => mappingGroupId))));
  const users = paths.flatMap(({ path }) => path!.hosts.map(({ hostId }) => `${hostId} ${path!.accessPathId}`));
  faults.push(...compare('users of hosts', walk.hostStates().flatMap(({ host, users: paths_ }) => Object.keys(paths_).map((id) => `${host?.hostId} ${id}`)), users));
  faults.push(...connectionFaults(walk));
  faults.push(...walk.clientGroups().filter(({ group, lifecycle, users }) => lifecycle === 'active' && group?.isForAttachments === true && Object.keys(users).length === 0).map(({ group }) => `${group!.name} is for nobody`));
  faults.push(...compare('paths counted', [String(walk.it.held({ kind: 'vipPaths' }).total)], [String(paths.filter(({ path }) => path!.vips.length > 0).length)]));
  return faults;
};

/** Takes everything down as a patient operator would; what cannot be taken down is named. */
export const takePathsDown = (walk: PathWalk): readonly string[] => {
  const { send } = walk;
  walk.calm();
  for (const volumeId of VOLUMES) for (const attachmentId of Object.keys(walk.it.volumeState(volumeId).volume?.attachments ?? {})) send({ to: 'volume', command: { type: 'ReleaseAttachment', volumeId, attachmentId, force: false } });
  walk.calm();
  for (const { group } of walk.vipGroups().filter(isThere)) send({ to: 'vipGroup', command: { type: 'DeleteVipGroup', vipGroupId: group!.vipGroupId, force: true } });
  walk.calm();
  for (const { path } of walk.paths().filter(isThere)) for (const { mappingGroupId } of path!.groups) send({ to: 'accessPath', command: { type: 'DeleteMappingGroup', accessPathId: path!.accessPathId, mappingGroupId, force: path!.scope !== 'volume', loggedOut: true } });
  walk.calm();
  for (const { path } of walk.paths().filter(isThere)) send({ to: 'accessPath', command: { type: 'DeleteAccessPath', accessPathId: path!.accessPathId } });
  walk.calm();
  for (const { group, lifecycle } of walk.clientGroups()) if (lifecycle === 'active') send({ to: 'clientGroup', command: { type: 'DeleteClientGroup', clientGroupId: group!.clientGroupId } });
  for (const { host, lifecycle } of walk.hostStates()) if (lifecycle === 'active') send({ to: 'host', command: { type: 'RetireHost', hostId: host!.hostId } });
  walk.calm();
  const held = [...walk.it.streams].filter(([stream]) => /^(?:address|vrid|vipPaths)-|^name-all-/.test(stream) && !stream.includes('-pool-')).filter(([, { state }]) => (state as { readonly total: number }).total > 0);
  return [
    ...walk.paths().filter(isThere).map(({ path }) => `${path!.name} is still there`),
    ...walk.vipGroups().filter(isThere).map(() => 'a VIP group is still there'),
    ...walk.clientGroups().filter(({ lifecycle }) => lifecycle === 'active').map(({ group }) => `${group!.name} is still there`),
    ...walk.hostStates().filter(({ lifecycle }) => lifecycle === 'active').map(({ host }) => `${host!.name} is still there`),
    ...held.map(([stream]) => `${stream} is still held`),
  ];
};
