/** `npm run mutate`: breaks the rules of the domain one at a time in a copy, and fails when the tests do not notice. */
import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { repositoryRoot } from '../support/files.ts';
import { mutants, type Mutant } from './mutants.ts';

/** A copy in which `@blockledger/domain` means the copy, and everything else is the repository's. */
const copy = (): string => {
  const root = mkdtempSync(join(tmpdir(), 'blockledger-mutate-'));
  for (const path of ['package.json', 'tsconfig.json', 'packages/domain/package.json', 'packages/domain/src', 'test/examples/domain', 'test/support'])
    cpSync(join(repositoryRoot, path), join(root, path), { recursive: true });
  mkdirSync(join(root, 'node_modules/@blockledger'), { recursive: true });
  for (const name of ['fp-ts', 'io-ts', 'ts-pattern', 'uvu', 'tsx', 'fast-check', 'kleur', 'mri', 'sade', 'dequal', 'diff', 'esbuild', 'get-tsconfig'])
    linkIfThere(join(repositoryRoot, 'node_modules', name), join(root, 'node_modules', name));
  symlinkSync(join(root, 'packages/domain'), join(root, 'node_modules/@blockledger/domain'));
  return root;
};

const linkIfThere = (from: string, to: string): void => {
  try {
    readFileSync(join(from, 'package.json'));
    symlinkSync(from, to);
  } catch {
    // Not every one of these is installed at the top: then nothing at the top needs it.
  }
};

/** Whether the tests pass, in the copy. */
const passes = (root: string, tests: readonly string[]): Promise<boolean> =>
  Promise.all(
    tests.map(
      (test) =>
        new Promise<boolean>((resolve) => {
          const child = spawn(process.execPath, ['--conditions=@blockledger/source', '--import', 'tsx', join('test', test)], { cwd: root, stdio: 'ignore', timeout: 60_000 });
          child.on('error', () => resolve(false));
          child.on('close', (code) => resolve(code === 0));
        }),
    ),
  ).then((all) => all.every(Boolean));

const tryOne = async (root: string, mutant: Mutant): Promise<'killed' | 'SURVIVED' | 'NOT FOUND'> => {
  const path = join(root, 'packages/domain/src', mutant.file);
  const source = readFileSync(path, 'utf8');
  if (source.split(mutant.find).length !== 2) return 'NOT FOUND';
  writeFileSync(path, source.replace(mutant.find, () => mutant.replace));
  try {
    return (await passes(root, mutant.tests)) ? 'SURVIVED' : 'killed';
  } finally {
    writeFileSync(path, source);
  }
};

const root = copy();
try {
  const every = [...new Set(mutants.flatMap(({ tests }) => tests))];
  if (!(await passes(root, every))) throw new Error('the tests fail before anything is broken');
  let bad = 0;
  for (const mutant of mutants) {
    const fate = await tryOne(root, mutant);
    if (fate !== 'killed') bad += 1;
    console.log(`${fate.padEnd(9)}  ${mutant.breaks.padEnd(58)}  ${mutant.file}`);
  }
  console.log(`${mutants.length - bad} of ${mutants.length} mutants killed`);
  process.exitCode = bad === 0 ? 0 : 1;
} finally {
  rmSync(root, { recursive: true, force: true });
}
