/** What is asked of Blockledger so that an initiator sees a volume by a virtual IP, and how it is taken back. It is the same for every kind of gateway. */
import type { ControlPlane } from '@blockledger/app';

/** Two gateways, the address that moves between them, and the initiator that comes in by it. */
export interface Wanted {
  readonly gateways: readonly { readonly name: string; readonly ip: string }[];
  readonly pool: string;
  readonly vip: string;
  readonly initiator: string;
  readonly chap: { readonly user: string; readonly secret: string };
}

/** What an initiator has to know. */
export interface Shared {
  readonly iqn: string;
  readonly lun: number;
  /** The host that was last seen holding the virtual IP; undefined: none was. */
  readonly holder: () => string | undefined;
  /** Takes everything away again. */
  readonly takeBack: () => Promise<void>;
}

type Answer<A> = { readonly _tag: 'Left'; readonly left: { readonly message: string; readonly remedy: string } } | { readonly _tag: 'Right'; readonly right: A };

/** The answer of a request whose refusal would be our mistake. */
const done = <A>(answer: Answer<A>): A => {
  if (answer._tag === 'Left') throw new Error(`${answer.left.message}; ${answer.left.remedy}`);
  return answer.right;
};

/** Registers the gateways, makes a volume, and lets the initiator see it with CHAP by the virtual IP. The backends are named `gateways` and `addresses`. */
export async function share(plane: ControlPlane, { gateways, pool, vip, initiator, chap }: Wanted): Promise<Shared> {
  const wait = { wait: 'done' } as const;
  const [first] = gateways;
  if (first === undefined) throw new Error('there is no gateway');
  done(await plane.registerPool({ name: 'vols', placement: { backend: 'ceph', pool } }, wait));
  for (const { name, ip } of gateways) {
    done(await plane.registerHost({ name, targets: 'gateways', vips: 'addresses', addresses: [{ ip, prefix: 24, interface: 'eth0' }] }, wait));
  }
  const volume = done(await plane.createVolume({ pool: 'vols', name: 'accounts', sizeBytes: 2 ** 30 }, wait)).resource;
  const clients = done(await plane.createClientGroup({ name: 'database', clients: [initiator] }, wait)).resource;
  const path = done(await plane.createAccessPath({ name: 'front', hosts: gateways.map(({ name }) => name), chap }, wait)).resource;
  done(await plane.createMappingGroup(path.id, { clientGroup: clients.id, volumes: [volume.id] }, wait));
  const preferred = plane.networkAddresses.list({ ip: first.ip }).items[0]?.id ?? '';
  const network = first.ip.replace(/\d+$/, '0/24');
  // The physical portals make way for the virtual one, which is refused while somebody may use them. Nobody does yet, but XDC cannot show that.
  const group = done(await plane.createVipGroup({ accessPath: path.id, network, vips: [{ ip: vip, networkAddress: preferred }], force: true }, wait)).resource;
  const [mapping] = plane.mappingGroups.list({ accessPath: path.id }).items;
  return {
    iqn: plane.targets.list({ accessPath: path.id }).items[0]?.iqns[0] ?? '',
    lun: mapping?.luns[0]?.lun ?? 0,
    holder: () => plane.vips.list({ ip: vip }).items[0]?.holder?.host.name ?? undefined,
    takeBack: async () => {
      done(await plane.deleteVipGroup(group.id, { force: true }, wait));
      done(await plane.deleteMappingGroup(mapping?.id ?? '', { force: true }, wait));
      done(await plane.deleteAccessPath(path.id, wait));
      done(await plane.deleteVolume(volume.id, {}, wait));
    },
  };
}
