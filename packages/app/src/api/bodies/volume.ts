/** Volumes as the source writes them (S0-12, S0-14, S0-38, S0-130). */
import * as t from 'io-ts';
import { MAX_DESCRIPTION_LENGTH, MAX_NAME_LENGTH, MAX_VOLUME_BYTES } from '@blockledger/domain';
import { closed } from '../closed.ts';
import { Bit, Flag, Format, Id, LabelsField, Moment, nullable, Ref, Text, UuidText, Whole, wordOf, Yes } from '../fields.ts';
import { described, named } from '../schema.ts';
import { ActionStatusWord, FailureBody, LinkBody } from './common.ts';
import { QosField } from './qos.ts';

const text = (schema: object): t.Type<string, string> => described(t.refinement(Text, () => true, 'text'), { type: 'string', ...schema });

/** A display name; `@`, `/` and control characters are refused (S0-137). */
export const NameField = text({ minLength: 1, maxLength: MAX_NAME_LENGTH, pattern: '^[^@/\\u0000-\\u001f\\u007f]+$' });
export const DescriptionField = text({ maxLength: MAX_DESCRIPTION_LENGTH });
/** Bytes; at most 512 TiB (S0-17). */
const SizeField = described(t.refinement(Whole, () => true, Whole.name), { type: 'integer', minimum: 0, maximum: MAX_VOLUME_BYTES });

/** `POST /block-volumes`: a new volume, or a clone where `block_snapshot_id` is given (S0-16). */
export const NewVolume = named(
  'NewBlockVolume',
  closed(
    { name: NameField, pool_id: Ref },
    {
      size: SizeField,
      format: Format,
      qos: QosField,
      qos_enabled: Flag,
      performance_priority: Bit,
      block_snapshot_id: Ref,
      flattened: Flag,
      description: DescriptionField,
      labels: LabelsField,
      hidden: Flag,
    },
  ),
);
export type NewVolume = t.TypeOf<typeof NewVolume>;

/** `POST /block-volumes:adopt`: `volume_name` is the object's name on the backend (S0-137). */
export const AdoptedVolume = named(
  'AdoptedBlockVolume',
  closed({ name: NameField, pool_id: Ref, volume_name: Text, size: SizeField }, { format: Format, description: DescriptionField, labels: LabelsField, hidden: Flag }),
);
export type AdoptedVolume = t.TypeOf<typeof AdoptedVolume>;

/** `POST /block-volumes/{volume}:migrate`: where it is to go (S0-131). */
export const VolumeMove = named('BlockVolumeMove', closed({ pool_id: Ref }, {}));
export type VolumeMove = t.TypeOf<typeof VolumeMove>;

/** `PATCH /block-volumes/{volume}`: one intent. */
export const VolumePatch = named(
  'BlockVolumePatch',
  closed(
    {},
    {
      name: NameField,
      description: DescriptionField,
      labels: LabelsField,
      size: SizeField,
      qos: QosField,
      qos_enabled: Flag,
      performance_priority: Bit,
      flattened: Yes,
      block_snapshot_id: Ref,
      action: Text,
    },
  ),
);
export type VolumePatch = t.TypeOf<typeof VolumePatch>;

const VOLUME_STATUSES = ['creating', 'active', 'trashed', 'deleted', 'refused', 'disowned'] as const;

/** The resource inside `block_volume`. `id` is null for the milliseconds until its integer is reserved; `uuid` never is. */
export const VolumeBody = named(
  'BlockVolume',
  closed(
    {
      id: nullable(Id),
      uuid: UuidText,
      name: Text,
      description: Text,
      labels: LabelsField,
      sn: Text,
      status: wordOf(...VOLUME_STATUSES),
      action_status: ActionStatusWord,
      size: Whole,
      format: Format,
      performance_priority: Bit,
      qos: QosField,
      qos_enabled: Flag,
      pool_id: nullable(Id),
      pool: LinkBody,
      flattened: Flag,
      block_snapshot_id: nullable(Id),
      block_snapshot: nullable(LinkBody),
      block_snapshot_num: Whole,
      hidden: Flag,
      passive: Flag,
      mappings: t.readonlyArray(Text),
      attachments: t.readonlyArray(Text),
      block_volume_group: nullable(UuidText),
      operation: nullable(UuidText),
      failure: nullable(FailureBody),
      tenant: Text,
      create: nullable(Moment),
      update: nullable(Moment),
      purge: nullable(Moment),
    },
    {},
  ),
);
export type VolumeBody = t.TypeOf<typeof VolumeBody>;
