/** The transport `librados` where something that it needs is not here: refused by name, told by `doctor`, and nothing is taken for "not there". No Ceph is needed. */
import { cpSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import * as assert from 'uvu/assert';
import { repositoryRoot } from '../support/files.ts';
import { startProgram } from '../support/program.ts';
import { temporaryFolder } from '../support/sqlite.ts';
import { suite } from '../support/suite.ts';
import { shell } from '../support/terminal.ts';

const test = suite('librbd that is not here');
const { folder, remove } = temporaryFolder();
test.after(remove);

const installed = (name: string): string => join(repositoryRoot, 'node_modules', name);
const DEPENDENCIES = ['@blockledger/domain', 'fp-ts', 'io-ts', 'tinyexec', 'ts-pattern'];

/** The adapter elsewhere, where it finds what it depends on and, of koffi, only what is put there. */
const elsewhere = (name: string, arrange: (place: string) => void): string => {
  const place = join(folder, name);
  cpSync(join(repositoryRoot, 'packages/adapters-rbd/src'), join(place, 'src'), { recursive: true });
  writeFileSync(join(place, 'package.json'), '{ "type": "module" }');
  mkdirSync(join(place, 'node_modules/@blockledger'), { recursive: true });
  for (const needed of DEPENDENCIES) symlinkSync(installed(needed), join(place, 'node_modules', needed));
  arrange(place);
  return pathToFileURL(join(place, 'src/index.ts')).href;
};

const otherKoffi = (program: string) => (place: string): void => {
  const own = join(place, 'node_modules/koffi');
  mkdirSync(own);
  writeFileSync(join(own, 'package.json'), '{ "name": "koffi", "version": "0.0.0", "main": "index.cjs" }');
  writeFileSync(join(own, 'index.cjs'), `${program}\n`);
};
/** The koffi that is installed, to which every library is one that is not there. */
const blindKoffi = otherKoffi(`const real = require(${JSON.stringify(installed('koffi'))});\nmodule.exports = { ...real, load: (name) => real.load('/nowhere/' + name) };`);
/** One that was installed on a machine of another kind. */
const foreignKoffi = otherKoffi("throw new Error('Cannot find the native Koffi module; did you bundle it correctly?');");

/** By the name of the backend: the adapter, and what the options have besides. */
const lacking: Readonly<Record<string, { readonly adapter: string; readonly more?: string; readonly code: string; readonly says: RegExp }>> = {
  noPackage: { adapter: elsewhere('package', () => undefined), code: 'PackageMissing', says: /koffi is not installed.*npm install koffi/ },
  noLibrary: { adapter: elsewhere('library', blindKoffi), code: 'LibraryMissing', says: /cannot be loaded .*librbd1 librados2\): .*shared object/ },
  noAddon: { adapter: elsewhere('addon', foreignKoffi), code: 'LibraryMissing', says: /cannot be loaded .*: Cannot find the native Koffi module/ },
  noWorker: {
    adapter: elsewhere('worker', (place) => {
      symlinkSync(installed('koffi'), join(place, 'node_modules/koffi'));
      rmSync(join(place, 'src/librados/worker.ts'));
    }),
    code: 'WorkerMissing',
    says: /was this package bundled/,
  },
  xsky: { adapter: pathToFileURL(join(repositoryRoot, 'packages/adapters-rbd/src/index.ts')).href, more: ", dialect: 'xsky'", code: 'Unsupported', says: /upstream's librbd alone, not in the dialect xsky/ },
};

const cases = Object.entries(lacking);
const imports = cases.map(([name, { adapter }]) => `import { rbdBackend as ${name} } from '${adapter}';`).join('\n');
const backends = `{ ${cases.map(([name, { more = '' }]) => `${name}: ${name}({ conf: '/nowhere/ceph.conf', transport: 'librados'${more} })`).join(', ')} }`;

test('what is missing is a refusal by name, of every question, and is not worth another try', async () => {
  const probe = join(folder, 'probe.ts');
  const place = "{ backend: 'ceph', pool: 'vols' }";
  writeFileSync(
    probe,
    `${imports}
    const context = { signal: new AbortController().signal, onProgress: () => undefined, installationId: 'here' };
    const told = {};
    for (const [name, backend] of Object.entries(${backends})) {
      told[name] = await Promise.all([backend.identify(${place}, context)(), backend.list(${place}, context)()]);
      await backend.close();
    }
    console.log(JSON.stringify(told));`,
  );
  const program = startProgram([probe]);
  assert.is(await program.ended, 0, program.errors());
  const told = JSON.parse(program.output()) as Readonly<Record<string, readonly { readonly left?: { readonly _tag: string; readonly code: string; readonly message: string } }[]>>;
  for (const [name, { code, says }] of cases) {
    assert.equal(told[name]?.map(({ left }) => [left?._tag, left?.code]), [['Permanent', code], ['Permanent', code]]);
    for (const { left } of told[name] ?? []) assert.match(left?.message ?? '', says);
  }
});

test('doctor names the transport that was asked for, what it lacks, and the way out', async () => {
  const pools = cases.map(([name]) => `${name}: { backend: '${name}', pool: 'vols' }`).join(', ');
  writeFileSync(join(folder, 'lacking.mjs'), `${imports}\nexport default { store: '${folder}/log.db', backends: ${backends}, pools: { ${pools} } };`);
  const { stdout, stderr } = await shell('blockledger doctor --config lacking.mjs --json', { cwd: folder });
  assert.ok(stdout.startsWith('{'), stderr);
  const { findings } = (JSON.parse(stdout) as { readonly doctor: { readonly findings: readonly Readonly<Record<string, string>>[] } }).doctor;
  for (const [name, { says }] of cases) {
    const transport = findings.find(({ section = '', check }) => section.includes(name) && check === 'transport');
    assert.equal([transport?.['level'], transport?.['about']], ['problem', 'librados'], `${name}: ${JSON.stringify(findings)}`);
    assert.match(transport?.['found'] ?? '', says);
    assert.match(transport?.['remedy'] ?? '', /leave transport: 'librados' out/);
  }
});

test.run();
