/** A dialect is a table of commands: what to say for each thing there is to say. Two tables of one type exist, upstream's and XSKY's. */
import type { Generation } from '@blockledger/domain';
import type { Metas } from '../marks.ts';
import type { Image, SnapshotOf } from '../names.ts';

/** One command line, without the options that name the cluster (conf, user, timeouts). */
export interface Command {
  readonly program: 'rbd' | 'rados' | 'ceph';
  readonly args: readonly string[];
  readonly stdin?: Uint8Array;
  /** What it does, for people. */
  readonly summary: string;
}

/** What a new image is to be. */
export interface NewImage {
  readonly image: Image;
  readonly sizeBytes: number;
  readonly generation: Generation;
  /** For erasure coding: the head stays in `image.pool`, the data goes here (V-11). */
  readonly dataPool: string | undefined;
  /** Written with the image where the dialect can do that in one call. */
  readonly metas: Metas;
}

/** A linked clone to make. */
export interface NewClone {
  readonly from: SnapshotOf;
  readonly image: Image;
  readonly dataPool: string | undefined;
}

/** A size to change. `shrink` is said only for an accepted shrink (V-6). */
export interface NewSize {
  readonly image: Image;
  readonly sizeBytes: number;
  readonly shrink: boolean;
}

/** What a dialect can say, and how it shows progress. */
export interface Dialect {
  readonly name: 'upstream' | 'xsky';
  readonly generations: readonly Generation[];
  /** Makes an image. */
  readonly create: (wanted: NewImage) => Command;
  /** Whether `create` has written the metas too; else each is a call of its own. */
  readonly createWritesMetas: boolean;
  /** The size that an image has between being made and being whole, if its maker died; `undefined` where it is made with its size. */
  readonly bornBytes: number | undefined;
  /** Sets or unsets the performance priority; `undefined` where there is no such thing. */
  readonly priority: ((image: Image, on: boolean) => Command) | undefined;
  readonly clone: (wanted: NewClone) => Command;
  readonly flatten: (image: Image) => Command;
  /** Takes the object map from a clone that was made with one, before it is flattened; `undefined` where that cannot be said. */
  readonly dropObjectMap: ((image: Image) => Command) | undefined;
  readonly resize: (wanted: NewSize) => Command;
  readonly remove: (image: Image) => Command;
  readonly rename: (from: Image, to: Image) => Command;
  readonly snapshotCreate: (at: SnapshotOf) => Command;
  readonly snapshotProtect: (at: SnapshotOf) => Command;
  readonly snapshotUnprotect: (at: SnapshotOf) => Command;
  readonly snapshotRemove: (at: SnapshotOf) => Command;
  /** Removes a hidden snapshot, which has no name that `rbd snap rm` takes. It shows no progress. */
  readonly hiddenRemove: (image: Image, id: number) => Command;
  readonly snapshotRollback: (at: SnapshotOf) => Command;
  readonly snapshotList: (image: Image) => Command;
  readonly children: (at: SnapshotOf) => Command;
  readonly hiddenChildren: (image: Image, id: number) => Command;
  readonly info: (image: Image) => Command;
  readonly status: (image: Image) => Command;
  readonly lockList: (image: Image) => Command;
  readonly usage: (of: Image | SnapshotOf) => Command;
  /** Whether allocated space is measured after what changes it, as XSKY does (S0-46, S0-49, S0-50, S0-63). It can take minutes. */
  readonly measuresUsage: boolean;
  readonly metaList: (image: Image) => Command;
  readonly metaSet: (image: Image, key: string, value: string) => Command;
  readonly metaRemove: (image: Image, key: string) => Command;
  /** Sets an option of the image, or removes it when `value` is undefined (V-12). */
  readonly option: (image: Image, option: string, value: string | undefined) => Command;
  readonly list: (pool: string) => Command;
  readonly trashList: (pool: string) => Command;
  readonly trashMove: (image: Image) => Command;
  readonly trashRestore: (pool: string, id: string) => Command;
  readonly trashedInfo: (pool: string, id: string) => Command;
  readonly trashedSnapshotList: (pool: string, id: string) => Command;
  /** Reads one meta of a trashed image: `rbd image-meta` cannot name an image by id, its header object can be read. */
  readonly trashedMeta: (pool: string, id: string, key: string) => Command;
  readonly markGet: (pool: string, key: string) => Command;
  readonly markSet: (pool: string, key: string, value: string) => Command;
  /** The cluster's fsid and its pools with their ids, in one call. */
  readonly cluster: () => Command;
  /** Totals and each pool's use. */
  readonly space: () => Command;
  /** Asks how far a running command on an image has come; `undefined` where the command itself tells on stderr (S0-7). */
  readonly progress: ((image: Image) => Command) | undefined;
}
