import { GIB, MIB, TIB, volume, volumeStatus } from '@blockledger/domain';
import type { StoredRefusal, VolumeChanges, VolumeCommand, VolumeEvent } from '@blockledger/domain';
import * as assert from 'uvu/assert';
import { given } from '../../support/decider.ts';
import { active, activeClone, attached, bytes, exampleQos, facts, failed, grouped, mapped, metaOf, NOON, noQos, operation, passive, snapshotIdOf, unable, volumeId, withPool, accessPathId } from '../../support/samples.ts';
import { suite } from '../../support/suite.ts';

const test = suite('updating and flattening volumes');
const ready = given(volume, ...active());
const update = (changes: VolumeChanges): VolumeCommand => ({ type: 'UpdateVolume', volumeId, changes });
const flatten: VolumeCommand = { type: 'FlattenVolume', volumeId };
const told = { _tag: 'Told', replies: [] } as const;
const performed = (result = {}) => ({ _tag: 'Performed', result }) as const;
const no: StoredRefusal = { _tag: 'PoolIsOverSubscribed', rule: 'roomForCapacity', spec: 'R-3', message: 'full', remedy: 'wait' };
const op = (n: number) => ({ operationId: operation(n), at: NOON });
const changing = (n: number, changes: VolumeChanges, reserved = true): readonly VolumeEvent[] => [
  { type: 'VolumeUpdateRequested', ...op(n), changes },
  ...(reserved ? [{ type: 'VolumeUpdateReserved', ...op(n) } as const] : []),
];

test('an update names at least one field [R-6]', () => {
  ready.when(update({}), facts).refused('NothingToChange');
});

test('an update to what is already so changes nothing [S0-38]', () => {
  ready.when(update({ name: 'data', sizeBytes: bytes(GIB), qos: noQos }), facts).then().owes();
});

test('a rename reserves the new name, gives the old one back, and never renames the image [S0-38, S0-43, S0-137]', () => {
  const asked = ready.when(update({ name: 'new' }), facts, metaOf(5)).then('VolumeUpdateRequested').owes('reserve update');
  const reserved = given(volume, ...active(), ...asked.events).settled('reserve update', told, facts).then('VolumeUpdateReserved');
  assert.is(reserved.state.volume?.name, 'new');
  reserved.owes('release name', 'settings');
});

test('one request changes name, QoS, priority and size together or not at all [R-6, S0-38]', () => {
  ready.when(update({ name: 'new', qos: exampleQos, sizeBytes: bytes(2 * GIB), performancePriority: true }), facts).then('VolumeUpdateRequested').owes('reserve update');
  ready.when(update({ name: 'new', sizeBytes: bytes(513 * TIB) }), facts).refused('SizeOutOfRange');
  ready.when(update({ name: 'a/b', sizeBytes: bytes(2 * GIB) }), facts).refused('NameIsNotAllowed');
});

test('growing a volume reserves the capacity first and then resizes the image in bytes [S0-43, S0-45, R-3, I-18]', () => {
  const asked = ready.when(update({ sizeBytes: bytes(2 * GIB) }), facts, metaOf(5)).then('VolumeUpdateRequested').owes('reserve update');
  const history = [...active(), ...asked.events];
  const reserved = given(volume, ...history).settled('reserve update', told, facts).then('VolumeUpdateReserved').owes('resize');
  const work = reserved.owed[0];
  assert.equal(work?.kind === 'perform' ? work.action : undefined, { do: 'ensureSize', volume: { placement: { backend: 'rbd', pool: 'vols' }, volumeId, serial: '0000000000000001' }, fromBytes: GIB, toBytes: 2 * GIB });
  const done = given(volume, ...history, ...reserved.events).settled('resize', performed(), facts);
  done.then('VolumeResized', 'VolumeUpdated').owes('note capacity');
  assert.is(volumeStatus(done.state), 'active');
});

test('a resized volume has the size that the backend reports [S0-46]', () => {
  const done = given(volume, ...active(), ...changing(5, { sizeBytes: bytes(2 * GIB) })).settled('resize', performed({ sizeBytes: 2 * GIB + MIB }), facts);
  assert.is(done.state.volume?.sizeBytes, 2 * GIB + MIB);
});

test('shrinking needs no capacity, but a backend that can [S0-45, V-6]', () => {
  ready.when(update({ sizeBytes: bytes(512 * MIB) }), facts).then('VolumeUpdateRequested', 'VolumeUpdateReserved').owes('resize');
  ready.when(update({ sizeBytes: bytes(512 * MIB) }), unable({ shrink: false })).refused('CapabilityIsMissing', { value: 'shrink' });
});

test('a volume does not shrink while it is mapped or attached; it grows [S0-39]', () => {
  const shrink = update({ sizeBytes: bytes(512 * MIB) });
  given(volume, ...active(), mapped).when(shrink, facts).refused('VolumeIsMapped', { spec: 'S0-39' });
  given(volume, ...active(), attached).when(shrink, facts).refused('VolumeIsAttached');
  const grow = update({ sizeBytes: bytes(2 * GIB) });
  given(volume, ...active(), mapped).when(grow, facts).then('VolumeUpdateRequested');
  given(volume, ...active(), mapped).when(grow, unable({ onlineExtend: false })).refused('CapabilityIsMissing', { value: 'onlineExtend' });
});

test('a volume that is being made smaller is not mapped or attached until that ends [S0-39]', () => {
  const map = { type: 'ReserveMapping', volumeId, mappingId: snapshotIdOf(1), shared: false, accessPathId, onePath: false, connectionId: null } as const;
  const attach = { type: 'ReserveAttachment', volumeId, attachmentId: snapshotIdOf(1), purpose: 'host', shared: false, mode: 'rw', instanceId: null, hostName: null, connect: null } as const;
  const shrinking = given(volume, ...active(), ...changing(5, { sizeBytes: bytes(512 * MIB) }));
  shrinking.when(map, facts).refused('VolumeIsBusy', { operationId: operation(5) });
  shrinking.when(attach, facts).refused('VolumeIsBusy');
  const growing = given(volume, ...active(), ...changing(5, { sizeBytes: bytes(2 * GIB) }));
  growing.when(map, facts).then('VolumeMapped');
  growing.when(attach, facts).then('AttachmentReserved');
});

test('a passive volume is neither resized nor flattened; it may be renamed [S0-40]', () => {
  given(volume, ...active(), passive).when(update({ sizeBytes: bytes(2 * GIB) }), facts).refused('VolumeIsPassive');
  given(volume, ...active(), passive).when(update({ sizeBytes: bytes(512 * MIB) }), facts).refused('VolumeIsPassive');
  given(volume, ...activeClone(), passive).when(flatten, facts).refused('VolumeIsPassive');
  given(volume, ...active(), passive).when(update({ name: 'new' }), facts).then('VolumeUpdateRequested');
});

test('QoS is checked and applied on a live volume, also while it is mapped [S0-38, S0-43, S0-44, R-24]', () => {
  given(volume, ...active(), mapped).when(update({ qos: exampleQos }), facts).then('VolumeUpdateRequested', 'VolumeUpdateReserved').owes('settings', 'show eeeeeeee-0000-4000-8000-000000000001 1');
  ready.when(update({ qos: { ...exampleQos, burstIops: 1 } }), facts).refused('QosIsInvalid');
  ready.when(update({ qos: exampleQos }), unable({ qos: false })).refused('CapabilityIsMissing', { value: 'qos' });
  ready.when(update({ qos: { ...noQos, maxIops: 5 } }), unable({ qos: false })).then('VolumeUpdateRequested', 'VolumeUpdateReserved');
});

test('performance priority is switched on V3 volumes only [S0-25, S0-38, S0-47]', () => {
  ready.when(update({ performancePriority: true }), facts).then('VolumeUpdateRequested', 'VolumeUpdateReserved').owes('settings');
  given(volume, ...active({ generation: 'v2' })).when(update({ performancePriority: true }), facts).refused('PriorityNeedsV3');
  ready.when(update({ performancePriority: true }), unable({ performancePriority: false })).refused('CapabilityIsMissing');
});

test('an update that needs the backend is refused while the pool is in error, a description is not [S0-53]', () => {
  ready.when(update({ qos: exampleQos }), withPool({ health: 'error' })).refused('PoolIsUnhealthy');
  ready.when(update({ description: 'x' }), withPool({ health: 'error' })).then('VolumeUpdateRequested', 'VolumeUpdateReserved', 'VolumeUpdated');
  ready.when(update({ description: 'x'.repeat(1025) }), facts).refused('TextIsTooLong');
});

test('one update at a time: the second is refused and names the first [S0-52, R-27, I-17]', () => {
  given(volume, ...active(), ...changing(5, { qos: exampleQos })).when(update({ name: 'new' }), facts).refused('VolumeIsBusy', { operationId: operation(5), value: 'update' });
});

test('a refused update gives everything back and is the answer to its caller [R-4, S0-8]', () => {
  const refused = given(volume, ...active(), ...changing(5, { name: 'new', sizeBytes: bytes(2 * GIB) }, false)).settled('reserve update', { _tag: 'Refused', refusal: no }, facts);
  refused.then('VolumeUpdateRefused').owes('undo reservations');
  assert.equal(volume.answer(refused.state, operation(5)), no);
  assert.is(refused.state.volume?.name, 'data');
  assert.is(volumeStatus(refused.state), 'active');
});

const commandsOf = (works: ReturnType<typeof volume.owed>, step: string): readonly string[] =>
  works.flatMap((work) => (work.kind === 'tell' && work.step === step ? work.commands.map(({ command }) => `${command.type} ${'key' in command ? command.key.kind : ''} ${'key' in command && command.key.kind === 'name' ? command.key.name : ''}`.trim()) : []));

test('an update given up before it was reserved gives its name and capacity back [R-4, I-26]', () => {
  const stuck = [...active(), ...changing(5, { name: 'new', sizeBytes: bytes(2 * GIB) }, false), failed(5, 'reserve update')];
  const abandoned = given(volume, ...stuck).when({ type: 'AbandonOperation', volumeId, operationId: operation(5) }, facts).then('OperationAbandoned').owes('undo reservations');
  assert.equal(commandsOf(abandoned.owed, 'undo reservations'), ['Release name new', 'Reserve capacity']);
  assert.is(volumeStatus(abandoned.state), 'active');
});

test('a failed resize that is given up is looked at, and the volume has the size that is found [I-7, I-18]', () => {
  const stuck = [...active(), ...changing(5, { sizeBytes: bytes(2 * GIB) }), failed(5, 'resize')];
  const abandoned = given(volume, ...stuck).when({ type: 'AbandonOperation', volumeId, operationId: operation(5) }, facts).owes('look');
  const looked = given(volume, ...stuck, ...abandoned.events).settled('look', performed({ sizeBytes: 2 * GIB }), facts).then('VolumeResized', 'VolumeUpdated');
  assert.is(looked.state.volume?.sizeBytes, 2 * GIB);
});

test('settings that were given up are what a look finds, not what was asked for [R-24, I-2]', () => {
  const asked = [
    ...active(),
    { type: 'VolumeUpdateRequested', ...op(5), changes: { qos: exampleQos, performancePriority: true } },
    { type: 'VolumeUpdateReserved', ...op(5) },
    failed(5, 'settings'),
  ] as const;
  const giveUp = { type: 'AbandonOperation', volumeId, operationId: operation(5) } as const;
  const looking = [...asked, ...given(volume, ...asked).when(giveUp, facts).then('OperationAbandoned').owes('look at settings').events];
  const look = (result: Parameters<typeof performed>[0]) => given(volume, ...looking).settled('look at settings', performed(result), facts);
  const old = look({ exists: true, owned: true, qos: noQos, performancePriority: false }).then('VolumeSettingsFound').owes();
  assert.equal([old.state.volume?.qos, old.state.volume?.performancePriority, old.state.update], [noQos, false, null]);
  const landed = look({ exists: true, owned: true, qos: exampleQos, performancePriority: true }).then('VolumeSettingsFound');
  assert.equal([landed.state.volume?.qos, landed.state.volume?.performancePriority], [exampleQos, true]);
  // A backend that cannot tell leaves the log's word.
  assert.equal(look({ exists: true }).then('VolumeSettingsFound').state.volume?.qos, exampleQos);
  look({ exists: true, owned: false }).then('WorkFailed');
  assert.is(volumeStatus(given(volume, ...looking, failed(5, 'look at settings')).when(giveUp, facts).then('OperationAbandoned').owes().state), 'active');
});

test('what is off is off, whatever numbers stand beside [R-24]', () => {
  const off = { ...exampleQos, enabled: false };
  const looking = [...active({ qos: off }), { type: 'VolumeUpdateRequested', ...op(5), changes: { name: 'new', qos: off } }, { type: 'VolumeUpdateReserved', ...op(5) }, failed(5, 'settings'), { type: 'OperationAbandoned', ...op(5) }] as const;
  assert.equal(given(volume, ...looking).settled('look at settings', performed({ qos: noQos }), facts).then('VolumeSettingsFound').state.volume?.qos, off);
});

test('a look that finds the volume without its identity fails: nothing is concluded from somebody’s image [I-4]', () => {
  const resizing = [...active(), { type: 'VolumeUpdateRequested', ...op(5), changes: { sizeBytes: bytes(2 * GIB) } }, { type: 'VolumeUpdateReserved', ...op(5) }, failed(5, 'resize'), { type: 'OperationAbandoned', ...op(5) }] as const;
  given(volume, ...resizing).settled('look', performed({ exists: true, owned: false, sizeBytes: 2 * GIB }), facts).then('WorkFailed');
});

test('settings and size of one update are done side by side, and the update ends with the last of them [R-6]', () => {
  const both = given(volume, ...active(), ...changing(5, { qos: exampleQos, sizeBytes: bytes(2 * GIB) }));
  assert.equal(both.owed.map(({ step }) => step), ['resize', 'settings']);
  const resized = both.settled('resize', performed(), facts).then('VolumeResized');
  given(volume, ...active(), ...changing(5, { qos: exampleQos, sizeBytes: bytes(2 * GIB) }), ...resized.events).settled('settings', performed(), facts).then('VolumeSettingsApplied', 'VolumeUpdated');
  const set = both.settled('settings', performed(), facts).then('VolumeSettingsApplied');
  given(volume, ...active(), ...changing(5, { qos: exampleQos, sizeBytes: bytes(2 * GIB) }), ...set.events).settled('resize', performed(), facts).then('VolumeResized', 'VolumeUpdated');
});

test('a volume that takes its old name back waits until the old name was given up [S0-16]', () => {
  const renamed = [...active(), ...changing(5, { name: 'new' }), { type: 'VolumeSettingsApplied', ...op(5) } as const, { type: 'VolumeUpdated', ...op(5) } as const];
  const back = given(volume, ...renamed).when(update({ name: 'data' }), facts, metaOf(6)).then('VolumeUpdateRequested').owes('release name');
  given(volume, ...renamed, ...back.events).settled('release name', told, facts).then('DueSettled').owes('reserve update');
});

test('a resize is the one operation of a volume: no second one beside it [S0-52, R-27]', () => {
  given(volume, ...activeClone(), ...changing(5, { sizeBytes: bytes(2 * GIB) })).when(flatten, facts).refused('VolumeIsBusy', { operationId: operation(5), value: 'resize' });
  given(volume, ...activeClone(), { type: 'VolumeFlattenRequested', ...op(6) }).when(update({ sizeBytes: bytes(2 * GIB) }), facts).refused('VolumeIsBusy', { value: 'flatten' });
});

test('only a linked clone can be flattened [S0-38, S0-51]', () => {
  ready.when(flatten, facts).refused('VolumeHasNoParent');
  given(volume, ...activeClone()).when(flatten, facts).then('VolumeFlattenRequested').owes('reserve space');
  given(volume, ...activeClone()).when(flatten, unable({ flatten: false })).refused('CapabilityIsMissing', { value: 'flatten' });
  given(volume, ...activeClone()).when(flatten, withPool({ health: 'error' })).refused('PoolIsUnhealthy');
});

test('flattening reserves space, copies, cuts the link and gives space and snapshot back [S0-51, R-3, I-9]', () => {
  const asked = given(volume, ...activeClone()).when(flatten, facts, metaOf(6));
  const reserved = given(volume, ...activeClone(), ...asked.events).settled('reserve space', told, facts).then('VolumeFlattenReserved').owes('flatten');
  const done = given(volume, ...activeClone(), ...asked.events, ...reserved.events).settled('flatten', performed(), facts).then('VolumeFlattened').owes('release parent');
  assert.equal(commandsOf(done.owed, 'release parent'), ['Release space', 'ReleaseClone']);
  assert.is(done.state.volume?.depth, 0);
  given(volume, ...activeClone(), ...asked.events).settled('reserve space', { _tag: 'Refused', refusal: no }, facts).then('VolumeFlattenRefused').owes();
});

test('a flatten that is cancelled is looked at: the parent may be there or not [S0-139, I-7]', () => {
  const flattening: readonly VolumeEvent[] = [...activeClone(), { type: 'VolumeFlattenRequested', ...op(6) }, { type: 'VolumeFlattenReserved', ...op(6) }];
  const cancel = { type: 'CancelOperation', volumeId, operationId: operation(6) } as const;
  const cancelled = given(volume, ...flattening).when(cancel, facts).then('VolumeFlattenCancelRequested').owes('look');
  const looking = [...flattening, ...cancelled.events];
  given(volume, ...looking).when(cancel, facts).then();
  given(volume, ...looking).settled('look', performed({ hasParent: true }), facts).then('VolumeFlattenCancelled').owes('release space');
  given(volume, ...looking).settled('look', performed({ hasParent: false }), facts).then('VolumeFlattened').owes('release parent');
});

test('a failed operation is given up only by its own id, and only when it has failed [R-4]', () => {
  const flattening: readonly VolumeEvent[] = [...activeClone(), { type: 'VolumeFlattenRequested', ...op(6) }, { type: 'VolumeFlattenReserved', ...op(6) }];
  const abandon = { type: 'AbandonOperation', volumeId, operationId: operation(6) } as const;
  given(volume, ...flattening).when(abandon, facts).refused('NothingToAbandon');
  given(volume, ...flattening, failed(6, 'flatten')).when({ ...abandon, operationId: operation(7) }, facts).refused('NothingToAbandon');
  given(volume, ...flattening, failed(6, 'flatten')).when(abandon, facts).then('OperationAbandoned').owes('look');
  given(volume, ...flattening).when({ ...abandon, type: 'RetryOperation' }, facts).refused('NothingToRetry');
});

test('what a failing release owed is forgotten once it worked [I-26, I-29]', () => {
  const history = [...activeClone(), { type: 'VolumeFlattened', ...op(6) } as const, { type: 'WorkDelayed', ...op(6), work: `${operation(6)}/release parent`, error: { _tag: 'Cancelled', code: 'x', message: '' } } as const];
  assert.equal(given(volume, ...history).settled('release parent', told, facts).then('DueSettled').state.troubles, {});
});

test('a volume in a group is still renamed and resized [S0-42]', () => {
  given(volume, ...active(), grouped).when(update({ name: 'new', sizeBytes: bytes(2 * GIB) }), facts).then('VolumeUpdateRequested');
});

test.run();
