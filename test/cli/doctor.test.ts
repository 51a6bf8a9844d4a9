import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import * as assert from 'uvu/assert';
import { LEAST_NODE, lookAtNode } from '../../packages/app/src/cli/doctor/machine.ts';
import { looksAsGolden } from '../support/cliGolden.ts';
import { repositoryRoot } from '../support/files.ts';
import { requireReal } from '../support/real.ts';
import { startService } from '../support/serviceProcess.ts';
import { temporaryFolder } from '../support/sqlite.ts';
import { suite } from '../support/suite.ts';
import { realTerminal, shell, type Ran } from '../support/terminal.ts';

requireReal(realTerminal);
const test = suite('blockledger doctor');
const { folder, remove } = temporaryFolder();
const at = (name: string): string => join(folder, name);
const quickstart = join(repositoryRoot, 'examples/quickstart/blockledger.config.js');

/** A configuration file in the folder. `backends` is source text; imports are of this repository. */
const configure = (name: string, text: string): string => {
  const imports = [
    `import { sparseFiles } from '${pathToFileURL(join(repositoryRoot, 'examples/sparse-files/backend.ts')).href}';`,
    `import { simulateRbd } from '${pathToFileURL(join(repositoryRoot, 'packages/adapters-rbd/src/simulator/index.ts')).href}';`,
    `import { keepalivedVips, sshHost, tgtTargets, xdcTargets } from '${pathToFileURL(join(repositoryRoot, 'packages/adapters-xdc/src/index.ts')).href}';`,
    `import { simulateVips, simulateXdc } from '${pathToFileURL(join(repositoryRoot, 'packages/adapters-xdc/src/simulator/index.ts')).href}';`,
    `import { rbdBackend } from '${pathToFileURL(join(repositoryRoot, 'packages/adapters-rbd/src/index.ts')).href}';`,
  ];
  writeFileSync(at(name), `${imports.join('\n')}\nexport default ${text};\n`);
  chmodSync(at(name), 0o644);
  return name;
};

interface Seen {
  readonly code: number;
  readonly troubles: readonly string[];
  readonly fine: readonly string[];
}

const doctor = (args: string): Promise<Ran> => shell(`blockledger doctor ${args}`, { cwd: folder });
/** Warnings and problems as `level check about: found`; every one of them must say what follows and what to do. */
const diagnosed = async (args: string): Promise<Seen> => {
  const { code, stdout, stderr } = await doctor(`${args} --json`);
  assert.ok(stdout.startsWith('{'), stderr);
  const { findings } = (JSON.parse(stdout) as { readonly doctor: { readonly findings: readonly Readonly<Record<string, string>>[] } }).doctor;
  const names = findings.map(({ section, check, about }) => `${section} ${check} ${about}`);
  assert.is(new Set(names).size, names.length, names.join('\n'));
  for (const { level, meaning, remedy, found } of findings) assert.ok(level === 'ok' || (meaning !== undefined && remedy !== undefined), found);
  const lines = (level: RegExp): readonly string[] => findings.filter((finding) => level.test(finding['level'] ?? '')).map(({ level, check, about, found }) => `${level} ${check} ${about}: ${found}`);
  return { code, troubles: lines(/warning|problem/), fine: lines(/ok/) };
};
const only = async (expected: RegExp, args: string): Promise<Seen> => {
  const seen = await diagnosed(args);
  assert.is(seen.troubles.length, 1, seen.troubles.join('\n'));
  assert.match(seen.troubles[0] ?? '', expected);
  assert.is(seen.code, seen.troubles[0]?.startsWith('problem') === true ? 3 : 0);
  return seen;
};

const SIMULATED = `{ store: 'store/log.db', listen: { port: 0 }, backends: { ceph: rbdBackend({ run: simulateRbd().run }) }, pools: { vols: { backend: 'ceph', pool: 'vols' } } }`;

test('where all is well the doctor says what it looked at, on any terminal', async () => {
  configure('good.config.mjs', SIMULATED);
  await looksAsGolden({ name: 'doctor', line: 'blockledger doctor --config good.config.mjs', place: { cwd: folder }, rules: [[/~?[\d.]+ [KMGT]iB are free for/g, '<room> are free for'], [/Node is version [\d.]+/g, 'Node is version <version>']] });
});

test('what is wrong is told with what follows and what to do, on any terminal', async () => {
  configure('wrong.config.mjs', SIMULATED.replace("pool: 'vols'", "pool: 'volumes'").replace("'store/log.db'", "':memory:'"));
  await looksAsGolden({ name: 'doctor-problem', line: 'blockledger doctor --config wrong.config.mjs', place: { cwd: folder }, rules: [[/Node is version [\d.]+/g, 'Node is version <version>']] });
});

test('a Node that is too old is a problem, and which is too old is what package.json says', () => {
  assert.equal(['18.20.4', '20.9.0', '20.18.9', '20.19.0', '20.20.2', '22.0.0', '30.1.0'].map((version) => lookAtNode(version).level), ['problem', 'problem', 'problem', 'ok', 'ok', 'ok', 'ok']);
  const { engines } = JSON.parse(readFileSync(join(repositoryRoot, 'packages/app/package.json'), 'utf8')) as { readonly engines: { readonly node: string } };
  assert.is(`>=${LEAST_NODE.replace(/\.0$/, '')}`, engines.node);
});

test('a configuration that is absent, not valid, or open to others', async () => {
  await only(/^problem configuration blockledger\.config\.mjs: .*is not there/, '');
  configure('field.config.mjs', '{ store: "x.db", backends: {}, storre: 1 }');
  await only(/^problem configuration field\.config\.mjs: .*storre is not a known field/, '--config field.config.mjs');
  configure('thrower.config.mjs', '() => { throw new Error("no key here"); }');
  await only(/^problem configuration thrower\.config\.mjs: .*no key here/, '--config thrower.config.mjs');
  configure('open.config.mjs', SIMULATED);
  chmodSync(at('open.config.mjs'), 0o666);
  await only(/^problem configurationPermissions .*others than its owner can write/, '--config open.config.mjs');
  configure('tokens.config.mjs', SIMULATED.replace('listen:', "tokens: { me: 'a-planted-secret' }, listen:"));
  await only(/^warning configurationPermissions .*holds tokens/, '--config tokens.config.mjs');
  assert.not.match((await doctor('--config tokens.config.mjs')).stdout, /a-planted-secret/);
  configure('reader.config.mjs', SIMULATED.replace('listen:', "tokens: { me: { token: 'a-planted-secret', role: 'reader' } }, listen:"));
  chmodSync(at('reader.config.mjs'), 0o600);
  const outside = await shell('BLOCKLEDGER_TOKEN=a-planted-secret blockledger doctor --config reader.config.mjs', { cwd: folder });
  assert.match(outside.stdout, /BLOCKLEDGER_TOKEN is tokens\.me of the configuration \(reader\)/);
  assert.not.match(outside.stdout, /a-planted-secret/);
  configure('empty.config.mjs', '{ store: "store/log.db", listen: { port: 0 }, backends: {} }');
  await only(/^warning configuration .*0 backends/, '--config empty.config.mjs');
});

test('a store whose folder is none, belongs to all, has no room, or whose file is no store', async () => {
  writeFileSync(at('plain.txt'), 'no folder');
  await only(/^problem storeFolder .*plain\.txt is no folder/, '--config good.config.mjs --store plain.txt/log.db');
  mkdirSync(at('open'));
  chmodSync(at('open'), 0o777);
  await only(/^warning storeFolder .*others than its owner can write in open/, '--config good.config.mjs --store open/log.db');
  writeFileSync(at('letter.db'), 'Dear operator, this is no database.\n'.repeat(200));
  await only(/^problem store letter\.db: letter\.db cannot be used/, '--config good.config.mjs --store letter.db');
  const full = await diagnosed('--config good.config.mjs --store /proc/log.db');
  assert.match(full.troubles[0] ?? '', /^problem (?:storeRoom|storeFolder) \/proc/);
  await only(/^warning store :memory:/, '--config good.config.mjs --store :memory:');
});

test('a folder that this user may not write in', async () => {
  mkdirSync(at('closed'));
  chmodSync(at('closed'), 0o555);
  // The superuser may write anywhere, unless that right is taken from him.
  const withoutRights = process.getuid?.() === 0 ? 'setpriv --bounding-set=-dac_override,-dac_read_search ' : '';
  const ran = await shell(`${withoutRights}blockledger doctor --config good.config.mjs --store closed/log.db`, { cwd: folder });
  assert.is(ran.code, 3, ran.stderr);
  assert.match(ran.stdout, /this user may not write in closed/);
});

test('a port that another program holds, and an address that is not here', async () => {
  const stranger = createServer((socket) => socket.end('220 mail.example ESMTP\r\n'));
  await new Promise<void>((resolve) => stranger.listen(0, '127.0.0.1', resolve));
  const { port } = stranger.address() as { readonly port: number };
  const { troubles } = await only(new RegExp(`^problem port 127\\.0\\.0\\.1:${port}: another program listens`), `--config good.config.mjs --port ${port}`);
  assert.is(troubles.length, 1);
  stranger.close();
  await only(/^problem port .*192\.0\.2\.1 is no address of this machine/, '--config good.config.mjs --host 192.0.2.1 --port 8056');
  assert.is((await doctor('--config good.config.mjs --port 99999')).code, 64);
});

test('a service that runs is found, with the process that has the store open', async () => {
  const service = await startService({ config: quickstart, store: at('live.db') });
  const port = new URL(service.url).port;
  const { fine, troubles } = await diagnosed(`--config ${quickstart} --store live.db --port ${port}`);
  // Simulated gateways are of XDC, of which not everything is known.
  assert.equal(troubles.filter((line) => !line.startsWith('warning assumptions xdcadm')), []);
  assert.ok(fine.some((line) => line.includes(`process ${service.pid} on `)), fine.join('\n'));
  assert.ok(fine.some((line) => line.includes(`a service answers on 127.0.0.1:${port}: ok`)), fine.join('\n'));
  const elsewhere = await diagnosed(`--config ${quickstart} --store live.db --port 0`);
  assert.match(elsewhere.troubles[0] ?? '', /^warning service .*has the store open, and nothing answers/);
  await service.stop();
});

const GATEWAYS = SIMULATED.replace(
  'listen:',
  "targets: { xdc: xdcTargets({ hosts: simulateXdc({ hosts: ['gw1'] }).hosts }) }, vips: { wire: simulateVips({ hosts: [{ name: 'gw1', source: '10.252.1.1' }] }).backend }, hosts: { gw1: { targets: 'xdc', vips: 'wire', addresses: [{ ip: '10.252.1.1', interface: 'eth0' }] } }, listen:",
);

test('gateways are looked at, each with the hosts that it knows, and a host that it does not know is told [S0-98]', async () => {
  configure('gateways.config.mjs', GATEWAYS);
  const { fine, troubles, code } = await diagnosed('--config gateways.config.mjs');
  assert.is(code, 0);
  assert.ok(fine.some((line) => line.startsWith('ok xdcadm gw1: xdcadm on host gw1 shows 0')), fine.join('\n'));
  assert.ok(fine.some((line) => line.startsWith('ok host gw1: host gw1 answers: 0 virtual IPs')), fine.join('\n'));
  assert.equal(troubles.map((line) => line.split(':')[0]), ['warning assumptions xdcadm'], 'what nobody knows of xdcadm');
  configure('lost.config.mjs', GATEWAYS.replace('hosts: { gw1: {', 'hosts: { gw7: {'));
  const lost = await diagnosed('--config lost.config.mjs');
  assert.is(lost.code, 3);
  assert.match(lost.troubles.join('\n'), /problem host gw7: hosts\.gw7 names targets\.xdc, which knows no host gw7 \(its hosts: gw1\)/);
});

test('a gateway behind ssh: its key, the known hosts, and whether it answers are told once for each backend [I-20, I-24]', async () => {
  writeFileSync(at('open.key'), 'a-planted-secret', { mode: 0o644 });
  chmodSync(at('open.key'), 0o644);
  const hosts = "[sshHost({ name: 'gw1', host: '127.0.0.1', port: 1, identity: 'open.key', knownHosts: 'none' })]";
  configure('ssh.config.mjs', SIMULATED.replace('listen:', `targets: { tgt: tgtTargets({ hosts: ${hosts} }) }, vips: { wire: keepalivedVips({ hosts: ${hosts}, supervise: 'child' }) }, listen:`));
  const { troubles, code } = await diagnosed('--config ssh.config.mjs');
  assert.is(code, 3);
  for (const about of [/sshKey gw1: others than its owner can read the ssh key open\.key/, /knownHosts gw1: the file of known hosts none is not there/, /host gw1: host gw1 (?:cannot be reached|shows a key)/]) {
    assert.is(troubles.filter((line) => about.test(line)).length, 2, troubles.join('\n'));
  }
  assert.not.match((await doctor('--config ssh.config.mjs')).stdout, /a-planted-secret/);
});

test('sealed secrets that others can read, and a key that is gone or open to others [I-24]', async () => {
  mkdirSync(at('store'), { recursive: true });
  const [sealed, key] = [at('store/log.db.secrets'), at('store/log.db.secrets.key')];
  writeFileSync(sealed, '{}', { mode: 0o600 });
  await only(/^problem secretKey .*log\.db\.secrets\.key, the key of .* is not there/, '--config good.config.mjs');
  writeFileSync(key, 'x\n', { mode: 0o600 });
  assert.equal((await diagnosed('--config good.config.mjs')).troubles, []);
  chmodSync(key, 0o640);
  await only(/^problem secretKey .*others than its owner can read/, '--config good.config.mjs');
  chmodSync(key, 0o600);
  chmodSync(sealed, 0o644);
  await only(/^warning secrets .*others than its owner can read the sealed secrets/, '--config good.config.mjs');
  rmSync(key);
  chmodSync(sealed, 0o600);
  const outside = await shell('BLOCKLEDGER_SECRET_KEY=anything blockledger doctor --config good.config.mjs', { cwd: folder });
  assert.is(outside.code, 0, outside.stdout);
  rmSync(sealed);
});

test('a backend that offers no diagnosis is asked for its pools; one that breaks or hangs is told', async () => {
  mkdirSync(at('disks/fast'), { recursive: true });
  const backend = `{ store: 'store/log.db', listen: { port: 0 }, backends: { own: BACKEND }, pools: { fast: { backend: 'own', pool: 'fast' } } }`;
  configure('plain.config.mjs', backend.replace('BACKEND', "sparseFiles({ root: 'disks' })"));
  const { fine, troubles } = await diagnosed('--config plain.config.mjs');
  assert.equal(troubles, []);
  assert.ok(fine.some((line) => line.startsWith('ok poolRoom fast: pool fast answers')), fine.join('\n'));
  configure('absent.config.mjs', backend.replace('BACKEND', "sparseFiles({ root: 'disks' })").replace("pool: 'fast'", "pool: 'slow'"));
  await only(/^problem pool slow: pool slow cannot be asked who it is/, '--config absent.config.mjs');
  configure('broken.config.mjs', backend.replace('BACKEND', "{ ...sparseFiles({ root: 'disks' }), diagnose: () => () => Promise.reject(new Error('out of luck')) }"));
  await only(/^problem backend own: backend own broke while it was asked: out of luck/, '--config broken.config.mjs');
  configure('hanging.config.mjs', backend.replace('BACKEND', "{ ...sparseFiles({ root: 'disks' }), diagnose: () => () => new Promise(() => undefined) }"));
  await only(/^problem backend own: backend own did not say how it is within/, '--config hanging.config.mjs --timeout 100ms');
});

test.after(remove);
test.run();
