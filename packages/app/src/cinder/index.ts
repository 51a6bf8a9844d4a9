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
