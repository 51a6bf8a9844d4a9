/** What would be published: the manifests, and what is in the tarballs. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import * as assert from 'uvu/assert';
import { filesUnder, repositoryRoot } from '../support/files.ts';
import { pack, packages, packAll, scratch, type Manifest } from '../support/packed.ts';
import { suite } from '../support/suite.ts';

const test = suite('packages');

const tarballs = packAll();
const read = (path: string): string => readFileSync(join(repositoryRoot, path), 'utf8');

/** What publint (strict) and Are The Types Wrong (for ES modules only) say, by tarball. */
const complaints = (paths: readonly string[]): Readonly<Record<string, readonly string[]>> =>
  JSON.parse(execFileSync(process.execPath, ['docs/tools/checkTarballs.mjs', ...paths], { cwd: repositoryRoot, encoding: 'utf8' })) as Record<string, readonly string[]>;

/** Besides what is made of src/. Look at a file twice before adding it: it goes to everybody. */
const BESIDES = {
  '@blockledger/domain': [],
  '@blockledger/app': ['bin/blockledger.js'],
  '@blockledger/adapters-rbd': [],
  '@blockledger/adapters-xdc': ['bin/xdcadm-simulator.js'],
  '@blockledger/adapters-qsan': ['bin/blockledger-qsan-simulator.js'],
} as const;

/** The SHA-256 of the licence as apache.org has it. */
const APACHE_2_0 = 'cfc7749b96f63bd31c3c42b5c471bf756814053e847c10f3eb003417bc523d30';

test('these are the packages that are published', () => {
  assert.equal(packages.map(({ manifest }) => manifest.name).toSorted(), Object.keys(BESIDES).toSorted());
  assert.equal(packages.filter(({ manifest }) => manifest.private === true), []);
});

for (const [name, besides] of Object.entries(BESIDES)) {
  test(`the tarball of ${name} has its sources, what is compiled of them, and what is named here: nothing else`, () => {
    const folder = name.replace('@blockledger/', 'packages/');
    const made = filesUnder(`${folder}/src`, () => true).flatMap((path) => {
      const source = path.slice(folder.length + 1);
      const stem = source.replace(/^src\//, 'dist/').replace(/\.ts$/, '');
      return [source, ...['.js', '.js.map', '.d.ts', '.d.ts.map'].map((ending) => stem + ending)];
    });
    const meant = [...made, 'LICENSE', 'README.md', 'package.json', ...besides];
    const { files = [] } = tarballs[name] ?? {};
    assert.equal(files.filter((path) => !meant.includes(path)), [], 'nobody meant to publish these');
    assert.equal(meant.filter((path) => !files.includes(path)), [], 'these are missing');
  });
}

test('nothing that is published is a test, a build record, or knows the machine it was made on', () => {
  const paths = Object.values(tarballs).flatMap(({ files }) => files);
  assert.equal(paths.filter((path) => /\.test\.|tsbuildinfo|node_modules|\.env|(^|\/)\./.test(path)), []);
  const texts = packages.flatMap(({ folder, manifest }) => (tarballs[manifest.name]?.files ?? []).map((path) => `${folder}/${path}`));
  assert.equal(texts.filter((path) => read(path).includes(repositoryRoot)), []);
});

test('every source map leads to a source in the same tarball', () => {
  const astray = packages.flatMap(({ folder, manifest }) => {
    const { files = [] } = tarballs[manifest.name] ?? {};
    return files
      .filter((path) => path.endsWith('.map'))
      .filter((path) => {
        const { sources } = JSON.parse(read(`${folder}/${path}`)) as { readonly sources: readonly string[] };
        return !sources.every((source) => files.includes(posix.join(posix.dirname(path), source)));
      });
  });
  assert.equal(astray, []);
});

test('publint and Are The Types Wrong have nothing to say about any tarball', () => {
  for (const [path, said] of Object.entries(complaints(Object.values(tarballs).map(({ path }) => path)))) assert.equal(said, [], path);
});

test('publint and Are The Types Wrong would say so if an entry point lacked its types or its file', () => {
  const copy = join(scratch(), 'package');
  cpSync(join(repositoryRoot, 'packages/adapters-rbd'), copy, { recursive: true });
  const manifest = JSON.parse(read('packages/adapters-rbd/package.json')) as Manifest;
  const exports = { '.': { default: './dist/index.js', types: './dist/index.d.ts' }, './simulator': './dist/simulator/gone.js' };
  writeFileSync(join(copy, 'package.json'), JSON.stringify({ ...manifest, exports }));
  const tarball = pack([copy], scratch())[manifest.name]?.path ?? '';
  const said = complaints([tarball])[tarball]?.join('\n') ?? '';
  assert.match(said, /publint: .*types.*first/);
  assert.match(said, /publint: .*gone\.js/);
  assert.match(said, /attw: .*NoResolution.*|attw: .*UntypedResolution/);
});

for (const { folder, manifest } of packages) {
  test(`${manifest.name} says of itself what npm and bundlers ask for`, () => {
    assert.is(manifest.version, packages[0]?.manifest.version, 'all packages have one version');
    assert.is(manifest.license, 'Apache-2.0');
    assert.is(manifest.type, 'module');
    assert.equal(manifest.engines, { node: '>=20.19' });
    assert.equal(manifest.publishConfig, { access: 'public' });
    assert.ok(manifest.description.length > 20 && manifest.keywords.length > 1);
    assert.is(manifest.scripts, undefined, 'nothing of ours runs at installation');
    for (const [subpath, target] of Object.entries(manifest.exports)) {
      if (typeof target === 'string') assert.is(subpath, './package.json');
      else assert.equal(Object.keys(target), ['types', '@blockledger/source', 'default'], `${subpath}: types come first, or TypeScript does not see them`);
    }
    assert.match(read(`${folder}/README.md`), new RegExp(`^# ${manifest.name}\n`));
  });
}

test('the packages ask for each other by a caret range of the present version, so that an installation has one domain', () => {
  const ranges = packages.flatMap(({ manifest }) => Object.entries(manifest.dependencies ?? {}).filter(([name]) => name.startsWith('@blockledger/')));
  assert.ok(ranges.length > 1);
  for (const [name, range] of ranges) assert.is(range, `^${packages.find(({ manifest }) => manifest.name === name)?.manifest.version}`, name);
});

test('only the command line and its program have effects when they are imported', () => {
  const effects = Object.fromEntries(packages.map(({ manifest }) => [manifest.name, manifest.sideEffects]));
  assert.equal(effects['@blockledger/app'], ['./bin/*.js', './dist/cli/main.js']);
  assert.equal(Object.values(effects).filter((effect) => effect === false).length, packages.length - 1);
});

test('the licence is the Apache License 2.0, whole, here and in every package', () => {
  for (const folder of ['.', ...packages.map(({ folder }) => folder)]) {
    assert.is(createHash('sha256').update(read(`${folder}/LICENSE`)).digest('hex'), APACHE_2_0, folder);
  }
});

test.run();
