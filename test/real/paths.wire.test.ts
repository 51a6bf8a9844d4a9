/** Who is let in, by name and by address, and what a VIP group does about somebody else on its wire. */
import { imageName } from '@blockledger/adapters-rbd';
import type { ControlPlane } from '@blockledger/app';
import type { VolumeId } from '@blockledger/domain';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { gatewayParts, NETWORK, startGateways, type GatewayBackends, type Gateways } from '../support/gateways.ts';
import { inquire, qemuIo, type Way } from '../support/initiator.ts';
import { INITIATOR, right, startPathPlane, until, VIP } from '../support/realPath.ts';
import { requireReal } from '../support/real.ts';
import { startStranger } from '../support/stranger.ts';
import { suite } from '../support/suite.ts';

for (const part of gatewayParts) requireReal(part);

const test = suite('who is let in, and who speaks on the wire');
const DONE = { wait: 'done' } as const;
const MIB = 2 ** 20;
const NAMED = 'accounts';
const ADDRESSED = 'archive';
let gateways: Gateways;
let plane: ControlPlane;
let pathId = '';
const silences: (() => Promise<void>)[] = [];

let beforeScan = (): Promise<void> => Promise.resolve();
/** Something happens before hosts listen to the wire. */
const listening = (backends: GatewayBackends): GatewayBackends => ({
  ...backends,
  addresses: {
    ...backends.addresses,
    perform: (action, context) => async () => {
      if (action.do === 'scanVrids') await beforeScan();
      return backends.addresses.perform(action, context)();
    },
  },
});

test.before(async () => {
  gateways = await startGateways();
  plane = await startPathPlane({ ...gateways, backends: () => listening(gateways.backends()) });
  pathId = right(await plane.createAccessPath({ name: 'front', hosts: ['gw1', 'gw2'] }, DONE)).resource.id;
  for (const [name, client] of [
    [NAMED, INITIATOR],
    [ADDRESSED, '10.77.0.100'],
  ] as const) {
    const volume = right(await plane.createVolume({ pool: 'vols', name, sizeBytes: 16 * MIB }, DONE)).resource;
    const clients = right(await plane.createClientGroup({ name, clients: [client] }, DONE)).resource;
    right(await plane.createMappingGroup(pathId, { clientGroup: clients.id, volumes: [volume.id] }, DONE));
  }
});
test.after(async () => {
  for (const silence of silences) await silence();
  await plane?.close();
  await gateways?.stop();
});

/** The way to what a client group sees: which of the targets is its own, its mapping group's id tells. */
const wayTo = (clientGroup: string, from: 'client' | 'gw2', initiator: string): Way => {
  const group = plane.mappingGroups.list({ accessPath: pathId }).items.find((one) => one.clientGroup.name === clientGroup);
  const digits = group?.id.replaceAll('-', '').slice(-16) ?? '';
  const iqn = plane.targets.list({ accessPath: pathId }).items[0]?.iqns.find((one) => one.endsWith(digits)) ?? '';
  return { portal: { ip: gateways.addressOf('gw1'), port: 3260 }, iqn, lun: group?.luns[0]?.lun ?? -1, initiator, prefix: gateways.segment.prefixOf(from) };
};
const isLetIn = (way: Way): boolean => inquire(way).exitCode === 0;

test('a client group of a name lets that name in from anywhere, and one of an address whoever comes from there [S0-93, S0-98]', () => {
  const stranger = 'iqn.2001-01.com.example:stranger';
  const lets = (group: string): readonly boolean[] =>
    (['client', 'gw2'] as const).flatMap((from) => [INITIATOR, stranger].map((initiator) => isLetIn(wayTo(group, from, initiator))));
  assert.equal(lets(NAMED), [true, false, true, false], 'by name');
  assert.equal(lets(ADDRESSED), [true, true, false, false], 'by address');
});

test('what an initiator writes to a volume of ours is what rbd exports, and to no other volume [S0-94, S0-98, I-19]', () => {
  assert.match(qemuIo(wayTo(NAMED, 'client', INITIATOR), 'write -P 0x5a 1M 64k', 'write -P 0xa5 15M 1M').text, 'wrote 1048576/1048576');
  const exported = (name: string): Buffer => {
    const [volume] = plane.volumes.list({ name }).items;
    const file = join(gateways.dir, `export-${name}`);
    gateways.ceph.rbd('export', '--no-progress', `vols/${imageName((volume?.id ?? '') as VolumeId)}`, file);
    return readFileSync(file);
  };
  const wanted = Buffer.alloc(16 * MIB);
  wanted.fill(0x5a, MIB, MIB + 65_536).fill(0xa5, 15 * MIB);
  assert.ok(exported(NAMED).equals(wanted));
  assert.ok(exported(ADDRESSED).equals(Buffer.alloc(16 * MIB)));
});

const speak = (vrid: number, password: string): (() => Promise<void>) => {
  const silence = startStranger({ prefix: gateways.segment.prefixOf('client'), vrid, ip: '10.77.0.200', password });
  silences.push(silence);
  return silence;
};
const conflicts = async (vipGroup: string) => right(await plane.history({ kind: 'vipGroup', ref: vipGroup })).filter(({ type }) => type === 'VridConflictDetected');
const contested = (): readonly string[] => plane.warnings().flatMap(({ code, message }) => (code === 'VridContested' ? [message] : []));

test('a virtual router id that somebody speaks for on the wire is not used: the group moves on to another before it holds anything [R-16, S0-74, I-23]', async () => {
  const preferred = plane.networkAddresses.list({ ip: gateways.addressOf('gw1') }).items[0]?.id ?? '';
  const vridNow = (): number | null => plane.vips.list({ ip: VIP }).items[0]?.vrid ?? null;
  let first: number | null = null;
  let silence = (): Promise<void> => Promise.resolve();
  // The id is reserved in the log by then, and nobody has listened yet.
  beforeScan = async () => {
    if (first !== null) return;
    first = vridNow();
    silence = speak(first ?? 0, 'stranger');
    await until('the stranger speaks', () => gateways.segment.has('client', '10.77.0.200'));
  };
  const group = right(await plane.createVipGroup({ accessPath: pathId, network: NETWORK, preempt: true, vips: [{ ip: VIP, networkAddress: preferred }] }, DONE)).resource;
  assert.is.not(vridNow(), first);
  const told = await conflicts(group.id);
  assert.equal(told.map(({ data }) => [(data as { vrid: number }).vrid, (data as { heard: { source: string }[] }).heard.map(({ source }) => source)]), [[first, ['10.77.0.100']]]);
  await until('gw1 holds it', () => gateways.segment.has('gw1', VIP));
  assert.equal(contested(), []);
  await silence();
});

test('somebody who speaks for a virtual router id in use is told of: by an event, and by a warning [I-23, R-16]', async () => {
  const [group] = plane.vipGroups.list().items;
  const vrid = group?.vips[0]?.vrid ?? 0;
  const before = (await conflicts(group?.id ?? '')).length;
  await plane.drift();
  assert.equal(contested(), [], 'our own adverts are nobody else’s');
  // Two installations of Blockledger have the same word.
  const silence = speak(vrid, 'blckldgr');
  await until('it is heard', async () => {
    await plane.drift();
    return contested().length > 0;
  });
  assert.match(contested()[0] ?? '', `virtual router ${vrid} of ${VIP}`);
  const told = await conflicts(group?.id ?? '');
  assert.is(told.length, before + 1);
  assert.is(plane.vips.list({ ip: VIP }).items[0]?.vrid, vrid, 'an id in use stays');
  await silence();
});

test.run();
