/** The verbs on whole images. */
import { readImportStream } from '../commands/importStream.ts';
import { sizeOf, type Spec } from './argv.ts';
import { childrenOf, effectiveContent, findImage, nextNumber, OBJECT_BYTES, within, type SimImage, type SimParent } from './state.ts';
import { broken, complaint, destinationOf, fine, fineJson, isAnswer, openImage, openPool, openSnapshot, targetOf, type Answer, type Asked, type Verb, type World } from './world.ts';

const DEFAULT_FEATURES = ['layering', 'exclusive-lock', 'object-map', 'fast-diff', 'deep-flatten'];
const PEBIBYTE = 2 ** 50;

/** An image to be made. `what` is how the verb complains. */
interface Plan {
  readonly spec: Spec;
  readonly sizeBytes: number;
  readonly metas?: Readonly<Record<string, string>>;
  readonly parent?: SimParent;
  readonly what: string;
}

/** Makes an image, if one of this name can be made. */
function make({ state }: World, asked: Asked, { spec, sizeBytes, metas, parent, what }: Plan): Answer {
  const dataPool = asked.options['--data-pool'];
  if (dataPool !== undefined && state.pools[dataPool] === undefined) return broken(2, what);
  const there = findImage(state, spec.pool, spec.image);
  if (there !== undefined && there.torn !== 'halfRemoved') return broken(17, what);
  if (state.pools[spec.pool]?.erasure === true) return broken(95, what);
  if (sizeBytes >= PEBIBYTE) return broken(22, what, undefined, 'image: image size not compatible with object map');
  const features = asked.options['--image-feature']?.split(',') ?? DEFAULT_FEATURES;
  state.images.push({
    pool: spec.pool,
    name: spec.image,
    id: nextNumber(state).toString(16),
    sizeBytes,
    features: dataPool === undefined ? features : [...features, 'data-pool'],
    ...(dataPool === undefined ? {} : { dataPool }),
    metas: { ...metas },
    snapshots: [],
    ...(parent === undefined ? {} : { parent }),
    content: {},
    watchers: [],
    locks: [],
    place: 'pool',
  });
  return fine();
}

function badName({ image, snapshot }: Spec): Answer | undefined {
  return snapshot !== undefined || image.includes('/') ? complaint(22, "invalid spec: a name must not contain '@' or '/'") : undefined;
}

const create: Verb = (world, asked) => {
  const spec = targetOf(asked);
  const format = asked.options['--image-format'] ?? '2';
  const formats = world.dialect === 'xsky' ? ['2', '128', '129'] : ['2'];
  if (format === '1') return complaint(22, 'image format 1 is deprecated');
  if (!formats.includes(format)) return complaint(1, "the argument for option '--image-format' is invalid");
  if (asked.options['--size'] === undefined) return complaint(22, 'must specify --size <M/G/T>');
  const size = sizeOf(asked.options['--size']);
  if (size === undefined) return complaint(1, "the argument for option '--size' is invalid");
  return badName(spec) ?? openPool(world, spec.pool) ?? make(world, asked, { spec, sizeBytes: size, what: 'create error' });
};

/** Only what `importStream` writes; the image is whole or not there, unless a fault cuts it. */
const importImage: Verb = (world, asked) => {
  const spec = destinationOf(asked, 1);
  const read = asked.stdin === undefined ? undefined : readImportStream(asked.stdin);
  const noPool = openPool(world, spec.pool);
  if (noPool !== undefined) return noPool;
  if (read === undefined) return broken(22, 'import failed');
  return make(world, asked, { spec, sizeBytes: read.sizeBytes, metas: read.metas, what: 'import failed' });
};

const clone: Verb = (world, asked) => {
  const opened = openSnapshot(world, asked, broken(2, 'clone error', undefined, 'image::CloneRequest: failed to locate snapshot'));
  if (isAnswer(opened)) return opened;
  const { image, snapshot } = opened;
  const spec = destinationOf(asked, 1);
  const noPool = openPool(world, spec.pool);
  if (noPool !== undefined) return noPool;
  const asFormat = asked.options['--rbd-default-clone-format'];
  const format = asFormat === undefined ? world.state.cloneFormat : asFormat === '2' ? 2 : 1;
  if (format === 1 && !snapshot.protected) return broken(22, 'clone error', undefined, 'image::CloneRequest: parent snapshot must be protected');
  const parent: SimParent = { imageId: image.id, snapshotId: snapshot.id, overlapBytes: snapshot.sizeBytes, format };
  // A clone is born with all metas of its parent.
  return make(world, asked, { spec, sizeBytes: snapshot.sizeBytes, parent, metas: image.metas, what: 'clone error' });
};

const info: Verb = (world, asked) => {
  const image = openImage(world, asked);
  if (isAnswer(image)) return image;
  const { snapshot: name } = targetOf(asked);
  const snapshot = image.snapshots.find((each) => each.name === name);
  if (name !== undefined && snapshot === undefined) return broken(2, 'error setting snapshot context');
  const size = snapshot?.sizeBytes ?? image.sizeBytes;
  const day = 'Thu Jan  1 00:00:00 2026';
  const operations = [
    ...(childrenOf(world.state, image.id).some(({ parent }) => parent?.format === 2) ? ['clone-parent'] : []),
    ...(image.parent?.format === 2 ? ['clone-child'] : []),
    ...(image.snapshots.some(({ namespace }) => namespace === 'trash') ? ['snap-trash'] : []),
  ];
  return fineJson({
    name: image.name,
    id: image.id,
    size,
    objects: Math.ceil(size / OBJECT_BYTES),
    order: 22,
    object_size: OBJECT_BYTES,
    snapshot_count: image.snapshots.length,
    ...(image.dataPool === undefined ? {} : { data_pool: image.dataPool }),
    block_name_prefix: `rbd_data.${image.dataPool === undefined ? '' : `${world.state.pools[image.pool]?.id ?? 0}.`}${image.id}`,
    format: 2,
    features: operations.length === 0 ? image.features : [...image.features, 'operations'],
    op_features: operations,
    flags: [],
    create_timestamp: day,
    access_timestamp: day,
    modify_timestamp: day,
    ...parentJson(world, image),
    ...(snapshot === undefined ? {} : { protected: String(snapshot.protected) }),
  });
};

function parentJson({ state }: World, { parent }: SimImage): object {
  const source = parent === undefined ? undefined : state.images.find(({ id }) => id === parent.imageId);
  const snapshot = source?.snapshots.find(({ id }) => id === parent?.snapshotId);
  if (parent === undefined || source === undefined || snapshot === undefined) return {};
  const { pool, name: image, id } = source;
  return { parent: { pool, pool_namespace: '', image, id, snapshot: snapshot.name, trash: source.place === 'trash', overlap: parent.overlapBytes } };
}

const remove: Verb = (world, asked) => {
  const { state } = world;
  const spec = targetOf(asked);
  const noPool = openPool(world, spec.pool);
  if (noPool !== undefined) return noPool;
  const image = findImage(state, spec.pool, spec.image);
  const label = 'Removing image';
  if (image === undefined) return broken(2, 'delete error', label);
  if (image.demoted === true) return broken(22, 'delete error', label);
  if (image.torn === undefined) {
    if (image.migration !== undefined) return complaint(16, 'error: image still has watchers', label);
    if (image.group !== undefined) return complaint(31, `error: image belongs to a group`, label);
    if (image.snapshots.some(({ namespace }) => namespace !== 'trash')) {
      return complaint(39, "image has snapshots - these must be deleted with 'rbd snap purge' before the image can be removed.", label);
    }
    // Hidden snapshots go with the image, unless clones keep them.
    image.snapshots = image.snapshots.filter(({ id }) => childrenOf(state, image.id, id).length > 0);
    if (image.snapshots.length > 0) {
      return complaint(39, 'image has snapshots with linked clones - these must be deleted or flattened before the image can be removed.', label);
    }
    if (image.watchers.length > 0) return complaint(16, 'error: image still has watchers', label);
  }
  state.images = state.images.filter((each) => each !== image);
  forgetParent(world, image);
  return fine('', label);
};

/** The last clone of a snapshot that was removed under it takes the snapshot with it. */
function forgetParent({ state }: World, { parent }: SimImage): void {
  const source = parent === undefined ? undefined : state.images.find(({ id }) => id === parent.imageId);
  if (source === undefined || parent === undefined || childrenOf(state, source.id, parent.snapshotId).length > 0) return;
  source.snapshots = source.snapshots.filter(({ id, namespace }) => id !== parent.snapshotId || namespace !== 'trash');
}

const rename: Verb = (world, asked) => {
  const image = openImage(world, asked);
  if (isAnswer(image)) return broken(2, 'rename error', undefined, ': error opening source image: (2) No such file or directory');
  if (image.demoted === true) return broken(30, 'rename error');
  const spec = destinationOf(asked, 1);
  if (findImage(world.state, spec.pool, spec.image) !== undefined) return broken(17, 'rename error', undefined, `Operations: rbd image ${spec.image} already exists`);
  image.name = spec.image;
  return fine();
};

const resize: Verb = (world, asked) => {
  const image = openImage(world, asked);
  if (isAnswer(image)) return image;
  const size = sizeOf(asked.options['--size']);
  if (size === undefined) return complaint(1, "the argument for option '--size' is invalid");
  if (size === image.sizeBytes) return complaint(22, 'new size is equal to original size ');
  if (size < image.sizeBytes && asked.options['--allow-shrink'] === undefined) {
    return complaint(22, 'shrinking an image is only allowed with the --allow-shrink flag');
  }
  if (image.demoted === true) return broken(30, 'resize error', 'Resizing image');
  image.sizeBytes = size;
  image.content = within(image.content, size);
  if (image.parent !== undefined) image.parent.overlapBytes = Math.min(image.parent.overlapBytes, size);
  return fine('', 'Resizing image');
};

const flatten: Verb = (world, asked) => {
  const image = openImage(world, asked);
  if (isAnswer(image)) return image;
  if (image.demoted === true) return broken(30, 'flatten error', 'Image flatten');
  if (image.parent === undefined) return broken(22, 'flatten error', 'Image flatten', 'Operations: image has no parent');
  // What the object map claims is skipped, and lost with the link.
  const claimed = image.features.includes('object-map') ? (image.claimed ?? []) : [];
  const lost = new Set(claimed.filter((index) => image.content[index] === undefined));
  const whole = Object.fromEntries(Object.entries(effectiveContent(world.state, image)).filter(([index]) => !lost.has(index)));
  // `deep-flatten` cuts the snapshots' links too.
  for (const snapshot of image.snapshots) snapshot.content = effectiveContent(world.state, { content: snapshot.content, parent: image.parent });
  image.content = whole;
  const { parent } = image;
  delete image.parent;
  forgetParent(world, { ...image, parent });
  return fine('', 'Image flatten');
};

const list: Verb = (world, asked) => {
  const pool = asked.options['--pool'] ?? asked.operands[0] ?? 'rbd';
  const { state } = world;
  if (state.pools[pool] === undefined) return broken(2, 'listing images failed', undefined, `: error opening pool '${pool}'`);
  const names = state.images.filter((image) => image.pool === pool && image.place === 'pool').map(({ name }) => name);
  return fineJson([...new Set(names)].toSorted((left, right) => (left < right ? -1 : 1)));
};

/** Bytes used since the snapshot before, per snapshot and for the head. */
const usage: Verb = (world, asked) => {
  const image = openImage(world, asked);
  if (isAnswer(image)) return image;
  const wanted = targetOf(asked).snapshot;
  const users = image.snapshots.filter(({ namespace }) => namespace === 'user');
  if (wanted !== undefined && !users.some(({ name }) => name === wanted)) return broken(2, 'du failed');
  const used = (content: SimImage['content'], before: SimImage['content']): number =>
    Object.entries(content).filter(([index, text]) => before[index] !== text).length * OBJECT_BYTES;
  const rows = users.map(({ id, name, sizeBytes, content }, index) => ({
    name: image.name,
    id: image.id,
    snapshot: name,
    snapshot_id: id,
    provisioned_size: sizeBytes,
    used_size: used(content, users[index - 1]?.content ?? {}),
  }));
  const head = { name: image.name, id: image.id, provisioned_size: image.sizeBytes, used_size: used(image.content, users.at(-1)?.content ?? {}) };
  return fineJson({ images: wanted === undefined ? [...rows, head] : rows.slice(0, rows.findIndex(({ snapshot }) => snapshot === wanted) + 1) });
};

/** Takes features from an image; the fast diff goes with the object map that it lives in. */
const featureDisable: Verb = (world, asked) => {
  const image = openImage(world, asked);
  if (isAnswer(image)) return image;
  const names = asked.options['--image'] === undefined ? asked.operands.slice(1) : asked.operands;
  if (!names.some((name) => image.features.includes(name))) return broken(22, 'failed to update image features');
  image.features = image.features.filter((name) => !names.includes(name));
  return fine();
};

/** XSKY's performance flag; upstream has no such verb. */
const flags: Verb = (world, asked) => {
  if (world.dialect !== 'xsky') return { ...complaint(1, "error: unknown option 'flags'"), stdout: 'usage: rbd <command> ...\n' };
  const image = openImage(world, asked);
  if (isAnswer(image)) return image;
  image.perfVol = asked.options['--set'] !== undefined;
  return fine();
};

export const imageVerbs: Readonly<Record<string, Verb>> = { create, import: importImage, clone, info, rm: remove, rename, resize, flatten, ls: list, du: usage, flags, 'feature disable': featureDisable };
