/** How a driver, or the six calls, are made: over a service, a pool and an access path. */
import { callsIn } from './calls/calls.ts';
import type { SixCalls } from './calls/contract.ts';
import type { CinderControl } from './control.ts';
import type { CinderDriver } from './driver/contract.ts';
import { driverIn } from './driver/driver.ts';
import { restAttachments } from './restAttachments.ts';
import type { World } from './world.ts';

/** Where volumes are, and by what they are seen. */
export interface CinderPlace {
  /** The service: `apiClient` of `@blockledger/app/client`, with a token of role operator. */
  readonly control: CinderControl;
  /** The name of the pool that volumes are made in. There a volume has the name that Cinder gives it. */
  readonly pool: string;
  /** The name of the access path by which initiators see them. */
  readonly accessPath: string;
  /** How long the work of one call may take, in ms; it goes on afterwards, and a repeat waits for it again. Default: an hour. */
  readonly timeoutMs?: number;
  /**
   * Refuses a force detach where the storage cannot show that an initiator is cut off, as `CapabilityIsMissing` (I-21). Default false: there nobody
   * is let in any more and the LUN goes, which is what the source asks for (S1-35).
   */
  readonly requireFencing?: boolean;
}

/** A driver to be. */
export interface CinderDriverOptions extends CinderPlace {
  /** As `volume_backend_name` in cinder.conf. */
  readonly volumeBackendName: string;
  /** Default `Blockledger`. */
  readonly vendorName?: string;
  /** Default `1.0.0`. */
  readonly driverVersion?: string;
  /** Tells Cinder that it may give one volume to several hosts on purpose. Default false, as in the source (S1-29). */
  readonly multiattach?: boolean;
  /**
   * Pools of this service, by their names, that `migrate_volume` may move volumes to; a driver for each of them has the same `vendorName`, and no
   * other service has a pool of such a name. Default none: Cinder copies (S1-38).
   */
  readonly movesTo?: readonly string[];
}

const HOUR_MS = 3_600_000;

const worldOf = ({ control: client, pool: poolName, accessPath: accessPathName, timeoutMs = HOUR_MS, requireFencing = false }: CinderPlace): World => {
  const service = { client, timeoutMs };
  return { service, poolName, accessPathName, attachments: restAttachments({ service, accessPathName, requireFencing }) };
};

/**
 * A driver for Cinder's volume service, over any backend (S1-25…S1-41). Its methods have the source's names, and return the source's structures.
 * A volume service runs elsewhere than the control plane, so it asks by REST; what Cinder names `volume-{uuid}` has that name here, which is how
 * every call finds again what it did before a crash.
 *
 * @example
 * import { apiClient } from '@blockledger/app/client';
 * import { cinderDriver } from '@blockledger/app/cinder-driver';
 * const control = apiClient({ url: 'http://127.0.0.1:9', token: 'a-token-of-the-service', retries: 0 });
 * const driver = cinderDriver({ control, pool: 'vols', accessPath: 'front', volumeBackendName: 'blockledger' });
 * const answer = await driver.check_for_setup_error();
 * answer._tag === 'Left' && [answer.left._tag, answer.left.code]; // => ['VolumeBackendAPIException', 'Unreachable']
 */
export const cinderDriver = (options: CinderDriverOptions): CinderDriver => {
  const { volumeBackendName, vendorName = 'Blockledger', driverVersion = '1.0.0', multiattach = false, movesTo = [] } = options;
  return driverIn(worldOf(options), { volumeBackendName, vendorName, driverVersion, multiattach, movesTo });
};

/**
 * The six calls by which OpenStack attaches and detaches (S4-1…S4-7), for a caller that has no Cinder between itself and the control plane.
 *
 * @example
 * import { apiClient } from '@blockledger/app/client';
 * import { sixCalls } from '@blockledger/app/cinder-driver';
 * const control = apiClient({ url: 'http://127.0.0.1:9', token: 'a-token-of-the-service', retries: 0 });
 * const calls = sixCalls({ control, pool: 'vols', accessPath: 'front' });
 * const id = '12345678-1234-1234-1234-123456789abc';
 * const answer = await calls.reserve_volume({ id, name: `volume-${id}`, size: 10 });
 * answer._tag === 'Left' && answer.left.code; // => 'Unreachable'
 */
export const sixCalls = (place: CinderPlace): SixCalls => callsIn(worldOf(place));
