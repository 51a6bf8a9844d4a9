/** The example over tgt, as its reader runs it, where Ceph and two gateways are. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { gatewayParts, HOSTS, startGateways, type Gateways } from '../support/gateways.ts';
import { startProgram } from '../support/program.ts';
import { requireReal } from '../support/real.ts';
import { suite } from '../support/suite.ts';
import { VIP } from '../support/realPath.ts';

for (const part of gatewayParts) requireReal(part);
const test = suite('the example over tgt');

let gateways: Gateways;
const folder = mkdtempSync(join(tmpdir(), 'bl-ex-'));
test.before(async () => {
  gateways = await startGateways();
});
test.after(async () => {
  await gateways?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** What runs on a host. */
const runningOn = (host: 'gw1' | 'gw2'): string => gateways.segment.run('sw', 'sh', '-c', `ip netns pids ${gateways.segment.nsOf(host)} | xargs -r ps -o args= -p`);

test('an initiator reads by the line that it shows, and at Ctrl-C it takes everything away again [S0-67, S0-86, S0-93]', async () => {
  const names = (['gw1', 'gw2'] as const).map((host) => `${gateways.segment.nsOf(host)}=${HOSTS[host]}`);
  const program = startProgram(['examples/virtual-ip/tgt.ts'], {
    prefix: gateways.segment.prefixOf('sw'),
    env: { CEPH_CONF: gateways.ceph.conf, GATEWAYS: names.join(' '), VIP, FOLDER: folder },
  });
  const [, line = ''] = await program.says(/from a host of that network: (.*)\n/, 60_000);
  await program.says(/gw1 holds/, 60_000);
  assert.match(gateways.segment.run('client', 'sh', '-c', line), /read 512\/512 bytes/);
  assert.match(runningOn('gw2'), /tgtd/);
  assert.is(await program.stop('SIGINT'), 0, program.errors());
  assert.match(program.output(), /everything is taken away again\n$/);
  for (const host of ['gw1', 'gw2'] as const) assert.is(runningOn(host), '', host);
  assert.is(gateways.ceph.rbd('ls', 'vols'), '');
  assert.equal(readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.pid')), []);
});

test.run();
