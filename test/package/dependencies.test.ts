/** What an installation brings along: used, permissively licensed, and nothing that runs by itself. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { filesUnder, repositoryRoot } from '../support/files.ts';
import { packages } from '../support/packed.ts';
import { suite } from '../support/suite.ts';

const test = suite('dependencies');

interface Locked {
  readonly version?: string;
  readonly license?: string;
  readonly dev?: boolean;
  /** Of our own tests, and of users who install an optional peer. */
  readonly devOptional?: boolean;
  readonly link?: boolean;
  readonly hasInstallScript?: boolean;
  readonly engines?: Readonly<Record<string, string>>;
}

const lock = JSON.parse(readFileSync(join(repositoryRoot, 'package-lock.json'), 'utf8')) as { readonly packages: Readonly<Record<string, Locked>> };

/** What users get besides our own packages. The client of EventStoreDB, and what it brings, is installed by those only who ask for it. */
const production = Object.entries(lock.packages).filter(
  ([path, { dev, devOptional, link }]) => path.startsWith('node_modules/') && dev !== true && devOptional !== true && link !== true,
);

/** They ask for no more than to keep their notice. */
const PERMISSIVE = new Set(['MIT', 'ISC', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', '0BSD', 'BlueOak-1.0.0', 'Unlicense']);

/** Declared and imported nowhere, on purpose. */
const NOT_IMPORTED: Readonly<Record<string, string>> = {
  'light-my-request': 'Fastify takes any 6.x of it, and 6.8 asks for Node 22: naming an earlier one keeps installations on Node 20 whole',
};

// That everything imported is declared, test/architecture/layers.test.ts says.
for (const { folder, manifest } of packages) {
  test(`everything that ${manifest.name} asks for is used by it`, () => {
    const texts = filesUnder(`${folder}/src`, () => true).map((path) => readFileSync(join(repositoryRoot, path), 'utf8'));
    const isUsed = (name: string): boolean => texts.some((text) => new RegExp(`(?:\\bfrom|\\bimport|\\bimport\\(|\\bresolve\\()\\s*['"]${name}(?:/[^'"]*)?['"]`).test(text));
    assert.equal(Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies }).filter((name) => !isUsed(name) && NOT_IMPORTED[name] === undefined), []);
  });
}

test('whatever an installation brings is under a permissive licence', () => {
  assert.ok(production.length > 30);
  assert.equal(production.filter(([, { license = 'none' }]) => !PERMISSIVE.has(license)).map(([path, { license }]) => `${path}: ${license}`), []);
});

test('nothing runs by itself at an installation', () => {
  assert.equal(production.filter(([, { hasInstallScript }]) => hasInstallScript === true).map(([path]) => path), []);
});

test('a library is there once: two versions of fp-ts or io-ts would be two of every type', () => {
  const copies = (name: string): number => Object.keys(lock.packages).filter((path) => path === `node_modules/${name}` || path.endsWith(`/node_modules/${name}`)).length;
  for (const name of ['fp-ts', 'io-ts', '@blockledger/domain']) assert.is(copies(name), 1, name);
});

test.run();
