/** What callers ask for about attachments, as plain data. */
import type { AttachmentMode, AttachmentPurpose } from '@blockledger/domain';
import type { ResourceRef } from '../queries/views.ts';

/** What a host says of itself to be connected (S1-34). An iSCSI path needs `initiator`, a Fibre Channel path `wwpns` (S4-3). */
export interface ConnectorInput {
  /** The host's IQN. */
  readonly initiator?: string | null;
  /** Its WWNs: 16 hex digits, with or without colons. */
  readonly wwpns?: readonly string[];
  readonly ip?: string | null;
  readonly host?: string | null;
  /** It comes in by several portals at once. Default false. */
  readonly multipath?: boolean;
}

/** By which access path a host is to see the volume. */
export interface ConnectionInput {
  readonly accessPath: ResourceRef;
  readonly connector: ConnectorInput;
}

/** An attachment to be (S4-2). */
export interface ReserveAttachmentInput {
  /** A UUID of the caller's. Default: one made of the command's id. */
  readonly id?: string;
  /** Others may have the volume, too: all of them must say so. Default false. */
  readonly shared?: boolean;
  /** Default `host`. Backups, clones and migrations hold a volume without being connected. */
  readonly purpose?: AttachmentPurpose;
  /** Default `rw`. Kept and told, not enforced. */
  readonly mode?: AttachmentMode;
  readonly instance?: string | null;
  readonly host?: string | null;
  /** Connects it by the same request: it is reserved and connected, or neither (S4-8). */
  readonly connect?: ConnectionInput | null;
}

/** Connects an attachment that is reserved (S4-3). */
export interface ConnectAttachmentInput extends ConnectionInput {
  readonly id: string;
}

/** What the host says when it has the volume (S4-4); what is left out stays as it is. */
export interface CompleteAttachmentInput {
  readonly id: string;
  readonly instance?: string | null;
  readonly host?: string | null;
  readonly mountPoint?: string | null;
  readonly mode?: AttachmentMode;
}

/** Takes a volume from one initiator, or from all. */
export interface DisconnectInput {
  /** Null or left out: every attachment of the volume (S1-35). */
  readonly id?: string | null;
  /** Initiators are fenced: no session of theirs is left when it is done (I-21). Default false. */
  readonly force?: boolean;
}

/** Lets an attachment go; one that is connected is disconnected before. */
export interface ReleaseAttachmentInput {
  readonly id: string;
  readonly force?: boolean;
}

/** What can be asked for about attachments, one intent each. */
export type AttachmentRequest =
  | { readonly do: 'reserveAttachment'; readonly volume: ResourceRef; readonly input: ReserveAttachmentInput }
  | { readonly do: 'connectAttachment'; readonly volume: ResourceRef; readonly input: ConnectAttachmentInput }
  | { readonly do: 'completeAttachment'; readonly volume: ResourceRef; readonly input: CompleteAttachmentInput }
  | { readonly do: 'beginDetaching'; readonly volume: ResourceRef; readonly input: { readonly id: string } }
  | { readonly do: 'disconnectAttachments'; readonly volume: ResourceRef; readonly input: DisconnectInput }
  | { readonly do: 'releaseAttachment'; readonly volume: ResourceRef; readonly input: ReleaseAttachmentInput };
