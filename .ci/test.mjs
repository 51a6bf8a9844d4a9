// `npm test`: sets up, type-checks and builds, lints, then runs every test. Further arguments filter the test files.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { setup, setupDocs } from './setup.mjs';

setup();
setupDocs();

const root = fileURLToPath(new URL('..', import.meta.url));
const node = (...args) => [process.execPath, args];
const steps = [
  ['tsc -b', node('node_modules/typescript/bin/tsc', '-b')],
  ['prune', node('.ci/prune.mjs')],
  ['oxlint', node('node_modules/oxlint/bin/oxlint', '--type-aware')],
  ['tests', node('--conditions=@blockledger/source', '--import', 'tsx', 'test/run.ts', ...process.argv.slice(2))],
];

for (const [name, [command, args]] of steps) {
  console.log(`test: ${name}`);
  const { status, error, signal } = spawnSync(command, args, { cwd: root, stdio: 'inherit' });
  if (status !== 0) {
    // The closing line of the test run must stay the last one.
    if (name !== 'tests') console.error(`test: ${name} failed (${error?.message ?? signal ?? `exit code ${status}`})`);
    process.exit(status ?? 1);
  }
}
