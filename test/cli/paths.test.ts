/** Hosts, client groups, access paths and virtual IPs, as people see and change them everywhere. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { looksAsGolden } from '../support/cliGolden.ts';
import { cliPathWorld, type CliPathWorld } from '../support/cliPathWorld.ts';
import { requireReal } from '../support/real.ts';
import { suite } from '../support/suite.ts';
import { realTerminal, shell, type Ran } from '../support/terminal.ts';

requireReal(realTerminal);
const test = suite('gateways with blockledger');
const folder = mkdtempSync(join(tmpdir(), 'blockledger-paths-'));
let world: CliPathWorld;

const run = (line: string): Promise<Ran> => shell(`blockledger ${line}`, { env: world.env, cwd: folder });

/** What is looked at, by the golden file. */
const LOOKS: Readonly<Record<string, string>> = {
  'host-list': 'host list',
  'host-show': 'host show gw1',
  'host-show-owed': 'host show gw3',
  'host-addresses': 'host addresses --host gw2',
  'client-group-list': 'client-group list',
  'client-group-show': 'client-group show db',
  'path-list': 'path list',
  'path-list-none': 'path list --search nothing',
  'path-show': 'path show gold',
  'path-show-owed': 'path show far',
  'path-show-absent': 'path show nothing',
  'path-targets': 'path targets --host gw3',
  'path-mappings': 'path mappings --volume data-1',
  'vip-group-list': 'vip-group list',
  'vip-group-show': 'vip-group show gold',
  'vip-group-vips': 'vip-group vips --vip-group 10.252.1.128',
  'history-path': 'history path bare --asked',
  'history-client-group': 'history client-group db --asked',
  'at-path': 'at 0s path bare',
  'path-map-plan': 'path map bare --clients spare --volume data-2 --plan',
};

const RULES = [
  [/\b(?=\d*[a-f])[0-9a-f]{16}\b/g, '<hash>'],
  [/volume-[0-9a-f]{32}/g, '<image>'],
  [/(?<="secretRef": "chap\/[\w-]+\/)[\w-]{43}/g, '<fingerprint>'],
  [/(?<=router id )\d+|(?<="virtual_router_id": )\d+/g, '0'],
] as const;

/** A moment that is broken at the edge of a narrow screen. */
const BROKEN_MOMENT = [
  [/\d{4}-\d\d-\d\d(?= |$)/g, '<day>'],
  [/\b\d\d:\d\d:\d\d\b(?![.Z])/g, '<clock>'],
] as const;

const BROKEN = new Set(['path-show-owed', 'vip-group-show']);

for (const [name, line] of Object.entries(LOOKS)) {
  test(`${line} looks the same on every screen, and is one document as JSON [S0-98, I-25]`, async () => {
    await looksAsGolden({ name, line: `blockledger ${line}`, place: { env: world.env }, atOnce: true, rules: BROKEN.has(name) ? [...BROKEN_MOMENT, ...RULES] : RULES });
  });
}

test('what is asked for is done, and told in two lines [S0-97, S0-98]', async () => {
  for (const [line, told] of [
    ['host add-address gw1 192.168.7.4/24@eth1,role=admin,segment=office --wait', /^host 1 gw1\n✓ task \d+ AddNetworkAddress: succeeded\n$/],
    ['host remove-address gw1 192.168.7.4 --yes --wait', /^host 1 gw1\n✓ task \d+ RemoveNetworkAddress: succeeded\n$/],
    ["host pause gw2 --reason 'new kernel'", /^host 2 gw2 is paused \(new kernel\): new work is accepted and waits\n/],
    ['host resume gw2', /^host 2 gw2\n✓ done\n$/],
    ['path map bare --clients spare --volume data-2 --key once --wait', /^access path 2 bare\n✓ task \d+ CreateMappingGroup: succeeded\n$/],
    ['path map bare --clients spare --volume data-2', /^access path 2 bare\n✓ done\n$/],
    ['path unmap bare --clients spare --yes --wait', /^access path 2 bare\n✓ task \d+ DeleteMappingGroup: succeeded\n$/],
    ['vip-group add-vip gold 10.252.1.130@10.252.1.2 --wait', /^vip group 1 10\.252\.1\.0\/24\n✓ task \d+ CreateVIP: succeeded\n$/],
    ['vip-group remove-vip gold 10.252.1.130 --yes --wait', /^vip group 1 10\.252\.1\.0\/24\n✓ task \d+ DeleteVIP: succeeded\n$/],
  ] as const) {
    const { code, stdout, stderr } = await run(line);
    assert.is(code, 0, `${line}: ${stderr}`);
    assert.match(stdout, told, line);
  }
});

test('the repeat of a key is answered as the first was, although the mapping group is there by now [I-16]', async () => {
  const map = 'path map bare --clients spare --volume data-2 --key mapping --wait --json';
  const [first, again] = [await run(map), await run(map)];
  assert.is(again.code, 0, again.stderr);
  const taskOf = ({ stdout }: Ran): unknown => (JSON.parse(stdout) as { readonly task: { readonly uuid: string } }).task.uuid;
  assert.is(taskOf(again), taskOf(first));
  assert.is((await run('path map bare --clients spare --volume data-3 --key mapping')).code, 1, 'another input under the same key');
  assert.is((await run('path unmap bare --clients spare --volume data-2 --yes --wait')).code, 0);
  assert.equal(world.plane.mappingGroups.list({ clientGroup: 2 }).items.map(({ luns }) => luns.length), [0]);
  assert.is((await run('path unmap bare --clients spare --yes --wait')).code, 0);
});

test('a secret comes from a file, from stdin or from the environment, never from the command line, and nothing shows it [S0-86, R-18, I-24]', async () => {
  writeFileSync(join(folder, 'secret'), 'from-a-file-1\n');
  for (const line of [
    'blockledger path update bare --chap-user another-user --chap-secret-file secret --wait --json',
    "printf 'from-stdin-12' | blockledger path update bare --chap-user another-user --chap-secret-file - --wait --json",
  ]) {
    const { code, stdout, stderr } = await shell(line, { env: world.env, cwd: folder });
    assert.is(code, 0, stderr);
    assert.match(stdout, /"tname": "another-user"/);
    assert.not.match(stdout + stderr, /from-a-file|from-stdin/);
  }
  assert.match(world.gateways.shows('gw1'), /from-stdin-12/);
  const environment = await shell('blockledger path update bare --chap-user another-user --wait', { env: { ...world.env, BLOCKLEDGER_CHAP_SECRET: 'from-environ-1' }, cwd: folder });
  assert.is(environment.code, 0, environment.stderr);
  assert.match(world.gateways.shows('gw1'), /from-environ-1/);
  const unasked = await run('path update bare --chap-user another-user');
  assert.is(unasked.code, 64);
  assert.match(unasked.stderr, /nobody can be asked here/);
  assert.is((await run('path update bare --chap-secret-file secret')).code, 64);
  assert.is((await run('path update bare --chap-off --chap-user another-user')).code, 64);
  assert.is((await run('path update bare --chap-off --wait')).code, 0);
});

test('on a terminal a secret is asked for twice, and is not shown while it is typed [S0-87, I-24]', async () => {
  const typed = [
    [/Secret of mutual-spare: /, 'typed-12345\r'],
    [/Once more: /, 'typed-12345\r'],
  ] as const;
  const line = 'blockledger path update bare --chap-user mutual-spare --wait';
  const asked = await shell(line, { columns: 80, env: world.env, typed: [[/Secret of mutual-spare: /, 'typed-123456\r'], [/Once more: /, 'typed-123456\r']] });
  assert.is(asked.code, 0, asked.stdout);
  assert.match(asked.stdout, /succeeded/);
  assert.not.match(asked.stdout, /typed-/);
  assert.match(world.gateways.shows('gw1'), /typed-123456/);
  const other = await shell(line, { columns: 80, env: world.env, typed: [typed[0], [/Once more: /, 'typed-54321\r']] });
  assert.is(other.code, 64, other.stdout);
  assert.match(other.stdout, /the two are not the same/);
  assert.not.match(other.stdout, /typed-/);
});

test('what is not written as it should be is told with how to write it [S0-66, S0-67]', async () => {
  for (const [line, told] of [
    ['host register gw9 --address 10.252.1.9', /write 10\.252\.1\.204\/24@eth0/],
    ['host add-address gw1 10.252.1.9/24@eth0,role=guest', /guest is none of gateway, admin, public, private/],
    ['vip-group add-vip gold 10.252.1.131', /write 10\.252\.1\.128@gw1/],
    ['vip-group create bare --network 10.252.1.0/24', /no virtual IP was given/],
    ['path map bare --clients spare', /no volume was given/],
    ['path update bare', /nothing was given to change/],
    ['client-group update db', /nothing was given to change/],
  ] as const) {
    const { code, stderr } = await run(line);
    assert.is(code, 64, line);
    assert.match(stderr, told, line);
  }
  for (const [line, told] of [
    ['vip-group add-vip gold 10.252.1.131@10.9.9.9', /no host has the gateway address 10\.9\.9\.9 in 10\.252\.1\.0\/24/],
    ['path remove-host bare gw3 --yes', /the access path has nothing on that host/],
    ['path unmap bare --clients db --yes', /the client group db sees nothing by this access path/],
    ['vip-group show 10.9.9.0/24', /there is no VIP group named 10\.9\.9\.0\/24/],
    ['host remove-address gw1 10.9.9.9 --yes', /the host has no address 10\.9\.9\.9/],
  ] as const) {
    const { code, stderr } = await run(line);
    assert.is(code, 2, `${line}: ${stderr}`);
    assert.match(stderr, told, line);
  }
});

test('a VIP group is named by its access path, its network or one of its addresses [S0-67]', async () => {
  for (const name of ['gold', '10.252.1.0/24', '10.252.1.129', '1']) {
    const { stdout } = await run(`vip-group show ${name} --json`);
    assert.is((JSON.parse(stdout) as { readonly vip_group: { readonly id: number } }).vip_group.id, 1, name);
  }
});

test('names are completed for what is on gateways, too', async () => {
  // A shell is kept waiting for 600 ms at most: on a busy machine nothing comes in time, and whoever sits there asks again.
  const told = async (line: string, tries = 10): Promise<readonly string[]> => {
    const names = (await run(`complete bash -- ${line}`)).stdout.split('\n').filter((one) => one !== '');
    return names.length > 0 || tries === 1 ? names : told(line, tries - 1);
  };
  assert.equal(await told("host pause 'gw'"), ['gw1', 'gw2', 'gw3']);
  assert.equal(await told("path show 'g'"), ['gold']);
  assert.equal(await told("path map gold --clients 's'"), ['spare']);
  assert.equal(await told("vip-group show ''"), ['10.252.1.128']);
  assert.equal(await told("vip-group remove-vip gold ''"), ['10.252.1.128', '10.252.1.129']);
  assert.equal(await told("host remove-address gw1 '10.252.1.1'"), ['10.252.1.1']);
  assert.equal(await told("history path 'f'"), ['far']);
});

test('events, tasks and actions are found by what they are about [S0-135, S0-136]', async () => {
  const rows = async (line: string): Promise<readonly Readonly<Record<string, unknown>>[]> => Object.values(JSON.parse((await run(`${line} --json`)).stdout) as object)[0] as readonly Readonly<Record<string, unknown>>[];
  assert.ok((await rows('task list --path gold')).some(({ type }) => type === 'CreateAccessPath'));
  assert.equal((await rows('task list --host gw3')).map(({ type }) => type), ['CreateHost']);
  assert.ok((await rows('actions --vip-group gold')).some(({ action }) => action === 'createVipGroup'));
  const events = (await run('events --kind path --path bare')).stdout;
  assert.match(events, /path 2 bare: The host gw1 said what it is/);
  assert.not.match(events, /path 1 gold/);
});

test.before(async () => {
  world = await cliPathWorld();
});
test.after(async () => {
  await world.close();
  rmSync(folder, { recursive: true });
});
test.run();
