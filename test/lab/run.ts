/**
 * `npm run lab`: a throw-away Ceph cluster on loopback with the service on it; Ctrl-C removes all of it. Nothing is installed.
 *
 * npm run lab [-- --bluestore] [further arguments of `blockledger serve`]
 */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { realCeph, startCeph } from '../support/ceph.ts';
import { repositoryRoot } from '../support/files.ts';

if (!realCeph.present()) {
  console.error(`lab: Ceph is not installed here; install it with: apt-get install ${realCeph.packages.join(' ')}`);
  console.error('lab: npm start shows the same service on a simulated cluster.');
  process.exit(69);
}

const args = process.argv.slice(2);
const objectStore = args.includes('--bluestore') ? 'bluestore' : 'memstore';
console.log(`lab: starting a Ceph cluster of one node on 127.0.0.1, its data ${objectStore === 'bluestore' ? 'in a file' : 'in memory'} …`);
const ceph = await startCeph({ manager: true, deviceBytes: 2 ** 40, objectStore });
console.log(`lab: it is up. Look inside with: rbd --conf ${ceph.conf} ls -l vols`);

const service = spawn(
  process.execPath,
  ['--conditions=@blockledger/source', '--import', 'tsx', 'packages/app/src/cli/main.ts', 'serve', '--config', 'test/lab/ceph.config.ts', '--store', join(ceph.dir, 'log.db'), ...args.filter((arg) => arg !== '--bluestore')],
  { cwd: repositoryRoot, stdio: 'inherit', env: { ...process.env, BLOCKLEDGER_CEPH_CONF: ceph.conf } },
);

// A terminal sends Ctrl-C to the service by itself; this process waits for it, then removes the cluster.
process.on('SIGINT', () => process.stdin.isTTY || service.kill('SIGINT'));
for (const signal of ['SIGTERM', 'SIGHUP'] as const) process.on(signal, () => service.kill('SIGTERM'));
service.on('exit', (code) => {
  ceph.stop();
  console.log('lab: the cluster is gone');
  process.exit(code ?? 1);
});
