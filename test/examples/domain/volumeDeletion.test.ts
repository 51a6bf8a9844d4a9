import { MAX_TRASH_RETENTION_MS, volume, volumeStatus } from '@blockledger/domain';
import type { Outcome, StoredRefusal, VolumeCommand, VolumeEvent } from '@blockledger/domain';
import * as assert from 'uvu/assert';
import { given } from '../../support/decider.ts';
import { active, activeClone, attached, exampleQos, facts, failed, grouped, mapped, metaOf, moment, NOON, operation, passive, requested, slot, snapshotIdOf, snapshotted, unable, volumeId, withPool, accessPathId } from '../../support/samples.ts';
import { suite } from '../../support/suite.ts';

const test = suite('deleting volumes');
const remove = (changes: { readonly cascade?: boolean; readonly force?: boolean; readonly retainMs?: number | null } = {}): VolumeCommand => ({
  type: 'DeleteVolume',
  volumeId,
  cascade: false,
  force: false,
  retainMs: null,
  ...changes,
});
const told = { _tag: 'Told', replies: [] } as const;
const performed = { _tag: 'Performed', result: {} } as const;
const no: StoredRefusal = { _tag: 'SnapshotHasClones', rule: 'noClones', spec: 'R-11', message: 'clones', remedy: 'delete' };
const op = (n: number) => ({ operationId: operation(n), at: NOON });
const undelete: VolumeCommand = { type: 'UndeleteVolume', volumeId };
const deleting = (retainMs: number | null, closed = true): readonly VolumeEvent[] => [
  { type: 'VolumeDeletionRequested', ...op(8), force: false, retainMs },
  ...(closed ? [{ type: 'VolumeSnapshotsClosed', ...op(8) } as const] : []),
];
const trashed = [...active(), ...snapshotted(1), ...deleting(5000), { type: 'VolumeTrashed', ...op(8), purgeAt: moment(NOON + 5000) } as const];

test('a deleted volume closes its snapshots, is removed, and then gives everything back [S0-55, S0-56, S0-57, S0-59, R-8, I-26]', () => {
  const asked = given(volume, ...active(), ...snapshotted(1)).when(remove({ cascade: true }), facts, metaOf(8)).then('VolumeDeletionRequested').owes('close snapshots');
  const history = [...active(), ...snapshotted(1), ...asked.events];
  const closed = given(volume, ...history).settled('close snapshots', told, facts).then('VolumeSnapshotsClosed').owes('remove');
  const gone = given(volume, ...history, ...closed.events).settled('remove', performed, facts).then('VolumeDeleted').owes('conclude');
  const tells = gone.owed.flatMap((work) => (work.kind === 'tell' ? work.commands.map(({ command }) => ('key' in command ? command.key.kind : command.type)) : []));
  assert.equal(tells, ['ConcludeSnapshot', 'name', 'serial', 'capacity', 'space']);
  assert.is(volumeStatus(gone.state), 'deleted');
  given(volume, ...history, ...closed.events, ...gone.events).settled('conclude', told, facts).then('DueSettled').owes();
});

test('a hidden volume is created, used and deleted like any other [S0-58, S0-130]', () => {
  const hidden = given(volume, ...active({ hidden: true })).when(remove(), facts).then('VolumeDeletionRequested').owes('close snapshots');
  assert.is(hidden.state.volume?.hidden, true);
});

test('a volume says what it is doing, apart from whether it is there [S0-5]', () => {
  const status = (...events: readonly VolumeEvent[]) => volumeStatus(given(volume, ...events).state);
  assert.is(volumeStatus(given(volume).state), null);
  assert.is(status(requested()), 'creating');
  assert.is(status(...active()), 'active');
  assert.is(status(...active(), { type: 'VolumeUpdateRequested', ...op(5), changes: { description: 'x' } }), 'updating');
  assert.is(status(...activeClone(), { type: 'VolumeFlattenRequested', ...op(5) }), 'flattening');
  assert.is(status(...active(), ...deleting(null)), 'deleting');
  assert.is(status(...trashed), 'trashed');
  assert.is(status(...trashed, { type: 'VolumeUndeleteRequested', ...op(9) }), 'restoring');
  assert.is(status(...active(), { type: 'VolumeDisownRequested', ...op(9) }), 'releasing');
  assert.is(status(...active(), ...deleting(null), failed(8, 'remove')), 'error');
});

test('a removal names exactly the snapshots that the log knows, so that any other stops it [R-8, V-3, V-8]', () => {
  const [work] = given(volume, ...active(), ...snapshotted(1), ...snapshotted(2, 1, { expiresAt: moment(NOON) }), ...deleting(null)).owed;
  assert.is(work?.kind === 'perform' && work.action.do === 'ensureVolumeGone' ? work.action.snapshots.join() : '', [snapshotIdOf(1), snapshotIdOf(2)].join());
});

test('a volume with visible snapshots is not deleted, unless with cascade; force does not help [S0-54, R-8, R-9]', () => {
  const held = given(volume, ...active(), ...snapshotted(1));
  held.when(remove(), facts).refused('VolumeHasSnapshots', { value: 1, spec: 'S0-54' });
  held.when(remove({ force: true }), facts).refused('VolumeHasSnapshots');
  held.when(remove({ cascade: true }), facts).then('VolumeDeletionRequested');
});

test('internal snapshots do not stand in the way of a deletion [R-8, S0-56, S0-132]', () => {
  given(volume, ...active(), ...snapshotted(1, 1, { expiresAt: moment(NOON) })).when(remove(), facts).then('VolumeDeletionRequested');
});

test('force never deletes a volume that is mapped, attached, in a group or passive [S0-53, S0-54, R-9]', () => {
  for (const force of [false, true]) {
    given(volume, ...active(), mapped).when(remove({ force, cascade: true }), facts).refused('VolumeIsMapped');
    given(volume, ...active(), attached).when(remove({ force, cascade: true }), facts).refused('VolumeIsAttached');
    given(volume, ...active(), grouped).when(remove({ force, cascade: true }), facts).refused('VolumeIsInGroup');
    given(volume, ...active(), passive).when(remove({ force, cascade: true }), facts).refused('VolumeIsPassive');
  }
});

test('a deletion needs a pool that is not in error and a backend [S0-53]', () => {
  given(volume, ...active()).when(remove(), withPool({ health: 'error' })).refused('PoolIsUnhealthy', { spec: 'S0-53' });
  given(volume, ...active()).when(remove(), withPool({ capabilities: null })).refused('BackendIsUnknown');
});

test('a busy volume is not deleted; one whose operation failed for good goes with force [S0-52, R-9, R-27]', () => {
  const flattening = [...activeClone(), { type: 'VolumeFlattenRequested', ...op(6) } as const, { type: 'VolumeFlattenReserved', ...op(6) } as const];
  given(volume, ...flattening).when(remove({ force: true }), facts).refused('VolumeIsBusy', { operationId: operation(6) });
  given(volume, ...flattening, failed(6, 'flatten')).when(remove(), facts).refused('VolumeIsBusy');
  given(volume, ...flattening, failed(6, 'flatten')).when(remove({ force: true }), facts).then('VolumeDeletionRequested').owes('close snapshots');
});

test('a volume whose creation failed is deleted with force only [R-9]', () => {
  const stuck = [requested(), active()[1]!, failed(1, 'make')];
  given(volume, ...stuck).when(remove(), facts).refused('VolumeIsNotReady');
  given(volume, ...stuck).when(remove({ force: true }), facts).then('VolumeDeletionRequested').owes('close snapshots');
  given(volume, requested()).when(remove({ force: true }), facts).refused('VolumeIsBusy');
});

test('a volume that was never made does not go to the trash [R-9, I-28]', () => {
  given(volume, requested(), active()[1]!, failed(1, 'make')).when(remove({ force: true, retainMs: 1000 }), facts).refused('VolumeIsNotReady');
});

test('a volume with an update under way does not go to the trash, with force neither: it would come back without what the log says of it [R-9, I-28]', () => {
  const updating = [...active(), { type: 'VolumeUpdateRequested', ...op(5), changes: { qos: exampleQos } } as const, { type: 'VolumeUpdateReserved', ...op(5) } as const];
  given(volume, ...updating).when(remove({ force: true, retainMs: 1000 }), facts).refused('VolumeIsBusy', { value: 'update', operationId: operation(5) });
  given(volume, ...updating, failed(5, 'settings')).when(remove({ force: true, retainMs: 1000 }), facts).refused('VolumeIsBusy');
  given(volume, ...updating).when(remove({ force: true }), facts).then('VolumeDeletionRequested');
});

test('the deletion of a volume that was never made is not given up [I-26]', () => {
  const history = [requested(), active()[1]!, failed(1, 'make'), { type: 'VolumeDeletionRequested', ...op(8), force: true, retainMs: null } as const, failed(8, 'close snapshots')];
  given(volume, ...history).when({ type: 'AbandonOperation', volumeId, operationId: operation(8) }, facts).refused('DeletionMustEnd');
});

test('a name that a forced deletion interrupted on its way is given back with the rest [R-9, I-26]', () => {
  const renaming = [...active(), { type: 'VolumeUpdateRequested', ...op(5), changes: { name: 'new' } } as const];
  given(volume, ...renaming).when(remove(), facts).refused('VolumeIsBusy', { value: 'update' });
  const asked = given(volume, ...renaming).when(remove({ force: true }), facts, metaOf(8)).then('VolumeDeletionRequested');
  const gone = given(volume, ...renaming, ...asked.events, { type: 'VolumeDeleted', ...op(8) });
  const names = gone.owed.flatMap((work) => (work.kind === 'tell' ? work.commands.flatMap(({ command }) => ('key' in command && command.key.kind === 'name' ? [command.key.name] : [])) : []));
  assert.equal(names, ['data', 'new']);
});

test('a deletion that a snapshot refuses opens the snapshots again and is the answer to its caller [S0-54, R-11]', () => {
  const refused = given(volume, ...active(), ...snapshotted(1), ...deleting(null, false)).settled('close snapshots', { _tag: 'Refused', refusal: no }, facts).then('VolumeDeletionRefused').owes('reopen');
  assert.equal(volume.answer(refused.state, operation(8)), no);
  assert.is(volumeStatus(refused.state), 'active');
});

test('a volume closes its snapshots only when all of them know of their slots [I-26]', () => {
  given(volume, ...active(), slot(1)).when(remove({ cascade: true }), facts).then('VolumeDeletionRequested').owes(`begin snapshot ${snapshotIdOf(1)}`);
});

test('a started removal must end: it is retried, not given up [I-26, I-30]', () => {
  const stuck = [...active(), ...deleting(null), failed(8, 'remove')];
  given(volume, ...stuck).when({ type: 'AbandonOperation', volumeId, operationId: operation(8) }, facts).refused('DeletionMustEnd');
  given(volume, ...stuck).when({ type: 'RetryOperation', volumeId, operationId: operation(8) }, facts).then('WorkRetried').owes('remove');
  given(volume, ...stuck).when(remove({ force: true }), facts).refused('VolumeIsBusy');
});

test('a volume can be kept in the trash for at most ten years, where the backend has one [I-28]', () => {
  assert.is(MAX_TRASH_RETENTION_MS, 315_360_000_000);
  given(volume, ...active()).when(remove({ retainMs: 315_360_000_000 }), facts).then('VolumeDeletionRequested');
  given(volume, ...active()).when(remove({ retainMs: 315_360_000_001 }), facts).refused('RetentionOutOfRange', { limit: 315_360_000_000 });
  given(volume, ...active()).when(remove({ retainMs: 1 }), unable({ trash: false })).refused('CapabilityIsMissing', { value: 'trash' });
});

test('a volume in the trash keeps its snapshots, parent, serial number and capacity, and is purged when its time is over [I-28]', () => {
  const done = given(volume, ...active(), ...snapshotted(1), ...deleting(5000)).settled('trash', performed, facts).then('VolumeTrashed').owes();
  assert.is(volumeStatus(done.state), 'trashed');
  assert.is(done.state.volume?.slots.length, 1);
  assert.equal(done.owed.map(({ step, notBefore }) => [step, notBefore]), [[`empty trash ${NOON + 5000}`, NOON + 5000]]);
});

test('a volume in the trash is not used: no update, no snapshot, no mapping, no second trashing [I-28]', () => {
  const bin = given(volume, ...trashed);
  bin.when({ type: 'UpdateVolume', volumeId, changes: { name: 'x' } }, facts).refused('VolumeIsNotReady', { value: 'trashed' });
  bin.when({ type: 'CreateSnapshot', volumeId, snapshotId: snapshotIdOf(5), name: 'x', description: '', groupSnapshotId: null }, facts).refused('VolumeIsNotReady');
  bin.when({ type: 'ReserveMapping', volumeId, mappingId: snapshotIdOf(5), shared: false, accessPathId, onePath: false, connectionId: null }, facts).refused('VolumeIsNotReady');
  bin.when(remove({ retainMs: 1 }), facts).refused('RetentionOutOfRange');
});

test('a volume is undeleted from the trash and its snapshots are open again [I-28]', () => {
  const asked = given(volume, ...trashed).when(undelete, facts, metaOf(9)).then('VolumeUndeleteRequested').owes('restore');
  const back = given(volume, ...trashed, ...asked.events).settled('restore', performed, facts).then('VolumeRestored').owes('reopen');
  assert.is(volumeStatus(back.state), 'active');
  given(volume, ...active()).when(undelete, facts).refused('VolumeIsNotTrashed');
  given(volume, ...trashed).when(undelete, withPool({ health: 'error' })).refused('PoolIsUnhealthy');
});

test('the trash is emptied at once by a second deletion, snapshots included [I-28, R-8]', () => {
  const asked = given(volume, ...trashed).when(remove(), facts, metaOf(9)).then('VolumeDeletionRequested').owes('close snapshots');
  const closed = given(volume, ...trashed, ...asked.events).settled('close snapshots', told, facts).owes('remove');
  const [work] = closed.owed;
  assert.is(work?.kind === 'perform' && work.action.do === 'ensureVolumeGone' && work.action.trashed, true);
});

test('a trash that cannot be emptied yet is asked again an hour later [I-26, I-28]', () => {
  const later = given(volume, ...trashed).settled(`empty trash ${NOON + 5000}`, { _tag: 'Refused', refusal: no }, facts).then('VolumeTrashRetained');
  assert.is(later.state.volume?.purgeAt, NOON + 3_600_000);
});

test('a purge that is given up leaves the snapshots of the trash closed [I-28]', () => {
  const purging = [...trashed, { type: 'VolumeDeletionRequested', ...op(9), force: false, retainMs: null } as const, failed(9, 'close snapshots')];
  given(volume, ...purging).when({ type: 'AbandonOperation', volumeId, operationId: operation(9) }, facts).then('OperationAbandoned').owes();
});

test('a trashing that is given up is looked at: the volume is taken out of the trash if it got there [I-7, I-28]', () => {
  const stuck = [...active(), ...deleting(5000), failed(8, 'trash')];
  const abandoned = given(volume, ...stuck).when({ type: 'AbandonOperation', volumeId, operationId: operation(8) }, facts).then('OperationAbandoned').owes('restore');
  const back = given(volume, ...stuck, ...abandoned.events).settled('restore', performed, facts).then('VolumeRestored');
  assert.is(volumeStatus(back.state), 'active');
});

test('what giving up has begun is not given up in its turn [I-2, I-26]', () => {
  const giveUp = (n: number): VolumeCommand => ({ type: 'AbandonOperation', volumeId, operationId: operation(n) });
  const stuck = [...active(), ...deleting(5000), failed(8, 'trash'), { type: 'OperationAbandoned', ...op(8) } as const, failed(8, 'restore')];
  given(volume, ...stuck).when(giveUp(8), facts).refused('DeletionMustEnd');
  given(volume, ...stuck).when(remove({ force: true }), facts).then('VolumeDeletionRequested');
  const unmade = [requested(), active()[1]!, failed(1, 'make'), { type: 'OperationAbandoned', ...op(1) } as const, failed(1, 'remove')];
  given(volume, ...unmade).when(giveUp(1), facts).refused('DeletionMustEnd');
});

test('what a volume that is gone still has to give back is retried when it failed [I-2, I-26]', () => {
  const gone = [...active(), { type: 'VolumeDeleted', ...op(8) } as const, failed(8, 'conclude')];
  given(volume, ...gone).when({ type: 'RetryOperation', volumeId, operationId: operation(8) }, facts).then('WorkRetried').owes('conclude');
  given(volume).when({ type: 'RetryOperation', volumeId, operationId: operation(8) }, facts).refused('VolumeNotFound');
});

/** How a look ended that showed this. */
const seen = (result: Extract<Outcome, { _tag: 'Performed' }>['result']): Outcome => ({ _tag: 'Performed', result });
const giveUpOf = (n: number): VolumeCommand => ({ type: 'AbandonOperation', volumeId, operationId: operation(n) });

test('an undelete that is given up is concluded from a look: it may have landed all the same [I-28, I-2]', () => {
  const stuck = [...trashed, { type: 'VolumeUndeleteRequested', ...op(9) } as const, failed(9, 'restore')];
  const looking = [...stuck, ...given(volume, ...stuck).when(giveUpOf(9), facts).then('OperationAbandoned').owes('look').events];
  const still = given(volume, ...looking).settled('look', seen({ exists: true, trashed: true }), facts).then('VolumeUndeleteCancelled').owes();
  assert.is(volumeStatus(still.state), 'trashed');
  const landed = given(volume, ...looking).settled('look', seen({ exists: true, trashed: false, owned: true }), facts).then('VolumeRestored');
  assert.is(volumeStatus(landed.state), 'active');
  given(volume, ...looking).settled('look', seen({ exists: false }), facts).then('VolumeUndeleteCancelled');
});

test('letting a volume go is concluded from a look when it is given up: without our marks it is gone [I-27, I-2]', () => {
  const stuck = [...active(), { type: 'VolumeDisownRequested', ...op(9) } as const, failed(9, 'disown')];
  const looking = [...stuck, ...given(volume, ...stuck).when(giveUpOf(9), facts).then('OperationAbandoned').owes('look').events];
  const ours = given(volume, ...looking).settled('look', seen({ exists: true, owned: true }), facts).then('VolumeDisownCancelled').owes();
  assert.is(volumeStatus(ours.state), 'active');
  const unmarked = given(volume, ...looking).settled('look', seen({ exists: true, owned: false }), facts).then('VolumeDisowned').owes('conclude');
  assert.is(volumeStatus(unmarked.state), 'disowned');
  given(volume, ...looking).settled('look', seen({ exists: false }), facts).then('VolumeDisowned');
});

test('where not even looking is possible, giving up once more takes the log’s word: no state is without an exit [I-2, I-26]', () => {
  for (const [before, request, step, status] of [
    [trashed, 'VolumeUndeleteRequested', 'restore', 'trashed'],
    [active(), 'VolumeDisownRequested', 'disown', 'active'],
  ] as const) {
    const blind = [...before, { type: request, ...op(9) } as const, failed(9, step), { type: 'OperationAbandoned', ...op(9) } as const];
    given(volume, ...blind).when(giveUpOf(9), facts).refused('NothingToAbandon');
    const ended = given(volume, ...blind, failed(9, 'look')).when(giveUpOf(9), facts).then('OperationAbandoned').owes();
    assert.is(volumeStatus(ended.state), status);
  }
});

test('a volume is let go with its data, if nobody uses it and nothing hangs on it [I-27]', () => {
  const disown: VolumeCommand = { type: 'DisownVolume', volumeId };
  const asked = given(volume, ...active()).when(disown, facts, metaOf(9)).then('VolumeDisownRequested').owes('disown');
  const gone = given(volume, ...active(), ...asked.events).settled('disown', performed, facts).then('VolumeDisowned').owes('conclude');
  assert.is(volumeStatus(gone.state), 'disowned');
  given(volume, ...active(), mapped).when(disown, facts).refused('VolumeIsMapped');
  given(volume, ...active(), ...snapshotted(1)).when(disown, facts).refused('VolumeHasSnapshots');
  given(volume, ...active(), ...snapshotted(1, 1, { expiresAt: moment(NOON) })).when(disown, facts).refused('VolumeHasSnapshots');
  given(volume, ...activeClone()).when(disown, facts).refused('VolumeHasParent');
});

test('news for a volume that is gone change nothing and are no error [I-29, I-22]', () => {
  const gone = given(volume, ...active(), mapped, ...snapshotted(1), { type: 'VolumeDeleted', ...op(8) });
  gone.when({ type: 'AgreeSnapshotDeletion', volumeId, snapshotId: snapshotIdOf(1), force: false }, facts).then();
  gone.when({ type: 'FreeSnapshotSlot', volumeId, snapshotId: snapshotIdOf(1) }, facts).then();
  gone.when({ type: 'ReleaseMapping', volumeId, mappingId: mapped.type === 'VolumeMapped' ? mapped.mappingId : '' }, facts).then();
  given(volume).when({ type: 'ReleaseAttachment', volumeId, attachmentId: snapshotIdOf(1), force: false }, facts).then();
});

test.run();
