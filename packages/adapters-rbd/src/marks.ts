/** What we write on an image about itself: who it is, what its snapshots are called, its limits. All of it is image-meta. */
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as t from 'io-ts';
import { VolumeIdentity, type Qos, type SnapshotId } from '@blockledger/domain';
import { snapshotName } from './names.ts';

/** Image-meta as `rbd image-meta list` gives it. Values are texts. */
export type Metas = Readonly<Record<string, string>>;

/** All identity is in one key, because each key costs a call. */
export const VOLUME_KEY = 'blockledger.volume';
const SNAPSHOT_PREFIX = 'blockledger.snapshot.';

const StoredIdentity = t.intersection([t.type({ installation: t.string }), VolumeIdentity]);
const StoredSnapshot = t.type({ name: t.string, internal: t.boolean });

/** Who an image says it is. */
export interface Identified {
  readonly installationId: string;
  readonly identity: VolumeIdentity;
}

/** The text of the identity key. */
export const identityText = (identity: VolumeIdentity, installationId: string): string =>
  JSON.stringify({ installation: installationId, ...VolumeIdentity.encode(identity) });

/** The identity in an image's metas: none, unreadable (another version's, or damaged), or read. */
export function identified(metas: Metas): Identified | 'unmarked' | 'unreadable' {
  const text = metas[VOLUME_KEY];
  return text === undefined ? 'unmarked' : readIdentity(text);
}

/** Reads the text of the identity key. Fields that a later version may add are left out. */
export function readIdentity(text: string): Identified | 'unreadable' {
  const decoded = pipe(
    E.tryCatch((): unknown => JSON.parse(text), String),
    E.chainW(StoredIdentity.decode),
  );
  if (E.isLeft(decoded)) return 'unreadable';
  const { installation, volumeId, serial, name, tenant, generation, hidden, parentSnapshotId, parentVolumeId } = decoded.right;
  const identity = {
    volumeId,
    serial,
    name,
    tenant,
    generation,
    hidden,
    ...(parentSnapshotId === undefined ? {} : { parentSnapshotId }),
    ...(parentVolumeId === undefined ? {} : { parentVolumeId }),
  };
  return { installationId: installation, identity };
}

/** The key that holds a snapshot's display name. */
export const snapshotKey = (snapshotId: SnapshotId): string => `${SNAPSHOT_PREFIX}${snapshotName(snapshotId).slice('snapshot-'.length)}`;

/** The text of a snapshot's key. */
export const snapshotText = (name: string, internal: boolean): string => JSON.stringify({ name, internal });

/** A snapshot's display name and whether it is internal; `undefined` where it was never written. */
export function snapshotLabel(metas: Metas, snapshotId: SnapshotId): { readonly name: string; readonly internal: boolean } | undefined {
  const text = metas[snapshotKey(snapshotId)];
  if (text === undefined) return undefined;
  const decoded = pipe(
    E.tryCatch((): unknown => JSON.parse(text), String),
    E.chainW(StoredSnapshot.decode),
  );
  return E.isRight(decoded) ? decoded.right : undefined;
}

/** One limit of `Qos`: its field and librbd's option. The prefix `conf_` makes an option a meta of the image. */
export interface QosRow {
  readonly field: 'maxBytesPerSecond' | 'burstBytesPerSecond' | 'maxIops' | 'burstIops';
  readonly option: string;
}

/** The key table. A wrong row here is a limit on the wrong thing. */
export const QOS_TABLE: readonly QosRow[] = [
  { field: 'maxBytesPerSecond', option: 'rbd_qos_bps_limit' },
  { field: 'burstBytesPerSecond', option: 'rbd_qos_bps_burst' },
  { field: 'maxIops', option: 'rbd_qos_iops_limit' },
  { field: 'burstIops', option: 'rbd_qos_iops_burst' },
];

const OPTION_PREFIX = 'conf_';

/** The key under which an image keeps an option of its own. */
export const optionKey = (option: string): string => `${OPTION_PREFIX}${option}`;

/** Whether librbd reads this meta as an option: then whoever has the image open has to hear of it. */
export const isOptionKey = (key: string): boolean => key.startsWith(OPTION_PREFIX);

/** The metas that carry these limits. A limit of 0, and every limit while QoS is off, has none. */
export const qosMetas = (qos: Qos): Metas =>
  Object.fromEntries(QOS_TABLE.filter(({ field }) => qos.enabled && qos[field] > 0).map(({ field, option }) => [optionKey(option), String(qos[field])]));

/** The limits that an image's metas carry. */
export function qosIn(metas: Metas): Qos {
  const limit = (field: QosRow['field']): number => {
    const row = QOS_TABLE.find((candidate) => candidate.field === field);
    return Number((row && metas[optionKey(row.option)]) ?? 0);
  };
  const limits = {
    maxBytesPerSecond: limit('maxBytesPerSecond'),
    burstBytesPerSecond: limit('burstBytesPerSecond'),
    maxIops: limit('maxIops'),
    burstIops: limit('burstIops'),
  };
  return { enabled: Object.values(limits).some((value) => value > 0), ...limits };
}

/** One change of an image's limits: an option and its new value, or `undefined` to remove it. */
export interface QosChange {
  readonly option: string;
  readonly value: string | undefined;
}

/** What must change so that an image with these metas has these limits, and nothing else. */
export function qosChanges(metas: Metas, qos: Qos): readonly QosChange[] {
  const wanted = qosMetas(qos);
  return QOS_TABLE.map(({ option }) => ({ option, value: wanted[optionKey(option)] })).filter(
    ({ option, value }) => metas[optionKey(option)] !== value,
  );
}
