/** Listing with 100,000 volumes: the 99th percentile of a page, wherever it stands and whatever it filters by. */
import { performance } from 'node:perf_hooks';
import type { Sorted, VolumeSortField } from '@blockledger/app';
import { memoryStore } from '@blockledger/app/memory';
import { fill, median, planeOver, printRows, quantile } from './support.ts';

const VOLUMES = 100_000;
const ROUNDS = 500;

const timed = (work: () => unknown): number => {
  const started = performance.now();
  work();
  return performance.now() - started;
};

const p99 = (work: (round: number) => unknown, rounds = ROUNDS): number => quantile(Array.from({ length: rounds }, (_, round) => timed(() => work(round))), 0.99);

const store = memoryStore();
// The store outlives the first plane, which only registers the pool.
const first = await planeOver({ ...store, close: () => Promise.resolve() });
await fill(store, first.pools.get('vols')?.id ?? '', VOLUMES, 3);
await first.close();
const plane = await planeOver(store, { drive: false });
const empty = p99(() => JSON.stringify(plane.pools.list()));
const page = p99((round) => JSON.stringify(plane.volumes.list({ limit: 100, offset: (round * 199) % VOLUMES })));
const byName = p99((round) => JSON.stringify(plane.volumes.list({ limit: 100, name: `volume ${round * 100 + 1}` })));
const search = p99((round) => JSON.stringify(plane.volumes.list({ limit: 100, q: `e ${round}9` })));
/** Sorted pages from the first and from the middle of the list. */
const sorted = (sort: NonNullable<Sorted<VolumeSortField>['sort']>): readonly number[] => {
  const middle = plane.volumes.list({ sort, limit: 1, offset: VOLUMES / 2 }).next;
  const starts = [{}, middle === null ? {} : { cursor: middle }];
  return Array.from({ length: ROUNDS / 5 }, (_, round) => timed(() => JSON.stringify(plane.volumes.list({ sort, limit: 100, ...starts[round % 2] }))));
};
const byNumber = sorted([{ by: 'number' }]);
const ms = (value: number): string => `${value.toFixed(2)} ms`;
/** The 99th percentile, and by how much the usual page is dearer than one in plain order. */
const told = (times: readonly number[]): string => `${ms(quantile(times, 0.99))}; median ${(median(times) / median(byNumber)).toFixed(1)}× that by number`;
printRows([
  { what: 'p99 of a page of 100, any offset', figure: `${ms(page)}, ${(page / empty).toFixed(0)}× a list of one pool`, aim: 'milliseconds' },
  { what: 'p99 by name', figure: ms(byName), aim: 'milliseconds' },
  { what: 'p99 of a page sorted by number', figure: told(byNumber), aim: 'milliseconds' },
  { what: 'p99 of a page sorted by number, newest first', figure: told(sorted([{ by: 'number', descending: true }])), aim: 'as in plain order' },
  { what: 'p99 of a page sorted by name', figure: told(sorted([{ by: 'name' }])), aim: 'about a search' },
  { what: 'p99 of a page sorted by size (all equal), then name, descending', figure: told(sorted([{ by: 'sizeBytes', descending: true }, { by: 'name', descending: true }])), aim: 'about a search' },
  { what: 'p99 of a search over all names', figure: ms(search), aim: 'milliseconds' },
]);
await plane.close();
