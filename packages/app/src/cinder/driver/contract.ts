/** The contract between Cinder's volume service and a driver, by the names that the source gives (S1-28…S1-39). */
import type * as E from 'fp-ts/lib/Either.js';
import type { CinderError } from '../errors.ts';
import type { ConnectionInfo } from '../formats/connectionInfo.ts';
import type { VolumeStats } from '../formats/stats.ts';
import type { CinderHost, CinderSnapshot, CinderVolume, Connector } from '../objects.ts';

/** What came of a call: what Cinder is given, or the exception that it is to raise. `null` is Python's `None`. */
export type Returned<A> = Promise<E.Either<CinderError, A>>;

/** Fields of a volume or snapshot that Cinder is to write into its database. */
export interface ModelUpdate {
  readonly provider_location?: string;
  readonly provider_auth?: string | null;
}

/** What `create_export` returns: where the volume is, and the account, or null (S1-32). */
export interface ExportUpdate {
  readonly provider_location: string;
  readonly provider_auth: string | null;
}

/** Whether a volume was moved, and what of it changed (S1-38). `[false, null]`: Cinder is to copy it through a host. */
export type Migrated = readonly [true, ModelUpdate] | readonly [false, null];

/**
 * A driver. Names, arguments and what is returned are the source's; the request's context is not looked at. Every call can be repeated after a
 * crash: it looks first, and does what is missing.
 */
export interface CinderDriver {
  /** Sees whether the service lets us in. */
  readonly do_setup: (context: unknown) => Returned<null>;
  /** Refused as `VolumeBackendAPIException` where the pool is not there, or the access path (S1-28). */
  readonly check_for_setup_error: () => Returned<null>;
  /** Asks the backend with `refresh`, and repeats what it said last without (S1-29). */
  readonly get_volume_stats: (refresh: boolean) => Returned<VolumeStats>;
  /** A thin volume of `size` GiB (S1-30). */
  readonly create_volume: (volume: CinderVolume) => Returned<null>;
  /** One that is not there is deleted. Refused as `VolumeIsBusy` while it has snapshots or somebody is attached (S1-31). */
  readonly delete_volume: (volume: CinderVolume) => Returned<null>;
  /** `newSize` in GiB (S1-31). */
  readonly extend_volume: (volume: CinderVolume, newSize: number) => Returned<null>;
  /** Lets the connector's initiator see the volume (S1-32). */
  readonly create_export: (context: unknown, volume: CinderVolume, connector: Connector) => Returned<ExportUpdate>;
  /** Takes away what nobody was connected to (S1-33). */
  readonly remove_export: (context: unknown, volume: CinderVolume) => Returned<null>;
  /** Nothing to do: access paths are what they should be by themselves (S1-39). */
  readonly ensure_export: (context: unknown, volume: CinderVolume) => Returned<null>;
  /** Refused as `InvalidConnectorException` where the connector names no initiator (S4-3). */
  readonly validate_connector: (connector: Connector) => Returned<null>;
  /** All that the initiator needs to log in (S1-34). */
  readonly initialize_connection: (volume: CinderVolume, connector: Connector) => Returned<ConnectionInfo>;
  /** Takes the volume from the connector's initiator; from all where there is no connector, who are fenced first (S1-35). */
  readonly terminate_connection: (volume: CinderVolume, connector: Connector | null, options?: { readonly force?: boolean }) => Returned<null>;
  /** Takes a snapshot (S1-36). */
  readonly create_snapshot: (snapshot: CinderSnapshot) => Returned<null>;
  /** One that is not there is deleted. Refused as `SnapshotIsBusy` while a volume hangs on it (S1-36). */
  readonly delete_snapshot: (snapshot: CinderSnapshot) => Returned<null>;
  /** A volume with the snapshot's data, as large as the snapshot or larger (S1-37). */
  readonly create_volume_from_snapshot: (volume: CinderVolume, snapshot: CinderSnapshot) => Returned<null>;
  /** A volume with the data of another, as large or larger (S1-37). */
  readonly create_cloned_volume: (volume: CinderVolume, srcVref: CinderVolume) => Returned<null>;
  /** Moves a volume that nobody has to another pool of its backend; where it cannot, Cinder copies it through a host (S1-38). */
  readonly migrate_volume: (context: unknown, volume: CinderVolume, host: CinderHost) => Returned<Migrated>;
}
