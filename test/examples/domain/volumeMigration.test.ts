import { snapshot, volume, volumeStatus, type Capabilities, type SnapshotCommand, type StoredRefusal, type VolumeCommand, type VolumeEvent, type VolumeFacts } from '@blockledger/domain';
import * as assert from 'uvu/assert';
import { given } from '../../support/decider.ts';
import { able, active, activeClone, attached, facts, failed, grouped, mapped, metaOf, NOON, operation, passive, placement, poolFacts, poolId, poolIdOf, ref, slot, snapshotId, snapshotIdOf, snapshotted, volumeId } from '../../support/samples.ts';
import { suite } from '../../support/suite.ts';

const test = suite('moving volumes');
const other = poolIdOf(2);
const elsewhere = { ...placement, pool: 'archive' };
const destination = poolFacts({ poolId: other, placement: elsewhere });
const known: VolumeFacts = { ...facts, destination };
const relabelled: VolumeFacts = { ...facts, destination: poolFacts({ poolId: other }) };
const can = (changes: Partial<Capabilities>): VolumeFacts => ({ ...known, pool: poolFacts({ capabilities: { ...able, ...changes } }) });
const migrate: VolumeCommand = { type: 'MigrateVolume', volumeId, poolId: other };
const told = { _tag: 'Told', replies: [] } as const;
const performed = { _tag: 'Performed', result: {} } as const;
const no: StoredRefusal = { _tag: 'PoolIsOverSubscribed', rule: 'roomForCapacity', spec: 'R-3', message: 'full', remedy: 'wait' };
const op = (n: number) => ({ operationId: operation(n), at: NOON });
const asked: VolumeEvent = { type: 'VolumeMigrationRequested', ...op(5), to: { poolId: other, placement: elsewhere, poolType: 'replicated' }, relabels: false };
const reserved: VolumeEvent = { type: 'VolumeMigrationReserved', ...op(5) };
const copied: VolumeEvent = { type: 'VolumeMigrationCopied', ...op(5) };
const moving = [...active(), ...snapshotted(1), asked, reserved];
const about = (type: 'CancelOperation' | 'AbandonOperation' | 'RetryOperation'): VolumeCommand => ({ type, volumeId, operationId: operation(5) });

const commandsOf = (works: ReturnType<typeof volume.owed>, step: string): readonly string[] =>
  works.flatMap((work) => (work.kind === 'tell' && work.step === step ? work.commands.map(({ command }) => ['key' in command ? `${command.type} ${command.key.kind}` : command.type, 'key' in command && 'poolId' in command.key ? (command.key.poolId === other ? 'there' : 'here') : ''].join(' ').trim()) : []));

test('a volume moves in steps that are each confirmed: reserved there, copied, committed, given back here [R-23]', () => {
  const begun = given(volume, ...active(), ...snapshotted(1)).when(migrate, known, metaOf(5)).then('VolumeMigrationRequested').owes('reserve move');
  assert.equal(commandsOf(begun.owed, 'reserve move'), ['CloseSnapshot', 'Reserve name there', 'Reserve capacity there', 'Reserve space there']);
  given(volume, ...active(), ...snapshotted(1), ...begun.events).settled('reserve move', told, known).then('VolumeMigrationReserved').owes('copy');
  given(volume, ...moving).settled('copy', performed, known).then('VolumeMigrationCopied').owes('commit');
  const done = given(volume, ...moving, copied).settled('commit', performed, known).then('VolumeMigrated').owes('move');
  assert.equal(commandsOf(done.owed, 'move'), ['MoveSnapshot', 'Release name here', 'Release capacity here', 'Release space here', 'Release space there']);
  assert.equal([done.state.volume?.poolId, done.state.volume?.placement, volumeStatus(done.state)], [other, elsewhere, 'active']);
  assert.is(volumeStatus(given(volume, ...moving).state), 'migrating');
});

test('nobody has a volume that moves, unless the backend can move it under them [R-23, R-28]', () => {
  given(volume, ...active(), mapped).when(migrate, known).refused('VolumeIsMapped');
  given(volume, ...active(), attached).when(migrate, known).refused('VolumeIsAttached');
  given(volume, ...active(), mapped, attached).when(migrate, can({ liveMigration: true })).then('VolumeMigrationRequested');
  const shown = given(volume, ...active(), mapped, asked, reserved, copied).settled('commit', performed, known);
  assert.ok(shown.owed.some(({ step }) => step.startsWith('show ')), 'its paths are shown where it is');
});

test('a volume moves within its backend, which says that it can [R-23, R-18]', () => {
  const ready = given(volume, ...active());
  ready.when(migrate, { ...known, destination: poolFacts({ poolId: other, placement: { ...elsewhere, backend: 'array' } }) }).refused('PoolIsOnAnotherBackend', { value: 'array' });
  ready.when(migrate, { ...known, destination: poolFacts({ poolId: other, placement: { ...placement, dataPool: 'coded' } }) }).refused('CapabilityIsMissing', { value: 'migrate' });
  ready.when(migrate, can({ migrate: false })).refused('CapabilityIsMissing', { value: 'migrate' });
  ready.when(migrate, { ...known, destination: null }).refused('PoolNotFound');
  ready.when(migrate, { ...known, destination: { ...destination, registered: false } }).refused('PoolNotFound');
  ready.when(migrate, { ...known, destination: { ...destination, health: 'error' } }).refused('PoolIsUnhealthy');
  given(volume, ...active({ generation: 'v2' })).when(migrate, { ...known, destination: { ...destination, poolType: 'erasure' } }).refused('V2OnErasurePool');
});

test('what is busy, passive or in a group stays where it is [R-23, S0-52]', () => {
  given(volume, ...active(), passive).when(migrate, known).refused('VolumeIsPassive');
  given(volume, ...active(), grouped).when(migrate, known).refused('VolumeIsInGroup');
  given(volume, ...active(), slot(1)).when(migrate, known).refused('VolumeIsBusy', { value: 'snapshot' });
  given(volume, ...activeClone(), { type: 'VolumeFlattenRequested', ...op(6) }).when(migrate, known).refused('VolumeIsBusy', { value: 'flatten' });
  given(volume, ...active(), { type: 'VolumeUpdateRequested', ...op(6), changes: { description: 'x' } }).when(migrate, known).refused('VolumeIsBusy', { value: 'update' });
});

test('to where it is there is nothing to do; to another name of its place there is only the name [R-23]', () => {
  given(volume, ...active()).when({ ...migrate, poolId }, { ...known, destination: poolFacts() }).then().owes();
  const begun = given(volume, ...active(), ...snapshotted(1)).when(migrate, { ...relabelled, pool: poolFacts({ capabilities: { ...able, migrate: false } }) }, metaOf(5)).then('VolumeMigrationRequested').owes('reserve move');
  assert.equal(commandsOf(begun.owed, 'reserve move'), ['CloseSnapshot', 'Reserve name there', 'Reserve capacity there']);
  const done = given(volume, ...active(), ...snapshotted(1), ...begun.events).settled('reserve move', told, relabelled).then('VolumeMigrationReserved', 'VolumeMigrated').owes('move');
  assert.equal([done.state.volume?.poolId, done.state.volume?.placement], [other, placement]);
});

test('where the other pool or a snapshot says no, everything is given back [R-23, R-3]', () => {
  const refused = given(volume, ...active(), ...snapshotted(1), asked).settled('reserve move', { _tag: 'Refused', refusal: no }, known).then('VolumeMigrationRefused').owes('undo move');
  assert.equal(commandsOf(refused.owed, 'undo move'), ['ReopenSnapshot', 'Release name there', 'Release capacity there', 'Release space there']);
  assert.is(volumeStatus(refused.state), 'active');
});

test('nothing is done to a volume that moves, nor to its snapshots [R-23, R-27]', () => {
  const busy = given(volume, ...moving);
  const commands: readonly VolumeCommand[] = [
    { type: 'UpdateVolume', volumeId, changes: { description: 'x' } },
    { type: 'ReserveMapping', volumeId, mappingId: snapshotIdOf(7), shared: false, accessPathId: null, onePath: false, connectionId: null },
    { type: 'CreateSnapshot', volumeId, snapshotId: snapshotIdOf(3), name: 's3', description: '', groupSnapshotId: null },
    { type: 'AgreeSnapshotDeletion', volumeId, snapshotId: snapshotIdOf(1), force: false },
    { type: 'DemoteVolume', volumeId },
    migrate,
  ];
  for (const command of commands) busy.when(command, known).refused('VolumeIsBusy', { operationId: operation(5) });
  for (const force of [false, true]) {
    given(volume, ...moving, failed(5, 'copy')).when({ type: 'DeleteVolume', volumeId, cascade: true, force, retainMs: null }, known).refused('VolumeIsBusy');
  }
});

test('a move is taken back until it is copied, and the volume is where it was [S0-139, R-23]', () => {
  const cancelled = given(volume, ...moving).when(about('CancelOperation'), known).then('VolumeMigrationCancelRequested').owes('abort');
  const back = [...moving, ...cancelled.events];
  given(volume, ...back).when(about('CancelOperation'), known).then();
  const done = given(volume, ...back).settled('abort', performed, known).then('VolumeMigrationCancelled').owes('undo move');
  assert.equal([done.state.volume?.poolId, done.state.volume?.placement, volumeStatus(done.state)], [poolId, placement, 'active']);
  given(volume, ...moving, copied).when(about('CancelOperation'), known).refused('CannotBeCancelled');
  given(volume, ...active(), asked).when(about('CancelOperation'), known).refused('CannotBeCancelled');
});

test('a move that failed is retried, or given up while there is a way back; a commit only ends forward [R-23, I-2]', () => {
  given(volume, ...moving, failed(5, 'copy')).when(about('RetryOperation'), known).then('WorkRetried').owes('copy');
  given(volume, ...moving, failed(5, 'copy')).when(about('AbandonOperation'), known).then('OperationAbandoned').owes('abort');
  for (const [step, events] of [['commit', [copied]], ['abort', [{ type: 'VolumeMigrationCancelRequested', ...op(5) } as const]]] as const) {
    given(volume, ...moving, ...events, failed(5, step)).when(about('AbandonOperation'), known).refused('MigrationMustEnd');
    given(volume, ...moving, ...events, failed(5, step)).when(about('RetryOperation'), known).then('WorkRetried').owes(step);
  }
  given(volume, ...active(), asked, failed(5, 'reserve move')).when(about('AbandonOperation'), known).then('OperationAbandoned').owes('undo move');
});

test('a snapshot goes with its volume and takes clones again, once [R-23, R-11]', () => {
  const born = { type: 'SnapshotRequested', ...op(1), snapshotId, volume: ref, poolId, name: 's1', description: '', groupSnapshotId: null, expiresAt: null, generation: 'v3', tenant: 'default' } as const;
  const move: SnapshotCommand = { type: 'MoveSnapshot', snapshotId, operationId: operation(5), volume: { ...ref, placement: elsewhere }, poolId: other };
  const closed = { type: 'SnapshotClosed', ...op(5) } as const;
  const pool = { pool: poolFacts() };
  const moved = given(snapshot, born, closed).when(move, pool).then('SnapshotMoved', 'SnapshotReopened');
  assert.equal([moved.state.snapshot?.volume.placement, moved.state.snapshot?.poolId], [elsewhere, other]);
  given(snapshot, born, closed, ...moved.events).when(move, pool).then();
});

test.run();
