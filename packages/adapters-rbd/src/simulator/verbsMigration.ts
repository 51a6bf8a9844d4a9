/** The verbs that move an image to another pool, as 16.2 has them; what each leaves when it is killed is in `leaveHalfPrepared`. */
import type { Spec } from './argv.ts';
import { childrenOf, findImage, nextNumber, type SimImage, type SimState } from './state.ts';
import { broken, complaint, destinationOf, fine, isAnswer, openImage, openPool, targetOf, type Answer, type Asked, type Verb, type World } from './world.ts';

interface Ends {
  readonly source: SimImage;
  readonly destination: SimImage | undefined;
}

const otherEnd = (state: SimState, { migration }: SimImage): SimImage | undefined => state.images.find(({ id }) => id === migration?.otherId);

/** Either end names a migration: the destination in its pool, the source in the trash, where a migration put it. */
function endsOf(world: World, asked: Asked, label: string): Ends | Answer {
  const { pool, image: name } = targetOf(asked);
  const { state } = world;
  const noPool = openPool(world, pool);
  if (noPool !== undefined) return noPool;
  const trashed = state.images.find((image) => image.place === 'trash' && image.trashedBy === 'migration' && image.pool === pool && image.name === name);
  const named = findImage(state, pool, name) ?? trashed;
  if (named === undefined) return broken(2, 'migration failed', label, 'Migration: open_images: failed to determine image id: (2) No such file or directory');
  const unknown = broken(22, 'migration failed', label, 'Migration: open_images: failed retrieving migration header: (22) Invalid argument');
  if (named.migration === undefined) return unknown;
  const other = otherEnd(state, named);
  if (named.migration.end === 'source') return { source: named, destination: other };
  return other === undefined ? unknown : { source: other, destination: named };
}

const withoutMigrating = ({ features }: SimImage): readonly string[] => features.filter((feature) => feature !== 'migrating');

const isKnown = (destination: SimImage | undefined): destination is SimImage => destination?.migration !== undefined;

/** Clones of one image's snapshots become clones of the other's snapshots of the same names. */
function relink({ images }: SimState, from: SimImage, to: SimImage): void {
  for (const image of images) {
    const snapshot = image.parent?.imageId === from.id ? from.snapshots.find(({ id }) => id === image.parent?.snapshotId) : undefined;
    const twin = to.snapshots.find(({ name }) => name === snapshot?.name);
    if (image.parent !== undefined && twin !== undefined) image.parent = { ...image.parent, imageId: to.id, snapshotId: twin.id };
  }
}

const prepare: Verb = (world, asked) => {
  const { state } = world;
  const source = openImage(world, asked);
  if (isAnswer(source)) return broken(2, 'preparing migration failed', undefined, 'Migration: prepare: failed to open image: (2) No such file or directory');
  const spec = destinationOf(asked, 1);
  const noPool = openPool(world, spec.pool);
  if (noPool !== undefined) return noPool;
  const busy = (why: string): Answer => broken(16, 'preparing migration failed', undefined, `Migration: ${why}`);
  if (source.watchers.length > 0) return busy('prepare: image has watchers - not migrating');
  if (source.group !== undefined || source.migration !== undefined) return busy('v2_unlink_src_image: failed moving image to trash: (16) Device or resource busy');
  if (source.snapshots.some(({ id, namespace }) => namespace === 'trash' && childrenOf(state, source.id, id).length > 0)) return busy('list_src_snaps: image has snapshots with linked clones');
  if (findImage(state, spec.pool, spec.image) !== undefined) return broken(17, 'preparing migration failed', undefined, 'Migration: create_dst_image: header creation failed: (17) File exists');
  if (state.pools[spec.pool]?.erasure === true) return broken(95, 'preparing migration failed');
  const id = nextNumber(state).toString(16);
  const dataPool = asked.options['--data-pool'];
  const { dataPool: _, migration: __, ...rest } = source;
  const destination: SimImage = {
    ...rest,
    pool: spec.pool,
    name: spec.image,
    id,
    features: [...source.features.filter((feature) => feature !== 'data-pool'), ...(dataPool === undefined ? [] : ['data-pool']), 'migrating'],
    ...(dataPool === undefined ? {} : { dataPool }),
    metas: { ...source.metas },
    snapshots: source.snapshots.map((snapshot) => ({ ...snapshot, id: nextNumber(state) })),
    watchers: [],
    locks: [],
    migration: { end: 'destination', otherId: source.id, state: 'prepared' },
  };
  state.images.push(destination);
  Object.assign(source, { place: 'trash', trashedBy: 'migration', features: [...source.features, 'migrating'], migration: { end: 'source', otherId: id, state: 'prepared' } });
  relink(state, source, destination);
  return fine();
};

const execute: Verb = (world, asked) => {
  const label = 'Image migration';
  const ends = endsOf(world, asked, label);
  if (isAnswer(ends)) return ends;
  const { destination } = ends;
  if (!isKnown(destination) || destination.migration === undefined) return broken(22, 'migration failed', label);
  const { state } = destination.migration;
  if (state !== 'prepared' && state !== 'executing') return broken(22, 'migration failed', label, `Migration: execute: current migration state is '${state}' (should be 'prepared')`);
  destination.migration.state = 'executed';
  return fine('', label);
};

const commit: Verb = (world, asked) => {
  const label = 'Commit image migration';
  const ends = endsOf(world, asked, label);
  if (isAnswer(ends)) return ends;
  const { source, destination } = ends;
  const { state } = world;
  if (!isKnown(destination) || destination.migration?.state !== 'executed') return broken(22, 'committing migration failed', label, 'Migration: commit: current migration state is not executed');
  const clones = childrenOf(state, destination.id);
  if (clones.length > 0 && asked.options['--force'] === undefined) return complaint(16, `the image has a descendant: ${clones[0]?.pool}/${clones[0]?.name}`);
  state.images = state.images.filter((image) => image !== source);
  delete destination.migration;
  destination.features = withoutMigrating(destination);
  return fine('', label);
};

const abort: Verb = (world, asked) => {
  const label = 'Abort image migration';
  const ends = endsOf(world, asked, label);
  if (isAnswer(ends)) return ends;
  const { source, destination } = ends;
  const { state } = world;
  // One without a header is open to everybody; a torn one is taken for none.
  if (destination !== undefined && destination.migration === undefined && destination.torn === undefined) return broken(22, 'aborting migration failed', label, 'Migration: set_state: failed to set destination migration header: (22) Invalid argument');
  if ((destination?.watchers.length ?? 0) > 0) return broken(16, 'aborting migration failed', label);
  if (destination !== undefined) {
    relink(state, destination, source);
    // A torn one is taken for none, and left.
    if (destination.torn === undefined) state.images = state.images.filter((image) => image !== destination);
  }
  source.place = 'pool';
  source.features = withoutMigrating(source);
  delete source.trashedBy;
  delete source.migration;
  return fine('', label);
};

/**
 * What a `prepare` that is killed leaves, in the order of its steps: the source in the trash, where nothing but the trash knows why; the same
 * with a header, and no destination, or one without a header of its own; one that is open to everybody, empty, with snapshots, without or with marks; one that no
 * program can open, since each waits for its maker; a migration that is prepared.
 */
export function leaveHalfPrepared({ state }: World, source: SimImage): void {
  const destination = otherEnd(state, source);
  if (destination === undefined) return;
  const step = Number.parseInt(destination.id, 16) % 7;
  if (step === 0) {
    source.features = withoutMigrating(source);
    delete source.migration;
  }
  if (step <= 1) state.images = state.images.filter((image) => image !== destination);
  if (step === 2) destination.torn = 'halfMade';
  if (step === 2 || step === 3 || step === 4) {
    relink(state, destination, source);
    if (step !== 4) destination.metas = {};
    Object.assign(destination, { content: {}, features: withoutMigrating(destination) });
    for (const snapshot of destination.snapshots) snapshot.content = {};
    delete destination.migration;
  }
  if (step === 5 && destination.migration !== undefined) destination.migration.state = 'preparing';
}

/** What a `commit` that is killed leaves: a destination that has forgotten the migration, and a source that has not, which nobody can open to change it. */
export function leaveHalfCommitted({ state }: World, destination: SimImage): boolean {
  if (destination.migration?.end !== 'destination' || destination.migration.state !== 'executed' || childrenOf(state, destination.id).length > 0) return false;
  delete destination.migration;
  destination.features = withoutMigrating(destination);
  return true;
}

/**
 * What an `abort` of a source that is killed leaves: in turn a destination that is half removed and the source still in the trash, or the source in
 * its pool as part of a migration that there is not any more, which nobody can open to change it.
 */
export function leaveHalfAborted({ state }: World, { pool, image: name }: Spec): void {
  const source = state.images.find((image) => image.trashedBy === 'migration' && image.pool === pool && image.name === name);
  const destination = source === undefined ? undefined : otherEnd(state, source);
  if (source === undefined || destination?.migration === undefined || destination.watchers.length > 0) return;
  if (Number.parseInt(destination.id, 16) % 2 === 0) {
    destination.torn = 'halfRemoved';
    return;
  }
  relink(state, destination, source);
  state.images = state.images.filter((image) => image !== destination);
  source.place = 'pool';
  delete source.trashedBy;
}

export const migrationVerbs: Readonly<Record<string, Verb>> = { 'migration prepare': prepare, 'migration execute': execute, 'migration commit': commit, 'migration abort': abort };
