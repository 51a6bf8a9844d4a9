import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { looksAsGolden } from '../support/cliGolden.ts';
import { repositoryRoot } from '../support/files.ts';
import { requireReal } from '../support/real.ts';
import { startProgram } from '../support/program.ts';
import { suite } from '../support/suite.ts';
import { realTerminal, shell } from '../support/terminal.ts';

requireReal(realTerminal);
const test = suite('blockledger init');

// Below the repository, where the file that is written finds the packages that it imports.
mkdirSync(join(repositoryRoot, 'var'), { recursive: true });
const folder = mkdtempSync(join(repositoryRoot, 'var', 'init-'));
const place = { cwd: folder };
const fresh = (): void => {
  for (const name of readdirSync(folder)) rmSync(join(folder, name), { recursive: true });
};
const read = (name: string): string => readFileSync(join(folder, name), 'utf8');

test('init writes a file for the simulator that the doctor finds well and the service starts with', async () => {
  await looksAsGolden({ name: 'init', line: 'blockledger init --backend simulator --port 0', place, before: fresh });
  assert.match(read('blockledger.config.mjs'), /SIMULATED/);
  const doctor = await shell('blockledger doctor', place);
  assert.is(doctor.code, 0, doctor.stdout);
  const service = startProgram([join(repositoryRoot, 'packages/app/src/cli/main.ts'), 'serve'], { cwd: folder, env: { BLOCKLEDGER_LOG_LEVEL: 'warn' } });
  await service.says(/listening on http:\/\/127\.0\.0\.1:\d+[\s\S]*pool 1 {2}vols[\s\S]*pool 2 {2}gold \(replicated, active\) on array1\/Pool-1[\s\S]*host 3 {2}array1 \(active\)/);
  assert.is(await service.stop(), 0, service.errors());
});

test('the simulated gateways and the array of the file are well, are registered at every start, and keep what was registered [S0-98, S1-20]', async () => {
  fresh();
  assert.is((await shell('blockledger init --backend simulator --port 0', place)).code, 0);
  const doctor = await shell('blockledger doctor', place);
  assert.is(doctor.code, 0, doctor.stdout);
  assert.match(doctor.stdout, /2 backends, 2 pools, 3 backends of gateways, 3 hosts[\s\S]*Backend array1 \(qsan\)[\s\S]*Targets gateways \(xdc\)[\s\S]*xdcadm on host gw1[\s\S]*Virtual IPs keepalived/);
  for (const start of ['first', 'second']) {
    const service = startProgram([join(repositoryRoot, 'packages/app/src/cli/main.ts'), 'serve'], { cwd: folder, env: { BLOCKLEDGER_LOG_LEVEL: 'warn' } });
    await service.says(/host 1 {2}gw1 \(active\): targets by gateways, virtual IPs by keepalived\n {2}host 2 {2}gw2/);
    assert.is(await service.stop(), 0, `${start}: ${service.errors()}`);
  }
  writeFileSync(join(folder, 'blockledger.config.mjs'), read('blockledger.config.mjs').replace("ip: '10.252.1.2', interface: 'eth0'", "ip: '10.252.1.2', interface: 'eth1'"));
  const changed = await shell('blockledger serve', place);
  assert.is(changed.code, 78, changed.stderr);
  assert.match(changed.stderr, /hosts\.gw2\.addresses\[0\]\.interface is not what the host was registered with/);
});

/** The written file with gateways: what stands there as comments is made part of it, as the comments say. */
const withGateways = (text: string): string => {
  const above = [...text.matchAll(/^ {4}\/\/ {3}((?:import|const) .*)$/gm)].map(([, line]) => line);
  const inside = text.replaceAll(/^ {4}\/\/ {3}(?:import|const) .*\n/gm, '').replaceAll(/^ {4}\/\/ ((?:targets|vips|hosts): .*| {2}gw\d: .*|\},)$/gm, '    $1');
  return inside.replace(/^export default/m, `${above.join('\n')}\n$&`);
};

test('init writes a file for Ceph with the user, keyring and pools that were given', async () => {
  fresh();
  const ran = await shell('blockledger init --backend ceph --pool vols --pool images-2 --user client.storage --keyring /etc/ceph/my.keyring --conf /etc/ceph/other.conf --store log.db --file ceph.config.mjs', place);
  assert.is(ran.code, 0, ran.stderr);
  assert.match(ran.stdout, /blockledger doctor --config ceph\.config\.mjs/);
  for (const part of ["conf: '/etc/ceph/other.conf'", "name: 'client.storage'", "keyring: '/etc/ceph/my.keyring'", "vols: { backend: 'ceph', pool: 'vols' }", "'images-2': { backend: 'ceph', pool: 'images-2' }", "store = 'log.db'"]) {
    assert.ok(read('ceph.config.mjs').includes(part), part);
  }
  const { doctor } = JSON.parse((await shell('blockledger doctor --config ceph.config.mjs --json', place)).stdout) as { readonly doctor: { readonly findings: readonly { readonly check: string; readonly level: string }[] } };
  assert.is(doctor.findings.find(({ check }) => check === 'configuration')?.level, 'ok');
  writeFileSync(join(folder, 'gateways.config.mjs'), withGateways(read('ceph.config.mjs')).replaceAll('.example', '.invalid'));
  const looked = (await shell('blockledger doctor --config gateways.config.mjs', place)).stdout;
  assert.match(looked, /gateways\.config\.mjs is valid: .* 2 backends of gateways, 2 hosts/);
  assert.match(looked, /the ssh key \/etc\/blockledger\/gateways\.key is not there/);
});

test('a file that is there is left as it is', async () => {
  fresh();
  writeFileSync(join(folder, 'blockledger.config.mjs'), '// mine\n');
  await looksAsGolden({ name: 'init-exists', line: 'blockledger init --backend simulator', place, json: false });
  assert.is(read('blockledger.config.mjs'), '// mine\n');
  assert.is((await shell('blockledger init --backend simulator --file no/such/folder/x.mjs', place)).code, 73);
});

test('on a terminal init asks for what matters, and offers the usual answers', async () => {
  fresh();
  const typed = [
    [/Which backend.*\] /, 'ceph\r'],
    [/log of events.*\] /, 'log.db\r'],
    [/ceph\.conf\?.*\] /, '\r'],
    [/Ceph user\?.*\] /, 'client.me\r'],
    [/Which pools.*\] /, 'one two\r'],
  ] as const;
  const ran = await shell('blockledger init', { ...place, columns: 80, typed });
  assert.is(ran.code, 0, ran.stdout);
  for (const part of ["conf: '/etc/ceph/ceph.conf'", "name: 'client.me'", "one: { backend: 'ceph', pool: 'one' }", "two: { backend: 'ceph', pool: 'two' }", "store = 'log.db'"]) {
    assert.ok(read('blockledger.config.mjs').includes(part), part);
  }
});

test('questions that are not answered leave nothing behind, and without a terminal nothing is asked', async () => {
  fresh();
  assert.is((await shell('blockledger init', { ...place, columns: 80, typed: [[/Which backend.*\] /, '\u0003']] })).code, 64);
  const piped = await shell('blockledger init', place);
  assert.is(piped.code, 64);
  assert.match(piped.stderr, /give --backend simulator or --backend ceph/);
  assert.is((await shell('blockledger init --backend tape', place)).code, 64);
  assert.equal(readdirSync(folder), []);
});

test('a name that could end a text or a comment stays a name', async () => {
  fresh();
  const evil = "'; throw new Error('taken over'); '";
  const line = `blockledger init --backend ceph --user "$EVIL" --pool "$EVIL" --store "$EVIL" --conf "$EVIL"`;
  assert.is((await shell(line, { ...place, env: { EVIL: `client.x\nthrow new Error('taken over') // ${evil}` } })).code, 0);
  const { doctor } = JSON.parse((await shell('blockledger doctor --json --timeout 1s', place)).stdout) as { readonly doctor: { readonly findings: readonly Readonly<Record<string, string>>[] } };
  const configuration = doctor.findings.find(({ about }) => about === 'blockledger.config.mjs');
  assert.is(configuration?.['found'], 'blockledger.config.mjs is valid: 1 backend, 1 pool');
});

test.after(() => rmSync(folder, { recursive: true, force: true }));
test.run();
