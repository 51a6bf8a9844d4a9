/** What a pool answers. */
import * as E from 'fp-ts/lib/Either.js';
import { match } from 'ts-pattern';
import type { CommandMeta } from '../kernel/envelope.ts';
import { operationOf } from '../kernel/ids.ts';
import { unlessRefused } from '../kernel/rule.ts';
import type { Of } from '../kernel/tagged.ts';
import { refusePool, type PoolRefusal } from './errors.ts';
import type { PoolDecisionFacts } from './facts.ts';
import type { PoolCommand, PoolEvent } from './messages.ts';
import { backendKnown, empty, erasureNeedsDataPool, ratioInRange, validName } from './rules.ts';
import type { PoolFields, PoolState } from './state.ts';
import { owedByPool } from './work.ts';

type Decision = E.Either<PoolRefusal, readonly PoolEvent[]>;
const accept = (...events: readonly PoolEvent[]): Decision => E.right(events);

const register = (state: PoolState, command: Of<PoolCommand, 'RegisterPool'>, meta: CommandMeta, facts: PoolDecisionFacts): Decision => {
  const { type: _type, ...fields } = command;
  return unlessRefused(
    [
      state.lifecycle === 'absent' ? undefined : refusePool('PoolAlreadyExists', `pool ${command.poolId} exists or existed`, { value: command.poolId }),
      validName(command.name),
      backendKnown(facts.capabilities, command.placement),
      erasureNeedsDataPool(command.poolType, command.placement, facts.capabilities),
      ratioInRange(command.overSubscriptionRatio),
    ],
    { type: 'PoolRequested', ...fields, tenant: meta.tenant, identity: facts.identity, operationId: operationOf(meta.commandId), at: meta.issuedAt },
  );
};

const settle = (state: PoolState, command: Of<PoolCommand, 'ConfirmWork' | 'RefuseWork'>, meta: CommandMeta): Decision => {
  const work = owedByPool(state).find(({ workId }) => workId === command.workId);
  if (work === undefined) return accept();
  const op = { operationId: work.operationId, at: meta.issuedAt };
  if (work.step === 'release') return accept({ type: 'DueSettled', ...op, due: work.step });
  return command.type === 'ConfirmWork'
    ? accept({ type: 'PoolRegistered', ...op, number: command.number ?? 0 })
    : accept({ type: 'PoolRefused', ...op, refusal: command.refusal });
};

/**
 * What a pool answers to a command: the events that follow, or the refusal of the first rule that does not hold. Pure.
 * Refuses with the tags of `poolRefusals`; a command that changes nothing is accepted without events.
 *
 * @example
 * import { decidePool, noPool, type CommandId, type PoolId, type TimestampMs } from '@blockledger/domain';
 * const meta = { commandId: '0b9d7a3e-0000-4000-8000-000000000002' as CommandId, issuedAt: 1_800_000_000_000 as TimestampMs, issuedBy: 'token:ci', tenant: 'default', correlationId: 'c-1' };
 * const decided = decidePool(noPool, { type: 'ResumePool', poolId: '0b9d7a3e-0000-4000-8000-000000000001' as PoolId }, meta, { capabilities: null, identity: null, provisionedBytes: 0 });
 * decided._tag === 'Left' && decided.left._tag; // => 'PoolNotFound'
 */
export const decidePool = (state: PoolState, command: PoolCommand, meta: CommandMeta, facts: PoolDecisionFacts): E.Either<PoolRefusal, readonly PoolEvent[]> => {
  const at = meta.issuedAt;
  const on = (decide: (pool: PoolFields) => Decision): Decision =>
    state.pool === null || state.lifecycle !== 'active'
      ? E.left(refusePool('PoolNotFound', `there is no pool ${command.poolId}`, { value: command.poolId }))
      : decide(state.pool);
  return match(command)
    .with({ type: 'RegisterPool' }, (c) => register(state, c, meta, facts))
    .with({ type: 'UpdatePool' }, ({ overSubscriptionRatio }) =>
      on((pool) =>
        pool.overSubscriptionRatio === overSubscriptionRatio ? accept() : unlessRefused([ratioInRange(overSubscriptionRatio)], { type: 'PoolUpdated', overSubscriptionRatio, at }),
      ),
    )
    .with({ type: 'ReportPoolHealth' }, ({ health }) => on((pool) => (pool.health === health ? accept() : accept({ type: 'PoolHealthReported', health, at }))))
    .with({ type: 'PausePool' }, ({ reason }) => on((pool) => (pool.paused === null ? accept({ type: 'PoolPaused', reason, at }) : accept())))
    .with({ type: 'ResumePool' }, () => on((pool) => (pool.paused === null ? accept() : accept({ type: 'PoolResumed', at }))))
    .with({ type: 'RetirePool' }, () => on(() => unlessRefused([empty(facts)], { type: 'PoolRetired', operationId: operationOf(meta.commandId), at })))
    .with({ type: 'ConfirmWork' }, { type: 'RefuseWork' }, (c) => settle(state, c, meta))
    // Telling cannot fail for good: it is repeated until it is answered.
    .with({ type: 'FailWork' }, { type: 'DelayWork' }, () => accept())
    .exhaustive();
};
