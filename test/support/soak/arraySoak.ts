/** A soak over a simulated array that betrays: lanes of changes on a service that is killed, and at the end array, projection and model held against each other. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { qsanArray } from '@blockledger/adapters-qsan';
import { seededQsanFaults, startQsanArray, type QsanArray } from '@blockledger/adapters-qsan/simulator';
import { controlPlane, fileSecretStore, type ControlPlane, type PlaneRequest } from '@blockledger/app';
import { openSqliteStore } from '@blockledger/app/sqlite';
import * as E from 'fp-ts/lib/Either.js';
import { arrayFaults, faultsAtRest, leftOn } from '../arrayWalks/checks.ts';
import { patientClient, type Client } from '../crash/client.ts';
import { seededRandom } from '../crash/crashRun.ts';
import { releaseAll } from '../pathWalks/attachmentAsks.ts';
import { optionsFor } from '../qsanScene.ts';
import { sleep } from '../serviceProcess.ts';
import { soakLane, type SoakLane } from './lane.ts';
import { ANSWER_MS, SOAK_LIMITS, TOO_SLOW_MS } from './limits.ts';
import { livesOn, type Lives } from './lives.ts';

export interface SoakOptions {
  readonly seconds: number;
  readonly seed: number;
  readonly say: (line: string) => void;
}

export interface SoakReport {
  readonly kills: number;
  readonly changes: number;
  readonly requests: number;
  readonly faults: number;
  /** What is not as it must be, in sentences. */
  readonly differences: readonly string[];
}

const LANES = 6;
const FAULT_RATE = 0.04;
const SHORTEST_LIFE_MS = 500;
const LONGEST_LIFE_MS = 12_000;
const KINDS = [{ _tag: 'LostReply' }, { _tag: 'Reset' }, { _tag: 'Error500', isDone: false }, { _tag: 'Error500', isDone: true }, { _tag: 'Expired401' }, { _tag: 'Slow', ms: 200 }, { _tag: 'Slow', ms: TOO_SLOW_MS }] as const;
/** Longer than anything waits that is still to be done. */
const PATIENCE_MS = 120_000;
const all = { limit: -1 } as const;

/** What every lane needs, asked for with a key of its own. */
const prepare = async (client: Client): Promise<void> => {
  const made = async (path: string, body: object): Promise<void> => {
    const { reply, task } = await client.change('POST', path, { key: `before ${path}`, body });
    if (task === undefined ? reply.status >= 400 : task.status !== 'succeeded') throw new Error(`POST ${path}: ${JSON.stringify(task ?? reply.json)}`);
  };
  await made('/pools', { pool: { name: 'gold', backend: 'array', pool_name: 'Pool-1' } });
  await made('/hosts', { host: { name: 'qsan', target_backend: 'array', network_addresses: [] } });
  await made('/access-paths', { access_path: { name: 'front', host_ids: [1], chap: true, tname: 'storage-user', tsecret: '1qaz2wsx3edc' } });
};

/** Lanes work until it is over; what one of them finds ends them all. */
const inLanes = async (lanes: readonly SoakLane[], isOver: () => boolean, findings: string[]): Promise<void> => {
  const work = async ({ step }: SoakLane): Promise<void> => {
    try {
      while (!isOver() && findings.length === 0) await step();
    } catch (thrown) {
      findings.push(thrown instanceof Error ? thrown.message : String(thrown));
    }
  };
  await Promise.all(lanes.map(work));
};

/** Kills one life after the other until the time is over; the last one lives. */
const killing = async (lives: Lives, random: () => number, isOver: () => boolean): Promise<number> => {
  for (let kills = 0; ; kills += 1) {
    // Mostly short lives: recovery itself is killed, too.
    const untilMs = Date.now() + SHORTEST_LIFE_MS + random() ** 1.5 * LONGEST_LIFE_MS;
    while (Date.now() < untilMs && !isOver()) await sleep(50);
    if (isOver()) return kills;
    await lives.kill();
    await lives.begin();
  }
};

/** What the lanes have made and the log does not have, or has otherwise. */
const modelFaults = (plane: ControlPlane, lanes: readonly SoakLane[]): readonly string[] => {
  const told = (uuid: string, size: number, snapshots: readonly string[], initiators: readonly string[]): string => JSON.stringify([uuid, size, snapshots.toSorted(), initiators.toSorted()]);
  const model = lanes.flatMap(({ volumes }) => volumes.map(({ uuid, sizeBytes, snapshots, attachments }) => told(uuid, sizeBytes, [...snapshots.keys()], [...attachments.values()])));
  const log = plane.volumes.list(all).items.map(({ id, sizeBytes, attachments }) => told(id, sizeBytes, plane.snapshots.list({ ...all, volume: id }).items.map((one) => one.id), attachments.map(({ connector }) => connector?.initiator ?? '?')));
  return [...model.filter((line) => !log.includes(line)).map((line) => `the lanes have made ${line}, and the log has not`), ...log.filter((line) => !model.includes(line)).map((line) => `the log has ${line}, and no lane has made it`)];
};

/** Waits until nothing is owed; what is owed for minutes is told by whoever compares. */
const atRest = async (plane: ControlPlane): Promise<void> => {
  const untilMs = Date.now() + PATIENCE_MS;
  while (Date.now() < untilMs && plane.monitor.status().owed.some(({ phase }) => phase !== 'scheduled')) await sleep(50);
};

/** Takes everything away through a plane; what cannot be is a sentence. */
const takenDown = async (plane: ControlPlane): Promise<readonly string[]> => {
  const refused: string[] = [];
  const away = async (requests: readonly PlaneRequest[]): Promise<void> => {
    for (const request of requests) {
      const answer = await plane.request(request, { wait: 'done' });
      if (E.isLeft(answer)) refused.push(`${request.do} was refused: ${answer.left.message}`);
    }
    await atRest(plane);
  };
  await away(releaseAll(plane));
  // A clone goes before the snapshot that it was made of.
  await away(plane.volumes.list(all).items.toSorted((a, b) => (b.number ?? 0) - (a.number ?? 0)).map(({ id }) => ({ do: 'deleteVolume', volume: id, input: { cascade: true } })));
  await away(plane.accessPaths.list(all).items.map(({ id }) => ({ do: 'deleteAccessPath', accessPath: id })));
  return refused;
};

/** When everything is at rest, on a plane of our own over the same log. */
const compared = async (array: QsanArray, store: string, lanes: readonly SoakLane[]): Promise<readonly string[]> => {
  const opened = await openSqliteStore({ path: store });
  if (E.isLeft(opened)) return [JSON.stringify(opened.left)];
  const { volumes, targets } = qsanArray({ ...optionsFor(array), timeoutMs: ANSWER_MS });
  const plane = await controlPlane({ store: opened.right, backends: { array: volumes }, targets: { array: targets }, secrets: fileSecretStore({ path: `${store}.secrets` }), limits: SOAK_LIMITS });
  await atRest(plane);
  const drift = (await plane.drift()).drifts.map(({ message }) => `the audit: ${message}`);
  const faults = [...faultsAtRest(array, plane), ...modelFaults(plane, lanes), ...drift];
  const refused = faults.length > 0 ? [] : await takenDown(plane);
  const left = faults.length > 0 ? [] : [...leftOn(array), ...arrayFaults(array, plane)];
  await plane.close();
  return [...faults, ...refused, ...left];
};

const soakOn = async (array: QsanArray, folder: string, { seconds, seed, say }: SoakOptions, calm: () => void): Promise<Omit<SoakReport, 'faults'>> => {
  const store = join(folder, 'log.db');
  const random = seededRandom(seed);
  const lives = livesOn(array, store);
  const client = patientClient(lives.up);
  const lanes = Array.from({ length: LANES }, (_, at) => soakLane(`lane ${at + 1}`, client, seededRandom(seed + at + 1)));
  const findings: string[] = [];
  await lives.begin();
  await prepare(client);
  const untilMs = Date.now() + seconds * 1_000;
  const isOver = (): boolean => Date.now() >= untilMs || findings.length > 0;
  const working = inLanes(lanes, isOver, findings);
  const kills = await killing(lives, random, isOver);
  calm();
  await working;
  await lives.stop();
  const differences = findings.length > 0 ? findings : await compared(array, store, lanes);
  if (differences.length > 0) say(`${lanes.flatMap(({ log }) => log.slice(-5)).join('\n')}\n${lives.errors()}`);
  return { kills, changes: lanes.reduce((sum, { changes }) => sum + changes(), 0), requests: array.requests().at(-1)?.count ?? 0, differences };
};

/** The whole run, on an array and a log of its own. */
export const arraySoak = async (options: SoakOptions): Promise<SoakReport> => {
  const folder = mkdtempSync(join(tmpdir(), 'blockledger-soak-'));
  const betrayal = seededQsanFaults({ seed: options.seed, rate: FAULT_RATE, kinds: KINDS });
  let faults = 0;
  let isCalm = false;
  const array = await startQsanArray({
    faults: (request) => {
      const fault = isCalm ? undefined : betrayal(request);
      if (fault !== undefined) faults += 1;
      return fault;
    },
  });
  try {
    const report = await soakOn(array, folder, options, () => void (isCalm = true));
    return { ...report, faults };
  } finally {
    await array.stop();
    rmSync(folder, { recursive: true, force: true });
  }
};
