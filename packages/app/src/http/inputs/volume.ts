/** What bodies about volumes mean. */
import * as E from 'fp-ts/lib/Either.js';
import type { Qos, Refusal } from '@blockledger/domain';
import type { QosField } from '../../api/bodies/qos.ts';
import type { AdoptedVolume, NewVolume, VolumePatch } from '../../api/bodies/volume.ts';
import { generationOf } from '../../api/fields.ts';
import type { AdoptVolumeInput, CreateVolumeInput, PlaneRequest, UpdateVolumeInput } from '../../engine/requests.ts';
import type { ResourceRef } from '../../queries/views.ts';
import { refuseService, type ServiceRefusal } from '../refusing/refusals.ts';

/** Undefined where neither limits nor the switch were given. */
const qosInput = (body: { readonly qos?: QosField; readonly qos_enabled?: boolean }): { readonly qos?: Partial<Qos> } => {
  const { qos, qos_enabled: enabled } = body;
  if (qos === undefined && enabled === undefined) return {};
  const limits: Partial<Qos> = {
    ...(qos?.max_total_bw === undefined ? {} : { maxBytesPerSecond: qos.max_total_bw }),
    ...(qos?.burst_total_bw === undefined ? {} : { burstBytesPerSecond: qos.burst_total_bw }),
    ...(qos?.max_total_iops === undefined ? {} : { maxIops: qos.max_total_iops }),
    ...(qos?.burst_total_iops === undefined ? {} : { burstIops: qos.burst_total_iops }),
    ...(enabled === undefined ? {} : { enabled }),
  };
  return { qos: limits };
};

/** A new volume, or a clone where `block_snapshot_id` is given (S0-16). */
export const createVolumeInput = (body: NewVolume): CreateVolumeInput => ({
  pool: body.pool_id,
  name: body.name,
  ...(body.size === undefined ? {} : { sizeBytes: body.size }),
  ...(body.format === undefined ? {} : { generation: generationOf(body.format) }),
  ...(body.performance_priority === undefined ? {} : { performancePriority: body.performance_priority === 1 }),
  ...(body.block_snapshot_id === undefined ? {} : { snapshot: body.block_snapshot_id }),
  ...(body.flattened === undefined ? {} : { flattened: body.flattened }),
  ...(body.description === undefined ? {} : { description: body.description }),
  ...(body.labels === undefined ? {} : { labels: body.labels }),
  ...(body.hidden === undefined ? {} : { hidden: body.hidden }),
  ...qosInput(body),
});

/** `volume_name` is the object's name on the backend (S0-137). */
export const adoptVolumeInput = (body: AdoptedVolume): AdoptVolumeInput => ({
  pool: body.pool_id,
  backendName: body.volume_name,
  name: body.name,
  sizeBytes: body.size,
  ...(body.format === undefined ? {} : { generation: generationOf(body.format) }),
  ...(body.description === undefined ? {} : { description: body.description }),
  ...(body.labels === undefined ? {} : { labels: body.labels }),
  ...(body.hidden === undefined ? {} : { hidden: body.hidden }),
});

const updateInput = (body: VolumePatch): UpdateVolumeInput => ({
  ...(body.name === undefined ? {} : { name: body.name }),
  ...(body.description === undefined ? {} : { description: body.description }),
  ...(body.labels === undefined ? {} : { labels: body.labels }),
  ...(body.size === undefined ? {} : { sizeBytes: body.size }),
  ...(body.performance_priority === undefined ? {} : { performancePriority: body.performance_priority === 1 }),
  ...qosInput(body),
});

const moreThanOne = (fields: readonly string[]): ServiceRefusal =>
  refuseService('MoreThanOneIntent', `block_volume asks for several things at once: ${fields.join(', ')}`, { value: fields });

const rollBackMistake = ({ action, block_snapshot_id: snapshot }: VolumePatch): ServiceRefusal | undefined => {
  if (action === undefined) return refuseService('FieldIsInvalid', 'block_volume.action is missing: roll_back goes with block_snapshot_id', { value: 'action' });
  if (action !== 'roll_back') return refuseService('FieldIsInvalid', 'block_volume.action must be roll_back', { value: action.slice(0, 100) });
  return snapshot === undefined ? refuseService('FieldIsInvalid', 'block_volume.block_snapshot_id is missing', { value: 'block_snapshot_id' }) : undefined;
};

/** A PATCH is one intent: flatten and rollback stand alone, everything else is one update. */
export const volumePatchRequest = (volume: ResourceRef, body: VolumePatch): E.Either<Refusal, PlaneRequest> => {
  const fields = Object.keys(body);
  const beside = (own: readonly string[]): boolean => fields.some((field) => !own.includes(field));
  if (body.flattened !== undefined) return beside(['flattened']) ? E.left(moreThanOne(fields)) : E.right({ do: 'flattenVolume', volume });
  if (body.action === undefined && body.block_snapshot_id === undefined) return E.right({ do: 'updateVolume', volume, input: updateInput(body) });
  const mistake = rollBackMistake(body);
  if (mistake !== undefined || body.block_snapshot_id === undefined) return E.left(mistake ?? moreThanOne(fields));
  return beside(['action', 'block_snapshot_id']) ? E.left(moreThanOne(fields)) : E.right({ do: 'rollBackVolume', volume, input: { snapshot: body.block_snapshot_id } });
};
