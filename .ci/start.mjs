// `npm start`: sets up, then serves the quickstart. Further arguments go to the server: npm start -- --port 9000
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { fileURLToPath } from 'node:url';
import { setup } from './setup.mjs';

setup();

const server = spawn(
  process.execPath,
  [
    '--conditions=@blockledger/source',
    '--import',
    'tsx',
    'packages/app/src/cli/main.ts',
    'serve',
    '--config',
    'examples/quickstart/blockledger.config.js',
    ...process.argv.slice(2),
  ],
  { cwd: fileURLToPath(new URL('..', import.meta.url)), stdio: 'inherit' },
);

// A terminal sends Ctrl-C to the server by itself; passing it on would be a second one. We only wait for the server to end.
process.on('SIGINT', () => process.stdin.isTTY || server.kill('SIGINT'));
for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => server.kill(signal));

server.on('error', (error) => {
  console.error(`start: ${error.message}`);
  process.exit(1);
});
server.on('exit', (code, signal) => process.exit(code ?? 128 + (constants.signals[signal] ?? 0)));
