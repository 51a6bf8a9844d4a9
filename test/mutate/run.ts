/**
 * `npm run mutate`: breaks the rules of the domain and what the engine, the gateways and arrays keep to one at a time in a copy, and fails when the
 * tests do not notice. `npm run mutate -- tenant webhooks/` breaks only what is called so, or stands in such a file.
 */
import { spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { repositoryRoot } from '../support/files.ts';
import { brokenFile, type Mutant } from './mutant.ts';
import { mutants } from './mutants.ts';

const PACKAGES = ['domain', 'app', 'adapters-rbd', 'adapters-xdc', 'adapters-qsan'] as const;

/** Links everything that is installed below one folder into another; ours are the copies. */
const linkInstalled = (from: string, to: string): void => {
  if (!existsSync(from)) return;
  mkdirSync(to, { recursive: true });
  for (const name of readdirSync(from)) if (name !== '@blockledger') symlinkSync(join(from, name), join(to, name));
};

/** A copy in which our packages mean the copies, and everything else is the repository's. */
const copy = (): string => {
  const root = mkdtempSync(join(tmpdir(), 'blockledger-mutate-'));
  const ours = PACKAGES.flatMap((name) => [`packages/${name}/package.json`, `packages/${name}/src`]);
  for (const path of ['package.json', 'tsconfig.json', ...ours, 'test/examples/domain', 'test/engine', 'test/contracts', 'test/cinder', 'test/golden', 'test/support']) cpSync(join(repositoryRoot, path), join(root, path), { recursive: true });
  for (const folder of ['', ...PACKAGES.map((name) => `packages/${name}`)]) linkInstalled(join(repositoryRoot, folder, 'node_modules'), join(root, folder, 'node_modules'));
  mkdirSync(join(root, 'node_modules/@blockledger'), { recursive: true });
  for (const name of PACKAGES) symlinkSync(join(root, 'packages', name), join(root, 'node_modules/@blockledger', name));
  return root;
};

/** Tests that are not done by then count as failed: some mutants never end. */
const LIMIT_MS = 120_000;

/** Whether the tests pass, in the copy. */
const passes = (root: string, tests: readonly string[]): Promise<boolean> =>
  Promise.all(
    tests.map(
      (test) =>
        new Promise<boolean>((resolve) => {
          const child = spawn(process.execPath, ['--conditions=@blockledger/source', '--import', 'tsx', join('test', test)], { cwd: root, stdio: 'ignore', timeout: LIMIT_MS });
          child.on('error', () => resolve(false));
          child.on('close', (code) => resolve(code === 0));
        }),
    ),
  ).then((all) => all.every(Boolean));

const tryOne = async (root: string, mutant: Mutant): Promise<'killed' | 'SURVIVED' | 'NOT FOUND'> => {
  const path = join(root, brokenFile(mutant));
  const source = readFileSync(path, 'utf8');
  if (source.split(mutant.find).length !== 2) return 'NOT FOUND';
  writeFileSync(path, source.replace(mutant.find, () => mutant.replace));
  try {
    return (await passes(root, mutant.tests)) ? 'SURVIVED' : 'killed';
  } finally {
    writeFileSync(path, source);
  }
};

const words = process.argv.slice(2);
const chosen = mutants.filter((mutant) => words.length === 0 || words.some((word) => `${mutant.breaks} ${brokenFile(mutant)}`.includes(word)));
const root = copy();
try {
  const every = [...new Set(chosen.flatMap(({ tests }) => tests))];
  if (!(await passes(root, every))) throw new Error('the tests fail before anything is broken');
  let bad = 0;
  for (const mutant of chosen) {
    const fate = await tryOne(root, mutant);
    if (fate !== 'killed') bad += 1;
    console.log(`${fate.padEnd(9)}  ${mutant.breaks.padEnd(58)}  ${brokenFile(mutant)}`);
  }
  console.log(`${chosen.length - bad} of ${chosen.length} mutants killed`);
  process.exitCode = bad === 0 ? 0 : 1;
} finally {
  rmSync(root, { recursive: true, force: true });
}
