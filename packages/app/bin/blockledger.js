#!/usr/bin/env node
// From a package this is what was built. A checkout runs from its sources, which are never older than what was built.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import { fileURLToPath } from 'node:url';

const pathOf = (relative) => fileURLToPath(new URL(relative, import.meta.url));

if (existsSync(pathOf('../tsconfig.json'))) {
  const args = ['--conditions=@blockledger/source', '--import', import.meta.resolve('tsx'), pathOf('../src/cli/main.ts'), ...process.argv.slice(2)];
  const child = spawn(process.execPath, args, { stdio: 'inherit' });
  // A terminal sends Ctrl-C to the child by itself; we wait for its end.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => process.stdin.isTTY || child.kill(signal));
  child.on('exit', (code, signal) => process.exit(code ?? 128 + (constants.signals[signal] ?? 0)));
} else {
  await import('../dist/cli/main.js');
}
