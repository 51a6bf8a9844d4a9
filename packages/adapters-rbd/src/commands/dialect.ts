/** A dialect is a table of commands: what to say for each thing there is to say. Two tables of one type exist, upstream's and XSKY's. */
import type { Generation } from '@blockledger/domain';
import type { LibraryCall } from '../librados/calls.ts';
import type { Metas } from '../marks.ts';
import type { Image, SnapshotOf } from '../names.ts';

/** One command line, without the options that name the cluster (conf, user, timeouts). */
export interface Command {
  readonly program: 'rbd' | 'rados' | 'ceph' | 'ceph-conf';
  readonly args: readonly string[];
  readonly stdin?: Uint8Array;
  /** What it does, for people. */
  readonly summary: string;
  /** The same as a call of librbd or librados, where they can be asked (`transport: 'librados'`). */
  readonly native?: LibraryCall;
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

/** The four words of a migration. The last three name either end. */
export interface MigrationWords {
  /** Links `to` to `from`, which goes out of sight into the trash. */
  readonly prepare: (from: Image, to: Image, dataPool: string | undefined) => Command;
  /** Copies what `to` shows of its source. */
  readonly execute: (image: Image) => Command;
  /** Removes the source. */
  readonly commit: (image: Image) => Command;
  /** Removes the destination and brings the source back. */
  readonly abort: (image: Image) => Command;
  /** What the trash has written down of an image, as a dump: nothing else shows who put it there. */
  readonly trashRecord: (pool: string, id: string) => Command;
  /** Writes that down. */
  readonly setTrashRecord: (pool: string, id: string, record: Uint8Array) => Command;
  /** The features of an image in the trash, as a dump. */
  readonly features: (pool: string, id: string) => Command;
  /** Writes them. */
  readonly setFeatures: (pool: string, id: string, features: Uint8Array) => Command;
  /** Removes what an image in the trash knows of a migration. */
  readonly removeHeader: (pool: string, id: string) => Command;
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
  /** Makes a linked clone. */
  readonly clone: (wanted: NewClone) => Command;
  /** Copies what a clone shares with its parent and cuts the link. */
  readonly flatten: (image: Image) => Command;
  /** Takes the object map from a clone that was made with one, before it is flattened; `undefined` where that cannot be said. */
  readonly dropObjectMap: ((image: Image) => Command) | undefined;
  /** Grows or shrinks an image. */
  readonly resize: (wanted: NewSize) => Command;
  /** Removes an image. */
  readonly remove: (image: Image) => Command;
  /** Gives an image another name in the same pool. */
  readonly rename: (from: Image, to: Image) => Command;
  /** Takes a snapshot. */
  readonly snapshotCreate: (at: SnapshotOf) => Command;
  /** Protects a snapshot, as clones of format 1 need it. */
  readonly snapshotProtect: (at: SnapshotOf) => Command;
  /** Takes that protection away. */
  readonly snapshotUnprotect: (at: SnapshotOf) => Command;
  /** Removes a snapshot. */
  readonly snapshotRemove: (at: SnapshotOf) => Command;
  /** Removes a hidden snapshot, which has no name that `rbd snap rm` takes. It shows no progress. */
  readonly hiddenRemove: (image: Image, id: number) => Command;
  /** Sets an image back to a snapshot. */
  readonly snapshotRollback: (at: SnapshotOf) => Command;
  /** All snapshots of an image, those of groups, mirrors and the trash too. */
  readonly snapshotList: (image: Image) => Command;
  /** The clones of a snapshot, trashed ones too. */
  readonly children: (at: SnapshotOf) => Command;
  /** The clones of a hidden snapshot. */
  readonly hiddenChildren: (image: Image, id: number) => Command;
  /** Size, features, parent and identity of an image. */
  readonly info: (image: Image) => Command;
  /** Who watches an image. */
  readonly status: (image: Image) => Command;
  /** Who holds locks on an image. */
  readonly lockList: (image: Image) => Command;
  /** How many bytes are allocated. It can take minutes. */
  readonly usage: (of: Image | SnapshotOf) => Command;
  /** Whether allocated space is measured after what changes it, as XSKY does (S0-46, S0-49, S0-50, S0-63). It can take minutes. */
  readonly measuresUsage: boolean;
  /** All metas of an image. */
  readonly metaList: (image: Image) => Command;
  /** Writes one meta. */
  readonly metaSet: (image: Image, key: string, value: string) => Command;
  /** Removes one meta. */
  readonly metaRemove: (image: Image, key: string) => Command;
  /** Sets an option of the image, or removes it when `value` is undefined (V-12). */
  readonly option: (image: Image, option: string, value: string | undefined) => Command;
  /** Moves images between pools; `undefined` where that cannot be said. */
  readonly migration: MigrationWords | undefined;
  /** The names of all images of a pool. */
  readonly list: (pool: string) => Command;
  /** What is in the trash of a pool. */
  readonly trashList: (pool: string) => Command;
  /** Moves an image to the trash. */
  readonly trashMove: (image: Image) => Command;
  /** Takes an image out of the trash, by its id. */
  readonly trashRestore: (pool: string, id: string) => Command;
  /** What `info` says, of an image in the trash. */
  readonly trashedInfo: (pool: string, id: string) => Command;
  /** What `snapshotList` says, of an image in the trash. */
  readonly trashedSnapshotList: (pool: string, id: string) => Command;
  /** Reads one meta of a trashed image: `rbd image-meta` cannot name an image by id, its header object can be read. */
  readonly trashedMeta: (pool: string, id: string, key: string) => Command;
  /** Reads a key of the pool's marker object. */
  readonly markGet: (pool: string, key: string) => Command;
  /** Writes a key of the pool's marker object. */
  readonly markSet: (pool: string, key: string, value: string) => Command;
  /** The cluster's fsid and its pools with their ids, in one call. */
  readonly cluster: () => Command;
  /** Totals and each pool's use. */
  readonly space: () => Command;
  /** Asks how far a running command on an image has come; `undefined` where the command itself tells on stderr (S0-7). */
  readonly progress: ((image: Image) => Command) | undefined;
}
