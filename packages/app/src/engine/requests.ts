/** What callers ask for, as plain data: the library face, REST, the command line and dry runs all speak these. */
import type { Generation, Labels, Placement, PoolHealth, PoolType, Qos, Role, Secret } from '@blockledger/domain';
import type { EventKind, EventsFrom } from '../queries/eventViews.ts';
import type { ResourceRef } from '../queries/views.ts';
import type { AttachmentRequest } from './attachmentRequests.ts';
import type { PathRequest } from './pathRequests.ts';

export type * from './attachmentRequests.ts';
export type * from './pathRequests.ts';

/** A new volume, empty or cloned. A clone (`snapshot`) takes size and generation from its snapshot (S0-12, S0-14). */
export interface CreateVolumeInput {
  readonly pool: ResourceRef;
  readonly name: string;
  readonly sizeBytes?: number;
  /** Default `v3` for a volume that is not a clone. */
  readonly generation?: Generation;
  /** Default: no limits. A limit left out is unlimited; `enabled` defaults to true where any limit is given. */
  readonly qos?: Partial<Qos>;
  readonly performancePriority?: boolean;
  readonly snapshot?: ResourceRef;
  /** A full copy instead of a linked clone. */
  readonly flattened?: boolean;
  readonly description?: string;
  readonly labels?: Labels;
  readonly hidden?: boolean;
}

/** Changes; what is left out stays (S0-38, R-6). */
export interface UpdateVolumeInput {
  readonly name?: string;
  readonly description?: string;
  readonly labels?: Labels;
  readonly sizeBytes?: number;
  readonly qos?: Partial<Qos>;
  readonly performancePriority?: boolean;
}

/** How a volume is deleted. By default at once, refused while it has snapshots (S0-54). */
export interface DeleteVolumeInput {
  /** Deletes its snapshots, too. */
  readonly cascade?: boolean;
  /** Deletes from a failed or stuck state; never bypasses data safety. */
  readonly force?: boolean;
  /** Keeps it in the trash for so long (I-28); null or absent deletes now. */
  readonly retainMs?: number | null;
}

/** Takes over an object that stands on the backend under `backendName`. */
export interface AdoptVolumeInput {
  readonly pool: ResourceRef;
  readonly backendName: string;
  readonly name: string;
  readonly sizeBytes: number;
  readonly generation?: Generation;
  readonly description?: string;
  readonly labels?: Labels;
  readonly hidden?: boolean;
}

/** A new snapshot; a volume has at most 256, internal ones counted (S0-61). */
export interface CreateSnapshotInput {
  readonly volume: ResourceRef;
  readonly name: string;
  readonly description?: string;
}

/** A pool to put in service: where it is, and how much may be promised of it (S0-16, R-5, S1-29). */
export interface RegisterPoolInput {
  readonly name: string;
  /** The backend's registered name, the pool there, and for erasure coding its data pool. */
  readonly placement: Placement;
  /** Default `replicated`. */
  readonly poolType?: PoolType;
  /** Provisioned to total bytes, 1 to 1000. Default 20. */
  readonly overSubscriptionRatio?: number;
}

/** Another user of a volume (access path, group); its id is a UUID of the caller's. */
export interface HoldInput {
  readonly id: string;
  /** Both users must say so where one volume is given to two on purpose. */
  readonly shared?: boolean;
}

/** An access token to be. */
export interface IssueTokenInput {
  /** 1 to 64 letters, digits, dots, dashes and underscores. The principal is `token:<name>`; two tokens may share it, so that one can take over from the other. */
  readonly name: string;
  readonly role: Role;
  /** Null: all tenants. */
  readonly tenant: string | null;
  /** Ms since 1970, within ten years. Null or left out: it lives until it is revoked. */
  readonly expiresAt?: number | null;
}

/** Which events a webhook gets; what is left out does not filter. */
export interface WebhookFilterInput {
  /** `volume`, `snapshot`, `pool`. */
  readonly kinds?: readonly EventKind[];
  /** UUIDs of resources. */
  readonly ids?: readonly string[];
  /** Types of events: `VolumeCreated`. */
  readonly types?: readonly string[];
  /** Only events of this tenant's volumes and snapshots. */
  readonly tenant?: string;
}

/** A webhook to be. */
export interface RegisterWebhookInput {
  readonly name: string;
  /** https; plain http to this machine, and elsewhere where the settings allow it. Without a user or password in it. */
  readonly url: string;
  /** Signs the deliveries: `whsec_` and the Base64 of 24 to 64 bytes; see `newWebhookSecret`. Nothing shows it again. */
  readonly secret: Secret | string;
  readonly filter?: WebhookFilterInput;
  /** After which event to begin. Default `now`. */
  readonly from?: EventsFrom;
}

/** Changes of a webhook; what is left out stays. */
export interface UpdateWebhookInput {
  readonly url?: string;
  /** Takes the place of the whole filter. */
  readonly filter?: WebhookFilterInput;
  readonly enabled?: boolean;
  /** Goes on after this event: what lies between is skipped, or delivered again. */
  readonly from?: EventsFrom;
}

/** Every change that can be asked for, one intent each. */
export type PlaneRequest =
  | { readonly do: 'createVolume'; readonly input: CreateVolumeInput }
  | { readonly do: 'adoptVolume'; readonly input: AdoptVolumeInput }
  | { readonly do: 'updateVolume'; readonly volume: ResourceRef; readonly input: UpdateVolumeInput }
  | { readonly do: 'flattenVolume'; readonly volume: ResourceRef }
  | { readonly do: 'migrateVolume'; readonly volume: ResourceRef; readonly input: { readonly pool: ResourceRef } }
  | { readonly do: 'rollBackVolume'; readonly volume: ResourceRef; readonly input: { readonly snapshot: ResourceRef } }
  | { readonly do: 'deleteVolume'; readonly volume: ResourceRef; readonly input: DeleteVolumeInput }
  | { readonly do: 'undeleteVolume' | 'disownVolume' | 'promoteVolume' | 'demoteVolume'; readonly volume: ResourceRef }
  | { readonly do: 'reserveMapping'; readonly volume: ResourceRef; readonly input: HoldInput }
  | { readonly do: 'releaseMapping' | 'joinVolumeGroup' | 'leaveVolumeGroup'; readonly volume: ResourceRef; readonly input: { readonly id: string } }
  | { readonly do: 'createSnapshot'; readonly input: CreateSnapshotInput }
  | { readonly do: 'deleteSnapshot'; readonly snapshot: ResourceRef; readonly input: { readonly force?: boolean } }
  | { readonly do: 'protectSnapshot' | 'unprotectSnapshot'; readonly snapshot: ResourceRef }
  | { readonly do: 'registerPool'; readonly input: RegisterPoolInput }
  | { readonly do: 'updatePool'; readonly pool: ResourceRef; readonly input: { readonly overSubscriptionRatio: number } }
  | { readonly do: 'reportPoolHealth'; readonly pool: ResourceRef; readonly input: { readonly health: PoolHealth } }
  | { readonly do: 'pausePool'; readonly pool: ResourceRef; readonly input: { readonly reason: string } }
  | { readonly do: 'resumePool' | 'retirePool'; readonly pool: ResourceRef }
  | AttachmentRequest
  | PathRequest
  | { readonly do: 'retryTask' | 'abandonTask' | 'cancelTask'; readonly task: ResourceRef };

/** What those ask for who run the service: done when it is answered, without a task. Each is a method of its own; as data it can be planned. */
export type AdminRequest =
  | { readonly do: 'pauseBackend'; readonly backend: string; readonly reason: string }
  | { readonly do: 'resumeBackend'; readonly backend: string }
  | { readonly do: 'issueToken'; readonly input: IssueTokenInput }
  | { readonly do: 'revokeToken'; readonly id: string; readonly input: { readonly reason?: string } }
  | { readonly do: 'registerWebhook'; readonly input: RegisterWebhookInput }
  | { readonly do: 'updateWebhook'; readonly id: string; readonly input: UpdateWebhookInput }
  | { readonly do: 'rotateWebhookSecret'; readonly id: string; readonly secret: Secret | string }
  | { readonly do: 'removeWebhook'; readonly id: string }
  | { readonly do: 'rebuild' }
  | { readonly do: 'acceptRestoredLog'; readonly pool: ResourceRef };

/** The names of all requests: `createVolume` and the others. */
export type RequestName = PlaneRequest['do'];

/** Who asks, and how long the answer may take. */
export interface RequestOptions {
  /** A UUID. The same command sent again returns the first one's result; with another input it is refused (I-16, I-32). */
  readonly commandId?: string;
  /** Any text; with `issuedBy` it names the command. `commandId` goes before it. */
  readonly idempotencyKey?: string;
  /** The principal, such as `token:ci`; 1 to 128 printable characters. Default `embedder`. */
  readonly issuedBy?: string;
  /** The tenant of what is made new; 1 to 128 printable characters. Default `default`. */
  readonly tenant?: string;
  /**
   * What a trace follows: 1 to 128 printable characters, stored with every event of the chain, the drivers' included. Default: the
   * command's id. It is no part of what a repeat is compared by: the first one's stays.
   */
  readonly correlationId?: string;
  /** Where the request came from (S0-136), 1 to 128 printable characters. Kept in this process's action record only, in no event. */
  readonly clientAddress?: string;
  /** W3C trace context of whatever asks, 55 characters; one that is not well formed is ignored. All work of the request belongs to its trace. */
  readonly traceparent?: string;
  /** The revision that the resource must still have (`plane.revision`), or the request is refused as `ResourceHasChanged`. Not for new resources. */
  readonly expectedRevision?: number;
  /** `accepted` (default): the reservations are made and the work is on record. `done`: the task ended. */
  readonly wait?: 'accepted' | 'done';
  /** How long `wait: 'done'` waits. Default: 10 minutes. */
  readonly timeoutMs?: number;
}
