/** An access path over real gateways, set up by Blockledger's own commands: volumes, an initiator with CHAP, and a virtual IP. */
import { controlPlane, memorySecretStore, type ControlPlane } from '@blockledger/app';
import { memoryStore } from '@blockledger/app/memory';
import { secret } from '@blockledger/domain';
import * as E from 'fp-ts/lib/Either.js';
import { setTimeout as later } from 'node:timers/promises';
import { NETWORK, type GatewayName, type Gateways } from './gateways.ts';
import type { Way } from './initiator.ts';

export const ACCOUNT = { user: '1qaz2wsx3edc', secret: 'initiator-12' } as const;
export const MUTUAL = { user: '3edc2wsx1qaz', secret: 'targets-1234' } as const;
export const INITIATOR = 'iqn.1994-05.com.redhat:9f2838fc926e';
export const VIP = '10.77.0.128';
const SIZE = 64 * 2 ** 20;

/** What the commands answered: the resource as it is when its task is done. */
export const right = <A>(answer: E.Either<unknown, A>): A => {
  if (E.isLeft(answer)) throw new Error(`refused: ${JSON.stringify(answer.left)}`);
  return answer.right;
};

/** A control plane on these gateways, with hosts and a pool registered. */
export const startPathPlane = async (gateways: Gateways): Promise<ControlPlane> => {
  const { ceph, gateways: targets, addresses } = gateways.backends();
  const plane = await controlPlane({
    store: memoryStore(),
    backends: { ceph },
    targets: { gateways: targets },
    vips: { addresses },
    secrets: memorySecretStore(),
    limits: { backoffBaseMs: 200, backoffCapMs: 2_000, backendCheckEveryMs: 1_000 },
  });
  right(await plane.registerPool({ name: 'vols', placement: { backend: 'ceph', pool: 'vols' } }, { wait: 'done' }));
  for (const name of ['gw1', 'gw2'] as const) {
    const address = { ip: gateways.addressOf(name), prefix: 24, interface: 'eth0', segment: 'lan', role: 'gateway' } as const;
    right(await plane.registerHost({ name, targets: 'gateways', vips: 'addresses', addresses: [address] }, { wait: 'done' }));
  }
  return plane;
};

/** What one initiator has of it. */
export interface PathScene {
  readonly plane: ControlPlane;
  readonly volumeId: string;
  readonly accessPathId: string;
  readonly vipGroupId: string;
  readonly mappingGroupId: string;
  /** The way in by the virtual IP. */
  readonly way: Way;
  /** The host that holds the virtual IP, as its devices tell; undefined where none or several do. */
  readonly holder: () => GatewayName | undefined;
  /** Waits until a host, and no other, holds it. */
  readonly heldBy: (host: GatewayName) => Promise<void>;
}

const NAMES = ['gw1', 'gw2'] as const;
const LONGEST_MS = 60_000;

/** Waits until something is so. */
export const until = async (what: string, isSo: () => boolean | Promise<boolean>): Promise<void> => {
  for (const end = Date.now() + LONGEST_MS; !(await isSo()); await later(100)) if (Date.now() > end) throw new Error(`after ${LONGEST_MS / 1_000} s it still is not so: ${what}`);
};

/** A volume, mapped to an initiator that comes in by a virtual IP with CHAP. */
export const makePathScene = async (gateways: Gateways, plane: ControlPlane): Promise<PathScene> => {
  const volume = right(await plane.createVolume({ pool: 'vols', name: 'accounts', sizeBytes: SIZE }, { wait: 'done' })).resource;
  const clients = right(await plane.createClientGroup({ name: 'database', accessType: 'iscsi', clients: [INITIATOR] }, { wait: 'done' })).resource;
  const chap = { user: ACCOUNT.user, secret: secret(ACCOUNT.secret) };
  const path = right(await plane.createAccessPath({ name: 'front', accessType: 'iscsi', hosts: ['gw1', 'gw2'], chap }, { wait: 'done' })).resource;
  right(await plane.createMappingGroup(path.id, { clientGroup: clients.id, volumes: [volume.id] }, { wait: 'done' }));
  const preferred = plane.networkAddresses.list({ ip: gateways.addressOf('gw1') }).items[0]?.id ?? '';
  const group = right(await plane.createVipGroup({ accessPath: path.id, network: NETWORK, preempt: true, vips: [{ ip: VIP, networkAddress: preferred }] }, { wait: 'done' })).resource;
  const [mapping] = plane.mappingGroups.list({ accessPath: path.id }).items;
  const [iqn = ''] = plane.targets.list({ accessPath: path.id }).items[0]?.iqns ?? [];
  const holder = (): GatewayName | undefined => {
    const holders = NAMES.filter((name) => gateways.segment.has(name, VIP));
    return holders.length === 1 ? holders[0] : undefined;
  };
  await until(`somebody holds ${VIP}`, () => holder() !== undefined);
  return {
    plane,
    volumeId: volume.id,
    accessPathId: path.id,
    vipGroupId: group.id,
    mappingGroupId: mapping?.id ?? '',
    way: { portal: { ip: VIP, port: 3260 }, iqn, lun: mapping?.luns[0]?.lun ?? -1, initiator: INITIATOR, ...ACCOUNT, prefix: gateways.segment.prefixOf('client') },
    holder,
    heldBy: (host) => until(`${host} alone holds ${VIP}`, () => holder() === host),
  };
};
