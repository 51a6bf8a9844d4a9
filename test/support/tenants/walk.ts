/** Two tenants on one plane: each asks and looks as it likes, at the other's things on purpose, and none may see or touch them. */
import * as E from 'fp-ts/lib/Either.js';
import { controlPlane, systemClock, type ControlPlane, type PlaneRequest, type RequestName, type ResourceRef } from '@blockledger/app';
import { memoryStore } from '@blockledger/app/memory';
import type { Clock, PortError, Refusal, StoredEvent } from '@blockledger/domain';
import { fakeBackend, type FakeBackend } from '../fakeBackend.ts';
import { GIB, lasting, right } from '../plane.ts';
import { virtualClock, type VirtualClock } from '../virtualClock.ts';
import { PROBES, type Looks } from './probes.ts';
import { tenantGateways, type TenantGateways } from './gateways.ts';
import { randomRequest, type World } from './requests.ts';

const TENANTS = ['RED', 'BLUE'] as const;
export type Tenant = (typeof TENANTS)[number];

/** What a walk went through, for the closing test that the walks reach everything. */
export interface TenantReport {
  readonly accepted: ReadonlySet<RequestName>;
  readonly refused: ReadonlySet<string>;
  /** Requests that named what is another tenant's. */
  readonly pointedAtOthers: number;
}

interface Walk {
  readonly random: () => number;
  readonly world: World;
  readonly gateways: TenantGateways;
  readonly store: ReturnType<typeof memoryStore>;
  readonly fake: FakeBackend;
  readonly clock: VirtualClock;
  readonly owners: Map<string, string>;
  /** UUIDs and serial numbers of a tenant's, which nobody else may ever read. */
  readonly secrets: Record<Tenant, Set<string>>;
  /** What a tenant said itself, and so may read again. */
  readonly uttered: Record<Tenant, Set<string>>;
  readonly tokens: Record<Tenant, { readonly id: string; readonly text: string }>;
  readonly shared: Set<string>;
  readonly accepted: Set<RequestName>;
  readonly refused: Set<string>;
  whole: ControlPlane;
  position: number;
  calls: number;
  steps: number;
  pointedAtOthers: number;
  /** What was pushed to a tenant without its asking again. */
  pushed: Record<Tenant, unknown[]>;
}

/** What can be somebody's: UUIDs, serial numbers, and all that a tenant calls or says. */
const WORDS = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|[0-9a-f]{16}|RED|BLUE/g;
const UUIDS = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;
const other = (tenant: Tenant): Tenant => (tenant === 'RED' ? 'BLUE' : 'RED');
const textsIn = (value: unknown): readonly string[] => {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
};

const complain = (what: string, details: unknown): never => {
  throw new Error(`${what}: ${JSON.stringify(details, undefined, 1)?.slice(0, 3_000)}`);
};

const mustBeSame = (what: string, before: string, after: string): void => {
  if (before === after) return;
  let at = 0;
  while (before[at] === after[at]) at += 1;
  complain(what, { before: before.slice(Math.max(0, at - 300), at + 300), after: after.slice(Math.max(0, at - 300), at + 300) });
};

/** Fails for a page that counts what it does not show. */
const mustCountItsOwn = (answer: unknown): void => {
  if (typeof answer !== 'object' || answer === null) return;
  const { items, totalCount, truncated, offset } = answer as { readonly items?: readonly unknown[]; readonly totalCount?: number; readonly truncated?: boolean; readonly offset?: number };
  if (items !== undefined && truncated === false && totalCount !== items.length + (offset ?? 0)) complain('a page counts what it does not show', answer);
  for (const inner of Object.values(answer)) mustCountItsOwn(inner);
};

/** Fails where an answer to a tenant holds anything of the other's, except what the tenant has just said itself. */
const mustBeClean = (walk: Walk, tenant: Tenant, answer: unknown, said: Iterable<string>): void => {
  mustCountItsOwn(answer);
  const secrets = walk.secrets[other(tenant)];
  const isSecret = (word: string): boolean => secrets.has(word) || word === other(tenant);
  const excused = [...new Set(said)].filter((word) => (word.match(WORDS) ?? []).some(isSecret)).toSorted((a, b) => b.length - a.length);
  const text = excused.reduce((rest, word) => rest.replaceAll(word, '…'), JSON.stringify(answer) ?? '');
  const read = (text.match(WORDS) ?? []).find(isSecret);
  if (read !== undefined) complain(`${tenant} reads "${read}"`, { where: text.slice(Math.max(0, text.indexOf(read) - 300), text.indexOf(read) + 300) });
};

const pick = <A>(walk: Walk, items: readonly A[]): A | undefined => items[Math.floor(walk.random() * items.length)];

/** Everything a tenant has or had, as those see it who see all. */
const belongings = ({ whole }: Walk, tenant: Tenant) => ({
  volumes: whole.volumes.list({ tenant, hidden: 'all', limit: -1 }).items,
  snapshots: whole.snapshots.list({ tenant, hidden: 'all', limit: -1 }).items,
  tasks: whole.tasks.list({ limit: -1 }).items.filter((task) => task.tenant === tenant),
  things: {
    host: whole.hosts.list({ limit: -1 }).items,
    networkAddress: whole.networkAddresses.list({ limit: -1 }).items,
    clientGroup: whole.clientGroups.list({ tenant, limit: -1 }).items,
    accessPath: whole.accessPaths.list({ tenant, limit: -1 }).items,
    target: whole.targets.list({ tenant, limit: -1 }).items,
    mappingGroup: whole.mappingGroups.list({ tenant, limit: -1 }).items,
    vipGroup: whole.vipGroups.list({ tenant, limit: -1 }).items,
    vip: whole.vips.list({ tenant, limit: -1 }).items,
  },
});

/** Who holds an address, and whether a host may, is seen on the wire: it is the same for everybody there. */
const ON_THE_WIRE = new Set(['holder', 'state', 'holds', 'notReady', 'seenAt', 'isSplit', 'isContested']);
const offTheWire = (key: string, value: unknown): unknown => (ON_THE_WIRE.has(key) ? undefined : value);

/** The same as text, with all that the tenant itself is told, for comparing before and after another one's deeds. */
const portrait = async (walk: Walk, tenant: Tenant): Promise<string> => {
  const plane = walk.whole.confinedTo(tenant);
  const all = { limit: -1 } as const;
  const gone = { ...all, hidden: 'all' } as const;
  const { things, ...mine } = belongings(walk, tenant);
  // Of hosts the tenant has its own picture: who else uses them is not in it.
  const own = { ...mine, things: { ...things, host: [], networkAddress: [] } };
  const { volumes, snapshots, tasks, actions, pools, tokens, hosts, networkAddresses, clientGroups, accessPaths, targets, mappingGroups, vipGroups, vips } = plane;
  const theirs = [volumes.list(gone), snapshots.list(gone), ...[tasks, actions, pools, tokens, hosts, networkAddresses, clientGroups, accessPaths, targets, mappingGroups, vipGroups, vips].map((one) => one.list(all))];
  const past = await Promise.all([volumes.listGone(gone), snapshots.listGone(gone), clientGroups.listGone(all), accessPaths.listGone(all), vipGroups.listGone(all)]);
  return JSON.stringify([own, theirs, past], offTheWire);
};

const NOBODY = ['00000000-0000-4000-8000-00000000dead', 987_654, '987655', 'no such name'] as const;

/** How often a reference leads to what is the asker's own. Requests about gateways have several, and are accepted only where all of them do. */
const OWN: Readonly<Record<World, number>> = { volumes: 0.5, gateways: 0.75 };

const refTo = (walk: Walk, tenant: Tenant, of: (owner: Tenant) => readonly { readonly id: string; readonly number: number | null; readonly name?: string }[]): ResourceRef => {
  const dice = walk.random();
  const owner = dice < OWN[walk.world] ? tenant : other(tenant);
  // Mostly what is new, so that requests meet each other on the same things.
  const all = of(owner);
  const one = dice > 0.92 ? undefined : pick(walk, walk.random() < 0.8 ? all.slice(-6) : all);
  if (one === undefined) return pick(walk, NOBODY) ?? '';
  if (owner !== tenant) walk.pointedAtOthers += 1;
  const form = walk.random();
  if (form < 0.5 || one.number === null) return one.id;
  if (form < 0.8) return one.number;
  return form < 0.9 || one.name === undefined ? String(one.number) : one.name;
};

const looksOf = (walk: Walk, tenant: Tenant): Looks => {
  const foe = other(tenant);
  const own = { RED: belongings(walk, 'RED'), BLUE: belongings(walk, 'BLUE') };
  const count = (most: number): number => Math.floor(walk.random() * most);
  const held = (owner: Tenant): string => `${owner === 'RED' ? 'aaaaaaaa' : 'bbbbbbbb'}-0000-4000-8000-00000000000${count(5)}`;
  return {
    volume: () => refTo(walk, tenant, (owner) => own[owner].volumes),
    snapshot: () => refTo(walk, tenant, (owner) => own[owner].snapshots),
    pair: () => {
      const one = pick(walk, own[walk.random() < 0.7 ? tenant : foe].snapshots);
      return one === undefined ? { volume: 1, snapshot: 1 } : { volume: one.volumeId, snapshot: one.id };
    },
    task: () => refTo(walk, tenant, (owner) => own[owner].tasks),
    thing: (kind) => refTo(walk, tenant, (owner) => own[owner].things[kind]),
    trashed: () => refTo(walk, tenant, (owner) => own[owner].volumes.filter(({ status }) => status === 'trashed')),
    failed: () => refTo(walk, tenant, (owner) => own[owner].tasks.filter(({ status }) => status === 'failed')),
    pool: () => pick(walk, ['ssd', 'hdd', 1, 2, 'none', walk.whole.pools.get('ssd')?.id ?? '']) ?? 'ssd',
    secret: () => `${tenant}-secret-${1_000 + count(9_000)}`.slice(0, 16),
    name: () => (walk.random() < 0.3 ? `everybody's ${count(4)}` : `${tenant} calls it ${count(400)}`),
    text: () => `${tenant} says ${count(1_000)}`,
    user: () => held(walk.random() < 0.7 ? tenant : foe),
    sizeBytes: () => (1 + count(8)) * GIB,
    chance: (probability) => walk.random() < probability,
    otherTenant: () => foe,
    otherName: () => pick(walk, own[foe].volumes)?.name ?? `${foe} calls it 1`,
    token: () => (walk.random() < 0.5 ? walk.tokens[foe].id : '00000000-0000-4000-8000-00000000dead'),
    otherSecret: () => walk.tokens[foe].text,
  };
};

const PERMANENT: PortError = { _tag: 'Permanent', code: 'Broken', message: 'the backend will not' };

/** Keeps the books of who owns what, from the log itself. */
const readLog = async (walk: Walk): Promise<readonly StoredEvent[]> => {
  const read = await walk.store.readAll(walk.position, 100_000)();
  const events = E.isRight(read) ? read.right : complain('the log cannot be read', read.left);
  for (const { stream, data, meta, position } of events) {
    walk.position = position + 1;
    const { tenant = walk.owners.get(stream) } = data as { readonly tenant?: string };
    if (tenant === undefined || !/^(?:volume|snapshot|clientGroup|accessPath|vipGroup)-/.test(stream)) continue;
    walk.owners.set(stream, tenant);
    if (!TENANTS.some((one) => one === tenant)) continue;
    const text = JSON.stringify([stream, data, meta]);
    const { serial } = data as { readonly serial?: string };
    for (const id of [...(text.match(UUIDS) ?? []), ...(serial === undefined ? [] : [serial])]) if (!walk.shared.has(id)) walk.secrets[tenant as Tenant].add(id);
  }
  return events;
};

/** What access paths and VIP groups tell their hosts, and hosts note of them: nobody but operators reads it. */
const OF_USERS = /^Host(?:Used|Released|Shown|Admission\w+|TargetsReopened|Admitted)$/;

/** Fails where a deed of one tenant left anything in what is the other's, in the log or on the backend. */
const mustBeUntouched = async (walk: Walk, tenant: Tenant, request: unknown): Promise<void> => {
  const foe = other(tenant);
  for (const event of await readLog(walk)) {
    const { stream, type, data, meta } = event;
    // Who looks makes rounds note what is on the wire, which is nobody's deed.
    if (meta.issuedBy === 'rounds' || (stream.startsWith('host-') && OF_USERS.test(type))) continue;
    const holder = (data as { readonly holder?: string }).holder ?? '';
    const isTheirs = walk.owners.get(stream) === foe || walk.owners.get(`volume-${holder}`) === foe || walk.owners.get(`snapshot-${holder}`) === foe;
    if (isTheirs || meta.tenant !== tenant) complain(`${tenant} caused an event of ${foe}`, { request, event });
    if (/^(?:pool|backend|token|host)-/.test(stream)) complain(`${tenant} changed what is everybody's`, { request, event });
  }
  for (const action of walk.fake.calls.slice(walk.calls)) {
    if (walk.owners.get(`volume-${action.volume.volumeId}`) !== tenant) complain(`${tenant} had the backend work on what is not its own`, { request, action });
  }
  walk.calls = walk.fake.calls.length;
};

/** An answer, or a failure of the test where none comes. */
const inTime = async <A>(what: unknown, promise: Promise<A> | A): Promise<A> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer to ${JSON.stringify(what)}`)), 20_000);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
};

const refusalIn = (answer: E.Either<Refusal, unknown>): string | undefined => (E.isLeft(answer) ? answer.left._tag : undefined);

/** One request of a tenant's, sometimes looked at first, and then one look around. */
const step = async (walk: Walk, tenant: Tenant): Promise<void> => {
  walk.steps += 1;
  walk.clock.advance(1);
  const plane = walk.whole.confinedTo(tenant);
  const looks = looksOf(walk, tenant);
  const request: PlaneRequest = randomRequest(walk.random, looks, walk.world);
  const said = textsIn(request);
  for (const word of said) walk.uttered[tenant].add(word);
  // Ids and keys of commands are the same for both on purpose, and so is the tenant that they claim to be.
  const options = {
    issuedBy: `token:${tenant}`,
    tenant: other(tenant),
    correlationId: `${tenant} trace ${walk.steps}`,
    clientAddress: `${tenant}'s host`,
    ...(looks.chance(0.1) ? { idempotencyKey: `key ${Math.floor(walk.random() * 20)}` } : {}),
    ...(looks.chance(0.06) ? { commandId: `cccccccc-0000-4000-8000-0000000000${10 + Math.floor(walk.random() * 20)}` } : {}),
  };
  if (looks.chance(0.2)) mustBeClean(walk, tenant, await inTime(request, plane.plan(request, options)), said);
  const answer = await inTime(request, plane.request(request, options));
  await inTime(request, walk.whole.idle());
  await mustBeUntouched(walk, tenant, request);
  mustBeClean(walk, tenant, answer, said);
  const refusal = refusalIn(answer);
  if (refusal === undefined) walk.accepted.add(request.do);
  else walk.refused.add(refusal);
  const probes = Object.keys(PROBES) as readonly (keyof typeof PROBES)[];
  const probe = pick(walk, probes) ?? 'volumes';
  await probed(walk, tenant, probe, looks);
};

/** Takes an image of a tenant's away and puts one there that the log does not know, so that there is drift to report; returns how to undo it. */
const spoil = ({ fake }: Walk, tenant: Tenant): (() => void) => {
  const found = [...fake.images].find(([, { identity }]) => identity.tenant === tenant);
  if (found === undefined) return () => undefined;
  const [id, image] = found;
  const stray = `stray of ${tenant}`;
  fake.images.delete(id);
  fake.images.set(stray, { ...image, identity: { ...image.identity, volumeId: '00000000-0000-4000-8000-00000000beef' as never } });
  return () => {
    fake.images.delete(stray);
    fake.images.set(id, image);
  };
};

/** One look. What it is told may repeat what the tenant has said before, as action records do, or asks just now. */
const probed = async (walk: Walk, tenant: Tenant, probe: keyof typeof PROBES, looks: Looks = looksOf(walk, tenant)): Promise<void> => {
  const asked: string[] = [];
  const noted = <A>(value: A): A => {
    asked.push(String(value));
    return value;
  };
  const noting: Looks = { ...looks, volume: () => noted(looks.volume()), snapshot: () => noted(looks.snapshot()), task: () => noted(looks.task()), token: () => noted(looks.token()), thing: (kind) => noted(looks.thing(kind)) };
  const mend = probe === 'drift' || probe === 'orphans' ? spoil(walk, other(tenant)) : () => undefined;
  const seen = await inTime(probe, PROBES[probe](walk.whole.confinedTo(tenant), noting));
  mend();
  mustBeClean(walk, tenant, seen, probe === 'actions' ? walk.uttered[tenant] : asked);
  await mustBeUntouched(walk, tenant, probe);
};

/** A caller waits for reservations so long by the clock, which stands: what is asked for again later is answered as accepted after a moment. */
const ANSWER_MS = 12_345;
const MOMENT_MS = 100;
const impatient = (clock: VirtualClock): Clock => ({ ...clock, sleep: (ms, signal) => (ms === ANSWER_MS ? systemClock.sleep(MOMENT_MS, signal) : clock.sleep(ms, signal)) });

/** Starts a plane over the same log, and listens for both tenants. */
const boot = async (walk: Omit<Walk, 'whole'> & { whole?: ControlPlane }): Promise<void> => {
  const { store, gateways, clock } = walk;
  const whole = await controlPlane({ store: lasting(store), ...gateways.parts(), clock: impatient(clock), limits: { answerTimeoutMs: ANSWER_MS }, exclusive: true });
  walk.whole = whole;
  for (const tenant of TENANTS) {
    const plane = whole.confinedTo(tenant);
    plane.progress((note) => void walk.pushed[tenant].push(note));
    void (async () => {
      for await (const task of plane.tasks.changes()) walk.pushed[tenant].push(task);
    })();
  }
};

const begin = async (random: () => number, world: World): Promise<Walk> => {
  const fake = fakeBackend();
  const bare = {
    random, world, gateways: tenantGateways(fake), store: memoryStore(), fake, clock: virtualClock(undefined, { auto: false }), owners: new Map(), shared: new Set<string>(),
    secrets: { RED: new Set<string>(), BLUE: new Set<string>() }, uttered: { RED: new Set<string>(), BLUE: new Set<string>() }, tokens: {}, accepted: new Set(), refused: new Set(),
    position: 0, calls: 0, steps: 0, pointedAtOthers: 0, pushed: { RED: [], BLUE: [] },
  };
  const walk = bare as unknown as Walk;
  await boot(walk);
  for (const name of ['ssd', 'hdd']) walk.shared.add(right(await walk.whole.registerPool({ name, placement: { backend: 'fake', pool: name } }, { wait: 'done' })).resource.id);
  walk.shared.add(walk.whole.installationId);
  if (world === 'gateways') {
    await walk.gateways.register(walk.whole);
    for (const { id, addresses } of walk.whole.hosts.list({ limit: -1 }).items) for (const one of [id, ...addresses.map((address) => address.id)]) walk.shared.add(one);
  }
  for (const first of ['a', 'b']) for (let n = 0; n < 5; n += 1) walk.shared.add(`${first.repeat(8)}-0000-4000-8000-00000000000${n}`);
  for (const tenant of TENANTS) {
    const { token, view } = right(await walk.whole.tokens.issue({ name: `key-of-${tenant}`, role: 'admin', tenant }));
    (walk.tokens as Record<Tenant, unknown>)[tenant] = { id: view.id, text: token };
  }
  fake.before = (_action, { onProgress }) => {
    onProgress({ done: 1, total: 2, unit: 'percent' });
    return random() < 0.08 ? PERMANENT : undefined;
  };
  await walk.whole.idle();
  await readLog(walk);
  return walk;
};

const HOUR_MS = 3_600_000;

/** Between the turns time passes, so that what waited for another look goes on: nobody's deed, so nobody's blame. */
const pass = async (walk: Walk): Promise<void> => {
  walk.gateways.elapse();
  walk.clock.advance(HOUR_MS);
  await walk.whole.idle();
  await readLog(walk);
  walk.calls = walk.fake.calls.length;
};

/** Walks once: so many requests of each tenant, in turns. Throws, with the reason, where one sees or touches what is the other's. */
export const walkTenants = async (random: () => number, requests: number, world: World = 'volumes'): Promise<TenantReport> => {
  const TURN = 25;
  const walk = await begin(random, world);
  for (let turn = 0; turn * TURN < requests * TENANTS.length; turn += 1) {
    const tenant = TENANTS[turn % TENANTS.length] ?? 'RED';
    const before = await portrait(walk, other(tenant));
    for (let n = 0; n < TURN; n += 1) await step(walk, tenant);
    mustBeSame(`${tenant} changed what ${other(tenant)} sees`, before, await portrait(walk, other(tenant)));
    if (world === 'gateways') await pass(walk);
    if (turn === Math.floor(requests / TURN)) {
      await walk.whole.close();
      await boot(walk);
    }
  }
  for (const tenant of TENANTS) {
    for (const probe of Object.keys(PROBES) as readonly (keyof typeof PROBES)[]) await probed(walk, tenant, probe);
    mustBeClean(walk, tenant, walk.pushed[tenant], []);
    if (walk.pushed[tenant].length === 0) complain('nothing was pushed', tenant);
  }
  await walk.whole.close();
  return walk;
};
