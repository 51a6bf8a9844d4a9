/** What the driver and the six calls need of attachments: one record each, with its connector and its stage (R-28, S4-8). */
import type { Asked } from './errors.ts';
import type { AccessMode, Connection } from './formats/connectionInfo.ts';

/** How far an attachment is. Every stage has an exit: release leads out of all of them. */
export type AttachmentStage = 'reserved' | 'connecting' | 'connected' | 'attached' | 'detaching' | 'disconnecting' | 'disconnected';

/** An attachment as it stands. What was not told is null. */
export interface Attachment {
  readonly id: string;
  readonly stage: AttachmentStage;
  readonly initiator: string | null;
  readonly hostName: string | null;
  readonly instanceId: string | null;
  readonly mode: AccessMode;
}

/** An attachment of a volume, by both UUIDs. */
export interface AttachmentRef {
  readonly volume: string;
  readonly id: string;
}

/** What is said when an attachment begins. */
export interface Reservation {
  readonly shared: boolean;
  readonly mode: AccessMode;
}

/** What is said when an attachment is used (S4-4). */
export interface Completion {
  readonly instanceId: string | null;
  readonly hostName: string | null;
  readonly mountPoint: string | null;
  /** Null: as it was reserved. */
  readonly mode: AccessMode | null;
}

/** A connector that names its initiator. */
export interface KnownConnector {
  readonly initiator: string;
  readonly host: string | null;
  readonly multipath: boolean;
}

/** Attachments of volumes. Each of these ends when its work has ended, and can be said again. */
export interface Attachments {
  readonly list: (volume: string) => Asked<readonly Attachment[]>;
  readonly reserve: (ref: AttachmentRef, reservation: Reservation) => Asked<unknown>;
  /** Both in one: it is reserved and connected, or neither, whoever dies in between. */
  readonly attach: (ref: AttachmentRef, reservation: Reservation, connector: KnownConnector) => Asked<unknown>;
  readonly connect: (ref: AttachmentRef, connector: KnownConnector) => Asked<unknown>;
  /** How the initiator of a connected one gets there. */
  readonly connection: (ref: AttachmentRef) => Asked<Omit<Connection, 'volumeId'>>;
  readonly complete: (ref: AttachmentRef, completion: Completion) => Asked<unknown>;
  readonly beginDetach: (ref: AttachmentRef) => Asked<unknown>;
  /** Takes the initiator's way away, or everybody's where `id` is null. `force` fences first (I-21). One that is gone is disconnected (I-22). */
  readonly disconnect: (ref: AttachmentRef | { readonly volume: string; readonly id: null }, force: boolean) => Asked<unknown>;
  /** Lets the attachment go; one that is connected is disconnected before. One that is gone is released (I-22). */
  readonly release: (ref: AttachmentRef, force: boolean) => Asked<unknown>;
}
