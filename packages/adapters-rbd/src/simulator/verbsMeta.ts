/** The verbs on metas, options, holders and the trash. */
import { QOS_TABLE } from '../marks.ts';
import { findById, findImage } from './state.ts';
import { broken, complaint, fine, fineJson, isAnswer, openImage, openPool, type Verb } from './world.ts';

/** An image without metas gets no answer at all, not even `{}`. */
const metaList: Verb = (world, asked) => {
  const image = openImage(world, asked);
  if (isAnswer(image)) return image;
  const sorted = Object.entries(image.metas).toSorted(([left], [right]) => (left < right ? -1 : 1));
  return sorted.length === 0 ? fine() : fineJson(Object.fromEntries(sorted));
};

/** The operands after the image: all but the first, or all when options name the image. */
const rest = (operands: readonly string[], options: Readonly<Record<string, string>>): readonly string[] =>
  options['--image'] === undefined ? operands.slice(1) : operands;

const metaSet: Verb = (world, asked) => {
  const image = openImage(world, asked);
  if (isAnswer(image)) return image;
  const [key, value] = rest(asked.operands, asked.options);
  if (key === undefined || value === undefined) return complaint(22, 'metadata value was not specified');
  image.metas[key] = value;
  return fine();
};

const metaRemove: Verb = (world, asked) => {
  const image = openImage(world, asked);
  if (isAnswer(image)) return image;
  const [key = ''] = rest(asked.operands, asked.options);
  if (image.metas[key] === undefined) return broken(2, 'removing metadata failed');
  delete image.metas[key];
  return fine();
};

const OPTIONS = new Set(QOS_TABLE.map(({ option }) => option));

const optionSet: Verb = (world, asked) => {
  const image = openImage(world, asked);
  if (isAnswer(image)) return image;
  const [option = '', value = ''] = rest(asked.operands, asked.options);
  if (!OPTIONS.has(option)) return complaint(22, `not rbd option: ${option}`);
  if (!/^\d+[KMGT]?$/.test(value)) return broken(22, 'error setting config override');
  if (image.demoted === true) return broken(30, 'error setting config override');
  image.metas[`conf_${option}`] = value;
  return fine();
};

const optionRemove: Verb = (world, asked) => {
  const image = openImage(world, asked);
  if (isAnswer(image)) return image;
  const [option = ''] = rest(asked.operands, asked.options);
  if (image.metas[`conf_${option}`] === undefined) return complaint(2, `${option} is not set`);
  delete image.metas[`conf_${option}`];
  return fine();
};

const status: Verb = (world, asked) => {
  const image = openImage(world, asked);
  if (isAnswer(image)) return image;
  const watchers = image.watchers.map(({ address, client, cookie }) => ({ address, client, cookie }));
  const { migration } = image;
  const other = world.state.images.find(({ id }) => id === migration?.otherId);
  if (migration === undefined || other === undefined) return fineJson({ watchers });
  const [source, destination] = migration.end === 'source' ? [image, other] : [other, image];
  return fineJson({
    watchers,
    migration: {
      source_pool_name: source.pool,
      source_pool_namespace: '',
      source_image_name: source.name,
      source_image_id: source.id,
      dest_pool_name: destination.pool,
      dest_pool_namespace: '',
      dest_image_name: destination.name,
      dest_image_id: destination.id,
      state: migration.state,
      state_description: '',
    },
  });
};

const lockList: Verb = (world, asked) => {
  const image = openImage(world, asked);
  return isAnswer(image) ? image : fineJson(image.locks);
};

const lockAdd: Verb = (world, asked) => {
  const image = openImage(world, asked);
  if (isAnswer(image)) return image;
  const [id = ''] = rest(asked.operands, asked.options);
  image.locks.push({ id, locker: 'client.4000', address: '127.0.0.1:0/4000' });
  return fine();
};

/** Checks nothing: snapshots, watchers and groups are no obstacle. */
const trashMove: Verb = (world, asked) => {
  const image = openImage(world, asked);
  if (isAnswer(image)) return image;
  if (image.migration !== undefined) return broken(16, 'deferred delete error');
  image.place = 'trash';
  return fine();
};

const trashList: Verb = (world, asked) => {
  const pool = asked.options['--pool'] ?? asked.operands[0] ?? 'rbd';
  const trashed = world.state.images.filter((image) => image.pool === pool && image.place === 'trash');
  return openPool(world, pool) ?? fineJson(trashed.map(({ id, name }) => ({ id, name })));
};

const trashRestore: Verb = (world, asked) => {
  const pool = asked.options['--pool'] ?? 'rbd';
  const id = asked.options['--image-id'] ?? '';
  const noPool = openPool(world, pool);
  if (noPool !== undefined) return noPool;
  const image = findById(world.state, pool, id);
  if (image === undefined || image.place !== 'trash') return complaint(2, 'error: image does not exist in trash');
  if (findImage(world.state, pool, image.name) !== undefined) return complaint(17, 'error: an image with the same name already exists, try again with with a different name');
  if (image.trashedBy !== undefined) return broken(22, 'restore error', undefined, "api::Trash: restore: Current trash source 'migration' does not match expected: user,mirroring,unknown (4)");
  image.place = 'pool';
  return fine();
};

export const metaVerbs: Readonly<Record<string, Verb>> = {
  'image-meta list': metaList,
  'image-meta ls': metaList,
  'image-meta set': metaSet,
  'image-meta remove': metaRemove,
  'image-meta rm': metaRemove,
  'config image set': optionSet,
  'config image remove': optionRemove,
  status,
  'lock ls': lockList,
  'lock add': lockAdd,
  'trash mv': trashMove,
  'trash ls': trashList,
  'trash restore': trashRestore,
};
