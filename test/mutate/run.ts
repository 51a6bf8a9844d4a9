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
  for (const path of ['package.json', 'tsconfig.json', ...ours, 'test/examples/domain', 'test/engine', 'test/contracts', 'test/cinder', 'test/golden', 'test/properties', 'test/support']) cpSync(join(repositoryRoot, path), join(root, path), { recursive: true });
  for (const folder of ['', ...PACKAGES.map((name) => `packages/${name}`)]) linkInstalled(join(repositoryRoot, folder, 'node_modules'), join(root, folder, 'node_modules'));
  mkdirSync(join(root, 'node_modules/@blockledger'), { recursive: true });
  for (const name of PACKAGES) symlinkSync(join(root, 'packages', name), join(root, 'node_modules/@blockledger', name));
  return root;
};

/** Tests that are not done by then count as failed: some mutants never end. It is told apart, for a busy machine may be the reason, too. */
const LIMIT_MS = 120_000;

/** What uvu says of each test that failed. */
const FAILED_MARK = '✘';

type Ending = 'passed' | 'failed' | 'stuck';

/** How the tests end in the copy. One that fails counts for all of them. */
const ending = (root: string, tests: readonly string[]): Promise<Ending> =>
  Promise.all(
    tests.map(
      (test) =>
        new Promise<Ending>((resolve) => {
          const child = spawn(process.execPath, ['--conditions=@blockledger/source', '--import', 'tsx', join('test', test)], { cwd: root, stdio: ['ignore', 'pipe', 'ignore'], timeout: LIMIT_MS });
          // A test that failed has often left a server open, and its process would not end.
          child.stdout.setEncoding('utf8').on('data', (said: string) => {
            if (!said.includes(FAILED_MARK)) return;
            resolve('failed');
            child.kill();
          });
          child.on('error', () => resolve('failed'));
          child.on('close', (code) => resolve(code === 0 ? 'passed' : code === null ? 'stuck' : 'failed'));
        }),
    ),
  ).then((all) => (['failed', 'stuck'] as const).find((bad) => all.includes(bad)) ?? 'passed');

const FATES = { passed: 'SURVIVED', failed: 'killed', stuck: 'stuck' } as const;
type Fate = (typeof FATES)[Ending] | 'NOT FOUND';

const tryOne = async (root: string, mutant: Mutant): Promise<Fate> => {
  const path = join(root, brokenFile(mutant));
  const source = readFileSync(path, 'utf8');
  if (source.split(mutant.find).length !== 2) return 'NOT FOUND';
  writeFileSync(path, source.replace(mutant.find, () => mutant.replace));
  try {
    return FATES[await ending(root, mutant.tests)];
  } finally {
    writeFileSync(path, source);
  }
};

const words = process.argv.slice(2);
const chosen = mutants.filter((mutant) => words.length === 0 || words.some((word) => `${mutant.breaks} ${brokenFile(mutant)}`.includes(word)));
const root = copy();
try {
  const every = [...new Set(chosen.flatMap(({ tests }) => tests))];
  if ((await ending(root, every)) !== 'passed') throw new Error('the tests fail before anything is broken');
  let bad = 0;
  for (const mutant of chosen) {
    const fate = await tryOne(root, mutant);
    if (fate !== 'killed' && fate !== 'stuck') bad += 1;
    console.log(`${fate.padEnd(9)}  ${mutant.breaks.padEnd(58)}  ${brokenFile(mutant)}`);
  }
  console.log(`${chosen.length - bad} of ${chosen.length} mutants killed`);
  process.exitCode = bad === 0 ? 0 : 1;
} finally {
  rmSync(root, { recursive: true, force: true });
}
