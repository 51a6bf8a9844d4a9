/** Dry runs of mending: what would be written down of what stands on the backends, and which work would run once a restored log is accepted. */
import { poolStream, type PoolId, type PortError, type Refusal } from '@blockledger/domain';
import * as E from 'fp-ts/lib/Either.js';
import type { States } from '../../queries/states.ts';
import { aggregates, kindOf, type OwedWork } from '../commands/aggregates.ts';
import type { Callers } from '../commands/callers.ts';
import { imagine, type Imagined, type ImaginingParts } from '../commands/imagining.ts';
import type { AdminPlans } from '../commands/plan.ts';
import { isDestructive, type Marks } from '../drivers/marks.ts';
import type { Engine } from '../parts.ts';
import { refuseEngine } from '../refusals.ts';
import type { AuditParts } from './drift.ts';
import type { MendingParts } from './mending.ts';
import { rebuild, type RebuildParts } from './rebuild.ts';

export interface MendingPlanParts extends AuditParts, Pick<MendingParts, 'poolOf'> {
  readonly engine: Pick<Engine, 'backends' | 'clock' | 'ids'>;
  readonly facts: ImaginingParts['facts'];
  readonly callees: ImaginingParts['callees'];
  readonly callers: Pick<Callers, 'named'>;
  readonly marks: Pick<Marks, 'check'>;
}

/** Each command is taken and its work done at once, so that what hangs on it can follow. */
const imaginary = ({ execute, finish, states }: Imagined): Pick<RebuildParts, 'handler' | 'settled' | 'confirmed' | 'states'> => ({
  states,
  handler: {
    execute: async (to, command, meta) => {
      const executed = await execute(to, command, meta);
      if (E.isRight(executed)) await finish(meta);
      return executed;
    },
  },
  settled: async (stream, operationId) => {
    const kind = kindOf(stream);
    const said = kind === undefined ? 'accepted' : aggregates[kind].answer(states.peek(stream)?.state, operationId);
    return typeof said === 'string' ? E.right(undefined) : E.left(said);
  },
  confirmed: async (_kind, stream) => {
    const state = states.peek(stream)?.state ?? {};
    return 'lifecycle' in state && state.lifecycle === 'active';
  },
});

/** Destructive work that a pool owes. */
const destructiveWork = (states: States, poolId: PoolId): readonly { readonly stream: string; readonly work: OwedWork }[] =>
  [...states.streams()].flatMap((stream) => {
    const kind = kindOf(stream);
    const state = states.peek(stream)?.state;
    if ((kind !== 'volume' && kind !== 'snapshot') || state === undefined) return [];
    return aggregates[kind].owed(state).filter((work) => work.kind === 'perform' && isDestructive(work) && work.poolId === poolId).map((work) => ({ stream, work }));
  });

export const mendingPlans = (parts: MendingPlanParts): Pick<AdminPlans, 'rebuild' | 'acceptRestoredLog'> => {
  const { callers, marks, poolOf, states } = parts;
  return {
    rebuild: async (_request, options) => {
      const named = callers.named(options);
      if (E.isLeft(named)) return named;
      const imagined = imagine(parts);
      const rebuilt = await rebuild({ ...parts, ...imaginary(imagined), asked: named.right.meta });
      return E.map(() => ({ stream: '', ...imagined.told() }))(rebuilt);
    },
    acceptRestoredLog: async ({ pool: ref }, options) => {
      const found = poolOf(ref);
      const named = callers.named(options);
      if (E.isLeft(found)) return found;
      if (E.isLeft(named)) return named;
      const { poolId } = found.right.pool;
      const standing = await marks.check(poolId);
      if (E.isLeft(standing)) return E.mapLeft(({ message }: PortError): Refusal => refuseEngine('BackendUnavailable', message))(standing);
      const imagined = imagine(parts);
      const { meta } = named.right;
      for (const { stream, work } of standing.right === 'ahead' ? destructiveWork(states, poolId) : []) await imagined.perform(stream, work, meta);
      await imagined.finish(meta);
      return E.right({ stream: poolStream(poolId), ...imagined.told() });
    },
  };
};
