/** One lane of the crash test: changes one after another on volumes of its own, with a model of what should be there. */
import type { CephCluster } from '../ceph.ts';
import type { Body } from '../serviceProcess.ts';
import type { Client } from './client.ts';
import { emptyImage, resized, writePatches } from './content.ts';

export interface ModelSnapshot {
  readonly uuid: string;
  readonly content: Buffer;
  readonly clones: Set<string>;
}

export interface ModelVolume {
  readonly uuid: string;
  content: Buffer;
  /** The snapshot that it is a linked clone of. */
  parent: ModelSnapshot | undefined;
  readonly snapshots: ModelSnapshot[];
}

export interface Lane {
  readonly volumes: ModelVolume[];
  /** Does one change, or nothing where none fits. */
  readonly step: () => Promise<void>;
  /** What was done, and how it ended. */
  readonly log: string[];
}

export interface LaneParts {
  readonly name: string;
  readonly ceph: CephCluster;
  readonly client: Client;
  /** A number in [0, 1). */
  readonly random: () => number;
}

const MIB = 2 ** 20;
const MOST_VOLUMES = 5;
const SIZES = [4, 6, 8, 12, 16] as const;

/** The image of a volume on the cluster. */
export const imageOf = (uuid: string): string => `vols/volume-${uuid.replaceAll('-', '')}`;

export const lane = ({ name, ceph, client, random }: LaneParts): Lane => {
  const volumes: ModelVolume[] = [];
  const log: string[] = [];
  let count = 0;
  const pick = <A>(items: readonly A[]): A | undefined => items[Math.floor(random() * items.length)];
  const sizeBytes = (): number => (pick(SIZES) ?? 4) * MIB;

  /** The resource if the change was done; a change that fails or is refused without reason is a finding. */
  const done = async (what: string, method: string, path: string, body?: object): Promise<Body | undefined> => {
    count += 1;
    const { reply, task } = await client.change(method, path, { key: `${name} ${count}`, ...(body === undefined ? {} : { body }) });
    const end = task?.status ?? `${reply.status} ${JSON.stringify(reply.json['type'] ?? '')}`;
    log.push(`${what} ${path}: ${end}`);
    if (task === undefined ? reply.status >= 400 : task.status !== 'succeeded') throw new Error(`${name}: ${what} ${path} ended as ${end}: ${JSON.stringify(task ?? reply.json)}`);
    return (reply.json['block_volume'] ?? reply.json['block_snapshot']) as Body;
  };

  const create = async (): Promise<void> => {
    const size = sizeBytes();
    const made = await done('create', 'POST', '/block-volumes', { block_volume: { name: `${name} volume ${count}`, pool_id: 1, size } });
    if (made !== undefined) volumes.push({ uuid: made.uuid, content: emptyImage(size), parent: undefined, snapshots: [] });
  };
  const write = (volume: ModelVolume): void => {
    volume.content = writePatches(ceph, imageOf(volume.uuid), volume.content, `${name} ${count}`);
  };
  const snapshot = async (volume: ModelVolume): Promise<void> => {
    const made = await done('snapshot', 'POST', '/block-snapshots', { block_snapshot: { block_volume_id: volume.uuid, name: `${name} snapshot ${count}` } });
    if (made !== undefined) volume.snapshots.push({ uuid: made.uuid, content: volume.content, clones: new Set() });
  };
  const clone = async (volume: ModelVolume, flattened: boolean): Promise<void> => {
    const from = pick(volume.snapshots);
    if (from === undefined) return snapshot(volume);
    const made = await done('clone', 'POST', '/block-volumes', { block_volume: { name: `${name} clone ${count}`, pool_id: 1, block_snapshot_id: from.uuid, flattened } });
    if (made === undefined) return;
    if (!flattened) from.clones.add(made.uuid);
    volumes.push({ uuid: made.uuid, content: from.content, parent: flattened ? undefined : from, snapshots: [] });
  };
  const flatten = async (volume: ModelVolume): Promise<void> => {
    if (volume.parent === undefined) return write(volume);
    await done('flatten', 'PATCH', `/block-volumes/${volume.uuid}`, { block_volume: { flattened: true } });
    volume.parent.clones.delete(volume.uuid);
    volume.parent = undefined;
  };
  const rollBack = async (volume: ModelVolume): Promise<void> => {
    const to = pick(volume.snapshots);
    if (to === undefined) return snapshot(volume);
    await done('roll back', 'PATCH', `/block-volumes/${volume.uuid}`, { block_volume: { block_snapshot_id: to.uuid, action: 'roll_back' } });
    volume.content = to.content;
  };
  const resize = async (volume: ModelVolume): Promise<void> => {
    const size = sizeBytes();
    if (size === volume.content.length) return write(volume);
    await done('resize', 'PATCH', `/block-volumes/${volume.uuid}`, { block_volume: { size } });
    volume.content = resized(volume.content, size);
  };
  const remove = async (volume: ModelVolume): Promise<void> => {
    if (volume.snapshots.some(({ clones }) => clones.size > 0)) return rollBack(volume);
    await done('delete', 'DELETE', `/block-volumes/${volume.uuid}?cascade=true`);
    volume.parent?.clones.delete(volume.uuid);
    volumes.splice(volumes.indexOf(volume), 1);
  };

  const step = async (): Promise<void> => {
    const volume = pick(volumes);
    if (volume === undefined) return create();
    const full = volumes.length >= MOST_VOLUMES;
    const choice = pick(['create', 'write', 'write', 'snapshot', 'clone', 'full clone', 'flatten', 'flatten', 'roll back', 'roll back', 'resize', 'delete'] as const);
    switch (choice) {
      case 'create':
        return full ? remove(volume) : create();
      case 'clone':
      case 'full clone':
        return full ? flatten(volume) : clone(volume, choice === 'full clone');
      case 'snapshot':
        return volume.snapshots.length < 4 ? snapshot(volume) : rollBack(volume);
      case 'flatten':
        return flatten(volume);
      case 'roll back':
        return rollBack(volume);
      case 'resize':
        return resize(volume);
      case 'delete':
        return remove(volume);
      default:
        return write(volume);
    }
  };
  return { volumes, log, step };
};
