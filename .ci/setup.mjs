// Makes a fresh clone ready: installs what package-lock.json asks for, unless it is there already.
// It has no dependencies, since it runs before there are any.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

/** npm's own record of what it installed is written last, so it is absent after an interrupted install. */
function missingPackage(folder) {
  const installedRecord = `${folder}node_modules/.package-lock.json`;
  if (!existsSync(installedRecord)) return 'there is no node_modules';
  const wanted = JSON.parse(readFileSync(`${folder}package-lock.json`, 'utf8')).packages;
  const installed = JSON.parse(readFileSync(installedRecord, 'utf8')).packages;
  for (const [path, { version, optional, link }] of Object.entries(wanted)) {
    if (!path.startsWith('node_modules/') && !path.includes('/node_modules/')) continue;
    const found = installed[path];
    if (found === undefined && optional) continue;
    if (found === undefined || !existsSync(folder + path)) return `${path} is missing`;
    if (!link && found.version !== version) return `${path} is ${found.version}, wanted ${version}`;
  }
  return undefined;
}

/** Installs a folder if needed; ends the process when that fails. */
function install(folder, name) {
  const reason = missingPackage(folder);
  if (reason === undefined) {
    console.log(`setup: ${name} are in place`);
    return;
  }
  console.log(`setup: running npm ci for ${name}, since ${reason}`);
  const npm = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: folder, stdio: 'inherit' });
  if (npm.status !== 0) {
    console.error(`setup: npm ci failed (${npm.error?.message ?? npm.signal ?? `exit code ${npm.status}`})`);
    process.exit(1);
  }
}

/** What running Blockledger takes. */
export const setup = () => install(root, 'dependencies');

/** What the documentation site and the checks of the packages take: compilers beside ours, with a lock file of their own. */
export const setupDocs = () => install(`${root}docs/`, 'documentation tools');

/** What only `npm run bench` takes: peers to measure against, and what draws plots. */
export const setupBench = () => install(`${root}test/bench/`, 'peers of the benchmarks');

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  setup();
  setupDocs();
}
