/**
 * `npm run lab:iscsi`: a Ceph cluster, two gateways with tgt and keepalived, an initiator, and the service, with a volume that the initiator
 * sees by a virtual IP. Ctrl-C removes all of it. Nothing is installed.
 *
 * All of it lives in namespaces of its own, of processes and of mounts: however it ends, the kernel leaves nothing of it.
 *
 * npm run lab:iscsi [-- --port 9000]
 */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Duplex } from 'node:stream';
import * as E from 'fp-ts/lib/Either.js';
import { announce } from '../../../packages/app/src/cli/service/discovery.ts';
import { repositoryRoot } from '../../support/files.ts';
import { gatewayParts } from '../../support/gateways.ts';
import { onPath } from '../../support/real.ts';
import { FOLDER } from './places.ts';

const EXIT = { usage: 64, unavailable: 69, denied: 77, interrupted: 130 } as const;
const leave = (code: number, ...lines: readonly string[]): never => {
  for (const line of lines) console.error(`lab: ${line}`);
  process.exit(code);
};

/** Ends here where it cannot be. */
const look = (): void => {
  if (process.getuid?.() !== 0) leave(EXIT.denied, 'this makes network namespaces and mounts, which only root may: sudo npm run lab:iscsi', 'npm run lab shows the service on Ceph alone, and needs no root.');
  const tools = { what: 'util-linux', packages: ['util-linux', 'mount'], present: () => ['unshare', 'nsenter', 'setpriv', 'mount'].every(onPath) };
  const missing = [...gatewayParts, tools].filter(({ present }) => !present());
  const namespaces = spawnSync('unshare', ['--mount', '--pid', '--fork', 'mount', '-t', 'proc', 'proc', '/proc'], { encoding: 'utf8' });
  if (onPath('unshare') && namespaces.status !== 0) leave(EXIT.denied, `this machine lets nobody make namespaces, not even root (a container?): ${namespaces.stderr.trim()}`);
  if (missing.length === 0) return;
  leave(
    EXIT.unavailable,
    `not here: ${missing.map(({ what }) => what).join('; ')}. Install with:`,
    `  apt-get install --no-install-recommends ${[...new Set(missing.flatMap(({ packages }) => packages))].join(' ')}`,
    'node --conditions=@blockledger/source --import tsx examples/virtual-ip/xdc.ts shows the same, simulated.',
  );
};

const portOf = ([option, port, ...more]: readonly string[]): string | undefined => {
  if (option === undefined) return undefined;
  if (option !== '--port' || port === undefined || more.length > 0) return leave(EXIT.usage, 'it takes --port <port>, and nothing else');
  return port;
};

/**
 * The first process there. It says who it is while it still sees the processes outside, then hides its folders in memory from everybody else.
 * It waits for whoever lost their parent, too: a daemon that has ended and that nobody waited for counts as one that runs.
 */
const FIRST = `read -r BLOCKLEDGER_LAB_PID _ < /proc/self/stat
export BLOCKLEDGER_LAB_PID
mkdir -p /run/netns
mount -t proc proc /proc && mount -t tmpfs lab /run/netns && mount -t tmpfs lab /dev/shm || exit
"$@"
exit $?`;

const INSIDE = ['--conditions=@blockledger/source', '--import', 'tsx', 'test/lab/iscsi/inside.ts'];

const start = (token: string, port: string | undefined): ChildProcess =>
  spawn(
    'setpriv',
    ['--pdeathsig', 'KILL', 'unshare', '--mount', '--pid', '--fork', '--kill-child=KILL', 'sh', '-c', FIRST, 'sh', process.execPath, ...INSIDE],
    {
      cwd: repositoryRoot,
      stdio: ['inherit', 'inherit', 'inherit', 'pipe'],
      env: { ...process.env, BLOCKLEDGER_TOKEN: token, ...(port === undefined ? {} : { BLOCKLEDGER_PORT: port }) },
    },
  );

const PARENT_EVERY_MS = 500;

look();
const token = process.env['BLOCKLEDGER_TOKEN'] ?? randomBytes(24).toString('base64url');
const child = start(token, portOf(process.argv.slice(2)));
const [, , , line] = child.stdio;
if (!(line instanceof Duplex)) throw new TypeError('there is no line to the inside');

let withdraw = (): void => undefined;
process.once('exit', () => withdraw());
line.on('error', () => undefined).once('data', (text: Buffer) => {
  const { url } = JSON.parse(text.toString()) as { readonly url: string };
  // Commands find a service by the process that told of it, and outside this is the one.
  const announced = announce({ url, token, store: `${FOLDER}/log.db` }, process.env);
  if (E.isRight(announced)) withdraw = announced.right;
  isUp = true;
});
let isUp = false;
let isStopping = false;
/** npm passes on what the terminal sends to everybody, so of one Ctrl-C two arrive. */
const SAME_MS = 1_000;
let lastAt = 0;
const stop = (): void => {
  const isAgain = Date.now() - lastAt > SAME_MS;
  lastAt = Date.now();
  if (isStopping && isAgain) killFirst();
  if (isStopping) return;
  isStopping = true;
  console.log('\nlab: stopping …');
  line.destroy();
};
/** The first process there, not who waits for it: who waits knows when the last one is gone. */
const killFirst = (): void => {
  const [first] = readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8').split(' ');
  if (first !== undefined && first !== '') process.kill(Number(first), 'SIGKILL');
};
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
// Who started this may die without a word; then nobody is left who could stop it.
const parent = process.ppid;
const watching = setInterval(() => process.ppid !== parent && !isStopping && stop(), PARENT_EVERY_MS);

child.once('exit', (code, signal) => {
  clearInterval(watching);
  console.log('lab: everything is gone');
  process.exit(isStopping ? (isUp ? 0 : EXIT.interrupted) : signal === null ? (code ?? 1) : 1);
});
process.stdout.on('error', () => undefined);
