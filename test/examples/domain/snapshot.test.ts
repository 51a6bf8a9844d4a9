import { isUsable, snapshot, snapshotStatus } from '@blockledger/domain';
import type { SnapshotCommand, SnapshotEvent, StoredRefusal } from '@blockledger/domain';
import * as assert from 'uvu/assert';
import { given } from '../../support/decider.ts';
import { bytes, metaOf, moment, NOON, operation, poolFacts, poolId, ref, snapshotId, uuid, volumeIdOf } from '../../support/samples.ts';
import { suite } from '../../support/suite.ts';

const test = suite('snapshots');
const facts = { pool: poolFacts() };
const told = { _tag: 'Told', replies: [{ number: 3 }] } as const;
const performed = (result = {}) => ({ _tag: 'Performed', result }) as const;
const no: StoredRefusal = { _tag: 'VolumeIsPassive', rule: 'notPassive', spec: 'S0-40', message: 'passive', remedy: 'promote' };
const op = (n: number) => ({ operationId: operation(n), at: NOON });
const begin = (changes: Partial<Extract<SnapshotCommand, { type: 'BeginSnapshot' }>> = {}): SnapshotCommand => ({
  type: 'BeginSnapshot',
  snapshotId,
  operationId: operation(1),
  volume: ref,
  poolId,
  name: 's1',
  description: '',
  groupSnapshotId: null,
  expiresAt: null,
  generation: 'v3',
  ...changes,
});
const begun = (changes: Partial<Extract<SnapshotEvent, { type: 'SnapshotRequested' }>> = {}): SnapshotEvent => ({
  type: 'SnapshotRequested',
  ...op(1),
  snapshotId,
  volume: ref,
  poolId,
  name: 's1',
  description: '',
  groupSnapshotId: null,
  expiresAt: null,
  generation: 'v3',
  tenant: 'default',
  ...changes,
});
const taking: readonly SnapshotEvent[] = [begun(), { type: 'SnapshotNumbered', ...op(1), number: 3 }];
const created: SnapshotEvent = { type: 'SnapshotCreated', ...op(1), sizeBytes: bytes(1024), allocatedBytes: bytes(64) };
const active = (changes: Parameters<typeof begun>[0] = {}): readonly SnapshotEvent[] => [begun(changes), taking[1]!, created, { type: 'SnapshotSlotInformed', ...op(1) }];
const remove = (force = false): SnapshotCommand => ({ type: 'DeleteSnapshot', snapshotId, force });
const asking: SnapshotEvent = { type: 'SnapshotDeletionRequested', ...op(5), force: false };
const permitted: SnapshotEvent = { type: 'SnapshotDeletionPermitted', ...op(5) };
const failed = (n: number, step: string): SnapshotEvent => ({ type: 'WorkFailed', ...op(n), work: `${operation(n)}/${step}`, error: { _tag: 'Permanent', code: 'Broken', message: 'it does not work' } });
const close: SnapshotCommand = { type: 'CloseSnapshot', snapshotId, operationId: operation(8) };
const closed: SnapshotEvent = { type: 'SnapshotClosed', ...op(8) };
const cloned: SnapshotEvent = { type: 'CloneReserved', cloneId: volumeIdOf(4), at: NOON };
const reserve = (n = 4): SnapshotCommand => ({ type: 'ReserveClone', snapshotId, cloneId: volumeIdOf(n) });

test('a snapshot gets its number, is taken, tells its volume, and is active [S0-60, S0-61, S0-62, S0-63, R-10]', () => {
  given(snapshot).when(begin(), facts).then('SnapshotRequested').owes('number');
  given(snapshot, begun()).settled('number', told, facts).then('SnapshotNumbered').owes('take');
  const taken = given(snapshot, ...taking).settled('take', performed({ sizeBytes: 1024, allocatedBytes: 64 }), facts).then('SnapshotCreated').owes('inform');
  assert.is(taken.state.snapshot?.number, 3);
  assert.is(taken.state.snapshot?.allocatedBytes, 64);
  const done = given(snapshot, ...taking, created).settled('inform', { _tag: 'Told', replies: [] }, facts).then('SnapshotSlotInformed').owes();
  assert.is(snapshotStatus(done.state), 'active');
});

test('a snapshot of a volume that does not say how much it holds has no allocated size [S0-63]', () => {
  assert.is(given(snapshot, ...taking).settled('take', performed({ sizeBytes: 1024 }), facts).state.snapshot?.allocatedBytes, null);
});

test('a backup snapshot is marked as internal on the backend [S0-49, S0-132]', () => {
  const [work] = given(snapshot, begun({ expiresAt: moment(NOON) }), taking[1]!).owed;
  assert.is(work?.kind === 'perform' && work.action.do === 'ensureSnapshot' ? work.action.internal : undefined, true);
});

test('a snapshot that is begun twice by the same operation is one snapshot; its id never returns [S0-61, I-16]', () => {
  given(snapshot, ...active()).when(begin(), facts).then();
  given(snapshot, ...active()).when(begin({ operationId: operation(2) }), facts).refused('SnapshotAlreadyExists');
  given(snapshot, ...active(), asking, permitted, { type: 'SnapshotDeleted', ...op(5) }).when(begin({ operationId: operation(2) }), facts).refused('SnapshotAlreadyExists');
});

test('a snapshot is deleted after its volume agreed, and then its slot is freed [S0-64, R-11]', () => {
  given(snapshot, ...active()).when(remove(), facts, metaOf(5)).then('SnapshotDeletionRequested').owes('ask');
  given(snapshot, ...active(), asking).settled('ask', { _tag: 'Told', replies: [] }, facts).then('SnapshotDeletionPermitted').owes('remove');
  given(snapshot, ...active(), asking, permitted).settled('remove', performed(), facts).then('SnapshotDeleted').owes('free');
  const gone = given(snapshot, ...active(), asking, permitted, { type: 'SnapshotDeleted', ...op(5) }).settled('free', { _tag: 'Told', replies: [] }, facts).then('SnapshotSlotReleased').owes();
  assert.is(snapshotStatus(gone.state), 'deleted');
});

test('a snapshot whose volume says no is open again, and the caller gets the refusal [R-11, S0-64]', () => {
  const refused = given(snapshot, ...active(), asking).settled('ask', { _tag: 'Refused', refusal: no }, facts).then('SnapshotDeletionRefused').owes();
  assert.equal(snapshot.answer(refused.state, operation(5)), no);
  assert.is(isUsable(refused.state), true);
});

test('a refused deletion goes on with what it interrupted: the volume still learns that the snapshot is there [R-11, S0-63]', () => {
  given(snapshot, ...taking, created, asking).settled('ask', { _tag: 'Refused', refusal: no }, facts).then('SnapshotDeletionRefused').owes('inform');
});

test('a failed creation whose deletion is refused is the same failed creation [R-11, R-4]', () => {
  const refused = given(snapshot, ...taking, failed(1, 'take'), asking).settled('ask', { _tag: 'Refused', refusal: no }, facts).then('SnapshotDeletionRefused').owes();
  assert.is(snapshotStatus(refused.state), 'error');
  assert.is(refused.state.operationId, operation(1));
});

test('a snapshot with linked clones, of a group snapshot, or protected is not deleted, with or without force [R-11, R-9, S0-132]', () => {
  for (const force of [false, true]) {
    given(snapshot, ...active(), cloned).when(remove(force), facts).refused('SnapshotHasClones', { value: [volumeIdOf(4)], limit: 0 });
    given(snapshot, ...active({ groupSnapshotId: uuid('e', 1) })).when(remove(force), facts).refused('SnapshotIsInGroupSnapshot');
    given(snapshot, ...active(), { type: 'SnapshotProtected', at: NOON }).when(remove(force), facts).refused('SnapshotIsProtected');
  }
});

test('a snapshot is protected once and free again after that [R-11, S0-131, V-7]', () => {
  const protect: SnapshotCommand = { type: 'ProtectSnapshot', snapshotId };
  const held = given(snapshot, ...active()).when(protect, facts).then('SnapshotProtected');
  given(snapshot, ...active(), ...held.events).when(protect, facts).then();
  given(snapshot, ...active(), ...held.events).when({ type: 'UnprotectSnapshot', snapshotId }, facts).then('SnapshotUnprotected');
  given(snapshot, ...active()).when({ type: 'UnprotectSnapshot', snapshotId }, facts).then();
});

test('a clone holds its snapshot from before it is made until it is gone [R-11, S0-32, S0-35]', () => {
  const held = given(snapshot, ...active()).when(reserve(), facts).then('CloneReserved');
  given(snapshot, ...active(), ...held.events).when(reserve(), facts).then();
  const release: SnapshotCommand = { type: 'ReleaseClone', snapshotId, cloneId: volumeIdOf(4) };
  given(snapshot, ...active(), cloned).when(release, facts).then('CloneReleased');
  given(snapshot, ...active()).when(release, facts).then();
  given(snapshot).when(release, facts).then();
});

test('a snapshot is cloned only when it is taken, open, and not on its way out [S0-26, S0-28, R-11]', () => {
  given(snapshot).when(reserve(), facts).refused('SnapshotNotFound');
  given(snapshot, ...taking).when(reserve(), facts).refused('SnapshotIsBusy', { operationId: operation(1) });
  given(snapshot, ...active(), asking).when(reserve(), facts).refused('SnapshotIsBusy');
  given(snapshot, ...active(), closed).when(reserve(), facts).refused('SnapshotIsClosed', { operationId: operation(8) });
});

test('a snapshot that is being taken or removed is busy [S0-61]', () => {
  given(snapshot, begun()).when(remove(), facts).refused('SnapshotIsBusy');
  given(snapshot, ...active(), asking).when(remove(), facts).refused('SnapshotIsBusy');
  given(snapshot, begun()).when({ type: 'ProtectSnapshot', snapshotId }, facts).refused('SnapshotIsBusy');
});

test('a snapshot closes with its volume, unless something hangs on it [S0-54, R-8, R-11]', () => {
  const shut = given(snapshot, ...active()).when(close, facts).then('SnapshotClosed');
  assert.is(isUsable(shut.state), false);
  given(snapshot, ...active(), closed).when(close, facts).then();
  given(snapshot, ...active(), cloned).when(close, facts).refused('SnapshotHasClones');
  given(snapshot, ...active(), { type: 'SnapshotProtected', at: NOON }).when(close, facts).refused('SnapshotIsProtected');
  given(snapshot, ...active({ groupSnapshotId: uuid('e', 1) })).when(close, facts).refused('SnapshotIsInGroupSnapshot', { spec: 'R-2' });
  given(snapshot, ...taking).when(close, facts).refused('SnapshotIsBusy');
  given(snapshot).when(close, facts).then();
});

test('a closed snapshot is not deleted alone, and is opened again with its volume [I-28]', () => {
  given(snapshot, ...active(), closed).when(remove(), facts).refused('SnapshotIsClosed');
  const open: SnapshotCommand = { type: 'ReopenSnapshot', snapshotId, operationId: operation(9) };
  given(snapshot, ...active(), closed).when(open, facts).then('SnapshotReopened');
  given(snapshot, ...active()).when(open, facts).then();
});

test('a snapshot that is gone with its volume owes nothing [S0-56, I-26, I-29]', () => {
  given(snapshot, ...active(), closed).when({ type: 'ConcludeSnapshot', snapshotId, operationId: operation(8) }, facts).then('SnapshotDeleted').owes();
  given(snapshot).when({ type: 'ConcludeSnapshot', snapshotId, operationId: operation(8) }, facts).then();
});

test('a snapshot that failed for good, in the making or on its way out, does not keep its volume from going [R-9, I-26]', () => {
  given(snapshot, ...taking, failed(1, 'take')).when(close, facts).then('SnapshotClosed');
  given(snapshot, ...active(), asking, permitted, failed(5, 'remove')).when(close, facts).then('SnapshotClosed');
  given(snapshot, ...active(), asking, permitted).when(close, facts).refused('SnapshotIsBusy');
});

test('a failed snapshot that is closed with its volume is not taken or removed alone, also when it is retried [I-26, I-28]', () => {
  const shut = [...taking, failed(1, 'take'), closed];
  const retried = given(snapshot, ...shut).when({ type: 'RetryOperation', snapshotId, operationId: operation(1) }, facts).then('WorkRetried').owes();
  given(snapshot, ...shut, ...retried.events, { type: 'SnapshotReopened', ...op(8) }).when({ type: 'UnprotectSnapshot', snapshotId }, facts).owes('take');
});

test('a failed snapshot can be retried, given up or deleted [R-4, R-9, I-6]', () => {
  const stuck = [...taking, failed(1, 'take')];
  assert.is(snapshotStatus(given(snapshot, ...stuck).state), 'error');
  given(snapshot, ...stuck).when({ type: 'RetryOperation', snapshotId, operationId: operation(1) }, facts).then('WorkRetried').owes('take');
  given(snapshot, ...stuck).when({ type: 'AbandonOperation', snapshotId, operationId: operation(1) }, facts).then('OperationAbandoned').owes('ask');
  given(snapshot, ...stuck).when(remove(), facts, metaOf(5)).then('SnapshotDeletionRequested').owes('ask');
  given(snapshot, ...active()).when({ type: 'RetryOperation', snapshotId, operationId: operation(1) }, facts).refused('NothingToRetry');
  given(snapshot, ...active()).when({ type: 'AbandonOperation', snapshotId, operationId: operation(1) }, facts).refused('NothingToAbandon');
});

test('a removal that fails must end: it is retried [I-26, I-30, V-8]', () => {
  const stuck = [...active(), asking, permitted, failed(5, 'remove')];
  given(snapshot, ...stuck).when({ type: 'AbandonOperation', snapshotId, operationId: operation(5) }, facts).refused('NothingToAbandon');
  given(snapshot, ...stuck).when({ type: 'RetryOperation', snapshotId, operationId: operation(5) }, facts).then('WorkRetried').owes('remove');
});

test('a delay is told once [I-15]', () => {
  const delayed = { _tag: 'Delayed', error: { _tag: 'Retryable', code: 'Timeout', message: '', outcomeUnknown: true } } as const;
  const first = given(snapshot, ...taking).settled('take', delayed, facts).then('WorkDelayed').owes('take');
  given(snapshot, ...taking, ...first.events).settled('take', delayed, facts).then();
  given(snapshot, ...taking).settled('take', { _tag: 'Failed', error: { _tag: 'Permanent', code: 'x', message: '' } }, facts).then('WorkFailed').owes();
  given(snapshot, begun()).settled('number', { _tag: 'Refused', refusal: no }, facts).then('WorkFailed').owes();
});

test.run();
