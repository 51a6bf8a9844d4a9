/** What readers see: plain JSON, without secrets, made from folded states. Ids are UUIDs for ever; `number` is the REST integer (S0-3). */
import type { BackendIdentity, Generation, Labels, Placement, PoolHealth, PoolType, PortError, Progress, Qos, Refusal, Revocation, Role } from '@blockledger/domain';
import type { AttachmentView } from './attachmentViews.ts';
import type { BackendView } from './backendViews.ts';
import type { AccessPathView, ClientGroupView, HostView, ResourceLink, VipGroupView } from './pathViews.ts';
import type { WebhookView } from './webhookViews.ts';

/** A resource as callers name it: its UUID or its REST integer; a pool or a host also by its name. */
export type ResourceRef = string | number;

/** What is being done with a resource besides standing there; `error`: work on it failed and waits for retry or abandon (S0-5). */
export type ActionStatus =
  | 'idle'
  | 'creating'
  | 'updating'
  | 'resizing'
  | 'flattening'
  | 'migrating'
  | 'rolling_back'
  | 'deleting'
  | 'restoring'
  | 'disowning'
  | 'error';

/** Failed work that waits for somebody: retry, abandon or, for a volume, delete. */
export interface FailureView {
  readonly operationId: string;
  readonly work: string;
  /** The step of it that failed, for people. */
  readonly step: string;
  readonly error: PortError;
  /** Ms since 1970. */
  readonly since: number;
}

/** The snapshot that a linked clone hangs on. */
export interface ParentView {
  readonly snapshotId: string;
  /** Null where the snapshot is not known (I-29). */
  readonly snapshotNumber: number | null;
  readonly volumeId: string;
}

/** Where a volume is in its life; what is being done with it is its `actionStatus` (S0-5). */
export type VolumeStatus = 'creating' | 'active' | 'trashed' | 'deleted' | 'refused' | 'disowned';

/** A volume. Sizes in bytes, moments in ms since 1970. */
export interface VolumeView {
  readonly kind: 'volume';
  readonly id: string;
  /** Null for the milliseconds until it is reserved. */
  readonly number: number | null;
  readonly name: string;
  readonly description: string;
  readonly labels: Labels;
  readonly tenant: string;
  readonly poolId: string;
  readonly poolNumber: number | null;
  readonly poolName: string | null;
  readonly status: VolumeStatus;
  readonly actionStatus: ActionStatus;
  /** The exclusive operation that runs, by its task's id. */
  readonly operationId: string | null;
  readonly failure: FailureView | null;
  readonly serial: string;
  readonly hidden: boolean;
  readonly generation: Generation;
  readonly sizeBytes: number;
  readonly qos: Qos;
  readonly performancePriority: boolean;
  readonly parent: ParentView | null;
  readonly passive: boolean;
  /** Snapshots that users see; internal ones are not counted. */
  readonly snapshotCount: number;
  /** The ids under which others map it. */
  readonly mappings: readonly string[];
  /** Somebody maps it, so that much of it is refused (S0-39). */
  readonly mapped: boolean;
  /** Access paths that client groups see it by, or are about to. */
  readonly accessPaths: readonly ResourceLink[];
  /** Who has it, or is about to. */
  readonly attachments: readonly AttachmentView[];
  readonly groupId: string | null;
  readonly createdAt: number;
  readonly updatedAt: number;
  /** When a volume in the trash goes for good. */
  readonly purgeAt: number | null;
}

/** Where a snapshot is in its life. */
export type SnapshotStatus = 'creating' | 'active' | 'deleting' | 'deleted' | 'error';

/** A snapshot. `volumeName` and numbers are null where the volume is not known (I-29). */
export interface SnapshotView {
  readonly kind: 'snapshot';
  readonly id: string;
  readonly number: number | null;
  readonly name: string;
  readonly description: string;
  readonly tenant: string;
  readonly volumeId: string;
  readonly volumeNumber: number | null;
  readonly volumeName: string | null;
  readonly poolId: string;
  readonly poolNumber: number | null;
  readonly status: SnapshotStatus;
  readonly actionStatus: ActionStatus;
  readonly operationId: string | null;
  readonly failure: FailureView | null;
  readonly sizeBytes: number | null;
  readonly allocatedBytes: number | null;
  readonly protected: boolean;
  /** An internal snapshot, such as a rollback's backup; lists leave it out unless asked (S0-132). */
  readonly hidden: boolean;
  readonly expiresAt: number | null;
  readonly groupSnapshotId: string | null;
  readonly cloneCount: number;
  readonly createdAt: number;
}

/** Where a pool is in its life. */
export type PoolStatus = 'registering' | 'active' | 'retired' | 'refused';

/** A pool. `backendPresent`: this process has the backend it is registered with. */
export interface PoolView {
  readonly kind: 'pool';
  readonly id: string;
  readonly number: number | null;
  readonly name: string;
  readonly status: PoolStatus;
  readonly health: PoolHealth;
  /** Why its work is kept and not run; null when it was not paused. */
  readonly paused: string | null;
  /** Why the work of its whole backend is kept and not run; null when that was not paused. */
  readonly backendPaused: string | null;
  readonly placement: Placement;
  readonly poolType: PoolType;
  readonly overSubscriptionRatio: number;
  readonly identity: BackendIdentity | null;
  readonly backendPresent: boolean;
  /** What volumes of the pool may grow to, from its capacity reservation. */
  readonly provisionedBytes: number;
  readonly volumeCount: number;
}

/** Any resource; `kind` tells which. */
export type ResourceView = VolumeView | SnapshotView | PoolView | HostView | ClientGroupView | AccessPathView | VipGroupView;
/** The kinds of resource. */
export type ResourceKindName = ResourceView['kind'];

/** Who asks, as an access token says. `tenant` null: sees all tenants. `tokenId` null: the token stands in the configuration file. */
export interface Principal {
  /** `token:<name>`: stands in events, actions and logs. */
  readonly name: string;
  readonly role: Role;
  readonly tenant: string | null;
  readonly tokenId: string | null;
  /** The first moment at which the token is worth nothing, in ms since 1970; null: it does not end by itself. */
  readonly expiresAt: number | null;
}

/** `expired`: its end has come by itself; `revoked`: somebody ended it. */
export type TokenStatus = 'active' | 'expired' | 'revoked';

/** An access token, without its text and its hash. Moments in ms since 1970. */
export interface TokenView {
  readonly kind: 'token';
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  /** Null: all tenants. */
  readonly tenant: string | null;
  readonly status: TokenStatus;
  readonly issuedAt: number;
  readonly issuedBy: string;
  /** Null: it lives until it is revoked. */
  readonly expiresAt: number | null;
  readonly revoked: Revocation | null;
  /** When it last let somebody in, as this process has seen; null: not since it started. */
  readonly lastUsedAt: number | null;
}

/** What an action record can be about. */
export type SubjectKindName = ResourceKindName | TokenView['kind'] | BackendView['kind'] | WebhookView['kind'];

/** Task types by the source's names (S0-6), and ours where it has none. */
export type TaskType =
  | 'CreateBlockVolume'
  | 'CloneBlockVolume'
  | 'UpdateBlockVolume'
  | 'RollBackBlockVolume'
  | 'FlattenBlockVolume'
  | 'MigrateBlockVolume'
  | 'DeleteBlockVolume'
  | 'RestoreBlockVolume'
  | 'AdoptBlockVolume'
  | 'DisownBlockVolume'
  | 'RecoverBlockVolume'
  | 'AttachBlockVolume'
  | 'DetachBlockVolume'
  | 'CreateBlockSnapshot'
  | 'DeleteBlockSnapshot'
  | 'CreatePool'
  | 'DeletePool'
  | 'CreateHost'
  | 'DeleteHost'
  | 'AdmitHost'
  | 'AddNetworkAddress'
  | 'RemoveNetworkAddress'
  | 'CreateClientGroup'
  | 'UpdateClientGroup'
  | 'DeleteClientGroup'
  | 'CreateAccessPath'
  | 'UpdateAccessPath'
  | 'DeleteAccessPath'
  | 'RedeployAccessPath'
  | 'CreateTarget'
  | 'DeleteTarget'
  | 'CreateMappingGroup'
  | 'UpdateMappingGroup'
  | 'DeleteMappingGroup'
  | 'CreateVIPGroup'
  | 'UpdateVIPGroup'
  | 'DeleteVIPGroup'
  | 'RedeployVIPGroup'
  | 'CreateVIP'
  | 'DeleteVIP'
  | 'VIPGroupAddNetworkAddress'
  | 'VIPGroupRemoveNetworkAddress';

/**
 * - `queued`: accepted, no call of a backend runs. `running`: one runs. `waiting`: between attempts, or its pool is paused or its backend absent.
 * - `refused`: a reservation said no. `cancelled`: given up or cancelled by somebody. `failed`: retry or abandon it.
 */
export type TaskStatus = 'queued' | 'running' | 'waiting' | 'succeeded' | 'failed' | 'cancelled' | 'refused';

/** A task: a projection of owed work (S0-6, S0-135). Its id is the id of the command that asked for it. */
export interface TaskView {
  readonly id: string;
  /** Rises with every task, stable over replay; gaps are normal. */
  readonly number: number;
  readonly type: TaskType;
  readonly status: TaskStatus;
  readonly resource: { readonly kind: ResourceKindName; readonly id: string; readonly number: number | null };
  /** The step that runs or failed, for people. */
  readonly step: string | null;
  /** Tries of the step that runs, in this process. */
  readonly attempts: number;
  readonly progress: Progress | null;
  readonly error: TaskError | null;
  readonly issuedBy: string;
  readonly tenant: string;
  /** What a trace follows: the same in every event of this task. */
  readonly correlationId: string;
  readonly startedAt: number;
  readonly finishedAt: number | null;
}

/** Why a task failed, waits or was refused. `refusal` is there for a refused one. */
export interface TaskError {
  readonly code: string;
  readonly message: string;
  readonly refusal?: Refusal;
}

/** What lists take besides their filters. */
export interface PageQuery {
  /** At most so many; −1 = everything (S0-4). Default 100. */
  readonly limit?: number;
  /** Skips so many of the matching ones. */
  readonly offset?: number;
  /** `next` of the page before; stable while resources come and go. */
  readonly cursor?: string;
}

/** One page, in order of `number`. */
export interface Page<V> {
  readonly items: readonly V[];
  readonly limit: number;
  readonly offset: number;
  /** How many match in all. */
  readonly totalCount: number;
  /** More follow. */
  readonly truncated: boolean;
  /** The cursor of the next page, null on the last. */
  readonly next: string | null;
}

/** How a resource is listed when it is gone: it stays in the log, and nothing happens to it any more. */
export type GoneStatus = 'deleted' | 'disowned' | 'retired';

/** Filters of what is gone. */
export interface GoneFilters {
  /** The name it had last. */
  readonly name?: string;
  readonly tenant?: string;
  /** Part of the name, or the beginning of the UUID. */
  readonly q?: string;
}

/** Which volumes that are gone to list. */
export interface GoneVolumeFilter extends GoneFilters {
  readonly status?: 'deleted' | 'disowned';
  readonly pool?: ResourceRef;
  readonly hidden?: boolean | 'all';
}

/** Which snapshots that are gone to list. */
export interface GoneSnapshotFilter extends GoneFilters {
  readonly status?: 'deleted';
  readonly volume?: ResourceRef;
  readonly pool?: ResourceRef;
  readonly hidden?: boolean | 'all';
}

/** Which pools that are gone to list. */
export interface GonePoolFilter extends GoneFilters {
  readonly status?: 'retired';
}

/** Which volumes a list holds; what is left out does not filter (S0-4). */
export interface VolumeFilter {
  readonly pool?: ResourceRef;
  readonly name?: string;
  /** Without it, volumes in the trash are listed, too. What is gone is listed by `listGone`. */
  readonly status?: Exclude<VolumeStatus, GoneStatus | 'refused'>;
  /** Only hidden ones, or only others; default: others. `'all'` for both. */
  readonly hidden?: boolean | 'all';
  readonly tenant?: string;
  /** Part of the name or description, or the beginning of the UUID or serial number; upper and lower case alike. */
  readonly q?: string;
}

/** Which snapshots a list holds; what is left out does not filter (S0-4, S0-132). */
export interface SnapshotFilter {
  readonly volume?: ResourceRef;
  readonly pool?: ResourceRef;
  readonly name?: string;
  readonly status?: Exclude<SnapshotStatus, GoneStatus>;
  /** Internal snapshots only, or users' only; default: users'. `'all'` for both (S0-132). */
  readonly hidden?: boolean | 'all';
  readonly tenant?: string;
  readonly q?: string;
}

/** Which pools a list holds; what is left out does not filter (S0-4). */
export interface PoolFilter {
  readonly name?: string;
  readonly status?: Exclude<PoolStatus, GoneStatus | 'refused'>;
  readonly q?: string;
}

/** Which access tokens a list holds; what is left out does not filter. */
export interface TokenFilter {
  readonly name?: string;
  readonly role?: Role;
  /** Null: those for all tenants. */
  readonly tenant?: string | null;
  /** Without it, revoked ones are left out. */
  readonly status?: TokenStatus;
}
