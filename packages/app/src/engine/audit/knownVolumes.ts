/** Where a backend cannot list, the volumes that the log has in a pool are looked at one by one: others stay unknown (S1-42). */
import type { BlockBackend, CallContext, Placement, PortError, SeenVolume, VolumeFields } from '@blockledger/domain';
import * as E from 'fp-ts/lib/Either.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';

/** So many at once. */
const ABREAST = 8;

/** Without marks a volume says nothing of itself: it is the one that was asked for. */
const named = ({ volumeId, serial, name, tenant, generation, hidden }: VolumeFields, seen: SeenVolume, installationId: string): SeenVolume =>
  seen.identity === undefined ? { ...seen, installationId, identity: { volumeId, serial, name, tenant, generation, hidden } } : seen;

/** Which volumes are looked for. */
export interface KnownVolumes {
  readonly placement: Placement;
  readonly installationId: string;
  /** Those of the pool that stand, by the log. */
  readonly volumes: readonly VolumeFields[];
}

/** Those of the known volumes that are there, with those of their known snapshots that are. */
export const seeKnown =
  ({ placement, installationId, volumes }: KnownVolumes, backend: BlockBackend, context: CallContext): TaskEither<PortError, readonly SeenVolume[]> =>
  async () => {
    const found: SeenVolume[] = [];
    for (let from = 0; from < volumes.length; from += ABREAST) {
      const some = volumes.slice(from, from + ABREAST);
      const looked = await Promise.all(
        some.map(async (volume) => {
          const { volumeId, serial, slots } = volume;
          const seen = await backend.see({ placement, volumeId, serial }, context, slots.map(({ snapshotId }) => snapshotId))();
          return E.map((one: SeenVolume | undefined) => (one === undefined ? [] : [named(volume, one, installationId)]))(seen);
        }),
      );
      for (const one of looked) {
        if (E.isLeft(one)) return one;
        found.push(...one.right);
      }
    }
    return E.right(found);
  };
