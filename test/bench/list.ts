/** Pages of a list of 100,000 volumes in memory, wherever they stand and whatever they filter by. */
import { performance } from 'node:perf_hooks';
import type { ControlPlane, Sorted, VolumeSortField } from '@blockledger/app';
import { memoryStore } from '@blockledger/app/memory';
import type { Benchmark, Contestant } from './frame/benchmark.ts';
import { quantile } from './frame/figures.ts';
import { fill, planeOver } from './support.ts';

const VOLUMES = 100_000;
const PAGES = 25;

const timed = (work: () => unknown): number => {
  const started = performance.now();
  work();
  return performance.now() - started;
};

const contestant = (name: string, role: Contestant['role'], page: (at: number) => unknown): Contestant => ({
  name,
  role,
  measure: (_, round) => {
    const times = Array.from({ length: PAGES }, (_, at) => timed(() => JSON.stringify(page((round + 1) * PAGES + at))));
    return { median: quantile(times, 0.5), p99: quantile(times, 0.99) };
  },
});

/** Sorted pages from the first and from the middle of the list. */
const sorted = (plane: ControlPlane, sort: NonNullable<Sorted<VolumeSortField>['sort']>): ((at: number) => unknown) => {
  const middle = plane.volumes.list({ sort, limit: 1, offset: VOLUMES / 2 }).next;
  return (at) => plane.volumes.list({ sort, limit: 100, ...(at % 2 === 0 || middle === null ? {} : { cursor: middle }) });
};

export const benchmark: Benchmark = {
  name: 'list',
  title: 'Pages of 100,000 volumes, in memory',
  about: `A page of 100 volumes of ${VOLUMES}, asked of the control plane in its own process and turned into JSON; ${PAGES} of them a round.`,
  rounds: 5,
  measures: [
    { name: 'median', unit: 'ms', better: 'less' },
    { name: 'p99', unit: 'ms', better: 'less' },
  ],
  targets: [{ what: 'a page at any offset is a matter of milliseconds', measure: 'p99', of: 'any offset', atMost: 10 }],
  bounds:
    'In plain order: the JSON of 100 volumes. Sorted by anything but the number, and searched, all volumes are looked through: nothing is kept sorted by name.',
  start: async () => {
    const store = memoryStore();
    // The store outlives the first plane, which only registers the pool.
    const first = await planeOver({ ...store, close: () => Promise.resolve() });
    await fill(store, first.pools.get('vols')?.id ?? '', VOLUMES, 3);
    await first.close();
    const plane = await planeOver(store, { drive: false });
    return {
      contestants: [
        contestant('a list of one pool', 'limit', () => plane.pools.list()),
        contestant('any offset', 'ours', (at) => plane.volumes.list({ limit: 100, offset: (at * 199) % VOLUMES })),
        contestant('by name', 'ours', (at) => plane.volumes.list({ limit: 100, name: `volume ${at * 100 + 1}` })),
        contestant('sorted by number', 'ours', sorted(plane, [{ by: 'number' }])),
        contestant('sorted by number, newest first', 'ours', sorted(plane, [{ by: 'number', descending: true }])),
        contestant('sorted by name', 'ours', sorted(plane, [{ by: 'name' }])),
        contestant('sorted by size, then name, descending', 'ours', sorted(plane, [{ by: 'sizeBytes', descending: true }, { by: 'name', descending: true }])),
        contestant('a search in all names', 'ours', (at) => plane.volumes.list({ limit: 100, q: `e ${at}9` })),
      ],
      stop: () => plane.close(),
    };
  },
};
