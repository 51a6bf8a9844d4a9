/** The part of the library face that is about attachments. */
import type { AttachmentView, ConnectionInfo } from '../queries/attachmentViews.ts';
import type { AttachmentQueries } from '../queries/attachments.ts';
import type { ResourceRef, VolumeView } from '../queries/views.ts';
import type { Answer } from './answer.ts';
import type { CompleteAttachmentInput, ConnectAttachmentInput, DisconnectInput, ReleaseAttachmentInput, ReserveAttachmentInput } from './attachmentRequests.ts';
import type { Accepted } from './controlPlane.ts';
import type { RequestOptions } from './requests.ts';

/** A volume and one of its attachments; `part` is null where that is gone. */
export type AcceptedAttachment = Accepted<VolumeView, AttachmentView>;

/**
 * What is asked for about attachments. Reserved, connected, completed; then detaching, disconnected, released. `releaseAttachment` leads out of
 * every stage, and letting go of what is gone succeeds (R-28, I-22).
 */
export interface AttachmentVerbs {
  /**
   * Keeps a volume for one user (S4-2). Of two who ask at once one is told no, unless both share. With `connect` it is connected, too, or not
   * reserved either (S4-8).
   */
  readonly reserveAttachment: (volume: ResourceRef, input?: ReserveAttachmentInput, options?: RequestOptions) => Answer<AcceptedAttachment>;
  /** Lets a host see the volume by an access path; the task ends when every host of it that can be reached shows it (S4-3). Asked again with the same connector it does nothing. */
  readonly connectAttachment: (volume: ResourceRef, input: ConnectAttachmentInput, options?: RequestOptions) => Answer<AcceptedAttachment>;
  /** Says that the host has the volume, and as what (S4-4). */
  readonly completeAttachment: (volume: ResourceRef, input: CompleteAttachmentInput, options?: RequestOptions) => Answer<AcceptedAttachment>;
  /** Says that the host is about to let go (S4-5). */
  readonly beginDetaching: (volume: ResourceRef, input: { readonly id: string }, options?: RequestOptions) => Answer<AcceptedAttachment>;
  /**
   * Takes the volume from an initiator, or from all (S4-6, S1-35). With `force` their sessions are seen to be gone first (I-21), refused where the
   * backend cannot see that.
   */
  readonly disconnectAttachments: (volume: ResourceRef, input?: DisconnectInput, options?: RequestOptions) => Answer<AcceptedAttachment>;
  /** The attachment is no more; one that is connected is disconnected before (S4-7). */
  readonly releaseAttachment: (volume: ResourceRef, input: ReleaseAttachmentInput, options?: RequestOptions) => Answer<AcceptedAttachment>;
}

/** Reading attachments. */
export interface Attachments extends AttachmentQueries {
  /**
   * Where a host finds a volume that is connected, and the account that it logs in by (S1-34). Refused as `AttachmentNotFound`, or as
   * `AttachmentIsNotConnected` before every host that can be reached shows the volume.
   */
  readonly connectionInfo: (volume: ResourceRef, id: string) => Answer<ConnectionInfo>;
}
