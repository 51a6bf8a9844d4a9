/** The audit: what stands on the backends against what the log says, both ways. It reports and never repairs. */
import type { PoolId, PoolState, PortError, SeenVolume, VolumeFields, VolumeState } from '@blockledger/domain';
import * as E from 'fp-ts/lib/Either.js';
import type { ResourceQueries } from '../../queries/resources.ts';
import type { States } from '../../queries/states.ts';
import type { Drift, DriftField, DriftReport, Unseen } from './driftViews.ts';
import type { Questions } from '../backends/questions.ts';
import { seeKnown } from './knownVolumes.ts';

export interface AuditParts {
  readonly states: States;
  readonly resources: Pick<ResourceQueries, 'indexes'>;
  readonly questions: Questions;
  readonly installationId: string;
}

/** A pool and what its backend showed. */
export interface SeenPool {
  readonly poolId: PoolId;
  readonly seen: E.Either<PortError, readonly SeenVolume[]>;
}

/** Pools that are in service. Two pools at one place are looked at once. */
const poolsOf = ({ states, resources }: AuditParts): readonly { readonly poolId: PoolId; readonly state: PoolState }[] =>
  [...resources.indexes.pool.ids()].flatMap((id) => {
    const poolId = id as PoolId;
    const state = states.poolState(poolId);
    return state?.lifecycle === 'active' ? [{ poolId, state }] : [];
  });

/** Volumes of a pool that stand by the log, those too of which something is under way: it may be done when the two are compared. */
const standing = ({ states, resources }: AuditParts, poolId: PoolId): readonly VolumeFields[] =>
  [...resources.indexes.volume.ids()].flatMap((id) => {
    const state = states.volumeState(id);
    return state === undefined || state.volume === null || state.volume.poolId !== poolId || isGone(state) ? [] : [state.volume];
  });

/** What a backend that cannot list is asked instead of its list. */
export type WithoutList = 'known' | 'nothing';

/** Lists every pool. Objects of other installations are left out: they are not ours to speak of. */
export const lookAtPools = async (parts: AuditParts, withoutList: WithoutList = 'nothing'): Promise<readonly SeenPool[]> => {
  const looked: SeenPool[] = [];
  for (const { poolId, state } of poolsOf(parts)) {
    const { pool } = state;
    if (pool === null) continue;
    const seen = await parts.questions.ask({ backend: pool.placement.backend, question: 'list' }, (backend, context) =>
      backend.capabilities.list || withoutList === 'nothing'
        ? backend.list(pool.placement, context)
        : seeKnown({ placement: pool.placement, installationId: parts.installationId, volumes: standing(parts, poolId) }, backend, context),
    );
    looked.push({ poolId, seen: E.map((all: readonly SeenVolume[]) => all.filter(({ installationId }) => installationId === parts.installationId))(seen) });
  }
  return looked;
};

/** True while something is under way that changes what stands on the backend. */
const isBusy = (state: VolumeState, states: States): boolean =>
  state.operation !== null ||
  state.update !== null ||
  state.dues.length > 0 ||
  (state.volume?.slots ?? []).some(({ snapshotId, told, sizeBytes, leaving }) => {
    const snapshot = states.snapshotState(snapshotId);
    return !told || sizeBytes === null || leaving || (snapshot?.stage ?? null) !== null;
  });

interface Compared {
  readonly poolId: PoolId;
  readonly volume: VolumeFields;
  readonly seen: SeenVolume;
}

const differing = ({ poolId, volume, seen }: Compared, field: DriftField, [expected, found]: readonly [unknown, unknown], mend: Drift['mend'] = null): Drift => ({
  kind: 'differing',
  poolId,
  hostId: null,
  backendName: seen.backendName,
  volumeId: volume.volumeId,
  field,
  expected,
  found,
  message: `volume "${volume.name}" (${volume.volumeId}): ${field} is ${JSON.stringify(found)}, the log says ${JSON.stringify(expected)}`,
  mend,
});

const compareVolume = (compared: Compared, trashed: boolean): readonly Drift[] => {
  const { volume, seen } = compared;
  const drifts: Drift[] = [];
  const wanted = trashed ? 'trashed' : 'whole';
  if (seen.state !== wanted) drifts.push(differing(compared, 'state', [wanted, seen.state], seen.state === 'trashed' ? { do: 'undeleteVolume', volume: volume.volumeId } : null));
  if (seen.identity !== undefined && seen.identity.serial !== volume.serial) drifts.push(differing(compared, 'identity', [volume.serial, seen.identity.serial]));
  if (seen.sizeBytes !== undefined && seen.sizeBytes !== volume.sizeBytes) drifts.push(differing(compared, 'size', [volume.sizeBytes, seen.sizeBytes]));
  if (seen.hasParent !== undefined && seen.hasParent !== (volume.parent !== null)) {
    drifts.push(differing(compared, 'parent', [volume.parent !== null, seen.hasParent], seen.hasParent ? null : { do: 'flattenVolume', volume: volume.volumeId }));
  }
  const mend: Drift['mend'] = { do: 'updateVolume', volume: volume.volumeId, input: { qos: volume.qos, performancePriority: volume.performancePriority } };
  const plain = ({ enabled: _enabled, ...limits }: VolumeFields['qos']): string => JSON.stringify(limits);
  const qosSeen = seen.qos?.enabled === true ? plain(seen.qos) : 'off';
  const qosWanted = volume.qos.enabled ? plain(volume.qos) : 'off';
  if (seen.qos !== undefined && qosSeen !== qosWanted) drifts.push(differing(compared, 'qos', [volume.qos, seen.qos], mend));
  if (seen.performancePriority !== undefined && seen.performancePriority !== volume.performancePriority) {
    drifts.push(differing(compared, 'performancePriority', [volume.performancePriority, seen.performancePriority], mend));
  }
  return drifts;
};

const compareSnapshots = ({ poolId, volume, seen }: Compared): readonly Drift[] => {
  const { volumeId } = volume;
  const there = new Set(seen.snapshots.flatMap(({ snapshotId }) => (snapshotId === undefined ? [] : [snapshotId])));
  const known = new Set(volume.slots.map(({ snapshotId }) => snapshotId));
  const common = { poolId, hostId: null, backendName: seen.backendName, volumeId };
  const missing = volume.slots
    .filter(({ snapshotId, groupSnapshotId }) => !there.has(snapshotId) && groupSnapshotId === null)
    .map(({ snapshotId, name }): Drift => ({
      kind: 'missing',
      ...common,
      snapshotId,
      message: `snapshot "${name}" (${snapshotId}) is not on the backend`,
      mend: { do: 'deleteSnapshot', snapshot: snapshotId, input: {} },
    }));
  const unexpected = seen.snapshots
    .filter(({ kind, snapshotId }) => kind === 'user' && (snapshotId === undefined || !known.has(snapshotId)))
    .map(({ backendName, snapshotId }): Drift => ({
      kind: 'unexpected',
      ...common,
      backendName: `${seen.backendName}@${backendName}`,
      ...(snapshotId === undefined ? {} : { snapshotId }),
      message: `the snapshot ${backendName} of volume "${volume.name}" is not in the log`,
      mend: snapshotId === undefined ? null : { do: 'rebuild' },
    }));
  return [...missing, ...unexpected];
};

const isGone = (state: VolumeState | undefined): boolean =>
  state === undefined || state.volume === null || state.lifecycle === 'deleted' || state.lifecycle === 'refused' || state.lifecycle === 'disowned';

/** What the backend shows and the log does not know; a half-made or half-removed one is named so. */
const unexpectedVolume = (poolId: PoolId, seen: SeenVolume): Drift => ({
  kind: 'unexpected',
  poolId,
  hostId: null,
  backendName: seen.backendName,
  ...(seen.identity === undefined ? {} : { volumeId: seen.identity.volumeId }),
  message: `${seen.backendName} is ours (${seen.state}) but not in the log`,
  mend: seen.identity !== undefined && seen.state === 'whole' ? { do: 'rebuild' } : null,
});

/** Drift of one pool's volumes, by what was seen there. */
const auditPool = ({ states, resources }: AuditParts, poolId: PoolId, seen: readonly SeenVolume[], busy: string[]): readonly Drift[] => {
  const drifts: Drift[] = [];
  const there = new Set<string>();
  for (const volume of seen) {
    const id = volume.identity?.volumeId;
    if (id !== undefined) there.add(id);
    const state = id === undefined ? undefined : states.volumeState(id);
    if (state === undefined || isGone(state) || state.volume === null) drifts.push(unexpectedVolume(poolId, volume));
    else if (isBusy(state, states)) busy.push(state.volume.volumeId);
    else if (state.volume.poolId === poolId) {
      const compared = { poolId, volume: state.volume, seen: volume };
      drifts.push(...compareVolume(compared, state.lifecycle === 'trashed'), ...compareSnapshots(compared));
    }
  }
  for (const id of resources.indexes.volume.ids()) {
    const state = states.volumeState(id);
    const volume = state?.volume ?? null;
    if (state === undefined || volume === null || volume.poolId !== poolId || isGone(state) || there.has(id)) continue;
    if (isBusy(state, states)) busy.push(id);
    else {
      drifts.push({
        kind: 'missing',
        poolId,
        hostId: null,
        backendName: id,
        volumeId: id,
        message: `volume "${volume.name}" (${id}) is not on the backend`,
        mend: { do: 'deleteVolume', volume: id, input: { cascade: true, force: true } },
      });
    }
  }
  return drifts;
};

/** Compares all pools; a pool that cannot be looked at is said to be unseen, and nothing is concluded about it. */
export const audit = async (parts: AuditParts): Promise<DriftReport> => {
  const drifts: Drift[] = [];
  const unseen: Unseen[] = [];
  const busy: string[] = [];
  for (const { poolId, seen } of await lookAtPools(parts, 'known')) {
    if (E.isLeft(seen)) unseen.push({ poolId, hostId: null, error: seen.left });
    else drifts.push(...auditPool(parts, poolId, seen.right, busy));
  }
  return { drifts, unseen, busy: [...new Set(busy)] };
};
