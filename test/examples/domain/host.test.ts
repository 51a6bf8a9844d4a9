import { hostStream, type AccessPathId, type HostCommand, type HostState, type NetworkAddressId } from '@blockledger/domain';
import * as assert from 'uvu/assert';
import { uuid } from '../../support/decider.ts';
import { beforePath, beginPath, createPath, pathId, registerHost, type PathScene } from '../../support/pathScene.ts';
import { addressIdOf, addressOf, hostIdOf } from '../../support/pathWorld.ts';
import { suite } from '../../support/suite.ts';

const test = suite('hosts');
const hostState = ({ it }: PathScene, n: number): HostState => it.streams.get(hostStream(hostIdOf(n)))?.state as HostState;
const addAddress = (n: number, more: Parameters<typeof addressOf>[1] = {}): HostCommand => ({ type: 'AddNetworkAddress', hostId: hostIdOf(1), address: addressOf(n, more) });

test('a host is registered with numbers of its own for itself and for each address [S0-3, S0-66]', () => {
  const scene = beforePath();
  const { host, lifecycle } = hostState(scene, 2);
  assert.equal([lifecycle, host?.number, host?.addresses.map(({ number, address }) => [number, address.ip])], ['active', 2, [[2, '10.252.1.2']]]);
});

test('what a host is registered with is checked before anybody is asked [I-12, S0-12, S0-66, S0-98]', () => {
  const { onHost, it } = beforePath();
  const wrong = (more: Parameters<typeof registerHost>[1]) => onHost(registerHost(3, more));
  wrong({ hostId: hostIdOf(1) }).refused('HostAlreadyExists', { value: hostIdOf(1) });
  wrong({ name: 'a/b' }).refused('NameIsNotAllowed', { value: 'a/b' });
  wrong({ targets: null, vips: null }).refused('HostServesNothing', { value: 'gw3' });
  wrong({ targets: 'nowhere' }).refused('BackendIsUnknown', { value: 'nowhere' });
  wrong({ name: 'stray' }).refused('HostIsUnknownToBackend', { value: 'stray' });
  for (const ip of ['10.252.1', '010.252.1.3', '10.252.1.0', '10.252.1.255']) wrong({ addresses: [addressOf(3, { ip })] }).refused('AddressIsNotAllowed', { value: ip });
  for (const prefix of [0, 33]) wrong({ addresses: [addressOf(3, { prefix })] }).refused('AddressIsNotAllowed', { value: '10.252.1.3' });
  wrong({ addresses: [addressOf(3), addressOf(4, { ip: '10.252.1.3' })] }).refused('AddressAlreadyThere', { value: '10.252.1.3' });
  wrong({ addresses: Array.from({ length: 65 }, (_, n) => addressOf(n + 3)) }).refused('TooManyAddresses', { value: 65, limit: 64 });
  it.dark(true);
  wrong({}).refused('BackendIsUnknown', { value: 'xdc' });
});

test('the whole of a small network may be given to a host, and a single address, too [S0-66]', () => {
  const { onHost } = beforePath();
  onHost(registerHost(3, { addresses: [addressOf(3, { prefix: 32 }), addressOf(4, { ip: '10.252.9.1', prefix: 31 })] })).accepted();
});

test('a name or an address has one holder, whichever host had it first [R-15, S0-98]', () => {
  const scene = beforePath();
  const { onHost, late } = scene;
  late(onHost(registerHost(3, { name: 'gw1' }))).refused('NameIsTaken', { value: 'gw1' });
  late(onHost(registerHost(4, { addresses: [addressOf(4, { ip: '10.252.1.1' })] }))).refused('AddressIsTaken');
  late(onHost(addAddress(5, { ip: '10.252.1.2' }))).refused('AddressIsTaken');
  assert.equal(hostState(scene, 1).host?.addresses.length, 1);
  // What a refused host would have had is free.
  onHost(registerHost(5, { name: 'gw4', addresses: [addressOf(6)] })).accepted();
  scene.it.settle();
  assert.is(hostState(scene, 5).lifecycle, 'active');
});

test('addresses come and go, but for the portals of targets [S0-66, R-14]', () => {
  const scene = beginPath();
  const { onHost, it, targets } = scene;
  const remove = (networkAddressId: NetworkAddressId): HostCommand => ({ type: 'RemoveNetworkAddress', hostId: hostIdOf(1), networkAddressId });
  onHost(addAddress(1)).refused('AddressAlreadyThere');
  onHost(addAddress(8, { ip: '10.0.0.255' })).refused('AddressIsNotAllowed');
  onHost(addAddress(8)).accepted();
  onHost(addAddress(9, { role: 'admin' })).accepted();
  it.settle();
  assert.equal([...targets.values()].map(({ portals }) => portals.map(({ ip }) => ip)), [['10.252.1.1', '10.252.1.8'], ['10.252.1.2']]);
  onHost(remove(addressIdOf(99))).refused('AddressNotFound', { value: addressIdOf(99) });
  onHost(remove(addressIdOf(8))).refused('AddressIsInUse', { value: '10.252.1.8' });
  onHost(remove(addressIdOf(9))).accepted();
  it.settle();
  assert.equal(hostState(scene, 1).host?.addresses.map(({ address }) => address.ip), ['10.252.1.1', '10.252.1.8']);
  onHost(registerHost(3, { addresses: [addressOf(3), addressOf(9)] })).accepted();
  it.settle();
  assert.is(hostState(scene, 3).lifecycle, 'active');
});

test('a host is paused and declared off with a reason that fits, and the first one stays [S0-16, I-20]', () => {
  const scene = beforePath();
  const { onHost } = scene;
  const hostId = hostIdOf(1);
  onHost({ type: 'PauseHost', hostId: hostIdOf(9), reason: 'disks' }).refused('HostNotFound', { value: hostIdOf(9) });
  onHost({ type: 'PauseHost', hostId, reason: 'x'.repeat(256) }).refused('ReasonIsTooLong', { value: 256, limit: 255 });
  onHost({ type: 'DeclareHostOff', hostId, reason: 'x'.repeat(256) }).refused('ReasonIsTooLong');
  for (const reason of ['disks', 'fans']) {
    onHost({ type: 'PauseHost', hostId, reason }).accepted();
    onHost({ type: 'DeclareHostOff', hostId, reason }).accepted();
  }
  assert.equal([hostState(scene, 1).host?.paused, hostState(scene, 1).host?.off], ['disks', 'disks']);
  for (const type of ['ResumeHost', 'DeclareHostBack'] as const) for (let time = 0; time < 2; time += 1) onHost({ type, hostId }).accepted();
  assert.equal([hostState(scene, 1).host?.paused, hostState(scene, 1).host?.off], [null, null]);
});

test('a host serves targets where it has a backend of them and a portal [S0-98, S0-95]', () => {
  const { it, onHost, onPath, late } = beforePath();
  onHost(registerHost(3, { targets: null, addresses: [] })).accepted();
  onHost(registerHost(4, { addresses: [addressOf(4, { role: 'admin' })] })).accepted();
  onHost(registerHost(5, { targets: 'qsan', addresses: [] })).accepted();
  it.settle();
  onPath(createPath({ hostIds: [hostIdOf(3)] })).refused('HostNotFound');
  late(onPath(createPath({ hostIds: [hostIdOf(4)] }))).refused('HostHasNoTargets', { value: 'gw4' });
  onHost({ type: 'UseHost', hostId: hostIdOf(3), accessPathId: pathId }).refused('HostHasNoTargets', { value: 'gw3' });
  onPath(createPath({ accessPathId: uuid('9', 2) as AccessPathId, hostIds: [hostIdOf(5)] })).accepted();
  it.settle();
  onHost({ type: 'RetireHost', hostId: hostIdOf(5) }).refused('HostIsInUse');
});

test('where each access path has a daemon of its own a host serves one of them, since two cannot listen on one portal [S0-95, S0-98]', () => {
  const { it, onHost, onPath, late, path } = beforePath();
  for (const n of [3, 4]) onHost(registerHost(n, { targets: 'tgt' })).accepted();
  it.settle();
  onPath(createPath({ hostIds: [hostIdOf(3)] })).accepted();
  it.settle();
  const other = (hostIds: readonly ReturnType<typeof hostIdOf>[], n: number) => onPath(createPath({ accessPathId: uuid('9', n) as AccessPathId, name: 'silver', hostIds }));
  late(other([hostIdOf(3), hostIdOf(4)], 2)).refused('PortalTaken', { value: 'gw3' });
  other([hostIdOf(4)], 3).accepted();
  it.settle();
  late(onPath({ type: 'AddTarget', accessPathId: pathId, hostId: hostIdOf(4) })).refused('PortalTaken', { value: 'gw4' });
  assert.equal([path().path?.hosts.length, path().operations], [1, []]);
  // Whoever has it may ask once more.
  onHost({ type: 'UseHost', hostId: hostIdOf(3), accessPathId: pathId }).accepted();
});

test('a host that nobody uses is retired, and its name and addresses are free again [I-26]', () => {
  const scene = beforePath();
  const { onHost, it } = scene;
  onHost({ type: 'RetireHost', hostId: hostIdOf(2) }).accepted();
  it.settle();
  onHost({ type: 'ResumeHost', hostId: hostIdOf(2) }).refused('HostNotFound');
  onHost(registerHost(3, { name: 'gw2', addresses: [addressOf(3, { ip: '10.252.1.2' })] })).accepted();
  it.settle();
  assert.is(hostState(scene, 3).lifecycle, 'active');
});

test.run();
