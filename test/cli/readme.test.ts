/** The commands of the README, pasted line by line into a shell beside `npm start`: each does what the README says. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { repositoryRoot } from '../support/files.ts';
import { requireReal } from '../support/real.ts';
import { SERVICE_TOKEN, startService } from '../support/serviceProcess.ts';
import { suite } from '../support/suite.ts';
import { realTerminal, shell } from '../support/terminal.ts';

requireReal(realTerminal);
const test = suite('the commands of the README');
const folder = mkdtempSync(join(tmpdir(), 'blockledger-readme-'));
test.after(() => rmSync(folder, { recursive: true, force: true }));

const readme = readFileSync(join(repositoryRoot, 'README.md'), 'utf8');

/** The commands under a heading; `npx` is for whoever has no `blockledger` on the PATH. */
const linesUnder = (heading: string): readonly string[] => {
  const [, section = ''] = readme.split(`\n## ${heading}\n`);
  const [own = ''] = section.split('\n## ');
  return [...own.matchAll(/^(?:[A-Z_]+=\S+ )?npx blockledger .*$/gm)].map(([line]) => line.replace('npx ', ''));
};

/** What a line says beside its code; the others only have to be done. */
const SAYS: readonly (readonly [RegExp, number, RegExp])[] = [
  [/^blockledger volume delete db-1/, 1, /rule [\s\S]*To do: /],
  [/^blockledger history volume db-1/, 0, /db-1/],
  [/^blockledger path show front/, 0, /CHAP as database-user[\s\S]*10\.252\.1\.100[\s\S]*LUN 0 → volume \d+ db-1/],
  [/^blockledger path show array/, 0, /target on array1[\s\S]*LUN 0 → volume \d+ fast-1/],
];

test('what a newcomer pastes beside npm start works, on Ceph, on gateways and on the array, and a restart changes nothing [S0-98, S1-20]', async () => {
  const start = () => startService({ config: 'examples/quickstart/blockledger.config.js', store: join(folder, 'log.db') });
  const lines = [...linesUnder('See it work in a minute'), ...linesUnder('Serve volumes by iSCSI')];
  assert.ok(lines.length >= 14, lines.join('\n'));
  const run = async (url: string, line: string) => shell(line, { cwd: folder, env: { BLOCKLEDGER_URL: url, BLOCKLEDGER_TOKEN: SERVICE_TOKEN } });
  const first = await start();
  for (const line of lines) {
    const { code, stdout, stderr } = await run(first.url, line);
    const [, expected, says] = SAYS.find(([which]) => which.test(line)) ?? [line, 0, /^/];
    assert.is(code, expected, `${line}: ${stdout}${stderr}`);
    assert.match(`${stdout}${stderr}`, says, line);
  }
  assert.is(await first.stop('SIGINT'), 0, first.errors());
  const second = await start();
  const drift = await run(second.url, 'blockledger drift');
  assert.is(drift.code, 0, drift.stdout);
  assert.is(await second.stop('SIGINT'), 0, second.errors());
});

test.run();
