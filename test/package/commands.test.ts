/** The commands that the pages name are there: whoever pastes one is not told that it does not exist. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { repositoryRoot } from '../support/files.ts';
import { packages } from '../support/packed.ts';
import { startProgram } from '../support/program.ts';
import { suite } from '../support/suite.ts';

const test = suite('commands of the pages');

const read = (path: string): string => readFileSync(join(repositoryRoot, path), 'utf8');
const pages = [
  'README.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
  ...packages.map(({ folder }) => `${folder}/README.md`),
  ...['docs', 'docs/guides'].flatMap((folder) => readdirSync(join(repositoryRoot, folder)).filter((name) => name.endsWith('.md')).map((name) => `${folder}/${name}`)),
];

interface Mention {
  readonly page: string;
  readonly text: string;
}

/** What stands in code, inline or in a block, and matches. */
const mentions = (pattern: RegExp): readonly Mention[] =>
  pages.flatMap((page) => [...read(page).matchAll(/^```[\s\S]*?^```|`[^`\n]+`/gm)].flatMap(([code]) => [...code.matchAll(pattern)].map(([, text = '']) => ({ page, text }))));

test('every script that a page runs with npm is in package.json', () => {
  const { scripts } = JSON.parse(read('package.json')) as { readonly scripts: Readonly<Record<string, string>> };
  const named = [...mentions(/\bnpm run (?:-s )?([\w:-]+)/g), ...mentions(/\bnpm (start|test)\b/g)];
  assert.ok(named.length > 10);
  assert.equal(named.filter(({ text }) => scripts[text] === undefined), []);
});

test('every script of package.json is explained in CONTRIBUTING', () => {
  const { scripts } = JSON.parse(read('package.json')) as { readonly scripts: Readonly<Record<string, string>> };
  const page = read('CONTRIBUTING.md');
  assert.equal(Object.keys(scripts).filter((name) => !new RegExp(`\`(?:npm (?:run )?)?${name}\\b`).test(page)), []);
});

test('every command of blockledger that a page shows is one', async () => {
  const help = startProgram(['packages/app/src/cli/main.ts', '--help']);
  assert.is(await help.ended, 0, help.errors());
  const known = new Set([...help.output().matchAll(/^ {2}([a-z-]+)/gm)].map(([, name]) => name));
  assert.ok(known.has('serve'), help.output());
  const named = mentions(/(?:^|`|\$ |npx |\n)blockledger ([a-z][a-z-]*)/g);
  assert.ok(named.length > 2);
  assert.equal(named.filter(({ text }) => !known.has(text)), []);
});

test.run();
