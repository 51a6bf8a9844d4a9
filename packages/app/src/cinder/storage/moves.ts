/** Moving a volume to another pool of its backend (S1-38, R-23). */
import type { Refusal } from '@blockledger/domain';
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { Asked, CinderError } from '../errors.ts';
import { ask, change, type Service } from './service.ts';
import { settled } from './standing.ts';
import { findVolume, theVolume, type PoolRef } from './volumes.ts';

/** A volume by its name, and the pools that it is to leave and to be in. */
export interface Move {
  readonly name: string;
  readonly from: PoolRef;
  readonly to: PoolRef;
}

/** Rules that keep a volume where it is, so that only a host can copy it. Anything else that goes wrong is told as what it is. */
const STAYS: ReadonlySet<string> = new Set<Refusal['_tag']>([
  'CapabilityIsMissing',
  'PoolHasNoSpace',
  'PoolIsOnAnotherBackend',
  'SnapshotHasClones',
  'SnapshotIsInGroupSnapshot',
  'SnapshotIsProtected',
  'VolumeIsAttached',
  'VolumeIsInGroup',
  'VolumeIsMapped',
]);

/** Takes back a move that failed for good; what is copied already can only go on, and is retried by the next call. */
const takenBack = (service: Service, { name, from }: Move, error: CinderError): Asked<never> => {
  const { client } = service;
  return pipe(
    findVolume(service, from, name),
    TE.chain((volume): Asked<unknown> => {
      const failed = volume?.failure?.task;
      return failed === undefined
        ? TE.right(undefined)
        : pipe(
            ask(() => client.getTask({ path: { task: failed } })),
            TE.chain(({ task: { type } }): Asked<unknown> => (type === 'MigrateBlockVolume' ? change(service, (waiting) => client.abandonTask({ path: { task: failed }, ...waiting })) : TE.right(undefined))),
          );
    }),
    TE.orElse((): Asked<unknown> => TE.right(undefined)),
    TE.chain(() => TE.left(error)),
  );
};

/** Whether the volume is in the other pool now; false where a rule keeps it where it is. One that is there already has been moved by an earlier call. */
export const moveVolume = (service: Service, move: Move): Asked<boolean> => {
  const { name, from, to } = move;
  const moved = pipe(
    theVolume(service, from, name),
    TE.chainFirst((volume) => settled(service, volume)),
    TE.chain(({ uuid }) => change(service, (waiting) => service.client.migrateVolume({ path: { volume: uuid }, body: { block_volume: { pool_id: to.uuid } }, ...waiting }))),
    TE.map(() => true),
    TE.orElse((error): Asked<boolean> => {
      if (STAYS.has(error.code)) return TE.right(false);
      return error.code === 'TaskFailed' ? takenBack(service, move, error) : TE.left(error);
    }),
  );
  return pipe(
    findVolume(service, to, name),
    TE.chain((there) => (there === undefined ? moved : TE.map(() => true)(settled(service, there)))),
  );
};
