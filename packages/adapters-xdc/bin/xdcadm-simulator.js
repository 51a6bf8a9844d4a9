#!/usr/bin/env node
// A simulated xdcadm: what its host holds is kept in the file that XDCADM_SIMULATOR_STATE names. A checkout runs from its sources.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

if (existsSync(fileURLToPath(new URL('../tsconfig.json', import.meta.url)))) {
  const main = fileURLToPath(new URL('../src/simulator/xdcadm/main.ts', import.meta.url));
  const child = spawn(process.execPath, ['--conditions=@blockledger/source', '--import', import.meta.resolve('tsx'), main, ...process.argv.slice(2)], { stdio: 'inherit' });
  child.on('exit', (code) => process.exit(code ?? 137));
} else {
  await import('../dist/simulator/xdcadm/main.js');
}
