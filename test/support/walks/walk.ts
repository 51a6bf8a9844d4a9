/** One walk: a script of requests against a plane that is killed and betrayed on the way, and what must be true at its end. */
import * as E from 'fp-ts/lib/Either.js';
import { rbdBackend } from '@blockledger/adapters-rbd';
import { seeded, seededFaults, simulateRbd, type SimFault, type Simulator } from '@blockledger/adapters-rbd/simulator';
import { controlPlane, uuidIds, type ControlPlane, type PlaneRequest, type TaskView, type VolumeView } from '@blockledger/app';
import type { EventStore } from '@blockledger/domain';
import { answered, PATIENCE_MS } from './answered.ts';
import { lifeOf, mortalBackend, mortalRunner, mortalStore, type Life } from './life.ts';
import { planeBeside } from './beside.ts';
import { noFates, sharingProcess, type Fates, type SharingOptions, type SharingProcess } from './sharingProcess.ts';
import { watchedSingles } from './singles.ts';
import { scriptOf, type Ask, type WalkPool } from './script.ts';
import { steadyIds } from '../steadyIds.ts';
import { virtualClock, type VirtualClock } from '../virtualClock.ts';

const MIB = 1024 * 1024;
const HOUR_MS = 3_600_000;
const START_MS = 1_800_000_000_000;
const WATCH_TIMEOUT_MS = 3_000;
const FOREVER = Number.MAX_SAFE_INTEGER;
const REGISTER_FAULT_RATE = 0.05;

export interface WalkOptions {
  readonly seed: number;
  readonly store: EventStore;
  /** Requests in the script. */
  readonly length: number;
  /** Chance of a fault at each effect. */
  readonly faultRate: number;
  /** A life's instructions lie between 1 and this; 0 = nobody dies. */
  readonly maxLife: number;
  /** Another plane works beside this one, over the same store, which has registers: either dies and is stopped at any step, and registers fail. */
  readonly beside?: boolean;
  /** How long removals, copies, rollbacks and the ends of a migration take, in ms; default 400. Longer than a lease: children of the dead go on for long. */
  readonly longMs?: number;
}

/** What a walk went through, for the closing test that the walks reach everything. */
export interface WalkReport {
  readonly deaths: number;
  readonly eventTypes: ReadonlySet<string>;
  readonly refusals: ReadonlySet<string>;
  readonly faults: number;
  /** What happened to the plane itself and to the one beside, where there are two. */
  readonly fates: { readonly own: Fates; readonly beside: Fates };
  /** Steps that must be single. */
  readonly singles: number;
}

interface Pending {
  readonly taskId: string;
  readonly then: () => void;
}

interface Walk {
  readonly options: WalkOptions;
  readonly random: () => number;
  readonly clock: VirtualClock;
  readonly cluster: Simulator;
  life: Life;
  /** Where the store is shared: what the plane lives in. */
  process: SharingProcess | undefined;
  plane: ControlPlane;
  faultsOn: boolean;
  /** Processes that were started. */
  lives: number;
  deaths: number;
  faults: number;
  commands: number;
  readonly refusals: Set<string>;
  /** What each process of a shared store lives by. */
  readonly sharing: SharingOptions | undefined;
  /** What the first object of each volume and snapshot must hold. */
  readonly contents: Map<string, string>;
  pending: Pending[];
}

const PLACES: Readonly<Record<WalkPool, { readonly backend: string; readonly pool: string; readonly dataPool?: string }>> = {
  vols: { backend: 'ceph', pool: 'vols' },
  gold: { backend: 'ceph', pool: 'vols' },
  coded: { backend: 'ceph', pool: 'vols', dataPool: 'ecdata' },
  archive: { backend: 'ceph', pool: 'archive' },
};
const CLUSTER_POOLS = ['vols', 'archive'] as const;

/** The pool of the cluster that holds a volume. */
const clusterPoolOf = ({ poolName }: VolumeView): string => (poolName === 'archive' ? 'archive' : 'vols');

const image = (volumeId: string): string => `volume-${volumeId.replaceAll('-', '')}`;

const newLife = (walk: Pick<Walk, 'random' | 'options'>, mortal: boolean): Life =>
  lifeOf(mortal && walk.options.maxLife > 0 ? 1 + Math.floor(walk.random() * walk.options.maxLife) : FOREVER);

type Booted = Omit<Walk, 'plane'> & { plane?: ControlPlane };

/** The plane's parts in a life of its own. */
const partsOf = (walk: Booted, mortal: boolean): Pick<SharingProcess, 'life' | 'run' | 'store' | 'clock' | 'ids'> => {
  walk.process?.end();
  if (walk.sharing !== undefined) {
    walk.process = sharingProcess({ ...walk.sharing, maxLife: mortal ? walk.options.maxLife : 0 });
    return walk.process;
  }
  const life = newLife(walk, mortal);
  walk.lives += 1;
  const ids = { ...steadyIds(walk.lives.toString(16).padStart(8, '0')), derive: uuidIds.derive, random: walk.random };
  return { life, run: mortalRunner(life, walk.cluster.run), store: mortalStore(life, walk.options.store), clock: walk.clock, ids };
};

/** Starts a plane; it may die while it starts, and is started again. */
const boot = async (walk: Booted, mortal: boolean): Promise<void> => {
  for (;;) {
    const { life, run, ...parts } = partsOf(walk, mortal);
    walk.life = life;
    const backend = rbdBackend({ run, nowMs: parts.clock.nowMs, watchTimeoutMs: WATCH_TIMEOUT_MS });
    const plane = await answered(walk.clock, life, controlPlane({ ...parts, backends: { ceph: mortalBackend(backend) } }));
    if (plane !== undefined) {
      walk.plane = plane;
      return;
    }
    walk.deaths += 1;
  }
};

/** Nobody answers who is stopped. */
const awake = async (walk: Walk): Promise<void> => walk.process?.frozen.awake();

/** Asks until somebody alive answers: always with the same command id, as a careful caller does. */
const ask = async (walk: Walk, request: PlaneRequest): Promise<TaskView | null | 'refused'> => {
  walk.commands += 1;
  const idempotencyKey = `${walk.options.seed}/${walk.commands}`;
  for (;;) {
    const answer = await answered(
      walk.clock,
      walk.life,
      awake(walk).then(() => walk.plane.request(request, { idempotencyKey })),
    );
    if (answer !== undefined) {
      if (E.isRight(answer)) return answer.right.task;
      // It goes on: a repeat waits for it again.
      if (answer.left._tag === 'TimedOut') continue;
      walk.refusals.add(answer.left._tag);
      return 'refused';
    }
    walk.deaths += 1;
    await boot(walk, true);
  }
};

const running = (walk: Walk): readonly TaskView[] =>
  walk.plane.tasks.list({ limit: -1 }).items.filter(({ status }) => status === 'queued' || status === 'running' || status === 'waiting');

/** Lets everything run to its end, through as many deaths as it takes; then notes what the finished tasks mean for the data. */
const settle = async (walk: Walk): Promise<void> => {
  for (;;) {
    const limit = walk.clock.nowMs() + PATIENCE_MS;
    const ended = await walk.clock.until(() => !walk.life.alive() || running(walk).length === 0, limit);
    if (!walk.life.alive()) {
      walk.deaths += 1;
      await boot(walk, true);
      continue;
    }
    if (!ended) throw new Error(`still running after 12 hours: ${JSON.stringify(running(walk))}`);
    for (const { taskId, then } of walk.pending) if (walk.plane.tasks.get(taskId)?.status === 'succeeded') then();
    walk.pending = walk.pending.filter(({ taskId }) => walk.plane.tasks.get(taskId)?.status === 'failed');
    return;
  }
};

const volumes = (walk: Walk): readonly VolumeView[] => walk.plane.volumes.list({ limit: -1, hidden: 'all' }).items;
const pickOf = <A>(items: readonly A[], pick: number): A | undefined => items[pick % Math.max(1, items.length)];

const request = async (walk: Walk, wish: PlaneRequest, then: (task: TaskView) => void = () => undefined): Promise<void> => {
  const task = await ask(walk, wish);
  if (task !== null && task !== 'refused') walk.pending.push({ taskId: task.id, then: () => then(task) });
};

const perform = async (walk: Walk, wish: Ask): Promise<void> => {
  const { plane, contents } = walk;
  if (wish.do === 'passMinutes') {
    const limit = walk.clock.nowMs() + 10 * 60_000;
    await walk.clock.until(() => !walk.life.alive(), limit);
    return;
  }
  if (wish.do === 'cancel') {
    const task = running(walk)[0];
    if (task !== undefined) await ask(walk, { do: 'cancelTask', task: task.id });
    return;
  }
  if (wish.do === 'create') {
    const { name, sizeMib, erasure, qos } = wish;
    await request(walk, {
      do: 'createVolume',
      input: { pool: erasure ? 'coded' : 'vols', name, sizeBytes: sizeMib * MIB, ...(qos ? { qos: { maxIops: 100, burstIops: 200 } } : {}) },
    });
    return;
  }
  const snapshots = plane.snapshots.list({ limit: -1, hidden: 'all' }).items;
  const snapshot = pickOf(snapshots, wish.pick);
  const volume = pickOf(volumes(walk), wish.pick);
  const held = (id: string): string => contents.get(id) ?? '';
  if (wish.do === 'clone') {
    if (snapshot === undefined) return;
    const pool = wish.pick % 3 === 0 ? 'coded' : 'vols';
    const input = { pool, name: wish.name, snapshot: snapshot.id, flattened: wish.flattened };
    await request(walk, { do: 'createVolume', input }, (task) => contents.set(task.resource.id, held(snapshot.id)));
  } else if (wish.do === 'deleteSnapshot') {
    if (snapshot !== undefined) await request(walk, { do: 'deleteSnapshot', snapshot: snapshot.id, input: {} });
  } else if (wish.do === 'rollBack') {
    if (snapshot === undefined) return;
    await request(walk, { do: 'rollBackVolume', volume: snapshot.volumeId, input: { snapshot: snapshot.id } }, () => {
      // The backup that was taken first holds what was there before.
      const before = held(snapshot.volumeId);
      const backups = walk.plane.snapshots.list({ limit: -1, hidden: true, volume: snapshot.volumeId }).items;
      for (const { id } of backups) if (!contents.has(id)) contents.set(id, before);
      contents.set(snapshot.volumeId, held(snapshot.id));
    });
  } else if (volume !== undefined) {
    await performOn(walk, wish, volume);
  }
};

/** Requests about one volume. */
type OnVolume = Exclude<Ask, { do: 'create' } | { do: 'clone' } | { do: 'cancel' } | { do: 'passMinutes' } | { do: 'rollBack' } | { do: 'deleteSnapshot' }>;

const performOn = async (walk: Walk, wish: OnVolume, volume: VolumeView): Promise<void> => {
  const { contents } = walk;
  const { id } = volume;
  switch (wish.do) {
    case 'snapshot': {
      const now = contents.get(id) ?? '';
      await request(walk, { do: 'createSnapshot', input: { volume: id, name: wish.name } }, (task) => contents.set(task.resource.id, now));
      return;
    }
    case 'resize':
      return request(walk, { do: 'updateVolume', volume: id, input: { sizeBytes: wish.sizeMib * MIB } });
    case 'update':
      return request(walk, { do: 'updateVolume', volume: id, input: { name: wish.name, qos: { maxIops: wish.maxIops } } });
    case 'flatten':
      return request(walk, { do: 'flattenVolume', volume: id });
    case 'undelete':
      return request(walk, { do: 'undeleteVolume', volume: id });
    case 'delete':
      return request(walk, { do: 'deleteVolume', volume: id, input: { cascade: wish.cascade, retainMs: wish.trash ? HOUR_MS : null } });
    case 'migrate': {
      const task = await ask(walk, { do: 'migrateVolume', volume: id, input: { pool: wish.to } });
      if (wish.cancelled && task !== null && task !== 'refused') await ask(walk, { do: 'cancelTask', task: task.id });
      return;
    }
    case 'write': {
      // A host writes only to a volume at rest, so that what every snapshot holds is known.
      await settle(walk);
      const now = walk.plane.volumes.get(id);
      if (now?.status !== 'active' || now.actionStatus !== 'idle') return;
      const text = `${walk.options.seed}:${wish.pick}:${walk.commands}`;
      walk.cluster.write(clusterPoolOf(now), image(id), text);
      contents.set(id, text);
    }
  }
};

/** What failed for good is tried again now that everything works; what still fails is given up or deleted. */
const mend = async (walk: Walk): Promise<void> => {
  for (const way of ['retryTask', 'abandonTask'] as const) {
    for (const task of walk.plane.tasks.list({ limit: -1, status: 'failed' }).items) await ask(walk, { do: way, task: task.id });
    await settle(walk);
  }
  for (const volume of volumes(walk)) {
    if (volume.actionStatus === 'error') await ask(walk, { do: 'deleteVolume', volume: volume.id, input: { force: true, cascade: true } });
  }
  await settle(walk);
};

const complain = (what: string, details: unknown): never => {
  throw new Error(`${what}: ${JSON.stringify(details, undefined, 1)}`);
};

/** No lost or extra image, nothing half done, the audit silent, every byte where it belongs. */
const check = async (walk: Walk): Promise<void> => {
  const { plane, cluster, contents } = walk;
  const failed = plane.tasks.list({ limit: -1, status: 'failed' }).items;
  if (failed.length > 0) complain('tasks that no command brings to an end', failed);
  const known = new Set(volumes(walk).map((volume) => `${clusterPoolOf(volume)}/${image(volume.id)}`));
  const found = CLUSTER_POOLS.flatMap((pool) => cluster.images(pool).map(({ name }) => `${pool}/${name}`));
  const extra = found.filter((name) => !known.has(name));
  const lost = [...known].filter((name) => !found.includes(name));
  if (extra.length + lost.length > 0) complain('lost or extra images', { extra, lost });
  const report = await answered(walk.clock, walk.life, plane.drift());
  if (report === undefined || report.drifts.length + report.busy.length + report.unseen.length > 0) complain('the audit reports', report);
  for (const volume of volumes(walk)) {
    if (volume.status !== 'active') continue;
    if (volume.actionStatus !== 'idle') complain('a volume at rest that is not idle', volume);
    const [expected, actual] = [contents.get(volume.id) ?? '', cluster.read(clusterPoolOf(volume), image(volume.id))];
    if (expected !== actual) complain('wrong data', { volume, expected, actual });
  }
};

/** Walks once. Throws, with the reason, where anything is not as it must be. */
export const walkOnce = async (options: WalkOptions): Promise<WalkReport> => {
  const random = seeded(options.seed);
  const clock = virtualClock(START_MS, { auto: false });
  const betray = seededFaults({ seed: options.seed ^ 0x5eed, rate: options.faultRate, lateMs: 2_000 });
  const instead: NonNullable<NonNullable<Parameters<typeof simulateRbd>[0]>['faults']>['instead'] = (effect): SimFault | undefined => {
    const fault = walk.faultsOn ? betray(effect) : undefined;
    if (fault !== undefined) walk.faults += 1;
    return fault;
  };
  const simulated = simulateRbd({ pools: { vols: {}, ecdata: { erasure: true }, archive: {} }, clock, watchTimeoutMs: WATCH_TIMEOUT_MS, latencyMs: 20, longMs: options.longMs ?? 400, faults: { instead: (effect) => instead(effect) } });
  const singles = watchedSingles(simulated.run, options.store);
  const cluster: Simulator = { ...simulated, run: singles.run };
  const fates = { own: noFates(), beside: noFates() };
  const registerFaultRate = (): number => (walk.faultsOn && options.faultRate > 0 ? REGISTER_FAULT_RATE : 0);
  const sharing: SharingOptions | undefined = options.beside === true ? { store: options.store, run: cluster.run, clock, random, maxLife: options.maxLife, registerFaultRate, prefix: '0a', fates: fates.own } : undefined;
  const bare = { options, sharing, random, clock, cluster, life: lifeOf(FOREVER), faultsOn: false, lives: 0, deaths: 0, faults: 0, commands: 0, refusals: new Set<string>(), contents: new Map<string, string>(), pending: [] };
  const walk = bare as unknown as Walk;
  await boot(walk, false);
  for (const [name, placement] of Object.entries(PLACES)) {
    await ask(walk, { do: 'registerPool', input: { name, placement, poolType: 'dataPool' in placement ? 'erasure' : 'replicated' } });
  }
  await answered(clock, walk.life, walk.plane.close());
  walk.faultsOn = true;
  const other = sharing === undefined ? undefined : planeBeside({ ...sharing, random: seeded(options.seed ^ 0xbe51de), maxLife: 200, watchTimeoutMs: WATCH_TIMEOUT_MS, prefix: '0b', fates: fates.beside });
  await boot(walk, true);
  for (const wish of scriptOf(random, options.length)) {
    await perform(walk, wish);
    if (random() < 0.5) await settle(walk);
  }
  walk.faultsOn = false;
  other?.end();
  if (!walk.life.alive()) walk.deaths += 1;
  walk.life.end();
  await boot(walk, false);
  // What died in the old cluster's memory is forgotten, and what lands late has landed.
  await clock.until(() => false, clock.nowMs() + 10 * WATCH_TIMEOUT_MS);
  await settle(walk);
  await mend(walk);
  await check(walk);
  if (singles.twice.length > 0) complain('single steps that two were at', singles.twice);
  if (singles.late.length > 0) complain('single steps that were begun once more when they were over', singles.late);
  const all = await options.store.readAll(0, 1_000_000)();
  const eventTypes = new Set(E.isRight(all) ? all.right.map(({ type }) => type) : []);
  await answered(clock, walk.life, walk.plane.close());
  return { deaths: walk.deaths, eventTypes, refusals: walk.refusals, faults: walk.faults, fates, singles: singles.count() };
};
