/** The verbs on snapshots. */
import { childrenOf, hide, nextNumber, within, type SimImage, type SimSnapshot } from './state.ts';
import { broken, complaint, fine, fineJson, isAnswer, openImage, openSnapshot, targetOf, type Answer, type Asked, type Verb, type World } from './world.ts';

const create: Verb = (world, asked) => {
  const image = openImage(world, asked);
  if (isAnswer(image)) return image;
  const name = targetOf(asked).snapshot;
  const label = 'Creating snap';
  if (name === undefined || name === '') return complaint(22, 'snapshot name was not specified');
  if (image.demoted === true) return broken(30, 'failed to create snapshot', label);
  if (image.snapshots.some((each) => each.namespace === 'user' && each.name === name)) return broken(17, 'failed to create snapshot', label);
  image.snapshots.push({ id: nextNumber(world.state), name, sizeBytes: image.sizeBytes, protected: false, namespace: 'user', content: image.content });
  return fine('', label);
};

const protect: Verb = (world, asked) => {
  const opened = openSnapshot(world, asked, broken(2, 'protecting snap failed'));
  if (isAnswer(opened)) return opened;
  if (opened.snapshot.protected) return broken(16, 'protecting snap failed', undefined, 'SnapshotProtectRequest: snap is already protected');
  opened.snapshot.protected = true;
  return fine();
};

const unprotect: Verb = (world, asked) => {
  const opened = openSnapshot(world, asked, broken(2, 'unprotecting snap failed'));
  if (isAnswer(opened)) return opened;
  const { image, snapshot } = opened;
  if (!snapshot.protected) return broken(22, 'unprotecting snap failed', undefined, 'SnapshotUnprotectRequest: snap is already unprotected');
  const clones = childrenOf(world.state, image.id, snapshot.id).filter(({ parent }) => parent?.format === 1);
  if (clones.length > 0) {
    const log = `SnapshotUnprotectRequest: cannot get children for pool: ${clones.length} child(ren)`;
    return broken(16, 'unprotecting snap failed', undefined, log);
  }
  snapshot.protected = false;
  return fine();
};

const remove: Verb = (world, asked) => {
  if (asked.options['--snap-id'] !== undefined) return removeById(world, asked);
  const label = 'Removing snap';
  const opened = openSnapshot(world, asked, broken(2, 'failed to remove snapshot', label));
  if (isAnswer(opened)) return opened;
  const { image, snapshot } = opened;
  if (snapshot.protected) return complaint(16, `snapshot '${snapshot.name}' is protected from removal.`, label);
  drop(world, image, snapshot);
  return fine('', label);
};

/** By its id a hidden one can be removed too. Progress is neither shown nor to be switched off. */
function removeById(world: World, asked: Asked): Answer {
  if (targetOf(asked).snapshot !== undefined) return complaint(22, 'trying to access snapshot using both name and id.');
  if (asked.options['--no-progress'] !== undefined) return complaint(22, 'force and no-progress options not permitted when removing by id.');
  const image = openImage(world, asked);
  if (isAnswer(image)) return image;
  const snapshot = byId(image, asked);
  if (snapshot === undefined) return broken(2, 'failed to remove snapshot');
  const kept = snapshot.namespace === 'trash' && childrenOf(world.state, image.id, snapshot.id).length > 0;
  if (snapshot.protected || kept) return complaint(16, `snapshot id ${snapshot.id} is protected from removal.`);
  drop(world, image, snapshot);
  return fine();
}

const byId = ({ snapshots }: SimImage, { options }: Asked): SimSnapshot | undefined => snapshots.find(({ id }) => String(id) === options['--snap-id']);

/** Takes a snapshot away. Clones of format 2 keep it, out of sight. */
function drop({ state }: World, image: SimImage, snapshot: SimSnapshot): void {
  if (childrenOf(state, image.id, snapshot.id).length === 0) {
    image.snapshots = image.snapshots.filter((each) => each !== snapshot);
    return;
  }
  hide(snapshot);
}

/** Says on stdout what it could not remove, and ends with 0 all the same (V-8). */
const purge: Verb = (world, asked) => {
  const image = openImage(world, asked);
  if (isAnswer(image)) return image;
  const kept = image.snapshots.filter((each) => each.protected && each.namespace === 'user').map(({ name }) => name);
  for (const snapshot of image.snapshots.filter((each) => !each.protected && each.namespace === 'user')) drop(world, image, snapshot);
  if (kept.length === 0) return fine('', 'Removing all snapshots');
  return fine(`rbd: error removing snapshot(s) '${kept.join("', '")}', which is protected - these must be unprotected with 'rbd snap unprotect' before it can be removed.\n`);
};

const rollback: Verb = (world, asked) => {
  const label = 'Rolling back to snapshot';
  const opened = openSnapshot(world, asked, broken(2, 'rollback failed', label));
  if (isAnswer(opened)) return opened;
  const { image, snapshot } = opened;
  if (image.demoted === true) return broken(30, 'rollback failed', label);
  image.sizeBytes = snapshot.sizeBytes;
  image.content = within(snapshot.content, snapshot.sizeBytes);
  return fine('', label);
};

const list: Verb = (world, asked) => {
  const image = openImage(world, asked);
  if (isAnswer(image)) return image;
  const all = asked.options['--all'] !== undefined;
  return fineJson(
    image.snapshots
      .filter(({ namespace }) => all || namespace === 'user')
      .map(({ id, name, sizeBytes, protected: kept, namespace, originalName }) => ({
        id,
        name,
        size: sizeBytes,
        protected: String(kept),
        timestamp: 'Thu Jan  1 00:00:00 2026',
        ...(all ? { namespace: { type: namespace, ...(originalName === undefined ? {} : { original_name: originalName }) } } : {}),
      })),
  );
};

const children: Verb = (world, asked) => {
  const image = openImage(world, asked);
  if (isAnswer(image)) return image;
  const name = targetOf(asked).snapshot;
  const asksById = asked.options['--snap-id'] !== undefined;
  const snapshot = asksById ? byId(image, asked) : image.snapshots.find((each) => each.namespace === 'user' && each.name === name);
  if (asksById && snapshot === undefined) return complaint(2, 'snapshot does not exist.');
  if (name !== undefined && snapshot === undefined) return broken(2, 'error setting snapshot context');
  return fineJson(
    childrenOf(world.state, image.id, snapshot?.id).map(({ pool, name: child, id, place }) => ({
      pool,
      pool_namespace: '',
      image: child,
      id,
      trash: place === 'trash',
    })),
  );
};

export const snapshotVerbs: Readonly<Record<string, Verb>> = {
  'snap create': create,
  'snap protect': protect,
  'snap unprotect': unprotect,
  'snap rm': remove,
  'snap purge': purge,
  'snap rollback': rollback,
  'snap ls': list,
  'snap list': list,
  children,
};
