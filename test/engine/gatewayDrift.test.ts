/** The audit of gateways: targets and virtual IPs as hosts show them against the log. It tells, and never repairs. */
import type { Drift } from '@blockledger/app';
import * as assert from 'uvu/assert';
import { IQN, mapped, OTHER_SECRET, pathPlane, SECRET, withHosts, type PathPlane } from '../support/pathPlane.ts';
import { GIB, left, right } from '../support/plane.ts';
import { suite } from '../support/suite.ts';

const test = suite('drift of gateways');
const VIP = '10.252.1.129';
const ELECTED_MS = 10_000;

/** Somebody at the console of a host. */
const tell = async ({ gateways }: PathPlane, host: string, ...words: readonly string[]): Promise<void> => {
  const answer = right(await gateways.run(host)({ argv: ['xdcadm', '-L', 'at', ...words], idleTimeoutMs: 1_000, signal: new AbortController().signal })());
  assert.is(answer.exitCode, 0, `${words.join(' ')}: ${answer.stderr}`);
};

const said = ({ drifts }: { readonly drifts: readonly Drift[] }): readonly (readonly [string, string | null])[] => drifts.map((drift) => [drift.kind, drift.kind === 'differing' ? drift.field : null]);

/** An access path with a virtual IP that a host holds. */
const withVip = async () => {
  const made = await mapped(await pathPlane());
  const { plane, clock, path } = made;
  const [first] = plane.networkAddresses.list().items;
  const group = right(await plane.createVipGroup({ accessPath: path.id, network: '10.252.1.0/24', vips: [{ ip: VIP, networkAddress: first!.id }] }, { wait: 'done' })).resource;
  await plane.idle();
  clock.advance(ELECTED_MS);
  await plane.drift();
  await plane.idle();
  return { ...made, vipGroup: group };
};

test('what stands as the log says is no drift, whatever it is made of [S0-91]', async () => {
  const made = await withHosts(await pathPlane());
  const { plane } = made;
  const mutual = { user: 'prover-of-1', secret: OTHER_SECRET };
  const volume = right(await plane.createVolume({ pool: 'vols', name: 'db', sizeBytes: GIB, qos: { maxIops: 100, burstIops: 200 } }, { wait: 'done' })).resource;
  const clients = right(await plane.createClientGroup({ name: 'db-hosts', clients: [IQN, '10.0.0.7'], mutual }, { wait: 'done' })).resource;
  const path = right(await plane.createAccessPath({ name: 'gold', hosts: ['gw1', 'gw2'], chap: { user: 'storage-1', secret: SECRET } }, { wait: 'done' })).resource;
  right(await plane.createMappingGroup(path.id, { clientGroup: clients.id, volumes: [volume.id] }, { wait: 'done' }));
  assert.equal(await plane.drift(), { drifts: [], unseen: [], busy: [] });
  await plane.close();
});

test('a target that a host forgot is missing, with the request that makes it again; nothing is made by the audit [I-4, X-3]', async () => {
  const made = await mapped(await pathPlane());
  const { plane, gateways, path } = made;
  gateways.restart('gw2', 'everything');
  const shown = gateways.shows('gw2');
  const { drifts } = await plane.drift();
  assert.equal(drifts.map(({ kind, hostId, accessPathId, poolId }) => [kind, hostId, accessPathId, poolId]), [['missing', plane.hosts.get('gw2')?.id, path.id, null]]);
  assert.is(gateways.shows('gw2'), shown);
  // Data is not missing: that is another warning.
  assert.equal(plane.warnings(), []);
  const [mend] = drifts.map((drift) => drift.mend);
  assert.equal(mend, { do: 'redeployAccessPath', accessPath: path.id });
  if (mend?.do === 'redeployAccessPath') right(await plane.request(mend, { wait: 'done' }));
  assert.is(gateways.shows('gw2').replaceAll('gw2', 'gw1'), gateways.shows('gw1').replace('IP: 10.252.1.1 ', 'IP: 10.252.1.2 '));
  assert.equal(await plane.drift(), { drifts: [], unseen: [], busy: [] });
  await plane.close();
});

test('portals, accounts, clients, LUNs and sizes that somebody changed by hand are told one by one [S0-91, S0-94, I-18]', async () => {
  const made = await mapped(await pathPlane());
  const { plane, path, volume } = made;
  const image = `volume-${volume.id.replaceAll('-', '')}`;
  const iqn = plane.accessPaths.get(path.id)!.targets[0]!.iqns[0]!;
  const changes: readonly (readonly [string, readonly string[]])[] = [
    ['portals', ['-m', 'target', '-o', 'add', '--atid', '1', '--iqn', iqn, '--port', '10.252.1.77:3260']],
    ['account', ['-m', 'at', '-o', 'add', '--atid', '1', '-I', '-u', 'intruder', '-p', SECRET]],
    ['clients', ['-m', 'client', '-o', 'create', '--atid', '1', '--iqn', 'iqn.2000-01.org.example:thief']],
    ['size', ['-m', 'lun', '-o', 'update', '--lunname', image, '--lunsize', String(2 * GIB)]],
  ];
  const told: string[] = [];
  for (const [field, words] of changes) {
    await tell(made, 'gw1', ...words);
    told.push(field);
    const report = await plane.drift();
    assert.equal(new Set(said(report).map(([kind, what]) => `${kind} ${what}`)), new Set(told.map((one) => `differing ${one}`)));
    assert.ok(report.drifts.every(({ hostId, message }) => hostId === plane.hosts.get('gw1')?.id && !message.includes(SECRET)));
  }
  right(await plane.redeployAccessPath(path.id, { wait: 'done' }));
  assert.equal(await plane.drift(), { drifts: [], unseen: [], busy: [] });
  await plane.close();
});

test('a foreign LUN is told, whether it stands under a number of its own or in the place of ours [I-4, I-19]', async () => {
  const made = await mapped(await pathPlane());
  const { plane, volume } = made;
  const create = (name: string): Promise<void> => tell(made, 'gw1', '-m', 'lun', '-o', 'create', '--lunname', name, '--lunsn', `s-${name}`, '--lunsize', String(GIB), '--luncfg', `ceph/vols/${name}`);
  await create('foreign');
  await tell(made, 'gw1', '-m', 'lun', '-o', 'add', '--atid', '1', '--lunname', 'foreign', '--lunid', '7');
  assert.equal(said(await plane.drift()), [['differing', 'luns']]);
  const image = `volume-${volume.id.replaceAll('-', '')}`;
  await tell(made, 'gw1', '-m', 'client', '-o', 'remove', '--atid', '1', '--iqn', IQN, '--lunsn', volume.serial, '--lunid', '0');
  await tell(made, 'gw1', '-m', 'lun', '-o', 'remove', '--atid', '1', '--lunname', image, '--lunid', '0');
  await create('other');
  await tell(made, 'gw1', '-m', 'lun', '-o', 'add', '--atid', '1', '--lunname', 'other', '--lunid', '0');
  const { drifts } = await plane.drift();
  assert.equal(drifts.filter((drift) => drift.kind === 'differing' && drift.field === 'identity').map(({ volumeId }) => volumeId), [volume.id]);
  await plane.close();
});

test('a target with a name of ours that the log does not know is an orphan; those of others are left out, and none is touched [I-4, I-26]', async () => {
  const made = await mapped(await pathPlane());
  const { plane, gateways } = made;
  const orphan = 'iqn.2019-01.com.xsky:blockledger.iscsi.77.00000000000000aa';
  for (const [atid, iqn] of [['77', orphan], ['78', 'iqn.2019-01.com.xsky:another.iscsi.78.00000000000000aa'], ['79', 'iqn.2001-04.com.example:disk']] as const) {
    await tell(made, 'gw2', '-m', 'at', '-o', 'create', '--atid', atid, '--servernode', 'gw2', '--boardid', '0');
    await tell(made, 'gw2', '-m', 'target', '-o', 'create', '--atid', atid, '--iqn', iqn, '--type', 'iscsi');
  }
  const shown = gateways.shows('gw2');
  assert.equal((await plane.orphans()).map(({ backendName, mend, hostId }) => [backendName, mend, hostId]), [[orphan, null, plane.hosts.get('gw2')?.id]]);
  assert.is(gateways.shows('gw2'), shown);
  assert.equal(await plane.confinedTo('red').orphans(), []);
  await plane.close();
});

test('a host that cannot be looked at is said to be unseen, and nothing is concluded; one that was declared off is not asked [I-7, I-20]', async () => {
  const made = await withVip();
  const { plane, cut } = made;
  cut('gw1');
  const report = await plane.drift();
  assert.equal(report.drifts, []);
  assert.equal(report.unseen.map(({ poolId, hostId, error }) => [poolId, hostId, error.code]), [[null, plane.hosts.get('gw1')?.id, 'HostUnreachable']]);
  right(await plane.declareHostOff('gw1', { reason: 'its power supply burned' }, { wait: 'done' }));
  assert.equal((await plane.drift()).unseen, []);
  await plane.close();
});

test('what work is under way on is left out and said to be busy [I-7]', async () => {
  const made = await mapped(await pathPlane());
  const { plane, path, group, cut } = made;
  cut('gw2');
  right(await plane.deleteMappingGroup(group.id, { force: true }));
  await made.clock.until(() => false, made.clock.nowMs() + 60_000);
  cut('gw2', false);
  made.gateways.restart('gw2', 'everything');
  right(await plane.pauseHost('gw2', { reason: 'new switches' }, { wait: 'done' }));
  assert.equal(await plane.drift(), { drifts: [], unseen: [], busy: [path.id] });
  await plane.close();
});

test('an instance that is gone, or does not run, is told with the request that starts it; an address held by nobody or by two is told for people [I-23, S0-134]', async () => {
  const made = await withVip();
  const { plane, segment, clock, vipGroup } = made;
  assert.equal(await plane.drift(), { drifts: [], unseen: [], busy: [] });
  const vip = plane.vips.list().items[0]!;
  // Killed, and its address is left on the interface: the other host takes it as well.
  segment.kill('gw1', vip.id as never);
  clock.advance(ELECTED_MS);
  const { drifts } = await plane.drift();
  assert.equal(drifts.map((drift) => [drift.kind === 'differing' ? [drift.field, drift.found] : drift.kind, drift.mend]), [
    [['state', 'stopped'], { do: 'redeployVipGroup', vipGroup: vipGroup.id }],
    [['holder', ['gw1', 'gw2']], null],
  ]);
  for (const host of ['gw1', 'gw2']) segment.restart(host);
  assert.equal(said(await plane.drift()), [['differing', 'state'], ['differing', 'state'], ['differing', 'holder']]);
  right(await plane.redeployVipGroup(vipGroup.id, { wait: 'done' }));
  await plane.idle();
  clock.advance(ELECTED_MS);
  await plane.drift();
  assert.equal(await plane.drift(), { drifts: [], unseen: [], busy: [] });
  await plane.close();
});

test('an instance that no VIP group has is an orphan, and stays [I-26]', async () => {
  const made = await withVip();
  const { plane, segment } = made;
  const stray = { vipGroupId: '0b9d7a3e-0000-4000-8000-000000000009', vipId: '0b9d7a3e-0000-4000-8000-000000000001', ip: '10.252.1.200', mask: 32, vrid: 7, priority: 100, preempt: true, interface: 'eth0', source: '10.252.1.2', peers: [], checks: [] };
  const context = { signal: new AbortController().signal, onProgress: () => undefined, installationId: plane.installationId };
  right(await segment.backend.perform({ do: 'ensureInstance', place: { backend: 'keepalived', host: 'gw2' }, instance: stray as never, yielding: false }, context)());
  assert.equal((await plane.orphans()).map(({ backendName, hostId }) => [backendName, hostId]), [['10.252.1.200', plane.hosts.get('gw2')?.id]]);
  assert.is((await plane.orphans()).length, 1);
  await plane.close();
});

test('a tenant sees drift of its own access paths, and no error of a host [I-12]', async () => {
  const made = await withHosts(await pathPlane());
  const { plane, gateways, cut } = made;
  const red = plane.confinedTo('red');
  const own = right(await red.createAccessPath({ name: 'gold', hosts: ['gw1'] }, { wait: 'done' })).resource;
  right(await plane.confinedTo('blue').createAccessPath({ name: 'gold', hosts: ['gw1'] }, { wait: 'done' }));
  gateways.restart('gw1', 'everything');
  assert.is((await plane.drift()).drifts.length, 2);
  assert.equal((await red.drift()).drifts.map(({ accessPathId }) => accessPathId), [own.id]);
  cut('gw2');
  assert.equal((await red.drift()).unseen.map(({ error }) => error.message), ['the host could not be looked at']);
  assert.is(left(await red.redeployAccessPath('nobody'))._tag, 'AccessPathNotFound');
  await plane.close();
});

test.run();
