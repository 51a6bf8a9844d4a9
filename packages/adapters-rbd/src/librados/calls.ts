/** What librbd is asked for, as data that goes to a worker process; and what comes back. */
import type { ProcessResult } from '@blockledger/domain';
import type { Metas } from '../marks.ts';
import type { Image, SnapshotOf } from '../names.ts';

/** One thing to ask of librbd or librados. */
export type LibraryCall =
  | { readonly do: 'create'; readonly image: Image; readonly sizeBytes: number; readonly dataPool: string | undefined; readonly metas: Metas }
  | { readonly do: 'clone'; readonly from: SnapshotOf; readonly image: Image; readonly dataPool: string | undefined }
  | { readonly do: 'resize'; readonly image: Image; readonly sizeBytes: number; readonly shrink: boolean }
  | { readonly do: 'flatten' | 'remove' | 'info' | 'status' | 'lockList' | 'metaList' | 'snapshotList' | 'trashMove'; readonly image: Image }
  | { readonly do: 'rename'; readonly image: Image; readonly name: string }
  | { readonly do: 'snapshotCreate' | 'snapshotProtect' | 'snapshotUnprotect' | 'snapshotRemove' | 'snapshotRollback' | 'children'; readonly at: SnapshotOf }
  | { readonly do: 'metaSet'; readonly image: Image; readonly key: string; readonly value: string }
  | { readonly do: 'metaRemove'; readonly image: Image; readonly key: string }
  | { readonly do: 'list' | 'trashList'; readonly pool: string }
  | { readonly do: 'trashRestore'; readonly pool: string; readonly id: string }
  | { readonly do: 'monitor'; readonly prefix: string };

/** Which cluster, as whom, and how long its parts may take. */
export interface Connection {
  readonly conf: string | undefined;
  readonly name: string;
  readonly keyring: string | undefined;
  readonly connectSeconds: string;
  readonly osdSeconds: string;
}

/** What is sent to the worker. `alone`: the worker has nothing else to do, so it may take long, and is killed to stop it. */
export type ToWorker = { readonly call: LibraryCall; readonly connection: Connection; readonly alone: boolean } | { readonly call: 'versions' };

/** Versions of what is in use. */
export interface LibraryVersions {
  readonly librbd: string;
  readonly librados: string;
  readonly koffi: string;
}

/** What the worker answers. */
export type FromWorker =
  /** As the program would have answered: librbd's errno is `rbd`'s exit code. */
  | { readonly result: ProcessResult }
  /** Nothing was done: it takes long, so it wants a worker of its own. */
  | { readonly takesLong: true }
  /** Nothing was done: this is for the command line to do. */
  | { readonly elsewhere: true }
  /** The libraries are not here. */
  | { readonly missing: string }
  | { readonly versions: LibraryVersions };

/** Percent. */
export type WorkerSays = number;
