import { initiatorCodes, isAttached, volume, type AttachingPathFacts, type ClientGroupId, type ConnectionWish, type VolumeCommand, type VolumeEvent, type VolumeFacts } from '@blockledger/domain';
import * as assert from 'uvu/assert';
import { from, given } from '../../support/decider.ts';
import { accessPathId, active, attached, bytes, connectorOf, facts, mapped, metaOf, moment, NOON, operation, passive, uuid, volumeId } from '../../support/samples.ts';
import { suite } from '../../support/suite.ts';

const test = suite('attachments of a volume');
const idOf = (n: number): string => uuid('f', n);
const gold: AttachingPathFacts = { name: 'gold', tenant: 'default', accessType: 'iscsi', fences: true };
const withPath = (more: Partial<AttachingPathFacts> = {}): VolumeFacts => ({ ...facts, paths: { [accessPathId]: { ...gold, ...more } } });
const wishOf = (n: number, more: Parameters<typeof connectorOf>[1] = {}): ConnectionWish => ({ accessPathId, clientGroupId: uuid('7', n) as ClientGroupId, connector: connectorOf(n, more) });

type Reserve = Extract<VolumeCommand, { type: 'ReserveAttachment' }>;
const reserve = (n: number, more: Partial<Reserve> = {}): Reserve => ({ type: 'ReserveAttachment', volumeId, attachmentId: idOf(n), purpose: 'host', shared: false, mode: 'rw', instanceId: null, hostName: null, connect: null, ...more });
const connect = (n: number, wish = wishOf(n)): VolumeCommand => ({ type: 'ConnectAttachment', volumeId, attachmentId: idOf(n), connect: wish });
const complete = (n: number, more: Partial<Extract<VolumeCommand, { type: 'CompleteAttachment' }>> = {}): VolumeCommand => ({ type: 'CompleteAttachment', volumeId, attachmentId: idOf(n), instanceId: 'vm-1', hostName: 'node1', mountPoint: '/dev/vdb', mode: null, ...more });
const begin = (n: number): VolumeCommand => ({ type: 'BeginDetaching', volumeId, attachmentId: idOf(n) });
const disconnect = (n: number | null, force = false): VolumeCommand => ({ type: 'DisconnectAttachments', volumeId, attachmentId: n === null ? null : idOf(n), force });
const release = (n: number, force = false): VolumeCommand => ({ type: 'ReleaseAttachment', volumeId, attachmentId: idOf(n), force });
const confirmed = (n: number, of: number): VolumeCommand => ({ type: 'ConfirmConnection', volumeId, attachmentId: idOf(n), connectionId: operation(of), mappingGroupId: uuid('8', 1) as never, lun: 3 });
const ended = (n: number, of: number): VolumeCommand => ({ type: 'EndConnection', volumeId, attachmentId: idOf(n), connectionId: operation(of), refusal: null });
const no = { _tag: 'LunNumbersAreTaken', rule: 'roomForLuns', spec: 'I-19', message: 'none is free', remedy: 'wait' };

/** Commands one after the other, each accepted, the n-th of them with the n-th envelope; then more can be said. */
const after = (...commands: readonly VolumeCommand[]) => from(volume, commands.reduce((state, command, at) => {
  const decided = volume.decide(state, command, metaOf(at + 1), withPath());
  assert.is(decided._tag, 'Right', `${command.type} ${JSON.stringify(decided)}`);
  return (decided._tag === 'Right' ? decided.right : []).reduce(volume.evolve, state);
}, given(volume, ...active()).state));
const stageOf = (state: typeof volume.initial, n = 1): string | undefined => state.volume?.attachments[idOf(n)]?.stage;
const told = { _tag: 'Told', replies: [] } as const;

test('a volume is kept for one user at a time, or for several who all share it [S4-1, S4-2, R-28]', () => {
  const ready = given(volume, ...active());
  const { state } = ready.when(reserve(1), facts).then('AttachmentReserved');
  assert.is(stageOf(state), 'reserved');
  from(volume, state).when(reserve(1), facts).then();
  from(volume, state).when(reserve(2), facts).refused('MappingNeedsShared', { value: [idOf(1)] });
  from(volume, state).when(reserve(2, { shared: true }), facts).refused('MappingNeedsShared');
  after(reserve(1, { shared: true })).when(reserve(2, { shared: true }), facts).then('AttachmentReserved');
  after(reserve(1, { shared: true })).when(reserve(2), facts).refused('MappingNeedsShared');
});

test('a volume that is mapped by hand is attached only if both share it, and the other way round [S4-2, R-28]', () => {
  const byHand: VolumeCommand = { type: 'ReserveMapping', volumeId, mappingId: uuid('e', 7), shared: false, accessPathId, onePath: false, connectionId: null };
  given(volume, ...active(), mapped).when(reserve(1, { shared: true }), facts).refused('MappingNeedsShared');
  given(volume, ...active(), { ...mapped, shared: true } as VolumeEvent).when(reserve(1, { shared: true }), facts).then('AttachmentReserved');
  after(reserve(1)).when({ ...byHand, shared: true }, facts).refused('MappingNeedsShared');
  after(reserve(1, { shared: true })).when({ ...byHand, shared: true }, facts).then('VolumeMapped');
});

test('only an active volume that may be written to is reserved [S4-2, S0-40]', () => {
  const deleting: VolumeEvent = { type: 'VolumeDeletionRequested', operationId: operation(4), at: NOON, force: false, retainMs: 5000 };
  const trashed: VolumeEvent = { type: 'VolumeTrashed', operationId: operation(4), at: NOON, purgeAt: moment(NOON + 5000) };
  given(volume, ...active(), deleting, trashed).when(reserve(1), facts).refused('VolumeIsNotReady', { value: 'trashed' });
  given(volume, ...active(), passive).when(reserve(1), facts).refused('VolumeIsPassive');
  given(volume).when(reserve(1), facts).refused('VolumeNotFound');
  given(volume, ...active(), { type: 'VolumeDeletionRequested', operationId: operation(4), at: NOON, force: false, retainMs: null }).when(reserve(1), facts).refused('VolumeIsBusy');
});

test('an attachment is connected by its access path, which is told of the initiator, and is connected when that says so [S4-3, S1-34, R-28]', () => {
  const asked = after(reserve(1)).when(connect(1), withPath(), metaOf(2)).then('AttachmentConnecting').owes(`connect ${idOf(1)}`);
  assert.equal(asked.owed[0]?.kind === 'tell' ? asked.owed[0].commands : [], [
    { to: 'accessPath', command: { type: 'AttachVolume', accessPathId, connectionId: operation(2), attachmentId: idOf(1), volumeId, clientGroupId: uuid('7', 1), clients: ['iqn.1994-05.com.redhat:node1'], shared: false } },
  ]);
  assert.is(volume.answer(asked.state, operation(2)), 'pending');
  const admitted = from(volume, asked.state).settled(`connect ${idOf(1)}`, told, facts).then('AttachmentAdmitted').owes();
  assert.is(volume.answer(admitted.state, operation(2)), 'accepted');
  const connected = from(volume, admitted.state).when(confirmed(1, 2), facts).then('AttachmentConnected');
  assert.is(connected.state.volume?.attachments[idOf(1)]?.connection?.lun, 3);
  from(volume, connected.state).when(confirmed(1, 2), facts).then();
  from(volume, connected.state).when(complete(1), facts).then('AttachmentCompleted');
});

test('one request reserves and connects, or does neither [S4-8]', () => {
  const whole = reserve(1, { connect: wishOf(1) });
  given(volume, ...active()).when(whole, facts).refused('AccessPathNotFound');
  given(volume, ...active()).when(whole, withPath({ tenant: 'red' })).refused('AccessPathNotFound');
  const asked = given(volume, ...active()).when(whole, withPath(), metaOf(2)).then('AttachmentReserved', 'AttachmentConnecting');
  const refused = from(volume, asked.state).settled(`connect ${idOf(1)}`, { _tag: 'Refused', refusal: no }, facts).then('AttachmentRefused', 'AttachmentReleased');
  assert.is(isAttached(refused.state.volume!), false);
  assert.equal(volume.answer(refused.state, operation(2)), no);
});

test('a connection that is refused leaves the attachment reserved, and it can be connected again [S4-3, I-20]', () => {
  const refused = after(reserve(1), connect(1)).settled(`connect ${idOf(1)}`, { _tag: 'Refused', refusal: no }, facts).then('AttachmentRefused').owes();
  assert.is(stageOf(refused.state), 'reserved');
  from(volume, refused.state).when(connect(1), withPath(), metaOf(9)).then('AttachmentConnecting');
  from(volume, refused.state).when(release(1), facts).then('AttachmentReleased');
});

test('a connector without what the type of the path needs is refused by name [S4-3]', () => {
  const reserved = after(reserve(1));
  reserved.when(connect(1, wishOf(1, { initiator: null })), withPath()).refused('ConnectorIsIncomplete', { value: 'initiator' });
  reserved.when(connect(1, wishOf(1, { initiator: '' })), withPath()).refused('ConnectorIsIncomplete', { value: 'initiator' });
  reserved.when(connect(1), withPath({ accessType: 'fc' })).refused('ConnectorIsIncomplete', { value: 'wwpns' });
  reserved.when(connect(1, wishOf(1, { initiator: 'IQN.1994-05.com.redhat:node1' })), withPath()).refused('InitiatorIsNotAllowed');
  reserved.when(connect(1, wishOf(1, { wwpns: ['xyz'] })), withPath({ accessType: 'fc' })).refused('InitiatorIsNotAllowed');
  reserved.when(connect(1, wishOf(1, { wwpns: ['5001438012345678'] })), withPath({ accessType: 'fc' })).then('AttachmentConnecting');
  reserved.when(connect(1, wishOf(1, { initiator: null })), withPath({ accessType: 'local' })).then('AttachmentConnecting');
  assert.equal(initiatorCodes('fc', connectorOf(1, { wwpns: ['50:01:43:80:12:34:56:78', '5001438012345678'] })), ['50:01:43:80:12:34:56:78']);
});

test('asked again for the same initiator it is the same connection; another one is refused [S4-3, I-15, I-16]', () => {
  const connected = after(reserve(1), connect(1), confirmed(1, 2));
  connected.when(connect(1), withPath()).then();
  connected.when(connect(1, wishOf(2)), withPath()).refused('AttachmentIsConnected', { value: 'connected' });
  after(reserve(1)).when(connect(2), withPath()).refused('AttachmentNotFound', { value: idOf(2) });
});

test('an attachment is completed when it is connected, and again when it was about to be detached [S4-4, S4-5]', () => {
  after(reserve(1)).when(complete(1), facts).refused('AttachmentIsNotConnected', { value: 'reserved' });
  after(reserve(1), connect(1)).when(complete(1), facts).refused('AttachmentIsNotConnected', { value: 'connecting' });
  const { state } = after(reserve(1), connect(1), confirmed(1, 2)).when(complete(1, { mode: 'ro' }), facts).then('AttachmentCompleted');
  const { stage, instanceId, hostName, mountPoint, mode } = state.volume!.attachments[idOf(1)]!;
  assert.equal([stage, instanceId, hostName, mountPoint, mode], ['attached', 'vm-1', 'node1', '/dev/vdb', 'ro']);
  from(volume, state).when(complete(1), facts).then();
  const detaching = from(volume, state).when(begin(1), facts).then('AttachmentDetaching');
  from(volume, detaching.state).when(begin(1), facts).then();
  assert.is(stageOf(from(volume, detaching.state).when(complete(1), facts).then('AttachmentCompleted').state), 'attached');
  after(reserve(1)).when(begin(1), facts).refused('AttachmentIsNotConnected');
  from(volume, detaching.state).when(connect(1), withPath()).refused('AttachmentIsLeaving', { value: 'detaching' });
  after(reserve(1), connect(1), confirmed(1, 2)).when(complete(1, { mountPoint: 'x'.repeat(256) }), facts).refused('AttachmentTextIsTooLong', { value: 'mountPoint', limit: 255 });
});

test('disconnecting ends when the access path says that nobody shows it any more, and releasing lets go [S4-6, S4-7]', () => {
  const base = after(reserve(1), connect(1), confirmed(1, 2), complete(1), begin(1));
  const leaving = base.when(disconnect(1), facts, metaOf(9)).then('AttachmentDisconnecting').owes(`disconnect ${idOf(1)}`);
  const dismissed = from(volume, leaving.state).settled(`disconnect ${idOf(1)}`, told, facts).then('AttachmentDismissed').owes();
  from(volume, dismissed.state).when(disconnect(1), facts).then();
  const gone = from(volume, dismissed.state).when(ended(1, 2), facts).then('AttachmentDisconnected', 'AttachmentsDisconnected');
  assert.is(stageOf(gone.state), 'disconnected');
  assert.ok(isAttached(gone.state.volume!), 'it is kept until its user lets go');
  from(volume, gone.state).when(release(1), facts).then('AttachmentReleased');
  from(volume, gone.state).when(complete(1), facts).refused('AttachmentIsLeaving');
  from(volume, gone.state).when(connect(1), withPath(), metaOf(12)).then('AttachmentConnecting');
});

test('releasing what is connected disconnects it first [S4-8, I-22]', () => {
  const leaving = after(reserve(1), connect(1), confirmed(1, 2)).when(release(1), facts, metaOf(9)).then('AttachmentDisconnecting');
  from(volume, leaving.state).when(ended(1, 2), facts).then('AttachmentDisconnected', 'AttachmentReleased', 'AttachmentsDisconnected');
});

test('disconnecting all takes every initiator away, as one operation [S1-35, S4-6]', () => {
  const shared = { shared: true };
  const base = after(reserve(1, shared), connect(1), confirmed(1, 2), reserve(2, shared), connect(2), confirmed(2, 5), reserve(3, shared));
  const leaving = base.when(disconnect(null), facts, metaOf(9)).then('AttachmentDisconnecting', 'AttachmentDisconnecting').owes(`disconnect ${idOf(1)}`, `disconnect ${idOf(2)}`);
  assert.equal(leaving.owed.map(({ operationId }) => operationId), [operation(9), operation(9)]);
  const one = from(volume, leaving.state).when(ended(1, 2), facts).then('AttachmentDisconnected');
  from(volume, one.state).when(ended(2, 5), facts).then('AttachmentDisconnected', 'AttachmentsDisconnected');
  assert.is(stageOf(leaving.state, 3), 'reserved');
});

test('what is disconnected while the access path is being asked is told to end only when that has answered [I-20, I-22]', () => {
  const asking = after(reserve(1), connect(1), disconnect(1)).when(disconnect(1), facts).then().owes(`connect ${idOf(1)}`);
  const admitted = from(volume, asking.state).settled(`connect ${idOf(1)}`, told, facts).then('AttachmentAdmitted').owes(`disconnect ${idOf(1)}`);
  from(volume, admitted.state).when(confirmed(1, 2), facts).then();
  from(volume, asking.state).settled(`connect ${idOf(1)}`, { _tag: 'Refused', refusal: no }, facts).then('AttachmentDisconnected', 'AttachmentsDisconnected');
});

test('a word about an earlier connection changes nothing [I-22]', () => {
  const again = after(reserve(1), connect(1), ended(1, 2), connect(1));
  again.when(ended(1, 2), facts).then();
  again.when(confirmed(1, 2), facts).then();
  again.when(confirmed(1, 4), facts).then('AttachmentConnected');
});

test('force fences, and is refused where nobody could see that [I-21]', () => {
  const base = after(reserve(1), connect(1), confirmed(1, 2));
  base.when(disconnect(1, true), withPath({ fences: false })).refused('CapabilityIsMissing', { value: 'fences' });
  base.when(release(1, true), withPath({ fences: false })).refused('CapabilityIsMissing', { value: 'fences' });
  const forced = base.when(disconnect(1, true), withPath()).then('AttachmentDisconnecting');
  const [work] = forced.owed;
  assert.equal(work?.kind === 'tell' ? work.commands : [], [{ to: 'accessPath', command: { type: 'DetachVolume', accessPathId, connectionId: operation(2), force: true } }]);
  // What leaves already is fenced now; the other way round it stays fenced.
  const gentle = after(reserve(1), connect(1), confirmed(1, 2), disconnect(1)).settled(`disconnect ${idOf(1)}`, told, facts);
  from(volume, gentle.state).when(disconnect(1, true), withPath(), metaOf(9)).then('AttachmentDisconnecting').owes(`disconnect ${idOf(1)}`);
  from(volume, forced.state).when(disconnect(1), facts).then();
  const released = from(volume, forced.state).when(release(1), facts, metaOf(9)).then('AttachmentDisconnecting');
  assert.is(released.state.volume?.attachments[idOf(1)]?.force, true);
});

test('letting go of what is gone succeeds [I-22]', () => {
  const ready = given(volume, ...active());
  for (const command of [begin(1), disconnect(1), disconnect(null), release(1), ended(1, 2), confirmed(1, 2)]) {
    ready.when(command, facts).then();
    given(volume).when(command, facts).then();
  }
  const lost = after(reserve(1), connect(1), confirmed(1, 2), disconnect(1));
  const known = { ...no, _tag: 'ConnectionNotFound' };
  lost.settled(`disconnect ${idOf(1)}`, { _tag: 'Refused', refusal: known }, facts).then('AttachmentDisconnected', 'AttachmentsDisconnected');
  lost.settled(`disconnect ${idOf(1)}`, { _tag: 'Refused', refusal: { ...no, _tag: 'AccessPathNotFound' } }, facts).then('AttachmentDisconnected', 'AttachmentsDisconnected');
});

test('an access path that will not let go is trouble that somebody can retry, or ask for otherwise [I-20, I-2]', () => {
  const stuck = after(reserve(1), connect(1), confirmed(1, 2), disconnect(1)).settled(`disconnect ${idOf(1)}`, { _tag: 'Refused', refusal: no }, facts).then('WorkFailed').owes();
  from(volume, stuck.state).when({ type: 'RetryOperation', volumeId, operationId: operation(4) }, facts).then('WorkRetried').owes(`disconnect ${idOf(1)}`);
  from(volume, stuck.state).when(disconnect(1), facts, metaOf(9)).then('AttachmentDisconnecting').owes(`disconnect ${idOf(1)}`);
  from(volume, stuck.state).when(release(1, true), withPath(), metaOf(9)).then('AttachmentDisconnecting').owes(`disconnect ${idOf(1)}`);
});

test('what is attached, at whatever stage, is not deleted, rolled back, made smaller, passive or let go [R-28, I-22, S0-39, S0-54]', () => {
  const stages = [after(reserve(1)), after(reserve(1), connect(1)), after(reserve(1), connect(1), confirmed(1, 2)), after(reserve(1), connect(1), confirmed(1, 2), disconnect(1))];
  for (const base of stages) {
    for (const force of [false, true]) base.when({ type: 'DeleteVolume', volumeId, cascade: true, force, retainMs: null }, facts).refused('VolumeIsAttached');
    base.when({ type: 'DisownVolume', volumeId }, facts).refused('VolumeIsAttached');
    base.when({ type: 'DemoteVolume', volumeId }, facts).refused('VolumeIsAttached');
    base.when({ type: 'UpdateVolume', volumeId, changes: { sizeBytes: (base.state.volume!.sizeBytes / 2) as never } }, facts).refused('VolumeIsAttached');
  }
});

test('a volume that grows is detached, and what is detached grows on: neither waits for the other [S1-8, S4-6, S4-7, R-28]', () => {
  const grow: VolumeCommand = { type: 'UpdateVolume', volumeId, changes: { sizeBytes: bytes(2 ** 40) } };
  const connected = [reserve(1), connect(1), confirmed(1, 2)];
  for (const leave of [disconnect(1), disconnect(null), release(1)]) {
    const [growing, leaving] = [after(...connected, grow, leave), after(...connected, leave, grow)];
    for (const { state } of [growing, leaving]) {
      assert.equal([stageOf(state), state.operation?.kind], ['disconnecting', 'resize']);
      const gone = from(volume, state).when(ended(1, 2), facts).then('AttachmentDisconnected', ...(leave.type === 'ReleaseAttachment' ? ['AttachmentReleased' as const] : []), 'AttachmentsDisconnected');
      assert.is(gone.state.operation?.kind, 'resize');
    }
  }
});

test('backups, clones and migrations hold a volume without being connected [R-28]', () => {
  const held = after(reserve(1, { purpose: 'backup', mode: 'ro' }));
  held.when(reserve(2), facts).refused('MappingNeedsShared');
  held.when(connect(1), withPath()).refused('AttachmentIsInternal', { value: 'backup' });
  given(volume, ...active()).when(reserve(1, { purpose: 'clone', connect: wishOf(1) }), withPath()).refused('AttachmentIsInternal');
  const working = held.when(complete(1), facts).then('AttachmentCompleted');
  from(volume, working.state).when(disconnect(null), facts).then();
  from(volume, working.state).when(release(1), facts).then('AttachmentReleased');
});

test('a mapping for an attachment is asked for by its connection, and by no other [R-28, S4-2]', () => {
  const mapping = (of: number): VolumeCommand => ({ type: 'ReserveMapping', volumeId, mappingId: uuid('e', 9), shared: false, accessPathId, onePath: false, connectionId: operation(of) });
  after(reserve(1), connect(1)).when(mapping(2), facts).then('VolumeMapped');
  after(reserve(1), connect(1)).when(mapping(3), facts).refused('AttachmentNotFound', { value: operation(3) });
  after(reserve(1)).when(mapping(2), facts).refused('AttachmentNotFound');
});

test('a volume has at most 256 attachments [I-12]', () => {
  const { state } = given(volume, ...active(), ...Array.from({ length: 256 }, (_, n): VolumeEvent => ({ ...attached, attachmentId: idOf(n + 1), shared: true }) as VolumeEvent));
  from(volume, state).when(reserve(300, { shared: true }), facts).refused('TooManyAttachments', { value: 257, limit: 256 });
});

test('logs from before attachments were connected are read: reserved, and released [R-28]', () => {
  const old: VolumeEvent = { type: 'VolumeAttached', attachmentId: idOf(1), shared: true, at: NOON };
  assert.is(volume.event.decode(JSON.parse(JSON.stringify(old)))._tag, 'Right');
  const read = given(volume, ...active(), old);
  assert.is(stageOf(read.state), 'reserved');
  read.when(reserve(2, { shared: true }), facts).then('AttachmentReserved');
  read.when(connect(1), withPath()).then('AttachmentConnecting');
  read.when(release(1), facts).then('AttachmentReleased');
  assert.is(isAttached(given(volume, ...active(), old, { type: 'VolumeDetached', attachmentId: idOf(1), at: NOON }).state.volume!), false);
});

test.run();
