/** Making and removing images on a real cluster by each transport, and by Ceph's own library for Python. */
import { execFileSync } from 'node:child_process';
import { setMaxListeners } from 'node:events';
import { existsSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { rbdBackend, type RbdOptions } from '@blockledger/adapters-rbd';
import type { BackendAction, BlockBackend, CallContext, SerialNumber, VolumeId, VolumeRef } from '@blockledger/domain';
import { realCeph, startCeph, type CephCluster } from '../support/ceph.ts';
import { gone, make } from '../support/rbdScene.ts';
import type { Benchmark, Contestant, Figures } from './frame/benchmark.ts';
import { must } from './support.ts';

const GIB = 2 ** 30;
const PYTHON = '/usr/bin/python3';
const LIBRARY_IMAGES = 96;
const PROGRAM_IMAGES = 24;
const MOST = 16;

const { signal } = new AbortController();
// Every operation under way listens to it.
setMaxListeners(0, signal);
const context: CallContext = { signal, onProgress: () => undefined, installationId: 'bench' };

const volumeOf = (at: number): VolumeRef => ({
  placement: { backend: 'ceph', pool: 'vols' },
  volumeId: `0b9d7a3e-0000-4000-8000-${String(at).padStart(12, '0')}` as VolumeId,
  serial: String(at).padStart(16, '0') as SerialNumber,
});

/** Does as many actions, so many at once; in seconds. */
const timed = async (backend: BlockBackend, actions: readonly BackendAction[], atOnce: number): Promise<number> => {
  const left = [...actions];
  const started = performance.now();
  const worker = async (): Promise<void> => {
    for (let action = left.shift(); action !== undefined; action = left.shift()) must(await backend.perform(action, context)());
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return (performance.now() - started) / 1_000;
};

/** What is told of so many images. */
const figuresOf = (images: number, createSeconds: number, removeSeconds: number): Figures => ({
  'create': images / createSeconds,
  'create and remove': (2 * images) / (createSeconds + removeSeconds),
});

let next = 0;
const byBackend = async (backend: BlockBackend, images: number, atOnce: number): Promise<Figures> => {
  const volumes = Array.from({ length: images }, () => volumeOf((next += 1)));
  const created = await timed(backend, volumes.map((volume) => ({ ...make(volume), sizeBytes: GIB as ReturnType<typeof make>['sizeBytes'] })), atOnce);
  return figuresOf(images, created, await timed(backend, volumes.map((volume) => gone(volume)), atOnce));
};

/** `same`: each image gets a mark, which is read before the image is removed, as the backend does it; else neither. */
const SCRIPT = `
import sys, time, rados, rbd
from concurrent.futures import ThreadPoolExecutor
conf, images, threads, same = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4] == 'same'
with rados.Rados(conffile=conf) as cluster, cluster.open_ioctx('vols') as io:
    one = rbd.RBD()
    def create(at):
        one.create(io, 'python-%d' % at, 2**30, old_format=False, features=61)
        if same:
            with rbd.Image(io, 'python-%d' % at) as image: image.metadata_set('blockledger.volume', 'x' * 300)
    def remove(at):
        if same:
            with rbd.Image(io, 'python-%d' % at, read_only=True) as image: list(image.metadata_list())
        one.remove(io, 'python-%d' % at)
    create(-1); remove(-1)
    with ThreadPoolExecutor(threads) as pool:
        start = time.time(); list(pool.map(create, range(images)))
        between = time.time(); list(pool.map(remove, range(images)))
        print(between - start, time.time() - between)
`;

const byPython = ({ conf }: CephCluster, work: 'same' | 'bare', threads: number): Figures => {
  const [created = Number.NaN, removed = Number.NaN] = execFileSync(PYTHON, ['-c', SCRIPT, conf, String(LIBRARY_IMAGES), String(threads), work], { encoding: 'utf8' }).trim().split(' ').map(Number);
  return figuresOf(LIBRARY_IMAGES, created, removed);
};

const hasPython = (): boolean => {
  try {
    execFileSync(PYTHON, ['-c', 'import rbd, rados'], { stdio: 'ignore' });
    return existsSync(PYTHON);
  } catch {
    return false;
  }
};

const arena = (ceph: CephCluster) => {
  const of = (transport: RbdOptions['transport'] & string): BlockBackend => rbdBackend({ conf: ceph.conf, watchTimeoutMs: 30_000, proofMs: 600_000, transport, maxProcesses: MOST, maxOperations: MOST });
  const [library, programs] = [of('librados'), of('cli')];
  // Every eighth program of the command line gains nothing from a ninth beside it: that is its best rate, taken at each point that is compared with it.
  const contestants: readonly Contestant[] = [
    { name: 'librados', role: 'ours', measure: (atOnce) => byBackend(library, LIBRARY_IMAGES, atOnce) },
    { name: 'command line', role: 'peer', measure: (atOnce) => byBackend(programs, PROGRAM_IMAGES, atOnce) },
    { name: 'command line, 8 at once', role: 'peer', points: [MOST], measure: () => byBackend(programs, PROGRAM_IMAGES, 8) },
    { name: 'python3-rbd', role: 'peer', measure: (atOnce) => byPython(ceph, 'same', atOnce) },
    { name: 'python3-rbd, bare', role: 'limit', measure: (atOnce) => byPython(ceph, 'bare', atOnce) },
  ];
  return {
    contestants,
    stop: async () => {
      await Promise.all([library.close(), programs.close()]);
      ceph.stop();
    },
  };
};

/** What bounds both. */
const REMOVING = 'three quarters of it are the removal inside librbd, which is the same for everybody: see Python, bare, which does nothing else over one connection';

export const benchmark: Benchmark = {
  name: 'rbdTransports',
  title: 'Images by command line and by library',
  about:
    'Images of 1 GiB made and removed on a real Ceph of one OSD in memory on the same machine, so many at once. By the backend, by either of its transports: each image is made with its marks, and proved ours before it is removed. ' +
    "By Ceph's library for Python, with so many threads over one connection: each image is opened to get a mark, and opened again to read it before it is removed; bare, neither is done.",
  rounds: 5,
  along: { name: 'at once', points: [1, MOST] },
  measures: [
    { name: 'create', unit: '/s', better: 'more', plot: true },
    { name: 'create and remove', unit: '/s', better: 'more', plot: true },
  ],
  targets: [
    { what: 'create and remove, 16 at once, against 8 programs at once', measure: 'create and remove', of: 'librados', against: 'command line, 8 at once', atLeast: 6, why: REMOVING },
    { what: 'create and remove, 16 at once, against 16 programs at once', measure: 'create and remove', of: 'librados', against: 'command line', atLeast: 6, why: REMOVING },
    { what: 'create and remove, 16 at once, against 16 threads of Python', measure: 'create and remove', of: 'librados', against: 'python3-rbd', atLeast: 1 },
    { what: 'create, one after the other', measure: 'create', of: 'librados', against: 'command line', at: 1, atLeast: 10, why: 'our command line makes an image with all its marks by one program, and the cluster takes its time for either: see Python, bare, which writes no marks' },
  ],
  bounds:
    'The removal inside librbd, and the cluster, which shares two cores with its clients: with 16 at once three quarters of the time went into removing, as much by the backend as by Python. By the command line it is the new client that each program is, its connection and its end.',
  absent: () => (realCeph.present() && hasPython() ? undefined : `Ceph or its library for Python is not installed; apt-get install ${realCeph.packages.join(' ')} python3-rados python3-rbd`),
  start: async () => arena(await startCeph({ watchTimeoutSeconds: 30 })),
};
