/** What readers see of attachments: plain JSON, without secrets. */
import type { AccessType, AttachmentMode, AttachmentPurpose, AttachmentStage, Connector, Portal, Secret } from '@blockledger/domain';
import type { ResourceLink } from './pathViews.ts';
import type { ResourceRef } from './views.ts';

/** One user of a volume, or somebody who is about to be one. Moments in ms since 1970. */
export interface AttachmentView {
  readonly kind: 'attachment';
  readonly id: string;
  readonly volume: ResourceLink;
  readonly tenant: string;
  readonly purpose: AttachmentPurpose;
  /** Others may have the volume, too. */
  readonly shared: boolean;
  readonly mode: AttachmentMode;
  /** `reserved`, `connecting`, `connected`, `attached`, `detaching`, `disconnecting`, `disconnected`. */
  readonly stage: AttachmentStage;
  /** The latest operation on it, by its task's id; null in logs from before there were any. */
  readonly operationId: string | null;
  readonly instance: string | null;
  readonly host: string | null;
  readonly mountPoint: string | null;
  /** What the host said of itself; null while it is not connected. */
  readonly connector: Connector | null;
  /** By which it is connected, or is about to be; null while it is not. */
  readonly accessPath: ResourceLink | null;
  /** The initiator's own client group. */
  readonly clientGroup: ResourceLink | null;
  /** The initiator's mapping group, and the LUN number in it; null until every host that can be reached shows the volume. */
  readonly mappingGroupId: string | null;
  readonly lun: number | null;
  /** Its initiator is fenced when it goes (I-21). */
  readonly force: boolean;
  /** It is released as soon as it is disconnected. */
  readonly releasing: boolean;
  readonly reservedAt: number;
}

/** Which attachments a list holds; what is left out does not filter. */
export interface AttachmentFilter {
  readonly volume?: ResourceRef;
  readonly stage?: AttachmentStage;
  readonly purpose?: AttachmentPurpose;
  /** Those of the host with this IQN, or WWN. */
  readonly initiator?: string;
  readonly instance?: string;
}

/** A target by which a host comes to a volume: on every host of an access path there is one, with the same IQN. */
export interface ConnectionTarget {
  readonly host: ResourceLink;
  readonly iqn: string;
  readonly portals: readonly Portal[];
  readonly lun: number;
  /** The host was reached when it was last told something. */
  readonly reachable: boolean;
}

/** What a host needs to log in and to find the volume (S1-34, S4-3). `chap.secret` cannot be written or logged by accident. */
export interface ConnectionInfo {
  readonly volumeId: string;
  readonly attachmentId: string;
  readonly accessType: AccessType;
  readonly mode: AttachmentMode;
  readonly multipath: boolean;
  /** What the host sees as the disk's serial number (S0-18). */
  readonly serial: string;
  readonly lun: number;
  /** Hosts that can be reached before the others. */
  readonly targets: readonly ConnectionTarget[];
  /** The account that initiators present; null without CHAP (S0-86). */
  readonly chap: { readonly user: string; readonly secret: Secret } | null;
}
