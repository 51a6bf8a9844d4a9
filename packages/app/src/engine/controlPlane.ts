/** The library face: promises of `Either`, plain objects in, plain objects out. Nothing here rejects for a refusal. */
import type { BackendAction, PlannedStep, PoolHealth, PoolStats, Progress, Refusal, Secret, StoredEvent, Subscription, SubscriptionHandler, TargetAction, VipAction } from '@blockledger/domain';
import type { Either } from 'fp-ts/lib/Either.js';
import type { ActionView } from '../queries/actionViews.ts';
import type { BackendView } from '../queries/backendViews.ts';
import type { EventEntry, EventsQuery } from '../queries/eventViews.ts';
import type { DeliveryView, WebhookListFilter, WebhookView } from '../queries/webhookViews.ts';
import type {
  GonePoolFilter,
  GoneSnapshotFilter,
  GoneVolumeFilter,
  Page,
  PageQuery,
  PoolFilter,
  PoolView,
  ResourceKindName,
  ResourceRef,
  ResourceView,
  SnapshotFilter,
  SnapshotView,
  TaskView,
  VolumeFilter,
  VolumeView,
} from '../queries/views.ts';
import type { PartView } from '../queries/pathViews.ts';
import type { AttachmentView } from '../queries/attachmentViews.ts';
import type { Attachments, AttachmentVerbs } from './attachmentFace.ts';
import type { PathLists, PathVerbs } from './pathFace.ts';
import type { Answer } from './answer.ts';
import type { ActionSortField, PoolSortField, SnapshotSortField, Sorted, TaskSortField, VolumeSortField } from '../queries/sortViews.ts';
import type { ActionFilter, TaskChangesQuery, TaskFilter } from '../queries/workFilters.ts';
import type { Drift, DriftReport, RebuildReport } from './audit/driftViews.ts';
import type { Monitor } from './watching/monitor.ts';
import type { WarningCode } from './watching/warningCodes.ts';
import type {
  AdminRequest,
  AdoptVolumeInput,
  CreateSnapshotInput,
  CreateVolumeInput,
  DeleteVolumeInput,
  HoldInput,
  PlaneRequest,
  RegisterPoolInput,
  RequestOptions,
  UpdateVolumeInput,
  RegisterWebhookInput,
  UpdateWebhookInput,
} from './requests.ts';
import type { AccessTokens } from './tokens/face.ts';

export type { Answer } from './answer.ts';
export type { AccessTokens, IssuedToken } from './tokens/face.ts';
export type * from './attachmentFace.ts';
export type * from './pathFace.ts';

/** An accepted request: the resource as it stands now, and the task that does the rest (null where nothing is left to do). */
export interface Accepted<V extends ResourceView = ResourceView, P extends PartView | AttachmentView = PartView | AttachmentView> {
  /** The command's own, and its task's. On a plane that is confined to a tenant it is not the one that was given: a repeat gives that one again. */
  readonly commandId: string;
  readonly resource: V;
  /** The part of the resource that was asked about, such as a new mapping group; null where there is none, or where it is gone. */
  readonly part: P | null;
  readonly task: TaskView | null;
  /** The result of an earlier command with the same id (I-16). */
  readonly repeated: boolean;
  /** Position in the log up to which it must be known to see what this answer shows: for `followed`, of this control plane or of another one over the same store. */
  readonly position: number;
}

/** Reading one kind of resource: what is there from memory, what is gone from the log. */
export interface Resources<V, F, G> {
  /** One, by UUID or number (a pool or host also by name); undefined when it is not there, or gone. */
  readonly get: (ref: ResourceRef) => V | undefined;
  /** One, there or gone: a gone one as it stood at its end. Refused as not found only where it never was. */
  readonly find: (ref: ResourceRef) => Answer<V>;
  /** The UUID of what is named, there or gone; a UUID that is not known is itself. */
  readonly idOf: (ref: ResourceRef) => string | undefined;
  /** What is there. Throws `QueryRefused` for what `page` refuses. */
  readonly list: (query?: PageQuery & F) => Page<V>;
  /** The same for a query from outside: `QueryIsInvalid`, `CursorIsForeign` or `StatusIsNotListed` where it is not well formed. */
  readonly page: (query?: PageQuery & F) => Either<Refusal, Page<V>>;
  /** What is gone and had a number, oldest first; read from the log, so at most 1000 at a time, also for `limit: -1`. */
  readonly listGone: (query?: PageQuery & G) => Answer<Page<V>>;
}

/** Tasks: the long work of requests, seen from outside (S0-6, S0-135, S0-139). */
export interface Tasks {
  /** One, by UUID or number; undefined when there is none, or when it was forgotten. */
  readonly get: (ref: ResourceRef) => TaskView | undefined;
  /** A page of those that match, in order of their numbers (S0-135). Throws `QueryRefused` for what `page` refuses. */
  readonly list: (query?: PageQuery & TaskFilter & Sorted<TaskSortField>) => Page<TaskView>;
  /** The same for a query from outside: `QueryIsInvalid`, `CursorIsForeign` or `StatusIsNotListed` where it is not well formed. */
  readonly page: (query?: PageQuery & TaskFilter & Sorted<TaskSortField>) => Either<Refusal, Page<TaskView>>;
  /** Resolves when the task ended, failed ones included; refused as `TimedOut` after `timeoutMs` (default 10 minutes). */
  readonly await: (ref: ResourceRef, timeoutMs?: number) => Answer<TaskView>;
  /** The task now, and again whenever it changes, until it ends or the plane closes. Throws `TaskWatchEnded` at once where there is no such task. */
  readonly watch: (ref: ResourceRef, options?: { readonly signal?: AbortSignal }) => AsyncIterable<TaskView>;
  /**
   * Every task that runs or waits for a retry, then each task again whenever it changes or gets on, until the signal or `close`.
   * Changes that come while the reader is busy are seen as one (S0-6).
   */
  readonly changes: (query?: TaskChangesQuery) => TaskChanges;
  /** Tries failed work again; for a task of an attachment, what its access path failed at. */
  readonly retry: (ref: ResourceRef, options?: RequestOptions) => Answer<Accepted>;
  /** Gives failed work up, and looks at or cleans what it left. */
  readonly abandon: (ref: ResourceRef, options?: RequestOptions) => Answer<Accepted>;
  /** Stops running work where that is safe: creating, cloning, flattening, migrating until it is copied, a rollback not yet started. */
  readonly cancel: (ref: ResourceRef, options?: RequestOptions) => Answer<Accepted>;
}

/** A loop over tasks. Each that it shows is the whole picture, so one that is shown twice does no harm. */
export interface TaskChanges extends AsyncIterable<TaskView> {
  /** Every task that had ended when the log was so long was shown or passed over by the filter: `endedAfter` of another loop. */
  readonly position: () => number;
}

/**
 * A loop over events: each once, in order, from the log itself, until its signal is given or the plane closes. The log is read no
 * faster than the loop takes entries. A loop that ends otherwise throws `EventsEnded`; another loop over the same feed goes on behind
 * the last entry that was handed over.
 */
export interface EventFeed extends AsyncIterable<EventEntry> {
  /** The position after which the feed begins, or the refusal of one that the log does not have. */
  readonly started: Answer<number>;
  /** Everything up to here was handed over or passed over by the filter: where to begin another time. −1 before the loop begins. */
  readonly position: () => number;
}

/** Pausing whole backends for maintenance, beside pausing single pools. */
export interface BackendVerbs {
  /**
   * Keeps all work of a backend and does not run it; calls under way end first, and reservations and questions go on. The reason has at
   * most 255 characters and is told with every piece of work that waits. Paused twice, it stays paused for the first reason.
   */
  readonly pauseBackend: (name: string, input: { readonly reason: string }, options?: RequestOptions) => Answer<BackendView>;
  /** Runs what was kept. */
  readonly resumeBackend: (name: string, options?: RequestOptions) => Answer<BackendView>;
}

/** Reading the backends: those of this process, of volumes and of targets, those that pools name, those that are paused. From memory. */
export interface Backends {
  /** One, by the name that pools carry in their placement, and hosts for their targets. */
  readonly get: (name: string) => BackendView | undefined;
  /** All of them, in the order of their names. */
  readonly list: () => readonly BackendView[];
}

/**
 * Events sent to others as they happen: signed after the Standard Webhooks scheme, in the order of the log, one at a time for each webhook,
 * each until it arrives. At least once: a crash repeats some, with the same `webhook-id`.
 */
export interface Webhooks {
  /** A webhook: where events are sent, which ones, and the secret that signs them. */
  readonly register: (input: RegisterWebhookInput, options?: RequestOptions) => Answer<WebhookView>;
  /** Changes what is named, leaves the rest; also enables and disables. */
  readonly update: (id: string, input: UpdateWebhookInput, options?: RequestOptions) => Answer<WebhookView>;
  /** For a day deliveries are signed with the secret before this one, too. */
  readonly rotateSecret: (id: string, secret: Secret | string, options?: RequestOptions) => Answer<WebhookView>;
  /** Nothing is delivered any more, and its secrets are forgotten. */
  readonly remove: (id: string, options?: RequestOptions) => Answer<true>;
  /** One, by its UUID. */
  readonly get: (id: string) => WebhookView | undefined;
  /** In the order in which they were registered; removed ones only with `status`. Throws `QueryRefused` for what `page` refuses. */
  readonly list: (query?: PageQuery & WebhookListFilter) => Page<WebhookView>;
  /** The same for a query from outside: `QueryIsInvalid`, `CursorIsForeign` or `StatusIsNotListed` where it is not well formed. */
  readonly page: (query?: PageQuery & WebhookListFilter) => Either<Refusal, Page<WebhookView>>;
  /** Sends one message that is about nothing, also where the webhook is disabled, and says how it fared. */
  readonly test: (id: string) => Answer<DeliveryView>;
  /** How the latest events fared in this process, the latest first; at most 100. */
  readonly deliveries: (id: string) => readonly DeliveryView[];
}

/** Something an operator should know: an absent backend, a log restored from an old backup, volumes that the latest audit did not find, a webhook that nothing arrives at. */
export interface Warning {
  readonly code: WarningCode;
  readonly message: string;
  readonly poolId?: string;
  readonly hostId?: string;
  readonly vipGroupId?: string;
  readonly since: number;
}

/** A step that a request would cause. */
export interface PlannedWork {
  readonly workId: string;
  readonly step: string;
  /** The stream that owes it. */
  readonly stream: string;
  readonly tells?: readonly { readonly stream: string; readonly type: string; readonly refusal?: Refusal }[];
  readonly performs?: { readonly poolId: string | null; readonly backend: string; readonly host: string | null; readonly action: BackendAction | TargetAction | VipAction; readonly steps: readonly PlannedStep[] };
}

/** A dry run: the events that would be stored, and all work that would follow, in order. */
export interface Plan {
  readonly stream: string;
  readonly events: readonly { readonly stream: string; readonly type: string; readonly data: object }[];
  readonly work: readonly PlannedWork[];
}

/** What became of the calls of backends that were under way when a control plane was told to end. */
export interface DrainReport {
  /** So many ended, and how is on record. */
  readonly finished: number;
  /** So many were stopped or not yet sent: the log owes them still. */
  readonly handedBack: number;
}

/** A resource around a change: null where it was not there (yet), or is not any more, and where nothing changed it. */
export interface BeforeAndAfter {
  readonly before: ResourceView | null;
  readonly after: ResourceView | null;
}

/** An event as history tells it. */
export type HistoryEntry = Pick<StoredEvent, 'eventId' | 'type' | 'stream' | 'revision' | 'position' | 'data' | 'meta'>;

/** Progress of one running call. */
export interface ProgressNote {
  readonly taskId: string;
  readonly workId: string;
  readonly step: string;
  readonly progress: Progress;
}

/** Everything that can be asked for, as methods. `request` takes the same as data. */
export interface Verbs extends PathVerbs, AttachmentVerbs {
  /** Any request, as data; the method of its name does the same. */
  readonly request: (request: PlaneRequest, options?: RequestOptions) => Answer<Accepted>;
  /** A new volume, empty or cloned from a snapshot; the task makes it (S0-12, S0-14). */
  readonly createVolume: (input: CreateVolumeInput, options?: RequestOptions) => Answer<Accepted<VolumeView>>;
  /** Takes over an object that stands on the backend, with its data. */
  readonly adoptVolume: (input: AdoptVolumeInput, options?: RequestOptions) => Answer<Accepted<VolumeView>>;
  /** Renames, describes, labels, extends, shrinks, limits (S0-38); all of one request or nothing. */
  readonly updateVolume: (volume: ResourceRef, input: UpdateVolumeInput, options?: RequestOptions) => Answer<Accepted<VolumeView>>;
  /** Copies what a linked clone shares with its parent and cuts the link. Long; its task tells how far it is. */
  readonly flattenVolume: (volume: ResourceRef, options?: RequestOptions) => Answer<Accepted<VolumeView>>;
  /** Moves a volume, with its snapshots, to another pool of its backend. Long; its task tells how far it is, and it can be cancelled until it is copied. */
  readonly migrateVolume: (volume: ResourceRef, input: { readonly pool: ResourceRef }, options?: RequestOptions) => Answer<Accepted<VolumeView>>;
  /** Sets a volume back to one of its snapshots, after a backup snapshot that is kept for 7 days (S0-48, S0-49, R-22). */
  readonly rollBackVolume: (volume: ResourceRef, input: { readonly snapshot: ResourceRef }, options?: RequestOptions) => Answer<Accepted<VolumeView>>;
  /** Deletes now, or moves to the trash with `retainMs` (S0-52, I-28). */
  readonly deleteVolume: (volume: ResourceRef, input?: DeleteVolumeInput, options?: RequestOptions) => Answer<Accepted<VolumeView>>;
  /** Takes a volume out of the trash (I-28). */
  readonly undeleteVolume: (volume: ResourceRef, options?: RequestOptions) => Answer<Accepted<VolumeView>>;
  /** Lets a volume go and leaves its data on the backend as it is. */
  readonly disownVolume: (volume: ResourceRef, options?: RequestOptions) => Answer<Accepted<VolumeView>>;
  /** Makes a passive volume writable (S0-40). */
  readonly promoteVolume: (volume: ResourceRef, options?: RequestOptions) => Answer<Accepted<VolumeView>>;
  /** Makes a volume passive: nothing that would write to it is accepted (S0-40). */
  readonly demoteVolume: (volume: ResourceRef, options?: RequestOptions) => Answer<Accepted<VolumeView>>;
  /** Says that an access path is about to map the volume; it cannot be deleted then (S0-39). */
  readonly reserveMapping: (volume: ResourceRef, input: HoldInput, options?: RequestOptions) => Answer<Accepted<VolumeView>>;
  /** Says that an access path maps the volume no more. */
  readonly releaseMapping: (volume: ResourceRef, input: { readonly id: string }, options?: RequestOptions) => Answer<Accepted<VolumeView>>;
  /** Puts a volume into a group; it can be in one (S3-10). */
  readonly joinVolumeGroup: (volume: ResourceRef, input: { readonly id: string }, options?: RequestOptions) => Answer<Accepted<VolumeView>>;
  /** Takes a volume out of its group. */
  readonly leaveVolumeGroup: (volume: ResourceRef, input: { readonly id: string }, options?: RequestOptions) => Answer<Accepted<VolumeView>>;
  /** A snapshot; a volume has at most 256, internal ones counted (S0-61). */
  readonly createSnapshot: (input: CreateSnapshotInput, options?: RequestOptions) => Answer<Accepted<SnapshotView>>;
  /** Deletes a snapshot; refused while it is protected or has linked clones. */
  readonly deleteSnapshot: (snapshot: ResourceRef, input?: { readonly force?: boolean }, options?: RequestOptions) => Answer<Accepted<SnapshotView>>;
  /** Keeps a snapshot from being deleted. */
  readonly protectSnapshot: (snapshot: ResourceRef, options?: RequestOptions) => Answer<Accepted<SnapshotView>>;
  /** Lets a snapshot be deleted again. */
  readonly unprotectSnapshot: (snapshot: ResourceRef, options?: RequestOptions) => Answer<Accepted<SnapshotView>>;
  /** Puts a pool of a backend in service (S0-16). */
  readonly registerPool: (input: RegisterPoolInput, options?: RequestOptions) => Answer<Accepted<PoolView>>;
  /** Changes how much may be promised of a pool: provisioned to total bytes, 1 to 1000 (S1-29). */
  readonly updatePool: (pool: ResourceRef, input: { readonly overSubscriptionRatio: number }, options?: RequestOptions) => Answer<Accepted<PoolView>>;
  /** Says how a pool is. New volumes are refused while it is in `error`; what is there goes on. */
  readonly reportPoolHealth: (pool: ResourceRef, input: { readonly health: PoolHealth }, options?: RequestOptions) => Answer<Accepted<PoolView>>;
  /** Keeps the work of a pool and runs none of it until it is resumed. */
  readonly pausePool: (pool: ResourceRef, input: { readonly reason: string }, options?: RequestOptions) => Answer<Accepted<PoolView>>;
  /** Runs the work of a pool again. */
  readonly resumePool: (pool: ResourceRef, options?: RequestOptions) => Answer<Accepted<PoolView>>;
  /** Takes an empty pool out of service (I-26). */
  readonly retirePool: (pool: ResourceRef, options?: RequestOptions) => Answer<Accepted<PoolView>>;
}

/** Looking at more than the present state of one resource. */
export interface Inspection {
  /** Every event of a resource or task's resource, oldest first. */
  readonly history: (ref: { readonly kind: ResourceKindName; readonly ref: ResourceRef }) => Answer<readonly HistoryEntry[]>;
  /** A resource as it stood at a moment, by folding; `NotFound` where it was not there yet. */
  readonly at: (atMs: number, ref: { readonly kind: ResourceKindName; readonly ref: ResourceRef }) => Answer<ResourceView>;
  /** A resource before the first and after the last of the events of one command, the end of its work included; by folding. */
  readonly changedBy: (commandId: string, ref: { readonly kind: ResourceKindName; readonly ref: ResourceRef }) => Answer<BeforeAndAfter>;
  /** How often a resource changed, from 0; undefined where it is not in memory. For `expectedRevision`. */
  readonly revision: (ref: { readonly kind: ResourceKindName; readonly ref: ResourceRef }) => number | undefined;
  /** What a request would do; nothing is stored, nothing is sent to a backend but questions. */
  readonly plan: (request: PlaneRequest | AdminRequest, options?: RequestOptions) => Answer<Plan>;
  /** Compares log and backends both ways. Never repairs. */
  readonly drift: () => Promise<DriftReport>;
  /** Objects of this installation on the backends that the log does not know. */
  readonly orphans: () => Promise<readonly Drift[]>;
  /** Writes down what stands on the backends and is ours but unknown to the log (I-27). Who asked is in every event of it, and in the actions. */
  readonly rebuild: (options?: RequestOptions) => Answer<RebuildReport>;
}

/** Who asked what, when, from where, and what came of it, refusals included (S0-136). The oldest first. */
export interface ActionList {
  /** A page of those that match, in the order in which they were answered unless sorted. Throws `QueryRefused` for what `page` refuses. */
  readonly list: (query?: PageQuery & ActionFilter & Sorted<ActionSortField>) => Page<ActionView>;
  /** The same for a query from outside: `QueryIsInvalid` or `CursorIsForeign` where it is not well formed. */
  readonly page: (query?: PageQuery & ActionFilter & Sorted<ActionSortField>) => Either<Refusal, Page<ActionView>>;
  /** One, by its command id; undefined for one that never was, or is not remembered any more. */
  readonly get: (commandId: string) => ActionView | undefined;
}

/** One control plane: a log, its backends, and the drivers between. Two in one process share nothing. */
export interface ControlPlane extends Verbs, BackendVerbs, Inspection, PathLists {
  readonly installationId: string;
  readonly volumes: Resources<VolumeView, VolumeFilter & Sorted<VolumeSortField>, GoneVolumeFilter>;
  readonly snapshots: Resources<SnapshotView, SnapshotFilter & Sorted<SnapshotSortField>, GoneSnapshotFilter>;
  readonly pools: Resources<PoolView, PoolFilter & Sorted<PoolSortField>, GonePoolFilter> & {
    /** Asked of the backend, at most some seconds old. */
    readonly stats: (pool: ResourceRef) => Answer<PoolStats>;
  };
  /** Who has volumes attached, and where hosts find them. */
  readonly attachments: Attachments;
  readonly backends: Backends;
  readonly tasks: Tasks;
  readonly tokens: AccessTokens;
  readonly webhooks: Webhooks;
  /** What was asked for lately, by whom, and what came of it (S0-136). */
  readonly actions: ActionList;
  /**
   * Events as they are in the log: after `from` (default: from now on), then live. No gap and no duplicate, also where a loop begins
   * again after the position of the last entry it saw. A position that is not in the log is refused as `PositionNotInLog`.
   */
  readonly events: (query?: EventsQuery) => EventFeed;
  /**
   * The log itself, then live: stored events of all streams, the engine's own too. `fromPosition` is the first that is told, unlike in `events`,
   * which begins behind the position it is given: who has handled an event goes on with its position + 1.
   */
  readonly subscribe: (fromPosition: number, handler: SubscriptionHandler) => Subscription;
  /** Calls the listener with every progress of running work; returns how to stop. */
  readonly progress: (listener: (note: ProgressNote) => void) => () => void;
  /** What an operator should know now. */
  readonly warnings: () => readonly Warning[];
  /** How the engine does just now, for figures and health checks. */
  readonly monitor: Monitor;
  /**
   * Says that a log restored from an old backup is to be taken as the truth for this pool; its destructive work runs again. What changes is the
   * mark on the backend and nothing in the log, so `actions` tells who did it, after a crash, too, and no event does.
   */
  readonly acceptRestoredLog: (pool: ResourceRef, options?: RequestOptions) => Answer<true>;
  /**
   * The same control plane as one tenant may see and use it (I-12): what is another tenant's is refused exactly as what does not exist, what
   * is made new is the tenant's whatever the options say, and a command id that is given is the tenant's own (`Accepted.commandId` says
   * what it became). Pools and hosts are everybody's: they can be looked at, with the tenant's own counts, and not changed. `CallerIsConfined`
   * refuses what is not a tenant's to ask: changing pools and hosts, their history, adopting, rebuilding, accepting a restored log. There are no
   * warnings, and `close` closes nothing: it is a view. A view of the view is the same view.
   *
   * @example
   * import { controlPlane } from '@blockledger/app';
   * import { memoryStore } from '@blockledger/app/memory';
   * const plane = await controlPlane({ store: memoryStore(), backends: {} });
   * const red = plane.confinedTo('red');
   * const refused = await red.rebuild();
   * refused._tag === 'Left' && refused.left._tag; // => 'CallerIsConfined'
   * await plane.close();
   */
  readonly confinedTo: (tenant: string) => ControlPlane;
  /** Position of the newest event that anything shown here may come from; −1 before any. */
  readonly position: () => number;
  /**
   * Resolves when everything up to a position is known here, at once where it is: what another process over the same store answered can then be read
   * here (I-17). Refused as `LogIsBehind` after `timeoutMs` (default 10 000), and as `PositionNotInLog` where the log does not reach so far: at once
   * where this process alone writes to it, otherwise when the time is over.
   */
  readonly followed: (position: number, timeoutMs?: number) => Answer<void>;
  /** Nothing is owed that could run now: for tests and scripts. */
  readonly idle: () => Promise<void>;
  /**
   * Calls no backend from now on: the end of a process in order. Calls that run may end within `graceMs`; what has not ended by then, or was
   * not sent, is handed back to the log, which owes it still: the next process carries on. Requests are answered as before until `close`.
   */
  readonly drain: (graceMs: number) => Promise<DrainReport>;
  /** Stops the drivers, ends what runs, closes backends and store. */
  readonly close: () => Promise<void>;
}
