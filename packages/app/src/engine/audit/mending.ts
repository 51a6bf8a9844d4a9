/** Mending what a lost or old log left, as methods of the library face. Both are on record with who asked for them (S0-136). */
import type { PoolId, PortError, Refusal } from '@blockledger/domain';
import * as E from 'fp-ts/lib/Either.js';
import type { ActionSubject } from '../../queries/actionViews.ts';
import type { ResourceRef } from '../../queries/views.ts';
import type { Witnessed } from '../commands/witnessed.ts';
import type { ControlPlane } from '../controlPlane.ts';
import type { Marks } from '../drivers/marks.ts';
import { refuseEngine } from '../refusals.ts';
import type { RebuildReport } from './driftViews.ts';
import { confirmedBy, rebuild, type RebuildParts } from './rebuild.ts';

export interface MendingParts extends Omit<RebuildParts, 'asked' | 'confirmed'> {
  readonly witnessed: Witnessed;
  readonly marks: Pick<Marks, 'accept'>;
  readonly poolOf: (ref: ResourceRef) => E.Either<Refusal, { readonly pool: { readonly poolId: PoolId } }>;
  readonly closing: AbortSignal;
}

const recovered = ({ volumes, snapshots }: RebuildReport): readonly ActionSubject[] => [
  ...volumes.map((id) => ({ kind: 'volume', id }) as const),
  ...snapshots.map((id) => ({ kind: 'snapshot', id }) as const),
];

export const makeMending = (parts: MendingParts): Pick<ControlPlane, 'rebuild' | 'acceptRestoredLog'> => {
  const { witnessed, marks, poolOf, closing } = parts;
  const confirmed = confirmedBy(parts.states);
  const closed = (): Refusal => refuseEngine('PlaneIsClosed', 'the control plane was closed');

  return {
    rebuild: async (options) =>
      closing.aborted ? E.left(closed()) : witnessed({ request: { do: 'rebuild' }, resource: null, related: recovered, run: (asked) => rebuild({ ...parts, asked, confirmed }) }, options),
    acceptRestoredLog: async (ref, options) => {
      if (closing.aborted) return E.left(closed());
      const found = poolOf(ref);
      const resource = E.isLeft(found) ? null : ({ kind: 'pool', id: found.right.pool.poolId } as const);
      const run = async (): Promise<E.Either<Refusal, true>> => {
        if (E.isLeft(found)) return found;
        const accepted = await marks.accept(found.right.pool.poolId);
        return E.bimap(({ message }: PortError) => refuseEngine('BackendUnavailable', message), (): true => true)(accepted);
      };
      return witnessed({ request: { do: 'acceptRestoredLog', pool: ref }, resource, run }, options);
    },
  };
};
