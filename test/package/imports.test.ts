/** What an import costs, counted in modules: whoever embeds a part does not load the others. `npm run bench -- imports` has the times. */
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { build } from '../support/apiReports.ts';
import { modulesLoadedBy, packageOf } from '../support/loadedModules.ts';
import { packages } from '../support/packed.ts';
import { temporaryFolder } from '../support/sqlite.ts';
import { suite } from '../support/suite.ts';

const test = suite('imports');

/** Functional programming in the domain's style. */
const PURE = ['fp-ts', 'io-ts', 'ts-pattern'];
/** What the engine stands on; the last four are the signatures of webhooks and the addresses they may not go to, four small files. */
const ENGINE = new Set([...PURE, 'eventemitter3', 'lru-cache', 'p-queue', 'p-timeout', 'reflect-metadata', 'safe-stable-stringify', 'tslib', 'tsyringe', 'uuid', 'standardwebhooks', '@stablelib/base64', 'fast-sha256', 'ipaddr.js']);
/** What only some need: the web server, SQLite, the command line, logs, figures. */
const OPTIONAL = /^(fastify|@fastify\/.*|libsql|@libsql\/.*|pino|commander|cli-table3|prom-client|@opentelemetry\/.*|@scalar\/.*|swagger.*|@eventstore\/.*|@kurrent\/.*)$/;

build();
const loaded = new Map(
  packages.flatMap(({ entryPoints }) => entryPoints).map((name) => [name, modulesLoadedBy(`await import('${name}');`)] as const),
);
const packagesLoadedBy = (name: string): readonly string[] => [...new Set((loaded.get(name) ?? []).map(packageOf))].filter((one) => !one.startsWith('@blockledger/')).toSorted();

/** The most modules that an import may load. A face that grows raises its own figure, not its neighbour's. */
const MOST: Readonly<Record<string, number>> = {
  '@blockledger/domain': 210,
  '@blockledger/domain/testing': 60,
  '@blockledger/app': 480,
  '@blockledger/app/memory': 260,
  '@blockledger/app/sqlite': 280,
  '@blockledger/app/eventstoredb': 560,
  '@blockledger/app/http': 600,
  '@blockledger/app/client': 300,
  '@blockledger/adapters-rbd': 290,
  '@blockledger/adapters-rbd/simulator': 230,
};

test('the domain loads fp-ts, io-ts, ts-pattern and itself', () => {
  assert.equal(packagesLoadedBy('@blockledger/domain'), PURE);
  assert.equal((loaded.get('@blockledger/domain') ?? []).map(packageOf).filter((name) => name === '@blockledger/app'), []);
});

test('the contract suites load no test runner', () => {
  assert.equal(packagesLoadedBy('@blockledger/domain/testing').filter((name) => !PURE.includes(name)), []);
});

test('the engine loads neither web server, SQLite, command line, log nor metrics', () => {
  assert.equal(packagesLoadedBy('@blockledger/app').filter((name) => !ENGINE.has(name)), []);
});

test('the store in memory and the simulator load nothing that is optional', () => {
  for (const name of ['@blockledger/app/memory', '@blockledger/adapters-rbd', '@blockledger/adapters-rbd/simulator']) {
    assert.equal(packagesLoadedBy(name).filter((one) => OPTIONAL.test(one)), [], name);
  }
});

test('a simulated array makes its certificate once: started again with its file it loads nothing that makes any', () => {
  const { folder, remove } = temporaryFolder();
  const started = `const { startQsanArray } = await import('@blockledger/adapters-qsan/simulator'); await (await startQsanArray({ file: ${JSON.stringify(join(folder, 'array.json'))} })).stop();`;
  assert.equal([started, started].map((again) => modulesLoadedBy(again).map(packageOf).includes('selfsigned')), [true, false]);
  remove();
});

test('SQLite and EventStoreDB come with their stores only, the web server with its face only', () => {
  const whoLoads = (library: string): readonly string[] => [...loaded.keys()].filter((name) => packagesLoadedBy(name).includes(library));
  assert.equal(whoLoads('libsql'), ['@blockledger/app/sqlite']);
  assert.equal(whoLoads('fastify'), ['@blockledger/app/http']);
  assert.equal(whoLoads('@eventstore/db-client'), ['@blockledger/app/eventstoredb']);
});

test('no import loads more modules than it is allowed', () => {
  const over = [...loaded].filter(([name, modules]) => modules.length > (MOST[name] ?? 450));
  assert.equal(over.map(([name, modules]) => `${name} loads ${modules.length}`), []);
  assert.equal([...loaded].filter(([, modules]) => modules.length === 0), [], 'the loader was not asked');
});

test.run();
