/** Names on the backend: derived from the aggregate's id, so that every object of ours can be found by looking (I-3). */
import { permanent, type PortError, type SnapshotId, type VolumeId } from '@blockledger/domain';

/** An image: its pool and its name there. */
export interface Image {
  readonly pool: string;
  readonly name: string;
}

/** One snapshot of an image. */
export interface SnapshotOf {
  readonly image: Image;
  readonly snapshot: string;
}

const hexOf = (uuid: string): string => uuid.replaceAll('-', '');
const uuidOf = (hex: string): string => hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
const OURS = /^(volume|snapshot)-([0-9a-f]{32})$/;

/**
 * `volume-` and the 32 hex digits of the volume's id.
 *
 * @example
 * import { imageName } from '@blockledger/adapters-rbd';
 * import type { VolumeId } from '@blockledger/domain';
 * imageName('0b9d7a3e-0000-4000-8000-000000000001' as VolumeId); // => 'volume-0b9d7a3e000040008000000000000001'
 */
export const imageName = (volumeId: VolumeId): string => `volume-${hexOf(volumeId)}`;

/**
 * `snapshot-` and the 32 hex digits of the snapshot's id.
 *
 * @example
 * import { snapshotName } from '@blockledger/adapters-rbd';
 * import type { SnapshotId } from '@blockledger/domain';
 * snapshotName('0b9d7a3e-0000-4000-8000-000000000001' as SnapshotId); // => 'snapshot-0b9d7a3e000040008000000000000001'
 */
export const snapshotName = (snapshotId: SnapshotId): string => `snapshot-${hexOf(snapshotId)}`;

/**
 * The volume that an image of this name belongs to; `undefined` for a name that is not of our making.
 *
 * @example
 * import { volumeIdOf } from '@blockledger/adapters-rbd';
 * volumeIdOf('volume-0b9d7a3e000040008000000000000001'); // => '0b9d7a3e-0000-4000-8000-000000000001'
 * volumeIdOf('somebody-elses'); // => undefined
 */
export const volumeIdOf = (name: string): VolumeId | undefined => idIn(name, 'volume') as VolumeId | undefined;

/**
 * The snapshot that a snapshot of this name belongs to; `undefined` for a name that is not of our making.
 *
 * @example
 * import { snapshotIdOf } from '@blockledger/adapters-rbd';
 * snapshotIdOf('snapshot-0b9d7a3e000040008000000000000001'); // => '0b9d7a3e-0000-4000-8000-000000000001'
 */
export const snapshotIdOf = (name: string): SnapshotId | undefined => idIn(name, 'snapshot') as SnapshotId | undefined;

function idIn(name: string, kind: 'volume' | 'snapshot'): string | undefined {
  const match = OURS.exec(name);
  return match !== null && match[1] === kind && match[2] !== undefined ? uuidOf(match[2]) : undefined;
}

// eslint-disable-next-line no-control-regex -- control characters are what is refused here
const CONTROL = /[\u0000-\u001f\u007f]/;

/**
 * What makes a name unusable in `pool/image@snapshot`; `undefined` for a good one. Blanks, `%`, a leading `-` and any UTF-8 are good:
 * no shell ever sees them.
 *
 * @returns `Permanent` `InvalidName` with the rule that is broken.
 */
export function nameTrouble(what: 'pool' | 'data pool' | 'image', name: string): PortError | undefined {
  const broken = (rule: string): PortError => permanent('InvalidName', `The ${what} name ${JSON.stringify(name)} is refused: ${rule}.`);
  if (name === '') return broken('a name is not empty');
  if (name.includes('/')) return broken('"/" separates pool, namespace and image');
  if (name.includes('@')) return broken('"@" separates image and snapshot');
  if (CONTROL.test(name)) return broken('a name has no control characters');
  return undefined;
}
