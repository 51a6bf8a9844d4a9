/** From what a caller asks to the command that says it: names resolved, defaults filled in, ids derived from the command's id. */
import {
  DEFAULT_OVER_SUBSCRIPTION,
  failureOf,
  UNLIMITED_QOS,
  type CommandId,
  type IdGenerator,
  type Qos,
  type Refusal,
  type SnapshotId,
  type VolumeId,
} from '@blockledger/domain';
import * as E from 'fp-ts/lib/Either.js';
import { match, P } from 'ts-pattern';
import type { ActionSubject } from '../../queries/actionViews.ts';
import type { ResourceQueries } from '../../queries/resources.ts';
import type { ResourceStates } from '../../queries/states.ts';
import type { TaskRecord, TaskRecords } from '../../queries/taskRecords.ts';
import type { ResourceKindName, ResourceRef, SubjectKindName } from '../../queries/views.ts';
import type { Kind } from './aggregates.ts';
import { notFound, refuseConfined, refuseEngine } from '../refusals.ts';
import type { CreateVolumeInput, PlaneRequest, RequestName, UpdateVolumeInput } from '../requests.ts';

/** A command for an aggregate, not yet decoded, and the resource that the caller is answered with. */
export interface Addressed<K extends SubjectKindName = ResourceKindName> {
  readonly to: Kind;
  readonly command: object;
  readonly resource: { readonly kind: K; readonly id: string };
  /** Whose the resource that it is about is; undefined for new ones that belong to whoever asks. */
  readonly tenant?: string | undefined;
  /** What else it is about. */
  readonly related?: readonly ActionSubject[];
}

type Resolved = E.Either<Refusal, Addressed>;

export interface RequestContext {
  readonly ids: IdGenerator;
  readonly commandId: CommandId;
  readonly resolve: ResourceQueries['resolve'];
  readonly tasks: TaskRecords;
  readonly states: ResourceStates;
  readonly indexes: ResourceQueries['indexes'];
  /** The one tenant that the caller sees, so that nothing else resolves; null for a caller who sees all. */
  readonly confinedTo: string | null;
  /** The tenant that the caller named. */
  readonly tenant: string | undefined;
}

/** Limits left out are unlimited; giving any enables them. */
const qosOf = (qos: Partial<Qos> | undefined): Qos => {
  if (qos === undefined) return UNLIMITED_QOS;
  const given = { ...UNLIMITED_QOS, ...qos };
  const any = given.maxBytesPerSecond + given.burstBytesPerSecond + given.maxIops + given.burstIops > 0;
  return { ...given, enabled: qos.enabled ?? any };
};

/** Sixteen hex digits that belong to the command (S0-18). */
const serialOf = ({ ids, commandId }: RequestContext): string => ids.derive(commandId, 'serial').replaceAll('-', '').slice(0, 16);

const found = <Id extends string>(id: Id | undefined, kind: ResourceKindName, ref: ResourceRef): E.Either<Refusal, Id> => (id === undefined ? E.left(notFound(kind, ref)) : E.right(id));

const onVolume = ({ resolve, indexes }: RequestContext, ref: ResourceRef, command: (volumeId: VolumeId) => object): Resolved =>
  E.map(
    (volumeId: VolumeId): Addressed => ({ to: 'volume', command: { ...command(volumeId), volumeId }, resource: { kind: 'volume', id: volumeId }, tenant: indexes.volume.tenantOf(volumeId) }),
  )(found(resolve.volume(ref), 'volume', ref));

const onSnapshot = ({ resolve, indexes }: RequestContext, ref: ResourceRef, command: object): Resolved =>
  E.map((snapshotId: SnapshotId): Addressed => {
    const tenant = indexes.snapshot.tenantOf(snapshotId);
    return { to: 'snapshot', command: { ...command, snapshotId }, resource: { kind: 'snapshot', id: snapshotId }, tenant };
  })(found(resolve.snapshot(ref), 'snapshot', ref));

const onPool = ({ resolve }: RequestContext, ref: ResourceRef, command: object): Resolved =>
  E.map((poolId: string): Addressed => ({ to: 'pool', command: { ...command, poolId }, resource: { kind: 'pool', id: poolId } }))(found(resolve.pool(ref), 'pool', ref));

/** The tenant of a clone's snapshot; a clone holds on to its snapshot, so both belong to one tenant. */
const tenantOfClone = (snapshotId: SnapshotId | null, { indexes, tenant }: RequestContext): E.Either<Refusal, string | undefined> => {
  const owner = snapshotId === null ? undefined : indexes.snapshot.tenantOf(snapshotId);
  return owner === undefined || tenant === undefined || owner === tenant
    ? E.right(owner)
    : E.left(refuseEngine('SnapshotIsOfAnotherTenant', `the snapshot belongs to tenant "${owner}"`, { value: tenant, limit: owner }));
};

const createVolume = (input: CreateVolumeInput, context: RequestContext): Resolved => {
  const { ids, commandId, resolve } = context;
  const poolId = found(resolve.pool(input.pool), 'pool', input.pool);
  if (E.isLeft(poolId)) return poolId;
  const snapshotId = input.snapshot === undefined ? E.right(null) : found(resolve.snapshot(input.snapshot), 'snapshot', input.snapshot);
  if (E.isLeft(snapshotId)) return snapshotId;
  const tenant = tenantOfClone(snapshotId.right, context);
  if (E.isLeft(tenant)) return tenant;
  const volumeId = ids.derive(commandId, 'volume');
  const command = {
    type: 'CreateVolume',
    volumeId,
    poolId: poolId.right,
    name: input.name,
    description: input.description ?? '',
    labels: input.labels ?? {},
    serial: serialOf(context),
    hidden: input.hidden ?? false,
    sizeBytes: input.sizeBytes ?? null,
    generation: input.generation ?? null,
    qos: qosOf(input.qos),
    performancePriority: input.performancePriority ?? false,
    snapshotId: snapshotId.right,
    flattened: input.flattened ?? false,
  };
  return E.right({ to: 'volume', command, resource: { kind: 'volume', id: volumeId }, tenant: tenant.right, ...(snapshotId.right === null ? {} : { related: [{ kind: 'snapshot', id: snapshotId.right }] }) });
};

const adoptVolume = (request: Extract<PlaneRequest, { do: 'adoptVolume' }>, context: RequestContext): Resolved => {
  const { pool, backendName, name, sizeBytes, generation, description, labels, hidden } = request.input;
  const volumeId = context.ids.derive(context.commandId, 'volume');
  return E.map((poolId: string): Addressed => {
    const given = { poolId, backendName, name, sizeBytes, generation: generation ?? 'v3', description: description ?? '', labels: labels ?? {}, hidden: hidden ?? false };
    return { to: 'volume', command: { type: 'AdoptVolume', volumeId, serial: serialOf(context), ...given }, resource: { kind: 'volume', id: volumeId } };
  })(found(context.resolve.pool(pool), 'pool', pool));
};

const changesOf = ({ qos, ...rest }: UpdateVolumeInput): object => ({ ...rest, ...(qos === undefined ? {} : { qos: qosOf(qos) }) });

const rollBack = (request: Extract<PlaneRequest, { do: 'rollBackVolume' }>, context: RequestContext): Resolved => {
  const { snapshot } = request.input;
  const snapshotId = found(context.resolve.snapshot(snapshot), 'snapshot', snapshot);
  if (E.isLeft(snapshotId)) return snapshotId;
  const backupSnapshotId = context.ids.derive(context.commandId, 'backup');
  const related = [{ kind: 'snapshot', id: snapshotId.right } as const];
  return E.map((addressed: Addressed): Addressed => ({ ...addressed, related }))(
    onVolume(context, request.volume, () => ({ type: 'RollBackVolume', snapshotId: snapshotId.right, backupSnapshotId })),
  );
};

const createSnapshot = (request: Extract<PlaneRequest, { do: 'createSnapshot' }>, context: RequestContext): Resolved => {
  const snapshotId = context.ids.derive(context.commandId, 'snapshot');
  const { volume, name, description } = request.input;
  const command = { type: 'CreateSnapshot', snapshotId, name, description: description ?? '', groupSnapshotId: null };
  return E.map((addressed: Addressed): Addressed => ({ ...addressed, resource: { kind: 'snapshot', id: snapshotId }, related: [addressed.resource] }))(onVolume(context, volume, () => command));
};

const TASK_COMMANDS = { retryTask: 'RetryOperation', abandonTask: 'AbandonOperation', cancelTask: 'CancelOperation' } as const;

/** A rollback's backup snapshot fails in its own stream under the rollback's operation: there it is retried or given up. */
const failedBackup = (task: TaskRecord, { states }: RequestContext): SnapshotId | undefined => {
  const volume = states.volumeState(task.resourceId)?.volume;
  return volume?.slots.find(({ snapshotId }) => {
    const state = states.snapshotState(snapshotId);
    return state !== undefined && state.operationId === task.id && failureOf(state.troubles, task.id) !== undefined;
  })?.snapshotId;
};

const taskRequest = (request: Extract<PlaneRequest, { task: ResourceRef }>, context: RequestContext): Resolved => {
  const { task: ref } = request;
  const task = typeof ref === 'number' || /^\d{1,15}$/.test(ref) ? context.tasks.at(Number(ref)) : context.tasks.get(ref);
  if (task === undefined) return E.left(notFound('task', ref));
  const type = TASK_COMMANDS[request.do];
  const resource = { kind: task.kind, id: task.resourceId };
  const { tenant } = task;
  const command = { type, operationId: task.id };
  if (task.kind === 'volume') {
    const backup = type === 'CancelOperation' ? undefined : failedBackup(task, context);
    return backup === undefined
      ? E.right({ to: 'volume', command: { ...command, volumeId: task.resourceId }, resource, tenant })
      : E.right({ to: 'snapshot', command: { ...command, snapshotId: backup }, resource, tenant });
  }
  if (task.kind === 'snapshot' && type !== 'CancelOperation') return E.right({ to: 'snapshot', command: { ...command, snapshotId: task.resourceId }, resource, tenant });
  const tags = { RetryOperation: 'NothingToRetry', AbandonOperation: 'NothingToAbandon', CancelOperation: 'CannotBeCancelled' } as const;
  return E.left(refuseEngine(tags[type], `a ${task.type} task has no such way out`, { operationId: task.id }));
};

const RELEASES = {
  releaseMapping: ['ReleaseMapping', 'mappingId'],
  releaseAttachment: ['ReleaseAttachment', 'attachmentId'],
  joinVolumeGroup: ['JoinVolumeGroup', 'groupId'],
  leaveVolumeGroup: ['LeaveVolumeGroup', 'groupId'],
} as const;
const PLAIN = { undeleteVolume: 'UndeleteVolume', disownVolume: 'DisownVolume', promoteVolume: 'PromoteVolume', demoteVolume: 'DemoteVolume', flattenVolume: 'FlattenVolume' } as const;
const PROTECTIONS = { protectSnapshot: 'ProtectSnapshot', unprotectSnapshot: 'UnprotectSnapshot' } as const;
const POOLS = { resumePool: 'ResumePool', retirePool: 'RetirePool' } as const;

/** What reaches beyond one tenant: pools are everybody's, and what stands on a backend unmanaged is nobody's. */
const BEYOND_A_TENANT: ReadonlySet<RequestName> = new Set(['adoptVolume', 'registerPool', 'updatePool', 'reportPoolHealth', 'pausePool', 'resumePool', 'retirePool']);

/**
 * The command of a request. Refused for references that lead nowhere, which for a confined caller are also those that lead to another
 * tenant's (I-12), and for what is not a tenant's to ask; everything else is the domain's to say.
 */
export const commandOf = (request: PlaneRequest, context: RequestContext): Resolved =>
  context.confinedTo !== null && BEYOND_A_TENANT.has(request.do) ? E.left(refuseConfined(request.do, context.confinedTo)) : commandWithin(request, context);

const commandWithin = (request: PlaneRequest, context: RequestContext): Resolved =>
  match(request)
    .with({ do: 'createVolume' }, ({ input }) => createVolume(input, context))
    .with({ do: 'adoptVolume' }, (r) => adoptVolume(r, context))
    .with({ do: 'updateVolume' }, ({ volume, input }) => onVolume(context, volume, () => ({ type: 'UpdateVolume', changes: changesOf(input) })))
    .with({ do: 'rollBackVolume' }, (r) => rollBack(r, context))
    .with({ do: 'deleteVolume' }, ({ volume, input }) =>
      onVolume(context, volume, () => ({ type: 'DeleteVolume', cascade: input.cascade ?? false, force: input.force ?? false, retainMs: input.retainMs ?? null })),
    )
    .with({ do: P.union('flattenVolume', 'undeleteVolume', 'disownVolume', 'promoteVolume', 'demoteVolume') }, (r) => onVolume(context, r.volume, () => ({ type: PLAIN[r.do] })))
    .with({ do: 'reserveMapping' }, ({ volume, input }) =>
      onVolume(context, volume, () => ({ type: 'ReserveMapping', mappingId: input.id, shared: input.shared ?? false, accessPathId: null })),
    )
    .with({ do: 'reserveAttachment' }, ({ volume, input }) => onVolume(context, volume, () => ({ type: 'ReserveAttachment', attachmentId: input.id, shared: input.shared ?? false })))
    .with({ do: P.union('releaseMapping', 'releaseAttachment', 'joinVolumeGroup', 'leaveVolumeGroup') }, (r) =>
      onVolume(context, r.volume, () => ({ type: RELEASES[r.do][0], [RELEASES[r.do][1]]: r.input.id })),
    )
    .with({ do: 'createSnapshot' }, (r) => createSnapshot(r, context))
    .with({ do: 'deleteSnapshot' }, ({ snapshot, input }) => onSnapshot(context, snapshot, { type: 'DeleteSnapshot', force: input.force ?? false }))
    .with({ do: P.union('protectSnapshot', 'unprotectSnapshot') }, (r) => onSnapshot(context, r.snapshot, { type: PROTECTIONS[r.do] }))
    .with({ do: 'registerPool' }, ({ input }) => {
      const poolId = context.ids.derive(context.commandId, 'pool');
      const { poolType = 'replicated', overSubscriptionRatio = DEFAULT_OVER_SUBSCRIPTION, name, placement } = input;
      return E.right<Refusal, Addressed>({ to: 'pool', command: { type: 'RegisterPool', poolId, name, placement, poolType, overSubscriptionRatio }, resource: { kind: 'pool', id: poolId } });
    })
    .with({ do: 'updatePool' }, ({ pool, input }) => onPool(context, pool, { ...input, type: 'UpdatePool' }))
    .with({ do: 'reportPoolHealth' }, ({ pool, input }) => onPool(context, pool, { ...input, type: 'ReportPoolHealth' }))
    .with({ do: 'pausePool' }, ({ pool, input }) => onPool(context, pool, { ...input, type: 'PausePool' }))
    .with({ do: P.union('resumePool', 'retirePool') }, (r) => onPool(context, r.pool, { type: POOLS[r.do] }))
    .with({ do: P.union('retryTask', 'abandonTask', 'cancelTask') }, (r) => taskRequest(r, context))
    .exhaustive();
