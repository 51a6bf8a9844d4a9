/** The requests of an action on an array where everything is as the log says. */
import { match } from 'ts-pattern';
import type { ActionOf, BackendAction, PlannedStep } from '@blockledger/domain';
import { snapshotOf } from './actions/look.ts';
import { volumeName } from './names.ts';
import type { Settings } from './options.ts';
import {
  type ArrayRequest,
  cloneVolume,
  createSnapshot,
  createVolume,
  deleteSnapshot,
  deleteVolume,
  extendVolume,
  showMapping,
  showPool,
  showSnapshot,
  showSystem,
  showVolume,
} from './requests.ts';

/** A request as a plan shows it: a secret in its body is its mask. */
export const stepOf = ({ summary, method, path, body }: ArrayRequest): PlannedStep => ({
  summary,
  request: `${method} /api${path}${body === undefined ? '' : ` ${JSON.stringify(body)}`}`,
});

/** A step that this array cannot take. */
const impossible = (capability: string): readonly PlannedStep[] => [{ summary: `refused before anything is sent: the array cannot ${capability}` }];

const making = ({ volume, sizeBytes, parent }: ActionOf<'ensureVolume'>, { thin }: Settings): readonly ArrayRequest[] => {
  const name = volumeName(volume.volumeId);
  if (parent === null) return [showVolume(name), createVolume({ pool: volume.placement.pool, name, sizeBytes, thin }), showVolume(name)];
  const of = snapshotOf(parent.volume, parent.snapshotId);
  return [showVolume(name), showVolume(of.volume), showSnapshot(of), cloneVolume(of, name), showVolume(name)];
};

/** The requests that an action sends, looks and proofs included, in order. */
export const planned = (action: BackendAction, settings: Settings): readonly PlannedStep[] => {
  const { volume } = action;
  const name = volumeName(volume.volumeId);
  const look = showVolume(name);
  const place = [showSystem, showPool(volume.placement.pool)];
  const steps = (requests: readonly ArrayRequest[]): readonly PlannedStep[] => requests.map(stepOf);
  return match(action)
    .returnType<readonly PlannedStep[]>()
    .with({ do: 'ensureVolume' }, (wanted) => steps(making(wanted, settings)))
    .with({ do: 'ensureSize' }, ({ fromBytes, toBytes }) =>
      toBytes < fromBytes ? impossible('shrink') : steps(toBytes === fromBytes ? [look] : [look, extendVolume(name, toBytes), look]),
    )
    .with({ do: 'ensureSnapshot' }, ({ snapshotId }) => {
      const of = snapshotOf(volume, snapshotId);
      return steps([look, showSnapshot(of), createSnapshot(of)]);
    })
    .with({ do: 'ensureSnapshotGone' }, ({ snapshotId }) => {
      const of = snapshotOf(volume, snapshotId);
      return steps([...place, look, deleteSnapshot(of), showSnapshot(of)]);
    })
    .with({ do: 'ensureVolumeGone' }, ({ snapshots }) => {
      const gone = snapshots.map((id) => snapshotOf(volume, id)).flatMap((of) => [deleteSnapshot(of), showSnapshot(of)]);
      return steps([...place, look, showMapping(name), ...gone, deleteVolume(name), look]);
    })
    .with({ do: 'ensureSettings' }, { do: 'disown' }, { do: 'observe' }, () => steps([look]))
    .with({ do: 'ensureFlattened' }, () => impossible('flatten'))
    .with({ do: 'rollBack' }, () => impossible('roll back'))
    .with({ do: 'ensureTrashed' }, { do: 'ensureRestored' }, () => impossible('keep deleted volumes'))
    .with({ do: 'ensureMigrated' }, { do: 'ensureMigrationCommitted' }, { do: 'ensureMigrationAborted' }, () => impossible('move a volume to another pool'))
    .with({ do: 'adopt' }, () => impossible('rename, so it cannot take over'))
    .exhaustive();
};
