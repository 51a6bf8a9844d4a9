/** What Cinder's scheduler is told, about once a minute (S1-29). */
import * as E from 'fp-ts/lib/Either.js';
import { volumeStats, type BackendNames, type PoolFigures, type VolumeStats } from '../formats/stats.ts';
import { getPoolStats } from '../storage/pools.ts';
import type { World } from '../world.ts';
import type { CinderDriver } from './contract.ts';

/** How the driver is called, and whether volumes of it may be given to several hosts. */
export interface StatsSettings extends BackendNames {
  readonly multiattach: boolean;
}

/** Asks the backend where it is told to refresh, or was never asked. */
export const statsCall = (world: World, settings: StatsSettings): CinderDriver['get_volume_stats'] => {
  let told: VolumeStats | undefined;
  return async (refresh) => {
    if (!refresh && told !== undefined) return E.right(told);
    const stats = E.map((figures: PoolFigures) => volumeStats(settings, figures))(await getPoolStats(world.service, world.poolName, settings.multiattach)());
    if (E.isRight(stats)) told = stats.right;
    return stats;
  };
};
