/** A control plane with simulated gateways: RBD, XDC on two hosts, and virtual IPs that elect on one segment. */
import { controlPlane, memorySecretStore, type ControlPlane, type ControlPlaneParts } from '@blockledger/app';
import { memoryStore } from '@blockledger/app/memory';
import { rbdBackend } from '@blockledger/adapters-rbd';
import { simulateRbd } from '@blockledger/adapters-rbd/simulator';
import { localHost, xdcTargets } from '@blockledger/adapters-xdc';
import { simulateVips, simulateXdc, type SimulatedVips, type XdcSimulator } from '@blockledger/adapters-xdc/simulator';
import type { EventStore, SecretStore, SeenTarget, TargetBackend, TargetSession } from '@blockledger/domain';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { GIB, lasting, right } from './plane.ts';
import { virtualClock, type VirtualClock } from './virtualClock.ts';

export const SECRET = '1qaz2wsx3edc';
export const OTHER_SECRET = '3edc2wsx1qaz';
export const IQN = 'iqn.1994-05.com.redhat:db-1';

export interface PathPlane {
  readonly plane: ControlPlane;
  readonly clock: VirtualClock;
  readonly store: EventStore;
  readonly secrets: SecretStore;
  readonly gateways: XdcSimulator;
  /** The backend of targets that the plane has, unless it was given others. */
  readonly targets: TargetBackend;
  readonly segment: SimulatedVips;
  /** Who is logged in, on every host. */
  readonly sessions: TargetSession[];
  /** The network to a host is cut, or mended. */
  readonly cut: (host: string, isCut?: boolean) => void;
  /** Another process on the same log, over the same gateways, when the one before has ended; with something around their backend where that is given. */
  readonly again: (around?: (targets: TargetBackend) => TargetBackend) => Promise<ControlPlane>;
}

/** XDC does not show sessions: here somebody tells. What is to have none left has none left. */
const withSessions = (backend: TargetBackend, sessions: readonly TargetSession[]): TargetBackend => ({
  ...backend,
  capabilities: { ...backend.capabilities, sessions: true },
  see: (target, context) => TE.map((seen: SeenTarget | undefined) => (seen === undefined ? undefined : { ...seen, sessions }))(backend.see(target, context)),
});

const HOSTS = [
  { name: 'gw1', source: '10.252.1.1' },
  { name: 'gw2', source: '10.252.1.2' },
] as const;

/** A plane with a pool `vols`, and nothing else. */
export const pathPlane = async (parts: Partial<ControlPlaneParts> = {}): Promise<PathPlane> => {
  const clock = virtualClock();
  const cluster = simulateRbd({ pools: { vols: {} } });
  const gateways = simulateXdc({ hosts: HOSTS.map(({ name }) => name) });
  const segment = simulateVips({ hosts: HOSTS, clock });
  const sessions: TargetSession[] = [];
  const store = parts.store ?? memoryStore();
  const secrets = memorySecretStore();
  const targetsNow = (): TargetBackend => withSessions(xdcTargets({ hosts: HOSTS.map(({ name }) => localHost({ name, run: gateways.run(name) })), endsSessions: true }), sessions);
  const planeOver = (xdc: TargetBackend): Promise<ControlPlane> =>
    controlPlane({ store: lasting(store), backends: { ceph: rbdBackend({ run: cluster.run }) }, targets: { xdc }, vips: { keepalived: segment.backend }, clock, secrets, exclusive: true, ...parts });
  const targets = targetsNow();
  const plane = await planeOver(targets);
  const cut = (host: string, isCut = true): void => {
    gateways.cut(host, isCut);
    segment.setReachable(host, !isCut);
  };
  right(await plane.registerPool({ name: 'vols', placement: { backend: 'ceph', pool: 'vols' } }, { wait: 'done' }));
  return { plane, clock, store, secrets, gateways, targets, segment, sessions, cut, again: (around = (same) => same) => planeOver(around(targetsNow())) };
};

/** Two gateways in service. */
export const withHosts = async (made: PathPlane): Promise<PathPlane> => {
  for (const { name, source } of HOSTS) {
    right(await made.plane.registerHost({ name, targets: 'xdc', vips: 'keepalived', addresses: [{ ip: source, prefix: 24, interface: 'eth0' }] }, { wait: 'done' }));
  }
  return made;
};

export const volumeNamed = async ({ plane }: PathPlane, name: string, tenant = 'default') => right(await plane.createVolume({ pool: 'vols', name, sizeBytes: GIB }, { wait: 'done', tenant })).resource;

/** An access path on both gateways, by which one client group sees one volume. */
export const mapped = async (made: PathPlane) => {
  const { plane } = made;
  await withHosts(made);
  const volume = await volumeNamed(made, 'db');
  const clients = right(await plane.createClientGroup({ name: 'db-hosts', clients: [IQN] }, { wait: 'done' })).resource;
  const path = right(await plane.createAccessPath({ name: 'gold', hosts: ['gw1', 'gw2'] }, { wait: 'done' })).resource;
  const { part } = right(await plane.createMappingGroup(path.id, { clientGroup: clients.id, volumes: [volume.id] }, { wait: 'done' }));
  return { ...made, volume, clients, path, group: part! };
};
