/** The scene of access paths with an array beside the gateways: a host with portals of its own and no addresses, and volumes that only it offers. */
import type { AccessPathEvent, DomainCommand, Portal, VolumeId } from '@blockledger/domain';
import { beforePath, createPath, GIB, registerHost, type PathScene } from './pathScene.ts';
import { hostIdOf, type PathOptions } from './pathWorld.ts';
import { bytes, create, poolIdOf, serialOf, volumeIdOf } from './samples.ts';

/** The array as a host; `qsan` is the name of its backend, for blocks and for targets. */
export const arrayId = hostIdOf(6);
/** The nth volume of the array. */
export const onArray = (n: number): VolumeId => volumeIdOf(10 + n);
export const PORTALS: readonly Portal[] = [
  { ip: '192.168.1.101', port: 3260 },
  { ip: '192.168.1.102', port: 3260 },
];

export interface ArrayScene extends PathScene {
  /** What the array says its portals are. */
  readonly portals: (portals: readonly Portal[]) => void;
  /** What happened to access paths so far. */
  readonly log: () => readonly AccessPathEvent[];
  /** The same: the types of events. */
  readonly news: () => readonly string[];
}

/** Another array, or the same once more: a pool, three volumes and a host. */
export const arrayNamed = (backend: string, at: number): readonly DomainCommand[] => [
  { to: 'pool', command: { type: 'RegisterPool', poolId: poolIdOf(at), name: backend, placement: { backend, pool: 'pool-1' }, poolType: 'replicated', overSubscriptionRatio: 20 } },
  { to: 'host', command: registerHost(at + 4, { name: backend, targets: backend, vips: null, addresses: [] }) },
];

/** Gateways, an array, volumes of both, and no access path yet. */
export const beforeArray = (paths: PathOptions = {}): ArrayScene => {
  let portals = PORTALS;
  const log: AccessPathEvent[] = [];
  const scene = beforePath({
    ...paths,
    act: (work) => paths.act?.(work) ?? (work.on === 'target' && work.action.do === 'ensureTarget' && work.action.target.place.backend.startsWith('qsan') ? { exists: true, portals } : undefined),
  }, (kind, { events }) => void (kind === 'accessPath' && log.push(...(events as readonly AccessPathEvent[]))));
  for (const command of arrayNamed('qsan', 2)) scene.ask(command).accepted();
  scene.it.settle();
  for (const n of [1, 2, 3]) {
    scene.ask({ to: 'volume', command: create({ volumeId: onArray(n), poolId: poolIdOf(2), name: `array-${n}`, serial: serialOf(10 + n), sizeBytes: bytes(GIB) }) }).accepted();
  }
  scene.it.settle();
  return { ...scene, portals: (given) => (portals = given), log: () => log, news: () => log.map(({ type }) => type) };
};

/** The same with an access path whose one host is the array. */
export const beginArray = (paths: PathOptions = {}): ArrayScene => {
  const scene = beforeArray(paths);
  scene.onPath(createPath({ hostIds: [arrayId] })).accepted();
  scene.it.settle();
  return scene;
};
