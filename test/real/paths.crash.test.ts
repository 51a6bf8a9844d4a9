/**
 * Blockledger dies while it changes access paths and virtual IPs on real gateways, at steps that a seed chooses. Started again, it carries on;
 * meanwhile an initiator asks all portals all the time, and some portal answers. BLOCKLEDGER_SEED repeats a run.
 */
import * as assert from 'uvu/assert';
import { startKilledService, type Interrupted, type KilledService } from '../support/crash/killedService.ts';
import { gatewayParts, NETWORK, startGateways, type GatewayName, type Gateways } from '../support/gateways.ts';
import { holdSession, inquire, qemuIo, sizeOf, type Way } from '../support/initiator.ts';
import { startProbe, type PortalProbe } from '../support/portalProbe.ts';
import { ACCOUNT, INITIATOR, until } from '../support/realPath.ts';
import { requireReal } from '../support/real.ts';
import type { Body, Reply } from '../support/serviceProcess.ts';
import { suite } from '../support/suite.ts';

for (const part of gatewayParts) requireReal(part);

const test = suite('crashes over real gateways');
const seed = Number(process.env['BLOCKLEDGER_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
const MIB = 2 ** 20;
const [FIRST, SECOND] = ['10.77.0.128', '10.77.0.129'];
/** The promise: a take-over by VRRP is the longest that nobody answers. */
const LONGEST_GAP_MS = 5_000;
const HOSTS = ['gw1', 'gw2'] as const;

let gateways: Gateways;
let service: KilledService;
let probe: PortalProbe | undefined;

test.before(async () => {
  console.log(`BLOCKLEDGER_SEED=${seed}`);
  gateways = await startGateways();
  service = await startKilledService(gateways, seed);
  await service.done('POST', '/pools', { pool: { name: 'vols', backend: 'ceph', pool_name: 'vols' } });
  for (const name of HOSTS) {
    const address = { ip: gateways.addressOf(name), mask: 24, interface: 'eth0', segment: 'lan', role: 'gateway' };
    await service.done('POST', '/hosts', { host: { name, target_backend: 'gateways', vip_backend: 'addresses', network_addresses: [address] } });
  }
  for (const name of ['accounts', 'archive']) await service.done('POST', '/block-volumes', { block_volume: { name, pool_id: 1, size: 64 * MIB } });
  await service.done('POST', '/client-groups', { client_group: { name: 'database', clients: [{ code: INITIATOR }] } });
});
test.after(async () => {
  await probe?.stop();
  await service?.stop();
  await gateways?.stop();
});

/** Something is asked for and interrupted; it is done in the end, and some portal answered all the time. */
const survives = async (what: string, interrupted: Interrupted): Promise<Reply> => {
  const from = probe?.now() ?? 0;
  const { reply, deaths, tookMs } = await service.survives(interrupted);
  const gapMs = probe?.longestGapMs(from);
  const gap = gapMs === undefined ? 'no portal yet' : `longest time without an answer of any portal ${(gapMs / 1_000).toFixed(2)} s`;
  console.log(`\nmeasured: ${what}: died ${deaths.length} times (${deaths.join('; ')}), done after ${(tookMs / 1_000).toFixed(1)} s, ${gap}`);
  assert.ok(deaths.length > 0, `${what} was done before anybody died`);
  if (gapMs !== undefined) assert.ok(gapMs < LONGEST_GAP_MS, `${what}: no portal answered for ${gapMs} ms`);
  return reply;
};

/** Addresses where a target of a host listens. */
const portalsOf = (host: GatewayName): readonly string[] =>
  gateways.segment
    .run(host, 'ss', '-Hltn', 'sport = :3260')
    .split('\n')
    .flatMap((line) => /(\S+):3260\s/.exec(line)?.[1] ?? [])
    .toSorted();
const standOn = async (portals: Readonly<Record<GatewayName, readonly string[]>>): Promise<void> => {
  for (const host of HOSTS) await until(`${host} listens on ${portals[host].join(' and ') || 'nothing'}`, () => portalsOf(host).join() === portals[host].join());
};
const physical = (): Readonly<Record<GatewayName, readonly string[]>> => ({ gw1: [gateways.addressOf('gw1')], gw2: [gateways.addressOf('gw2')] });
const virtual = (...ips: readonly string[]): Readonly<Record<GatewayName, readonly string[]>> => ({ gw1: ips, gw2: ips });
const heldByOne = (ip: string) => until(`one host holds ${ip}`, () => HOSTS.filter((host) => gateways.segment.has(host, ip)).length === 1);

/** The way in for the initiator. */
const wayBy = async (ip: string, lun = 0): Promise<Way> => {
  const [target] = await service.client.all('targets');
  const [iqn = ''] = (target?.['iqns'] ?? []) as readonly string[];
  return { portal: { ip, port: 3260 }, iqn, lun, initiator: INITIATOR, ...ACCOUNT, prefix: gateways.segment.prefixOf('client') };
};
const letIn = (way: Way): void => {
  const ended = inquire(way);
  assert.is(ended.exitCode, 0, ended.text);
};

test('an access path that is being made when we die is made, once [R-4, S0-98, I-2]', async () => {
  const accessPath = { name: 'front', host_ids: [1], chap: true, tname: ACCOUNT.user, tsecret: ACCOUNT.secret };
  await survives('create an access path', { ask: ['POST', '/access-paths', { access_path: accessPath }], deaths: 1, within: 5 });
  assert.is((await service.client.all('access-paths')).length, 1);
});

test('a mapping group that is being made when we die serves its volumes in the end [S0-97, I-2, I-19, R-16]', async () => {
  await survives('create a mapping group with volumes', { ask: ['POST', '/mapping-groups', { mapping_group: { access_path_id: 1, client_group_id: 1, block_volume_ids: [1, 2] } }], deaths: 3, within: 8 });
  letIn(await wayBy(gateways.addressOf('gw1'), 1));
  const ips = [...HOSTS.map(gateways.addressOf), FIRST, SECOND];
  probe = startProbe({ prefix: gateways.segment.prefixOf('client'), initiator: INITIATOR, ips });
  const from = probe.now();
  await until('the portal answers', () => probe?.answering(from).includes(gateways.addressOf('gw1')) === true);
});

test('a target that is being added when we die is added, and nobody who is there loses the way [S0-98, I-2, I-20]', async () => {
  await survives('add a target', { ask: ['POST', '/targets', { target: { access_path_id: 1, host_id: 2 } }], deaths: 3, within: 5 });
  await standOn(physical());
  letIn(await wayBy(gateways.addressOf('gw2')));
});

test('the first VIP group takes the physical portals away only when its addresses are held, however often we die meanwhile [R-13, S0-72, S0-73, I-2]', async () => {
  const group = { network: NETWORK, preempt: true, resource_id: 1, resource_type: 'access_path', vips: [{ ip: FIRST, network_address_id: 1 }] };
  await survives('create the first VIP group', { ask: ['POST', '/vip-groups', { vip_group: group }], deaths: 4, within: 16 });
  await standOn(virtual(FIRST));
  await heldByOne(FIRST);
  letIn(await wayBy(FIRST));
});

test('a virtual IP that is being added when we die is held by one host in the end [R-15, S0-83, I-2]', async () => {
  await survives('add a virtual IP', { ask: ['POST', '/vips', { vip: { vip_group_id: 1, ip: SECOND, network_address_id: 2 } }], deaths: 3, within: 10 });
  await standOn(virtual(FIRST, SECOND));
  for (const ip of [FIRST, SECOND]) await heldByOne(ip);
  letIn(await wayBy(SECOND));
});

test('a volume that grows while it is mapped has grown on every host when we come back, and the session goes on [I-18, S0-46]', async () => {
  const session = await holdSession(await wayBy(FIRST));
  assert.ok(session);
  const larger = 96 * MIB;
  await survives('grow a mapped volume', { ask: ['PATCH', '/block-volumes/1', { block_volume: { size: larger } }], deaths: 3, within: 3 });
  for (const ip of [FIRST, SECOND]) {
    const way = await wayBy(ip);
    await until(`it is larger by ${ip}`, () => sizeOf(way) === larger);
  }
  await until('the session writes', async () => /wrote 512/.test(await session.say('write -P 7 0 512')));
  await session.logout();
});

test('an access path and a VIP group that are being deployed anew when we die stay what they are [S0-134, X-3, I-2]', async () => {
  await survives('deploy the access path anew', { ask: ['POST', '/access-paths/1:redeploy'], deaths: 1, within: 4 });
  await survives('deploy the VIP group anew', { ask: ['POST', '/vip-groups/1:redeploy'], deaths: 1, within: 6 });
  await standOn(virtual(FIRST, SECOND));
  for (const ip of [FIRST, SECOND]) await heldByOne(ip);
});

test('a virtual IP that is being removed when we die is gone in the end, and the other one is not [S0-79, S0-80, S0-81, I-2]', async () => {
  const [, second] = await service.client.all('vips');
  await survives('remove a virtual IP', { ask: ['DELETE', `/vips/${second?.id}`], deaths: 3, within: 8 });
  await standOn(virtual(FIRST));
  assert.not.ok(HOSTS.some((host) => gateways.segment.has(host, SECOND)));
  await heldByOne(FIRST);
});

test('a volume that is being taken away by force when we die is out of reach when the task is done, and the other one is not [I-21, S0-96, S0-138]', async () => {
  const session = await holdSession(await wayBy(FIRST));
  assert.ok(session);
  await survives('take a volume away by force', { ask: ['DELETE', '/mapping-groups/1/block-volumes?force=true', { block_volume_ids: [1] }], deaths: 2, within: 8 });
  assert.not.match(await session.say('write -P 1 0 512'), /wrote 512/);
  await session.logout();
  const gone = (await service.client.all('block-volumes')).find(({ name }) => name === 'accounts') as Body;
  assert.match(gateways.ceph.rbd('status', `vols/volume-${gone.uuid.replaceAll('-', '')}`), 'Watchers: none');
  assert.match(qemuIo(await wayBy(FIRST, 1), 'write -P 3 0 512').text, /wrote 512/);
});

test('a VIP group that is being deleted when we die leaves the physical portals, and there was always one [R-12, S0-65, I-2]', async () => {
  await survives('delete the VIP group', { ask: ['DELETE', '/vip-groups/1?force=true'], deaths: 3, within: 10 });
  await standOn(physical());
  assert.not.ok(HOSTS.some((host) => gateways.segment.has(host, FIRST)));
  for (const host of HOSTS) letIn(await wayBy(gateways.addressOf(host), 1));
});

test('an access path that is being taken down when we die leaves nothing behind [I-2, I-26]', async () => {
  await probe?.stop();
  probe = undefined;
  await survives('delete the mapping group', { ask: ['DELETE', '/mapping-groups/1?force=true'], deaths: 2, within: 4 });
  await survives('delete the access path', { ask: ['DELETE', '/access-paths/1'], deaths: 1, within: 1 });
  await standOn({ gw1: [], gw2: [] });
  for (const host of HOSTS) assert.is(gateways.segment.run(host, 'ip', '-4', '-o', 'addr', 'show', 'dev', 'eth0').trim().split('\n').length, 1);
});

test.run();
