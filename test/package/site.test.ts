/** The documentation site is built without a warning, and every link in it leads somewhere, without a network. */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import * as assert from 'uvu/assert';
import { repositoryRoot } from '../support/files.ts';
import { packages, scratch } from '../support/packed.ts';
import { suite } from '../support/suite.ts';

const test = suite('documentation site');

const site = scratch();

interface Link {
  readonly page: string;
  readonly target: string;
}

const pages = (): readonly string[] => readdirSync(site, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.html'));
const textOf = (page: string): string => readFileSync(join(site, page), 'utf8');

const entities: Readonly<Record<string, string>> = { '&amp;': '&', '&quot;': '"', '&#39;': "'", '&lt;': '<', '&gt;': '>' };
const plain = (text: string): string => decodeURIComponent(text.replaceAll(/&(?:amp|quot|#39|lt|gt);/g, (found) => entities[found] ?? found));

const linksOf = (page: string): readonly Link[] =>
  [...textOf(page).matchAll(/<(?:a|img|script|link)\s[^>]*?(?:href|src)="([^"]+)"/g)].map(([, target = '']) => ({ page, target: plain(target) }));

const isElsewhere = (target: string): boolean => /^[a-z]+:/i.test(target);

const idsOf = new Map<string, ReadonlySet<string>>();
const hasId = (page: string, id: string): boolean => {
  const ids = idsOf.get(page) ?? new Set([...textOf(page).matchAll(/\s(?:id|name)="([^"]+)"/g)].map(([, found = '']) => plain(found)));
  idsOf.set(page, ids);
  return ids.has(id);
};

/** Where a link of the site leads to nothing. */
const broken = ({ page, target }: Link): boolean => {
  const [path = '', id] = target.split('#');
  const file = path === '' ? page : relative(site, resolve(site, dirname(page), path.split('?')[0] ?? ''));
  if (!existsSync(join(site, file))) return true;
  return id !== undefined && id !== '' && file.endsWith('.html') && !hasId(file, id);
};

test('every export and method of every entry point is documented, every type shown has a name, and TypeDoc warns of nothing', () => {
  const built = spawnSync(process.execPath, ['node_modules/typedoc/bin/typedoc', '--options', 'typedoc.config.mjs', '--out', site], {
    cwd: join(repositoryRoot, 'docs'),
    encoding: 'utf8',
  });
  assert.is(built.status, 0, built.stdout + built.stderr);
  assert.not.match(built.stdout + built.stderr, /warning/i);
});

test('the site has a page for every entry point, the README and the guides', () => {
  const found = pages();
  for (const name of packages.flatMap(({ entryPoints, manifest }) => (/qsan/.test(manifest.name) ? [] : entryPoints))) {
    const [, owner = '', rest = 'main'] = /^(@blockledger\/[^/]+)(?:\/(.*))?$/.exec(name) ?? [];
    assert.ok(found.includes(`modules/${owner.replace('@blockledger/', '_blockledger_')}.${rest}.html`), name);
  }
  assert.match(textOf('index.html'), /See it work in a minute/);
  for (const title of ['CONTRIBUTING', 'CHANGELOG', 'SECURITY', 'architecture']) {
    assert.ok(found.some((path) => path.startsWith('documents/') && path.includes(title)), title);
  }
});

test('every link of the site leads to a page and a place on it', () => {
  const links = pages().flatMap(linksOf);
  assert.ok(links.length > 1000, `only ${links.length} links`);
  const wrong = links.filter(({ target }) => !isElsewhere(target)).filter(broken);
  assert.equal(wrong.map(({ page, target }) => `${page}: ${target}`), []);
});

test('the site loads nothing from elsewhere', () => {
  assert.ok(pages().length > 100);
  const foreign = pages().flatMap((page) => [...textOf(page).matchAll(/<(?:script|link|img)\s[^>]*?(?:href|src)="(?:https?:)?\/\/[^"]*"/g)].map(([found]) => `${page}: ${found}`));
  assert.equal(foreign, []);
});

test.run();
