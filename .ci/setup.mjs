// Makes a fresh clone ready: installs what package-lock.json asks for, unless it is there already.
// It has no dependencies, since it runs before there are any.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

/** npm's own record of what it installed is written last, so it is absent after an interrupted install. */
function missingPackage() {
  const installedRecord = `${root}node_modules/.package-lock.json`;
  if (!existsSync(installedRecord)) return 'there is no node_modules';
  const wanted = JSON.parse(readFileSync(`${root}package-lock.json`, 'utf8')).packages;
  const installed = JSON.parse(readFileSync(installedRecord, 'utf8')).packages;
  for (const [path, { version, optional, link }] of Object.entries(wanted)) {
    if (!path.startsWith('node_modules/') && !path.includes('/node_modules/')) continue;
    const found = installed[path];
    if (found === undefined && optional) continue;
    if (found === undefined || !existsSync(root + path)) return `${path} is missing`;
    if (!link && found.version !== version) return `${path} is ${found.version}, wanted ${version}`;
  }
  return undefined;
}

/** Installs if needed; ends the process when that fails. */
export function setup() {
  const reason = missingPackage();
  if (reason === undefined) {
    console.log('setup: dependencies are in place');
    return;
  }
  console.log(`setup: running npm ci, since ${reason}`);
  const npm = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: root, stdio: 'inherit' });
  if (npm.status !== 0) {
    console.error(`setup: npm ci failed (${npm.error?.message ?? npm.signal ?? `exit code ${npm.status}`})`);
    process.exit(1);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) setup();
