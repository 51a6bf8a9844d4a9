/** What kind of refusal each is: the one table of it, from which HTTP statuses follow, too. */
import type { AccessPathRefusalTag, BackendRefusalTag, ClientGroupRefusalTag, HostRefusalTag, PoolRefusalTag, Refusal, ReservationRefusalTag, SnapshotRefusalTag, TokenRefusalTag, VipGroupRefusalTag, VolumeRefusalTag, WebhookRefusalTag } from '@blockledger/domain';
import type { EngineRefusalTag } from './refusals.ts';

/** The name of every refusal that a control plane can answer with, the domain's and the engine's; docs/refusals.md says more of each. */
export type RefusalTag = AccessPathRefusalTag | ClientGroupRefusalTag | HostRefusalTag | VipGroupRefusalTag | VolumeRefusalTag | SnapshotRefusalTag | PoolRefusalTag | BackendRefusalTag | TokenRefusalTag | WebhookRefusalTag | ReservationRefusalTag | EngineRefusalTag;

/**
 * What a caller can do about a refusal, without knowing which it is.
 *
 * - `malformed`: what was asked is not well formed; `invalid`: well formed, but no state of things would allow it. Ask for something else.
 * - `notFound`: what it names is not there, or not for this caller to see. `forbidden`: not for this caller to ask.
 * - `conflict`: the present state is in the way; the same wish, as a new command, may be accepted later. `changed`: it is not in the state that the
 *   caller expected. `limit`: there is no room for one more.
 * - `failed`: it was accepted, and its work failed. `timedOut`: it was accepted, and goes on.
 * - `unavailable`: nothing was decided; the same command can be sent again. `fault`: something is broken and a person must look.
 */
export type RefusalKind = 'malformed' | 'invalid' | 'notFound' | 'forbidden' | 'conflict' | 'changed' | 'limit' | 'failed' | 'timedOut' | 'unavailable' | 'fault';

/** The kind of each refusal. */
export const refusalKinds: Readonly<Record<RefusalTag, RefusalKind>> = {
  InvalidCommand: 'malformed',
  OptionIsInvalid: 'malformed',
  CallerIsConfined: 'forbidden',
  SnapshotIsOfAnotherTenant: 'invalid',
  QueryIsInvalid: 'malformed',
  CursorIsForeign: 'malformed',
  CommandIdReused: 'conflict',
  ResourceHasChanged: 'changed',
  VolumeNotFound: 'notFound',
  SnapshotNotFound: 'notFound',
  PoolNotFound: 'notFound',
  TaskNotFound: 'notFound',
  ActionNotFound: 'notFound',
  TokenNotFound: 'notFound',
  TokenIsShownOnce: 'conflict',
  NotThereYet: 'notFound',
  StatusIsNotListed: 'invalid',
  PositionNotInLog: 'invalid',
  LogIsBehind: 'unavailable',
  TimedOut: 'timedOut',
  TaskFailed: 'failed',
  TooManyConflicts: 'unavailable',
  StoreUnavailable: 'unavailable',
  StoreCorrupt: 'fault',
  SecretStoreUnavailable: 'unavailable',
  SecretStoreAbsent: 'conflict',
  BackendUnavailable: 'unavailable',
  BackendIsUnknown: 'invalid',
  CapabilityIsMissing: 'invalid',
  PlaneIsClosed: 'unavailable',

  VolumeAlreadyExists: 'conflict',
  VolumeIsBusy: 'conflict',
  VolumeIsNotReady: 'conflict',
  VolumeIsNotTrashed: 'conflict',
  VolumeIsPassive: 'conflict',
  VolumeIsMapped: 'conflict',
  VolumeIsAttached: 'conflict',
  AttachmentNotFound: 'notFound',
  AttachmentIsConnected: 'conflict',
  AttachmentIsNotConnected: 'conflict',
  AttachmentIsLeaving: 'conflict',
  AttachmentIsInternal: 'invalid',
  AttachmentTextIsTooLong: 'invalid',
  TooManyAttachments: 'limit',
  ConnectorIsIncomplete: 'invalid',
  InitiatorIsNotAllowed: 'invalid',
  VolumeIsInGroup: 'conflict',
  VolumeHasSnapshots: 'conflict',
  VolumeHasNoParent: 'conflict',
  VolumeHasParent: 'conflict',
  PoolIsOnAnotherBackend: 'invalid',
  NameIsNotAllowed: 'invalid',
  TextIsTooLong: 'invalid',
  NothingToChange: 'invalid',
  SizeOutOfRange: 'invalid',
  SizeIsMissing: 'invalid',
  SizeComesFromTheSnapshot: 'invalid',
  QosIsInvalid: 'invalid',
  PriorityNeedsV3: 'invalid',
  PoolIsUnhealthy: 'conflict',
  SnapshotAlreadyExists: 'conflict',
  SnapshotIsNotReady: 'conflict',
  SnapshotIsInternal: 'invalid',
  SnapshotIsInGroupSnapshot: 'conflict',
  SnapshotBelongsElsewhere: 'invalid',
  SnapshotIsInUse: 'conflict',
  SnapshotNameIsTaken: 'conflict',
  SnapshotLimitReached: 'limit',
  V2OnErasurePool: 'invalid',
  CloneTooDeep: 'limit',
  GroupIsAnother: 'conflict',
  MappingNeedsShared: 'conflict',
  VolumeHasAnotherPath: 'conflict',
  RollbackMustEnd: 'conflict',
  DeletionMustEnd: 'conflict',
  MigrationMustEnd: 'conflict',
  NothingToRetry: 'conflict',
  NothingToAbandon: 'conflict',
  CannotBeCancelled: 'conflict',
  BackupSnapshotFailed: 'failed',
  RetentionOutOfRange: 'invalid',

  SnapshotIsBusy: 'conflict',
  SnapshotIsClosed: 'conflict',
  SnapshotHasClones: 'conflict',
  SnapshotIsProtected: 'conflict',

  PoolAlreadyExists: 'conflict',
  DataPoolIsMissing: 'invalid',
  RatioOutOfRange: 'invalid',
  PoolIsNotEmpty: 'conflict',

  TokenAlreadyExists: 'conflict',
  TokenNameIsNotAllowed: 'invalid',
  TenantIsNotAllowed: 'invalid',
  ExpiryOutOfRange: 'invalid',
  ReasonIsTooLong: 'invalid',

  WebhookNotFound: 'notFound',
  WebhookAlreadyExists: 'conflict',
  TooManyWebhooks: 'limit',
  UrlIsNotAllowed: 'invalid',
  FilterIsInvalid: 'invalid',
  SecretIsMissing: 'conflict',
  SecretLengthOutOfRange: 'invalid',

  HostNotFound: 'notFound',
  HostAlreadyExists: 'conflict',
  HostServesNothing: 'invalid',
  HostIsUnknownToBackend: 'conflict',
  AddressIsNotAllowed: 'invalid',
  AddressAlreadyThere: 'conflict',
  TooManyAddresses: 'invalid',
  AddressNotFound: 'notFound',
  AddressIsInUse: 'conflict',
  HostIsInUse: 'conflict',
  AdmittedJustNow: 'conflict',
  PortalTaken: 'conflict',
  HostHasNoTargets: 'conflict',
  ClientGroupNotFound: 'notFound',
  ClientGroupAlreadyExists: 'conflict',
  DescriptionIsTooLong: 'invalid',
  ClientCodeIsNotAllowed: 'invalid',
  ClientIsThereTwice: 'invalid',
  NoClients: 'invalid',
  TooManyClients: 'invalid',
  ChapAccountIsInvalid: 'invalid',
  MutualChapIsForIscsi: 'invalid',
  TypesDiffer: 'invalid',
  ClientGroupIsInUse: 'conflict',
  RenameIsUnderWay: 'conflict',
  AccessPathNotFound: 'notFound',
  AccessPathAlreadyExists: 'conflict',
  AccessPathIsDeleting: 'conflict',
  IqnPrefixIsNotAllowed: 'invalid',
  NoTargetHosts: 'invalid',
  TooManyTargetHosts: 'invalid',
  HostAlreadyServes: 'conflict',
  TargetNotFound: 'notFound',
  HostsDisagree: 'invalid',
  ChapIsForIscsi: 'invalid',
  MutualNeedsForward: 'conflict',
  SecretsAreEqual: 'invalid',
  AccessPathIsBeingMade: 'conflict',
  TargetIsBeingAdded: 'conflict',
  TargetHoldsVips: 'conflict',
  NoVridIsFree: 'limit',
  LastTarget: 'conflict',
  MappingGroupNotFound: 'notFound',
  MappingGroupAlreadyExists: 'conflict',
  MappingGroupIsBusy: 'conflict',
  MappingGroupIsForAttachments: 'conflict',
  ClientGroupIsForAttachments: 'conflict',
  VolumeIsMappedByHand: 'conflict',
  AttachmentMustWait: 'conflict',
  ConnectionNotFound: 'notFound',
  ClientGroupAlreadyMapped: 'conflict',
  ClientCodeIsNotServed: 'invalid',
  TooManyMappingGroups: 'limit',
  VolumeCannotBeOpened: 'invalid',
  VolumeIsElsewhere: 'invalid',
  TooManyVolumes: 'invalid',
  LunNumbersAreTaken: 'limit',
  VolumeIsBeingMapped: 'conflict',
  StillHasIo: 'conflict',
  SessionsAreUnknown: 'conflict',
  AccessPathIsInUse: 'conflict',
  TooManyVipGroups: 'limit',
  VipsNeedPortals: 'invalid',
  VipGroupNotFound: 'notFound',
  VipGroupAlreadyExists: 'conflict',
  VipGroupIsBusy: 'conflict',
  NetworkIsNotAllowed: 'invalid',
  NoMembers: 'conflict',
  SegmentsDiffer: 'invalid',
  NoVips: 'invalid',
  TooManyVips: 'invalid',
  VipIsOutside: 'invalid',
  MaskIsNotAllowed: 'invalid',
  VipIsThereTwice: 'invalid',
  PreferredIsNoMember: 'invalid',
  VipNotFound: 'notFound',
  LastVip: 'conflict',
  MemberNotFound: 'notFound',
  MemberAlreadyThere: 'conflict',
  LastMember: 'conflict',
  MemberIsPreferred: 'conflict',
  StillHasSessions: 'conflict',
  AddressIsTaken: 'conflict',
  VridIsTaken: 'conflict',
  TooManyVipPaths: 'limit',

  NameIsTaken: 'conflict',
  SerialIsTaken: 'conflict',
  PoolIsOverSubscribed: 'limit',
  PoolHasNoSpace: 'limit',
  // Asked again for minutes, or pointless to ask again: it is on record as the answer to this command, and only a new one can be accepted.
  PoolCapacityUnknown: 'conflict',
  PoolCapacityUnreadable: 'conflict',
};

const isKnown = (tag: string): tag is RefusalTag => Object.hasOwn(refusalKinds, tag);

/**
 * The kind of a refusal. A tag that no table has is a `fault`.
 *
 * @example
 * import { controlPlane, refusalKindOf, type RefusalTag } from '@blockledger/app';
 * import { memoryStore } from '@blockledger/app/memory';
 * const plane = await controlPlane({ store: memoryStore(), backends: {} });
 * const refused = await plane.createVolume({ pool: 'vols', name: 'db', sizeBytes: 2 ** 30 });
 * refused._tag === 'Left' && refusalKindOf(refused.left); // => 'notFound'
 * // The compiler knows the names: a typing error is told where it stands.
 * refused._tag === 'Left' && refused.left._tag === ('PoolNotFound' satisfies RefusalTag); // => true
 * await plane.close();
 */
export const refusalKindOf = ({ _tag }: Pick<Refusal, '_tag'>): RefusalKind => (isKnown(_tag) ? refusalKinds[_tag] : 'fault');
