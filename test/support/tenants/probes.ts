/** Everything that can be looked at through a plane, each with references of all kinds: what it tells is judged by whoever asks. */
import { TaskWatchEnded, type ControlPlane, type ResourceKindName, type ResourceRef, type Verbs } from '@blockledger/app';
import type { Refusal } from '@blockledger/domain';
import type { Picks } from './requests.ts';

/** References of all kinds, and what lists can be filtered by. */
export interface Looks extends Picks {
  /** The name of another tenant. */
  readonly otherTenant: () => string;
  /** A name that belongs to another tenant. */
  readonly otherName: () => string;
  readonly token: () => string;
  /** The text of a token of another tenant. */
  readonly otherSecret: () => string;
}

/** Looks; whatever is seen, refusals included, is in what it resolves to. */
export type Probe = (plane: ControlPlane, look: Looks) => unknown;

const PATHS = ['host', 'clientGroup', 'accessPath', 'vipGroup'] as const;
const kindOf = ({ chance }: Looks): ResourceKindName => {
  if (chance(0.6)) return chance(0.5) ? 'volume' : 'snapshot';
  return PATHS.find(() => chance(0.4)) ?? 'pool';
};
const refOf = (kind: ResourceKindName, look: Looks): ResourceRef => {
  if (kind === 'volume' || kind === 'snapshot' || kind === 'pool') return look[kind]();
  return look.thing(kind);
};
const named = (look: Looks) => ({ kind: kindOf(look), look });
const ofKind = (look: Looks): { readonly kind: ResourceKindName; readonly ref: ResourceRef } => {
  const { kind } = named(look);
  return { kind, ref: refOf(kind, look) };
};

/** Filters that point at others' things on purpose. */
const filters = (look: Looks) => [{}, { limit: -1 }, { hidden: 'all' as const, limit: -1 }, { tenant: look.otherTenant() }, { name: look.otherName() }, { q: look.otherName() }, { pool: look.pool() }];

/** All that is stored from the start on, as a subscriber sees it. */
const subscribed = (plane: ControlPlane): Promise<readonly unknown[]> =>
  new Promise((resolve) => {
    const seen: unknown[] = [];
    const subscription = plane.subscribe(0, {
      onEvents: (events) => void seen.push(...events),
      onCaughtUp: () => {
        void subscription.close();
        resolve(seen);
      },
      onError: (error) => resolve([error]),
    });
  });

const looped = async (plane: ControlPlane, look: Looks): Promise<readonly unknown[]> => {
  const filter = look.chance(0.5) ? {} : { kinds: ['volume', 'snapshot', 'clientGroup', 'accessPath', 'vipGroup', 'host', 'pool', 'reservation', 'token', 'backend'] as const };
  const all = await subscribed(plane);
  const seen: unknown[] = [];
  const stop = new AbortController();
  const feed = plane.events({ from: 'start', filter, signal: stop.signal });
  seen.push(await feed.started);
  if (all.length === 0) return seen;
  // A feed that had more than the subscription would have handed it over before the last of these.
  for await (const entry of feed) {
    seen.push(entry);
    if (seen.length > all.length) stop.abort();
  }
  return seen;
};

const firstOf = async <A>(loop: AsyncIterable<A>): Promise<A | Refusal | null> => {
  try {
    for await (const one of loop) return one;
  } catch (thrown) {
    return thrown instanceof TaskWatchEnded ? thrown.refusal : Promise.reject(thrown);
  }
  return null;
};

/** What a loop over tasks shows until nothing more is there. */
const changing = async (plane: ControlPlane): Promise<readonly unknown[]> => {
  const stop = new AbortController();
  const seen: unknown[] = [];
  setImmediate(() => stop.abort());
  for await (const task of plane.tasks.changes({ signal: stop.signal })) seen.push(task);
  return seen;
};

/** One probe for each member that looks, or that a tenant must not use: a new member does not compile before it stands here. */
export const PROBES: Readonly<Record<Exclude<keyof ControlPlane, keyof Verbs>, Probe>> = {
  installationId: () => null,
  volumes: async (plane, look) => [
    plane.volumes.get(look.volume()) ?? null,
    await plane.volumes.find(look.volume()),
    ...filters(look).map((filter) => plane.volumes.list(filter)),
    await plane.volumes.listGone({ limit: -1, hidden: 'all' }),
    await plane.volumes.listGone({ tenant: look.otherTenant(), name: look.otherName() }),
  ],
  snapshots: async (plane, look) => [
    plane.snapshots.get(look.snapshot()) ?? null,
    await plane.snapshots.find(look.snapshot()),
    ...filters(look).map((filter) => plane.snapshots.list(filter)),
    plane.snapshots.list({ volume: look.volume(), limit: -1, hidden: 'all' }),
    await plane.snapshots.listGone({ limit: -1, hidden: 'all' }),
    await plane.snapshots.listGone({ volume: look.volume() }),
  ],
  pools: async (plane, look) => [plane.pools.get(look.pool()) ?? null, plane.pools.list(), await plane.pools.find(look.pool()), await plane.pools.stats(look.pool()), await plane.pools.listGone()],
  hosts: async (plane, look) => [plane.hosts.get(look.thing('host')) ?? null, plane.hosts.list({ limit: -1 }), plane.hosts.list({ q: look.otherName() }), await plane.hosts.find(look.thing('host')), await plane.hosts.listGone()],
  clientGroups: async (plane, look) => [
    plane.clientGroups.get(look.thing('clientGroup')) ?? null,
    await plane.clientGroups.find(look.thing('clientGroup')),
    ...filters(look).map((filter) => plane.clientGroups.list(filter)),
    await plane.clientGroups.listGone({ limit: -1 }),
  ],
  accessPaths: async (plane, look) => [
    plane.accessPaths.get(look.thing('accessPath')) ?? null,
    await plane.accessPaths.find(look.thing('accessPath')),
    ...filters(look).map((filter) => plane.accessPaths.list(filter)),
    plane.accessPaths.list({ volume: look.volume() }),
    plane.accessPaths.list({ clientGroup: look.thing('clientGroup') }),
    plane.accessPaths.list({ host: look.thing('host') }),
    await plane.accessPaths.listGone({ limit: -1 }),
  ],
  vipGroups: async (plane, look) => [
    plane.vipGroups.get(look.thing('vipGroup')) ?? null,
    await plane.vipGroups.find(look.thing('vipGroup')),
    ...filters(look).map((filter) => plane.vipGroups.list(filter)),
    plane.vipGroups.list({ accessPath: look.thing('accessPath') }),
    await plane.vipGroups.listGone({ limit: -1, accessPath: look.thing('accessPath') }),
  ],
  networkAddresses: (plane, look) => [plane.networkAddresses.get(look.thing('networkAddress')) ?? null, plane.networkAddresses.list({ limit: -1 }), plane.networkAddresses.list({ vipGroup: look.thing('vipGroup') })],
  targets: (plane, look) => [plane.targets.get(look.thing('target')) ?? null, plane.targets.idOf(look.thing('target')) === undefined, plane.targets.list({ tenant: look.otherTenant() }), plane.targets.list({ accessPath: look.thing('accessPath') })],
  mappingGroups: (plane, look) => [plane.mappingGroups.get(look.thing('mappingGroup')) ?? null, plane.mappingGroups.list({ limit: -1 }), plane.mappingGroups.list({ volume: look.volume() })],
  vips: (plane, look) => [plane.vips.get(look.thing('vip')) ?? null, plane.vips.list({ limit: -1 }), plane.vips.list({ accessPath: look.thing('accessPath') })],
  attachments: async (plane, look) => {
    const volume = look.volume();
    const seen = plane.attachments.list();
    return [seen, plane.attachments.list({ volume }), plane.attachments.get(volume, look.user()) ?? null, await plane.attachments.connectionInfo(volume, look.user())];
  },
  tasks: async (plane, look) => {
    const volume = look.volume();
    const resourceId = typeof volume === 'string' ? volume : '00000000-0000-4000-8000-000000000000';
    return [
      plane.tasks.get(look.task()) ?? null,
      plane.tasks.list({ limit: -1 }),
      plane.tasks.list({ status: 'failed' }),
      plane.tasks.list({ resourceId }),
      await plane.tasks.await(look.task(), 0),
      await firstOf(plane.tasks.watch(look.task())),
      await changing(plane),
    ];
  },
  tokens: async (plane, look) => [plane.tokens.list(), plane.tokens.list({ tenant: look.otherTenant() }), plane.tokens.get(look.token()) ?? null, plane.tokens.verify(look.otherSecret()) ?? null, await plane.tokens.revoke(look.token())],
  webhooks: async (plane, look) => {
    const id = look.token();
    return [
      plane.webhooks.list({ limit: -1 }),
      plane.webhooks.get(id) ?? null,
      plane.webhooks.deliveries(id),
      await plane.webhooks.register({ name: look.otherName(), url: 'https://receiver.invalid/', secret: look.otherSecret(), filter: { tenant: look.otherTenant() } }),
      await plane.webhooks.update(id, { enabled: false }),
      await plane.webhooks.rotateSecret(id, look.otherSecret()),
      await plane.webhooks.test(id),
      await plane.webhooks.remove(id),
    ];
  },
  backends: (plane) => [plane.backends.list(), plane.backends.get('fake')],
  pauseBackend: (plane, look) => plane.pauseBackend('fake', { reason: look.text() }),
  resumeBackend: (plane) => plane.resumeBackend('fake'),
  actions: (plane, look) => [
    plane.actions.list({ limit: -1 }),
    plane.actions.list({ result: 'refused' }),
    plane.actions.get(String(look.task())) ?? null,
    plane.actions.list({ resourceId: String(look.volume()) }),
    plane.actions.page({ q: look.otherName(), limit: -1 }),
    plane.actions.page({ tenant: look.otherTenant(), sort: [{ by: 'issuedBy', descending: true }], limit: -1 }),
  ],
  history: (plane, look) => plane.history(ofKind(look)),
  at: async (plane, look) => plane.at(2_000_000_000_000, ofKind(look)),
  changedBy: (plane, look) => plane.changedBy(String(look.task()), ofKind(look)),
  revision: (plane, look) => plane.revision(ofKind(look)) ?? null,
  plan: async (plane, look) => [
    await plane.plan({ do: 'deleteVolume', volume: look.volume(), input: { cascade: true } }),
    await plane.plan({ do: 'revokeToken', id: look.token(), input: {} }),
    await plane.plan({ do: 'issueToken', input: { name: 'planned', role: 'reader', tenant: look.otherTenant() } }),
    await plane.plan({ do: 'removeWebhook', id: look.token() }),
    await plane.plan({ do: 'rebuild' }),
  ],
  drift: (plane) => plane.drift(),
  orphans: (plane) => plane.orphans(),
  rebuild: (plane) => plane.rebuild(),
  events: looped,
  subscribe: subscribed,
  // Listened to from the beginning to the end of a walk.
  progress: () => null,
  warnings: (plane) => plane.warnings(),
  monitor: (plane) => [plane.monitor.status(), plane.monitor.backends(), plane.monitor.lastAudit()],
  acceptRestoredLog: (plane, look) => plane.acceptRestoredLog(look.pool()),
  confinedTo: (plane, look) => plane.confinedTo(look.otherTenant()).volumes.list({ limit: -1, hidden: 'all' }),
  idle: (plane) => plane.idle(),
  position: (plane) => plane.position(),
  followed: (plane) => plane.followed(0, 0),
  // A tenant that ends the process would end it for all.
  drain: (plane) => plane.drain(0),
  close: (plane) => plane.close(),
};
