// `npm run bench`: installs the peers, which nothing else needs, checks the types of what uses them, and measures. Further arguments name benchmarks.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { setup, setupBench } from './setup.mjs';

setup();
setupBench();

const root = fileURLToPath(new URL('..', import.meta.url));
const steps = [
  ['node_modules/typescript/bin/tsc', '-b'],
  ['node_modules/typescript/bin/tsc', '-p', 'test/bench/peers'],
  ['--conditions=@blockledger/source', '--import', 'tsx', 'test/bench/run.ts', ...process.argv.slice(2)],
];

for (const args of steps) {
  const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}
