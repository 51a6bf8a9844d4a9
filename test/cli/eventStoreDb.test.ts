/** The command line over a store in EventStoreDB: serving, looking, verifying, copying. Over a double. */
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { reveal } from '@blockledger/domain';
import * as assert from 'uvu/assert';
import { CLIENT, CLIENT_VERSION } from '../../packages/app/src/cli/store/eventStoreDb.ts';
import { placeOfStore } from '../../packages/app/src/cli/store/place.ts';
import { eventStoreDbDouble, type DoubleOptions } from '../support/eventStoreDb/double.ts';
import { sampleEvent } from '../support/events.ts';
import { repositoryRoot } from '../support/files.ts';
import { followGuide } from '../support/guide.ts';
import { right } from '../support/plane.ts';
import { startProgram } from '../support/program.ts';
import { call, startService, taskEnd } from '../support/serviceProcess.ts';
import { openedStore } from '../support/sqlite.ts';
import { suite } from '../support/suite.ts';
import { shell } from '../support/terminal.ts';

const test = suite('blockledger over EventStoreDB');
// Configurations find their imports above them.
const folder = mkdtempSync(join(repositoryRoot, 'node_modules', '.esdb-'));
const at = (name: string): string => join(folder, name);
const place = { cwd: folder };
test.after(() => rmSync(folder, { recursive: true, force: true }));

const PASSWORD = 'hunter2-secret';

/** A double, and a file that names it. */
const named = async (name: string, options: DoubleOptions = {}) => {
  const double = await eventStoreDbDouble(options);
  // Without TLS the client keeps the password to itself; ours must keep it, too.
  const connectionString = double.connectionString.replace('esdb://', `esdb://admin:${PASSWORD}@`);
  writeFileSync(at(name), `${connectionString}\n`, { mode: 0o600 });
  return { double, connectionString };
};

const configured = (name: string, more = "secrets: { path: 'the.secrets' },"): string => {
  writeFileSync(at(name), `import { rbdBackend } from '@blockledger/adapters-rbd';
import { simulateRbd } from '@blockledger/adapters-rbd/simulator';
export default { store: '@named.secret', backends: { ceph: rbdBackend({ run: simulateRbd({ pools: { vols: {} }, file: '${at('cluster.json')}' }).run }) }, pools: { vols: { backend: 'ceph', pool: 'vols' } }, ${more} };
`);
  return at(name);
};

test('a connection string is shown without its user and password, whatever is in them, and its namespace is ours [S0-16]', () => {
  const shown = (text: string): string => right(placeOfStore(text)).shown;
  assert.is(shown('esdb://admin:changeit@one:2113,two:2113?tls=false'), 'esdb://one:2113,two:2113');
  assert.is(shown('esdb+discover://a:p/w?d@p@ss@name:2113/?namespace=staging&tls=false'), 'esdb+discover://name:2113 (namespace staging)');
  assert.is(shown('var/log.db'), 'var/log.db');
  for (const [given, left] of [['?namespace=a1', ''], ['?namespace=a1&tls=false', '?tls=false'], ['?tls=false&namespace=a1', '?tls=false'], ['?x=1&namespace=a1&tls=false', '?x=1&tls=false']] as const) {
    const found = right(placeOfStore(`esdb://h:1${given}`));
    assert.ok(found.is === 'eventStoreDb');
    assert.equal([found.namespace, reveal(found.connectionString)], ['a1', `esdb://h:1${left}`]);
    assert.not.match(JSON.stringify(found), /tls/);
  }
});

test('a service runs over it, and another process goes on after a kill; nobody prints the password [I-12, S0-16]', async () => {
  const { double, connectionString } = await named('named.secret');
  const config = configured('service.config.mjs');
  const options = { config, store: connectionString, env: { BLOCKLEDGER_LOG_LEVEL: 'debug' } };
  const one = await startService(options);
  const made = await call(one.url, 'POST', '/block-volumes', { body: { block_volume: { name: 'kept', pool_id: 1, size: 2 ** 30 } } });
  assert.is((await taskEnd(one.url, made.location ?? '')).status, 'succeeded');
  assert.match(one.output(), new RegExp(`store {2}esdb://127\\.0\\.0\\.1:${double.address.port}\n`));
  await one.stop('SIGKILL');
  const two = await startService(options);
  assert.is(((await call(two.url, 'GET', '/block-volumes/1')).json['block_volume'] as { readonly name: string }).name, 'kept');
  assert.is(await two.stop(), 0);
  for (const said of [one.output(), one.errors(), two.output(), two.errors()]) assert.not.match(said, new RegExp(PASSWORD));
  const sound = await shell('blockledger store verify --store @named.secret --json', place);
  assert.is(sound.code, 0, sound.stderr);
  assert.is((JSON.parse(sound.stdout) as { verification: { events: number } }).verification.events, double.log.events.filter(({ stream }) => stream.startsWith('blockledger.')).length);
  await double.stop();
});

test('what is missing is said: a place for secrets, a file that others cannot read, the server [S0-16]', async () => {
  const { double } = await named('named.secret');
  const run = async (line: string) => shell(`blockledger ${line}`, place);
  const bare = await run(`serve --config ${configured('bare.config.mjs', '')} --port 0`);
  assert.equal([bare.code, /secrets\.path is not said/.test(bare.stderr)], [78, true], bare.stderr);
  const well = await run(`doctor --config ${configured('well.config.mjs')} --port 0`);
  assert.is(well.code, 0, well.stdout);
  assert.match(well.stdout, /EventStoreDB \d+\.\d+\S* answers at esdb:\/\/127\.0\.0\.1:\d+, and holds no events yet/);
  chmodSync(at('named.secret'), 0o644);
  const open = await run(`serve --config ${at('well.config.mjs')} --port 0`);
  assert.equal([open.code, /others than its owner can read named\.secret/.test(open.stderr)], [78, true], open.stderr);
  chmodSync(at('named.secret'), 0o600);
  await double.stop();
  const ill = await run(`doctor --config ${at('well.config.mjs')} --port 0`);
  assert.is(ill.code, 3, ill.stderr);
  assert.match(ill.stdout, /does not answer/);
  assert.not.match(well.stdout + ill.stdout + ill.stderr + open.stderr, new RegExp(PASSWORD));
  const told = await run('init --backend ceph --file x.mjs --store esdb://admin:pw@h');
  assert.equal([told.code, existsSync(at('x.mjs'))], [64, false]);
});

test('without its client the package is named, and how it is installed [S0-16]', async () => {
  writeFileSync(at('hook.mjs'), `export const load = (url, context, next) => {
  if (url.includes('@eventstore/db-client')) throw Object.assign(new Error("Cannot find package '@eventstore/db-client'"), { code: 'ERR_MODULE_NOT_FOUND' });
  return next(url, context);
};
`);
  writeFileSync(at('absent.mjs'), "import { register } from 'node:module';\nregister('./hook.mjs', import.meta.url);\n");
  // From its source, as it stands: what was built for the tests has loaders of its own.
  const main = `'${process.execPath}' --conditions=@blockledger/source --import '${import.meta.resolve('tsx')}' '${join(repositoryRoot, 'packages/app/src/cli/main.ts')}'`;
  const ran = await shell(`${main} store verify --store 'esdb://127.0.0.1:1?tls=false'`, { ...place, env: { NODE_OPTIONS: `--import=${at('absent.mjs')}` } });
  assert.is(ran.code, 78, ran.stderr);
  assert.match(ran.stderr, /needs the package @eventstore\/db-client, which is not installed/);
  assert.match(ran.stderr, /npm install @eventstore\/db-client@6\.2\.1/);
  const manifest = JSON.parse(readFileSync(join(repositoryRoot, 'packages/app/package.json'), 'utf8')) as { readonly peerDependencies: Readonly<Record<string, string>> };
  assert.is(manifest.peerDependencies[CLIENT], CLIENT_VERSION);
});

const EVENTS = 900;
const makeFile = async (name: string): Promise<void> => {
  const store = await openedStore(at(name));
  for (let n = 0; n < EVENTS; n += 1) right(await store.append(`volume-${n % 3}`, n < 3 ? 'none' : Math.floor(n / 3) - 1, [sampleEvent(n)])());
  await store.close();
};

test('a copy that is killed anywhere cannot be served, and goes on to its end with --resume [I-15]', async () => {
  await makeFile('source.db');
  for (const after of [250]) {
    const { double } = await named('half.secret');
    const program = startProgram(['packages/app/src/cli/main.ts', 'store', 'copy', '--from', 'source.db', '--to', '@half.secret'], place);
    const begun = (): boolean => double.log.stream('blockledger_registers-copy').length > 0 && double.log.events.filter(({ stream }) => stream.startsWith('blockledger.')).length >= after;
    while (!begun()) await pause(1);
    await program.stop('SIGKILL');
    const state = double.log.stream('blockledger_registers-copy').length;
    if (state === 1) {
      const refused = await shell('blockledger store verify --store @half.secret', place);
      assert.equal([refused.code, /holds a part of a copy that was cut/.test(refused.stderr)], [3, true], refused.stderr);
      if (after > 0) assert.is((await shell('blockledger store copy --from source.db --to @half.secret', place)).code, 73);
      const resumed = await shell('blockledger store copy --from source.db --to @half.secret --resume', place);
      assert.is(resumed.code, 0, resumed.stderr);
      assert.match(resumed.stdout, /900 events in 3 streams/);
    }
    assert.is((await shell('blockledger store verify --store @half.secret', place)).code, 0);
    await double.stop();
  }
});

test('a copy into a file appears when it is whole; neither end is overwritten or read while it is served [S0-130]', async () => {
  const { double } = await named('there.secret');
  assert.is((await shell('blockledger store copy --from source.db --to @there.secret', place)).code, 0);
  const again = await shell('blockledger store copy --from source.db --to @there.secret', place);
  assert.equal([again.code, /is not empty/.test(again.stderr)], [73, true], again.stderr);
  assert.is((await shell('blockledger store copy --from source.db --to @there.secret --resume', place)).code, 73);

  const program = startProgram(['packages/app/src/cli/main.ts', 'store', 'copy', '--from', '@there.secret', '--to', 'back.db'], place);
  while (!existsSync(at('back.db.copying'))) await pause(1);
  await program.stop('SIGKILL');
  if (!existsSync(at('back.db'))) {
    assert.is((await shell('blockledger store copy --from @there.secret --to back.db', place)).code, 73);
    assert.is((await shell('blockledger store copy --from @there.secret --to back.db --resume', place)).code, 0);
  }
  assert.is((await shell('blockledger store verify --store back.db', place)).code, 0);
  assert.equal(readdirSync(folder).filter((name) => name.includes('.copying')), []);
  assert.is((await shell('blockledger store copy --from @there.secret --to back.db', place)).code, 73);
  await double.stop();

  const owner = await openedStore(at('back.db'));
  const busy = await shell('blockledger store copy --from back.db --to elsewhere.db', place);
  assert.equal([busy.code, existsSync(at('elsewhere.db'))], [75, false], busy.stderr);
  await owner.close();
  assert.is((await shell('blockledger store copy --from :memory: --to elsewhere.db', place)).code, 64);
});

test('the guide is followed line by line [S0-130]', async () => {
  const home = mkdtempSync(join(folder, 'guide-'));
  const double = await eventStoreDbDouble();
  const occurrences = {
    'EventStoreDB runs, and store.secret names it': () => Promise.resolve(writeFileSync(join(home, 'store.secret'), double.connectionString, { mode: 0o600 })),
    'a service has run over log.db': async () => {
      writeFileSync(join(home, 'moved.secret'), `${double.connectionString}&namespace=moved`, { mode: 0o600 });
      const store = await openedStore(join(home, 'log.db'));
      right(await store.append('volume-a', 'none', [sampleEvent(0), sampleEvent(1)])());
      await store.close();
    },
  };
  const world = { env: {}, settled: () => Promise.resolve(), close: () => Promise.resolve() } as unknown as Parameters<typeof followGuide>[1]['world'];
  const { pieces } = await followGuide('eventstoredb.md', { world, folder: home, occurrences });
  assert.is(pieces, 9);
  await double.stop();
});

test.run();
