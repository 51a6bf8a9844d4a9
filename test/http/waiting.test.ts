/** `Prefer: wait`: every change there is, with tokens of all tenants and of one, with a key and without, is made once. */
import { getEventListeners } from 'node:events';
import { controlPlane } from '@blockledger/app';
import { httpService } from '@blockledger/app/http';
import { memoryStore } from '@blockledger/app/memory';
import * as assert from 'uvu/assert';
import { waitIn } from '../../packages/app/src/http/requests/prefer.ts';
import { answer } from '../../packages/app/src/http/answering.ts';
import type { Operation } from '../../packages/app/src/api/operation.ts';
import { operations } from '../../packages/app/src/api/operations/index.ts';
import { fakeBackend } from '../support/fakeBackend.ts';
import { GIB, right } from '../support/plane.ts';
import { suite } from '../support/suite.ts';
import { partsWith, servingChanges, TENANT, type Change, type Scene } from '../support/waitedChanges.ts';

const test = suite('waiting');
const TOKENS = { everything: 'e', tenant: { token: 't', role: 'admin', tenant: TENANT } } as const;

type Operations = typeof operations;
type ChangeId = { readonly [Id in keyof Operations]: Operations[Id]['kind'] extends 'change' ? Id : never }[keyof Operations];

const volume = async ({ plane }: Scene, name = 'db'): Promise<number> =>
  right(await plane.createVolume({ pool: 'ssd', name, sizeBytes: GIB }, { tenant: TENANT, wait: 'done' })).resource.number ?? 0;
const snapshot = async (scene: Scene): Promise<number> =>
  right(await scene.plane.createSnapshot({ volume: await volume(scene), name: 'monday' }, { wait: 'done' })).resource.number ?? 0;

/** A resize that failed. */
const failed = async (scene: Scene): Promise<number> => {
  const number = await volume(scene);
  scene.fake.before = ({ do: action }) => (action === 'ensureSize' ? { _tag: 'Permanent', code: 'NoSpace', message: 'the cluster is full' } : undefined);
  const { task } = right(await scene.plane.updateVolume(number, { sizeBytes: 2 * GIB }));
  await scene.plane.idle();
  scene.fake.before = () => undefined;
  return task?.number ?? 0;
};

/** A creation that does not end by itself. */
const endless = async ({ plane, fake }: Scene): Promise<number> => {
  fake.before = ({ do: action }, { signal }) =>
    action === 'ensureVolume' ? new Promise((resolve) => signal.addEventListener('abort', () => resolve({ _tag: 'Permanent', code: 'Stopped', message: 'stopped' }))) : undefined;
  return right(await plane.createVolume({ pool: 'ssd', name: 'db', sizeBytes: GIB }, { tenant: TENANT })).task?.number ?? 0;
};

const changes: { readonly [Id in ChangeId]: (scene: Scene) => Promise<Change> } = {
  createVolume: async () => ({ path: '/block-volumes', body: { block_volume: { name: 'new', pool_id: 1, size: GIB } }, then: { name: 'new', status: 'active' } }),
  adoptVolume: async (scene) => {
    const { id } = right(await scene.plane.createVolume({ pool: 'ssd', name: 'old', sizeBytes: GIB }, { wait: 'done' })).resource;
    right(await scene.plane.disownVolume(id, { wait: 'done' }));
    return { path: '/block-volumes:adopt', body: { block_volume: { name: 'new', pool_id: 1, size: GIB, volume_name: id } }, beyondTenants: true, then: { name: 'new', status: 'active' } };
  },
  updateVolume: async (scene) => ({ path: `/block-volumes/${await volume(scene)}`, body: { block_volume: { size: 2 * GIB } }, then: { size: 2 * GIB, status: 'active' } }),
  migrateVolume: async (scene) => {
    right(await scene.plane.registerPool({ name: 'archive', placement: { backend: 'fake', pool: 'archive' } }, { wait: 'done' }));
    return { path: `/block-volumes/${await volume(scene)}:migrate`, body: { block_volume: { pool_id: 2 } }, then: { pool_id: 2, status: 'active' } };
  },
  deleteVolume: async (scene) => ({ path: `/block-volumes/${await volume(scene)}`, then: { status: 'deleted' } }),
  undeleteVolume: async (scene) => {
    const number = await volume(scene);
    right(await scene.plane.deleteVolume(number, { retainMs: 60_000 }, { wait: 'done' }));
    return { path: `/block-volumes/${number}:undelete`, then: { status: 'active' } };
  },
  promoteVolume: async (scene) => {
    const number = await volume(scene);
    right(await scene.plane.demoteVolume(number, { wait: 'done' }));
    return { path: `/block-volumes/${number}:promote`, then: { passive: false } };
  },
  demoteVolume: async (scene) => ({ path: `/block-volumes/${await volume(scene)}:demote`, then: { passive: true } }),
  disownVolume: async (scene) => ({ path: `/block-volumes/${await volume(scene)}:disown`, then: { status: 'disowned' } }),
  createSnapshot: async (scene) => ({ path: '/block-snapshots', body: { block_snapshot: { block_volume_id: await volume(scene), name: 'new' } }, then: { name: 'new', status: 'active' } }),
  deleteSnapshot: async (scene) => ({ path: `/block-snapshots/${await snapshot(scene)}`, then: { status: 'deleted' } }),
  protectSnapshot: async (scene) => ({ path: `/block-snapshots/${await snapshot(scene)}:protect`, then: { protected: true } }),
  unprotectSnapshot: async (scene) => {
    const number = await snapshot(scene);
    right(await scene.plane.protectSnapshot(number, { wait: 'done' }));
    return { path: `/block-snapshots/${number}:unprotect`, then: { protected: false } };
  },
  registerPool: async () => ({ path: '/pools', body: { pool: { name: 'new', backend: 'fake', pool_name: 'new' } }, beyondTenants: true, then: { name: 'new', status: 'active' } }),
  updatePool: async () => ({ path: '/pools/1', body: { pool: { over_subscription_ratio: 3 } }, beyondTenants: true, then: { over_subscription_ratio: 3 } }),
  retirePool: async () => ({ path: '/pools/1', beyondTenants: true, then: { status: 'retired' } }),
  reportPoolHealth: async () => ({ path: '/pools/1:report-health', body: { pool: { health: 'degraded' } }, beyondTenants: true, then: { health: 'degraded' } }),
  pausePool: async () => ({ path: '/pools/1:pause', body: { pool: { reason: 'disks' } }, beyondTenants: true, then: { paused: 'disks' } }),
  resumePool: async ({ plane }) => {
    right(await plane.pausePool('ssd', { reason: 'disks' }));
    return { path: '/pools/1:resume', beyondTenants: true, then: { paused: null } };
  },
  ...servingChanges,
  retryTask: async (scene) => ({ path: `/tasks/${await failed(scene)}:retry`, then: { name: 'db' } }),
  abandonTask: async (scene) => ({ path: `/tasks/${await failed(scene)}:abandon`, then: { name: 'db' } }),
  cancelTask: async (scene) => ({ path: `/tasks/${await endless(scene)}:cancel`, then: { name: 'db' } }),
};

const ENVELOPES = new Set(['block_volume', 'block_snapshot', 'pool', 'host', 'client_group', 'access_path', 'vip_group']);

interface Body {
  readonly task: { readonly uuid: string; readonly status: string } | null;
}

/** Carries a change out twice, and says what became of it. */
const carryOut = async (id: ChangeId, token: string, headers: Readonly<Record<string, string>>) => {
  const fake = fakeBackend();
  const plane = await controlPlane({ store: memoryStore(), ...partsWith(fake) });
  right(await plane.registerPool({ name: 'ssd', placement: { backend: 'fake', pool: 'ssd' } }, { wait: 'done' }));
  const service = httpService(plane, { tokens: TOKENS, rateLimits: { perAddress: null, perPrincipal: null } });
  const change = await changes[id]({ plane, fake });
  // A host is admitted on nobody's request; what an access path does for an attachment is the driver's.
  const seen = () => ({ tasks: plane.tasks.list({ limit: -1 }).items.filter(({ type, issuedBy }) => type !== 'AdmitHost' && issuedBy !== 'driver').length, actions: plane.actions.list({ limit: -1 }).items.length, position: plane.monitor.status().position });
  const ask = async () => {
    const { path, body } = change;
    const payload = body === undefined ? {} : { payload: JSON.stringify(body) };
    const response = await service.fastify.inject({ method: operations[id].method, url: `/api/v1${path}`, headers: { 'xms-auth-token': token, ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers }, ...payload });
    await plane.idle();
    const said = response.json<Body>();
    const [resource = {}] = Object.entries(said).flatMap(([name, value]: readonly [string, unknown]) => (ENVELOPES.has(name) ? [value as Readonly<Record<string, unknown>>] : []));
    return { status: response.statusCode, headers: response.headers, said, resource, seen: seen() };
  };
  const before = seen();
  const first = await ask();
  const second = await ask();
  await service.close();
  await plane.close();
  return { change, before, first, second };
};

const idsOf = Object.keys(changes) as ChangeId[];

for (const [whose, token] of [['all tenants', 'e'], ['one tenant', 't']] as const) {
  for (const id of idsOf) {
    test(`${id} with a token of ${whose} that waits is made once, and its key finds it again`, async () => {
      const { change, before, first, second } = await carryOut(id, token, { prefer: 'wait=20', 'idempotency-key': 'once' });
      if (token === 't' && change.beyondTenants === true) return assert.equal([first.status, second.status, first.seen.tasks], [403, 403, before.tasks]);
      const text = JSON.stringify(first.said);
      assert.is(first.status, 200, text);
      assert.is(first.said.task?.status ?? 'succeeded', 'succeeded', text);
      assert.equal(Object.fromEntries(Object.keys(change.then).map((field) => [field, first.resource[field]])), change.then, text);
      assert.is(first.seen.actions, before.actions + 1, 'the actions tell of another change');
      assert.ok(first.seen.tasks <= before.tasks + 1, 'it was made twice');
      assert.equal([second.status, second.headers['idempotent-replayed'], second.seen], [200, 'true', first.seen]);
      assert.is(second.resource['uuid'], first.resource['uuid']);
      assert.is(second.said.task?.uuid, first.said.task?.uuid);
    });
  }
}

test('a change of one tenant that waits without a key is one task and one action [I-12, I-16]', async () => {
  for (const id of idsOf) {
    const { change, before, first } = await carryOut(id, 't', { prefer: 'wait=20' });
    if (change.beyondTenants !== true) assert.equal([first.status, first.seen.actions, first.seen.tasks - before.tasks <= 1], [200, before.actions + 1, true], id);
  }
});

test('a rollback of one tenant that waits is one rollback [I-12, I-16, S0-48]', async () => {
  const fake = fakeBackend();
  const plane = await controlPlane({ store: memoryStore(), backends: { fake: fake.backend } });
  right(await plane.registerPool({ name: 'ssd', placement: { backend: 'fake', pool: 'ssd' } }, { wait: 'done' }));
  const service = httpService(plane, { tokens: TOKENS });
  const number = await snapshot({ plane, fake });
  const response = await service.fastify.inject({
    method: 'PATCH',
    url: '/api/v1/block-volumes/1',
    headers: { 'xms-auth-token': 't', 'content-type': 'application/json', prefer: 'wait=20', 'idempotency-key': 'once' },
    payload: JSON.stringify({ block_volume: { block_snapshot_id: number, action: 'roll_back' } }),
  });
  await plane.idle();
  assert.equal([response.statusCode, response.json<{ readonly task: { readonly status: string } }>().task.status], [200, 'succeeded']);
  assert.is(fake.calls.filter(({ do: action }) => action === 'rollBack').length, 1);
  assert.is(plane.tasks.list({ type: 'RollBackBlockVolume' }).totalCount, 1);
  await service.close();
  await plane.close();
});

test('those who waited, one after another or many at once, leave nothing that listens for the end of the service [I-25]', async () => {
  const fake = fakeBackend();
  const plane = await controlPlane({ store: memoryStore(), backends: { fake: fake.backend } });
  right(await plane.registerPool({ name: 'ssd', placement: { backend: 'fake', pool: 'ssd' } }, { wait: 'done' }));
  const ending = new AbortController();
  const principal = { name: 'token:e', role: 'admin', tenant: null, tokenId: null, expiresAt: null } as const;
  const create = (name: string) =>
    answer(plane, ['createVolume', operations.createVolume as unknown as Operation], { path: {}, query: {}, body: { block_volume: { name, pool_id: 1, size: GIB } } }, { principal, options: {}, waitSeconds: 20, ending: ending.signal });
  for (const name of ['one', 'two', 'three']) assert.is(right(await create(name)).status, 200);
  assert.is(getEventListeners(ending.signal, 'abort').length, 0);
  const warnings: string[] = [];
  const warned = ({ name }: Error): void => void warnings.push(name);
  process.on('warning', warned);
  const service = httpService(plane, { tokens: TOKENS });
  const ask = (name: string) =>
    service.fastify.inject({ method: 'POST', url: '/api/v1/block-volumes', headers: { 'xms-auth-token': 'e', 'content-type': 'application/json', prefer: 'wait=20' }, payload: JSON.stringify({ block_volume: { name, pool_id: 1, size: GIB } }) });
  const answers = await Promise.all(Array.from({ length: 12 }, (_, n) => ask(`at once ${n}`)));
  await new Promise((resolve) => setImmediate(resolve));
  process.off('warning', warned);
  assert.equal([[...new Set(answers.map(({ statusCode }) => statusCode))], warnings], [[200], []]);
  await service.close();
  await plane.close();
});

test('nobody waits for more than 300 seconds, whatever he prefers [S0-6]', () => {
  assert.equal(['wait=1', 'wait=300', 'wait=301', 'wait=999999999', 'respond-async, wait=100000', 'wait=x', undefined].map(waitIn), [1, 300, 300, 300, 300, undefined, undefined]);
});

test.run();
