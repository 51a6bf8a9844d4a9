// `npm run docs`: sets up, then builds the documentation site into docs/site.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { setup, setupDocs } from './setup.mjs';

setup();
setupDocs();

const { status } = spawnSync(process.execPath, ['node_modules/typedoc/bin/typedoc', '--options', 'typedoc.config.mjs', ...process.argv.slice(2)], {
  cwd: fileURLToPath(new URL('../docs', import.meta.url)),
  stdio: 'inherit',
});
process.exit(status ?? 1);
