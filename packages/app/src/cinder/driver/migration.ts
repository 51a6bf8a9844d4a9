/** Moving a volume to where another driver of the same service serves it (S1-38, R-23). */
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { locationOf } from '../formats/stats.ts';
import { moveVolume } from '../storage/moves.ts';
import { getPool } from '../storage/pools.ts';
import { poolOf, type World } from '../world.ts';
import type { CinderDriver, Migrated } from './contract.ts';

/** Where volumes may go. */
export interface MoveSettings {
  readonly vendorName: string;
  /** Names of pools of this service that volumes may be moved to. */
  readonly movesTo: readonly string[];
}

const NOT_MOVED: Migrated = [false, null];
const MOVED: Migrated = [true, {}];

/** A host is known by its `location_info`, for `host` names what cinder.conf calls it. One that is not named here may be of another service. */
export const migrateCall =
  (world: World, { vendorName, movesTo }: MoveSettings): CinderDriver['migrate_volume'] =>
  (_context, { name }, { capabilities }) => {
    const pool = movesTo.find((one) => one !== world.poolName && capabilities?.['location_info'] === locationOf(vendorName, one));
    if (pool === undefined) return Promise.resolve(E.right(NOT_MOVED));
    return pipe(
      TE.Do,
      TE.bind('from', () => poolOf(world)),
      TE.bind('to', () => getPool(world.service, pool)),
      TE.chain((pools) => moveVolume(world.service, { name, ...pools })),
      TE.map((isMoved) => (isMoved ? MOVED : NOT_MOVED)),
    )();
  };
