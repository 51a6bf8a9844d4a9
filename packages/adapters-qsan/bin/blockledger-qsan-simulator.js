#!/usr/bin/env node
// A simulated QSAN array as a program. From a package this is what was built; a checkout runs from its sources.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import { fileURLToPath } from 'node:url';

const isCheckout = existsSync(fileURLToPath(new URL('../tsconfig.json', import.meta.url)));

if (isCheckout) {
  const main = fileURLToPath(new URL('../src/simulator/main.ts', import.meta.url));
  const child = spawn(process.execPath, ['--conditions=@blockledger/source', '--import', import.meta.resolve('tsx'), main, ...process.argv.slice(2)], { stdio: 'inherit' });
  // A terminal sends Ctrl-C to the child by itself; we wait for its end.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => process.stdin.isTTY || child.kill(signal));
  child.on('exit', (code, signal) => process.exit(code ?? 128 + (signal === null ? 0 : constants.signals[signal])));
} else {
  await import('../dist/simulator/main.js');
}
