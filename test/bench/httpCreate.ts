/** End to end: volumes and snapshots over HTTP, from the request until they are active on a real Ceph. */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { repositoryRoot } from '../support/files.ts';
import { realCeph, startCeph, type CephCluster } from '../support/ceph.ts';
import type { Benchmark, Contestant, Figures } from './frame/benchmark.ts';
import { clientOf, together, type Client } from './service/client.ts';
import { cpuSecondsOf, serve, type Served } from './service/process.ts';

const GIB = 2 ** 30;
const OURS = 'Blockledger, command line';
/** Operations of each kind in one round. */
const countFor = (clients: number): number => (clients === 1 ? 16 : 64);

const idIn = (text: string): number => Number(/"id":(\d+)/.exec(text)?.[1]);
const active = (what: string, { status, text }: { readonly status: number; readonly text: string }): number => {
  if (status >= 300 || !text.includes('"status":"active"')) throw new Error(`${what} is not active: ${status} ${text}`);
  return idIn(text);
};

const volumesAndSnapshots = (name: string, { cpuSeconds }: Served, client: Client): Contestant => {
  let made = 0;
  return {
    name,
    role: 'ours',
    measure: async (clients) => {
      const count = countFor(clients);
      const volumes: number[] = [];
      const [began, before] = [performance.now(), cpuSeconds()];
      await together(clients, count, async () => {
        volumes.push(active('a volume', await client.ask('POST', '/block-volumes/', { block_volume: { name: `volume ${(made += 1)}`, pool_id: 1, size: GIB } })));
      });
      const [between, middle] = [performance.now(), cpuSeconds()];
      await together(clients, count, async (at) => {
        active('a snapshot', await client.ask('POST', '/block-snapshots/', { block_snapshot: { block_volume_id: volumes[at], name: `snapshot ${(made += 1)}` } }));
      });
      const [ended, after] = [performance.now(), cpuSeconds()];
      return {
        creates: (count * 1_000) / (between - began),
        'CPU of a create': (middle - before) / count,
        snapshots: (count * 1_000) / (ended - between),
        'CPU of a snapshot': (after - middle) / count,
      };
    },
  };
};

/** The same `rbd` programs and nothing around them: what no service that runs one program for each create can beat. */
const bare = ({ conf }: CephCluster): Contestant => {
  let made = 0;
  const rbd = (...args: readonly string[]): Promise<void> =>
    new Promise((resolve, reject) => {
      const child = spawn('rbd', ['--conf', conf, ...args], { stdio: 'ignore' });
      child.once('error', reject);
      child.once('close', (code) => (code === 0 ? resolve() : reject(new Error(`rbd ${args.join(' ')} ended with ${code}`))));
    });
  const timed = async (clients: number, count: number, work: (index: number) => Promise<void>): Promise<readonly [number, number]> => {
    const [began, before] = [performance.now(), cpuSecondsOf(process.pid)];
    await together(clients, count, work);
    return [(count * 1_000) / (performance.now() - began), (cpuSecondsOf(process.pid) - before) / count];
  };
  return {
    name: 'rbd create and rbd snap create, bare',
    role: 'limit',
    measure: async (clients): Promise<Figures> => {
      const count = countFor(clients);
      const first = made;
      made += count;
      const [creates, create] = await timed(clients, count, (at) => rbd('create', `rbd/bare${first + at}`, '--size', '1G'));
      const [snapshots, snapshot] = await timed(clients, count, (at) => rbd('snap', 'create', `rbd/bare${first + at}@s`, '--no-progress'));
      return { creates, 'CPU of a create': create, snapshots, 'CPU of a snapshot': snapshot };
    },
  };
};

/** How `rbd` is spoken to: by its command line, which is the default, and by its library where this version can. */
const TRANSPORTS = ['cli', 'librados'] as const;
const canLibrados = (): boolean => existsSync(join(repositoryRoot, 'packages/adapters-rbd/src/librados'));

/** Serves on a store of its own. The first volume waits until the cluster's manager knows how much the pool holds. */
const contestantOn = async (ceph: CephCluster, folder: string, transport: (typeof TRANSPORTS)[number]) => {
  const env = { BLOCKLEDGER_BENCH_CONF: ceph.conf, BLOCKLEDGER_BENCH_TRANSPORT: transport, BLOCKLEDGER_LOG_LEVEL: 'error' };
  const service = await serve('ceph.config.mjs', join(folder, `${transport}.db`), env);
  const client = clientOf(service.port, 32);
  const { text } = await client.ask('POST', '/block-volumes/', { block_volume: { name: 'first', pool_id: 1, size: GIB } });
  while (!(await client.ask('GET', `/block-volumes/${idIn(text)}`)).text.includes('"status":"active"')) await new Promise((resolve) => setTimeout(resolve, 500));
  const stop = async (): Promise<void> => {
    client.close();
    await service.stop();
  };
  return { contestant: volumesAndSnapshots(transport === 'cli' ? OURS : `Blockledger, ${transport}`, service, client), stop };
};

const WHY = canLibrados()
  ? 'the cluster and the clients work on the same cores as the service: see how much of the CPU time of a create is its own'
  : 'a program that connects anew takes more CPU time than two cores have for so many creates (see what the bare ones take)';

const CINDER = 'Cinder with its RBD driver';

export const benchmark: Benchmark = {
  name: 'httpCreate',
  title: 'End to end over HTTP on Ceph',
  about:
    'A volume of 1 GiB by `POST /block-volumes`, then a snapshot of it by `POST /block-snapshots`, from clients that each wait for one to be active before they ask for the next. ' +
    'The service is `blockledger serve` as it is installed, on SQLite with every event flushed, with a real Ceph of one monitor and one OSD in memory on the same machine; ' +
    'CPU seconds are those of the service and of all programs that it runs, for one operation, without the cluster and the clients. ' +
    'OpenStack Cinder was measured on such a machine in another run.',
  rounds: 4,
  along: { name: 'clients', points: [1, 8, 32] },
  measures: [
    { name: 'creates', unit: '/s', better: 'more', plot: true },
    { name: 'CPU of a create', unit: 's', better: 'less' },
    { name: 'snapshots', unit: '/s', better: 'more', plot: true },
    { name: 'CPU of a snapshot', unit: 's', better: 'less' },
  ],
  references: [
    { name: CINDER, at: 1, figures: { creates: 3.1, 'CPU of a create': 0.3 } },
    { name: CINDER, at: 8, figures: { creates: 4.4, 'CPU of a create': 0.3 } },
    { name: CINDER, at: 32, figures: { creates: 4.7, 'CPU of a create': 0.3 } },
  ],
  targets: [{ what: 'creates from 32 clients against Cinder (which was not in this run)', measure: 'creates', of: canLibrados() ? 'Blockledger, librados' : OURS, against: CINDER, at: 32, atLeast: 20, why: WHY }],
  bounds:
    'By the command line a create is one program, `rbd import`, and a snapshot three: `rbd snap create` and `rbd image-meta set` beside each other, then `rbd snap ls` for the size that it has. ' +
    'Most of each is a new client that connects to the cluster, as the bare programs show; all of them, the cluster and the clients share the cores. ' +
    'Besides, by the command line the space of a pool is asked for every five seconds, by `ceph df`, a Python program: one client alone pays most for it, since it makes the fewest volumes in that time.',
  absent: () => (realCeph.present() ? undefined : `Ceph is not installed; apt-get install ${realCeph.packages.join(' ')}`),
  start: async () => {
    const ceph = await startCeph({ manager: true, deviceBytes: 1024 * GIB });
    const folder = mkdtempSync(join(tmpdir(), 'blockledger-bench-'));
    const ours: Awaited<ReturnType<typeof contestantOn>>[] = [];
    for (const transport of TRANSPORTS) if (transport === 'cli' || canLibrados()) ours.push(await contestantOn(ceph, folder, transport));
    return {
      contestants: [...ours.map(({ contestant }) => contestant), bare(ceph)],
      stop: async () => {
        for (const { stop } of ours) await stop();
        ceph.stop();
        rmSync(folder, { recursive: true, force: true });
      },
    };
  },
};
