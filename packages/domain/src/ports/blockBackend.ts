/**
 * A block backend as the drivers see it. Every `ensure…` observes first and then does only what is missing, so it may be repeated at will.
 * Destructive calls first make sure that this is the right cluster, the right pool and our own object.
 */
import * as t from 'io-ts';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import type { CancelSignal } from '../kernel/cancel.ts';
import { SerialNumber, SnapshotId, VolumeId } from '../kernel/ids.ts';
import type { PortError } from '../kernel/portError.ts';
import { Bytes, Count } from '../kernel/quantities.ts';
import type { Diagnose } from './diagnosis.ts';
import type { LunSource } from './lunSource.ts';

/** `v2` is XSKY's older image format, `v3` format 128, `v3adv` format 129 (S0-10). */
export const Generation = t.keyof({ v2: null, v3: null, v3adv: null }, 'Generation');
/** A value of the codec `Generation`. */
export type Generation = t.TypeOf<typeof Generation>;

/** Limits of bandwidth in bytes/s and of IO operations/s; 0 = unlimited; burst is not below max where both are set. */
export const Qos = t.readonly(
  t.strict({ enabled: t.boolean, maxBytesPerSecond: Count, burstBytesPerSecond: Count, maxIops: Count, burstIops: Count }),
  'Qos',
);
/** A value of the codec `Qos`. */
export type Qos = t.TypeOf<typeof Qos>;

/** No limits. */
export const UNLIMITED_QOS: Qos = { enabled: false, maxBytesPerSecond: 0, burstBytesPerSecond: 0, maxIops: 0, burstIops: 0 };

/** Where a pool is on its backend: the backend's registered name, the pool there, and for erasure coding the separate data pool. */
export const Placement = t.readonly(
  t.intersection([t.strict({ backend: t.string, pool: t.string }), t.partial({ dataPool: t.string })]),
  'Placement',
);
/** A value of the codec `Placement`. */
export type Placement = t.TypeOf<typeof Placement>;

/** Who a volume is; written on the backend beside the data, so that orphans can be found and a lost log rebuilt (I-27). */
export const VolumeIdentity = t.readonly(
  t.intersection([
    t.strict({ volumeId: VolumeId, serial: SerialNumber, name: t.string, tenant: t.string, generation: Generation, hidden: t.boolean }),
    t.partial({ parentSnapshotId: SnapshotId, parentVolumeId: VolumeId }),
  ]),
  'VolumeIdentity',
);
/** A value of the codec `VolumeIdentity`. */
export type VolumeIdentity = t.TypeOf<typeof VolumeIdentity>;

const ref = { placement: Placement, volumeId: VolumeId, serial: SerialNumber };

/** A volume on the backend: where, which, and the serial number that proves that it is ours. */
export const VolumeRef = t.readonly(t.strict(ref), 'VolumeRef');
/** A value of the codec `VolumeRef`. */
export type VolumeRef = t.TypeOf<typeof VolumeRef>;

const action = <K extends string, P extends t.Props>(kind: K, props: P) =>
  t.readonly(t.strict({ do: t.literal(kind), volume: VolumeRef, ...props }));

/** The calls that change something, as data: owed work carries them, `plan` prints them, a driver hands them to the backend. */
export const BackendAction = t.union(
  [
    /** Create, or clone from `parent`; then identity, QoS and priority. A clone has its parent's size. */
    action('ensureVolume', {
      identity: VolumeIdentity,
      sizeBytes: Bytes,
      qos: Qos,
      performancePriority: t.boolean,
      parent: t.union([t.null, t.readonly(t.strict({ volume: VolumeRef, snapshotId: SnapshotId }))]),
    }),
    /** Copies the parent's data and cuts the link. Long, shows progress, can be cancelled. */
    action('ensureFlattened', {}),
    /** Only from a known size may a volume ever shrink: `fromBytes` is what the log says, `toBytes` what was accepted. */
    action('ensureSize', { fromBytes: Bytes, toBytes: Bytes }),
    action('ensureSettings', { qos: Qos, performancePriority: t.boolean, name: t.string }),
    action('ensureSnapshot', { snapshotId: SnapshotId, name: t.string, internal: t.boolean }),
    action('ensureSnapshotGone', { snapshotId: SnapshotId }),
    /** Not idempotent for the data's users, so it is fenced: needs no watcher and no lock. The size becomes the snapshot's (V-5). */
    action('rollBack', { snapshotId: SnapshotId, backupSnapshotId: SnapshotId }),
    /** Removes the volume. `snapshots` are the ones the log knows to be removable with it; any other stops it as a mismatch. */
    action('ensureVolumeGone', { snapshots: t.readonlyArray(SnapshotId), trashed: t.boolean }),
    action('ensureTrashed', {}),
    action('ensureRestored', {}),
    /** Takes over an unmarked object named `backendName`: renames it after the volume's id and writes the identity. */
    action('adopt', { identity: VolumeIdentity, backendName: t.string }),
    /** Removes our marks and leaves the object and its data as they are. */
    action('disown', { snapshots: t.readonlyArray(SnapshotId) }),
    /**
     * Makes `to`, another place of the same backend, hold the whole volume, snapshots and parent included, while the source can still come
     * back. Long, shows progress, can be cancelled. Nobody has the volume open, unless the backend says `liveMigration`.
     */
    action('ensureMigrated', { to: Placement }),
    /** Lets the source go: from now on the volume is at `to` alone. Asked for only when `ensureMigrated` is done, and never taken back. */
    action('ensureMigrationCommitted', { to: Placement }),
    /** Takes back what `ensureMigrated` did, however far it came: the volume is at its source, and nothing of it at `to`. */
    action('ensureMigrationAborted', { to: Placement }),
    /** Looks, changes nothing. An object of the volume's name without any identity is told as not owned; one of somebody else's is a mismatch. */
    action('observe', {}),
  ],
  'BackendAction',
);
/** A value of the codec `BackendAction`. */
export type BackendAction = t.TypeOf<typeof BackendAction>;
/** The action of one name: `ActionOf<'ensureSize'>`. */
export type ActionOf<K extends BackendAction['do']> = Extract<BackendAction, { do: K }>;

/**
 * What a call reports back and what is stored with its confirmation. `hasParent` is present where the volume still exists. From `observe`
 * only: `trashed`, `qos` and `performancePriority` as they stand (left out by a backend that cannot tell), and `owned`, which is false
 * for an object of the volume's name that says nothing of whose it is: one that was let go.
 */
export const BackendResult = t.readonly(
  t.partial({
    sizeBytes: Bytes,
    allocatedBytes: Bytes,
    hasParent: t.boolean,
    exists: t.boolean,
    generation: Generation,
    trashed: t.boolean,
    owned: t.boolean,
    qos: Qos,
    performancePriority: t.boolean,
  }),
  'BackendResult',
);
/** A value of the codec `BackendResult`. */
export type BackendResult = t.TypeOf<typeof BackendResult>;

/** Progress of one running call. `done` and `total` are in `unit`s; RBD reports percent. */
export interface Progress {
  readonly done: number;
  readonly total: number;
  readonly unit: 'percent' | 'bytes';
}

/** A program that a backend ran, or a request that it sent. Both are words of a small set, without names and ids: `rbd`, `snap create`. */
export interface ExternalCall {
  readonly program: string;
  readonly command: string;
}

/** What a call gets besides its arguments. */
export interface CallContext {
  readonly signal: CancelSignal;
  /** Called as the work goes on, at most some times a second. */
  readonly onProgress: (progress: Progress) => void;
  /** The installation that owns the objects made; objects of another installation are never touched. */
  readonly installationId: string;
  /**
   * For figures and traces: told when a program is run or a request is sent, and how it ended, as a word of a small set: an exit code, a
   * status, or the code of a `PortError`. Nothing depends on it.
   */
  readonly onExternalCall?: (call: ExternalCall) => (exit: string) => void;
}

/** What a backend can do; the core consults them so that a refusal names the missing capability before anything is touched. */
export interface Capabilities {
  readonly shrink: boolean;
  readonly flatten: boolean;
  readonly rollback: boolean;
  readonly qos: boolean;
  readonly performancePriority: boolean;
  readonly clone: boolean;
  /** A snapshot that clones were made of is not removed, and the clones are named. Without it only the log keeps it. */
  readonly guardsParents: boolean;
  readonly cloneAcrossPools: boolean;
  readonly cloneFromGroupSnapshot: boolean;
  readonly onlineExtend: boolean;
  /** A volume can be moved to another pool of the backend, with its snapshots, in steps that can be taken back until the last. */
  readonly migrate: boolean;
  /** The same while hosts have the volume. */
  readonly liveMigration: boolean;
  readonly trash: boolean;
  readonly adopt: boolean;
  readonly list: boolean;
  /**
   * What is written beside the data: whose a volume is, its parent, the names of its snapshots, and the position of destructive work. Without
   * it a volume is ours by its name alone, which derives from its id, and a log that was restored from an old copy is not noticed (S1-42).
   */
  readonly marks: boolean;
  readonly erasurePools: boolean;
  readonly generations: readonly Generation[];
  /** Sizes are multiples of this many bytes. */
  readonly sizeGranularityBytes: number;
  /** Snapshots that one volume can hold on this backend, internal ones counted. */
  readonly maxSnapshots: number;
}

/** What a pool holds, in bytes, as its backend says at one moment. Never stored as an event. */
export interface PoolStats {
  readonly totalBytes: number;
  readonly usedBytes: number;
  readonly freeBytes: number;
  /** When the backend was asked, in ms since 1970. */
  readonly atMs: number;
}

/** A snapshot seen on the backend. `snapshotId` is absent for one that we did not make. */
export interface SeenSnapshot {
  readonly backendName: string;
  readonly snapshotId?: SnapshotId;
  readonly sizeBytes: number;
  readonly name?: string;
  readonly internal?: boolean;
  readonly kind: 'user' | 'group' | 'trash' | 'mirror';
}

/** A volume seen on the backend, ours or not. `state` `torn` is half made or half removed. Without marks it has neither owner nor identity. */
export interface SeenVolume {
  readonly backendName: string;
  readonly state: 'whole' | 'torn' | 'trashed';
  readonly sizeBytes?: number;
  readonly installationId?: string;
  readonly identity?: VolumeIdentity;
  readonly hasParent?: boolean;
  readonly snapshots: readonly SeenSnapshot[];
  readonly watchers: readonly string[];
  readonly qos?: Qos;
  readonly performancePriority?: boolean;
}

/** Which cluster and which pool this is, as the backend itself says; ENOENT from a wrong cluster looks like any other (fsid, pool id). */
export interface BackendIdentity {
  readonly cluster: string;
  readonly pool: string;
}

/** A step that a call would take on an untouched backend, for dry runs: argv or method and path, secrets masked. */
export interface PlannedStep {
  readonly summary: string;
  readonly argv?: readonly string[];
  readonly request?: string;
}

/**
 * A storage system that holds volumes and snapshots. To write one, hold it to `blockBackendContract` of `@blockledger/domain/testing`.
 * A method returns its error, it never throws; it ends soon after the signal of its context was given.
 */
export interface BlockBackend {
  /** The kind of backend: `rbd`, `qsan`, `sparse-files`. */
  readonly kind: string;
  readonly capabilities: Capabilities;
  /**
   * For so long after the process that made a call died, or the call's outcome became unknown, its effect may still land, in ms.
   * Drivers wait it out before they touch the same resource again. Absent: nothing lands late.
   */
  readonly lateEffectsMs?: number;
  /** Identity of the cluster and pool behind a placement; recorded when a pool is registered and compared before destructive work. */
  readonly identify: (placement: Placement, context: CallContext) => TaskEither<PortError, BackendIdentity>;
  /** How full the pool is, asked now. */
  readonly stats: (placement: Placement, context: CallContext) => TaskEither<PortError, PoolStats>;
  /** Does one action. The answer to an action that was already done is the same as to one that does it now. */
  readonly perform: (action: BackendAction, context: CallContext) => TaskEither<PortError, BackendResult>;
  /**
   * One volume, by id; `undefined` when there is none. A backend that cannot list sees no snapshots but those of `known` that are there (S1-42).
   */
  readonly see: (volume: VolumeRef, context: CallContext, known?: readonly SnapshotId[]) => TaskEither<PortError, SeenVolume | undefined>;
  /** Every volume of a pool, ours and others', torn and trashed ones too: for the audit and for rebuilding a log. Slow; never in a request. */
  readonly list: (placement: Placement, context: CallContext) => TaskEither<PortError, readonly SeenVolume[]>;
  /** The steps of an action on an untouched backend. Pure. */
  readonly plan: (action: BackendAction, installationId: string) => readonly PlannedStep[];
  /** The position of the last confirmed destructive work of this installation, or -1: always where there are no marks. A log that is behind it was restored from an old copy. */
  readonly readMark: (placement: Placement, context: CallContext) => TaskEither<PortError, number>;
  /** Writes that position down. */
  readonly writeMark: (placement: Placement, position: number, context: CallContext) => TaskEither<PortError, void>;
  /** How a gateway opens one of its volumes. Pure. Absent: nobody but the backend itself can offer them. */
  readonly sourceOf?: (volume: VolumeRef) => LunSource;
  /** Says what is wrong between here and the storage, for `blockledger doctor`. Absent: the doctor asks `identify` and `stats` alone. */
  readonly diagnose?: Diagnose;
  /** Ends what is still running and frees what is held. */
  readonly close: () => Promise<void>;
}
