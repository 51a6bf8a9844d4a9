/** The one table from refusals to HTTP: nothing below this folder knows a status. */
import type { BackendRefusalTag, PoolRefusalTag, Refusal, ReservationRefusal, SnapshotRefusalTag, TokenRefusalTag, VolumeRefusalTag, WebhookRefusalTag } from '@blockledger/domain';
import type { EngineRefusalTag } from '../../engine/refusals.ts';
import type { ServiceRefusalTag } from './refusals.ts';

/** Every refusal that a request can meet. */
export type RefusalTag = VolumeRefusalTag | SnapshotRefusalTag | PoolRefusalTag | BackendRefusalTag | TokenRefusalTag | WebhookRefusalTag | ReservationRefusal['_tag'] | EngineRefusalTag | ServiceRefusalTag;

/**
 * - 400: the request is not well formed. 404: what it names is not there. 422: well formed, but no state of things would allow it.
 * - 409: the present state is in the way; the same request may be accepted later. 503: nothing was decided, send it again.
 */
export const statusOf: Readonly<Record<RefusalTag, number>> = {
  Unauthorized: 401,
  RoleIsInsufficient: 403,
  TooManyRequests: 429,
  TooManyWrongTokens: 429,
  TooManyStreams: 429,
  RouteNotFound: 404,
  MethodNotAllowed: 405,
  PathIsMalformed: 400,
  BodyIsNotJson: 400,
  BodyIsTooLarge: 413,
  ContentTypeIsNotJson: 415,
  FieldIsInvalid: 400,
  ParameterIsInvalid: 400,
  MoreThanOneIntent: 400,
  IdempotencyKeyIsInvalid: 400,
  IfMatchIsInvalid: 400,
  IfMatchIsNotTaken: 400,
  HeadersAreTooLarge: 431,
  ExpectationIsUnknown: 417,
  RequestIsMalformed: 400,
  RequestTimedOut: 408,
  ServiceIsEnding: 503,
  InternalError: 500,

  InvalidCommand: 400,
  OptionIsInvalid: 400,
  CallerIsConfined: 403,
  SnapshotIsOfAnotherTenant: 422,
  QueryIsInvalid: 400,
  CursorIsForeign: 400,
  CommandIdReused: 409,
  ResourceHasChanged: 412,
  VolumeNotFound: 404,
  SnapshotNotFound: 404,
  PoolNotFound: 404,
  TaskNotFound: 404,
  ActionNotFound: 404,
  TokenNotFound: 404,
  TokenIsShownOnce: 409,
  NotThereYet: 404,
  StatusIsNotListed: 422,
  PositionNotInLog: 422,
  TimedOut: 504,
  TaskFailed: 409,
  TooManyConflicts: 503,
  StoreUnavailable: 503,
  StoreCorrupt: 500,
  SecretStoreUnavailable: 503,
  BackendUnavailable: 503,
  BackendIsUnknown: 422,
  CapabilityIsMissing: 422,
  PlaneIsClosed: 503,

  VolumeAlreadyExists: 409,
  VolumeIsBusy: 409,
  VolumeIsNotReady: 409,
  VolumeIsNotTrashed: 409,
  VolumeIsPassive: 409,
  VolumeIsMapped: 409,
  VolumeIsAttached: 409,
  VolumeIsInGroup: 409,
  VolumeHasSnapshots: 409,
  VolumeHasNoParent: 409,
  VolumeHasParent: 409,
  NameIsNotAllowed: 422,
  TextIsTooLong: 422,
  NothingToChange: 422,
  SizeOutOfRange: 422,
  SizeIsMissing: 422,
  SizeComesFromTheSnapshot: 422,
  QosIsInvalid: 422,
  PriorityNeedsV3: 422,
  PoolIsUnhealthy: 409,
  SnapshotAlreadyExists: 409,
  SnapshotIsNotReady: 409,
  SnapshotIsInternal: 422,
  SnapshotIsInGroupSnapshot: 409,
  SnapshotBelongsElsewhere: 422,
  SnapshotIsInUse: 409,
  SnapshotNameIsTaken: 409,
  SnapshotLimitReached: 409,
  V2OnErasurePool: 422,
  CloneTooDeep: 409,
  GroupIsAnother: 409,
  MappingNeedsShared: 409,
  RollbackMustEnd: 409,
  DeletionMustEnd: 409,
  NothingToRetry: 409,
  NothingToAbandon: 409,
  CannotBeCancelled: 409,
  BackupSnapshotFailed: 409,
  RetentionOutOfRange: 422,

  SnapshotIsBusy: 409,
  SnapshotIsClosed: 409,
  SnapshotHasClones: 409,
  SnapshotIsProtected: 409,

  PoolAlreadyExists: 409,
  DataPoolIsMissing: 422,
  RatioOutOfRange: 422,
  PoolIsNotEmpty: 409,

  TokenAlreadyExists: 409,
  TokenNameIsNotAllowed: 422,
  TenantIsNotAllowed: 422,
  ExpiryOutOfRange: 422,
  ReasonIsTooLong: 422,

  WebhookNotFound: 404,
  WebhookAlreadyExists: 409,
  TooManyWebhooks: 409,
  UrlIsNotAllowed: 422,
  FilterIsInvalid: 422,
  SecretIsMissing: 409,
  SecretLengthOutOfRange: 422,

  NameIsTaken: 409,
  SerialIsTaken: 409,
  PoolIsOverSubscribed: 409,
  PoolHasNoSpace: 409,
  // Asked again for minutes, or pointless to ask again: it is on record as the answer to this command, and only a new one can be accepted.
  PoolCapacityUnknown: 409,
  PoolCapacityUnreadable: 409,
};

const isKnown = (tag: string): tag is RefusalTag => Object.hasOwn(statusOf, tag);

/**
 * The status for a refusal. A tag that no table has is a fault of ours.
 *
 * @example
 * import { statusFor } from '@blockledger/app/http';
 * statusFor({ _tag: 'VolumeIsMapped' }); // => 409
 */
export const statusFor = ({ _tag }: Pick<Refusal, '_tag'>): number => (isKnown(_tag) ? statusOf[_tag] : 500);
