/** What is changed of images, with what `rbd` would say where an errno alone says too little. */
import { isOptionKey } from '../marks.ts';
import type { Image, SnapshotOf } from '../names.ts';
import { CLONE_FEATURES, FEATURES } from '../commands/words.ts';
import type { Pointer } from './bindings.ts';
import type { LibraryCall } from './calls.ts';
import { done, ended, idOf, inPool, onHeader, onImage, sizeOf, writeMarks, type Cluster, type Outcome } from './cluster.ts';
import { hasOnlyHidden, parentOf } from './looking.ts';
import { room, wordAt } from './memory.ts';

type CallOf<Do extends LibraryCall['do']> = Extract<LibraryCall, { readonly do: Do }>;

const [OPTION_FEATURES, OPTION_ORDER, OPTION_DATA_POOL] = [1, 2, 10];
const ORDER = 22;
const BITS: Readonly<Record<string, number>> = { 'layering': 1, 'exclusive-lock': 4, 'object-map': 8, 'fast-diff': 16, 'deep-flatten': 32 };
const bitsOf = (features: string): number => features.split(',').reduce((sum, feature) => sum + (BITS[feature] ?? 0), 0);

const EBUSY = -16;
const EINVAL = -22;
const ENOTEMPTY = -39;

/** What a new image is to be, as librbd takes it; freed after `use`. */
async function withOptions({ native }: Cluster, wanted: { readonly features: string; readonly order?: number; readonly dataPool: string | undefined }, use: (options: Pointer) => Promise<Outcome>): Promise<Outcome> {
  const out = room();
  native.quick('rbd_image_options_create', out);
  const options = wordAt(out);
  native.quick('rbd_image_options_set_uint64', options, OPTION_FEATURES, bitsOf(wanted.features));
  if (wanted.order !== undefined) native.quick('rbd_image_options_set_uint64', options, OPTION_ORDER, wanted.order);
  if (wanted.dataPool !== undefined) native.quick('rbd_image_options_set_string', options, OPTION_DATA_POOL, wanted.dataPool);
  try {
    return await use(options);
  } finally {
    native.quick('rbd_image_options_destroy', options);
  }
}

/** Makes an image with its size, then writes its marks, all at once: nobody else knows it yet, so it need not be opened. */
export const create = (cluster: Cluster, { image, sizeBytes, dataPool, metas }: CallOf<'create'>): Promise<Outcome> =>
  inPool(cluster, image.pool, (io) =>
    withOptions(cluster, { features: FEATURES, order: ORDER, dataPool }, async (options) => {
      const made = await cluster.native.call('rbd_create4', io, image.name, sizeBytes, options);
      if (made < 0) return ended(made, 'create error');
      if (Object.keys(metas).length === 0) return done;
      const id = await idOf(cluster, io, image.name);
      return typeof id === 'number' ? ended(id) : ended(await writeMarks(cluster, io, id, metas));
    }),
  );

/** Makes a linked clone. */
export const clone = (cluster: Cluster, { from, image, dataPool }: CallOf<'clone'>): Promise<Outcome> =>
  inPool(cluster, from.image.pool, (parent) =>
    inPool(cluster, image.pool, (io) =>
      withOptions(cluster, { features: CLONE_FEATURES, dataPool }, async (options) =>
        ended(await cluster.native.call('rbd_clone3', parent, from.image.name, from.snapshot, io, image.name, options), 'clone error'),
      ),
    ),
  );

/** More than so much is removed by a worker of its own, which can be stopped. */
const MUCH_BYTES = 64 * 2 ** 30;

/** Where progress goes to; nothing when nobody can be told. */
export type Progress = Pointer | null;

/** Removes an image. One that is large is left to be removed `alone`. */
export const remove = (cluster: Cluster, image: Image, { progress, takesLong }: { readonly progress: Progress; readonly takesLong: Outcome | undefined }): Promise<Outcome> =>
  inPool(cluster, image.pool, async (io) => {
    const { call } = cluster.native;
    if (takesLong !== undefined) {
      const id = await idOf(cluster, io, image.name);
      if (typeof id === 'string' && (await sizeOf(cluster, io, id)) > MUCH_BYTES) return takesLong;
    }
    const code = await (progress === null ? call('rbd_remove', io, image.name) : call('rbd_remove_with_progress', io, image.name, progress, null));
    if (code === ENOTEMPTY) return ended(code, `image has snapshots${(await hasOnlyHidden(cluster, image)) ? ' with linked clones' : ''}`);
    return ended(code, code === EBUSY ? 'image still has watchers' : 'delete error');
  });

/** Sets a size. */
export const resize = (cluster: Cluster, { image, sizeBytes, shrink }: CallOf<'resize'>, progress: Progress): Promise<Outcome> =>
  onImage(cluster, image, { to: 'write' }, async (open) => ended(await cluster.native.call('rbd_resize2', open, sizeBytes, shrink, progress, null), 'resize error'));

/** Copies what a clone shares with its parent, and cuts the link. */
export const flatten = (cluster: Cluster, image: Image, progress: Progress): Promise<Outcome> =>
  onImage(cluster, image, { to: 'write' }, async (open) => {
    const code = await cluster.native.call('rbd_flatten_with_progress', open, progress, null);
    return ended(code, code === EINVAL && (await parentOf(cluster, open)) === undefined ? 'image has no parent' : 'flatten error');
  });

/** Sets an image back to a snapshot. */
export const rollBack = (cluster: Cluster, { image, snapshot }: SnapshotOf, progress: Progress): Promise<Outcome> =>
  onImage(cluster, image, { to: 'write' }, async (open) => ended(await cluster.native.call('rbd_snap_rollback_with_progress', open, snapshot, progress, null), 'rollback failed'));

/** Takes a snapshot. */
export const takeSnapshot = (cluster: Cluster, { image, snapshot }: SnapshotOf): Promise<Outcome> =>
  onImage(cluster, image, { to: 'write' }, async (open) => ended(await cluster.native.call('rbd_snap_create', open, snapshot), 'failed to create snapshot'));

/** Removes a snapshot. */
export const removeSnapshot = (cluster: Cluster, { image, snapshot }: SnapshotOf): Promise<Outcome> =>
  onImage(cluster, image, { to: 'write' }, async (open) => {
    const code = await cluster.native.call('rbd_snap_remove', open, snapshot);
    return ended(code, code === EBUSY ? `snapshot '${snapshot}' is protected from removal` : 'removing snap failed');
  });

/** Whether a snapshot is protected; librbd's error as a negative number. */
const isProtected = async ({ native }: Cluster, image: Pointer, snapshot: string): Promise<boolean | number> => {
  const out = room();
  const code = await native.call('rbd_snap_is_protected', image, snapshot, out);
  return code < 0 ? code : out.readInt32LE() === 1;
};

/** Protects a snapshot. As with `rbd`, one that is protected is an error. */
export const protect = (cluster: Cluster, { image, snapshot }: SnapshotOf): Promise<Outcome> =>
  onImage(cluster, image, { to: 'write' }, async (open) => {
    const already = await isProtected(cluster, open, snapshot);
    if (typeof already === 'number') return ended(already, 'protecting snap failed');
    return already ? ended(EBUSY, 'snap is already protected') : ended(await cluster.native.call('rbd_snap_protect', open, snapshot), 'protecting snap failed');
  });

/** Takes a snapshot's protection away. As with `rbd`, one that has none is an error. */
export const unprotect = (cluster: Cluster, { image, snapshot }: SnapshotOf): Promise<Outcome> =>
  onImage(cluster, image, { to: 'write' }, async (open) => {
    const already = await isProtected(cluster, open, snapshot);
    if (typeof already === 'number') return ended(already, 'unprotecting snap failed');
    return already ? ended(await cluster.native.call('rbd_snap_unprotect', open, snapshot), 'unprotecting snap failed') : ended(EINVAL, 'snap is already unprotected');
  });

/**
 * Writes a mark of an image that may be in use. An option is written by who opens the image, which takes its exclusive lock; any other mark
 * goes into the header, beside whoever has it.
 */
export const setMark = (cluster: Cluster, { image, key, value }: CallOf<'metaSet'>): Promise<Outcome> => {
  const failed = `failed to set ${key}`;
  if (isOptionKey(key)) return onImage(cluster, image, { to: 'write' }, async (open) => ended(await cluster.native.call('rbd_metadata_set', open, key, value), failed));
  return onHeader(cluster, image, async (io, id) => ended(await writeMarks(cluster, io, id, { [key]: value }), failed));
};

/** Removes a mark. */
export const removeMark = (cluster: Cluster, { image, key }: CallOf<'metaRemove'>): Promise<Outcome> =>
  onImage(cluster, image, { to: 'write' }, async (open) => ended(await cluster.native.call('rbd_metadata_remove', open, key), `failed to remove ${key}`));

/** Gives an image another name in its pool. */
export const rename = (cluster: Cluster, { image, name }: CallOf<'rename'>): Promise<Outcome> =>
  inPool(cluster, image.pool, async (io) => ended(await cluster.native.call('rbd_rename', io, image.name, name), 'rename error'));

/** Moves an image to the trash. */
export const trashMove = (cluster: Cluster, image: Image): Promise<Outcome> =>
  inPool(cluster, image.pool, async (io) => ended(await cluster.native.call('rbd_trash_move', io, image.name, 0), 'deferred delete error'));

/** Takes an image out of the trash, under the name that it had. */
export const trashRestore = (cluster: Cluster, { pool, id }: CallOf<'trashRestore'>): Promise<Outcome> =>
  inPool(cluster, pool, async (io) => ended(await cluster.native.call('rbd_trash_restore', io, id, ''), 'restore error'));
