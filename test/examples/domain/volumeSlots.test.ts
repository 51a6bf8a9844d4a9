import { BACKUP_RETENTION_MS, GIB, MAX_SNAPSHOTS, volume } from '@blockledger/domain';
import type { StoredRefusal, VolumeCommand, VolumeEvent } from '@blockledger/domain';
import * as assert from 'uvu/assert';
import { given } from '../../support/decider.ts';
import { active, attached, bytes, facts, failed, grouped, mapped, metaOf, NOON, operation, passive, poolFacts, rollingBack, slot, snapshotIdOf, snapshotted, unable, uuid, volumeId, withPool, accessPathId } from '../../support/samples.ts';
import { suite } from '../../support/suite.ts';

const test = suite('snapshot slots and users of volumes');
const ready = given(volume, ...active());
const take = (n = 1, name = `s${n}`): VolumeCommand => ({ type: 'CreateSnapshot', volumeId, snapshotId: snapshotIdOf(n), name, description: '', groupSnapshotId: null });
const no: StoredRefusal = { _tag: 'SnapshotAlreadyExists', rule: 'snapshotIsNew', spec: 'S0-61', message: 'is there', remedy: 'another' };
const op = (n: number) => ({ operationId: operation(n), at: NOON });

test('a snapshot first gets a slot of its volume, then learns of it [S0-60, S0-61, S0-62, R-10]', () => {
  const taken = ready.when(take(), facts, metaOf(101)).then('SnapshotSlotReserved').owes(`begin snapshot ${snapshotIdOf(1)}`);
  const [work] = taken.owed;
  const [tell] = work?.kind === 'tell' ? work.commands : [];
  assert.is(tell?.command.type === 'BeginSnapshot' ? tell.command.snapshotId : '', snapshotIdOf(1));
  assert.is(volume.answer(taken.state, operation(101)), 'pending');
  given(volume, ...active(), ...taken.events).settled(`begin snapshot ${snapshotIdOf(1)}`, { _tag: 'Told', replies: [] }, facts).then('SnapshotSlotTold').owes();
});

const holding = (n: number): readonly VolumeEvent[] => [...active(), ...Array.from({ length: n }, (_, at) => slot(at + 1))];

test('a volume takes its 256th snapshot [S0-61, I-11]', () => {
  assert.is(MAX_SNAPSHOTS, 256);
  given(volume, ...holding(255)).when(take(256), facts).then('SnapshotSlotReserved');
});

test('a volume refuses its 257th snapshot [S0-61, R-26, I-11]', () => {
  given(volume, ...holding(256)).when(take(257), facts).refused('SnapshotLimitReached', { value: 256, limit: 256, spec: 'S0-61' });
});

test('a snapshot found on the backend is written down again, an internal one as internal, whatever the volume’s mode and its pool’s health [I-27, S0-132]', () => {
  const recover = (internal: boolean, n = 1): VolumeCommand => ({ type: 'RecoverSnapshot', volumeId, snapshotId: snapshotIdOf(n), name: `s${n}`, internal });
  const expiryOf = (internal: boolean): unknown => {
    const [event] = ready.when(recover(internal), facts, metaOf(101)).then('SnapshotSlotReserved').owes(`begin snapshot ${snapshotIdOf(1)}`).events;
    return event?.type === 'SnapshotSlotReserved' ? event.expiresAt : undefined;
  };
  assert.is(expiryOf(false), null);
  assert.is(expiryOf(true), NOON + BACKUP_RETENTION_MS);
  given(volume, ...active(), passive).when(recover(true), withPool({ health: 'error' })).then('SnapshotSlotReserved');
  given(volume, ...active(), ...snapshotted(1)).when(recover(true), facts).refused('SnapshotAlreadyExists');
  given(volume, ...holding(256)).when(recover(true, 257), facts).refused('SnapshotLimitReached');
});

test('internal snapshots count, and so do those on their way out [R-26, I-11]', () => {
  const internal = [...holding(254), ...snapshotted(255, GIB, { expiresAt: NOON }), ...snapshotted(256), { type: 'SnapshotDeletionAgreed', snapshotId: snapshotIdOf(256), at: NOON } as const];
  given(volume, ...internal).when(take(257), facts).refused('SnapshotLimitReached');
  given(volume, ...internal, { type: 'SnapshotSlotFreed', snapshotId: snapshotIdOf(256), at: NOON }).when(take(257), facts).then('SnapshotSlotReserved');
});

test('a backend that holds fewer snapshots than 256 sets the limit [I-10]', () => {
  given(volume, ...active(), slot(1)).when(take(2), unable({ maxSnapshots: 1 })).refused('SnapshotLimitReached', { value: 1, limit: 1 });
  given(volume, ...holding(256)).when(take(257), unable({ maxSnapshots: 510 })).refused('SnapshotLimitReached', { limit: 256 });
});

test('a snapshot needs a volume that is ready and not passive, and a pool that is not in error [S0-61]', () => {
  given(volume, ...active().slice(0, 2)).when(take(), facts).refused('VolumeIsNotReady', { value: 'creating', spec: 'S0-61' });
  given(volume, ...active(), passive).when(take(), facts).refused('VolumeIsPassive');
  ready.when(take(), withPool({ health: 'error' })).refused('PoolIsUnhealthy');
  ready.when(take(), withPool({ capabilities: null })).refused('BackendIsUnknown');
});

test('two snapshots of one volume have two names and two ids [S0-61]', () => {
  given(volume, ...active(), slot(1)).when(take(2, 's1'), facts).refused('SnapshotNameIsTaken', { value: 's1' });
  given(volume, ...active(), slot(1)).when(take(1, 'other'), facts).refused('SnapshotAlreadyExists');
  ready.when(take(1, 'a@b'), facts).refused('NameIsNotAllowed');
  ready.when({ ...take(), description: 'x'.repeat(1025) } as VolumeCommand, facts).refused('TextIsTooLong');
});

test('snapshots are taken beside a resize or a flatten, not beside a deletion [S0-52]', () => {
  given(volume, ...active(), { type: 'VolumeUpdateRequested', ...op(5), changes: { sizeBytes: bytes(2 * GIB) } }).when(take(), facts).then('SnapshotSlotReserved');
  given(volume, ...active(), { type: 'VolumeFlattenRequested', ...op(5) }).when(take(), facts).then('SnapshotSlotReserved');
  given(volume, ...active(), { type: 'VolumeDeletionRequested', ...op(5), force: false, retainMs: null }).when(take(), facts).refused('VolumeIsBusy', { value: 'delete' });
});

test('a slot that its snapshot refuses is free again, and the caller gets the refusal [S0-61, R-4]', () => {
  const refused = given(volume, ...active(), slot(1)).settled(`begin snapshot ${snapshotIdOf(1)}`, { _tag: 'Refused', refusal: no }, facts).then('SnapshotSlotRefused').owes();
  assert.equal(refused.state.volume?.slots, []);
  assert.equal(volume.answer(refused.state, operation(101)), no);
  const waiting = [...active(), ...snapshotted(1), ...rollingBack(false).slice(0, 2)];
  given(volume, ...waiting).settled(`begin snapshot ${snapshotIdOf(2)}`, { _tag: 'Refused', refusal: no }, facts).then('SnapshotSlotRefused', 'VolumeRollbackRefused').owes();
});

test('a slot whose telling failed is told again on request, and shows no error afterwards [I-2]', () => {
  const step = `begin snapshot ${snapshotIdOf(1)}`;
  const stuck = [...active(), slot(1), failed(101, step)];
  const retried = given(volume, ...stuck).when({ type: 'RetryOperation', volumeId, operationId: operation(101) }, facts).then('WorkRetried').owes(step);
  assert.equal(given(volume, ...stuck, ...retried.events).settled(step, { _tag: 'Told', replies: [] }, facts).state.troubles, {});
});

test('a snapshot reports its size once [S0-63]', () => {
  const fill = { type: 'FillSnapshotSlot', volumeId, snapshotId: snapshotIdOf(1), sizeBytes: bytes(GIB) } as const;
  given(volume, ...active(), slot(1)).when(fill, facts).then('SnapshotSlotFilled');
  given(volume, ...active(), ...snapshotted(1)).when(fill, facts).then();
  ready.when(fill, facts).then();
});

test('a volume agrees to the deletion of a snapshot once, and frees the slot when it is gone [S0-64, R-11]', () => {
  const agree = { type: 'AgreeSnapshotDeletion', volumeId, snapshotId: snapshotIdOf(1), force: false } as const;
  const agreed = given(volume, ...active(), ...snapshotted(1)).when(agree, facts).then('SnapshotDeletionAgreed');
  given(volume, ...active(), ...snapshotted(1), ...agreed.events).when(agree, facts).then();
  const free = { type: 'FreeSnapshotSlot', volumeId, snapshotId: snapshotIdOf(1) } as const;
  given(volume, ...active(), ...snapshotted(1), ...agreed.events).when(free, facts).then('SnapshotSlotFreed');
  ready.when(free, facts).then();
});

test('a passive volume, one in a bad pool, and one that is being deleted keep their snapshots [R-11, S0-53]', () => {
  const agree = { type: 'AgreeSnapshotDeletion', volumeId, snapshotId: snapshotIdOf(1), force: true } as const;
  const held = [...active(), ...snapshotted(1)];
  given(volume, ...held, passive).when(agree, facts).refused('VolumeIsPassive');
  given(volume, ...held).when(agree, withPool({ health: 'error' })).refused('PoolIsUnhealthy');
  given(volume, ...held, { type: 'VolumeDeletionRequested', ...op(5), force: false, retainMs: null }).when(agree, facts).refused('VolumeIsBusy');
});

const map = (n: number, shared = false): VolumeCommand => ({ type: 'ReserveMapping', volumeId, mappingId: uuid('f', n), shared, accessPathId, onePath: false, connectionId: null });
const attach = (n: number, shared = false): VolumeCommand => ({ type: 'ReserveAttachment', volumeId, attachmentId: uuid('f', n), purpose: 'host', shared, mode: 'rw', instanceId: null, hostName: null, connect: null });

test('a volume is mapped once, and twice only if both said that they share it [S0-39, S0-54]', () => {
  const first = ready.when(map(1), facts).then('VolumeMapped');
  given(volume, ...active(), ...first.events).when(map(1), facts).then();
  given(volume, ...active(), ...first.events).when(map(2, true), facts).refused('MappingNeedsShared');
  const shared = ready.when(map(1, true), facts);
  given(volume, ...active(), ...shared.events).when(map(2, true), facts).then('VolumeMapped');
  given(volume, ...active(), ...shared.events).when(map(2), facts).refused('MappingNeedsShared');
});

test('a volume whose array maps it once is on one access path, and shared by groups of that one [S1-22]', () => {
  const onArray = { ...map(2, true), onePath: true } as Extract<VolumeCommand, { type: 'ReserveMapping' }>;
  const shared = ready.when(map(1, true), facts);
  const other = uuid('9', 2) as typeof accessPathId;
  given(volume, ...active(), ...shared.events).when(onArray, facts).then('VolumeMapped');
  given(volume, ...active(), ...shared.events).when({ ...onArray, accessPathId: other }, facts).refused('VolumeHasAnotherPath');
});

test('a volume is attached once, and twice only if both said that they share it [S0-54]', () => {
  const first = ready.when(attach(1), facts).then('AttachmentReserved');
  given(volume, ...active(), ...first.events).when(attach(1), facts).then();
  given(volume, ...active(), ...first.events).when(attach(2, true), facts).refused('MappingNeedsShared');
});

test('releasing what is held frees it, releasing what is not held succeeds [S0-39, I-22]', () => {
  given(volume, ...active(), mapped).when({ type: 'ReleaseMapping', volumeId, mappingId: uuid('e', 1) }, facts).then('VolumeUnmapped');
  given(volume, ...active(), attached).when({ type: 'ReleaseAttachment', volumeId, attachmentId: uuid('e', 2), force: false }, facts).then('AttachmentReleased');
  ready.when({ type: 'ReleaseMapping', volumeId, mappingId: uuid('e', 1) }, facts).then();
  ready.when({ type: 'ReleaseAttachment', volumeId, attachmentId: uuid('e', 2), force: false }, facts).then();
});

test('a passive volume is not given to hosts [S0-40, R-9]', () => {
  given(volume, ...active(), passive).when(map(1), facts).refused('VolumeIsPassive');
  given(volume, ...active(), passive).when(attach(1), facts).refused('VolumeIsPassive');
});

test('a volume is in one group at most [S0-42, V-4]', () => {
  const join = (n: number): VolumeCommand => ({ type: 'JoinVolumeGroup', volumeId, groupId: uuid('e', n) });
  ready.when(join(3), facts).then('VolumeJoinedGroup');
  given(volume, ...active(), grouped).when(join(3), facts).then();
  given(volume, ...active(), grouped).when(join(4), facts).refused('GroupIsAnother', { value: uuid('e', 3) });
  given(volume, ...active(), grouped).when({ type: 'LeaveVolumeGroup', volumeId, groupId: uuid('e', 3) }, facts).then('VolumeLeftGroup');
  given(volume, ...active(), grouped).when({ type: 'LeaveVolumeGroup', volumeId, groupId: uuid('e', 4) }, facts).then();
});

test('a volume is demoted to passive mode when nothing runs, and promoted again at any time [S0-40, S0-130]', () => {
  const demoted = ready.when({ type: 'DemoteVolume', volumeId }, facts).then('VolumeDemoted');
  assert.is(demoted.state.volume?.passive, true);
  given(volume, ...active(), passive).when({ type: 'DemoteVolume', volumeId }, facts).then();
  given(volume, ...active(), passive).when({ type: 'PromoteVolume', volumeId }, facts).then('VolumePromoted');
  ready.when({ type: 'PromoteVolume', volumeId }, facts).then();
  given(volume, ...active(), { type: 'VolumeFlattenRequested', ...op(5) }).when({ type: 'DemoteVolume', volumeId }, facts).refused('VolumeIsBusy');
});

test('a volume that somebody uses is not demoted under his feet [S0-40, I-13]', () => {
  const mapped = ready.when(map(1), facts).then('VolumeMapped').events;
  given(volume, ...active(), ...mapped).when({ type: 'DemoteVolume', volumeId }, facts).refused('VolumeIsMapped');
  const attach: VolumeCommand = { type: 'ReserveAttachment', volumeId, attachmentId: uuid('e', 2), purpose: 'host', shared: false, mode: 'rw', instanceId: null, hostName: null, connect: null };
  const attached = ready.when(attach, facts).then('AttachmentReserved').events;
  given(volume, ...active(), ...attached).when({ type: 'DemoteVolume', volumeId }, facts).refused('VolumeIsAttached');
});

test('the facts of the pool decide, not what the volume remembers of it [I-12]', () => {
  ready.when(take(), { ...facts, pool: poolFacts({ health: 'error' }) }).refused('PoolIsUnhealthy');
});

test.run();
