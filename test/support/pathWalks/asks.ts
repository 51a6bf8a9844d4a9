/** What each ask of a script is as a request, by what is there just now; undefined where nothing fits. */
import type { ControlPlane, PlaneRequest } from '@blockledger/app';
import { ATTACHMENT_WEIGHTS, attachmentRequestOf, type AttachmentAsk } from './attachmentAsks.ts';
import type { Ask } from './script.ts';

const SECRETS = ['1qaz2wsx3edc', '3edc2wsx1qaz', 'qwer1234asdf'] as const;
/** Initiators. */
export const CODES = ['iqn.1994-05.com.redhat:db-1', 'iqn.1994-05.com.redhat:db-2', '10.0.0.7'] as const;
const GIB = 2 ** 30;

const pick = <A>(items: readonly A[], choice: number): A | undefined => items[choice % Math.max(1, items.length)];
const some = <A>(items: readonly A[], choice: number): readonly A[] => {
  const chosen = items.filter((_, at) => ((choice >> at) & 1) === 1);
  return chosen.length === 0 ? items.slice(0, 1) : chosen;
};
const all = { limit: -1 } as const;

type Asking = (plane: ControlPlane, ask: Ask) => PlaneRequest | undefined;

const account = (choice: number, user: string) => ({ user, secret: pick(SECRETS, choice) ?? SECRETS[0] });

const clientGroups: Partial<Record<Ask['do'], Asking>> = {
  createClientGroup: (_, { a, b, c }) => ({ do: 'createClientGroup', input: { name: `clients-${a % 4}`, clients: some(CODES, b), ...(c % 3 === 0 ? { mutual: account(c, 'prover-of-1') } : {}) } }),
  updateClientGroup: (plane, { a, b, c }) => {
    const group = pick(plane.clientGroups.list(all).items, a);
    const input = [{ clients: some(CODES, b) }, { mutual: account(b, 'prover-of-2') }, { mutual: null }, { name: `clients-${b % 4}`, clients: some(CODES, b) }][c % 4];
    return group === undefined || input === undefined ? undefined : { do: 'updateClientGroup', clientGroup: group.id, input };
  },
  deleteClientGroup: (plane, { a }) => {
    const group = pick(plane.clientGroups.list(all).items, a);
    return group === undefined ? undefined : { do: 'deleteClientGroup', clientGroup: group.id };
  },
};

const accessPaths: Partial<Record<Ask['do'], Asking>> = {
  createAccessPath: (_, { a, b, c }) => ({ do: 'createAccessPath', input: { name: `path-${a % 3}`, hosts: a % 2 === 0 ? ['gw1'] : ['gw1', 'gw2'], ...(c % 2 === 0 ? { chap: account(b, 'storage-1') } : {}) } }),
  updateAccessPath: (plane, { a, b, c }) => {
    const path = pick(plane.accessPaths.list(all).items, a);
    const input = [{ chap: account(b, 'storage-2') }, { chap: null }, { name: `path-${b % 3}` }, { name: `path-${b % 3}`, chap: account(b, 'storage-3') }][c % 4];
    return path === undefined || input === undefined ? undefined : { do: 'updateAccessPath', accessPath: path.id, input };
  },
  redeployAccessPath: (plane, { a }) => {
    const path = pick(plane.accessPaths.list(all).items, a);
    return path === undefined ? undefined : { do: 'redeployAccessPath', accessPath: path.id };
  },
  deleteAccessPath: (plane, { a }) => {
    const path = pick(plane.accessPaths.list(all).items, a);
    return path === undefined ? undefined : { do: 'deleteAccessPath', accessPath: path.id };
  },
  addTarget: (plane, { a, b }) => {
    const path = pick(plane.accessPaths.list(all).items, a);
    return path === undefined ? undefined : { do: 'addTarget', accessPath: path.id, input: { host: b % 2 === 0 ? 'gw1' : 'gw2' } };
  },
  removeTarget: (plane, { a, b }) => {
    const target = pick(plane.targets.list(all).items, a);
    return target === undefined ? undefined : { do: 'removeTarget', target: target.id, input: { force: b % 2 === 0 } };
  },
};

const mappingGroups: Partial<Record<Ask['do'], Asking>> = {
  createMappingGroup: (plane, { a, b, c }) => {
    const path = pick(plane.accessPaths.list(all).items, a);
    const clients = pick(plane.clientGroups.list(all).items, b);
    const volumes = some(plane.volumes.list(all).items, c).map(({ id }) => id);
    return path === undefined || clients === undefined ? undefined : { do: 'createMappingGroup', accessPath: path.id, input: { clientGroup: clients.id, volumes, shared: c % 3 !== 0 } };
  },
  addVolumes: (plane, { a, b, c }) => {
    const group = pick(plane.mappingGroups.list(all).items, a);
    const volumes = some(plane.volumes.list(all).items, b).map(({ id }) => id);
    return group === undefined ? undefined : { do: 'addVolumesToMappingGroup', mappingGroup: group.id, input: { volumes, shared: c % 3 !== 0 } };
  },
  removeVolumes: (plane, { a, b, c }) => {
    const group = pick(plane.mappingGroups.list(all).items, a);
    const volumes = some(plane.volumes.list(all).items, b).map(({ id }) => id);
    return group === undefined ? undefined : { do: 'removeVolumesFromMappingGroup', mappingGroup: group.id, input: { volumes, force: c % 2 === 0 } };
  },
  deleteMappingGroup: (plane, { a, b }) => {
    const group = pick(plane.mappingGroups.list(all).items, a);
    return group === undefined ? undefined : { do: 'deleteMappingGroup', mappingGroup: group.id, input: { force: b % 2 === 0 } };
  },
};

const vipOf = (plane: ControlPlane, choice: number): { readonly ip: string; readonly networkAddress: string } | undefined => {
  const address = pick(plane.networkAddresses.list(all).items, choice);
  return address === undefined ? undefined : { ip: `10.252.1.${129 + (choice % 5)}`, networkAddress: address.id };
};

const vipGroups: Partial<Record<Ask['do'], Asking>> = {
  createVipGroup: (plane, { a, b, c }) => {
    const path = pick(plane.accessPaths.list(all).items, a);
    const vips = [vipOf(plane, b), ...(c % 2 === 0 ? [vipOf(plane, b + 1)] : [])].flatMap((vip) => vip ?? []);
    return path === undefined ? undefined : { do: 'createVipGroup', input: { accessPath: path.id, network: '10.252.1.0/24', preempt: b % 2 === 0, force: c % 3 !== 0, vips } };
  },
  updateVipGroup: (plane, { a, b }) => {
    const group = pick(plane.vipGroups.list(all).items, a);
    return group === undefined ? undefined : { do: 'updateVipGroup', vipGroup: group.id, input: { preempt: b % 2 === 0 } };
  },
  addVip: (plane, { a, b }) => {
    const [group, input] = [pick(plane.vipGroups.list(all).items, a), vipOf(plane, b)];
    return group === undefined || input === undefined ? undefined : { do: 'addVip', vipGroup: group.id, input };
  },
  removeVip: (plane, { a }) => {
    const vip = pick(plane.vips.list(all).items, a);
    return vip === undefined ? undefined : { do: 'removeVip', vip: vip.id };
  },
  addVipMember: (plane, { a, b }) => {
    const [group, address] = [pick(plane.vipGroups.list(all).items, a), pick(plane.networkAddresses.list(all).items, b)];
    return group === undefined || address === undefined ? undefined : { do: 'addVipMember', vipGroup: group.id, input: { networkAddress: address.id } };
  },
  removeVipMember: (plane, { a, b }) => {
    const [group, address] = [pick(plane.vipGroups.list(all).items, a), pick(plane.networkAddresses.list(all).items, b)];
    return group === undefined || address === undefined ? undefined : { do: 'removeVipMember', vipGroup: group.id, input: { networkAddress: address.id } };
  },
  redeployVipGroup: (plane, { a }) => {
    const group = pick(plane.vipGroups.list(all).items, a);
    return group === undefined ? undefined : { do: 'redeployVipGroup', vipGroup: group.id };
  },
  deleteVipGroup: (plane, { a, b }) => {
    const group = pick(plane.vipGroups.list(all).items, a);
    return group === undefined ? undefined : { do: 'deleteVipGroup', vipGroup: group.id, input: { force: b % 2 === 0 } };
  },
};

const others: Partial<Record<Ask['do'], Asking>> = {
  addNetworkAddress: (_, { a, b }) => ({ do: 'addNetworkAddress', host: a % 2 === 0 ? 'gw1' : 'gw2', input: { ip: `10.252.1.${11 + (b % 3)}`, prefix: 24, interface: 'eth0' } }),
  removeNetworkAddress: (plane, { a }) => {
    const address = pick(plane.networkAddresses.list(all).items.filter(({ ip }) => ip !== '10.252.1.1' && ip !== '10.252.1.2'), a);
    return address === undefined ? undefined : { do: 'removeNetworkAddress', networkAddress: address.id };
  },
  pauseHost: (_, { a }) => ({ do: 'pauseHost', host: a % 2 === 0 ? 'gw1' : 'gw2', input: { reason: 'maintenance' } }),
  resumeHost: (_, { a }) => ({ do: 'resumeHost', host: a % 2 === 0 ? 'gw1' : 'gw2' }),
  resizeVolume: (plane, { a, b }) => {
    const volume = pick(plane.volumes.list(all).items, a);
    return volume === undefined ? undefined : { do: 'updateVolume', volume: volume.id, input: { sizeBytes: volume.sizeBytes + (1 + (b % 3)) * GIB } };
  },
  limitVolume: (plane, { a, b }) => {
    const volume = pick(plane.volumes.list(all).items, a);
    return volume === undefined ? undefined : { do: 'updateVolume', volume: volume.id, input: { qos: { maxIops: 100 + b, burstIops: 100 + b } } };
  },
};

const asking: Partial<Record<Ask['do'], Asking>> = { ...clientGroups, ...accessPaths, ...mappingGroups, ...vipGroups, ...others };

const isAboutAttachments = (ask: Ask | AttachmentAsk): ask is AttachmentAsk => Object.hasOwn(ATTACHMENT_WEIGHTS, ask.do);

/** The request of an ask; undefined for what happens to hosts, and where there is nothing to ask about. */
export const requestOf = (plane: ControlPlane, ask: Ask): PlaneRequest | undefined => (isAboutAttachments(ask) ? attachmentRequestOf(plane, ask) : asking[ask.do]?.(plane, ask));
