/** Cluster, projection and model, held against each other. Differences as sentences. */
import type { CephCluster } from '../ceph.ts';
import type { Body } from '../serviceProcess.ts';
import type { Client } from './client.ts';
import { md5, md5OnCluster } from './content.ts';
import { imageOf, type ModelVolume } from './lane.ts';

const hex = (uuid: string): string => uuid.replaceAll('-', '');
const sorted = (items: readonly string[]): string => JSON.stringify(items.toSorted());

interface Info {
  readonly size: number;
  readonly parent?: { readonly image: string; readonly snapshot: string };
}

const compareVolume = (ceph: CephCluster, volume: Body, snapshots: readonly Body[], model: ModelVolume): readonly string[] => {
  const image = imageOf(volume.uuid);
  const info = JSON.parse(ceph.rbd('info', '--format', 'json', image)) as Info;
  const names = (JSON.parse(ceph.rbd('snap', 'ls', '--all', '--format', 'json', image)) as readonly { readonly name: string }[]).map(({ name }) => name);
  const parent = (volume['block_snapshot'] as { readonly uuid: string } | null)?.uuid;
  const parentFound = info.parent === undefined ? undefined : info.parent.snapshot;
  const differences: string[] = [];
  const same = (what: string, found: unknown, expected: unknown): void => {
    if (found !== expected) differences.push(`${image}: ${what} is ${String(found)} on the cluster, ${String(expected)} expected`);
  };
  same('size', info.size, volume.size);
  same('size of the model', info.size, model.content.length);
  same('parent', parentFound, parent === undefined ? undefined : `snapshot-${hex(parent)}`);
  same('parent of the model', parentFound, model.parent === undefined ? undefined : `snapshot-${hex(model.parent.uuid)}`);
  same('list of snapshots', sorted(names), sorted(snapshots.map(({ uuid }) => `snapshot-${hex(uuid)}`)));
  same('list of users’ snapshots', sorted(snapshots.filter((one) => one['reserved'] === false).map(({ uuid }) => uuid)), sorted(model.snapshots.map(({ uuid }) => uuid)));
  same('content', md5OnCluster(ceph, image), md5(model.content));
  for (const snapshot of model.snapshots) {
    if (names.includes(`snapshot-${hex(snapshot.uuid)}`)) same(`content of ${snapshot.uuid}`, md5OnCluster(ceph, `${image}@snapshot-${hex(snapshot.uuid)}`), md5(snapshot.content));
  }
  return differences;
};

/** Everything: which images there are, their snapshots, parents, sizes and contents. */
export const compare = async (ceph: CephCluster, client: Client, models: readonly ModelVolume[]): Promise<readonly string[]> => {
  const volumes = await client.all('block-volumes');
  const snapshots = await client.all('block-snapshots', '&reserved=true');
  const images = (JSON.parse(ceph.rbd('ls', '--format', 'json', 'vols')) as readonly string[]).map((name) => `vols/${name}`);
  const differences: string[] = [];
  if (sorted(images) !== sorted(volumes.map(({ uuid }) => imageOf(uuid)))) {
    differences.push(`images are ${sorted(images)}, volumes are ${sorted(volumes.map(({ uuid }) => imageOf(uuid)))}`);
  }
  if (sorted(volumes.map(({ uuid }) => uuid)) !== sorted(models.map(({ uuid }) => uuid))) {
    differences.push(`volumes are ${sorted(volumes.map(({ uuid }) => uuid))}, the model has ${sorted(models.map(({ uuid }) => uuid))}`);
  }
  for (const volume of volumes) {
    const model = models.find(({ uuid }) => uuid === volume.uuid);
    if (model === undefined || !images.includes(imageOf(volume.uuid))) continue;
    if (volume.status !== 'active' || volume['action_status'] !== 'active') differences.push(`${volume.name} is ${volume.status}, ${String(volume['action_status'])}`);
    const own = snapshots.filter((one) => (one['block_volume'] as { readonly uuid: string }).uuid === volume.uuid);
    differences.push(...compareVolume(ceph, volume, own, model));
  }
  return differences;
};
