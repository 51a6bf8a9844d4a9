/** Refusals that the engine makes itself, before or beside any decision of the domain. */
import { refusalsOf, type Refusal } from '@blockledger/domain';

/** Every reason for which the engine itself refuses: the rule, where it is written, and the way out. */
export const engineRefusals = {
  InvalidCommand: { rule: 'commandIsWellFormed', spec: 'S0-16', remedy: 'correct the field that the message names, or leave it out' },
  OptionIsInvalid: { rule: 'optionIsWellFormed', spec: 'S0-136', remedy: 'correct the option that the message names, or leave it out' },
  CallerIsConfined: { rule: 'seesAllTenants', spec: 'I-12', remedy: 'ask somebody who is not confined to one tenant' },
  SnapshotIsOfAnotherTenant: { rule: 'oneTenantPerChain', spec: 'I-12', remedy: 'clone for the tenant of the snapshot: leave out the tenant' },
  QueryIsInvalid: { rule: 'queryIsWellFormed', spec: 'S0-4', remedy: 'correct the field that the message names' },
  CursorIsForeign: { rule: 'cursorOfThisList', spec: 'S0-4', remedy: 'give the cursor of a page of the same list in the same order, or begin without one' },
  CommandIdReused: { rule: 'oneInputPerCommand', spec: 'I-32', remedy: 'use a new command id or idempotency key for another request' },
  ResourceHasChanged: { rule: 'revisionIsExpected', spec: 'I-17', remedy: 'look at the resource again, then decide anew' },
  VolumeNotFound: { rule: 'volumeExists', spec: 'S0-52', remedy: 'check the id' },
  SnapshotNotFound: { rule: 'snapshotExists', spec: 'S0-64', remedy: 'check the id' },
  PoolNotFound: { rule: 'poolExists', spec: 'S0-16', remedy: 'register the pool first' },
  HostNotFound: { rule: 'hostExists', spec: 'S0-16', remedy: 'register the host first' },
  ClientGroupNotFound: { rule: 'clientGroupExists', spec: 'S0-16', remedy: 'check the id' },
  AccessPathNotFound: { rule: 'accessPathExists', spec: 'S0-16', remedy: 'check the id' },
  VipGroupNotFound: { rule: 'vipGroupExists', spec: 'S0-16', remedy: 'check the id' },
  AddressNotFound: { rule: 'addressExists', spec: 'S0-66', remedy: 'check the id' },
  TargetNotFound: { rule: 'targetExists', spec: 'S0-98', remedy: 'check the id' },
  MappingGroupNotFound: { rule: 'mappingGroupExists', spec: 'S0-96', remedy: 'check the id' },
  VipNotFound: { rule: 'vipExists', spec: 'S0-79', remedy: 'check the id' },
  TaskNotFound: { rule: 'taskExists', spec: 'S0-6', remedy: 'check the task id' },
  ActionNotFound: { rule: 'actionExists', spec: 'S0-136', remedy: 'check the command id; only the latest actions are remembered' },
  TokenNotFound: { rule: 'tokenExists', spec: 'S0-16', remedy: 'check the id of the token' },
  TokenIsShownOnce: { rule: 'secretIsShownOnce', spec: 'S0-11', remedy: 'if its text was lost, revoke it and issue another one with a new command id or idempotency key' },
  NothingToRetry: { rule: 'failedBefore', spec: 'I-2', remedy: 'only failed work can be retried; look at the task' },
  NothingToAbandon: { rule: 'operationRuns', spec: 'I-2', remedy: 'only failed work can be given up; look at the task' },
  CannotBeCancelled: { rule: 'cancellable', spec: 'S0-139', remedy: 'wait for it to end' },
  NotThereYet: { rule: 'existedThen', spec: 'S0-136', remedy: 'ask for a later moment' },
  PositionNotInLog: { rule: 'positionInLog', spec: 'S0-136', remedy: 'name a position that this log gave; a stream can also begin from start, or from now' },
  LogIsBehind: { rule: 'logIsFollowed', spec: 'I-17', remedy: 'ask again, ask the process that answered with this position, or ask without it' },
  StatusIsNotListed: { rule: 'statusIsListed', spec: 'S0-4', remedy: 'ask for one of the statuses in limit; what never had a number is found by its UUID' },
  TimedOut: { rule: 'endsInTime', spec: 'I-15', remedy: 'the task goes on; look at it again, or wait longer' },
  TaskFailed: { rule: 'taskSucceeds', spec: 'S0-6', remedy: 'look at the task’s error, then retry or abandon it' },
  TooManyConflicts: { rule: 'oneOrderPerStream', spec: 'I-17', remedy: 'send the command again with the same command id' },
  StoreUnavailable: { rule: 'storeAnswers', spec: 'I-16', remedy: 'bring the event store back, then send the command again with the same command id' },
  StoreCorrupt: { rule: 'storeIsReadable', spec: 'I-27', remedy: 'restore the event store from a backup' },
  SecretStoreUnavailable: { rule: 'secretStoreAnswers', spec: 'I-24', remedy: 'look at the file of secrets and its key, then send it again' },
  SecretStoreAbsent: { rule: 'secretsAreKept', spec: 'I-24', remedy: 'give the control plane a secret store: without one, targets would have no accounts after a restart' },
  BackendUnavailable: { rule: 'backendAnswers', spec: 'S0-53', remedy: 'bring the backend back, then try again' },
  BackendIsUnknown: { rule: 'backendKnown', spec: 'S0-16', remedy: 'add the backend to the configuration of this control plane' },
  CapabilityIsMissing: { rule: 'backendCan', spec: 'R-18', remedy: 'use a pool whose backend has this capability' },
  PlaneIsClosed: { rule: 'planeIsOpen', spec: 'S0-6', remedy: 'start the control plane again' },
} as const;

/** The names of the engine's refusals. */
export type EngineRefusalTag = keyof typeof engineRefusals;
/** A refusal by the engine. */
export type EngineRefusal = Refusal & { readonly _tag: EngineRefusalTag };

/**
 * A refusal of the engine.
 *
 * @example
 * import { refuseEngine } from '@blockledger/app';
 * refuseEngine('TaskNotFound', 'there is no task 7', { value: 7 }).spec; // => 'S0-6'
 */
export const refuseEngine = refusalsOf<EngineRefusalTag>(engineRefusals);

const NOT_FOUND = {
  volume: ['VolumeNotFound', 'volume'],
  snapshot: ['SnapshotNotFound', 'snapshot'],
  pool: ['PoolNotFound', 'pool'],
  host: ['HostNotFound', 'host'],
  clientGroup: ['ClientGroupNotFound', 'client group'],
  accessPath: ['AccessPathNotFound', 'access path'],
  vipGroup: ['VipGroupNotFound', 'VIP group'],
  networkAddress: ['AddressNotFound', 'network address'],
  target: ['TargetNotFound', 'target'],
  mappingGroup: ['MappingGroupNotFound', 'mapping group'],
  vip: ['VipNotFound', 'virtual IP'],
  task: ['TaskNotFound', 'task'],
  token: ['TokenNotFound', 'token'],
  action: ['ActionNotFound', 'action'],
} as const satisfies Readonly<Record<string, readonly [EngineRefusalTag, string]>>;

/** The refusal of a reference that leads nowhere. */
export const notFound = (kind: keyof typeof NOT_FOUND, ref: number | string, message = `there is no ${NOT_FOUND[kind][1]} ${ref}`): EngineRefusal =>
  refuseEngine(NOT_FOUND[kind][0], message, { value: ref });

/** The refusal of what reaches beyond the one tenant that the caller sees. */
export const refuseConfined = (what: string, tenant: string): EngineRefusal =>
  refuseEngine('CallerIsConfined', `${what} is not for a caller who is confined to tenant "${tenant}"`, { value: what, limit: tenant });
