/** One walk over an array: a script of requests against a plane that is killed while its array betrays it, and what must be true at its end. */
import * as E from 'fp-ts/lib/Either.js';
import { seeded } from '@blockledger/adapters-rbd/simulator';
import type { PlaneRequest } from '@blockledger/app';
import type { EventStore } from '@blockledger/domain';
import { releaseAll } from '../pathWalks/attachmentAsks.ts';
import { virtualClock, type VirtualClock } from '../virtualClock.ts';
import { mortalPlane, type MortalPlane } from '../walks/mortalPlane.ts';
import type { WalkedArray } from './array.ts';
import { faultsAtRest, leftOn, openFaults } from './checks.ts';
import { askOf, requestOf, type Ask } from './script.ts';

const GIB = 2 ** 30;
const MINUTE_MS = 60_000;
const START_MS = 1_800_000_000_000;
const PATIENCE_MS = 6 * 60 * MINUTE_MS;
const ROUNDS_EVERY_MS = 15_000;
/** More rounds of mending than anything should need. */
const MOST_MENDINGS = 12;
const all = { limit: -1 } as const;

export interface ArrayWalkOptions {
  readonly seed: number;
  readonly store: EventStore;
  /** Asks in the script. */
  readonly length: number;
  /** Chance that a request to the array ends badly. */
  readonly faultRate: number;
  /** A life's instructions lie between 1 and this; 0: nobody dies. */
  readonly maxLife: number;
}

/** What a walk went through. */
export interface ArrayWalkReport {
  readonly deaths: number;
  readonly faults: number;
  readonly eventTypes: ReadonlySet<string>;
  readonly happened: ReadonlySet<string>;
  readonly refusals: ReadonlySet<string>;
}

interface Walk {
  readonly walked: WalkedArray;
  readonly clock: VirtualClock;
  readonly mortal: MortalPlane;
  readonly happened: Set<string>;
  readonly broken: string[];
}

const complain = ({ mortal, walked }: Walk, what: string, details: readonly string[]): never => {
  throw new Error(`${what}:\n${details.slice(0, 8).join('\n')}${details.length > 8 ? `\nand ${details.length - 8} more` : ''}\n(${mortal.deaths()} deaths, ${walked.faults()} faults so far)`);
};

const settled = async (walk: Walk, what: string): Promise<void> => {
  if (!(await walk.mortal.run(PATIENCE_MS))) complain(walk, what, walk.mortal.now().monitor.status().owed.map(({ stream, step, phase }) => `${stream} ${step} ${phase}`));
};

/** A pool, volumes, an access path, and a client group that is let in by hand. */
const prepare = async (walk: Walk): Promise<void> => {
  const { mortal } = walk;
  const must = async (request: PlaneRequest): Promise<void> => {
    if ((await mortal.ask(request)) === 'refused') complain(walk, `${request.do} was refused`, [...mortal.refusals]);
    await settled(walk, `${request.do} does not end`);
  };
  await must({ do: 'registerPool', input: { name: 'gold', placement: { backend: 'array', pool: 'Pool-1' } } });
  await must({ do: 'registerHost', input: { name: 'qsan', targets: 'array', addresses: [] } });
  await must({ do: 'createAccessPath', input: { name: 'front', hosts: ['qsan'], chap: { user: 'storage-1', secret: '1qaz2wsx3edc' } } });
  await must({ do: 'createClientGroup', input: { name: 'by-hand', clients: ['iqn.1994-05.com.redhat:db-1'] } });
  for (const name of ['db', 'logs']) await must({ do: 'createVolume', input: { pool: 'gold', name, sizeBytes: GIB } });
};

const perform = async ({ mortal, walked, happened }: Walk, wish: Ask): Promise<void> => {
  const request = requestOf(mortal.now(), wish);
  happened.add(wish.do);
  if (request !== undefined) await mortal.ask(request);
  else if (wish.do === 'endSessions') walked.array.endSessions();
  else if (wish.do === 'passMinutes') await mortal.pass((1 + (wish.b % 20)) * MINUTE_MS);
};

/** Operators do what failed tasks and the audit tell them, until none tells anything; what never works is given up. */
const mend = async (walk: Walk): Promise<void> => {
  const { mortal } = walk;
  await mortal.ask({ do: 'resumeHost', host: 'qsan' });
  await mortal.ask({ do: 'resumePool', pool: 'gold' });
  for (let round = 0; round < MOST_MENDINGS; round += 1) {
    await settled(walk, 'owed for hours');
    await mortal.pass(2 * ROUNDS_EVERY_MS);
    const plane = mortal.now();
    const failed = plane.tasks.list({ ...all, status: 'failed' }).items;
    for (const { id } of failed) await mortal.ask({ do: round < MOST_MENDINGS / 2 ? 'retryTask' : 'abandonTask', task: id });
    const report = await mortal.hear(plane.drift());
    const mends = new Map((report?.drifts ?? []).flatMap(({ mend: wish }) => (wish === null || wish.do === 'rebuild' ? [] : [[JSON.stringify(wish), wish] as const])));
    for (const request of mends.values()) await mortal.ask(request);
    if (failed.length === 0 && mends.size === 0) return settled(walk, 'owed for hours');
  }
};

const audited = async ({ mortal }: Walk): Promise<readonly string[]> => {
  const report = await mortal.hear(mortal.now().drift());
  if (report === undefined) return ['the audit does not answer'];
  return [...report.drifts.map(({ message }) => message), ...report.busy.map((id) => `busy: ${id}`)];
};

/** Takes everything down as a patient operator would; nothing may be left of it. */
const takeDown = async (walk: Walk): Promise<void> => {
  const { mortal, walked } = walk;
  const plane = mortal.now();
  const away = async (requests: readonly PlaneRequest[]): Promise<void> => {
    for (const request of requests) if ((await mortal.ask(request)) === 'refused') complain(walk, 'cannot be taken down', [JSON.stringify(request), [...mortal.refusals].join(' ')]);
    await settled(walk, 'not taken down for hours');
  };
  await away(releaseAll(plane));
  await away(plane.mappingGroups.list(all).items.map(({ id }) => ({ do: 'deleteMappingGroup', mappingGroup: id, input: { loggedOut: true } })));
  await away(plane.accessPaths.list(all).items.map(({ id }) => ({ do: 'deleteAccessPath', accessPath: id })));
  await away(plane.clientGroups.list(all).items.map(({ id }) => ({ do: 'deleteClientGroup', clientGroup: id })));
  await away(plane.hosts.list(all).items.map(({ id }) => ({ do: 'retireHost', host: id })));
  // A clone goes before the snapshot that it was made of.
  for (const { id } of plane.volumes.list({ ...all, hidden: 'all' }).items.toSorted((a, b) => (b.number ?? 0) - (a.number ?? 0))) await away([{ do: 'deleteVolume', volume: id, input: { cascade: true } }]);
  const secrets = await mortal.secrets.refs('chap')();
  const failed = plane.tasks.list({ ...all, status: 'failed' }).items.map(({ type }) => `failed: ${type}`);
  const rest = [...leftOn(walked.array), ...(E.isRight(secrets) ? secrets.right.map((ref) => `the secret ${ref} is kept`) : ['secrets cannot be read']), ...(await audited(walk)), ...failed];
  if (rest.length > 0) complain(walk, 'left over', rest);
};

const begin = async (options: ArrayWalkOptions, walked: WalkedArray): Promise<Walk> => {
  const { seed, store, maxLife } = options;
  const random = seeded(seed);
  const clock = virtualClock(START_MS, { auto: false, isBusy: walked.isBusy });
  const mortal = await mortalPlane({
    seed,
    clock,
    random,
    store,
    maxLife,
    partsOf: (life) => {
      const { volumes, targets } = walked.backends(life, clock.nowMs);
      return { backends: { array: volumes }, targets: { array: targets }, limits: { backendCheckEveryMs: ROUNDS_EVERY_MS, backoffCapMs: 10_000 } };
    },
  });
  const walk: Walk = { walked, clock, mortal, happened: new Set(), broken: [] };
  walked.onEffect = () => {
    if (mortal.isUp()) walk.broken.push(...openFaults(walked.array, mortal.now()));
  };
  return walk;
};

/** Walks once. Throws, with the reason, where anything is not as it must be. */
export const walkArrayOnce = async (options: ArrayWalkOptions, walked: WalkedArray): Promise<ArrayWalkReport> => {
  const walk = await begin(options, walked);
  const { mortal } = walk;
  const random = seeded(options.seed ^ 0x5c21);
  const [deathsBefore, faultsBefore] = [mortal.deaths(), walked.faults()];
  await prepare(walk);
  walked.betray(options.seed, options.faultRate);
  await mortal.reborn(true);
  for (let left = options.length; left > 0; left -= 1) {
    await perform(walk, askOf(random));
    if (random() < 0.5) await mortal.run((1 + Math.floor(random() * 5)) * MINUTE_MS);
    if (walk.broken.length > 0) complain(walk, 'on the way', walk.broken);
  }
  walked.betray(0, 0);
  await mortal.reborn(false);
  await mend(walk);
  const rest = [...faultsAtRest(walked.array, mortal.now()), ...(await audited(walk)), ...walk.broken];
  if (rest.length > 0) complain(walk, 'at rest', rest);
  await takeDown(walk);
  if (walk.broken.length > 0) complain(walk, 'while it was taken down', walk.broken);
  const stored = await options.store.readAll(0, 1_000_000)();
  const eventTypes = new Set(E.isRight(stored) ? stored.right.map(({ type }) => type) : []);
  await mortal.close();
  await walked.forget();
  return { deaths: mortal.deaths() - deathsBefore, faults: walked.faults() - faultsBefore, eventTypes, happened: walk.happened, refusals: mortal.refusals };
};
