/** A REST face over a plane in memory and a simulated cluster, asked without a socket. */
import { createHash } from 'node:crypto';
import * as E from 'fp-ts/lib/Either.js';
import { rbdBackend } from '@blockledger/adapters-rbd';
import { simulateRbd, type SimHooks, type Simulator } from '@blockledger/adapters-rbd/simulator';
import { controlPlane, type ControlPlane, type ControlPlaneParts } from '@blockledger/app';
import { httpService, type HttpService } from '@blockledger/app/http';
import { memoryStore } from '@blockledger/app/memory';
import type { Clock, StoredEvent, StoreError } from '@blockledger/domain';

/** What an answer was. */
export interface Answered {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly type: string;
  readonly text: string;
  /** The body as JSON; undefined where it is none. */
  readonly json: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** What is asked besides method and path. */
export interface Asking {
  readonly body?: unknown;
  /** Sent as it is, instead of `body`. */
  readonly raw?: string | Buffer;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface HttpFixture {
  readonly plane: ControlPlane;
  readonly cluster: Simulator;
  readonly service: HttpService;
  /** Asks as `token:tester`; paths are below /api/v1. */
  readonly ask: (method: string, path: string, asking?: Asking) => Promise<Answered>;
  /** As `ask`, then waits until all work is done. */
  readonly settle: (method: string, path: string, asking?: Asking) => Promise<Answered>;
  /** A hash of everything that users see, what is hidden or gone included, and of what stands on the cluster. */
  readonly stateHash: () => string;
  /** The position of the last event. */
  readonly head: () => Promise<number>;
  /** The events after a position. */
  readonly since: (position: number) => Promise<readonly StoredEvent[]>;
  readonly close: () => Promise<void>;
}

export const TOKEN = 'a-token-for-tests';

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

const parsed = (text: string): Answered['json'] => {
  const json = E.tryCatch((): unknown => JSON.parse(text), String);
  return E.isRight(json) && typeof json.right === 'object' && json.right !== null ? (json.right as Answered['json']) : {};
};

const ofAsking = ({ body, raw }: Asking): { readonly payload?: string | Buffer } => {
  if (raw !== undefined) return { payload: raw };
  return body === undefined ? {} : { payload: JSON.stringify(body) };
};

/** More than one request leads to. */
const MOST_EVENTS = 1_000;

const stored = <A>(answer: E.Either<StoreError, A>): A => {
  if (E.isLeft(answer)) throw new Error(answer.left._tag);
  return answer.right;
};

/** How the cluster is simulated, and the time that the plane has. */
export interface FixtureOptions {
  readonly dialect?: 'upstream' | 'xsky';
  readonly latencyMs?: number;
  readonly faults?: SimHooks;
  readonly clock?: Clock;
  /** What serves targets and virtual IPs, and where accounts are kept. */
  readonly parts?: Pick<ControlPlaneParts, 'targets' | 'vips' | 'secrets' | 'limits' | 'logger'>;
}

/** Pools are registered in the order given, each replicated on `vols`; their integers begin at 1. */
export const httpFixture = async (pools: readonly string[] = ['vols'], options: FixtureOptions = {}): Promise<HttpFixture> => {
  const { clock, parts, ...simulated } = options;
  const cluster = simulateRbd(simulated);
  const store = memoryStore();
  const plane = await controlPlane({ store, backends: { ceph: rbdBackend({ ...(simulated.dialect === undefined ? {} : { dialect: simulated.dialect }), run: cluster.run }) }, exclusive: true, ...(clock === undefined ? {} : { clock }), ...parts, webhooks: { send: () => Promise.resolve(E.right({ status: 204, retryAfterMs: 0 })) } });
  for (const name of pools) {
    const registered = await plane.registerPool({ name, placement: { backend: 'ceph', pool: 'vols' }, overSubscriptionRatio: 1000 }, { wait: 'done' });
    if (E.isLeft(registered)) throw new Error(JSON.stringify(registered.left));
  }
  // Properties ask faster than anybody may.
  const service = httpService(plane, { tokens: { tester: TOKEN }, rateLimits: { perAddress: null, perPrincipal: null } });
  const ask: HttpFixture['ask'] = async (method, path, asking = {}) => {
    const payload = ofAsking(asking);
    const response = await service.fastify.inject({
      method: method as Method,
      url: `/api/v1${path}`,
      headers: { 'xms-auth-token': TOKEN, ...('payload' in payload ? { 'content-type': 'application/json' } : {}), ...asking.headers },
      ...payload,
    });
    const text = response.body;
    return { status: response.statusCode, headers: response.headers, type: String(response.headers['content-type'] ?? ''), text, json: parsed(text) };
  };
  return {
    plane,
    cluster,
    service,
    ask,
    settle: async (method, path, asking) => {
      const answered = await ask(method, path, asking);
      await plane.idle();
      return answered;
    },
    stateHash: () => {
      const all = { limit: -1, hidden: 'all' } as const;
      const tokens = plane.tokens.list({ limit: -1 }).items.map(({ lastUsedAt: _used, ...token }) => token);
      const tasks = plane.tasks.list({ limit: -1 }).items.filter(({ status }) => status !== 'refused');
      const seen = [plane.volumes.list(all).items, plane.snapshots.list(all).items, plane.pools.list({ limit: -1 }).items, plane.hosts.list({ limit: -1 }).items, plane.clientGroups.list({ limit: -1 }).items, plane.accessPaths.list({ limit: -1 }).items, plane.vipGroups.list({ limit: -1 }).items, plane.backends.list(), plane.webhooks.list({ limit: -1 }).items, tokens, tasks, cluster.images('vols')];
      return createHash('sha256').update(JSON.stringify(seen)).digest('hex');
    },
    head: async () => stored(await store.head()()),
    since: async (position) => stored(await store.readAll(position + 1, MOST_EVENTS)()),
    close: async () => {
      await service.close();
      await plane.close();
    },
  };
};

/** A volume of 1 GiB of the source's shape. */
export const volumeCalled = (name: string, more: object = {}): Asking => ({ body: { block_volume: { name, pool_id: 1, size: 2 ** 30, ...more } } });

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;
const MOMENT = /^\d{4}-\d\d-\d\dT[\d:.]+Z$/;
/** While work runs, these depend on how fast it is. */
const MOVING = new Set(['status', 'action_status', 'step', 'attempts', 'progress', 'finish', 'operation', 'update', 'block_snapshot_num']);

/** An answer without what differs from run to run. `moving` also leaves out how far the work got. */
export const normalised = (value: unknown, moving: boolean): unknown => {
  const walk = (value: unknown, key: string): unknown => {
    if (moving && MOVING.has(key)) return '<moving>';
    if (key === 'sn') return '<sn>';
    if (typeof value === 'string') return MOMENT.test(value) ? '<moment>' : value.replaceAll(UUID, '<uuid>');
    if (Array.isArray(value)) return value.map((item) => walk(item, ''));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, name === 'task' ? taskOf(inner) : walk(inner, name)]));
  };
  const taskOf = (task: unknown): unknown => (typeof task === 'object' && task !== null ? { ...(walk(task, '') as object), id: '<task>' } : task);
  return walk(value, '');
};
