import { noClientGroup, noVolume, clientGroupStream, LUN_REST_MS, type AccessPathCommand, type ClientGroupId, type ClientGroupState, type OperationId, type VolumeCommand, type VolumeId } from '@blockledger/domain';
import * as assert from 'uvu/assert';
import { uuid } from '../../support/decider.ts';
import { beginPath, clientOf, clientsId, createGroup, addVolumes, deleteGroup, groupId, isOn, pathId, registerHost, removeVolumes, settleWhileAway, type Asked, type PathScene } from '../../support/pathScene.ts';
import type { PathOptions } from '../../support/pathWorld.ts';
import { accountOf, hostIdOf } from '../../support/pathWorld.ts';
import { connectorOf, volumeIdOf } from '../../support/samples.ts';
import { suite } from '../../support/suite.ts';

const test = suite('attachments on access paths');
const idOf = (n: number): string => uuid('f', n);
/** The client group of the n-th initiator. */
const ownGroup = (n: number): ClientGroupId => uuid('d', n) as ClientGroupId;

interface Scene extends PathScene {
  readonly onVolume: (command: VolumeCommand) => Asked;
  /** Attaches a volume to the n-th initiator. */
  readonly attach: (attachment: number, volume: number, initiator: number, more?: { readonly shared?: boolean; readonly code?: string }) => Asked;
  readonly disconnect: (attachment: number | null, volume: number, force?: boolean) => Asked;
  readonly release: (attachment: number, volume: number) => Asked;
  readonly stage: (attachment: number, volume: number) => string | undefined;
  readonly ownState: (initiator: number) => ClientGroupState;
}

const begin = (options: PathOptions = {}): Scene => {
  const scene = beginPath(options);
  const { it, ask } = scene;
  const onVolume = (command: VolumeCommand): Asked => ask({ to: 'volume', command });
  return {
    ...scene,
    onVolume,
    attach: (attachment, volume, initiator, { shared = false, code } = {}) =>
      onVolume({
        type: 'ReserveAttachment',
        volumeId: volumeIdOf(volume),
        attachmentId: idOf(attachment),
        purpose: 'host',
        shared,
        mode: 'rw',
        instanceId: null,
        hostName: null,
        connect: { accessPathId: pathId, clientGroupId: ownGroup(initiator), connector: connectorOf(initiator, code === undefined ? {} : { initiator: code }) },
      }),
    disconnect: (attachment, volume, force = false) => onVolume({ type: 'DisconnectAttachments', volumeId: volumeIdOf(volume), attachmentId: attachment === null ? null : idOf(attachment), force }),
    release: (attachment, volume) => onVolume({ type: 'ReleaseAttachment', volumeId: volumeIdOf(volume), attachmentId: idOf(attachment), force: false }),
    stage: (attachment, volume) => (it.volumeState(volumeIdOf(volume)) ?? noVolume).volume?.attachments[idOf(attachment)]?.stage,
    ownState: (initiator) => (it.streams.get(clientGroupStream(ownGroup(initiator)))?.state as ClientGroupState | undefined) ?? noClientGroup,
  };
};

/** What each target shows to an initiator: volumes by their LUN numbers. */
const shown = ({ targets }: Scene, code: string): readonly string[] =>
  [...targets].flatMap(([where, { clients, luns }]) =>
    clients.filter((client) => client.code === code).flatMap((client) => client.luns.map((lun) => `${where.split(' ')[0]} ${lun} ${luns.find((one) => one.lun === lun)?.volume.volumeId ?? 'nothing'}`)),
  );
const node = (n: number): string => `iqn.1994-05.com.redhat:node${n}`;
const isKnown = ({ targets }: Scene, code: string): boolean => [...targets.values()].some(({ clients }) => clients.some((client) => client.code === code));

/** Nothing of attachments is left: no LUN, no entry, no mapping group, no client group, no mapping. */
const assertNothingLeft = (scene: Scene, ...initiators: readonly number[]): void => {
  for (const n of initiators) {
    assert.not(isKnown(scene, node(n)), `${node(n)} is let in still`);
    assert.is(scene.ownState(n).lifecycle, 'deleted');
    assert.equal(scene.ownState(n).users, {});
  }
  const { path, operations, dues } = scene.path();
  assert.equal([path?.groups, operations, dues], [[], [], []]);
  for (const n of [1, 2, 3]) assert.equal(scene.it.volumeState(volumeIdOf(n)).volume?.mappings, {});
};

test('attaching makes a client group for the initiator, maps the volume on every host, and is connected with the LUN number of all [S4-3, S1-34, R-28]', () => {
  const scene = begin();
  scene.attach(1, 1, 1).accepted();
  scene.it.settle();
  assert.is(scene.stage(1, 1), 'connected');
  assert.is(scene.it.volumeState(volumeIdOf(1)).volume?.attachments[idOf(1)]?.connection?.lun, 0);
  assert.equal(shown(scene, node(1)), [`gw1 0 ${volumeIdOf(1)}`, `gw2 0 ${volumeIdOf(1)}`]);
  const { group, lifecycle } = scene.ownState(1);
  assert.equal([lifecycle, group?.clients, group?.isForAttachments, group?.name], ['active', [node(1)], true, `initiator ${node(1)}`]);
});

test('releasing the last attachment of an initiator takes LUN, entry, mapping group and client group away [S4-6, S4-7, I-22]', () => {
  const scene = begin();
  scene.attach(1, 1, 1).accepted();
  scene.attach(2, 2, 1).accepted();
  scene.it.settle();
  assert.is(shown(scene, node(1)).length, 4);
  scene.release(1, 1).accepted();
  scene.it.settle();
  assert.equal(shown(scene, node(1)), [`gw1 1 ${volumeIdOf(2)}`, `gw2 1 ${volumeIdOf(2)}`]);
  assert.is(scene.ownState(1).lifecycle, 'active');
  scene.release(2, 2).accepted();
  scene.it.settle();
  assertNothingLeft(scene, 1);
  assert.is(scene.stage(2, 2), undefined);
});

test('an initiator comes back under the client group that it had, and its number rests before another volume gets it [I-19, R-28]', () => {
  const scene = begin();
  scene.attach(1, 1, 1).accepted();
  scene.it.settle();
  const { number } = scene.ownState(1).group!;
  scene.release(1, 1).accepted();
  scene.it.settle();
  scene.attach(2, 2, 1).accepted();
  scene.it.settle();
  assert.equal([scene.ownState(1).lifecycle, scene.ownState(1).group?.number], ['active', number]);
  assert.equal(shown(scene, node(1)), [`gw1 1 ${volumeIdOf(2)}`, `gw2 1 ${volumeIdOf(2)}`]);
  scene.release(2, 2).accepted();
  scene.it.settle();
  scene.it.advance(LUN_REST_MS + 1);
  scene.attach(3, 3, 1).accepted();
  scene.it.settle();
  assert.equal(shown(scene, node(1)), [`gw1 0 ${volumeIdOf(3)}`, `gw2 0 ${volumeIdOf(3)}`]);
});

test('two attachments of one initiator share a LUN, which goes with the last of them [S4-2, R-28]', () => {
  const scene = begin();
  scene.attach(1, 1, 1, { shared: true }).accepted();
  scene.it.settle();
  scene.attach(2, 1, 1, { shared: true }).accepted();
  scene.it.settle();
  assert.is(scene.stage(2, 1), 'connected');
  assert.is(shown(scene, node(1)).length, 2);
  scene.release(1, 1).accepted();
  scene.it.settle();
  assert.is(scene.stage(1, 1), undefined);
  assert.is(scene.stage(2, 1), 'connected');
  assert.is(shown(scene, node(1)).length, 2);
  scene.release(2, 1).accepted();
  scene.it.settle();
  assertNothingLeft(scene, 1);
});

test('of two initiators that share a volume each sees it under the same number, and disconnecting all takes it from both [S1-35, S4-6]', () => {
  const scene = begin();
  scene.attach(1, 1, 1, { shared: true }).accepted();
  scene.attach(2, 1, 2, { shared: true }).accepted();
  scene.it.settle();
  assert.equal([shown(scene, node(1)), shown(scene, node(2))].map((seen) => seen[0]), [`gw1 0 ${volumeIdOf(1)}`, `gw1 0 ${volumeIdOf(1)}`]);
  scene.disconnect(null, 1).accepted();
  scene.it.settle();
  assert.equal([scene.stage(1, 1), scene.stage(2, 1)], ['disconnected', 'disconnected']);
  assertNothingLeft(scene, 1, 2);
});

test('an attachment that waits for a host is connected by those that can be reached, and detached when all have let go [I-20, I-21]', () => {
  const scene = begin();
  const { it } = scene;
  scene.attach(1, 1, 1).accepted();
  settleWhileAway(it, isOn('gw2'));
  assert.is(scene.stage(1, 1), 'connected');
  scene.release(1, 1).accepted();
  settleWhileAway(it, isOn('gw2'));
  assert.is(scene.stage(1, 1), 'disconnecting', 'nobody knows whether gw2 shows it');
  it.settle();
  assertNothingLeft(scene, 1);
});

test('what was attached through a host that is declared off is detached without it [I-20]', () => {
  const scene = begin();
  scene.attach(1, 1, 1).accepted();
  scene.it.settle();
  scene.release(1, 1).accepted();
  settleWhileAway(scene.it, isOn('gw2'));
  scene.onHost({ type: 'DeclareHostOff', hostId: scene.path().path!.hosts[1]!.hostId, reason: 'no power' }).accepted();
  settleWhileAway(scene.it, isOn('gw2'));
  assert.is(scene.stage(1, 1), undefined);
});

test('detaching by force fences the initiator on every host before it counts [I-21]', () => {
  const scene = begin();
  scene.attach(1, 1, 1).accepted();
  scene.it.settle();
  scene.disconnect(1, 1, true).accepted();
  scene.it.settle();
  const fencing = scene.calls.flatMap((work) => (work.on === 'target' && work.action.do === 'ensureTarget' && work.action.fenced.includes(node(1)) ? [work.action.target.place.host] : []));
  assert.equal([...new Set(fencing)], ['gw1', 'gw2']);
  assert.is(scene.stage(1, 1), 'disconnected');
  assertNothingLeft(scene, 1);
  const blind = begin({ capabilities: { fences: false } });
  blind.attach(1, 1, 1).accepted();
  blind.it.settle();
  blind.disconnect(1, 1, true).refused('CapabilityIsMissing', { value: 'fences' });
  blind.disconnect(1, 1).accepted();
  blind.it.settle();
  assertNothingLeft(blind, 1);
});

test('who was to be fenced while the gateways could not be asked, and cannot be, is let go without force when somebody asks for that [I-21, I-22]', () => {
  const scene = begin({ capabilities: { fences: false } });
  scene.attach(1, 1, 1).accepted();
  scene.it.settle();
  scene.it.dark(true);
  const first = scene.disconnect(1, 1, true).accepted();
  scene.it.dark(false);
  scene.it.settle();
  scene.onVolume({ type: 'RetryOperation', volumeId: volumeIdOf(1), operationId: first.operationId as OperationId }).accepted();
  scene.it.settle();
  assert.is(scene.stage(1, 1), 'disconnecting');
  scene.disconnect(1, 1).accepted();
  scene.it.settle();
  assert.equal([scene.stage(1, 1), scene.it.volumeState(volumeIdOf(1)).troubles], ['disconnected', {}]);
  assertNothingLeft(scene, 1);
});

test('an attachment that leaves is fenced when somebody asks for it afterwards [I-21]', () => {
  const scene = begin();
  scene.attach(1, 1, 1).accepted();
  scene.it.settle();
  scene.disconnect(1, 1).accepted();
  settleWhileAway(scene.it, isOn('gw2'));
  scene.disconnect(1, 1, true).accepted();
  scene.it.settle();
  assert.ok(scene.calls.some((work) => work.on === 'target' && work.action.target.place.host === 'gw2' && work.action.do === 'ensureTarget' && work.action.fenced.includes(node(1))));
  assertNothingLeft(scene, 1);
});

test('another volume is attached while the last one of its initiator goes: the mapping group stays, or is made anew, and nothing is lost [I-22, I-17]', () => {
  for (const turns of [0, 1, 2, 3, 4, 5, 6, 8, 10, 12, 15]) {
    const scene = begin();
    const { it } = scene;
    scene.attach(1, 1, 1).accepted();
    it.settle();
    scene.release(1, 1).accepted();
    for (let turn = 0; turn < turns; turn += 1) {
      const [next] = it.owing();
      if (next !== undefined) it.work(next);
    }
    scene.attach(2, 2, 1).accepted();
    it.settle();
    assert.equal([scene.stage(1, 1), scene.stage(2, 2)], [undefined, 'connected'], `after ${turns} works`);
    assert.is(shown(scene, node(1)).length, 2);
    scene.release(2, 2).accepted();
    it.settle();
    assertNothingLeft(scene, 1);
  }
});

test('an attachment is let go at any moment of being connected, and nothing of it stays [I-20, I-22]', () => {
  for (let turns = 0; turns < 16; turns += 1) {
    const scene = begin();
    const { it } = scene;
    scene.attach(1, 1, 1).accepted();
    for (let turn = 0; turn < turns; turn += 1) {
      const [next] = it.owing();
      if (next !== undefined) it.work(next);
    }
    scene.release(1, 1).accepted();
    it.settle();
    assert.is(scene.stage(1, 1), undefined, `after ${turns} works`);
    const { path, operations, dues } = scene.path();
    assert.equal([path?.groups, operations, dues], [[], [], []]);
    assert.equal(it.volumeState(volumeIdOf(1)).volume?.mappings, {});
    assert.not(isKnown(scene, node(1)));
  }
});

test('what cannot be connected leaves a volume as free as it was [S4-8, R-16]', () => {
  const few = begin({ capabilities: { maxLuns: 1 } });
  few.attach(1, 1, 1).accepted();
  few.it.settle();
  few.late(few.attach(2, 2, 2)).refused('LunNumbersAreTaken');
  assert.is(few.stage(2, 2), undefined);
  few.late(few.attach(3, 3, 1)).refused('LunNumbersAreTaken');
  const ipsOnly = begin({ capabilities: { clientCodes: ['ip'] } });
  ipsOnly.late(ipsOnly.attach(1, 1, 1)).refused('ClientCodeIsNotServed');
  assertNothingLeft({ ...ipsOnly, ownState: () => ({ ...noClientGroup, lifecycle: 'deleted' }) });
});

test('what belongs to attachments is not touched by hand [R-28]', () => {
  const scene = begin();
  scene.attach(1, 1, 1).accepted();
  scene.it.settle();
  const { mappingGroupId } = scene.path().path!.groups[0]!;
  const about = { accessPathId: pathId, mappingGroupId };
  const commands: readonly AccessPathCommand[] = [
    { type: 'AddVolumes', ...about, volumeIds: [volumeIdOf(2)], shared: false },
    { type: 'RemoveVolumes', ...about, volumeIds: [volumeIdOf(1)], force: true, loggedOut: false },
    { type: 'DeleteMappingGroup', ...about, force: true, loggedOut: false },
  ];
  for (const command of commands) scene.onPath(command).refused('MappingGroupIsForAttachments', { value: mappingGroupId });
  scene.onPath({ type: 'CreateMappingGroup', accessPathId: pathId, mappingGroupId: groupId(9), clientGroupId: ownGroup(1), volumeIds: [], shared: false }).refused('ClientGroupIsForAttachments');
  scene.onClients({ type: 'UpdateClientGroup', clientGroupId: ownGroup(1), changes: { clients: [node(9)] } }).refused('ClientGroupIsForAttachments');
  scene.onClients({ type: 'UpdateClientGroup', clientGroupId: ownGroup(1), changes: { name: 'mine' } }).refused('ClientGroupIsForAttachments');
  scene.onClients({ type: 'UpdateClientGroup', clientGroupId: ownGroup(1), changes: { description: 'node 1' } }).accepted();
  scene.onClients({ type: 'DeleteClientGroup', clientGroupId: ownGroup(1) }).refused('ClientGroupIsInUse');
});

test('a volume that its initiator sees by a mapping group that was made by hand is not attached beside that [R-28, S4-2]', () => {
  const scene = begin();
  scene.onPath(createGroup(1, [volumeIdOf(1)], true)).accepted();
  scene.it.settle();
  scene.late(scene.attach(1, 1, 1, { shared: true, code: clientOf(1) })).refused('VolumeIsMappedByHand', { value: groupId(1) });
  scene.late(scene.attach(2, 2, 1, { code: clientOf(1) })).accepted();
  assert.is(scene.stage(2, 2), 'connected');
  // It is one initiator to the targets, with all that it has in both.
  assert.is(shown(scene, clientOf(1)).length, 4);
  scene.onPath(addVolumes(1, [volumeIdOf(3)])).accepted();
  scene.it.settle();
  scene.release(2, 2).accepted();
  scene.it.settle();
  assert.is(shown(scene, clientOf(1)).length, 4);
  scene.onPath(removeVolumes(1, [volumeIdOf(1)])).accepted();
  scene.onPath(deleteGroup(1, true)).accepted();
  scene.it.settle();
});

test('an access path does not take the client group of others for that of an initiator [R-28, I-12]', () => {
  const scene = begin();
  const wrong: AccessPathCommand = { type: 'AttachVolume', accessPathId: pathId, connectionId: uuid('c', 4000) as OperationId, attachmentId: idOf(1), volumeId: volumeIdOf(1), clientGroupId: clientsId(1), clients: [node(1)], shared: false };
  scene.late(scene.onPath(wrong)).refused('ClientGroupAlreadyExists');
  scene.onPath(createGroup(1, [])).accepted();
  scene.it.settle();
  scene.onPath(wrong).refused('ClientGroupIsForAttachments');
  scene.onPath({ ...wrong, clientGroupId: ownGroup(1), volumeId: uuid('a', 77) as VolumeId }).refused('VolumeNotFound');
});

test('an attachment is refused over an access path that has no target: there is no portal to log in to [S4-3, R-12]', () => {
  const scene = begin();
  const { it, onPath, onHost } = scene;
  onHost(registerHost(3)).accepted();
  const remove = (n: number): Asked => onPath({ type: 'RemoveTarget', accessPathId: pathId, hostId: hostIdOf(n), force: false });
  remove(1).accepted();
  it.settle();
  remove(2).accepted();
  assert.is(scene.path().path?.hosts[0]?.stage, 'leaving');
  // The last one is just going; then it is gone; then another one is just being asked, and may say no.
  const attach: AccessPathCommand = { type: 'AttachVolume', accessPathId: pathId, connectionId: uuid('c', 4000) as OperationId, attachmentId: idOf(1), volumeId: volumeIdOf(1), clientGroupId: ownGroup(1), clients: [node(1)], shared: false };
  onPath(attach).refused('AccessPathHasNoTargets', { rule: 'pathHasTargets', value: 'gold' });
  it.settle();
  assert.equal(scene.path().path?.hosts, []);
  scene.late(scene.attach(1, 1, 1)).refused('AccessPathHasNoTargets');
  assert.is(scene.stage(1, 1), undefined, 'nothing is kept of it');
  assertNothingLeft(scene);
  onPath({ type: 'AddTarget', accessPathId: pathId, hostId: hostIdOf(3) }).accepted();
  onPath(attach).refused('AccessPathHasNoTargets');
  it.settle();
  scene.attach(3, 3, 1).accepted();
  it.settle();
  assert.is(scene.stage(3, 3), 'connected');
  assert.equal(shown(scene, node(1)), [`gw3 0 ${volumeIdOf(3)}`]);
});

test('an access path says what it knows of a connection: nothing, or that it must be asked again [I-22, X-7]', () => {
  const scene = begin();
  const detach: AccessPathCommand = { type: 'DetachVolume', accessPathId: pathId, connectionId: uuid('c', 4000) as OperationId, force: false };
  scene.onPath(detach).refused('ConnectionNotFound');
  const attach: AccessPathCommand = { type: 'AttachVolume', accessPathId: pathId, connectionId: uuid('c', 4000) as OperationId, attachmentId: idOf(1), volumeId: volumeIdOf(1), clientGroupId: ownGroup(1), clients: [node(1)], shared: false };
  scene.onPath(attach).accepted();
  scene.onPath(attach).accepted();
  scene.onPath(detach).refused('AttachmentMustWait');
  scene.onPath({ ...attach, connectionId: uuid('c', 4001) as OperationId, attachmentId: idOf(2), volumeId: volumeIdOf(2) }).refused('AttachmentMustWait');
});

test('an account of the initiator’s own client group needs one of the access path [R-18]', () => {
  const scene = begin();
  scene.attach(1, 1, 1).accepted();
  scene.it.settle();
  scene.onClients({ type: 'UpdateClientGroup', clientGroupId: ownGroup(1), changes: { mutual: accountOf(7) } }).refused('MutualNeedsForward');
});

test.run();
