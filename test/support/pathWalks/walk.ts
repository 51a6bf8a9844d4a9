/** One walk over access paths: a script of requests against a plane that is killed and betrayed while its gateways fail, and what must be true at its end. */
import * as E from 'fp-ts/lib/Either.js';
import { rbdBackend } from '@blockledger/adapters-rbd';
import { seeded, simulateRbd, type Simulator } from '@blockledger/adapters-rbd/simulator';
import { controlPlane, memorySecretStore, uuidIds, type ControlPlane, type PlaneRequest, type TaskView } from '@blockledger/app';
import { ASK_AGAIN_MS, type EventStore, type SecretStore } from '@blockledger/domain';
import { steadyIds } from '../steadyIds.ts';
import { virtualClock, type VirtualClock } from '../virtualClock.ts';
import { answered } from '../walks/answered.ts';
import { lifeOf, mortalBackend, mortalRunner, mortalSecrets, mortalStore, type Life } from '../walks/life.ts';
import { CODES, requestOf } from './asks.ts';
import { releaseAll } from './attachmentAsks.ts';
import { faultsAtRest, faultsNow, type Checked } from './checks.ts';
import { FENCED_AFTER_MS, HOSTS, makeGateways, NAMES, type Gateways, type HostName } from './gateways.ts';
import { scriptOf, type Ask } from './script.ts';

const GIB = 2 ** 30;
const MINUTE_MS = 60_000;
const START_MS = 1_800_000_000_000;
const PATIENCE_MS = 6 * 60 * MINUTE_MS;
const ROUNDS_EVERY_MS = 15_000;
const FOREVER = Number.MAX_SAFE_INTEGER;
/** More rounds of mending than anything should need. */
const MOST_MENDINGS = 12;
const all = { limit: -1 } as const;

export interface PathWalkOptions {
  readonly seed: number;
  readonly store: EventStore;
  /** Asks in the script. */
  readonly length: number;
  /** Chance that a call to a host ends badly. */
  readonly faultRate: number;
  /** A life's instructions lie between 1 and this; 0: nobody dies. */
  readonly maxLife: number;
  /** Hosts are cut off, start anew, lose their power or their link. */
  readonly hostsFail: boolean;
}

/** What a walk went through. */
export interface PathWalkReport {
  readonly deaths: number;
  readonly faults: number;
  readonly eventTypes: ReadonlySet<string>;
  readonly refusals: ReadonlySet<string>;
  readonly happened: ReadonlySet<string>;
}

interface Walk {
  readonly options: PathWalkOptions;
  readonly random: () => number;
  readonly clock: VirtualClock;
  readonly cluster: Simulator;
  readonly gateways: Gateways;
  readonly secrets: SecretStore;
  readonly lost: Set<HostName>;
  readonly refusals: Set<string>;
  readonly happened: Set<string>;
  readonly broken: string[];
  life: Life;
  plane: ControlPlane;
  isUp: boolean;
  faultsOn: boolean;
  deaths: number;
  faults: number;
  commands: number;
  appends: number;
  owed: { readonly plane: ControlPlane | undefined; readonly appends: number; readonly count: number };
  lives: number;
}

const checkedOf = ({ gateways, plane, isUp, life, lost }: Walk): Checked => ({ gateways, plane: isUp && life.alive() ? plane : undefined, lost });

const newLife = ({ random, options }: Walk, mortal: boolean): Life => lifeOf(mortal && options.maxLife > 0 ? 1 + Math.floor(random() * options.maxLife) : FOREVER);

/** Starts a plane; it may die while it starts, and is started again. */
const boot = async (walk: Walk, mortal: boolean): Promise<void> => {
  const { clock, random, options, secrets, cluster } = walk;
  walk.isUp = false;
  for (;;) {
    const life = newLife(walk, mortal);
    walk.life = life;
    walk.lives += 1;
    const { targets, vips } = walk.gateways.backends(life);
    const plane = await answered(
      clock,
      life,
      controlPlane({
        store: mortalStore(life, counting(walk, options.store)),
        backends: { ceph: mortalBackend(rbdBackend({ run: mortalRunner(life, cluster.run), nowMs: clock.nowMs })) },
        targets: { xdc: targets },
        vips: { keepalived: vips },
        secrets: mortalSecrets(life, secrets),
        ids: { ...steadyIds(walk.lives.toString(16).padStart(8, '0')), derive: uuidIds.derive, random },
        limits: { backendCheckEveryMs: ROUNDS_EVERY_MS, backoffCapMs: 10_000 },
        clock,
      }),
    );
    if (plane !== undefined) {
      walk.plane = plane;
      walk.isUp = true;
      return;
    }
    walk.deaths += 1;
  }
};

const reboot = async (walk: Walk, mortal: boolean): Promise<void> => {
  walk.deaths += 1;
  await boot(walk, mortal);
};

/** Asks until somebody alive answers: always with the same key, as a careful caller does. */
const ask = async (walk: Walk, request: PlaneRequest): Promise<TaskView | null | 'refused'> => {
  walk.commands += 1;
  const idempotencyKey = `${walk.options.seed}/${walk.commands}`;
  for (;;) {
    const answer = await answered(walk.clock, walk.life, walk.plane.request(request, { idempotencyKey }));
    if (answer !== undefined) {
      if (E.isRight(answer)) return answer.right.task;
      walk.refusals.add(answer.left._tag);
      return 'refused';
    }
    await reboot(walk, true);
  }
};

/** How much is owed now, but for what waits for its day. It can only change with the log. */
const owed = (walk: Walk): number => {
  if (walk.owed.plane !== walk.plane || walk.owed.appends !== walk.appends) {
    const count = walk.plane.monitor.status().owed.filter(({ phase }) => phase !== 'scheduled').length;
    walk.owed = { plane: walk.plane, appends: walk.appends, count };
  }
  return walk.owed.count;
};

/** Counts what is written down. */
const counting = (walk: Walk, store: EventStore): EventStore => ({
  ...store,
  append: (stream, expected, events) => async () => {
    const answer = await store.append(stream, expected, events)();
    // Whoever asked folds it first.
    setImmediate(() => (walk.appends += 1));
    return answer;
  },
});

/** Lets everything run until nothing is owed or so much time is over, through as many deaths as it takes. */
const run = async (walk: Walk, forMs: number): Promise<boolean> => {
  const until = walk.clock.nowMs() + forMs;
  for (;;) {
    const isDone = await walk.clock.until(() => !walk.life.alive() || owed(walk) === 0, until);
    if (walk.life.alive()) return isDone;
    await reboot(walk, true);
  }
};

const pass = async (walk: Walk, ms: number): Promise<void> => {
  const until = walk.clock.nowMs() + ms;
  await walk.clock.until(() => !walk.life.alive(), until);
  if (!walk.life.alive()) return reboot(walk, true);
  walk.clock.advance(Math.max(0, until - walk.clock.nowMs()));
};

const hostOf = ({ a }: Ask): HostName => (a % 2 === 0 ? 'gw1' : 'gw2');

/** What happens to hosts, and who wants to log in. */
const happen = async (walk: Walk, wish: Ask): Promise<void> => {
  const { gateways, plane } = walk;
  const [host, { b, c }] = [hostOf(wish), wish];
  const condition = gateways.conditions[host];
  const forgets = b % 2 === 0 ? 'everything' : 'unsaved';
  switch (wish.do) {
    case 'logIn':
      return void gateways.initiators.add(CODES[b % CODES.length] ?? CODES[0]);
    case 'logOut':
      return gateways.initiators.clear();
    case 'passMinutes':
      return pass(walk, (1 + (b % 20)) * MINUTE_MS);
    case 'cut':
      return void (condition.cut = true);
    case 'mend':
      return void (condition.cut = condition.off);
    case 'restart':
      return gateways.restart(host, forgets);
    case 'loseLink':
      return gateways.loseLink(host, b % 3 === 0 ? FENCED_AFTER_MS / 2 : FENCED_AFTER_MS * 2, plane.installationId);
    case 'powerOff':
      gateways.powerOff(host);
      // Not everybody is told.
      if (c % 3 !== 0) {
        walk.lost.add(host);
        await ask(walk, { do: 'declareHostOff', host, input: { reason: 'its power supply burned' } });
      }
      return;
    case 'powerOn':
      await gateways.powerOn(host, forgets);
      if (plane.hosts.get(host)?.off !== null) await ask(walk, { do: 'declareHostBack', host });
      return;
    default:
      return;
  }
};

const perform = async (walk: Walk, wish: Ask): Promise<void> => {
  const request = requestOf(walk.plane, wish);
  walk.happened.add(wish.do);
  if (request !== undefined) await ask(walk, request);
  else await happen(walk, wish);
};

/** Pool, volumes, hosts, and a path by which one client group sees a volume: most walks would never come so far. */
const prepare = async (walk: Walk): Promise<void> => {
  const must = async (request: PlaneRequest): Promise<void> => {
    if ((await ask(walk, request)) === 'refused') throw new Error(`${request.do} was refused: ${[...walk.refusals].join(' ')}`);
    if (!(await run(walk, PATIENCE_MS))) throw new Error(`${request.do} does not end`);
  };
  await must({ do: 'registerPool', input: { name: 'vols', placement: { backend: 'ceph', pool: 'vols' } } });
  for (const name of ['db', 'logs', 'mail']) await must({ do: 'createVolume', input: { pool: 'vols', name, sizeBytes: GIB } });
  for (const { name, source } of HOSTS) {
    await must({ do: 'registerHost', input: { name, targets: 'xdc', vips: 'keepalived', addresses: [{ ip: source, prefix: 24, interface: 'eth0' }] } });
  }
  await must({ do: 'createClientGroup', input: { name: 'clients-0', clients: [CODES[0]] } });
  await must({ do: 'createAccessPath', input: { name: 'path-0', hosts: ['gw1', 'gw2'] } });
  await must({ do: 'createMappingGroup', accessPath: 1, input: { clientGroup: 1, volumes: [1, 2], shared: true } });
  if (walk.options.seed % 2 === 0) return;
  const [address] = walk.plane.networkAddresses.list(all).items;
  await must({ do: 'createVipGroup', input: { accessPath: 1, network: '10.252.1.0/24', vips: [{ ip: '10.252.1.129', networkAddress: address!.id }] } });
};

const complain = (walk: Walk, what: string, details: readonly string[]): never => {
  throw new Error(`${what}:\n${details.slice(0, 8).join('\n')}${details.length > 8 ? `\nand ${details.length - 8} more` : ''}\n(${walk.deaths} deaths, ${walk.faults} faults)`);
};

const mustBeWhole = (walk: Walk): void => {
  if (walk.broken.length > 0) complain(walk, 'on the way', walk.broken);
};

/** All hosts are back, and operators do what warnings, failed tasks and the audit tell them, until none tells anything. */
const mend = async (walk: Walk): Promise<void> => {
  const { gateways, plane } = walk;
  gateways.initiators.clear();
  for (const host of NAMES) {
    await gateways.powerOn(host, 'unsaved');
    gateways.conditions[host].cut = false;
    await ask(walk, { do: 'resumeHost', host });
    if (plane.hosts.get(host)?.off !== null) await ask(walk, { do: 'declareHostBack', host });
  }
  for (let round = 0; round < MOST_MENDINGS; round += 1) {
    if (!(await run(walk, PATIENCE_MS))) complain(walk, 'owed for hours', plane.monitor.status().owed.map(({ stream, step, phase }) => `${stream} ${step} ${phase}`));
    // Rounds see what the hosts do, and addresses find their holder.
    await pass(walk, 2 * ROUNDS_EVERY_MS);
    // A host that was asked for its admission a while ago is asked again.
    const notReady = await Promise.all(NAMES.map(async (host) => (await gateways.instances(host, plane.installationId)).some((one) => one.notReady === 'admission')));
    if (notReady.includes(true)) await pass(walk, ASK_AGAIN_MS + 2 * ROUNDS_EVERY_MS);
    const failed = plane.tasks.list({ ...all, status: 'failed' }).items;
    for (const task of failed) await ask(walk, { do: 'retryTask', task: task.id });
    const report = await answered(walk.clock, walk.life, plane.drift());
    const mends = new Map((report?.drifts ?? []).flatMap((drift) => (drift.mend === null || drift.mend.do === 'rebuild' ? [] : [[JSON.stringify(drift.mend), drift.mend] as const])));
    for (const request of mends.values()) await ask(walk, request);
    if (failed.length === 0 && mends.size === 0 && owed(walk) === 0 && !notReady.includes(true)) return;
  }
};

const audited = async (walk: Walk): Promise<readonly string[]> => {
  const report = await answered(walk.clock, walk.life, walk.plane.drift());
  if (report === undefined) return ['the audit does not answer'];
  return [...report.drifts.map(({ message }) => message), ...report.busy.map((id) => `busy: ${id}`), ...report.unseen.map((one) => `unseen: ${JSON.stringify(one)}`)];
};

/** References of kept secrets that nothing needs, told by how many accounts there are. */
const leftSecrets = async (walk: Walk): Promise<readonly string[]> => {
  const refs = await walk.secrets.refs('chap')();
  const events = await walk.options.store.readAll(0, 1_000_000)();
  if (E.isLeft(refs) || E.isLeft(events)) return ['secrets or events cannot be read'];
  const owners = new Map([...walk.plane.accessPaths.list(all).items.map(({ id, chap }) => [id, chap] as const), ...walk.plane.clientGroups.list(all).items.map(({ id, mutual }) => [id, mutual] as const)]);
  const needed = [...owners.values()].filter((account) => account !== null).length;
  const strays = refs.right.filter((ref) => (owners.get(ref.split('/')[1] ?? '') ?? null) === null);
  return [...strays.map((ref) => `the secret ${ref} belongs to nothing`), ...(refs.right.length === needed ? [] : [`${refs.right.length} secrets are kept, ${needed} are needed`])];
};

/** Takes everything down as a patient operator would; nothing may be left of it. */
const takeDown = async (walk: Walk): Promise<void> => {
  const { plane, gateways } = walk;
  const away = async (requests: readonly PlaneRequest[]): Promise<void> => {
    for (const request of requests) if ((await ask(walk, request)) === 'refused') complain(walk, 'cannot be taken down', [JSON.stringify(request), [...walk.refusals].join(' ')]);
    if (!(await run(walk, PATIENCE_MS))) complain(walk, 'not taken down for hours', plane.monitor.status().owed.map(({ stream, step, phase }) => `${stream} ${step} ${phase}`));
    mustBeWhole(walk);
  };
  await away(releaseAll(plane));
  await away(plane.vipGroups.list(all).items.map(({ id }) => ({ do: 'deleteVipGroup', vipGroup: id, input: { force: true } })));
  await away(plane.mappingGroups.list(all).items.map(({ id }) => ({ do: 'deleteMappingGroup', mappingGroup: id, input: { force: true } })));
  await away(plane.accessPaths.list(all).items.map(({ id }) => ({ do: 'deleteAccessPath', accessPath: id })));
  await away([
    ...plane.clientGroups.list(all).items.map(({ id }): PlaneRequest => ({ do: 'deleteClientGroup', clientGroup: id })),
    ...plane.hosts.list(all).items.map(({ id }): PlaneRequest => ({ do: 'retireHost', host: id })),
    ...plane.volumes.list(all).items.map(({ id }): PlaneRequest => ({ do: 'deleteVolume', volume: id, input: {} })),
  ]);
  const left = await Promise.all(NAMES.map(async (host) => [...gateways.standing(host).map(({ iqn }) => iqn), ...gateways.xdc.luns(host), ...(await gateways.instances(host, plane.installationId)).map(({ ip }) => ip)]));
  // Their addresses and names are free again.
  for (const { name, source } of HOSTS) if ((await ask(walk, { do: 'registerHost', input: { name, targets: 'xdc', addresses: [{ ip: source, prefix: 24, interface: 'eth0' }] } })) === 'refused') left.push([`${name} is not free`]);
  await run(walk, PATIENCE_MS);
  const rest = [...left.flat(), ...(await leftSecrets(walk)), ...(await audited(walk)), ...plane.tasks.list({ ...all, status: 'failed' }).items.map(({ type }) => `failed: ${type}`)];
  if (rest.length > 0) complain(walk, 'left over', rest);
};

const begin = (options: PathWalkOptions): Walk => {
  const random = seeded(options.seed);
  const clock = virtualClock(START_MS, { auto: false });
  const walk: Omit<Walk, 'plane'> = {
    options,
    random,
    clock,
    cluster: simulateRbd({ pools: { vols: {} }, clock }),
    gateways: makeGateways({
      clock,
      random,
      faultRate: () => (walk.faultsOn ? options.faultRate : 0),
      onFault: () => void (walk.faults += 1),
      onEffect: (what) => walk.broken.push(...faultsNow(checkedOf(walk as Walk)).map((fault) => `${fault} (after a call on ${what}, ${walk.deaths} deaths)`)),
    }),
    secrets: memorySecretStore(),
    lost: new Set(),
    refusals: new Set(),
    happened: new Set(),
    broken: [],
    life: lifeOf(FOREVER),
    isUp: false,
    faultsOn: false,
    deaths: 0,
    faults: 0,
    commands: 0,
    appends: 0,
    owed: { plane: undefined, appends: -1, count: 0 },
    lives: 0,
  };
  return walk as Walk;
};

/** Everything is at rest: what was disturbed is whole again. */
const restAll = (walk: Walk): void => {
  for (const host of NAMES) walk.gateways.conditions[host].disturbed = false;
  walk.lost.clear();
};

/** Walks once. Throws, with the reason, where anything is not as it must be. */
export const walkPathsOnce = async (options: PathWalkOptions): Promise<PathWalkReport> => {
  const walk = begin(options);
  await boot(walk, false);
  await prepare(walk);
  await answered(walk.clock, walk.life, walk.plane.close());
  walk.faultsOn = true;
  await boot(walk, true);
  for (const wish of scriptOf(walk.random, options.length, options.hostsFail)) {
    await perform(walk, wish);
    mustBeWhole(walk);
    if (walk.random() < 0.5 && (await run(walk, (1 + Math.floor(walk.random() * 5)) * MINUTE_MS)) && NAMES.every((host) => !walk.gateways.conditions[host].off)) walk.lost.clear();
    mustBeWhole(walk);
  }
  walk.faultsOn = false;
  if (!walk.life.alive()) walk.deaths += 1;
  walk.life.end();
  await boot(walk, false);
  await mend(walk);
  restAll(walk);
  const rest = [...(await faultsAtRest(checkedOf(walk), walk.plane)), ...(await audited(walk)), ...(await leftSecrets(walk))];
  if (rest.length > 0) complain(walk, 'at rest', rest);
  await takeDown(walk);
  const stored = await options.store.readAll(0, 1_000_000)();
  const eventTypes = new Set(E.isRight(stored) ? stored.right.map(({ type }) => type) : []);
  await answered(walk.clock, walk.life, walk.plane.close());
  return { deaths: walk.deaths, faults: walk.faults, eventTypes, refusals: walk.refusals, happened: walk.happened };
};
