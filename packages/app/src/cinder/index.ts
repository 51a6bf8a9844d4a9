/**
 * The contract of a Cinder volume driver, and the six calls by which OpenStack attaches and detaches.
 *
 * @packageDocumentation
 */
export { CINDER_EXCEPTIONS, type CinderError, type CinderExceptionName } from './errors.ts';
export {
  callConnectionInfo,
  connectionInfo,
  type AccessMode,
  type CallConnectionInfo,
  type Connection,
  type ConnectionData,
  type ConnectionInfo,
  type IscsiPath,
} from './formats/connectionInfo.ts';
export { formatProviderAuth, parseProviderAuth, type ChapLogin } from './formats/providerAuth.ts';
export { formatProviderLocation, parseProviderLocation, type PortalAddress, type ProviderLocation } from './formats/providerLocation.ts';
export { bytesOfGib, gibOfBytes } from './formats/sizes.ts';
export { volumeStats, type BackendNames, type PoolFigures, type VolumeStats } from './formats/stats.ts';
export { CinderHost, CinderSnapshot, CinderVolume, Connector } from './objects.ts';
export { cinderBridge, type BridgeCall, type BridgeOptions, type CinderBridge } from './bridge/bridge.ts';
export type { BridgeAddress, BridgeError } from './bridge/listening.ts';
export type { AttachedTo, ReserveOptions, SixCalls, WhichAttachment } from './calls/contract.ts';
export type { CinderControl } from './control.ts';
export type { CinderDriver, ExportUpdate, Migrated, ModelUpdate, Returned } from './driver/contract.ts';
export { cinderDriver, sixCalls, type CinderDriverOptions, type CinderPlace } from './open.ts';
