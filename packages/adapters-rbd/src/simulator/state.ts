/** What a simulated cluster holds: plain JSON, so that it can be kept in a file. */

/** Content of an image: object index → version text. An object that is not there reads as its parent's, or as nothing. */
export type Content = Readonly<Record<string, string>>;

/** A snapshot in the simulated cluster; `namespace` is whose it is. */
export interface SimSnapshot {
  readonly id: number;
  name: string;
  sizeBytes: number;
  protected: boolean;
  namespace: 'user' | 'group' | 'trash' | 'mirror';
  /** What it was called before it went to the trash. */
  originalName?: string;
  content: Content;
}

/** Who has an image open. `expiresAtMs` is set for a client that died: the cluster forgets it then. */
export interface SimWatcher {
  readonly address: string;
  readonly client: number;
  readonly cookie: number;
  readonly expiresAtMs?: number;
}

/** A lock. The exclusive-lock feature's begin with `auto `; they outlive a client that died. */
export interface SimLock {
  readonly id: string;
  readonly locker: string;
  readonly address: string;
}

/** The link of a clone. `overlapBytes` of the parent still show through. */
export interface SimParent {
  readonly imageId: string;
  readonly snapshotId: number;
  overlapBytes: number;
  readonly format: 1 | 2;
}

/** An image in the simulated cluster. */
export interface SimImage {
  readonly pool: string;
  name: string;
  readonly id: string;
  sizeBytes: number;
  features: readonly string[];
  readonly dataPool?: string;
  metas: Record<string, string>;
  snapshots: SimSnapshot[];
  parent?: SimParent;
  content: Content;
  /** Objects that the object map claims though they are not there: their copier died. A flatten skips them. */
  claimed?: readonly string[];
  watchers: SimWatcher[];
  locks: SimLock[];
  place: 'pool' | 'trash';
  /** Who put it into the trash, where that was not a user. */
  trashedBy?: 'migration';
  /** It is one end of a migration. `preparing`: its maker died, and whoever opens it waits for ever. */
  migration?: { readonly end: 'source' | 'destination'; readonly otherId: string; state: 'preparing' | 'prepared' | 'executing' | 'executed' };
  /** No header: in `rbd ls`, but not in `rbd info`. Half made can be made no more (17), half removed can. */
  torn?: 'halfMade' | 'halfRemoved';
  group?: string;
  /** The passive end of a mirror: nothing may change it (30). */
  demoted?: boolean;
  /** XSKY's performance flag. */
  perfVol?: boolean;
}

export interface SimPool {
  readonly id: number;
  readonly erasure: boolean;
}

export interface SimState {
  readonly fsid: string;
  nextId: number;
  pools: Record<string, SimPool>;
  images: SimImage[];
  /** pool → object → key → value. */
  omaps: Record<string, Record<string, Record<string, string>>>;
  /** What a clone is where nobody says: format 1 needs a protected parent, format 2 does not (the least client that the cluster admits). */
  cloneFormat: 1 | 2;
}

/** One object of an image: 4 MiB. */
export const OBJECT_BYTES = 4 * 1024 * 1024;

/** An empty cluster. */
export const newState = (fsid: string, pools: Readonly<Record<string, { readonly erasure?: boolean }>>, cloneFormat: 1 | 2): SimState => ({
  fsid,
  nextId: 0x1000,
  pools: Object.fromEntries(Object.entries(pools).map(([name, { erasure }], index) => [name, { id: index + 1, erasure: erasure ?? false }])),
  images: [],
  omaps: {},
  cloneFormat,
});

/** A number that was never given before. */
export const nextNumber = (state: SimState): number => (state.nextId += 1);

/** An image by name; a torn one too. Where a removal died and the name was used again, the whole one. */
export const findImage = (state: SimState, pool: string, name: string): SimImage | undefined => {
  const named = state.images.filter((image) => image.place === 'pool' && image.pool === pool && image.name === name);
  return named.find(({ torn }) => torn === undefined) ?? named[0];
};

export const findById = (state: SimState, pool: string, id: string): SimImage | undefined =>
  state.images.find((image) => image.pool === pool && image.id === id && image.torn === undefined);

/** The images that are clones of a snapshot, or of any snapshot of an image. */
export const childrenOf = (state: SimState, imageId: string, snapshotId?: number): readonly SimImage[] =>
  state.images.filter(({ parent }) => parent?.imageId === imageId && (snapshotId === undefined || parent.snapshotId === snapshotId));

/** Moves a snapshot out of sight, which is the first thing that its removal does. */
export function hide(snapshot: SimSnapshot): void {
  snapshot.namespace = 'trash';
  snapshot.originalName = snapshot.name;
  snapshot.name = `00000000-0000-4000-8000-${snapshot.id.toString(16).padStart(12, '0')}`;
}

/** What an image holds as a host reads it: its own objects over its parent's. */
export function effectiveContent(state: SimState, { content, parent }: Pick<SimImage, 'content' | 'parent'>): Content {
  if (parent === undefined) return content;
  const source = state.images.find(({ id }) => id === parent.imageId);
  const snapshot = source?.snapshots.find(({ id }) => id === parent.snapshotId);
  if (source === undefined || snapshot === undefined) return content;
  const below = effectiveContent(state, { content: snapshot.content, ...(source.parent === undefined ? {} : { parent: source.parent }) });
  return { ...within(below, parent.overlapBytes), ...content };
}

/** The objects that begin below a size. */
export const within = (content: Content, sizeBytes: number): Content =>
  Object.fromEntries(Object.entries(content).filter(([index]) => Number(index) * OBJECT_BYTES < sizeBytes));
