/** XSKY's `rbd`, as its procedures are written down: not one of these lines could be tried on a real XSKY cluster. */
import { match } from 'ts-pattern';
import { MIB, type Generation } from '@blockledger/domain';
import type { Dialect } from './dialect.ts';
import { at, atSnapshot, rbd, sharedWords, to } from './words.ts';

/** XSKY's image formats (S0-10). The older generation is upstream's format 2. */
const formatOf = (generation: Generation): string =>
  match(generation)
    .with('v2', () => '2')
    .with('v3', () => '128')
    .with('v3adv', () => '129')
    .exhaustive();

/** XSKY takes sizes in MiB as bare numbers (S0-45). */
const mebibytes = (sizeBytes: number): readonly string[] => ['--size', String(sizeBytes / MIB)];

/** The admin socket that tells how far a running `flatten`, `rm` or `snap rollback` has come (S0-7). */
export const XSKY_PROGRESS_SOCKET = '/var/run/ceph/xbd-pc.asok';

/** XSKY has image formats 128 and 129, a performance priority, and progress by admin socket. */
export const xsky: Dialect = {
  ...sharedWords,
  name: 'xsky',
  generations: ['v2', 'v3', 'v3adv'],
  create: ({ image, sizeBytes, generation, dataPool }) =>
    rbd(
      `create ${image.pool}/${image.name} of ${sizeBytes} bytes`,
      'create',
      ...at(image),
      ...mebibytes(sizeBytes),
      '--image-format',
      formatOf(generation),
      ...(dataPool === undefined ? [] : ['--data-pool', dataPool]),
    ),
  createWritesMetas: false,
  bornBytes: undefined,
  priority: (image, on) =>
    rbd(`${on ? 'set' : 'unset'} the performance priority of ${image.name}`, 'flags', ...at(image), on ? '--set' : '--unset', 'perf_vol'),
  clone: ({ from, image, dataPool }) =>
    rbd(
      `clone ${image.pool}/${image.name} from ${from.image.name}@${from.snapshot}`,
      'clone',
      ...atSnapshot(from),
      ...to(image),
      ...(dataPool === undefined ? [] : ['--data-pool', dataPool]),
    ),
  resize: ({ image, sizeBytes, shrink }) =>
    rbd(
      `resize ${image.pool}/${image.name} to ${sizeBytes} bytes`,
      'resize',
      ...(shrink ? ['--allow-shrink'] : []),
      ...mebibytes(sizeBytes),
      ...at(image),
    ),
  measuresUsage: true,
  snapshotList: (image) => rbd(`list the snapshots of ${image.name}`, 'snap', 'list', '--all', ...at(image), '--format', 'json'),
  trashedSnapshotList: (pool, id) =>
    rbd(`list the snapshots of trashed ${id}`, 'snap', 'list', '--all', '--pool', pool, '--image-id', id, '--format', 'json'),
  dropObjectMap: undefined,
  migration: undefined,
  progress: (image) => ({
    program: 'ceph',
    args: ['daemon', XSKY_PROGRESS_SOCKET, 'perf', 'dump', `libxbd-progress-${image.pool}/${image.name}`],
    summary: `ask for the progress on ${image.name}`,
  }),
};
