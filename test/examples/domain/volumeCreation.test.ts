import { GIB, MAX_CLONE_DEPTH, MAX_VOLUME_BYTES, MIB, MIN_VOLUME_BYTES, TIB, volume, volumeStatus } from '@blockledger/domain';
import type { StoredRefusal } from '@blockledger/domain';
import * as assert from 'uvu/assert';
import { given } from '../../support/decider.ts';
import {
  able,
  active,
  bytes,
  clone,
  cloneFacts,
  create,
  exampleQos,
  facts,
  failed,
  moment,
  NOON,
  operation,
  poolIdOf,
  requested,
  snapshotIdOf,
  unable,
  volumeId,
  withPool,
} from '../../support/samples.ts';
import { suite } from '../../support/suite.ts';

const test = suite('creating volumes');
const nothing = given(volume);
const told = { _tag: 'Told', replies: [{ number: 7 }] } as const;
const performed = (result = {}) => ({ _tag: 'Performed', result }) as const;
const no: StoredRefusal = { _tag: 'NameIsTaken', rule: 'nameIsFree', spec: 'S0-16', message: 'taken', remedy: 'another' };

test('a new volume first asks for its name, serial number, number and capacity, then it is made, then it is active [S0-18, S0-19, S0-20, S0-22, I-3]', () => {
  const asked = nothing.when(create(), facts).then('VolumeRequested').owes('reserve');
  const keys = asked.owed.flatMap((work) => (work.kind === 'tell' ? work.commands.map(({ command }) => ('key' in command ? command.key.kind : command.type)) : []));
  assert.equal(keys, ['name', 'serial', 'capacity', 'number']);
  const reserved = given(volume, requested()).settled('reserve', told, facts).then('VolumeReserved').owes('make');
  assert.is(reserved.state.volume?.number, 7);
  given(volume, requested(), ...reserved.events).settled('make', performed(), facts).then('VolumeMade', 'VolumeCreated').owes();
});

test('a volume may have 562949953421312 bytes and not one granule more [S0-17, R-25, V-13]', () => {
  assert.is(MAX_VOLUME_BYTES, 562_949_953_421_312);
  assert.is(MIN_VOLUME_BYTES, 1_048_576);
  nothing.when(create({ sizeBytes: bytes(512 * TIB) }), facts).then('VolumeRequested');
  nothing.when(create({ sizeBytes: bytes(512 * TIB + 1) }), facts).refused('SizeOutOfRange', { value: 512 * TIB + MIB, limit: 562_949_953_421_312, spec: 'S0-17' });
  nothing.when(create({ sizeBytes: bytes(0) }), facts).refused('SizeOutOfRange', { value: 0, limit: 1_048_576 });
});

test('a size is rounded up to the granule of the backend, once and before anything is written down [R-25, S0-3, I-18]', () => {
  const { state } = nothing.when(create({ sizeBytes: bytes(GIB + 1) }), facts);
  assert.is(state.volume?.sizeBytes, GIB + MIB);
  assert.is(nothing.when(create({ sizeBytes: bytes(1) }), facts).state.volume?.sizeBytes, 1_048_576);
  assert.is(nothing.when(create({ sizeBytes: bytes(GIB) }), facts).state.volume?.sizeBytes, GIB);
});

test('a new volume needs a size [S0-12]', () => {
  nothing.when(create({ sizeBytes: null }), facts).refused('SizeIsMissing');
});

test('a volume takes the payload of the source document as it is [S0-12, S0-13]', () => {
  const { state } = nothing.when(create({ generation: 'v3adv', performancePriority: true, qos: exampleQos, sizeBytes: bytes(107_374_182_400) }), facts);
  assert.equal(state.volume?.qos, exampleQos);
  assert.is(state.volume?.sizeBytes, 107_374_182_400);
  assert.is(state.volume?.performancePriority, true);
});

test('a volume id is used once, also after the volume is gone [S0-16]', () => {
  given(volume, ...active()).when(create(), facts).refused('VolumeAlreadyExists');
  given(volume, ...active(), { type: 'VolumeDeleted', operationId: operation(2), at: NOON }).when(create(), facts).refused('VolumeAlreadyExists');
});

test('a volume needs a registered pool that is not in error and has a backend [S0-16, S0-53]', () => {
  nothing.when(create(), { ...facts, pool: null }).refused('PoolNotFound');
  nothing.when(create(), withPool({ registered: false })).refused('PoolNotFound');
  nothing.when(create(), withPool({ health: 'error' })).refused('PoolIsUnhealthy');
  nothing.when(create(), withPool({ health: 'degraded' })).then('VolumeRequested');
  nothing.when(create(), withPool({ capabilities: null })).refused('BackendIsUnknown');
});

test('the checks of a new volume come in the order of the source: pool, name, QoS [S0-16]', () => {
  const bad = create({ name: 'a/b', qos: { ...exampleQos, burstIops: 1 } });
  nothing.when(bad, { ...facts, pool: null }).refused('PoolNotFound');
  nothing.when(bad, facts).refused('NameIsNotAllowed');
  nothing.when({ ...bad, name: 'ok' } as typeof bad, facts).refused('QosIsInvalid');
});

test('a name has 1 to 255 characters without @ and / and control characters [S0-12]', () => {
  for (const name of ['', 'a'.repeat(256), 'vol@snap', 'pool/vol', 'a\nb', 'half \ud83d', '\u007f']) nothing.when(create({ name }), facts).refused('NameIsNotAllowed', { value: name });
  for (const name of ['a', 'a'.repeat(255), '-leading', 'with blanks', '100%', 'データ', '😀']) nothing.when(create({ name }), facts).then('VolumeRequested');
});

test('a description has at most 1024 characters and a volume at most 64 labels [S0-130]', () => {
  const labels = (n: number): Record<string, string> => Object.fromEntries(Array.from({ length: n }, (_, at) => [`k${at}`, 'v']));
  nothing.when(create({ description: 'x'.repeat(1024), labels: labels(64) }), facts).then('VolumeRequested');
  nothing.when(create({ description: 'x'.repeat(1025) }), facts).refused('TextIsTooLong', { value: 1025, limit: 1024 });
  nothing.when(create({ labels: labels(65) }), facts).refused('TextIsTooLong', { value: 65, limit: 64 });
  nothing.when(create({ labels: { k: 'v'.repeat(256) } }), facts).refused('TextIsTooLong', { limit: 255 });
});

test('QoS that is enabled has at least one limit, and no burst below its maximum [S0-15, S0-16, R-24]', () => {
  const none = { enabled: true, maxBytesPerSecond: 0, burstBytesPerSecond: 0, maxIops: 0, burstIops: 0 };
  nothing.when(create({ qos: none }), facts).refused('QosIsInvalid');
  nothing.when(create({ qos: { ...none, burstIops: 10 } }), facts).then('VolumeRequested');
  nothing.when(create({ qos: { ...none, maxIops: 11, burstIops: 10 } }), facts).refused('QosIsInvalid', { value: 10, limit: 11 });
  nothing.when(create({ qos: { ...none, maxBytesPerSecond: 11, burstBytesPerSecond: 10 } }), facts).refused('QosIsInvalid');
  nothing.when(create({ qos: { ...none, maxIops: 10, burstIops: 10 } }), facts).then('VolumeRequested');
  nothing.when(create({ qos: { ...none, maxIops: 1_000_000_000 } }), facts).then('VolumeRequested');
  nothing.when(create({ qos: { ...none, maxIops: 1_000_000_001 } }), facts).refused('QosIsInvalid', { limit: 1_000_000_000 });
  nothing.when(create({ qos: { ...none, maxBytesPerSecond: 1_099_511_627_777 } }), facts).refused('QosIsInvalid', { limit: 1_099_511_627_776 });
});

test('performance priority is for V3 volumes only [S0-10, S0-23, S0-25]', () => {
  nothing.when(create({ generation: 'v2', performancePriority: true }), facts).refused('PriorityNeedsV3', { value: 'v2' });
  nothing.when(create({ generation: 'v3', performancePriority: true }), facts).then('VolumeRequested');
  nothing.when(create({ generation: 'v3adv', performancePriority: true }), facts).then('VolumeRequested');
});

test('a refusal names the capability that the backend lacks, before anything is touched [R-24, V-10]', () => {
  nothing.when(create({ qos: exampleQos }), unable({ qos: false })).refused('CapabilityIsMissing', { value: 'qos' });
  nothing.when(create({ performancePriority: true }), unable({ performancePriority: false })).refused('CapabilityIsMissing', { value: 'performancePriority' });
  nothing.when(create({ generation: 'v2' }), unable({ generations: ['v3'] })).refused('CapabilityIsMissing', { value: 'v2' });
  nothing.when(clone(), { ...cloneFacts(), pool: unable({ clone: false }).pool }).refused('CapabilityIsMissing', { value: 'clone' });
  nothing.when(clone({ flattened: true }), { ...cloneFacts(), pool: unable({ flatten: false }).pool }).refused('CapabilityIsMissing', { value: 'flatten' });
});

test('a V2 volume is not made on an erasure-coded pool [S0-9, R-5, V-11]', () => {
  nothing.when(create({ generation: 'v2' }), withPool({ poolType: 'erasure' })).refused('V2OnErasurePool');
  nothing.when(create({ generation: 'v3' }), withPool({ poolType: 'erasure' })).then('VolumeRequested');
});

test('a V2 volume is cloned neither from nor into an erasure-coded pool [S0-29, R-5]', () => {
  nothing.when(clone(), cloneFacts({}, { generation: 'v2', poolType: 'erasure' })).refused('V2OnErasurePool');
  nothing.when(clone(), cloneFacts({}, { generation: 'v2' }, { poolType: 'erasure' })).refused('V2OnErasurePool');
  nothing.when(clone(), cloneFacts({}, { generation: 'v2' })).then('VolumeRequested');
  nothing.when(clone(), cloneFacts({}, { generation: 'v3', poolType: 'erasure' }, { poolType: 'erasure' })).then('VolumeRequested');
});

test('a snapshot id makes a create a clone, which has the size and the generation of its source [S0-14, S0-16, S0-26, S0-32]', () => {
  const { state } = nothing.when(clone(), cloneFacts({}, { generation: 'v3adv' })).then('VolumeRequested');
  assert.is(state.volume?.sizeBytes, 2 * GIB);
  assert.is(state.volume?.generation, 'v3adv');
  assert.is(state.volume?.parent?.snapshotId, snapshotIdOf(9));
});

test('a clone does not name a size or a format of its own [S0-14]', () => {
  nothing.when(clone({ sizeBytes: bytes(GIB) }), cloneFacts()).refused('SizeComesFromTheSnapshot');
  nothing.when(clone({ generation: 'v3' }), cloneFacts()).refused('SizeComesFromTheSnapshot');
});

test('a clone needs a snapshot that exists, is taken, and belongs to a volume [S0-26, S0-28]', () => {
  nothing.when(clone(), { ...cloneFacts(), snapshot: null }).refused('SnapshotNotFound');
  nothing.when(clone(), cloneFacts({ usable: false })).refused('SnapshotIsNotReady');
  nothing.when(clone(), cloneFacts({ sizeBytes: null })).refused('SnapshotIsNotReady');
  nothing.when(clone(), { ...cloneFacts(), source: null }).refused('SnapshotIsNotReady');
});

test('a snapshot of a volume group is not cloned alone, unless the backend can [S0-27, V-1, V-2]', () => {
  const member = { groupSnapshotId: '11111111-0000-4000-8000-000000000001' };
  nothing.when(clone(), cloneFacts(member)).refused('SnapshotIsInGroupSnapshot');
  nothing.when(clone(), cloneFacts(member, {}, { capabilities: { ...able, cloneFromGroupSnapshot: true } })).then('VolumeRequested');
});

test('an internal backup snapshot is not cloned: it goes by itself, and a clone would keep it for ever [R-8, S0-132]', () => {
  nothing.when(clone(), cloneFacts({ expiresAt: moment(NOON) })).refused('SnapshotIsInternal', { value: snapshotIdOf(9), limit: NOON, spec: 'S0-132' });
  nothing.when(clone({ flattened: true }), cloneFacts({ expiresAt: moment(NOON) })).refused('SnapshotIsInternal');
});

test('performance priority of a clone follows the generation of its source [S0-30]', () => {
  nothing.when(clone({ performancePriority: true }), cloneFacts({}, { generation: 'v2' })).refused('PriorityNeedsV3');
});

test('a clone may stand in another pool where the backend can do that [S0-14]', () => {
  nothing.when(clone(), cloneFacts({ poolId: poolIdOf(2) })).then('VolumeRequested');
  nothing.when(clone(), cloneFacts({ poolId: poolIdOf(2) }, {}, { capabilities: { ...able, cloneAcrossPools: false } })).refused('CapabilityIsMissing', { value: 'cloneAcrossPools' });
  nothing.when(clone(), cloneFacts({}, {}, { placement: { backend: 'other', pool: 'p' } })).refused('CapabilityIsMissing', { value: 'cloneAcrossPools' });
});

test('a linked clone has at most 16 ancestors, a flattened one may come from anywhere [S0-31, R-26, I-8, I-9, V-9]', () => {
  assert.is(MAX_CLONE_DEPTH, 16);
  assert.is(nothing.when(clone(), cloneFacts({}, { depth: 15 })).then('VolumeRequested').state.volume?.depth, 16);
  nothing.when(clone(), cloneFacts({}, { depth: 16 })).refused('CloneTooDeep', { value: 17, limit: 16 });
  nothing.when(clone({ flattened: true }), cloneFacts({}, { depth: 16 })).then('VolumeRequested');
});

test('a linked clone holds its snapshot before anything is made; a flattened one holds space, too [S0-31, S0-34, R-3]', () => {
  const tells = (flattened: boolean): readonly string[] =>
    nothing.when(clone({ flattened }), cloneFacts()).owed.flatMap((work) => (work.kind === 'tell' ? work.commands.map(({ command }) => ('key' in command ? command.key.kind : command.type)) : []));
  assert.equal(tells(false), ['ReserveClone', 'name', 'serial', 'capacity', 'number']);
  assert.equal(tells(true), ['ReserveClone', 'name', 'serial', 'capacity', 'space', 'number']);
});

test('a flattened clone is cloned, then flattened, then active without a parent [S0-33, S0-35, S0-36]', () => {
  const made = nothing.when(clone({ flattened: true }), cloneFacts()).events;
  const reserved = given(volume, ...made).settled('reserve', told, facts);
  const stood = given(volume, ...made, ...reserved.events).settled('make', performed({ sizeBytes: 2 * GIB }), facts).then('VolumeMade').owes('flatten');
  const done = given(volume, ...made, ...reserved.events, ...stood.events).settled('flatten', performed(), facts).then('VolumeFlattened', 'VolumeCreated');
  done.owes('release parent');
  assert.is(done.state.volume?.parent, null);
  assert.is(done.state.volume?.depth, 0);
  assert.is(volumeStatus(done.state), 'active');
});

test('a volume whose reservation is refused gives back what it had, and the caller gets the refusal [S0-8, S0-16, R-4]', () => {
  const { state } = given(volume, requested()).settled('reserve', { _tag: 'Refused', refusal: no }, facts).then('VolumeRefused').owes('release');
  assert.equal(volume.answer(state, operation(1)), no);
  assert.is(volumeStatus(state), 'refused');
});

test('a creation that fails shows an error and can be retried or given up; giving up removes what it made [R-4, I-6]', () => {
  const stuck = [requested(), active()[1]!, failed(1, 'make')];
  assert.is(volumeStatus(given(volume, ...stuck).state), 'error');
  given(volume, ...stuck).when({ type: 'RetryOperation', volumeId, operationId: operation(1) }, facts).then('WorkRetried').owes('make');
  given(volume, ...stuck).when({ type: 'AbandonOperation', volumeId, operationId: operation(1) }, facts).then('OperationAbandoned').owes('remove');
});

test('work that is tried again after a failure has an id of its own, the same after every restart [I-6, I-15]', () => {
  const retried = given(volume, requested(), active()[1]!, failed(1, 'make')).when({ type: 'RetryOperation', volumeId, operationId: operation(1) }, facts);
  assert.is(retried.owed[0]?.workId, `${operation(1)}/make#1`);
});

test('a delayed creation says so once and goes on [I-15, I-30]', () => {
  const delayed = { _tag: 'Delayed', error: { _tag: 'Retryable', code: 'Busy', message: 'watchers', outcomeUnknown: false, watchers: ['10.0.0.1'] } } as const;
  const first = given(volume, requested(), active()[1]!).settled('make', delayed, facts).then('WorkDelayed').owes('make');
  given(volume, requested(), active()[1]!, ...first.events).settled('make', delayed, facts).then().owes('make');
});

test('a creation can be cancelled while the volume is being made, not while it is being reserved [S0-139]', () => {
  const cancel = { type: 'CancelOperation', volumeId, operationId: operation(1) } as const;
  given(volume, requested()).when(cancel, facts).refused('CannotBeCancelled');
  given(volume, requested(), active()[1]!).when(cancel, facts).then('OperationAbandoned').owes('remove');
  given(volume, ...active()).when(cancel, facts).refused('CannotBeCancelled');
});

test('an existing image is adopted under our name, at the size that was seen [I-27]', () => {
  const adopt = { type: 'AdoptVolume', volumeId, poolId: poolIdOf(1), name: 'old', description: '', labels: {}, serial: requestedSerial, hidden: false, backendName: 'legacy-image', sizeBytes: bytes(GIB), generation: 'v3' } as const;
  const asked = nothing.when(adopt, facts).then('VolumeAdoptionRequested');
  const reserved = given(volume, ...asked.events).settled('reserve', told, facts).owes('adopt');
  const done = given(volume, ...asked.events, ...reserved.events).settled('adopt', performed({ sizeBytes: 2 * GIB }), facts).then('VolumeMade', 'VolumeCreated').owes('note capacity');
  assert.is(done.state.volume?.sizeBytes, 2 * GIB);
  nothing.when(adopt, unable({ adopt: false })).refused('CapabilityIsMissing', { value: 'adopt' });
  nothing.when({ ...adopt, backendName: 'a@b' }, facts).refused('NameIsNotAllowed');
  given(volume, ...asked.events, ...reserved.events, failed(900, 'adopt')).when({ type: 'CancelOperation', volumeId, operationId: operation(900) }, facts).then('OperationAbandoned').owes('disown');
});

const requestedSerial = create().type === 'CreateVolume' ? (create() as Extract<ReturnType<typeof create>, { type: 'CreateVolume' }>).serial : (undefined as never);

test('giving up the recovery of a volume lets it go and never removes what stood on the backend [I-27]', () => {
  const recover = {
    type: 'RecoverVolume', volumeId, poolId: poolIdOf(1), name: 'data', description: '', labels: {}, serial: requestedSerial, hidden: false,
    generation: 'v3', sizeBytes: bytes(GIB), qos: exampleQos, performancePriority: false, parent: null, depth: 0,
  } as const;
  const found = nothing.when(recover, withPool({ health: 'error' })).then('VolumeRecovered').owes('reserve');
  const reserved = given(volume, ...found.events).settled('reserve', told, facts).owes('make');
  const history = [...found.events, ...reserved.events, failed(900, 'make')];
  given(volume, ...history).when({ type: 'AbandonOperation', volumeId, operationId: operation(900) }, facts).then('OperationAbandoned').owes('disown');
  given(volume, ...history).when({ type: 'CancelOperation', volumeId, operationId: operation(900) }, facts).then('OperationAbandoned').owes('disown');
});

test('nobody finds a volume that never was, was refused, or is gone [S0-52]', () => {
  const flatten = { type: 'FlattenVolume', volumeId } as const;
  nothing.when(flatten, facts).refused('VolumeNotFound', { value: volumeId });
  given(volume, requested(), { type: 'VolumeRefused', operationId: operation(1), at: NOON, refusal: no }).when(flatten, facts).refused('VolumeNotFound');
  given(volume, ...active(), { type: 'VolumeDeleted', operationId: operation(2), at: NOON }).when(flatten, facts).refused('VolumeNotFound');
});

test.run();
