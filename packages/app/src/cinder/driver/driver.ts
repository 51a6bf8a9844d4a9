/** A driver, out of its parts. */
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { ask } from '../storage/service.ts';
import { accessPathOf, poolOf, type World } from '../world.ts';
import { connectionCalls } from './connections.ts';
import type { CinderDriver } from './contract.ts';
import { migrateCall, type MoveSettings } from './migration.ts';
import { none } from './none.ts';
import { statsCall, type StatsSettings } from './stats.ts';
import { volumeCalls } from './volumes.ts';

/** A driver in its world. */
export const driverIn = (world: World, settings: StatsSettings & MoveSettings): CinderDriver => ({
  do_setup: () => none(ask(() => world.service.client.listPools({ query: { limit: 1 } }))),
  check_for_setup_error: () =>
    none(
      pipe(
        poolOf(world),
        TE.chain(() => accessPathOf(world)),
      ),
    ),
  get_volume_stats: statsCall(world, settings),
  ...volumeCalls(world),
  ...connectionCalls(world),
  migrate_volume: migrateCall(world, settings),
});
