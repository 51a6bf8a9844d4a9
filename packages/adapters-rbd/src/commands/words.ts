/** The words that both dialects share. Operands are never built by a shell, and a name never stands where an option could. */
import type { Image, SnapshotOf } from '../names.ts';
import type { Command, Dialect } from './dialect.ts';

/** The features of every empty image that we make; the object map makes `du` and the removal of large images bearable. */
export const FEATURES = 'layering,exclusive-lock,object-map,fast-diff,deep-flatten';

/**
 * The features of a clone: no object map. A client that dies while it copies an object up leaves the map saying that the object exists; the
 * next `rbd flatten` believes the map, skips the object and cuts the link, and the parent's data there is lost. On a real cluster 12 of 84
 * flattens that were killed and repeated lost data, none of 62 without the map; `rbd object-map rebuild` does not help.
 */
export const CLONE_FEATURES = 'layering,exclusive-lock,deep-flatten';

/** An `rbd` command line. */
export const rbd = (summary: string, ...args: readonly string[]): Command => ({ program: 'rbd', args, summary });

const leadingDash = (pool: string): boolean => pool.startsWith('-');

/** An image as an operand: `pool/image`, or options for a pool that would itself look like an option. */
export const at = ({ pool, name }: Image): readonly string[] => (leadingDash(pool) ? ['--pool', pool, '--image', name] : [`${pool}/${name}`]);

/** A snapshot as an operand: `pool/image@snapshot`. */
export const atSnapshot = ({ image: { pool, name }, snapshot }: SnapshotOf): readonly string[] =>
  leadingDash(pool) ? ['--pool', pool, '--image', name, '--snap', snapshot] : [`${pool}/${name}@${snapshot}`];

/** The destination of a clone or a rename. */
export const to = ({ pool, name }: Image): readonly string[] => (leadingDash(pool) ? ['--dest-pool', pool, '--dest', name] : [`${pool}/${name}`]);

/** A pool as an operand. */
const inPool = (pool: string): readonly string[] => (leadingDash(pool) ? ['--pool', pool] : [pool]);

const byId = (pool: string, id: string): readonly string[] => ['--pool', pool, '--image-id', id];
const JSON_OUT = ['--format', 'json'] as const;
const show = ({ pool, name }: Image): string => `${pool}/${name}`;
const showSnapshot = ({ image, snapshot }: SnapshotOf): string => `${show(image)}@${snapshot}`;

/** Where the position of the last confirmed destructive work is kept, one omap key per installation. */
const MARK_OBJECT = 'blockledger.mark';

/** What both dialects say in the same words. */
export const sharedWords = {
  flatten: (image) => rbd(`flatten ${show(image)}`, 'flatten', ...at(image)),
  remove: (image) => rbd(`remove ${show(image)}`, 'rm', ...at(image)),
  rename: (from, target) => rbd(`rename ${show(from)} to ${target.name}`, 'rename', ...at(from), ...to(target)),
  snapshotCreate: (snap) => rbd(`snapshot ${showSnapshot(snap)}`, 'snap', 'create', ...atSnapshot(snap)),
  snapshotProtect: (snap) => rbd(`protect ${showSnapshot(snap)}`, 'snap', 'protect', ...atSnapshot(snap)),
  snapshotUnprotect: (snap) => rbd(`unprotect ${showSnapshot(snap)}`, 'snap', 'unprotect', ...atSnapshot(snap)),
  snapshotRemove: (snap) => rbd(`remove snapshot ${showSnapshot(snap)}`, 'snap', 'rm', ...atSnapshot(snap)),
  hiddenRemove: (image, id) => rbd(`remove hidden snapshot ${id} of ${show(image)}`, 'snap', 'rm', '--snap-id', String(id), ...at(image)),
  snapshotRollback: (snap) => rbd(`roll back to ${showSnapshot(snap)}`, 'snap', 'rollback', ...atSnapshot(snap)),
  children: (snap) => rbd(`list the clones of ${showSnapshot(snap)}`, 'children', '--all', ...atSnapshot(snap), ...JSON_OUT),
  hiddenChildren: (image, id) =>
    rbd(`list the clones of hidden snapshot ${id} of ${show(image)}`, 'children', '--all', '--snap-id', String(id), ...at(image), ...JSON_OUT),
  info: (image) => rbd(`look at ${show(image)}`, 'info', ...at(image), ...JSON_OUT),
  status: (image) => rbd(`list the watchers of ${show(image)}`, 'status', ...at(image), ...JSON_OUT),
  lockList: (image) => rbd(`list the locks of ${show(image)}`, 'lock', 'ls', ...at(image), ...JSON_OUT),
  usage: (of) =>
    'image' in of
      ? rbd(`measure ${showSnapshot(of)}`, 'du', ...atSnapshot(of), ...JSON_OUT)
      : rbd(`measure ${show(of)}`, 'du', ...at(of), ...JSON_OUT),
  metaList: (image) => rbd(`read the marks of ${show(image)}`, 'image-meta', 'list', ...at(image), ...JSON_OUT),
  metaSet: (image, key, value) => rbd(`write ${key} on ${show(image)}`, 'image-meta', 'set', ...at(image), key, value),
  metaRemove: (image, key) => rbd(`remove ${key} from ${show(image)}`, 'image-meta', 'remove', ...at(image), key),
  option: (image, option, value) =>
    value === undefined
      ? rbd(`unset ${option} of ${show(image)}`, 'config', 'image', 'remove', ...at(image), option)
      : rbd(`set ${option} of ${show(image)}`, 'config', 'image', 'set', ...at(image), option, value),
  list: (pool) => rbd(`list the images of ${pool}`, 'ls', ...inPool(pool), ...JSON_OUT),
  trashList: (pool) => rbd(`list the trash of ${pool}`, 'trash', 'ls', '--all', ...inPool(pool), ...JSON_OUT),
  trashMove: (image) => rbd(`move ${show(image)} to the trash`, 'trash', 'mv', ...at(image)),
  trashRestore: (pool, id) => rbd(`restore ${id} from the trash of ${pool}`, 'trash', 'restore', ...byId(pool, id)),
  trashedInfo: (pool, id) => rbd(`look at trashed ${id}`, 'info', ...byId(pool, id), ...JSON_OUT),
  trashedMeta: (pool, id, key) => ({
    program: 'rados',
    args: ['getomapval', `rbd_header.${id}`, `metadata_${key}`, '-', '-p', pool],
    summary: `read ${key} of trashed ${id}`,
  }),
  markGet: (pool, key) => ({ program: 'rados', args: ['getomapval', MARK_OBJECT, key, '-', '-p', pool], summary: `read the mark of ${pool}` }),
  markSet: (pool, key, value) => ({
    program: 'rados',
    args: ['setomapval', MARK_OBJECT, key, value, '-p', pool],
    summary: `write the mark of ${pool}`,
  }),
  cluster: () => ({ program: 'ceph', args: ['osd', 'dump', ...JSON_OUT], summary: 'ask which cluster this is' }),
  space: () => ({ program: 'ceph', args: ['df', ...JSON_OUT], summary: 'ask for the space used' }),
} satisfies Partial<Dialect>;
