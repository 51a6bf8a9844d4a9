/** Every example that `--help` shows is run, by itself, in a world in which what it speaks of is there. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { commands } from '../../packages/app/src/cli/commands/index.ts';
import { eventStoreDbDouble } from '../support/eventStoreDb/double.ts';
import { exampleFolder, serviceFor, type ExampleWorld } from '../support/exampleWorld.ts';
import { onPath } from '../support/real.ts';
import { openedStore } from '../support/sqlite.ts';
import { suite } from '../support/suite.ts';
import { shell, type Ran } from '../support/terminal.ts';

const test = suite('examples of blockledger --help');

/** A service that an example starts is ended in order as soon as it listens. */
const untilItListens = (line: string): string => `${line} > said.txt & pid=$!; until grep -q 'listening on' said.txt; do kill -0 $pid || break; sleep 0.05; done; kill -TERM $pid; wait $pid`;

/** EventStoreDB, where an example copies to it or back from it: then the log is there. */
const besideEventStoreDb = async (line: string, folder: string): Promise<() => Promise<void>> => {
  if (!line.includes('@store.secret')) return () => Promise.resolve();
  const double = await eventStoreDbDouble();
  writeFileSync(join(folder, 'store.secret'), double.connectionString, { mode: 0o600 });
  if (line.includes('--from @store.secret')) {
    const { code, stderr } = await shell('blockledger store copy --from var/quickstart.db --to @store.secret', { cwd: folder });
    assert.is(code, 0, stderr);
  }
  // A copy that was cut before its first event.
  if (line.includes('--resume')) await (await openedStore(join(folder, 'var/back.db.copying'))).close();
  return double.stop;
};

const runOffline = async (line: string): Promise<Ran> => {
  const { folder, remove } = await exampleFolder();
  const stop = await besideEventStoreDb(line, folder);
  try {
    // What an example makes is not there before, and a free port is taken, so that examples can be run anywhere.
    if (line.includes(' init ')) rmSync(join(folder, 'blockledger.config.js'));
    if (line.includes('store backup backup.db')) rmSync(join(folder, 'backup.db'));
    return await shell(line.includes(' serve ') ? untilItListens(line) : line, { cwd: folder, env: { BLOCKLEDGER_PORT: '0', BLOCKLEDGER_LOG_LEVEL: 'error' } });
  } finally {
    await stop();
    remove();
  }
};

/** Where examples are typed that ask a service: what they write lands here. */
const desk = mkdtempSync(join(tmpdir(), 'blockledger-desk-'));
test.after(() => rmSync(desk, { recursive: true, force: true }));

const runOnline = async (example: string): Promise<Ran> => {
  const world = await serviceFor(example);
  try {
    if (example.includes(' cinder-bridge ')) return await runBridge(world);
    return await shell(world.line, { cwd: desk, env: world.env });
  } finally {
    await world.close();
  }
};

/** A bridge goes on until it is told to end, and leaves a token. */
const runBridge = async ({ line, env }: ExampleWorld): Promise<Ran> => {
  const { folder, remove } = await exampleFolder();
  try {
    return await shell(untilItListens(line), { cwd: folder, env });
  } finally {
    remove();
  }
};

const ran = new Set<string>();

for (const { speaksTo, examples } of commands) {
  for (const { line, does } of examples) {
    // Whoever has no jq cannot run what is piped into it.
    const here = line.includes('| jq') && !onPath('jq') ? test.skip : test;
    here(`\`${line}\` works: ${does} [S0-1]`, async () => {
      const { code, stdout, stderr } = await (speaksTo === 'service' ? runOnline(line) : runOffline(line));
      assert.is(code, 0, `${stdout}${stderr}`);
      assert.not.match(stderr, /blockledger:/);
      ran.add(line);
    });
  }
}

test('every command has an example, no two have the same, and each was run [S0-1]', () => {
  const lines = commands.flatMap(({ examples }) => examples.map(({ line }) => line));
  assert.ok(commands.every(({ words, examples }) => examples.every(({ line }) => line.includes(`blockledger ${words}`))));
  assert.is(new Set(lines).size, lines.length);
  assert.equal(lines.filter((line) => !ran.has(line) && (onPath('jq') || !line.includes('| jq'))), []);
});

test('no command has two options of one name, or one that hides an option that all have', () => {
  const twice = commands.flatMap((command) => {
    const names = Object.values({ ...command.options }).map(({ flags }) => /--[\w-]+/.exec(flags)?.[0]);
    const shared = command.speaksTo === 'service' ? ['--url', '--token-file', '--json', '--bytes', '--help'] : ['--json', '--bytes', '--help'];
    return [...names, ...shared].filter((name, at, all) => all.indexOf(name) !== at).map((name) => `${command.words} ${name ?? ''}`);
  });
  assert.equal(twice, []);
});

test.run();
