import { existsSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { filesUnder, repositoryRoot } from '../support/files.ts';
import { suite } from '../support/suite.ts';

const test = suite('layers');

interface SourceFile {
  readonly path: string;
  readonly text: string;
  /** The text without comments, so that an `@example` cannot offend. */
  readonly code: string;
  readonly imports: readonly string[];
}

// Whole statements at the start of a line, and dynamic imports: the word `from` inside a string is not an import.
const imported =
  /^(?:import|export)\b[^'"`;]*?\bfrom\s*['"]([^\s'"]+)['"]|(?:^|;\s*)import\s*['"]([^\s'"]+)['"]|\bimport\s*\(\s*['"]([^\s'"]+)['"]/gm;
const comments = /\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/.*$/gm;

const sourcesOf = (folder: string): readonly SourceFile[] =>
  filesUnder(folder, (path) => path.endsWith('.ts')).map((path) => {
    const text = readFileSync(join(repositoryRoot, path), 'utf8');
    const code = text.replaceAll(comments, '');
    return { path, text, code, imports: [...code.matchAll(imported)].map(([, from, bare, dynamic]) => from ?? bare ?? dynamic ?? '') };
  });

const packages = {
  domain: sourcesOf('packages/domain/src'),
  adapters: ['rbd', 'xdc', 'qsan'].flatMap((name) => sourcesOf(`packages/adapters-${name}/src`)),
  app: sourcesOf('packages/app/src'),
};
const everySource = [...packages.domain, ...packages.adapters, ...packages.app];

const isRelative = (name: string): boolean => name.startsWith('.');
const isNode = (name: string): boolean => name.startsWith('node:') || builtinModules.includes(name);
const isOf = (library: string) => (name: string): boolean => name === library || name.startsWith(`${library}/`);

function offences(sources: readonly SourceFile[], isOffence: (name: string, file: SourceFile) => boolean): readonly string[] {
  return sources.flatMap((file) => file.imports.filter((name) => isOffence(name, file)).map((name) => `${file.path} imports ${name}`));
}

function matches(sources: readonly SourceFile[], pattern: RegExp): readonly string[] {
  return sources.flatMap(({ path, code }) => [...code.matchAll(pattern)].map(([found]) => `${path}: ${found.trim()}`));
}

test('the domain imports only itself, fp-ts, io-ts and ts-pattern', () => {
  const allowed = ['fp-ts', 'io-ts', 'ts-pattern'].map(isOf);
  assert.equal(offences(packages.domain, (name) => !isRelative(name) && !allowed.some((is) => is(name))), []);
});

test('an adapter imports of Blockledger only the domain, and adapters-xdc the process runner', () => {
  const isAllowed = (name: string, path: string): boolean =>
    isOf('@blockledger/domain')(name) || (path.startsWith('packages/adapters-xdc/') && name === '@blockledger/adapters-rbd/process');
  assert.equal(offences(packages.adapters, (name, { path }) => name.startsWith('@blockledger/') && !isAllowed(name, path)), []);
});

test('the app imports of Blockledger only the domain, never an adapter', () => {
  assert.equal(offences(packages.app, (name) => name.startsWith('@blockledger/') && !isOf('@blockledger/domain')(name)), []);
});

test('no relative import leaves its package, and each ends in .ts', () => {
  const leaves = (name: string, { path }: SourceFile): boolean => {
    const root = path.split('/').slice(0, 3).join('/');
    return !join(path, '..', name).startsWith(`${root}/`);
  };
  assert.equal(offences(everySource, (name, file) => isRelative(name) && (leaves(name, file) || !name.endsWith('.ts'))), []);
});

test('what a package imports by name, it declares as a dependency', () => {
  const declared = (path: string): readonly string[] => {
    const manifest: unknown = JSON.parse(readFileSync(join(repositoryRoot, path, 'package.json'), 'utf8'));
    const has = manifest as { dependencies?: object; peerDependencies?: object };
    return Object.keys({ ...has.dependencies, ...has.peerDependencies });
  };
  const undeclared = (name: string, { path }: SourceFile): boolean =>
    !isRelative(name) && !isNode(name) && !declared(path.split('/').slice(0, 2).join('/')).some((library) => isOf(library)(name));
  assert.equal(offences(everySource, undeclared), []);
});

test('fp-ts and io-ts are imported from lib, with .js', () => {
  const short = (name: string): boolean => /^(?:fp-ts|io-ts)\//.test(name) && !/^(?:fp-ts|io-ts)\/lib\/.+\.js$/.test(name);
  assert.equal(offences(everySource, short), []);
});

test('tsyringe and reflect-metadata stand in compose.ts alone', () => {
  const outside = (name: string, { path }: SourceFile): boolean =>
    (isOf('tsyringe')(name) || isOf('reflect-metadata')(name)) && path !== 'packages/app/src/compose.ts';
  assert.equal(offences(everySource, outside), []);
});

test('there are no default exports, enums or namespaces', () => {
  assert.equal(matches(everySource, /^\s*export\s+default\b.*|\bexport\s*\{[^}]*\bas\s+default\b/gm), []);
  assert.equal(matches(everySource, /^\s*(?:export\s+)?(?:declare\s+)?(?:const\s+)?enum\s+\w+.*/gm), []);
  assert.equal(matches(everySource, /^\s*(?:export\s+)?(?:declare\s+)?namespace\s+\w+.*/gm), []);
});

test('nothing is of type any, and no check is switched off', () => {
  assert.equal(matches(everySource, /(?:[:<|&,=]|\bas)\s*any\b(?!\s*[:'"`(\w])/g), []);
  const switchedOff = everySource.filter(({ text }) => /@ts-(?:ignore|nocheck|expect-error)/.test(text)).map(({ path }) => path);
  assert.equal(switchedOff, []);
});

test('no file under src is longer than 400 lines', () => {
  const longer = everySource.map(({ path, text }) => `${path}: ${text.split('\n').length - 1}`).filter((line) => Number(line.split(': ')[1]) > 400);
  assert.equal(longer, []);
});

test('an adapter folder has the one shape', () => {
  const folder = 'packages/adapters-rbd/src';
  // Until its author has begun, the package is a placeholder.
  if (!existsSync(join(repositoryRoot, folder, 'backend.ts'))) return;
  // What to say is a folder, since RBD is spoken in two dialects.
  const shape = ['index.ts', 'backend.ts', 'commands', 'parse.ts', 'errors.ts', 'run.ts', 'simulator/index.ts'];
  assert.equal(shape.filter((file) => !existsSync(join(repositoryRoot, folder, file))), []);
});

test.run();
