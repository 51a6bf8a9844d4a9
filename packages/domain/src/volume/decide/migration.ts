/** Moving a volume to another pool of its backend. */
import { firstRefusal } from '../../kernel/rule.ts';
import type { PoolFacts } from '../facts.ts';
import {
  anotherPool,
  backendCan,
  backendKnown,
  noSnapshotUnderWay,
  noUpdateUnderWay,
  noV2OnErasure,
  notAttached,
  notBusy,
  notInGroup,
  notMapped,
  notPassive,
  oneBackend,
  poolExists,
  poolHealthy,
  ready,
  type Existing,
} from '../rules.ts';
import type { VolumeFields } from '../state.ts';
import { accept, begun, unless, type Case, type Decision } from './common.ts';

/** Two names of one place: nothing is to be done there. */
const isOnePlace = ({ placement: from }: VolumeFields, { placement: to }: PoolFacts): boolean => from.backend === to.backend && from.pool === to.pool && from.dataPool === to.dataPool;

/**
 * A new label where both pools are one place, else by the backend where it says that it can. A volume that hosts have stays where it is, unless
 * the backend can move it under them; one that is there already has nothing to do.
 */
export const migrateVolume = (subject: Case & Existing): Decision => {
  const { facts, meta, volume } = subject;
  const { pool, destination = null } = facts;
  const relabels = destination !== null && isOnePlace(volume, destination);
  const isLive = pool?.capabilities?.liveMigration === true;
  const refusal = firstRefusal(
    ready(subject),
    notPassive(subject),
    isLive ? undefined : firstRefusal(notAttached(subject), notMapped(subject)),
    notInGroup(subject),
    notBusy(subject),
    noUpdateUnderWay(subject),
    noSnapshotUnderWay(subject),
    poolHealthy(pool),
    backendKnown(pool),
    poolExists(destination),
    poolHealthy(destination),
    backendKnown(destination),
    oneBackend(pool, destination),
    anotherPool(volume.placement, destination),
    relabels ? undefined : backendCan('migrate')(pool),
    destination === null ? undefined : noV2OnErasure(volume.generation, destination.poolType),
  );
  return unless(refusal, () => {
    if (destination === null || destination.poolId === volume.poolId) return accept();
    const { poolId, placement, poolType } = destination;
    return accept({ type: 'VolumeMigrationRequested', ...begun(meta), to: { poolId, placement, poolType }, relabels });
  });
};
