/**
 * The engine and its faces.
 *
 * @module main
 */
// What the face shows of the domain, so that an embedder needs no second package.
export type {
  BackendIdentity,
  BlockBackend,
  Capabilities,
  Clock,
  EventStore,
  IdGenerator,
  Placement,
  PoolHealth,
  PoolStats,
  PoolType,
  PortError,
  Progress,
  Qos,
  Refusal,
  Secret,
  SecretStore,
  StoredEvent,
  StoreError,
  Subscription,
  SubscriptionHandler,
} from '@blockledger/domain';
export { defineConfig, type AddressConfig, type ConfigSource, type GivenSettings, type HostConfig, type ListenConfig, type ObservabilityConfig, type PoolConfig, type RequestLimitsConfig, type SecretsConfig, type ServiceConfig, type TlsConfig } from './cli/config.ts';
export { ControlPlaneCannotStart, controlPlane, startControlPlane } from './compose.ts';
export type * from './engine/controlPlane.ts';
export type * from './engine/audit/driftViews.ts';
export { EventsEnded } from './engine/events/ended.ts';
export { TaskWatchEnded } from './engine/tasks/ended.ts';
export type { OwedPhase } from './engine/drivers/driver.ts';
export type { CallQueue } from './engine/drivers/performer.ts';
export type { Monitor, OwedView, PlaneStatus } from './engine/watching/monitor.ts';
export type { LeaseView } from './engine/leases/leases.ts';
export type * from './engine/watching/observer.ts';
export { defaultLimits, silentLogger, type ControlPlaneParts, type EngineLimits, type Logger, type WebhookSettings } from './engine/parts.ts';
export { engineRefusals, refuseEngine, type EngineRefusal, type EngineRefusalTag } from './engine/refusals.ts';
export { refusalKindOf, refusalKinds, type RefusalKind, type RefusalTag } from './engine/refusalKinds.ts';
export type * from './engine/requests.ts';
export { isTokenText, TOKEN_PREFIX } from './engine/tokens/tokenText.ts';
export { newWebhookSecret } from './engine/webhooks/secretText.ts';
export type { Received, Sending, WebhookSender } from './engine/webhooks/send.ts';
export { WARNING_CODES, type WarningCode } from './engine/watching/warningCodes.ts';
export { withUpcasters, type Upcaster } from './eventStores/upcast.ts';
export type * from './queries/actionViews.ts';
export type * from './queries/attachmentViews.ts';
export type * from './queries/backendViews.ts';
export type { AttachmentQueries } from './queries/attachments.ts';
export { SUBJECT_WORDS, type EventMessage, type SubjectWord } from './queries/eventMessage.ts';
export type * from './queries/eventViews.ts';
export { QueryRefused } from './queries/queryRefused.ts';
export type * from './queries/sortViews.ts';
export type * from './queries/pathViews.ts';
export type * from './queries/views.ts';
export type * from './queries/webhookViews.ts';
export type * from './queries/workFilters.ts';
export { fileSecretStore, memorySecretStore, type FileSecretStoreOptions } from './secrets/index.ts';
export type { BackendCheck } from './engine/audit/backendChecks.ts';
export type { AuditNote } from './engine/audit/rounds.ts';
export { systemClock } from './system/clock.ts';
export { uuidIds } from './system/ids.ts';
