/** Bodies about volumes (S0-12, S0-14, S0-38). */
import { pipe } from 'fp-ts/lib/function.js';
import * as E from 'fp-ts/lib/Either.js';
import type * as t from 'io-ts';
import type { AdoptVolumeInput, CreateVolumeInput, UpdateVolumeInput } from '../../engine/requests.ts';
import type { ResourceRef } from '../../queries/views.ts';
import { refuseService, type ServiceRefusal } from '../refusals.ts';
import { closed } from './closed.ts';
import { inEnvelope } from './decode.ts';
import { Bit, Flag, Format, generationOf, LabelsField, Ref, Text, Whole, Yes } from './fields.ts';
import { QosField, qosInput } from './qos.ts';

const NewVolume = closed(
  { name: Text, pool_id: Ref },
  {
    size: Whole,
    format: Format,
    qos: QosField,
    qos_enabled: Flag,
    performance_priority: Bit,
    block_snapshot_id: Ref,
    flattened: Flag,
    description: Text,
    labels: LabelsField,
    hidden: Flag,
  },
);

const AdoptedVolume = closed(
  { name: Text, pool_id: Ref, volume_name: Text, size: Whole },
  { format: Format, description: Text, labels: LabelsField, hidden: Flag },
);

const VolumePatch = closed(
  {},
  {
    name: Text,
    description: Text,
    labels: LabelsField,
    size: Whole,
    qos: QosField,
    qos_enabled: Flag,
    performance_priority: Bit,
    flattened: Yes,
    block_snapshot_id: Ref,
    action: Text,
  },
);

type Patch = t.TypeOf<typeof VolumePatch>;

/** What a PATCH asks for: one intent. */
export type VolumeIntent =
  | { readonly do: 'update'; readonly input: UpdateVolumeInput }
  | { readonly do: 'flatten' }
  | { readonly do: 'rollBack'; readonly snapshot: ResourceRef };

const createInput = (body: t.TypeOf<typeof NewVolume>): CreateVolumeInput => ({
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

const updateInput = (body: Patch): UpdateVolumeInput => ({
  ...(body.name === undefined ? {} : { name: body.name }),
  ...(body.description === undefined ? {} : { description: body.description }),
  ...(body.labels === undefined ? {} : { labels: body.labels }),
  ...(body.size === undefined ? {} : { sizeBytes: body.size }),
  ...(body.performance_priority === undefined ? {} : { performancePriority: body.performance_priority === 1 }),
  ...qosInput(body),
});

const moreThanOne = (fields: readonly string[]): ServiceRefusal =>
  refuseService('MoreThanOneIntent', `block_volume asks for several things at once: ${fields.join(', ')}`, { value: fields });

/** Flatten and rollback stand alone; everything else is one update. */
const intentOf = (body: Patch): E.Either<ServiceRefusal, VolumeIntent> => {
  const fields = Object.keys(body);
  const beside = (own: readonly string[]): boolean => fields.some((field) => !own.includes(field));
  if (body.flattened !== undefined) return beside(['flattened']) ? E.left(moreThanOne(fields)) : E.right({ do: 'flatten' });
  if (body.action === undefined && body.block_snapshot_id === undefined) return E.right({ do: 'update', input: updateInput(body) });
  if (body.action !== undefined && body.action !== 'roll_back') return E.left(refuseService('FieldIsInvalid', 'block_volume.action must be roll_back', { value: body.action.slice(0, 100) }));
  if (body.action === undefined) return E.left(refuseService('FieldIsInvalid', 'block_volume.action is missing: roll_back goes with block_snapshot_id', { value: 'action' }));
  if (body.block_snapshot_id === undefined) return E.left(refuseService('FieldIsInvalid', 'block_volume.block_snapshot_id is missing', { value: 'block_snapshot_id' }));
  return beside(['action', 'block_snapshot_id']) ? E.left(moreThanOne(fields)) : E.right({ do: 'rollBack', snapshot: body.block_snapshot_id });
};

const newVolume = inEnvelope('block_volume', NewVolume);
const adoptedVolume = inEnvelope('block_volume', AdoptedVolume);
const volumePatch = inEnvelope('block_volume', VolumePatch);

/** `POST /block-volumes`: a new volume, or a clone where `block_snapshot_id` is given (S0-16). */
export const decodeNewVolume = (body: unknown): E.Either<ServiceRefusal, CreateVolumeInput> => pipe(newVolume(body), E.map(createInput));

/** `POST /block-volumes:adopt`: `volume_name` is the object's name on the backend (S0-137). */
export const decodeAdoptedVolume = (body: unknown): E.Either<ServiceRefusal, AdoptVolumeInput> =>
  pipe(
    adoptedVolume(body),
    E.map((volume) => ({
      pool: volume.pool_id,
      backendName: volume.volume_name,
      name: volume.name,
      sizeBytes: volume.size,
      ...(volume.format === undefined ? {} : { generation: generationOf(volume.format) }),
      ...(volume.description === undefined ? {} : { description: volume.description }),
      ...(volume.labels === undefined ? {} : { labels: volume.labels }),
      ...(volume.hidden === undefined ? {} : { hidden: volume.hidden }),
    })),
  );

/** `PATCH /block-volumes/{id}`. */
export const decodeVolumePatch = (body: unknown): E.Either<ServiceRefusal, VolumeIntent> => pipe(volumePatch(body), E.chain(intentOf));
