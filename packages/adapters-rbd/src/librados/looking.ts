/** What is read of images, as `rbd` would say it in JSON. */
import type { Image, SnapshotOf } from '../names.ts';
import type { Pointer } from './bindings.ts';
import { ended, inPool, onHeader, onImage, poolName, readMarks, type Cluster, type Outcome } from './cluster.ts';
import { listed, numberAt, room, textIn, textThrough, word, wordAt } from './memory.ts';

/** By the number of their bit. */
const FEATURES = ['layering', 'striping', 'exclusive-lock', 'object-map', 'fast-diff', 'deep-flatten', 'journaling', 'data-pool', 'operations', 'migrating', 'non-primary', 'dirty-cache'];
const MIGRATING = 'migrating';
const DATA_POOL = 'data-pool';
const NO_ENTRY = -2;

const answer = (value: unknown): Outcome => ({ code: 0, answer: value });

function featuresOf({ native }: Cluster, image: Pointer): readonly string[] {
  const out = room();
  native.quick('rbd_get_features', image, out);
  const bits = wordAt(out);
  return FEATURES.filter((_, bit) => ((bits >> BigInt(bit)) & 1n) === 1n);
}

const LINK_BYTES = 48;
const SPEC_BYTES = 24;

/** A pool, an image in it and whether that is in the trash: librbd's `linked_image_spec`. */
const linkAt = ({ native }: Cluster, buffer: Buffer, offset: number) => ({
  pool: textThrough(native, buffer, offset + 8),
  pool_namespace: textThrough(native, buffer, offset + 16),
  id: textThrough(native, buffer, offset + 24),
  image: textThrough(native, buffer, offset + 32),
  trash: buffer[offset + 40] === 1,
});

/** What an image is a clone of; `undefined` for one that is none. */
export async function parentOf(cluster: Cluster, image: Pointer): Promise<Record<string, unknown> | undefined> {
  const { native } = cluster;
  const [link, spec] = [room(LINK_BYTES), room(SPEC_BYTES)];
  if ((await native.call('rbd_get_parent', image, link, spec)) < 0) return undefined;
  const parent = { ...linkAt(cluster, link, 0), snapshot: textThrough(native, spec, 16) };
  native.quick('rbd_linked_image_spec_cleanup', link);
  native.quick('rbd_snap_spec_cleanup', spec);
  return parent;
}

const SNAPSHOT_BYTES = 24;
const KINDS = ['user', 'group', 'trash', 'mirror'];

/** A snapshot as librbd lists it. */
interface Row {
  readonly id: number;
  readonly size: number;
  readonly name: string;
}

async function rowsOf({ native }: Cluster, image: Pointer): Promise<readonly Row[] | number> {
  // It says how many there are, and its list ends with an empty one.
  const fill = async (buffer: Buffer, count: Buffer): Promise<number> => {
    const code = await native.call('rbd_snap_list', image, buffer, count);
    // The count is an `int`; on success the code is.
    if (code >= 0) count.writeBigUInt64LE(BigInt(code));
    else count.writeInt32LE(0, 4);
    return code;
  };
  const found = await listed<Row>({
    size: SNAPSHOT_BYTES,
    fill,
    read: (buffer, offset) => ({ id: numberAt(buffer, offset), size: numberAt(buffer, offset + 8), name: textThrough(native, buffer, offset + 16) }),
    free: (buffer, count) => void (count > 0 && native.quick('rbd_snap_list_end', buffer)),
  });
  return 'code' in found ? found.code : found.rows;
}

/** What `rbd info` says, as far as it is used. */
export const info = (cluster: Cluster, image: Image): Promise<Outcome> =>
  onImage(cluster, image, { to: 'read' }, async (open) => {
    const { native } = cluster;
    const [stat, id] = [room(160), room(128)];
    const code = native.quick('rbd_stat', open, stat, stat.length);
    if (code < 0) return ended(code);
    native.quick('rbd_get_id', open, id, id.length);
    const [features, parent, rows] = [featuresOf(cluster, open), await parentOf(cluster, open), await rowsOf(cluster, open)];
    if (typeof rows === 'number') return ended(rows);
    return answer({
      name: image.name,
      id: textIn(id),
      size: numberAt(stat),
      snapshot_count: rows.length,
      ...(features.includes(DATA_POOL) ? { data_pool: poolName(cluster, native.quick('rbd_get_data_pool_id', open)) } : {}),
      features,
      ...(parent === undefined ? {} : { parent }),
    });
  });

/** All snapshots, hidden ones too. */
export const snapshots = (cluster: Cluster, image: Image): Promise<Outcome> =>
  onImage(cluster, image, { to: 'read' }, async (open) => {
    const rows = await rowsOf(cluster, open);
    return typeof rows === 'number' ? ended(rows) : answer(rows.map((row) => ({ ...row, ...kindOf(cluster, open, row) })));
  });

function kindOf({ native }: Cluster, image: Pointer, { id, name }: Row): Record<string, unknown> {
  const [type, isProtected, original] = [room(), room(), room(1_024)];
  native.quick('rbd_snap_get_namespace_type', image, id, type);
  const kind = KINDS[type.readUInt32LE()] ?? 'mirror';
  if (kind === 'user') native.quick('rbd_snap_is_protected', image, name, isProtected);
  if (kind === 'trash') native.quick('rbd_snap_get_trash_namespace', image, id, original, original.length);
  return { protected: String(isProtected.readInt32LE() === 1), namespace: { type: kind, ...(kind === 'trash' ? { original_name: textIn(original) } : {}) } };
}

/** Whether only snapshots are left that nobody sees, for they have clones. */
export async function hasOnlyHidden(cluster: Cluster, image: Image): Promise<boolean> {
  const found = await snapshots(cluster, image);
  const rows = found.code === 0 ? (found.answer as readonly { readonly namespace: { readonly type: string } }[]) : [];
  return rows.length > 0 && rows.every(({ namespace }) => namespace.type !== 'user');
}

/** The clones of a snapshot, those in the trash too. */
export const children = (cluster: Cluster, { image, snapshot }: SnapshotOf): Promise<Outcome> =>
  onImage(cluster, image, { to: 'read', snapshot }, async (open) => {
    const { native } = cluster;
    const found = await listed({
      size: LINK_BYTES,
      fill: (buffer, count) => native.call('rbd_list_children3', open, buffer, count),
      read: (buffer, offset) => linkAt(cluster, buffer, offset),
      free: (buffer, count) => void native.quick('rbd_linked_image_spec_list_cleanup', buffer, count),
    });
    return 'code' in found ? ended(found.code) : answer(found.rows);
  });

/** Who watches an image; `elsewhere` for one that is moving, of which more is to be said. */
export const status = (cluster: Cluster, image: Image, elsewhere: Outcome): Promise<Outcome> =>
  onImage(cluster, image, { to: 'read' }, async (open) => {
    const { native } = cluster;
    if (featuresOf(cluster, open).includes(MIGRATING)) return elsewhere;
    const found = await listed({
      size: 24,
      fill: (buffer, count) => native.call('rbd_watchers_list', open, buffer, count),
      read: (buffer, offset) => ({ address: textThrough(native, buffer, offset), client: numberAt(buffer, offset + 8) }),
      free: (buffer, count) => void native.quick('rbd_watchers_list_cleanup', buffer, count),
    });
    return 'code' in found ? ended(found.code) : answer({ watchers: found.rows });
  });

const LOCK_BYTES = 65_536;

/** Who holds locks on an image. */
export const locks = (cluster: Cluster, image: Image): Promise<Outcome> =>
  onImage(cluster, image, { to: 'read' }, async (open) => {
    const [exclusive, tag, clients, cookies, addresses] = [room(), room(LOCK_BYTES), room(LOCK_BYTES), room(LOCK_BYTES), room(LOCK_BYTES)];
    const lengths = [tag, clients, cookies, addresses].map((buffer) => word(buffer.length));
    const [tagLength = room(), clientsLength = room(), cookiesLength = room(), addressesLength = room()] = lengths;
    const code = await cluster.native.call('rbd_list_lockers', open, exclusive, tag, tagLength, clients, clientsLength, cookies, cookiesLength, addresses, addressesLength);
    if (code < 0) return ended(code);
    const texts = (buffer: Buffer): readonly string[] => buffer.toString('utf8').split('\0');
    const [who, which, where] = [texts(clients), texts(cookies), texts(addresses)];
    return answer(Array.from({ length: code }, (_, at) => ({ id: which[at] ?? '', locker: who[at] ?? '', address: where[at] ?? '' })));
  });

/** The marks of an image. */
export const marks = (cluster: Cluster, image: Image): Promise<Outcome> =>
  onHeader(cluster, image, async (io, id) => {
    const found = await readMarks(cluster, io, id);
    return typeof found === 'number' ? ended(found, `error opening image ${image.name}`) : answer(found);
  });

/** The names of all images of a pool. */
export const names = (cluster: Cluster, pool: string): Promise<Outcome> =>
  inPool(cluster, pool, async (io) => {
    const { native } = cluster;
    const found = await listed({
      size: 16,
      fill: (buffer, count) => native.call('rbd_list2', io, buffer, count),
      read: (buffer, offset) => textThrough(native, buffer, offset + 8),
      free: (buffer, count) => void native.quick('rbd_image_spec_list_cleanup', buffer, count),
    }, 1_024);
    return 'code' in found ? (found.code === NO_ENTRY ? answer([]) : ended(found.code)) : answer(found.rows);
  });

/** What is in the trash of a pool. */
export const trash = (cluster: Cluster, pool: string): Promise<Outcome> =>
  inPool(cluster, pool, async (io) => {
    const { native } = cluster;
    const found = await listed({
      size: 40,
      fill: (buffer, count) => native.call('rbd_trash_list', io, buffer, count),
      read: (buffer, offset) => ({ id: textThrough(native, buffer, offset), name: textThrough(native, buffer, offset + 8) }),
      free: (buffer, count) => void native.quick('rbd_trash_list_cleanup', buffer, count),
    });
    return 'code' in found ? ended(found.code) : answer(found.rows);
  });
