import { DEFAULT_OVER_SUBSCRIPTION, MAX_OVER_SUBSCRIPTION, MIN_OVER_SUBSCRIPTION, pool } from '@blockledger/domain';
import type { PoolCommand, PoolEvent, StoredRefusal } from '@blockledger/domain';
import * as assert from 'uvu/assert';
import { given } from '../../support/decider.ts';
import { able, metaOf, NOON, operation, placement, poolId } from '../../support/samples.ts';
import { suite } from '../../support/suite.ts';

const test = suite('pools');
const facts = { capabilities: able, identity: { cluster: 'f', pool: '1' }, provisionedBytes: 0 };
const register = (changes: Partial<Extract<PoolCommand, { type: 'RegisterPool' }>> = {}): PoolCommand => ({
  type: 'RegisterPool',
  poolId,
  name: 'vols',
  placement,
  poolType: 'replicated',
  overSubscriptionRatio: 20,
  ...changes,
});
const asked: PoolEvent = { type: 'PoolRequested', operationId: operation(1), at: NOON, poolId, name: 'vols', tenant: 'default', placement, poolType: 'replicated', overSubscriptionRatio: 20, identity: null };
const active: readonly PoolEvent[] = [asked, { type: 'PoolRegistered', operationId: operation(1), at: NOON, number: 1 }];
const no: StoredRefusal = { _tag: 'NameIsTaken', rule: 'nameIsFree', spec: 'S0-16', message: 'taken', remedy: 'another' };
const told = { _tag: 'Told', replies: [{ number: 4 }] } as const;

test('a pool is registered with its name and number, and knows which cluster it is [S0-9, S0-16]', () => {
  const wish = given(pool).when(register(), facts, metaOf(1)).then('PoolRequested').owes('reserve');
  assert.equal(wish.state.pool?.identity, { cluster: 'f', pool: '1' });
  assert.is(pool.answer(wish.state, operation(1)), 'pending');
  const done = given(pool, asked).settled('reserve', told, facts).then('PoolRegistered').owes();
  assert.is(done.state.pool?.number, 4);
  given(pool, ...active).when(register(), facts).refused('PoolAlreadyExists');
});

test('a pool whose name is taken gives back what it held and is the answer to its caller [S0-16, R-4]', () => {
  const refused = given(pool, asked).settled('reserve', { _tag: 'Refused', refusal: no }, facts).then('PoolRefused').owes('release');
  assert.equal(pool.answer(refused.state, operation(1)), no);
  given(pool, asked, ...refused.events).settled('release', { _tag: 'Told', replies: [] }, facts).then('DueSettled').owes();
});

test('a pool needs a name, a known backend and a sensible ratio [S0-16, R-3]', () => {
  given(pool).when(register({ name: 'a/b' }), facts).refused('NameIsNotAllowed');
  given(pool).when(register(), { ...facts, capabilities: null }).refused('BackendIsUnknown', { value: 'rbd' });
  assert.equal([MIN_OVER_SUBSCRIPTION, DEFAULT_OVER_SUBSCRIPTION, MAX_OVER_SUBSCRIPTION], [1, 20, 1000]);
  for (const ratio of [1, 1000]) given(pool).when(register({ overSubscriptionRatio: ratio }), facts).then('PoolRequested');
  for (const ratio of [0.99, 1000.01, Number.NaN, Number.POSITIVE_INFINITY]) given(pool).when(register({ overSubscriptionRatio: ratio }), facts).refused('RatioOutOfRange');
});

test('an erasure-coded pool needs a data pool beside the pool of its heads [S0-9, R-5, V-11]', () => {
  given(pool).when(register({ poolType: 'erasure' }), facts).refused('DataPoolIsMissing');
  given(pool).when(register({ poolType: 'erasure', placement: { ...placement, dataPool: 'ec' } }), facts).then('PoolRequested');
  given(pool).when(register({ poolType: 'erasure', placement: { ...placement, dataPool: 'ec' } }), { ...facts, capabilities: { ...able, erasurePools: false } }).refused('CapabilityIsMissing');
});

test('health, ratio and pauses of a pool are recorded when they change [S0-53, R-3]', () => {
  const ready = given(pool, ...active);
  ready.when({ type: 'ReportPoolHealth', poolId, health: 'online' }, facts).then();
  assert.is(ready.when({ type: 'ReportPoolHealth', poolId, health: 'error' }, facts).then('PoolHealthReported').state.pool?.health, 'error');
  ready.when({ type: 'UpdatePool', poolId, overSubscriptionRatio: 20 }, facts).then();
  assert.is(ready.when({ type: 'UpdatePool', poolId, overSubscriptionRatio: 3 }, facts).then('PoolUpdated').state.pool?.overSubscriptionRatio, 3);
  ready.when({ type: 'UpdatePool', poolId, overSubscriptionRatio: 0 }, facts).refused('RatioOutOfRange');
  const paused = ready.when({ type: 'PausePool', poolId, reason: 'disks' }, facts).then('PoolPaused');
  assert.is(paused.state.pool?.paused, 'disks');
  given(pool, ...active, ...paused.events).when({ type: 'PausePool', poolId, reason: 'again' }, facts).then();
  given(pool, ...active, ...paused.events).when({ type: 'ResumePool', poolId }, facts).then('PoolResumed');
  ready.when({ type: 'ResumePool', poolId }, facts).then();
});

test('only an empty pool is retired, and its name is free again [I-26]', () => {
  given(pool, ...active).when({ type: 'RetirePool', poolId }, { ...facts, provisionedBytes: 1 }).refused('PoolIsNotEmpty', { value: 1, limit: 0 });
  const gone = given(pool, ...active).when({ type: 'RetirePool', poolId }, facts, metaOf(2)).then('PoolRetired').owes('release');
  given(pool, ...active, ...gone.events).when({ type: 'RetirePool', poolId }, facts).refused('PoolNotFound');
});

test('a pool that is not registered takes no orders [S0-16]', () => {
  given(pool).when({ type: 'PausePool', poolId, reason: '' }, facts).refused('PoolNotFound');
  given(pool, asked).when({ type: 'RetirePool', poolId }, facts).refused('PoolNotFound');
});

test('telling a reservation cannot fail for good: the pool goes on owing it [I-26]', () => {
  given(pool, asked).settled('reserve', { _tag: 'Failed', error: { _tag: 'Permanent', code: 'x', message: '' } }, facts).then().owes('reserve');
});

test.run();
