/** Changes of hosts, client groups, access paths and VIP groups, each where it can succeed, and what stands there when it was carried out. */
import { xdcTargets } from '@blockledger/adapters-xdc';
import { simulateVips, simulateXdc } from '@blockledger/adapters-xdc/simulator';
import { memorySecretStore, type ControlPlane, type ControlPlaneParts } from '@blockledger/app';
import type { BlockBackend, VipBackend } from '@blockledger/domain';
import type { FakeBackend } from './fakeBackend.ts';
import { addressOf, awaited, GATEWAYS } from './pathFixture.ts';
import { GIB, right } from './plane.ts';
import { virtualClock } from './virtualClock.ts';

export const TENANT = 'acme';

/** A request, and what stands there when it was carried out. */
export interface Change {
  readonly path: string;
  readonly body?: object;
  /** A tenant may not ask for it (I-12). */
  readonly beyondTenants?: true;
  /** Fields of the resource in the answer. */
  readonly then: object;
}

export interface Scene {
  readonly plane: ControlPlane;
  readonly fake: FakeBackend;
}

/** A fake backend whose volumes hosts can open. */
const opened = (backend: BlockBackend): BlockBackend => ({ ...backend, sourceOf: ({ placement: { pool }, volumeId }) => ({ kind: 'rbd', pool, image: `volume-${volumeId.replaceAll('-', '')}` }) });

const LONGEST_ELECTION_MS = 10_000;

/** The virtual IPs of simulated gateways. */
const simulatedVips = (): VipBackend => {
  const clock = virtualClock();
  const { backend } = simulateVips({ hosts: GATEWAYS.map((name, at) => ({ name, source: addressOf(at + 1) })), clock });
  return awaited(backend, () => clock.advance(LONGEST_ELECTION_MS));
};

/** The parts of a plane with simulated gateways. */
export const partsWith = (fake: FakeBackend): Pick<ControlPlaneParts, 'backends' | 'targets' | 'vips' | 'secrets'> => ({
  backends: { fake: opened(fake.backend) },
  targets: { xdc: xdcTargets({ hosts: simulateXdc({ hosts: GATEWAYS }).hosts, endsSessions: true }) },
  vips: { keepalived: simulatedVips() },
  secrets: memorySecretStore(),
});

const waited = { tenant: TENANT, wait: 'done' } as const;

const host = async ({ plane }: Scene, n: number): Promise<number> => {
  const addresses = [{ ip: addressOf(n), prefix: 24, interface: 'eth0', segment: 'lan' }];
  return right(await plane.registerHost({ name: `gw${n}`, targets: 'xdc', vips: 'keepalived', addresses }, { wait: 'done' })).resource.number ?? 0;
};

const clients = async ({ plane }: Scene): Promise<number> => right(await plane.createClientGroup({ name: 'db', clients: ['iqn.1994-05.com.redhat:db'] }, waited)).resource.number ?? 0;

/** An access path on the first of two hosts; both have their numbers. */
const path = async (scene: Scene): Promise<number> => {
  await host(scene, 1);
  await host(scene, 2);
  return right(await scene.plane.createAccessPath({ name: 'ap', hosts: [1] }, waited)).resource.number ?? 0;
};

const INITIATOR = 'iqn.1994-05.com.redhat:node';
const ATTACHMENT = '0b9d7a3e-0000-4000-8000-0000000000aa';

/** A volume, and an access path by which a host can be connected to it. */
const attachable = async (scene: Scene): Promise<void> => {
  right(await scene.plane.createVolume({ pool: 'ssd', name: 'one', sizeBytes: GIB }, waited));
  await path(scene);
};

/** The same with an attachment, connected unless it is only to be reserved. */
const attached = async (scene: Scene, isConnected = true): Promise<void> => {
  await attachable(scene);
  const connect = isConnected ? { connect: { accessPath: 1, connector: { initiator: INITIATOR } } } : {};
  right(await scene.plane.reserveAttachment(1, { id: ATTACHMENT, ...connect }, waited));
};

/** A mapping group with the first of two volumes. */
const mapped = async (scene: Scene): Promise<number> => {
  const { plane } = scene;
  for (const name of ['one', 'two']) right(await plane.createVolume({ pool: 'ssd', name, sizeBytes: GIB }, waited));
  const [accessPath, clientGroup] = [await path(scene), await clients(scene)];
  return right(await plane.createMappingGroup(accessPath, { clientGroup, volumes: [1] }, waited)).part?.number ?? 0;
};

/** An access path on two hosts, with a VIP group of two addresses. */
const virtual = async (scene: Scene): Promise<number> => {
  const { plane } = scene;
  const accessPath = await path(scene);
  right(await plane.addTarget(accessPath, { host: 2 }, waited));
  const vips = [addressOf(101), addressOf(102)].map((ip) => ({ ip, networkAddress: 1 }));
  return right(await plane.createVipGroup({ accessPath, network: '10.252.1.0/24', vips, force: true }, waited)).resource.number ?? 0;
};

const address = (ip: string): object => ({ ip, mask: 24, interface: 'eth0', segment: 'lan', role: 'gateway' });

type Changes<Ids extends string> = { readonly [Id in Ids]: (scene: Scene) => Promise<Change> };

const connection = { access_path_id: 1, connector: { initiator: INITIATOR } };
/** What is done to the one attachment of the one volume. */
const attaching =
  (action: string, { isConnected = true, body, then }: { readonly isConnected?: boolean; readonly body?: object; readonly then: readonly string[] }) =>
  async (scene: Scene): Promise<Change> => {
    await attached(scene, isConnected);
    return { path: `/block-volumes/1/attachments/${ATTACHMENT}${action}`, ...(body === undefined ? {} : { body }), then: { attachments: then } };
  };

const attachmentChanges: Changes<
  'createAttachment' | 'connectAttachment' | 'completeAttachment' | 'beginDetaching' | 'disconnectAttachment' | 'disconnectAttachments' | 'deleteAttachment'
> = {
  createAttachment: async (scene) => {
    await attachable(scene);
    return { path: '/block-volumes/1/attachments', body: { attachment: { uuid: ATTACHMENT, ...connection } }, then: { attachments: [ATTACHMENT] } };
  },
  connectAttachment: attaching(':connect', { isConnected: false, body: { connection }, then: [ATTACHMENT] }),
  completeAttachment: attaching(':complete', { body: { attachment: { mount_point: '/dev/vdb' } }, then: [ATTACHMENT] }),
  beginDetaching: attaching(':begin-detaching', { then: [ATTACHMENT] }),
  disconnectAttachment: attaching(':disconnect', { then: [ATTACHMENT] }),
  disconnectAttachments: async (scene) => {
    await attached(scene);
    return { path: '/block-volumes/1/attachments:disconnect', then: { mappings: [] } };
  },
  deleteAttachment: attaching('', { then: [] }),
};

const hostChanges: Changes<'registerHost' | 'pauseHost' | 'resumeHost' | 'declareHostOff' | 'declareHostBack' | 'retireHost' | 'addNetworkAddress' | 'removeNetworkAddress'> = {
  registerHost: async () => ({ path: '/hosts', body: { host: { name: 'gw1', target_backend: 'xdc', network_addresses: [address(addressOf(1))] } }, beyondTenants: true, then: { name: 'gw1', status: 'active' } }),
  pauseHost: async (scene) => ({ path: `/hosts/${await host(scene, 1)}:pause`, body: { host: { reason: 'disks' } }, beyondTenants: true, then: { paused: 'disks' } }),
  resumeHost: async (scene) => {
    const number = await host(scene, 1);
    right(await scene.plane.pauseHost(number, { reason: 'disks' }));
    return { path: `/hosts/${number}:resume`, beyondTenants: true, then: { paused: null } };
  },
  declareHostOff: async (scene) => ({ path: `/hosts/${await host(scene, 1)}:declare-off`, body: { host: { reason: 'no power' } }, beyondTenants: true, then: { off: 'no power' } }),
  declareHostBack: async (scene) => {
    const number = await host(scene, 1);
    right(await scene.plane.declareHostOff(number, { reason: 'no power' }));
    return { path: `/hosts/${number}:declare-back`, beyondTenants: true, then: { off: null } };
  },
  retireHost: async (scene) => ({ path: `/hosts/${await host(scene, 1)}`, beyondTenants: true, then: { status: 'retired' } }),
  addNetworkAddress: async (scene) => {
    const number = await host(scene, 1);
    return { path: '/network-addresses', body: { network_address: { host_id: number, ...address('10.252.2.1') } }, beyondTenants: true, then: { name: 'gw1' } };
  },
  removeNetworkAddress: async (scene) => {
    await host(scene, 1);
    return { path: '/network-addresses/1', beyondTenants: true, then: { network_addresses: [] } };
  },
};

const pathChanges: Changes<
  | 'createClientGroup'
  | 'updateClientGroup'
  | 'deleteClientGroup'
  | 'createAccessPath'
  | 'updateAccessPath'
  | 'deleteAccessPath'
  | 'redeployAccessPath'
  | 'addTarget'
  | 'removeTarget'
  | 'createMappingGroup'
  | 'addVolumesToMappingGroup'
  | 'removeVolumesFromMappingGroup'
  | 'deleteMappingGroup'
> = {
  createClientGroup: async () => ({ path: '/client-groups', body: { client_group: { name: 'new', clients: [{ code: '10.255.101.73' }] } }, then: { name: 'new', status: 'active' } }),
  updateClientGroup: async (scene) => ({
    path: `/client-groups/${await clients(scene)}`,
    body: { client_group: { chap: true, iname: '3edc2wsx1qaz', isecret: '3edc2wsx1qaz' } },
    then: { chap: true, iname: '3edc2wsx1qaz' },
  }),
  deleteClientGroup: async (scene) => ({ path: `/client-groups/${await clients(scene)}`, then: { status: 'deleted' } }),
  createAccessPath: async (scene) => {
    const number = await host(scene, 1);
    return { path: '/access-paths', body: { access_path: { name: 'new', host_ids: [number], chap: true, tname: '1qaz2wsx3edc', tsecret: '1qaz2wsx3edc' } }, then: { name: 'new', status: 'active', chap: true } };
  },
  updateAccessPath: async (scene) => ({ path: `/access-paths/${await path(scene)}`, body: { access_path: { name: 'other' } }, then: { name: 'other' } }),
  deleteAccessPath: async (scene) => ({ path: `/access-paths/${await path(scene)}`, then: { status: 'deleted' } }),
  redeployAccessPath: async (scene) => ({ path: `/access-paths/${await path(scene)}:redeploy`, then: { action_status: 'active' } }),
  addTarget: async (scene) => ({ path: '/targets', body: { target: { access_path_id: await path(scene), host_id: 2 } }, then: { action_status: 'active' } }),
  removeTarget: async (scene) => {
    right(await scene.plane.addTarget(await path(scene), { host: 2 }, waited));
    return { path: '/targets/1000002?force=true', then: { action_status: 'active' } };
  },
  createMappingGroup: async (scene) => {
    const [accessPath, clientGroup] = [await path(scene), await clients(scene)];
    return { path: '/mapping-groups', body: { mapping_group: { access_path_id: accessPath, client_group_id: clientGroup } }, then: { action_status: 'active' } };
  },
  addVolumesToMappingGroup: async (scene) => ({ path: `/mapping-groups/${await mapped(scene)}/block-volumes`, body: { block_volume_ids: [1, 2] }, then: { action_status: 'active' } }),
  removeVolumesFromMappingGroup: async (scene) => ({ path: `/mapping-groups/${await mapped(scene)}/block-volumes?force=true`, body: { block_volume_ids: [1] }, then: { action_status: 'active' } }),
  deleteMappingGroup: async (scene) => ({ path: `/mapping-groups/${await mapped(scene)}?force=true`, then: { mapping_groups: [] } }),
};

const vipChanges: Changes<'createVipGroup' | 'updateVipGroup' | 'deleteVipGroup' | 'redeployVipGroup' | 'addVipMember' | 'removeVipMember' | 'addVip' | 'removeVip'> = {
  createVipGroup: async (scene) => ({
    path: '/vip-groups?force=true',
    body: { vip_group: { network: '10.252.1.0/24', resource_id: await path(scene), resource_type: 'access_path', vips: [{ ip: addressOf(101), network_address_id: 1 }] } },
    then: { status: 'active', stage: 'alone' },
  }),
  updateVipGroup: async (scene) => ({ path: `/vip-groups/${await virtual(scene)}`, body: { vip_group: { preempt: false } }, then: { preempt: false } }),
  deleteVipGroup: async (scene) => ({ path: `/vip-groups/${await virtual(scene)}?force=true`, then: { status: 'deleted' } }),
  redeployVipGroup: async (scene) => ({ path: `/vip-groups/${await virtual(scene)}:redeploy`, then: { action_status: 'active' } }),
  addVipMember: async (scene) => {
    const number = await virtual(scene);
    const { id } = right(await scene.plane.registerHost({ name: 'gw3', targets: 'xdc', vips: 'keepalived', addresses: [{ ip: addressOf(3), prefix: 24, interface: 'eth0', segment: 'lan' }] }, { wait: 'done' })).resource;
    right(await scene.plane.addTarget(1, { host: id }, waited));
    return { path: `/vip-groups/${number}/network-addresses`, body: { network_address_id: 3 }, then: { action_status: 'active' } };
  },
  removeVipMember: async (scene) => ({ path: `/vip-groups/${await virtual(scene)}/network-addresses/2`, then: { action_status: 'active' } }),
  addVip: async (scene) => ({ path: '/vips', body: { vip: { vip_group_id: await virtual(scene), ip: addressOf(103), mask: 32, network_address_id: 2 } }, then: { action_status: 'active' } }),
  removeVip: async (scene) => {
    await virtual(scene);
    return { path: '/vips/1', then: { action_status: 'active' } };
  },
};

export const servingChanges = { ...hostChanges, ...pathChanges, ...vipChanges, ...attachmentChanges };
