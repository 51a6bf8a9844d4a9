/** What the programs answer: codecs of their JSON. Fields that we do not use are not described. */
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as t from 'io-ts';
import { PathReporter } from 'io-ts/lib/PathReporter.js';
import { permanent, type PortError } from '@blockledger/domain';

const optional = <C extends t.Mixed>(codec: C): t.UnionC<[C, t.UndefinedC]> => t.union([codec, t.undefined]);

const ParentInfo = t.type({
  pool: t.string,
  image: t.string,
  snapshot: t.string,
  trash: optional(t.boolean),
  overlap: optional(t.number),
});

/** `rbd info --format json`. `snapshot_count` counts group, mirror and trash snapshots too. */
export const ImageInfo = t.type({
  name: t.string,
  id: t.string,
  size: t.number,
  snapshot_count: optional(t.number),
  data_pool: optional(t.string),
  features: t.readonlyArray(t.string),
  parent: optional(ParentInfo),
});
export type ImageInfo = t.TypeOf<typeof ImageInfo>;

const SnapshotRow = t.type({
  id: t.number,
  name: t.string,
  size: t.number,
  protected: optional(t.string),
  namespace: optional(t.type({ type: t.string, original_name: optional(t.string) })),
});

/** `rbd snap ls --all --format json`: `protected` is the text "true" or "false". A hidden one tells what it was called in `original_name`. */
export const SnapshotRows = t.readonlyArray(SnapshotRow);
export type SnapshotRow = t.TypeOf<typeof SnapshotRow>;

/** `rbd children --all --format json`. */
export const ChildRows = t.readonlyArray(t.type({ pool: t.string, image: t.string }));
export type ChildRows = t.TypeOf<typeof ChildRows>;

/** `rbd status --format json`. Older versions give watchers as an object keyed by number. */
const WatcherRow = t.type({ address: t.string, client: optional(t.number) });
/** Where an image comes from and goes to while it is between two pools. States: `preparing`, `prepared`, `executing`, `executed`, `aborting`, `error`. */
const MigrationStatus = t.type({ source_pool_name: t.string, source_image_name: t.string, dest_pool_name: t.string, state: t.string });
export const ImageStatus = t.type({
  watchers: t.union([t.readonlyArray(WatcherRow), t.record(t.string, WatcherRow)]),
  migration: optional(MigrationStatus),
});
export type ImageStatus = t.TypeOf<typeof ImageStatus>;

/** `rbd lock ls --format json`. The id of a lock of the exclusive-lock feature begins with `auto `. */
export const LockRows = t.readonlyArray(t.type({ id: t.string, locker: t.string, address: t.string }));

/** `rbd image-meta list --format json`. */
export const MetaMap = t.readonly(t.record(t.string, t.string));

/** `rbd ls --format json`. */
export const ImageNames = t.readonlyArray(t.string);

/** `rbd trash ls --format json`. */
export const TrashRows = t.readonlyArray(t.type({ id: t.string, name: t.string }));
export type TrashRows = t.TypeOf<typeof TrashRows>;

/** `rbd du --format json`. A row with `snapshot` is a snapshot's, the one without is the head's. */
export const UsageRows = t.type({ images: t.readonlyArray(t.type({ name: t.string, snapshot: optional(t.string), used_size: t.number })) });
export type UsageRows = t.TypeOf<typeof UsageRows>;

/** `ceph osd dump --format json`. `type` 3 is erasure coded; `flags_names` are joined by commas. */
export const ClusterMap = t.type({
  fsid: t.string,
  flags_set: optional(t.readonlyArray(t.string)),
  pools: t.readonlyArray(
    t.type({
      pool: t.number,
      pool_name: t.string,
      type: optional(t.number),
      flags_names: optional(t.string),
      application_metadata: optional(t.record(t.string, t.unknown)),
      erasure_code_profile: optional(t.string),
    }),
  ),
});
export type ClusterMap = t.TypeOf<typeof ClusterMap>;

/** `ceph health --format json`. */
export const Health = t.type({ status: t.string, checks: t.record(t.string, t.type({ summary: t.type({ message: t.string }) })) });

/** `ceph df --format json`. */
export const ClusterSpace = t.type({
  pools: t.readonlyArray(t.type({ name: t.string, stats: t.type({ stored: t.number, max_avail: t.number }) })),
});

/**
 * Reads an answer.
 *
 * @returns `Permanent` `Unreadable` when it is not JSON or not of this shape: another version of the program, most likely.
 */
export function parse<A>(codec: t.Type<A, unknown>, what: string, stdout: string): E.Either<PortError, A> {
  const unreadable = (why: string): PortError => permanent('Unreadable', `${what}: cannot read the answer: ${why}`.slice(0, 500));
  return pipe(
    E.tryCatch((): unknown => JSON.parse(stdout), (error) => unreadable(String(error))),
    E.chain((json) => {
      const decoded = codec.decode(json);
      return E.isRight(decoded) ? decoded : E.left(unreadable(PathReporter.report(decoded).slice(0, 3).join('; ')));
    }),
  );
}

/** Bytes in use by the head or by one snapshot: `du image@snapshot` lists all earlier snapshots too, so the row is found by name. */
export const usedBytes = ({ images }: UsageRows, snapshot?: string): number | undefined =>
  images.findLast((row) => row.snapshot === snapshot)?.used_size;
