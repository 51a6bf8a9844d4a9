/** `get_volume_stats`: what Cinder's scheduler places volumes by (S1-29). */
import { gibOfBytes } from './sizes.ts';

/** What the driver says of itself. */
export interface BackendNames {
  /** `volume_backend_name` of cinder.conf. */
  readonly volumeBackendName: string;
  readonly vendorName: string;
  readonly driverVersion: string;
}

/** What is known of the pool, in bytes. */
export interface PoolFigures {
  readonly name: string;
  readonly totalBytes: number;
  readonly freeBytes: number;
  /** What its volumes may grow to. */
  readonly provisionedBytes: number;
  /** Provisioned to total bytes. */
  readonly overSubscriptionRatio: number;
  /** One volume may be given to several hosts on purpose. */
  readonly multiattach: boolean;
  readonly onlineExtend: boolean;
}

/** What `get_volume_stats` returns (S1-29). Capacities in GiB. */
export interface VolumeStats {
  readonly volume_backend_name: string;
  readonly vendor_name: string;
  readonly driver_version: string;
  readonly storage_protocol: 'iSCSI';
  readonly total_capacity_gb: number;
  readonly free_capacity_gb: number;
  readonly reserved_percentage: number;
  readonly location_info: string;
  readonly QoS_support: boolean;
  readonly provisioned_capacity_gb: number;
  readonly max_over_subscription_ratio: number;
  readonly thin_provisioning_support: boolean;
  readonly thick_provisioning_support: boolean;
  readonly multiattach: boolean;
  readonly online_extend_support: boolean;
}

/** How a backend tells where its volumes are: `{vendor}:{pool}` (S1-29). Cinder shows it to the driver that is to move a volume there (S1-38). */
export const locationOf = (vendorName: string, pool: string): string => `${vendorName}:${pool}`;

/**
 * Every field of S1-29, the optional ones, too. Volumes are thin and never thick; limits are not taken from Cinder's QoS specs.
 *
 * @example
 * import { volumeStats } from '@blockledger/app/cinder-driver';
 * const names = { volumeBackendName: 'QSAN_iSCSI', vendorName: 'QSAN', driverVersion: '1.0.0' };
 * const pool = { name: 'Pool-1', totalBytes: 10995116277760, freeBytes: 8796093022208, provisionedBytes: 2199023255552, overSubscriptionRatio: 20, multiattach: false, onlineExtend: true };
 * const { total_capacity_gb, location_info } = volumeStats(names, pool);
 * [total_capacity_gb, location_info]; // => [10240, 'QSAN:Pool-1']
 */
export const volumeStats = ({ volumeBackendName, vendorName, driverVersion }: BackendNames, pool: PoolFigures): VolumeStats => ({
  volume_backend_name: volumeBackendName,
  vendor_name: vendorName,
  driver_version: driverVersion,
  storage_protocol: 'iSCSI',
  total_capacity_gb: gibOfBytes(pool.totalBytes),
  free_capacity_gb: gibOfBytes(pool.freeBytes),
  reserved_percentage: 0,
  location_info: locationOf(vendorName, pool.name),
  QoS_support: false,
  provisioned_capacity_gb: gibOfBytes(pool.provisionedBytes),
  max_over_subscription_ratio: pool.overSubscriptionRatio,
  thin_provisioning_support: true,
  thick_provisioning_support: false,
  multiattach: pool.multiattach,
  online_extend_support: pool.onlineExtend,
});
