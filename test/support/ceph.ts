/** A throw-away Ceph cluster of one monitor and one OSD in memory, for tests and for `npm run lab`. It is up within two seconds. */
import { execFile, execFileSync, spawn, spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { makeKeys } from './ceph/cephx.ts';
import { cephConf, CRUSH_MAP, type ClusterShape } from './ceph/config.ts';
import { onPath, type RealPart } from './real.ts';

const run = promisify(execFile);

/** For `requireReal`. */
export const realCeph: RealPart = {
  what: 'Ceph',
  packages: ['ceph-mon', 'ceph-osd', 'ceph-mgr', 'ceph-common'],
  present: () => ['ceph-mon', 'ceph-osd', 'ceph-mgr', 'ceph', 'rbd', 'rados', 'crushtool', 'monmaptool', 'setpriv'].every(onPath),
};

/** A cluster that runs. */
export interface CephCluster {
  readonly dir: string;
  readonly conf: string;
  readonly fsid: string;
  /** Replicated pools, ready for images. */
  readonly pools: readonly ['rbd', 'vols'];
  /** An erasure coded pool for data. */
  readonly dataPool: 'ecdata';
  /** Runs `rbd` on this cluster; a failure throws. */
  readonly rbd: (...args: readonly string[]) => string;
  /** Runs `rbd` and tells how it ended. */
  readonly tryRbd: (args: readonly string[], stdin?: Uint8Array) => { readonly exitCode: number; readonly stdout: string; readonly stderr: string };
  /** Sends a signal to a daemon: `mon.a` or `osd.0`. */
  readonly signal: (daemon: 'mon.a' | 'osd.0', name: NodeJS.Signals) => void;
  /** Ends the daemons and removes everything. */
  readonly stop: () => void;
}

/** How a cluster is set up. */
export interface CephOptions {
  /** Where it lives. Default: a new folder among the temporary ones. */
  readonly dir?: string;
  /** Default: 3, so that tests of dead clients need not wait half a minute. */
  readonly watchTimeoutSeconds?: number;
  /** What the cluster says that it can hold; memory is taken only for what is written. Default: 20 GiB. */
  readonly deviceBytes?: number;
  /** Where an OSD keeps its data. Default: in memory. */
  readonly objectStore?: 'memstore' | 'bluestore';
  /** `mimic` makes clones of format 2 the default. */
  readonly leastClient?: 'luminous' | 'mimic';
  /** Starts a manager too, which counts what is used; it needs some seconds. Without one `ceph df` knows no pools. */
  readonly manager?: boolean;
  /** `cephx`: everybody needs a key; that of `client.admin` is in `keyring` of the cluster's folder. Default: `none`. */
  readonly auth?: 'none' | 'cephx';
  /** Where it runs: the words before a command line that run it there, and an address of that place. Default: here, on loopback. */
  readonly at?: { readonly prefix: readonly string[]; readonly ip: string };
}

/**
 * Starts a cluster. It ends with `stop`, and with the process that started it.
 *
 * @example
 * const ceph = await startCeph();
 * ceph.rbd('create', 'vols/a', '--size', '1G');
 * ceph.stop();
 */
export async function startCeph(options: CephOptions = {}, attempt = 1): Promise<CephCluster> {
  const dir = options.dir ?? mkdtempSync(join(tmpdir(), 'blockledger-ceph-'));
  const shape: Shape = {
    dir,
    fsid: randomUUID(),
    ip: options.at?.ip ?? '127.0.0.1',
    prefix: options.at?.prefix ?? [],
    port: portOf(attempt),
    watchTimeoutSeconds: options.watchTimeoutSeconds ?? 3,
    deviceBytes: options.deviceBytes ?? 20 * 2 ** 30,
    objectStore: options.objectStore ?? 'memstore',
    auth: options.auth ?? 'none',
  };
  const handle = handleOf(shape);
  const cluster = {
    ...handle,
    stop: () => {
      process.removeListener('exit', handle.stop);
      handle.stop();
    },
  };
  process.once('exit', handle.stop);
  try {
    await boot(shape, options.leastClient ?? 'luminous');
    if (options.manager === true) startManager(shape);
  } catch (error) {
    cluster.stop();
    if (attempt === ATTEMPTS) throw error;
    console.log(`# the cluster did not come up (${String(error)}); trying other ports`);
    return startCeph(options, attempt + 1);
  }
  return cluster;
}

/** A port that a stranger holds keeps a daemon from starting; then others are tried. */
const ATTEMPTS = 3;

/** Below the ports that the kernel gives to outgoing connections, which would now and then be in the way. */
const portOf = (attempt: number): number => 8_300 + ((process.pid + 131 * (attempt - 1)) % 390) * 60;

type Shape = ClusterShape & { readonly prefix: readonly string[] };

const confOf = ({ dir }: Shape): string => join(dir, 'ceph.conf');

/** A program of Ceph with what stands before it, as `spawn` takes them. */
const there = ({ prefix }: Shape, program: string, args: readonly string[]): readonly [string, readonly string[]] => {
  const [first = program, ...rest] = [...prefix, program, ...args];
  return [first, rest];
};

function startManager(shape: Shape): void {
  const { auth, dir } = shape;
  if (auth === 'cephx') execFileSync(...there(shape, 'ceph', ['--conf', confOf(shape), 'auth', 'get-or-create', 'mgr.x', 'mon', 'allow profile mgr', 'osd', 'allow *', '-o', join(dir, 'mgr.x', 'keyring')]));
  startDaemon(shape, 'ceph-mgr', 'x');
}

/** Makes the stores offline, starts the monitor, tells it of the OSD before that starts (else it never boots), makes the pools. */
async function boot(shape: Shape, leastClient: string): Promise<void> {
  const { dir, fsid, ip, port } = shape;
  const conf = confOf(shape);
  const file = (name: string): string => join(dir, name);
  const osd = randomUUID();
  for (const folder of ['mon.a', 'osd.0', 'mgr.x']) mkdirSync(file(folder), { recursive: true });
  writeFileSync(conf, cephConf(shape));
  writeFileSync(file('crush.txt'), CRUSH_MAP);
  const keys = shape.auth === 'cephx' ? makeKeys(dir) : undefined;
  const say = async (program: string, ...args: readonly string[]): Promise<void> => void (await run(...there(shape, program, ['--conf', conf, ...args]), { timeout: 20_000 }));
  const makeMonitor = async (): Promise<void> => {
    const address = `[v2:${ip}:${port}]`;
    await run('monmaptool', ['--create', '--fsid', fsid, '--addv', 'a', address, '--set-min-mon-release', '16', '--enable-all-features', file('monmap')]);
    await say('ceph-mon', '--mkfs', '--id', 'a', '--monmap', file('monmap'), '--no-mon-config', ...(keys === undefined ? [] : ['--keyring', keys.keyring]));
    startDaemon(shape, 'ceph-mon', 'a');
  };
  await Promise.all([
    makeMonitor(),
    say('ceph-osd', '--mkfs', '--id', '0', '--osd-uuid', osd, '--no-mon-config'),
    run('crushtool', ['-c', file('crush.txt'), '-o', file('crush.bin')]),
  ]);
  await say('ceph', 'osd', 'new', osd, ...(keys === undefined ? [] : ['-i', keys.osdSecret]));
  startDaemon(shape, 'ceph-osd', '0');
  await say('ceph', '-i', file('crush.bin'), 'osd', 'setcrushmap');
  ceph(shape, poolCommands(leastClient));
  await Promise.all(['rbd', 'vols'].map((pool) => say('rbd', 'pool', 'init', pool)));
}

/** Starts a daemon in the foreground, as a child that the kernel kills with this process, however this process ends. */
function startDaemon(shape: Shape, program: string, id: string): void {
  const [first, rest] = there(shape, program, ['-f', '--conf', confOf(shape), '--id', id]);
  const child = spawn('setpriv', ['--pdeathsig', 'KILL', first, ...rest], { stdio: 'ignore' });
  child.unref();
}

/** Several commands over one connection: each start of `ceph` costs a fifth of a second. */
function ceph(shape: Shape, commands: readonly string[]): void {
  const { status, stderr, stdout } = spawnSync(...there(shape, 'ceph', ['--conf', confOf(shape)]), { input: `${commands.join('\n')}\n`, encoding: 'utf8', timeout: 60_000 });
  if (status !== 0 || /Error |Invalid/.test(stderr + stdout)) throw new Error(`ceph: ${stderr}${stdout}`);
}

const poolCommands = (leastClient: string): readonly string[] => [
  ...['rbd', 'vols'].flatMap((pool) => [`osd pool create ${pool} 8 8 replicated`, `osd pool application enable ${pool} rbd`]),
  'osd erasure-code-profile set one k=2 m=1 crush-failure-domain=osd plugin=jerasure --force',
  'osd pool create ecdata 4 4 erasure one allhere',
  'osd pool application enable ecdata rbd',
  'osd pool set ecdata allow_ec_overwrites true',
  ...(leastClient === 'mimic' ? ['osd set-require-min-compat-client mimic --yes-i-really-mean-it'] : []),
];

function handleOf(shape: Shape): CephCluster {
  const { dir, fsid } = shape;
  const conf = confOf(shape);
  const pidOf = (daemon: string): number | undefined => {
    const file = join(dir, `${daemon}.pid`);
    const pid = existsSync(file) ? Number(readFileSync(file, 'utf8').trim()) : 0;
    return pid > 1 && isDaemon(pid, daemon) ? pid : undefined;
  };
  const signal = (daemon: string, name: NodeJS.Signals): void => {
    const pid = pidOf(daemon);
    if (pid !== undefined) process.kill(pid, name);
  };
  return {
    dir,
    conf,
    fsid,
    pools: ['rbd', 'vols'],
    dataPool: 'ecdata',
    rbd: (...args) => execFileSync(...there(shape, 'rbd', ['--conf', conf, ...args]), { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }),
    tryRbd: (args, stdin) => {
      const { status, stdout, stderr } = spawnSync(...there(shape, 'rbd', ['--conf', conf, ...args]), { encoding: 'utf8', ...(stdin === undefined ? {} : { input: stdin }) });
      return { exitCode: status ?? -1, stdout, stderr };
    },
    signal,
    stop: () => {
      for (const daemon of ['mgr.x', 'osd.0', 'mon.a']) signal(daemon, 'SIGKILL');
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

/** Whether a process is still the daemon that wrote the file, and no later one of the same number. */
function isDaemon(pid: number, daemon: string): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').startsWith(`ceph-${daemon.split('.')[0] ?? ''}`);
  } catch {
    return false;
  }
}
