import { BACKUP_RETENTION_MS, GIB, MAX_SNAPSHOTS, volume, volumeStatus } from '@blockledger/domain';
import type { StoredRefusal, VolumeCommand, VolumeEvent } from '@blockledger/domain';
import * as assert from 'uvu/assert';
import { given } from '../../support/decider.ts';
import { active, attached, bytes, cloneFacts, exampleQos, facts, failed, grouped, mapped, metaOf, moment, NOON, operation, passive, poolFacts, rollingBack, slot, snapshotIdOf, snapshotted, unable, volumeId, withPool, accessPathId } from '../../support/samples.ts';
import { suite } from '../../support/suite.ts';

const test = suite('rolling volumes back');
const back = (to = 1, backup = 2): VolumeCommand => ({ type: 'RollBackVolume', volumeId, snapshotId: snapshotIdOf(to), backupSnapshotId: snapshotIdOf(backup) });
const base = [...active(), ...snapshotted(1)];
const rolling = [...base, ...rollingBack(true)];
const stuck = [...rolling, failed(20, 'roll back')];
const performed = (result = {}) => ({ _tag: 'Performed', result }) as const;
const no: StoredRefusal = { _tag: 'SnapshotHasClones', rule: 'noClones', spec: 'R-11', message: 'clones', remedy: 'delete' };
const op = { operationId: operation(20), at: NOON };

test('a rollback first takes a backup snapshot in a slot of its own, kept for seven days [S0-48, S0-49, R-22]', () => {
  assert.is(BACKUP_RETENTION_MS, 604_800_000);
  const asked = given(volume, ...base).when(back(), facts, metaOf(20)).then('VolumeRollbackRequested', 'SnapshotSlotReserved').owes(`begin snapshot ${snapshotIdOf(2)}`);
  assert.is(asked.state.volume?.slots[1]?.expiresAt, NOON + 604_800_000);
});

test('the rollback starts by the event that the backup is there, once [S0-49, S0-50]', () => {
  const waiting = [...base, ...rollingBack(false)];
  assert.equal(given(volume, ...waiting).owed, []);
  const fill = { type: 'FillSnapshotSlot', volumeId, snapshotId: snapshotIdOf(2), sizeBytes: bytes(GIB) } as const;
  const started = given(volume, ...waiting).when(fill, facts).then('SnapshotSlotFilled', 'VolumeRollbackStarted').owes('roll back');
  given(volume, ...waiting, ...started.events).when(fill, facts).then().owes('roll back');
});

test('after a rollback the volume has the size of the snapshot, and the pool learns of it [S0-50, V-5, I-18]', () => {
  const history = [...active(), ...snapshotted(1, 2 * GIB), ...rollingBack(true)];
  const done = given(volume, ...history).settled('roll back', performed({ sizeBytes: 2 * GIB }), facts).then('VolumeRolledBack').owes('note capacity');
  assert.is(done.state.volume?.sizeBytes, 2 * GIB);
  const silent = given(volume, ...history).settled('roll back', performed(), facts);
  assert.is(silent.state.volume?.sizeBytes, 2 * GIB, 'the log knows the size where the backend does not say it');
});

test('a mapped, attached, grouped or passive volume is not rolled back [S0-39, S0-40, S0-42, R-22, I-13]', () => {
  given(volume, ...base, mapped).when(back(), facts).refused('VolumeIsMapped');
  given(volume, ...base, attached).when(back(), facts).refused('VolumeIsAttached');
  given(volume, ...base, grouped).when(back(), facts).refused('VolumeIsInGroup', { spec: 'S0-42' });
  given(volume, ...base, passive).when(back(), facts).refused('VolumeIsPassive');
});

test('a rollback needs a healthy pool and a backend that can [S0-53]', () => {
  given(volume, ...base).when(back(), withPool({ health: 'error' })).refused('PoolIsUnhealthy');
  given(volume, ...base).when(back(), withPool({ capabilities: null })).refused('BackendIsUnknown');
  given(volume, ...base).when(back(), unable({ rollback: false })).refused('CapabilityIsMissing', { value: 'rollback' });
});

test('a volume is rolled back only to a finished snapshot of its own [S0-48]', () => {
  given(volume, ...base).when(back(7), facts).refused('SnapshotBelongsElsewhere', { value: snapshotIdOf(7) });
  given(volume, ...base, { type: 'SnapshotDeletionAgreed', snapshotId: snapshotIdOf(1), at: NOON }).when(back(), facts).refused('SnapshotIsNotReady');
});

test('a member of a group snapshot is not rolled back to alone [R-22, V-2]', () => {
  given(volume, ...base).when(back(), cloneFacts({ snapshotId: snapshotIdOf(1), groupSnapshotId: snapshotIdOf(8) })).refused('SnapshotIsInGroupSnapshot');
});

test('a rollback waits for nothing: while anything else runs it is refused [S0-52]', () => {
  given(volume, ...base, { type: 'VolumeUpdateRequested', ...op, changes: { sizeBytes: bytes(2 * GIB) } }).when(back(), facts).refused('VolumeIsBusy', { value: 'resize' });
  given(volume, ...base, { type: 'VolumeUpdateRequested', ...op, changes: { qos: exampleQos } }).when(back(), facts).refused('VolumeIsBusy', { value: 'update' });
});

test('a rollback does not start beside a snapshot that is still being taken [S0-52, I-14]', () => {
  given(volume, ...base, slot(3)).when(back(), facts).refused('VolumeIsBusy', { value: 'snapshot', operationId: operation(103) });
});

test('the backup of a rollback is a new snapshot, never one that exists [S0-49]', () => {
  given(volume, ...base).when(back(1, 1), facts).refused('SnapshotAlreadyExists');
  given(volume, ...base, ...snapshotted(3)).when(back(1, 3), facts).refused('SnapshotAlreadyExists');
});

const full = (n: number, expiring: readonly number[] = []): readonly VolumeEvent[] => [
  ...active(),
  ...Array.from({ length: n }, (_, at) => snapshotted(at + 1, GIB, expiring.includes(at + 1) ? { expiresAt: moment(NOON - 1), operationId: operation(3) } : {})).flat(),
];

test('with 256 snapshots a rollback is refused, unless an expired backup can go first [S0-61, R-22, R-26, I-11]', () => {
  assert.is(MAX_SNAPSHOTS, 256);
  given(volume, ...full(255)).when(back(1, 999), facts).then('VolumeRollbackRequested', 'SnapshotSlotReserved');
  given(volume, ...full(256)).when(back(1, 999), facts).refused('SnapshotLimitReached', { value: 256, limit: 256 });
  const purging = given(volume, ...full(256, [7])).when(back(1, 999), facts, metaOf(20)).then('VolumeRollbackRequested').owes('purge');
  given(volume, ...full(256, [1])).when(back(1, 999), facts).refused('SnapshotLimitReached');
  const history = [...full(256, [7]), ...purging.events];
  const agreed = given(volume, ...history).settled('purge', { _tag: 'Told', replies: [] }, facts).then('SnapshotDeletionAgreed');
  const freed = given(volume, ...history, ...agreed.events).when({ type: 'FreeSnapshotSlot', volumeId, snapshotId: snapshotIdOf(7) }, facts);
  freed.then('SnapshotSlotFreed', 'SnapshotSlotReserved').owes(`begin snapshot ${snapshotIdOf(999)}`);
  assert.is(freed.state.volume?.slots.length, 256);
  given(volume, ...history).settled('purge', { _tag: 'Refused', refusal: no }, facts).then('VolumeRollbackRefused').owes();
});

test('a backup that has expired but may still be needed for the rollback itself does not go first [R-22]', () => {
  given(volume, ...full(256, [1])).when(back(1, 999), facts).refused('SnapshotLimitReached');
});

test('while a rollback runs the volume is fenced: no mapping, attaching, group, resize, snapshot, deletion, passive mode [R-22, I-13, I-14, S0-52]', () => {
  const commands: readonly VolumeCommand[] = [
    { type: 'ReserveMapping', volumeId, mappingId: snapshotIdOf(50), shared: false, accessPathId, onePath: false, connectionId: null },
    { type: 'ReserveAttachment', volumeId, attachmentId: snapshotIdOf(50), purpose: 'host', shared: false, mode: 'rw', instanceId: null, hostName: null, connect: null },
    { type: 'JoinVolumeGroup', volumeId, groupId: snapshotIdOf(50) },
    { type: 'UpdateVolume', volumeId, changes: { sizeBytes: bytes(2 * GIB) } },
    { type: 'UpdateVolume', volumeId, changes: { name: 'new' } },
    { type: 'CreateSnapshot', volumeId, snapshotId: snapshotIdOf(50), name: 'x', description: '', groupSnapshotId: null },
    { type: 'DeleteVolume', volumeId, cascade: true, force: true, retainMs: null },
    { type: 'DemoteVolume', volumeId },
    { type: 'DisownVolume', volumeId },
    back(1, 30),
  ];
  for (const history of [[...base, ...rollingBack(false)], rolling])
    for (const command of commands) {
      const { refusal } = given(volume, ...history).when(command, facts);
      assert.ok(refusal?._tag === 'VolumeIsBusy' || refusal?._tag === 'VolumeHasSnapshots', `${command.type}: ${refusal?._tag}`);
    }
});

test('neither the target of a rollback nor its backup is deleted meanwhile [R-11]', () => {
  for (const n of [1, 2]) given(volume, ...rolling).when({ type: 'AgreeSnapshotDeletion', volumeId, snapshotId: snapshotIdOf(n), force: true }, facts).refused('SnapshotIsInUse');
});

test('a backup that cannot be taken may be given up, and the rollback ends as refused [S0-49, R-4]', () => {
  const waiting = [...base, ...rollingBack(false)];
  const agreed = given(volume, ...waiting).when({ type: 'AgreeSnapshotDeletion', volumeId, snapshotId: snapshotIdOf(2), force: true }, facts).then('SnapshotDeletionAgreed');
  const freed = given(volume, ...waiting, ...agreed.events).when({ type: 'FreeSnapshotSlot', volumeId, snapshotId: snapshotIdOf(2) }, facts).then('SnapshotSlotFreed', 'VolumeRollbackRefused');
  const answer = volume.answer(freed.state, operation(20));
  assert.is(typeof answer === 'object' ? answer._tag : answer, 'BackupSnapshotFailed');
  freed.owes();
});

test('late news of a backup that was given up does not start the rollback [S0-49, I-7]', () => {
  const leaving = [...base, ...rollingBack(false), { type: 'SnapshotDeletionAgreed', snapshotId: snapshotIdOf(2), at: NOON } as const];
  given(volume, ...leaving).when({ type: 'FillSnapshotSlot', volumeId, snapshotId: snapshotIdOf(2), sizeBytes: bytes(GIB) }, facts).then().owes();
});

test('a rollback that has not started can be cancelled, also while room is made for its backup [S0-139]', () => {
  const cancel = { type: 'CancelOperation', volumeId, operationId: operation(20) } as const;
  given(volume, ...base, ...rollingBack(false)).when(cancel, facts).then('OperationAbandoned');
  given(volume, ...base, { type: 'VolumeRollbackRequested', ...op, snapshotId: snapshotIdOf(1), backupSnapshotId: snapshotIdOf(2), purge: snapshotIdOf(3) }).when(cancel, facts).then('OperationAbandoned');
  given(volume, ...rolling).when(cancel, facts).refused('CannotBeCancelled');
});

test('a started rollback cannot be given up: it ends, goes back to its backup, or the volume is deleted [R-22]', () => {
  given(volume, ...stuck).when({ type: 'AbandonOperation', volumeId, operationId: operation(20) }, facts).refused('RollbackMustEnd', { operationId: operation(20) });
  given(volume, ...stuck).when({ type: 'RetryOperation', volumeId, operationId: operation(20) }, facts).then('WorkRetried').owes('roll back');
  given(volume, ...stuck).when({ type: 'DeleteVolume', volumeId, cascade: true, force: true, retainMs: null }, facts).then('VolumeDeletionRequested');
});

test('a stuck rollback is replaced by one to its backup, and leaves no trouble behind [R-22]', () => {
  given(volume, ...rolling).when(back(2, 30), facts).refused('VolumeIsBusy');
  const rescue = given(volume, ...stuck).when(back(2, 30), facts, metaOf(21)).then('VolumeRollbackRequested', 'VolumeRollbackStarted').owes('roll back');
  const done = given(volume, ...stuck, ...rescue.events).settled('roll back', performed({ sizeBytes: GIB }), facts).then('VolumeRolledBack');
  assert.is(volumeStatus(done.state), 'active');
  given(volume, ...stuck).when(back(1, 30), facts).refused('VolumeIsBusy');
});

test('a forced deletion that is refused puts the stuck rollback and its fence back [R-9, R-22]', () => {
  const deleting = given(volume, ...stuck).when({ type: 'DeleteVolume', volumeId, cascade: true, force: true, retainMs: null }, facts, metaOf(22)).owes('close snapshots');
  const history = [...stuck, ...deleting.events];
  const refused = given(volume, ...history).settled('close snapshots', { _tag: 'Refused', refusal: no }, facts).then('VolumeDeletionRefused').owes('reopen');
  assert.is(refused.state.operation?.kind, 'rollBack');
  assert.is(volumeStatus(refused.state), 'error');
  given(volume, ...history, ...refused.events).when({ type: 'ReserveMapping', volumeId, mappingId: snapshotIdOf(50), shared: false, accessPathId, onePath: false, connectionId: null }, facts).refused('VolumeIsBusy');
  given(volume, ...history, failed(22, 'close snapshots')).when({ type: 'AbandonOperation', volumeId, operationId: operation(22) }, facts).then('OperationAbandoned');
  const given2 = given(volume, ...history, failed(22, 'close snapshots'), { type: 'OperationAbandoned', operationId: operation(22), at: NOON });
  assert.is(given2.state.operation?.kind, 'rollBack');
});

test('a volume with a torn rollback does not go to the trash, whence it would come back without its fence [R-22, I-28]', () => {
  given(volume, ...stuck).when({ type: 'DeleteVolume', volumeId, cascade: true, force: true, retainMs: 1000 }, facts).refused('VolumeIsBusy');
});

test('a backup snapshot goes when its time is over; one that cannot go yet is asked again an hour later [R-22, I-26]', () => {
  const done = [...rolling, { type: 'VolumeRolledBack', ...op, sizeBytes: bytes(GIB) } as const, { type: 'DueSettled', ...op, due: 'note capacity' } as const];
  const step = `expire ${snapshotIdOf(2)} ${NOON + 1000}`;
  const work = given(volume, ...done).owed.find((owed) => owed.step === step);
  assert.is(work?.notBefore, NOON + 1000);
  const kept = given(volume, ...done).settled(step, { _tag: 'Refused', refusal: no }, facts).then('BackupSnapshotRetained');
  assert.is(kept.state.volume?.slots[1]?.expiresAt, NOON + 3_600_000);
});

test('the limit of snapshots is the backend’s where it holds fewer [I-10, I-12]', () => {
  const tight = { ...facts, pool: poolFacts({ capabilities: { ...unable({}).pool!.capabilities!, maxSnapshots: 2 } }) };
  given(volume, ...base, ...snapshotted(3)).when(back(1, 4), tight).refused('SnapshotLimitReached', { limit: 2 });
});

test.run();
