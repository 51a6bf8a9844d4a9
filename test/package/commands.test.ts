/** The commands that the pages name are there: whoever pastes one is not told that it does not exist. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CommanderError } from 'commander';
import * as E from 'fp-ts/lib/Either.js';
import * as assert from 'uvu/assert';
import { commands, groups } from '../../packages/app/src/cli/commands/index.ts';
import { treeOf } from '../../packages/app/src/cli/frame/program.ts';
import { repositoryRoot } from '../support/files.ts';
import { packages } from '../support/packed.ts';
import { suite } from '../support/suite.ts';

const test = suite('commands of the pages');

const read = (path: string): string => readFileSync(join(repositoryRoot, path), 'utf8');
const pages = [
  'README.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
  'examples/README.md',
  'examples/cinder-driver/README.md',
  ...packages.map(({ folder }) => `${folder}/README.md`),
  ...['docs', 'docs/guides', 'docs/operate'].flatMap((folder) => readdirSync(join(repositoryRoot, folder)).filter((name) => name.endsWith('.md')).map((name) => `${folder}/${name}`)),
];

interface Mention {
  readonly page: string;
  readonly text: string;
  /** Inline, within a sentence. */
  readonly isProse: boolean;
}

/** What stands in code, inline or in a block, and matches. */
const mentions = (pattern: RegExp): readonly Mention[] =>
  pages.flatMap((page) => [...read(page).matchAll(/^ *```[\s\S]*?^ *```|`[^`\n]+`/gm)].flatMap(([code]) => [...code.matchAll(pattern)].map(([, text = '']) => ({ page, text, isProse: !code.trimStart().startsWith('```') }))));

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

/** The words of a command line as a shell would take them apart, up to a pipe, a file, a comment or the next command. `…` is whatever else somebody needs. */
const wordsOf = (line: string): readonly string[] => {
  const words = [...line.matchAll(/(?:'[^']*'|"[^"]*"|[^\s'"])+/g)].map(([word]) => word.replaceAll(/'([^']*)'|"([^"]*)"/g, '$1$2'));
  const end = words.findIndex((word) => /^(?:\||&&|;|#|>)/.test(word));
  return words.slice(0, end === -1 ? words.length : end).filter((word) => word !== '…');
};

/** A value that the reader fills in: `<file>`, `[task...]`. */
const isPlaceholder = (raw: unknown): boolean => (Array.isArray(raw) ? raw.every(isPlaceholder) : typeof raw === 'string' && /<|^\[.*\]$/.test(raw));

/** What is wrong with a command line; nothing where it would run. Prose may name a command without what it takes. */
const wrongWith = async (line: string, isProse: boolean): Promise<string | undefined> => {
  let wrong: string | undefined = 'it names no command';
  const tree = treeOf(commands, groups, ({ takes, options }, raw) => {
    const unread = Object.entries({ ...takes, ...options }).find(([name, part]) => raw[name] !== undefined && !isPlaceholder(raw[name]) && E.isLeft(part.read(raw[name])));
    wrong = unread === undefined ? undefined : `${unread[1].flags} is not ${String(raw[unread[0]])}`;
    return Promise.resolve();
  });
  const quiet = (one: typeof tree): void => {
    one.configureOutput({ writeErr: () => undefined, writeOut: () => undefined });
    one.commands.forEach(quiet);
  };
  quiet(tree);
  try {
    await tree.parseAsync([...wordsOf(line)], { from: 'user' });
    return wrong;
  } catch (thrown) {
    if (!(thrown instanceof CommanderError)) throw thrown;
    const isHelp = thrown.code === 'commander.helpDisplayed';
    const lacks = thrown.code === 'commander.missingArgument' || thrown.code === 'commander.missingMandatoryOptionValue' || thrown.code === 'commander.help';
    return isHelp || (isProse && lacks) ? undefined : thrown.message;
  }
};

test('every command line of blockledger that a page shows would run as it stands [S0-6]', async () => {
  const lines = mentions(/(?:^|[`\s])blockledger ((?:[a-z]|--)[^`\n]*)/gm);
  assert.ok(lines.some(({ page }) => page.startsWith('docs/operate/')));
  assert.ok(lines.length > 20);
  const wrong = await Promise.all(lines.map(async ({ page, text, isProse }) => [page, text, await wrongWith(text, isProse)] as const));
  assert.equal(wrong.filter(([, , why]) => why !== undefined), []);
});

test('a command line that would not run is known for one', async () => {
  assert.is(await wrongWith('volume create db-1 --size 100GiB --pool vols # comment', false), undefined);
  assert.is(await wrongWith('token issue', true), undefined);
  for (const line of ['store verify <file>', 'store verify --stare x', 'stare', 'volume create db-1 --size large --pool vols', 'token issue', 'volume']) assert.ok((await wrongWith(line, false)) !== undefined, line);
});

test.run();
