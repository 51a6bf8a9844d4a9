/** The command lines of an action on a backend where everything is as the log says: the same table speaks as when it is really done. */
import { match } from 'ts-pattern';
import type { ActionOf, BackendAction, VolumeIdentity, VolumeRef } from '@blockledger/domain';
import { settingCommands } from './actions/settings.ts';
import { metasOf, parentOf } from './actions/wanted.ts';
import type { Command, Dialect, MigrationWords } from './commands/dialect.ts';
import { identityText, snapshotKey, snapshotText, VOLUME_KEY } from './marks.ts';
import { snapshotName, type Image, type SnapshotOf } from './names.ts';
import { imageOf } from './observe.ts';

/** What a plan is made for. */
export interface Planner {
  readonly dialect: Dialect;
  readonly measuresUsage: boolean;
  readonly installationId: string;
}

/** The commands that an action says, looks and proofs included, in order. */
export function planned(planner: Planner, action: BackendAction): readonly Command[] {
  const { dialect } = planner;
  const image = imageOf(action.volume);
  const at = (id: Parameters<typeof snapshotName>[0]): SnapshotOf => ({ image, snapshot: snapshotName(id) });
  const proof = dialect.metaList(image);
  const measure = (of: Image | SnapshotOf): readonly Command[] => (planner.measuresUsage ? [dialect.usage(of)] : []);
  return match(action)
    .returnType<readonly Command[]>()
    .with({ do: 'ensureVolume' }, (wanted) => creation(planner, wanted, image))
    .with({ do: 'ensureFlattened' }, () => [proof, dialect.info(image), dialect.flatten(image), dialect.info(image), ...measure(image)])
    .with({ do: 'ensureSize' }, ({ fromBytes, toBytes }) => [
      proof,
      dialect.info(image),
      ...(fromBytes === toBytes ? [] : [dialect.resize({ image, sizeBytes: toBytes, shrink: toBytes < fromBytes })]),
      ...measure(image),
    ])
    .with({ do: 'ensureSettings' }, ({ qos, performancePriority, volume, name }) => [
      proof,
      ...settingCommands(dialect, {
        image,
        metas: {},
        wanted: { identity: renamed(volume, name), qos, performancePriority },
        installationId: planner.installationId,
      }),
    ])
    .with({ do: 'ensureSnapshot' }, ({ snapshotId, name, internal }) => [
      proof,
      dialect.snapshotCreate(at(snapshotId)),
      dialect.metaSet(image, snapshotKey(snapshotId), snapshotText(name, internal)),
      dialect.snapshotList(image),
      ...measure(at(snapshotId)),
    ])
    .with({ do: 'ensureSnapshotGone' }, ({ snapshotId }) => [
      dialect.cluster(),
      proof,
      ...removal(dialect, at(snapshotId)),
      dialect.metaRemove(image, snapshotKey(snapshotId)),
    ])
    .with({ do: 'rollBack' }, ({ snapshotId }) => [
      dialect.cluster(),
      proof,
      ...holders(dialect, image),
      dialect.snapshotList(image),
      dialect.snapshotRollback(at(snapshotId)),
      dialect.info(image),
      ...measure(image),
    ])
    .with({ do: 'ensureVolumeGone' }, ({ snapshots, trashed, volume }) => [
      dialect.cluster(),
      proof,
      ...(trashed ? [dialect.trashList(image.pool), dialect.trashedMeta(image.pool, '<id>', VOLUME_KEY), dialect.trashRestore(volume.placement.pool, '<id>')] : []),
      ...(snapshots.length > 0 ? [dialect.snapshotList(image), ...snapshots.flatMap((id) => removal(dialect, at(id)))] : []),
      dialect.remove(image),
    ])
    .with({ do: 'ensureTrashed' }, () => [dialect.cluster(), proof, ...holders(dialect, image), dialect.trashMove(image)])
    .with({ do: 'ensureRestored' }, () => [
      proof,
      dialect.trashList(image.pool),
      dialect.trashedMeta(image.pool, '<id>', VOLUME_KEY),
      dialect.trashRestore(image.pool, '<id>'),
      dialect.info(image),
    ])
    .with({ do: 'adopt' }, ({ identity, backendName }) => {
      const from = { pool: image.pool, name: backendName };
      return [
        dialect.info(image),
        proof,
        dialect.info(from),
        dialect.metaList(from),
        ...holders(dialect, from),
        dialect.rename(from, image),
        dialect.metaSet(image, VOLUME_KEY, identityText(identity, planner.installationId)),
      ];
    })
    .with({ do: 'disown' }, ({ snapshots }) => [
      proof,
      ...[...snapshots.map(snapshotKey), VOLUME_KEY].map((key) => dialect.metaRemove(image, key)),
    ])
    .with({ do: 'ensureMigrated' }, ({ to }) =>
      moving(dialect, ({ prepare, execute }) => {
        const there = { ...image, pool: to.pool };
        return [dialect.cluster(), proof, ...holders(dialect, image), prepare(image, there, to.dataPool), execute(there), dialect.status(there), dialect.metaList(there), dialect.info(there)];
      }),
    )
    .with({ do: 'ensureMigrationCommitted' }, ({ to }) =>
      moving(dialect, ({ commit }) => {
        const there = { ...image, pool: to.pool };
        return [dialect.cluster(), dialect.status(there), dialect.metaList(there), dialect.info(there), commit(there)];
      }),
    )
    .with({ do: 'ensureMigrationAborted' }, () =>
      moving(dialect, ({ abort }) => [dialect.cluster(), proof, dialect.trashList(image.pool), dialect.trashedMeta(image.pool, '<id>', VOLUME_KEY), abort(image), dialect.info(image)]),
    )
    .with({ do: 'observe' }, () => [dialect.info(image), proof, ...measure(image)])
    .exhaustive();
}

/** What cannot be said is not done either. */
const moving = ({ migration }: Dialect, said: (words: MigrationWords) => readonly Command[]): readonly Command[] => (migration === undefined ? [] : said(migration));

function creation({ dialect, installationId }: Planner, wanted: ActionOf<'ensureVolume'>, image: Image): readonly Command[] {
  const { dataPool } = wanted.volume.placement;
  const from = parentOf(wanted);
  const metas = metasOf(wanted, installationId);
  const { generation } = wanted.identity;
  const made =
    from === undefined
      ? [dialect.create({ image, sizeBytes: wanted.sizeBytes, generation, dataPool, metas })]
      : [dialect.metaList(from.image), dialect.snapshotProtect(from), dialect.clone({ from, image, dataPool }), dialect.metaList(image)];
  const carried = from === undefined && dialect.createWritesMetas ? metas : {};
  const rest = settingCommands(dialect, { image, metas: carried, wanted, installationId });
  return [...made, ...rest.filter(({ args }) => wanted.performancePriority || !args.includes('--unset'))];
}

/** A protected snapshot without clones: its removal is refused, so it is unprotected and removed again. */
const removal = (dialect: Dialect, at: SnapshotOf): readonly Command[] => [
  dialect.children(at),
  dialect.snapshotRemove(at),
  dialect.snapshotUnprotect(at),
  dialect.snapshotRemove(at),
];

const holders = (dialect: Dialect, image: Image): readonly Command[] => [dialect.status(image), dialect.lockList(image)];

/** The identity is on the image and is only renamed; a plan, which reads nothing, shows what it knows of it. */
const renamed = ({ volumeId, serial }: VolumeRef, name: string): VolumeIdentity => ({
  volumeId,
  serial,
  name,
  tenant: '<as it is>',
  generation: 'v3',
  hidden: false,
});
