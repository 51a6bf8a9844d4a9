/**
 * What the array answers (S1-2…S1-25). Each codec demands what is needed here and lets everything else pass: fields that the source shows
 * and nobody needs may be absent, and fields that it does not show may be there.
 */
import * as t from 'io-ts';

/** A number of bytes, or of anything else that is counted. */
const Whole = t.refinement(t.number, (n) => Number.isSafeInteger(n) && n >= 0, 'a whole number from 0');
const Filled = t.refinement(t.string, (text) => text.length > 0, 'a text that is not empty');
const Seconds = t.refinement(t.number, (n) => Number.isFinite(n) && n > 0, 'a number of seconds');

const answer = <N extends t.Props, M extends t.Props>(name: string, needed: N, more: M) => t.readonly(t.intersection([t.type(needed), t.partial(more)]), name);

/** `POST /login` (S1-2). */
export const LoginAnswer = answer('LoginAnswer', { token: Filled, expires_in: Seconds }, {});

/** What is said when something was done: nothing in it is needed (S1-3, S1-7). */
export const MessageAnswer = t.readonly(t.partial({ message: t.string }), 'MessageAnswer');

/** Any error (S1-4). */
export const ErrorAnswer = answer('ErrorAnswer', { error: t.string }, { code: t.number, details: t.string });
/** A value of the codec `ErrorAnswer`. */
export type ErrorAnswer = t.TypeOf<typeof ErrorAnswer>;

/** `GET /volumes/{name}` (S1-9). */
export const VolumeAnswer = answer(
  'VolumeAnswer',
  { name: Filled, pool: Filled, size: Whole, thin_provision: t.boolean, status: t.string },
  { id: t.string, used_size: Whole, created_at: t.string },
);
/** A value of the codec `VolumeAnswer`. */
export type VolumeAnswer = t.TypeOf<typeof VolumeAnswer>;

/** `POST /volumes`, `PUT /volumes/{name}` and both ways to clone (S1-6, S1-8, S1-12, S1-13): which volume, and how large it is now. */
export const MadeVolume = answer(
  'MadeVolume',
  { name: Filled, size: Whole },
  { id: t.string, pool: t.string, thin_provision: t.boolean, status: t.string, source_volume: t.string, source_snapshot: t.string, created_at: t.string },
);
/** A value of the codec `MadeVolume`. */
export type MadeVolume = t.TypeOf<typeof MadeVolume>;

/** `POST` and `GET` of a snapshot (S1-11). */
export const SnapshotAnswer = answer('SnapshotAnswer', { name: Filled, volume_name: Filled, size: Whole }, { id: t.string, status: t.string, created_at: t.string });
/** A value of the codec `SnapshotAnswer`. */
export type SnapshotAnswer = t.TypeOf<typeof SnapshotAnswer>;

/** `GET /pools/{name}` (S1-15). */
export const PoolAnswer = answer(
  'PoolAnswer',
  { id: Filled, name: Filled, total_capacity: Whole, free_capacity: Whole },
  { used_capacity: Whole, status: t.string, raid_type: t.string, disk_count: t.number },
);
/** A value of the codec `PoolAnswer`. */
export type PoolAnswer = t.TypeOf<typeof PoolAnswer>;

/** `GET /system` (S1-16). */
export const SystemAnswer = answer(
  'SystemAnswer',
  { serial_number: Filled },
  { model: t.string, version: t.string, iscsi_iqn_prefix: t.string, hostname: t.string, uptime: t.number, status: t.string },
);
/** A value of the codec `SystemAnswer`. */
export type SystemAnswer = t.TypeOf<typeof SystemAnswer>;

/** `POST /iscsi/targets` (S1-17): what must be there and no more (S1-25). */
export const MadeTarget = answer('MadeTarget', { id: Filled, iqn: Filled }, { name: t.string, status: t.string, created_at: t.string });
/** A value of the codec `MadeTarget`. */
export type MadeTarget = t.TypeOf<typeof MadeTarget>;

/** A row of `GET /iscsi/targets?name=` (S1-19). */
export const TargetRow = answer('TargetRow', { id: Filled, name: Filled, iqn: Filled }, { status: t.string, created_at: t.string });
/** A value of the codec `TargetRow`. */
export type TargetRow = t.TypeOf<typeof TargetRow>;

/** `GET /iscsi/targets?name=` (S1-19). */
export const TargetRows = t.readonlyArray(TargetRow, 'TargetRows');

/** `GET /iscsi/targets/{id}` (S1-18). */
export const TargetAnswer = answer(
  'TargetAnswer',
  { id: Filled, name: Filled, iqn: Filled, luns: t.readonlyArray(t.type({ lun_id: Whole, volume: Filled })), acl: t.readonlyArray(Filled) },
  { status: t.string },
);
/** A value of the codec `TargetAnswer`. */
export type TargetAnswer = t.TypeOf<typeof TargetAnswer>;

/** `GET /iscsi/portals` (S1-20). */
export const PortalsAnswer = t.readonly(t.type({ portals: t.readonlyArray(Filled) }), 'PortalsAnswer');

/** `POST /iscsi/targets/{id}/luns` (S1-21): what must be there and no more (S1-25). */
export const MappedLun = answer('MappedLun', { lun_id: Whole }, { volume: t.string, target_id: t.string, status: t.string });
/** A value of the codec `MappedLun`. */
export type MappedLun = t.TypeOf<typeof MappedLun>;

/** A row of `GET /iscsi/targets/{id}/luns` (S1-21). */
export const LunAnswer = answer('LunAnswer', { lun_id: Whole, volume: Filled }, { target_id: t.string, size: Whole, status: t.string });
/** A value of the codec `LunAnswer`. */
export type LunAnswer = t.TypeOf<typeof LunAnswer>;

/** `GET /iscsi/targets/{id}/luns` (S1-21). */
export const LunAnswers = t.readonlyArray(LunAnswer, 'LunAnswers');

/** `GET /volumes/{name}/mapping` (S1-22). */
export const MappingAnswer = t.readonly(t.type({ volume: Filled, target_id: Filled, target_iqn: Filled, lun_id: Whole }), 'MappingAnswer');
/** A value of the codec `MappingAnswer`. */
export type MappingAnswer = t.TypeOf<typeof MappingAnswer>;

/** `POST /iscsi/targets/{id}/acl` (S1-23). */
export const InitiatorAnswer = t.readonly(t.partial({ message: t.string, initiator: t.string }), 'InitiatorAnswer');

/** `PUT /iscsi/targets/{id}/chap` (S1-24): anything but `true` would leave a target that asks for no account. */
export const ChapAnswer = answer('ChapAnswer', { chap_enabled: t.literal(true) }, { message: t.string });
