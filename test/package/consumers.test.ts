/** The packages as their users meet them: installed from tarballs outside this repository, compiled against, run. */
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { repositoryRoot } from '../support/files.ts';
import { packages, packAll, scratch } from '../support/packed.ts';
import { startExecutable } from '../support/program.ts';
import { ask } from '../support/qsan.ts';
import { suite } from '../support/suite.ts';

const test = suite('consumers of the packed packages');

const home = scratch();
const entryPoints = packages.flatMap((each) => each.entryPoints);
const read = (path: string): string => readFileSync(join(repositoryRoot, path), 'utf8');

/** The ten lines of the README, as a module that has no top-level await. */
const asCommonJs = (program: string): string => {
  const lines = program.split('\n');
  const isImport = (line: string): boolean => line.startsWith('import ');
  return [...lines.filter(isImport), 'const main = async (): Promise<void> => {', ...lines.filter((line) => !isImport(line)), '};', 'void main();', ''].join('\n');
};

const counted = `console.log(JSON.stringify(Object.fromEntries(loaded.map(([name, exported]) => [name, Object.keys(exported).length]))));\n`;
const everyEntry = (load: (name: string, index: number) => string): string =>
  `${entryPoints.map(load).join('\n')}\nconst loaded: [string, object][] = [${entryPoints.map((name, index) => `['${name}', e${index}]`).join(', ')}];\n${counted}`;

const strict = {
  target: 'ES2023',
  lib: ['ES2023'],
  module: 'NodeNext',
  strict: true,
  noUncheckedIndexedAccess: true,
  exactOptionalPropertyTypes: true,
  noPropertyAccessFromIndexSignature: true,
  noImplicitOverride: true,
  skipLibCheck: false,
  types: ['node'],
  outDir: 'out',
};

const programs: Readonly<Record<string, string>> = {
  'embed.mts': read('examples/embed/main.ts'),
  'embed.cts': asCommonJs(read('examples/embed/main.ts')),
  'every.mts': everyEntry((name, index) => `import * as e${index} from '${name}';`),
  'every.cts': everyEntry((name, index) => `import e${index} = require('${name}');`),
};

const install = (): void => {
  const manifest = JSON.parse(read('package.json')) as { readonly devDependencies: Readonly<Record<string, string>> };
  writeFileSync(join(home, 'package.json'), JSON.stringify({ name: 'consumer', private: true }));
  const tarballs = Object.values(packAll()).map(({ path }) => path);
  const types = `@types/node@${manifest.devDependencies['@types/node']}`;
  // Those who use an entry point with an optional peer install it themselves.
  const peers = packages.flatMap((each) => Object.entries(each.manifest.peerDependencies ?? {})).map(([name, version]) => `${name}@${version}`);
  execFileSync('npm', ['install', '--no-audit', '--no-fund', '--prefer-offline', '--engine-strict', '--loglevel=error', ...tarballs, ...peers, types], { cwd: home, stdio: ['ignore', 'ignore', 'inherit'] });
};

const compile = (compiler: string, project: string): string => {
  const { stdout, stderr } = spawnSync(process.execPath, [join(repositoryRoot, compiler), '-p', project], { cwd: home, encoding: 'utf8' });
  return stdout + stderr;
};

const run = (...args: readonly string[]): { readonly status: number | null; readonly output: string } => {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: home, encoding: 'utf8' });
  return { status, output: stdout + stderr };
};

test.before(() => {
  install();
  for (const [name, text] of Object.entries(programs)) writeFileSync(join(home, name), text);
  writeFileSync(join(home, 'tsconfig.json'), JSON.stringify({ compilerOptions: strict, files: Object.keys(programs) }));
  writeFileSync(join(home, 'domain.mts'), `import { volume, volumeStatus } from '@blockledger/domain';\nvolumeStatus(volume.initial);\n`);
  writeFileSync(join(home, 'tsconfig.domain.json'), JSON.stringify({ compilerOptions: { ...strict, types: [], noEmit: true }, files: ['domain.mts'] }));
});

// Thousands of files: not at the exit, when the runner waits for the end.
test.after(() => rmSync(home, { recursive: true, force: true }));

test('what installs a package gets one domain, and no package twice', () => {
  const list = execFileSync('npm', ['ls', '@blockledger/domain', '--all', '--parseable'], { cwd: home, encoding: 'utf8' }).trim().split('\n');
  assert.equal(list, [join(home, 'node_modules/@blockledger/domain')]);
});

test('modules and CommonJS modules compile against every entry point under strict settings, declarations of libraries included', () => {
  assert.is(compile('node_modules/typescript/bin/tsc', '.'), '');
});

test('they compile with TypeScript 6, too', () => {
  assert.is(compile('docs/node_modules/typescript/bin/tsc', '.'), '');
});

test('the domain alone compiles without the types of Node', () => {
  assert.is(compile('node_modules/typescript/bin/tsc', 'tsconfig.domain.json'), '');
});

for (const name of ['embed.mjs', 'embed.cjs']) {
  test(`the ten lines that embed the library run as ${name}`, () => {
    assert.equal(run(`out/${name}`), { status: 0, output: 'db-1 is active\n' });
  });
}

test('every entry point can be imported and required, and both give the same', () => {
  const imported = run('out/every.mjs');
  assert.is(imported.status, 0, imported.output);
  const counts = JSON.parse(imported.output) as Readonly<Record<string, number>>;
  assert.equal(Object.keys(counts), entryPoints);
  assert.equal(Object.entries(counts).filter(([, exported]) => exported === 0).map(([name]) => name), []);
  // `require` of a module adds nothing but, in some versions of Node, the mark __esModule.
  const required = JSON.parse(run('out/every.cjs').output) as Readonly<Record<string, number>>;
  assert.equal(Object.keys(required), entryPoints);
});

test('nothing can be imported that is not meant to be', () => {
  const { status, output } = run('--input-type=module', '-e', `await import('@blockledger/app/dist/engine/plane.js');`);
  assert.is(status, 1);
  assert.match(output, /ERR_PACKAGE_PATH_NOT_EXPORTED/);
});

test('npx blockledger --help tells what there is, and an unknown command ends with the code for wrong usage', () => {
  const help = spawnSync('npx', ['--no-install', 'blockledger', '--help'], { cwd: home, encoding: 'utf8' });
  assert.is(help.status, 0, help.stderr);
  assert.match(help.stdout, /serve/);
  assert.not.match(help.stdout, /at file:|Error:/);
  const wrong = spawnSync('npx', ['--no-install', 'blockledger', 'frobnicate'], { cwd: home, encoding: 'utf8' });
  assert.is(wrong.status, 64, wrong.stderr);
});

test('the simulated QSAN array starts from its package and lets in whoever follows what it tells [S1-1, S1-2]', async () => {
  const help = spawnSync('npx', ['--no-install', 'blockledger-qsan-simulator', '--help'], { cwd: home, encoding: 'utf8' });
  assert.is(help.status, 0, help.stderr);
  const program = startExecutable([join(home, 'node_modules/.bin/blockledger-qsan-simulator'), '--pool', 'Pool-1:1TiB'], { cwd: home });
  await program.says(/Ctrl-C ends it/);
  const told = (word: string): string => new RegExp(`^  ${word} +(\\S+)`, 'm').exec(program.output())?.[1] ?? '';
  const { hostname: host, port } = new URL(told('API'));
  const login = await ask({ host, port: Number(port), ca: readFileSync(told('CA file'), 'utf8') }, 'POST', '/api/login', { body: { username: told('user'), password: told('password') } });
  assert.is(login.status, 200);
  await program.stop();
});

test.run();
