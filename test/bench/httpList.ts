/** Lists, pages and single volumes over HTTP, from stores of two sizes, against what fastify alone can do with the same bodies. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { openSqliteStore } from '@blockledger/app/sqlite';
import type { Benchmark, Contestant } from './frame/benchmark.ts';
import { median } from './frame/figures.ts';
import { versionOf } from './frame/peers.ts';
import { clientOf, together, type Client } from './service/client.ts';
import { serve, servePeer, type Served } from './service/process.ts';
import { fill, must, planeOver } from './support.ts';

const SIZES = [1_000, 100_000] as const;
const CONNECTIONS = 32;
const ASKED = 640;

/** What is asked, by measure. Each is asked of a peer by a path of its own. */
const LATENCIES: Readonly<Record<string, { readonly path: string; readonly times: number }>> = {
  'the first 1,000': { path: '/block-volumes/?limit=1000', times: 20 },
  'a page of 100': { path: '/block-volumes/?limit=100', times: 100 },
  'a page of 100 in the middle': { path: '/block-volumes/?limit=100&offset=MIDDLE', times: 100 },
  'by name': { path: '/block-volumes/?name=volume%20500', times: 100 },
  'one volume': { path: '/block-volumes/500', times: 100 },
};

type PathOf = (measure: string, size: number) => string;
const ofService: PathOf = (measure, size) => LATENCIES[measure]?.path.replace('MIDDLE', String(size / 2)) ?? '';
/** A peer answers with bodies that do not depend on a query. */
const ofPeer: PathOf = (measure, size) => `/${size}/${measure.replaceAll(/\W/g, '-')}`;

const contestant = (told: Omit<Contestant, 'measure'>, pathOf: PathOf, ofSize: (size: number) => { readonly client: Client; readonly served: Served }): Contestant => ({
  ...told,
  measure: async (size) => {
    const { client, served } = ofSize(size);
    const ask = async (measure: string): Promise<void> => {
      const { status } = await client.ask('GET', pathOf(measure, size));
      if (status !== 200) throw new Error(`${told.name} answered ${measure} with ${status}`);
    };
    const figures: Record<string, number> = {};
    for (const [measure, { times }] of Object.entries(LATENCIES)) {
      const taken: number[] = [];
      for (let count = 0; count < times; count += 1) {
        const began = performance.now();
        await ask(measure);
        taken.push(performance.now() - began);
      }
      figures[measure] = median(taken);
    }
    const [began, before] = [performance.now(), served.cpuSeconds()];
    await together(CONNECTIONS, ASKED, () => ask('one volume'));
    figures[`volumes from ${CONNECTIONS} connections`] = (ASKED * 1_000) / (performance.now() - began);
    figures['CPU of one of these'] = ((served.cpuSeconds() - before) * 1_000) / ASKED;
    return figures;
  },
});

const CINDER = 'Cinder with its RBD driver';

export const benchmark: Benchmark = {
  name: 'httpList',
  title: 'Lists over HTTP',
  about:
    `Lists of volumes and single ones, asked of \`blockledger serve\` over HTTP with stores of ${SIZES.join(' and ')} volumes, one request after the other; then single volumes from ${CONNECTIONS} connections at once. ` +
    'fastify with nothing around it answers with the very same bodies, as ready text and as ready objects that it turns into JSON: what Node can do at most. ' +
    'OpenStack Cinder was measured on such a machine in another run.',
  rounds: 5,
  along: { name: 'volumes', points: SIZES },
  measures: [
    ...Object.keys(LATENCIES).map((name) => ({ name, unit: 'ms', better: 'less' as const })),
    { name: `volumes from ${CONNECTIONS} connections`, unit: '/s', better: 'more' },
    { name: 'CPU of one of these', unit: 'ms', better: 'less' },
  ],
  references: [{ name: CINDER, at: 1_000, figures: { 'the first 1,000': 605 } }],
  targets: [
    { what: 'listing 1,000 volumes against Cinder (which was not in this run)', measure: 'the first 1,000', of: 'Blockledger', against: CINDER, at: 1_000, atMost: 0.01, why: 'see fastify with the same bodies as ready text' },
    { what: 'a page of 100,000 volumes against one of 1,000', measure: 'a page of 100', of: 'Blockledger', at: 100_000, atMost: 10 },
  ],
  bounds:
    'The bodies of volumes are kept for as long as they are true, for up to 5,000 of them. Of a list of 1,000 about a fifth is looking whether they are, a sixth putting them together; most of the rest is what fastify with ready text takes, too. ' +
    'Of a single volume: writing to the socket a fifth, who asks and how often (two hashes) a tenth, fastify and its hooks most of the rest.',
  start: async () => {
    const folder = mkdtempSync(join(tmpdir(), 'blockledger-bench-'));
    const services = new Map<number, { readonly client: Client; readonly served: Served }>();
    const add = async (served: Served): Promise<{ readonly client: Client; readonly served: Served }> => ({ served, client: clientOf(served.port, CONNECTIONS) });
    const bodies: Record<string, string> = {};
    for (const size of SIZES) {
      const path = join(folder, `${size}.db`);
      const store = must(await openSqliteStore({ path }));
      const plane = await planeOver(store);
      await fill(store, plane.pools.get('vols')?.id ?? '', size, 3);
      await plane.close();
      const service = await add(await serve('simulated.config.mjs', path));
      services.set(size, service);
      for (const measure of Object.keys(LATENCIES)) bodies[`/api/v1${ofPeer(measure, size)}`] = (await service.client.ask('GET', ofService(measure, size))).text;
    }
    const file = join(folder, 'bodies.json');
    writeFileSync(file, JSON.stringify(bodies));
    const peers = { text: await add(await servePeer('bareFastify', ['text', file])), objects: await add(await servePeer('bareFastify', ['objects', file])) };
    const version = versionOf('fastify');
    const find = (size: number): { readonly client: Client; readonly served: Served } => services.get(size) ?? peers.text;
    return {
      contestants: [
        contestant({ name: 'Blockledger', role: 'ours' }, ofService, find),
        contestant({ name: 'fastify, ready objects', role: 'limit', version }, ofPeer, () => peers.objects),
        contestant({ name: 'fastify, ready text', role: 'limit', version }, ofPeer, () => peers.text),
      ],
      stop: async () => {
        for (const { client, served } of [...services.values(), peers.text, peers.objects]) {
          client.close();
          await served.stop();
        }
        rmSync(folder, { recursive: true, force: true });
      },
    };
  },
};
