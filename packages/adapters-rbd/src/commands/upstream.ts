/** Ceph's own `rbd`, tried with 16.2 on a real cluster. */
import type { Dialect } from './dialect.ts';
import { BORN_BYTES, importStream } from './importStream.ts';
import { at, atSnapshot, CLONE_FEATURES, FEATURES, rbd, sharedWords, to } from './words.ts';

const dataPoolOption = (dataPool: string | undefined): readonly string[] => (dataPool === undefined ? [] : ['--data-pool', dataPool]);

/** `--size` with the suffix `B` is exact; a bare number would be MiB. */
const exactly = (sizeBytes: number): readonly string[] => ['--size', `${sizeBytes}B`];

/**
 * Upstream knows image format 2 alone, so each generation is made in it and remembered in the identity (V-10); there is no
 * performance priority. An image is born with its identity and limits: see `importStream`.
 */
export const upstream: Dialect = {
  ...sharedWords,
  name: 'upstream',
  generations: ['v2', 'v3', 'v3adv'],
  create: ({ image, sizeBytes, dataPool, metas }) => ({
    ...rbd(
      `create ${image.pool}/${image.name} of ${sizeBytes} bytes with identity and limits`,
      'import',
      '--no-progress',
      '--export-format',
      '2',
      '--image-feature',
      FEATURES,
      ...dataPoolOption(dataPool),
      '-',
      ...to(image),
    ),
    stdin: importStream(sizeBytes, metas),
  }),
  createWritesMetas: true,
  bornBytes: BORN_BYTES,
  priority: undefined,
  clone: ({ from, image, dataPool }) =>
    rbd(
      `clone ${image.pool}/${image.name} from ${from.image.name}@${from.snapshot}`,
      'clone',
      '--image-feature',
      CLONE_FEATURES,
      ...dataPoolOption(dataPool),
      ...atSnapshot(from),
      ...to(image),
    ),
  resize: ({ image, sizeBytes, shrink }) =>
    rbd(
      `resize ${image.pool}/${image.name} to ${sizeBytes} bytes`,
      'resize',
      ...(shrink ? ['--allow-shrink'] : []),
      ...exactly(sizeBytes),
      ...at(image),
    ),
  measuresUsage: false,
  trashedSnapshotList: (pool, id) =>
    rbd(`list the snapshots of trashed ${id}`, 'snap', 'ls', '--all', '--pool', pool, '--image-id', id, '--format', 'json'),
  snapshotList: (image) => rbd(`list the snapshots of ${image.name}`, 'snap', 'ls', '--all', ...at(image), '--format', 'json'),
  dropObjectMap: (image) => rbd(`drop the object map of ${image.name}`, 'feature', 'disable', ...at(image), 'object-map', 'fast-diff'),
  progress: undefined,
};
