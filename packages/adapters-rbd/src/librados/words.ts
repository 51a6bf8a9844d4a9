/** What of upstream's words librbd can be asked as well. All others are said on the command line. */
import type { Command, Dialect } from '../commands/dialect.ts';
import { upstream } from '../commands/upstream.ts';
import { optionKey } from '../marks.ts';
import type { LibraryCall } from './calls.ts';

const also = (command: Command, native: LibraryCall): Command => ({ ...command, native });

/**
 * Upstream's words, with what librbd is to be asked instead.
 *
 * On the command line remain: hidden snapshots, images in the trash by their id, the space that an image takes, the object map of adopted clones,
 * migrations, the mark of a pool, and what only a diagnosis asks.
 */
export const byLibrary: Dialect = {
  ...upstream,
  create: (wanted) => also(upstream.create(wanted), { do: 'create', image: wanted.image, sizeBytes: wanted.sizeBytes, dataPool: wanted.dataPool, metas: wanted.metas }),
  clone: (wanted) => also(upstream.clone(wanted), { do: 'clone', ...wanted }),
  flatten: (image) => also(upstream.flatten(image), { do: 'flatten', image }),
  resize: (wanted) => also(upstream.resize(wanted), { do: 'resize', ...wanted }),
  remove: (image) => also(upstream.remove(image), { do: 'remove', image }),
  rename: (from, target) => also(upstream.rename(from, target), { do: 'rename', image: from, name: target.name }),
  snapshotCreate: (at) => also(upstream.snapshotCreate(at), { do: 'snapshotCreate', at }),
  snapshotProtect: (at) => also(upstream.snapshotProtect(at), { do: 'snapshotProtect', at }),
  snapshotUnprotect: (at) => also(upstream.snapshotUnprotect(at), { do: 'snapshotUnprotect', at }),
  snapshotRemove: (at) => also(upstream.snapshotRemove(at), { do: 'snapshotRemove', at }),
  snapshotRollback: (at) => also(upstream.snapshotRollback(at), { do: 'snapshotRollback', at }),
  snapshotList: (image) => also(upstream.snapshotList(image), { do: 'snapshotList', image }),
  children: (at) => also(upstream.children(at), { do: 'children', at }),
  info: (image) => also(upstream.info(image), { do: 'info', image }),
  status: (image) => also(upstream.status(image), { do: 'status', image }),
  lockList: (image) => also(upstream.lockList(image), { do: 'lockList', image }),
  metaList: (image) => also(upstream.metaList(image), { do: 'metaList', image }),
  metaSet: (image, key, value) => also(upstream.metaSet(image, key, value), { do: 'metaSet', image, key, value }),
  metaRemove: (image, key) => also(upstream.metaRemove(image, key), { do: 'metaRemove', image, key }),
  option: (image, option, value) =>
    also(upstream.option(image, option, value), value === undefined ? { do: 'metaRemove', image, key: optionKey(option) } : { do: 'metaSet', image, key: optionKey(option), value }),
  list: (pool) => also(upstream.list(pool), { do: 'list', pool }),
  trashList: (pool) => also(upstream.trashList(pool), { do: 'trashList', pool }),
  trashMove: (image) => also(upstream.trashMove(image), { do: 'trashMove', image }),
  trashRestore: (pool, id) => also(upstream.trashRestore(pool, id), { do: 'trashRestore', pool, id }),
  cluster: () => also(upstream.cluster(), { do: 'monitor', prefix: 'osd dump' }),
  space: () => also(upstream.space(), { do: 'monitor', prefix: 'df' }),
};
