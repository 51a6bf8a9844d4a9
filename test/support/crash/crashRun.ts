/** Kills a service process at random moments while changes run on a real cluster, then holds everything against the model. */
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startCeph, type CephCluster } from '../ceph.ts';
import { sleep, startService, type ServiceProcess } from '../serviceProcess.ts';
import { patientClient, untilCounted, type Up } from './client.ts';
import { compare } from './compare.ts';
import { lane, type Lane } from './lane.ts';

export interface CrashRunOptions {
  readonly kills: number;
  readonly seed: number;
  readonly say: (line: string) => void;
}

export interface CrashReport {
  readonly kills: number;
  readonly changes: number;
  readonly differences: readonly string[];
}

/** mulberry32: small, good enough, the same everywhere. */
export const seededRandom = (seed: number): (() => number) => {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
};

const LANES = 6;
const SHORTEST_LIFE_MS = 100;
const LONGEST_LIFE_MS = 9_000;

/** A `setpriv` that asks the kernel for nothing: children of a service that has it on its PATH outlive it. */
export const sparingPath = (dir: string): string => {
  const folder = join(dir, 'sparing');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'setpriv'), '#!/bin/sh\nshift 3\nexec "$@"\n');
  chmodSync(join(folder, 'setpriv'), 0o755);
  return `${folder}:${process.env['PATH'] ?? ''}`;
};

/** Runs all lanes until told to stop; the first finding ends them all. */
const runLanes = (lanes: readonly Lane[], isOver: () => boolean, onFinding: (finding: string) => void): Promise<unknown> =>
  Promise.all(
    lanes.map(async ({ step }) => {
      try {
        while (!isOver()) await step();
      } catch (thrown) {
        onFinding(thrown instanceof Error ? thrown.message : String(thrown));
      }
    }),
  );

/** The whole run, on a cluster of its own. */
export const crashRun = async (options: CrashRunOptions): Promise<CrashReport> => {
  const ceph = await startCeph({ watchTimeoutSeconds: 3, manager: true });
  try {
    return await crashOn(ceph, options);
  } finally {
    ceph.stop();
  }
};

const crashOn = async (ceph: CephCluster, { kills, seed, say }: CrashRunOptions): Promise<CrashReport> => {
  const random = seededRandom(seed);
  const sparing = sparingPath(ceph.dir);
  let service: (ServiceProcess & Up) | undefined;
  let over = false;
  const findings: string[] = [];
  const client = patientClient(() => service);
  const lanes = Array.from({ length: LANES }, (_, at) => lane({ name: `lane ${at + 1}`, ceph, client, random: seededRandom(seed + at + 1) }));
  const start = async (spare: boolean): Promise<ServiceProcess & Up> => {
    const env = { BLOCKLEDGER_CEPH_CONF: ceph.conf, ...(spare ? { PATH: sparing } : {}) };
    const started = await startService({ config: 'test/lab/ceph.config.ts', store: join(ceph.dir, 'log.db'), env });
    return { ...started, sinceMs: Date.now() };
  };

  service = await start(false);
  await untilCounted(client);
  await service.stop();
  service = undefined;
  const running = runLanes(
    lanes,
    () => over || findings.length > 0,
    (finding) => findings.push(finding),
  );
  let killed = 0;
  for (let kill = 1; kill <= kills && findings.length === 0; kill += 1) {
    const spare = kill % 2 === 0;
    service = await start(spare);
    // Mostly short lives: recovery itself is killed too.
    const lifeMs = Math.floor(SHORTEST_LIFE_MS + random() ** 1.5 * LONGEST_LIFE_MS);
    await sleep(lifeMs);
    const victim = service;
    service = undefined;
    await victim.stop('SIGKILL');
    killed = kill;
    say(`kill ${kill} of ${kills} after ${lifeMs} ms, children ${spare ? 'spared' : 'die too'}`);
  }
  service = await start(false);
  await sleep(500);
  over = true;
  await running;
  const differences = findings.length > 0 ? [] : await compare(ceph, client, lanes.flatMap(({ volumes }) => volumes));
  const errors = service.errors();
  await service.stop();
  if (findings.length + differences.length > 0) say(`${lanes.flatMap(({ log }) => log.slice(-5)).join('\n')}\n${errors}`);
  return { kills: killed, changes: lanes.reduce((sum, { log }) => sum + log.length, 0), differences: [...findings, ...differences] };
};
