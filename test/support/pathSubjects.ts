/** Hosts, client groups, access paths and VIP groups that requests of the contract name: there, and in a state in which they can succeed. */
import type { OperationId } from '../../packages/app/src/api/operations/index.ts';
import type { Named, Scene, Subject, Used } from './contractStage.ts';
import type { HttpFixture } from './httpFixture.ts';
import { addressOf, GATEWAYS } from './pathFixture.ts';
import { GIB, right } from './plane.ts';

const done = { wait: 'done' } as const;
const NETWORK = '10.252.1.0/24';
/** The examples of the document are about the first of the gateways: nobody has registered it. */
const [, FIRST, SECOND, THIRD, SPARE] = GATEWAYS;

const named = ({ number, id }: { readonly number: number | null; readonly id: string }): Named => ({ number: number ?? 0, id });

const hostCalled = async ({ plane }: HttpFixture, name: string): Promise<Named> => {
  const addresses = [{ ip: addressOf(GATEWAYS.findIndex((one) => one === name) + 1), prefix: 24, interface: 'eth0', segment: 'lan' }];
  return named(right(await plane.registerHost({ name, targets: 'xdc', vips: 'keepalived', addresses }, done)).resource);
};

const clientGroup: Subject = async ({ plane, fresh }) => named(right(await plane.createClientGroup({ name: fresh(), clients: [`iqn.1994-05.com.redhat:${fresh()}`] }, done)).resource);

const pathOn =
  (...hosts: readonly string[]): Subject =>
  async ({ plane, fresh }) =>
    named(right(await plane.createAccessPath({ name: fresh(), hosts }, done)).resource);

const vipGroupAt = async ({ plane, next }: Scene, accessPath: number | string, vips: number): Promise<Named> => {
  const wished = Array.from({ length: vips }, () => ({ ip: addressOf(30 + (next() % 90)), networkAddress: 1 }));
  return named(right(await plane.createVipGroup({ accessPath, network: NETWORK, vips: wished }, done)).resource);
};

/**
 * What stands: three hosts with an address each; by access path 1 the second client group sees the second volume; access path 2 with two VIP groups, of which
 * the second has all three hosts, and room in the first for the third.
 */
export const standPaths = async (scene: Scene): Promise<void> => {
  const { plane } = scene;
  for (const name of [FIRST, SECOND, THIRD]) await hostCalled(scene, name);
  // The first client group and the first volume are for the examples of the document.
  await clientGroup(scene);
  const clients = await clientGroup(scene);
  const seen = named(right(await plane.createVolume({ pool: 1, name: 'seen', sizeBytes: GIB }, done)).resource);
  await pathOn(FIRST)(scene);
  await pathOn(FIRST, SECOND)(scene);
  right(await plane.createMappingGroup(1, { clientGroup: clients.id, volumes: [seen.id], shared: true }, done));
  await vipGroupAt(scene, 2, 2);
  right(await plane.addTarget(2, { host: THIRD }, done));
  await vipGroupAt(scene, 2, 2);
};

const standing =
  (list: 'hosts' | 'clientGroups' | 'accessPaths' | 'vipGroups' | 'networkAddresses' | 'targets' | 'mappingGroups' | 'vips'): Subject =>
  async ({ plane }) => {
    const [first] = plane[list].list().items;
    return first === undefined ? { number: 0, id: '' } : named(first);
  };

const CONNECTION = { accessPath: 1, connector: { initiator: 'iqn.1994-05.com.redhat:node1' } } as const;

/** An attachment of the first volume, connected or only reserved; others may have it, too. */
const attachment =
  (isConnected: boolean): Subject =>
  async ({ plane }) => {
    const { id = '' } = right(await plane.reserveAttachment(1, { shared: true, ...(isConnected ? { connect: CONNECTION } : {}) }, done)).part ?? {};
    return { number: id, id };
  };
const isAttached = ({ plane }: HttpFixture, id: string): boolean => plane.attachments.get(1, id) !== undefined;

/** What stands for the whole time, by the parameter of the path. */
export const PATH_STANDING: Readonly<Record<string, Subject>> = {
  host: standing('hosts'),
  network_address: standing('networkAddresses'),
  client_group: standing('clientGroups'),
  access_path: standing('accessPaths'),
  target: standing('targets'),
  mapping_group: standing('mappingGroups'),
  vip_group: standing('vipGroups'),
  vip: standing('vips'),
  attachment: attachment(true),
};

/** A part that nobody has begun to take away. */
const isActive = (list: 'networkAddresses' | 'targets' | 'mappingGroups' | 'vips') => ({ plane }: HttpFixture, id: string): boolean => plane[list].get(id)?.status === 'active';
const stands = (list: 'hosts' | 'clientGroups' | 'accessPaths' | 'vipGroups') => ({ plane }: HttpFixture, id: string): boolean => plane[list].get(id)?.status === 'active';

/** No portal stands on an address that is none of a gateway's. */
const address: Subject = async ({ plane, next }) => named(right(await plane.addNetworkAddress(FIRST, { role: 'admin', ip: `10.253.1.${(next() % 200) + 1}`, prefix: 24, interface: 'eth1' }, done)).part ?? { number: 0, id: '' });
const target: Subject = async (scene) => {
  const { id } = await pathOn(FIRST)(scene);
  return named(right(await scene.plane.addTarget(id, { host: SECOND }, done)).part ?? { number: 0, id: '' });
};
/** One of four has a volume: LUN numbers rest after use, and 256 of them are fewer than the requests. */
const mappingGroup: Subject = async (scene) => {
  const { id } = await clientGroup(scene);
  const volumes = scene.next() % 4 === 0 ? [1] : [];
  return named(right(await scene.plane.createMappingGroup(1, { clientGroup: id, volumes, shared: true }, done)).part ?? { number: 0, id: '' });
};
const vip: Subject = async ({ plane, next }) => named(right(await plane.addVip(1, { ip: addressOf(150 + (next() % 90)), networkAddress: 1 }, done)).part ?? { number: 0, id: '' });
/** The third host, which the first VIP group has room for. */
const member: Subject = async ({ plane }) => {
  right(await plane.addVipMember(1, { networkAddress: 3 }, done));
  return { number: 3, id: plane.networkAddresses.get(3)?.id ?? '' };
};

/** What an operation uses up: made anew whenever it is gone. */
export const PATH_USED: { readonly [Id in OperationId]?: Used } = {
  connectAttachment: { at: 'attachment', make: attachment(false), isThere: isAttached },
  deleteAttachment: { at: 'attachment', make: attachment(false), isThere: isAttached },
  retireHost: { make: (scene) => hostCalled(scene, SPARE), isThere: stands('hosts') },
  removeNetworkAddress: { make: address, isThere: isActive('networkAddresses') },
  deleteClientGroup: { make: clientGroup, isThere: stands('clientGroups') },
  deleteAccessPath: { make: pathOn(FIRST), isThere: stands('accessPaths') },
  removeTarget: { make: target, isThere: isActive('targets') },
  deleteMappingGroup: { make: mappingGroup, isThere: isActive('mappingGroups') },
  deleteVipGroup: { make: (scene) => vipGroupAt(scene, 1, 1), isThere: stands('vipGroups') },
  removeVip: { make: vip, isThere: isActive('vips') },
  removeVipMember: { at: 'network_address', make: member, isThere: ({ plane }, id) => plane.vipGroups.get(1)?.members.some((one) => one.networkAddressId === id && one.status === 'active') === true },
};
