/** What `blockledger serve` says when it is up: where it is, whose store, which token, which pools, and what to ask first. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { normalised } from '../support/cliGolden.ts';
import { matchesGolden } from '../support/golden.ts';
import { startProgram } from '../support/program.ts';
import { requireReal } from '../support/real.ts';
import { suite } from '../support/suite.ts';
import { realTerminal, shell } from '../support/terminal.ts';

requireReal(realTerminal);
const test = suite('what serve says');

const folder = mkdtempSync(join(tmpdir(), 'blockledger-says-'));
const config = 'examples/quickstart/blockledger.config.js';
const quiet = { BLOCKLEDGER_LOG_LEVEL: 'warn' };

const linesOf = (text: string): readonly string[] =>
  normalised(text, [
    [new RegExp(folder.replaceAll('/', '\\/'), 'g'), '<folder>'],
    [/\b[0-9a-zA-Z_-]{32,}\b(?=" |" \\| {2}\(for this run\)|"$)/gm, '<token>'],
  ]).split('\n');

/** On a terminal as wide as the longest line, ended with Ctrl-C. */
const onTerminal = async (store: string, env: Readonly<Record<string, string>>): Promise<object> => {
  const { code, stdout } = await shell(`blockledger serve --config ${config} --port 0 --store ${join(folder, store)}`, { columns: 300, env: { ...quiet, ...env }, typed: [[/Ctrl-C stops it\./, '\u0003']] });
  return { code, screen: linesOf(stdout) };
};

test('on a terminal the service says where it is, and shows the token that it made for this run', async () => {
  matchesGolden('cli/serve.json', await onTerminal('made.db', {}));
});

test('a token that somebody else chose is not shown on the screen [I-24]', async () => {
  const seen = await onTerminal('given.db', { BLOCKLEDGER_TOKEN: 'chosen-by-somebody' });
  assert.not.match(JSON.stringify(seen), /chosen-by-somebody/);
  matchesGolden('cli/serve-given-token.json', seen);
});

test('in a pipe the service says the same, and nothing on stderr', async () => {
  const program = startProgram(['packages/app/src/cli/main.ts', 'serve', '--config', config, '--port', '0', '--store', join(folder, 'piped.db')], { env: { ...quiet, BLOCKLEDGER_TOKEN: 'chosen-by-somebody' } });
  await program.says(/Ctrl-C stops it\./, 60_000);
  const code = await program.stop();
  matchesGolden('cli/serve-piped.json', { code, stdout: linesOf(program.output()), stderr: program.errors() });
});

test.after(() => rmSync(folder, { recursive: true, force: true }));
test.run();
