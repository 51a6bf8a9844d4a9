/** The six calls by which OpenStack attaches and detaches a volume (S4-1…S4-7). */
import type { Returned } from '../driver/contract.ts';
import type { AccessMode, CallConnectionInfo } from '../formats/connectionInfo.ts';
import type { CinderVolume, Connector } from '../objects.ts';

/** Which attachment of a volume is meant, where it has several. Left out, it is found by its connector, its host or its stage. */
export interface WhichAttachment {
  readonly attachment_id?: string;
}

/** What `reserve_volume` may be told: an id of the caller's own makes it repeatable, and the mode is kept for the connection. */
export interface ReserveOptions extends WhichAttachment {
  readonly mode?: AccessMode;
}

/** Whom `attach` is told of (S4-4). */
export interface AttachedTo extends WhichAttachment {
  readonly instance_uuid: string | null;
  readonly host_name: string | null;
  readonly mount_point: string | null;
  readonly mode: AccessMode;
}

/**
 * The six calls: `reserve_volume`, `initialize_connection`, `attach`; `begin_detaching`, `terminate_connection`, `detach`. Behind each stands a
 * step of one attachment: they may be called by several processes at once and after a crash, and what one did the next one finds in the log.
 * The volume is looked up by its `name`.
 */
export interface SixCalls {
  /** Keeps an `available` volume for one who is about to attach it; an attached one, too, where it is multiattach. `InvalidVolume` otherwise (S4-2). The attachment's id. */
  readonly reserve_volume: (volume: CinderVolume, options?: ReserveOptions) => Returned<string>;
  /** Connects the reserved attachment, and says all that the host needs (S4-3). `InvalidVolume` where none is reserved. */
  readonly initialize_connection: (volume: CinderVolume, connector: Connector, which?: WhichAttachment) => Returned<CallConnectionInfo>;
  /** The host has it (S4-4). The attachment's id. */
  readonly attach: (volume: CinderVolume, to: AttachedTo) => Returned<string>;
  /** The host is about to let go (S4-5). `InvalidVolume` where nobody is attached. */
  readonly begin_detaching: (volume: CinderVolume, which?: WhichAttachment) => Returned<null>;
  /** Takes the volume from the connector's initiator, or from all where there is no connector (S4-6, S1-35). */
  readonly terminate_connection: (volume: CinderVolume, connector: Connector | null, options?: { readonly force?: boolean }) => Returned<null>;
  /** The attachment is gone, and the volume `available` when it was the last one (S4-7). One that is gone is detached (I-22). */
  readonly detach: (volume: CinderVolume, attachmentId: string | null) => Returned<null>;
}
