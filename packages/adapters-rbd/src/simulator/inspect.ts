/** Looking into a simulated cluster, and playing the host, the neighbour and bad luck. */
import { dieHolding, forgetExpired, hold } from './holders.ts';
import { effectiveContent, findImage, nextNumber, OBJECT_BYTES, type Content, type SimImage } from './state.ts';
import type { World } from './world.ts';

/** An image as it stands. */
export type SeenImage = Readonly<Omit<SimImage, 'content'>> & { readonly content: Content };

/** What tests see and do besides running commands. Images are named by pool and name; one that is not there throws. */
export interface Inspector {
  /** The images of a pool, torn and trashed ones too; content is what a host would read. */
  readonly images: (pool: string) => readonly SeenImage[];
  /** One image, or nothing. */
  readonly image: (pool: string, name: string) => SeenImage | undefined;
  /** Writes a version into one object, as a host does. */
  readonly write: (pool: string, name: string, text: string, object?: number) => void;
  /** The version in one object; empty where nothing was written. */
  readonly read: (pool: string, name: string, object?: number) => string;
  /** What a snapshot holds. */
  readonly readSnapshot: (pool: string, name: string, snapshot: string, object?: number) => string;
  /** A host opens the image; call the result to close it. With `lock` it has the exclusive lock, as a writer does. */
  readonly open: (pool: string, name: string, lock?: boolean) => () => void;
  /** A host dies with the image open. */
  readonly die: (pool: string, name: string) => void;
  /** Makes the image torn, as a killed `rbd create` or `rbd rm` leaves it. */
  readonly tear: (pool: string, name: string, how: 'halfMade' | 'halfRemoved') => void;
  /** Puts the image into a group with a snapshot of the whole group, or takes it out again. */
  readonly group: (pool: string, name: string, group: string | undefined) => void;
  /** Takes a group's snapshot of the image: it belongs to no user and has no name that `rbd` takes. */
  readonly groupSnapshot: (pool: string, name: string) => void;
  /** Makes the image the passive end of a mirror, or the active one again. */
  readonly demote: (pool: string, name: string, demoted: boolean) => void;
  /** A new cluster takes the place of this one: another fsid, and nothing in it is what it was. */
  readonly becomeAnotherCluster: (fsid: string) => void;
}

/** The looking glass of a world. */
export function inspect(world: World, save: () => void): Inspector {
  const { state } = world;
  const named = (pool: string, name: string): SimImage => {
    const image = findImage(state, pool, name);
    if (image === undefined) throw new Error(`the simulated cluster has no image ${pool}/${name}`);
    return image;
  };
  const change = (pool: string, name: string, how: (image: SimImage) => void): void => {
    how(named(pool, name));
    save();
  };
  const seen = (image: SimImage): SeenImage => ({ ...image, content: effectiveContent(state, image) });
  return {
    images: (pool) => {
      forgetExpired(world);
      return state.images.filter((image) => image.pool === pool).map(seen);
    },
    image: (pool, name) => {
      const image = findImage(state, pool, name);
      return image && seen(image);
    },
    write: (pool, name, text, object = 0) =>
      change(pool, name, (image) => {
        if (object * OBJECT_BYTES >= image.sizeBytes) throw new Error(`${name} has no object ${object}`);
        image.content = { ...image.content, [object]: text };
      }),
    read: (pool, name, object = 0) => effectiveContent(state, named(pool, name))[object] ?? '',
    readSnapshot: (pool, name, snapshot, object = 0) => {
      const image = named(pool, name);
      const content = image.snapshots.find((each) => each.name === snapshot)?.content ?? {};
      return effectiveContent(state, { content, ...(image.parent === undefined ? {} : { parent: image.parent }) })[object] ?? '';
    },
    open: (pool, name, lock = false) => hold(world, named(pool, name), { lock }),
    die: (pool, name) => dieHolding(world, named(pool, name)),
    tear: (pool, name, how) => change(pool, name, (image) => void (image.torn = how)),
    group: (pool, name, group) =>
      change(pool, name, (image) => {
        if (group === undefined) delete image.group;
        else image.group = group;
      }),
    groupSnapshot: (pool, name) =>
      change(pool, name, (image) => {
        const id = nextNumber(state);
        image.snapshots.push({ id, name: `.group.2_${id.toString(16)}_1`, sizeBytes: image.sizeBytes, protected: false, namespace: 'group', content: image.content });
      }),
    demote: (pool, name, demoted) => change(pool, name, (image) => void (image.demoted = demoted)),
    becomeAnotherCluster: (fsid) => {
      Object.assign(state, { fsid, images: [], omaps: {} });
      save();
    },
  };
}
