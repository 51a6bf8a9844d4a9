/** Ceph's own `rbd`, tried with 16.2 on a real cluster. */
import type { Command, Dialect } from './dialect.ts';
import { BORN_BYTES, importStream } from './importStream.ts';
import { at, atSnapshot, CLONE_FEATURES, FEATURES, rbd, sharedWords, to } from './words.ts';

const dataPoolOption = (dataPool: string | undefined): readonly string[] => (dataPool === undefined ? [] : ['--data-pool', dataPool]);

const rados = (summary: string, pool: string, words: readonly string[]): Command => ({ program: 'rados', args: [...words, '-p', pool], summary });

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
  migration: {
    prepare: (from, target, dataPool) =>
      rbd(`prepare to move ${from.pool}/${from.name} to ${target.pool}`, 'migration', 'prepare', ...dataPoolOption(dataPool), ...at(from), ...to(target)),
    execute: (image) => rbd(`copy to ${image.pool}/${image.name}`, 'migration', 'execute', ...at(image)),
    commit: (image) => rbd(`let the source of ${image.pool}/${image.name} go`, 'migration', 'commit', ...at(image)),
    abort: (image) => rbd(`bring ${image.pool}/${image.name} back`, 'migration', 'abort', ...at(image)),
    trashRecord: (pool, id) => rados(`read the trash's record of ${id}`, pool, ['getomapval', 'rbd_trash', `id_${id}`]),
    setTrashRecord: (pool, id, record) => ({ ...rados(`write the trash's record of ${id}`, pool, ['setomapval', 'rbd_trash', `id_${id}`]), stdin: record }),
    features: (pool, id) => rados(`read the features of ${id}`, pool, ['getomapval', `rbd_header.${id}`, 'features']),
    setFeatures: (pool, id, features) => ({ ...rados(`write the features of ${id}`, pool, ['setomapval', `rbd_header.${id}`, 'features']), stdin: features }),
    removeHeader: (pool, id) => rados(`make ${id} forget its migration`, pool, ['rmomapkey', `rbd_header.${id}`, 'migration']),
  },
};
