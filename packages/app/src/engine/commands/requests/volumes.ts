/** Requests about volumes, as commands. */
import { UNLIMITED_QOS, type Qos, type Refusal, type SnapshotId } from '@blockledger/domain';
import * as E from 'fp-ts/lib/Either.js';
import type { ResourceRef } from '../../../queries/views.ts';
import { refuseEngine } from '../../refusals.ts';
import type { CreateVolumeInput, UpdateVolumeInput } from '../../requests.ts';
import { idIn, onResource, type Addressed, type Addressing, type RequestContext, type RequestOf, type Resolved } from './addressing.ts';

/** Limits left out are unlimited; giving any enables them. */
const qosOf = (qos: Partial<Qos> | undefined): Qos => {
  if (qos === undefined) return UNLIMITED_QOS;
  const given = { ...UNLIMITED_QOS, ...qos };
  const any = given.maxBytesPerSecond + given.burstBytesPerSecond + given.maxIops + given.burstIops > 0;
  return { ...given, enabled: qos.enabled ?? any };
};

/** Sixteen hex digits that belong to the command (S0-18). */
const serialOf = ({ ids, commandId }: RequestContext): string => ids.derive(commandId, 'serial').replaceAll('-', '').slice(0, 16);

/** The tenant of a clone's snapshot; a clone holds on to its snapshot, so both belong to one tenant. */
const tenantOfClone = (snapshotId: SnapshotId | null, { indexes, tenant }: RequestContext): E.Either<Refusal, string | undefined> => {
  const owner = snapshotId === null ? undefined : indexes.snapshot.tenantOf(snapshotId);
  return owner === undefined || tenant === undefined || owner === tenant
    ? E.right(owner)
    : E.left(refuseEngine('SnapshotIsOfAnotherTenant', `the snapshot belongs to tenant "${owner}"`, { value: tenant, limit: owner }));
};

const createVolume = (input: CreateVolumeInput, context: RequestContext): Resolved => {
  const { ids, commandId } = context;
  const poolId = idIn(context, 'pool', input.pool);
  if (E.isLeft(poolId)) return poolId;
  const snapshotId = input.snapshot === undefined ? E.right(null) : idIn(context, 'snapshot', input.snapshot);
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

const adoptVolume = ({ input }: RequestOf<'adoptVolume'>, context: RequestContext): Resolved => {
  const { pool, backendName, name, sizeBytes, generation, description, labels, hidden } = input;
  const volumeId = context.ids.derive(context.commandId, 'volume');
  return E.map((poolId: string): Addressed => {
    const given = { poolId, backendName, name, sizeBytes, generation: generation ?? 'v3', description: description ?? '', labels: labels ?? {}, hidden: hidden ?? false };
    return { to: 'volume', command: { type: 'AdoptVolume', volumeId, serial: serialOf(context), ...given }, resource: { kind: 'volume', id: volumeId } };
  })(idIn(context, 'pool', pool));
};

const changesOf = ({ qos, ...rest }: UpdateVolumeInput): object => ({ ...rest, ...(qos === undefined ? {} : { qos: qosOf(qos) }) });

const rollBack = ({ volume, input }: RequestOf<'rollBackVolume'>, context: RequestContext): Resolved => {
  const snapshotId = idIn(context, 'snapshot', input.snapshot);
  if (E.isLeft(snapshotId)) return snapshotId;
  const backupSnapshotId = context.ids.derive(context.commandId, 'backup');
  const related = [{ kind: 'snapshot', id: snapshotId.right } as const];
  return E.map((addressed: Addressed): Addressed => ({ ...addressed, related }))(onVolume(context, volume, { type: 'RollBackVolume', snapshotId: snapshotId.right, backupSnapshotId }));
};

const onVolume = (context: RequestContext, volume: ResourceRef, command: object): Resolved => onResource(context, ['volume', volume], () => command);

type VolumeRequestName =
  | 'createVolume'
  | 'adoptVolume'
  | 'updateVolume'
  | 'flattenVolume'
  | 'migrateVolume'
  | 'rollBackVolume'
  | 'deleteVolume'
  | 'undeleteVolume'
  | 'disownVolume'
  | 'promoteVolume'
  | 'demoteVolume'
  | 'reserveMapping'
  | 'releaseMapping'
  | 'joinVolumeGroup'
  | 'leaveVolumeGroup';

export const volumeRequests: Addressing<VolumeRequestName> = {
  createVolume: ({ input }, context) => createVolume(input, context),
  adoptVolume,
  updateVolume: ({ volume, input }, context) => onVolume(context, volume, { type: 'UpdateVolume', changes: changesOf(input) }),
  flattenVolume: ({ volume }, context) => onVolume(context, volume, { type: 'FlattenVolume' }),
  migrateVolume: ({ volume, input }, context) => E.chain((poolId: string) => onVolume(context, volume, { type: 'MigrateVolume', poolId }))(idIn(context, 'pool', input.pool)),
  rollBackVolume: rollBack,
  deleteVolume: ({ volume, input }, context) =>
    onVolume(context, volume, { type: 'DeleteVolume', cascade: input.cascade ?? false, force: input.force ?? false, retainMs: input.retainMs ?? null }),
  undeleteVolume: ({ volume }, context) => onVolume(context, volume, { type: 'UndeleteVolume' }),
  disownVolume: ({ volume }, context) => onVolume(context, volume, { type: 'DisownVolume' }),
  promoteVolume: ({ volume }, context) => onVolume(context, volume, { type: 'PromoteVolume' }),
  demoteVolume: ({ volume }, context) => onVolume(context, volume, { type: 'DemoteVolume' }),
  reserveMapping: ({ volume, input }, context) => onVolume(context, volume, { type: 'ReserveMapping', mappingId: input.id, shared: input.shared ?? false, accessPathId: null, onePath: false, connectionId: null }),
  releaseMapping: ({ volume, input }, context) => onVolume(context, volume, { type: 'ReleaseMapping', mappingId: input.id }),
  joinVolumeGroup: ({ volume, input }, context) => onVolume(context, volume, { type: 'JoinVolumeGroup', groupId: input.id }),
  leaveVolumeGroup: ({ volume, input }, context) => onVolume(context, volume, { type: 'LeaveVolumeGroup', groupId: input.id }),
};
