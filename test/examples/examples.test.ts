/** Every example runs as its reader would run it. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { eventStoreDbDouble } from '../support/eventStoreDb/double.ts';
import { filesUnder, repositoryRoot } from '../support/files.ts';
import { startProgram } from '../support/program.ts';
import { suite } from '../support/suite.ts';

const test = suite('examples');

test('a volume is created by ten lines that embed the library', async () => {
  const program = startProgram(['examples/embed/main.ts']);
  assert.is(await program.ended, 0, program.errors());
  assert.is(program.output(), 'db-1 is active\n');
});

test('the README shows the embedding example as it is', () => {
  const read = (path: string): string => readFileSync(join(repositoryRoot, path), 'utf8');
  assert.ok(read('README.md').includes(`\`\`\`ts\n${read('examples/embed/main.ts')}\`\`\``));
});

test('a dry run prints the command lines of rbd and runs none of them', async () => {
  const program = startProgram(['examples/dry-run/main.ts']);
  assert.is(await program.ended, 0, program.errors());
  const output = program.output();
  assert.match(output, /createVolume\n {2}rbd import/);
  assert.match(output, /rbd .*clone/);
  assert.match(output, /updateVolume\n(.*\n)*? {2}rbd .*resize/);
  assert.match(output, /rbd .*snap rollback/);
  assert.match(output, /deleteVolume\n {2}refused: .*snapshots/);
});

test('a service that embeds the library tells its users in its own words why a disk is refused', async () => {
  const program = startProgram(['examples/service/main.ts']);
  const [, url = ''] = await program.says(/listening on (\S+)/);
  const put = async (path: string): Promise<readonly [number, unknown]> => {
    const response = await fetch(`${url}${path}`, { method: 'PUT' });
    return [response.status, await response.json()];
  };
  const [status, made] = await put('/disks?name=web-1&gib=10');
  assert.is(status, 201);
  assert.match((made as { serial: string }).serial, /^[0-9a-f]{16}$/);
  assert.equal(await put('/disks?name=web-1&gib=10'), [409, { error: 'You have a disk of this name already.' }]);
  assert.equal(await put('/disks?name=web-2&gib=600000'), [422, { error: 'A disk has between 1 MiB and 512 TiB.' }]);
  assert.is(await program.stop(), 0, program.errors());
});

test('a receiver of webhooks sees a volume being made, and does not listen to forged messages [I-24]', async () => {
  const program = startProgram(['examples/webhook-receiver/main.ts']);
  assert.is(await program.ended, 0, program.errors());
  const made = ['VolumeRequested', 'VolumeReserved', 'VolumeMade', 'VolumeCreated'].map((type) => `${type} of block_volume\n`).join('');
  assert.is(program.output(), `${made}a forged message is answered with 401\n`);
});

test('a client watches a task until it ends, and events on from where it left off [S0-6, S0-136]', async () => {
  const program = startProgram(['examples/watch/main.ts']);
  assert.is(await program.ended, 0, program.errors());
  // On a slow machine the volume is there before the first answer about its task is.
  assert.match(program.output(), /^(task: CreateBlockVolume is \w+\n)*task: CreateBlockVolume is succeeded\nafter VolumeMade came VolumeCreated\n$/);
});

test('a volume is seen behind XDC by a virtual IP, which moves to the other gateway when a cable is pulled [S0-67, S0-86, S0-93]', async () => {
  const program = startProgram(['examples/virtual-ip/xdc.ts']);
  assert.is(await program.ended, 0, program.errors());
  const output = program.output();
  assert.match(output, /^initiators log in to iqn\.2019-01\.com\.xsky:blockledger\.iscsi\.1\.… as database-user by 10\.77\.0\.128\ngw1 holds 10\.77\.0\.128\nthe cable of gw1 is pulled\ngw2 holds 10\.77\.0\.128\n/);
  assert.match(output, /what XDC shows on gw2:\nAccess Target information:\n(.*\n)*.*portal IP: 10\.77\.0\.128 port: 3260/);
  assert.not.match(output, /twelve-chars/);
  assert.match(output, /\naccess paths left: 0\n$/);
});

test('one control plane takes a volume of Ceph and one of an array to a host and back, and leaves nothing behind [S1-34, S1-35, R-28]', async () => {
  const program = startProgram(['examples/two-backends/main.ts']);
  assert.is(await program.ended, 0, program.errors());
  const steps = ['reserved for vm-1', 'connected: web-1 finds LUN 0 at PORTALS as compute-hosts', 'attached to web-1 as /dev/vdb', 'to delete it now is refused: VolumeIsAttached', 'detaching', 'disconnected', 'released'];
  const told = (name: string, backend: string, portals: string): string => [`${name}: active, on backend ${backend}`, ...steps.map((step) => `  ${step.replace('PORTALS', portals)}`)].join('\n');
  assert.is(
    program.output(),
    `${told('disk-on-vols', 'ceph', '10.252.1.1:3260, 10.252.1.2:3260')}\n${told('disk-on-gold', 'array1', '192.168.1.101:3260, 192.168.1.102:3260')}\nleft behind: 0 LUNs on gw1, 0 on gw2, 0 volumes and 0 targets on the array\n`,
  );
});

/** Runs it, and compares what it says. */
const twoProcesses = async (given: readonly string[], env: Readonly<Record<string, string>>, store: string): Promise<void> => {
  const program = startProgram(['examples/two-processes/main.ts', ...given], { env: { CEPH_CONF: '', BLOCKLEDGER_STORE: '', ...env } });
  assert.is(await program.ended, 0, program.errors());
  const lines = [
    `EventStoreDB: ${store}`,
    'Ceph: simulated',
    String.raw`process 1 is (\d+), process 2 is (?!\1)\d+; a lease lasts 3 s`,
    String.raw`they share the work: process 1 has [1-9]\d* of 64 shards, process 2 has [1-9]\d*`,
    '12 volumes are asked for, all of them at process 2',
    String.raw`process 1 is killed: volumes that it had made: [1-9]\d*; in the middle: [1-9]\d*`,
    String.raw`process 2 has all 64 shards, \d+\.\d s later`,
    'process 2 has made what process 1 was making',
    'active volumes: 12 of 12; images on Ceph: 12',
  ];
  assert.match(program.output(), new RegExp(`^${lines.join('\n')}\n$`));
};

test('of two processes over one store one is killed while it makes volumes, and the other one makes them [I-1]', async () => {
  await twoProcesses([], {}, 'none was named, so the double that the tests have stands in for it');
});

test('two processes share an EventStoreDB that is named in a file or in the environment', async () => {
  const real = process.env['BLOCKLEDGER_TEST_ESDB'] ?? '';
  const yours = 'yours; the streams of this run stay there';
  if (real !== '') return twoProcesses([], { BLOCKLEDGER_STORE: real }, yours);
  const double = await eventStoreDbDouble();
  const folder = mkdtempSync(join(tmpdir(), 'two-processes-'));
  try {
    writeFileSync(join(folder, 'store.secret'), `${double.connectionString}\n`, { mode: 0o600 });
    await twoProcesses([`@${join(folder, 'store.secret')}`], {}, yours);
    assert.ok(double.log.events.some(({ stream }) => /^example_[0-9a-f]{12}\./.test(stream)));
  } finally {
    await double.stop();
    rmSync(folder, { recursive: true, force: true });
  }
});

test('two processes refuse to share a file, and say what they need', async () => {
  const program = startProgram(['examples/two-processes/main.ts', 'var/log.db']);
  assert.is(await program.ended, 64);
  assert.match(program.errors(), /cannot share .* begins with esdb:/);
});

test('the example over tgt says what it needs where that is not there', async () => {
  const program = startProgram(['examples/virtual-ip/tgt.ts'], { env: { CEPH_CONF: '/nowhere/ceph.conf', GATEWAYS: '', VIP: '' } });
  assert.is(await program.ended, 69);
  assert.match(program.errors(), /CEPH_CONF .*\/nowhere\/ceph\.conf, which is not there\n(.*\n)*.*apt-get install tgt .*\n(.*\n)*.*npm run lab:iscsi/);
});

test('every example is in the list of them', () => {
  const list = readFileSync(join(repositoryRoot, 'examples/README.md'), 'utf8');
  const files = filesUnder('examples', (path) => /\.(?:ts|js)$/.test(path)).map((path) => path.replace('examples/', ''));
  assert.ok(files.length > 8);
  assert.equal(files.filter((file) => !list.includes(`(${file})`)), []);
});

test.run();
