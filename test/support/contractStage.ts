/** A service for one operation of the contract, and the resources that its requests name: there, and in a state in which it can succeed. */
import { operations, type OperationId } from '../../packages/app/src/api/operations/index.ts';
import { volumeCalled, type HttpFixture } from './httpFixture.ts';
import { pathFixture } from './pathFixture.ts';
import { PATH_STANDING, PATH_USED, standPaths } from './pathSubjects.ts';
import { GIB, right } from './plane.ts';
import { virtualClock, type VirtualClock } from './virtualClock.ts';

/** What a path may name: by its number where it has one, and by its UUID or name. */
export interface Named {
  readonly number: number | string;
  readonly id: string;
}

export interface Stage extends HttpFixture {
  /** What the next request names under this parameter of its path. */
  readonly named: (parameter: string) => Promise<Named>;
  /** All work is done, and all deliveries are made. */
  readonly quiet: () => Promise<void>;
}

/** Deliveries go on behind the back of whoever asked; so many turns of the event loop without one are the end of them. */
const QUIET_TURNS = 8;

const quieten = async ({ plane, head }: HttpFixture): Promise<void> => {
  for (let before = '', now = '-'; before !== now; ) {
    before = now;
    await plane.idle();
    for (let turn = 0; turn < QUIET_TURNS; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    now = `${await head()} ${JSON.stringify(plane.webhooks.list({ limit: -1 }).items)}`;
  }
};

export interface Scene extends HttpFixture {
  /** Whether resizes are refused by the cluster. */
  fails: boolean;
  readonly fresh: () => string;
  /** Another number each time. */
  readonly next: () => number;
}

export type Subject = (scene: Scene) => Promise<Named>;

const volume: Subject = async ({ plane, fresh }) => {
  const { number, id } = right(await plane.createVolume({ pool: 1, name: fresh(), sizeBytes: GIB }, { wait: 'done' })).resource;
  return { number: number ?? 0, id };
};

const trashed: Subject = async (scene) => {
  const made = await volume(scene);
  right(await scene.plane.deleteVolume(made.id, { retainMs: 3_600_000 }, { wait: 'done' }));
  return made;
};

const snapshot: Subject = async ({ plane, fresh }) => {
  const { number, id } = right(await plane.createSnapshot({ volume: 1, name: fresh() }, { wait: 'done' })).resource;
  return { number: number ?? 0, id };
};

const pool: Subject = async ({ plane, fresh }) => {
  const { number, id } = right(await plane.registerPool({ name: fresh(), placement: { backend: 'ceph', pool: 'vols' } }, { wait: 'done' })).resource;
  return { number: number ?? 0, id };
};

/** A resize that the cluster refused, and refuses again. */
const failedTask: Subject = async (scene) => {
  const made = await volume(scene);
  scene.fails = true;
  const { task } = right(await scene.plane.updateVolume(made.id, { sizeBytes: 2 * GIB }));
  await scene.plane.idle();
  return { number: task?.number ?? 0, id: task?.id ?? '' };
};

/** A creation that is kept, since its pool is paused. */
const keptTask: Subject = async ({ plane, fresh }) => {
  right(await plane.pausePool(1, { reason: 'kept' }));
  const { task } = right(await plane.createVolume({ pool: 1, name: fresh(), sizeBytes: GIB }));
  await plane.idle();
  return { number: task?.number ?? 0, id: task?.id ?? '' };
};

const token: Subject = async ({ plane, fresh }) => {
  const { id } = right(await plane.tokens.issue({ name: fresh(), role: 'reader', tenant: null })).view;
  return { number: id, id };
};

const webhook: Subject = async ({ plane, fresh }) => {
  const { id } = right(await plane.webhooks.register({ name: fresh(), url: 'https://ops.example/hooks', secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw' }));
  return { number: id, id };
};

/** What stands for the whole time, by the parameter of the path. */
const STANDING: Readonly<Record<string, Subject>> = {
  volume: async ({ plane }) => ({ number: 1, id: plane.volumes.get(1)?.id ?? '' }),
  snapshot: async ({ plane }) => ({ number: 1, id: plane.snapshots.get(1)?.id ?? '' }),
  pool: async ({ plane }) => ({ number: 1, id: plane.pools.get(1)?.id ?? '' }),
  task: async ({ plane }) => {
    const [first] = plane.tasks.list().items;
    return { number: first?.number ?? 0, id: first?.id ?? '' };
  },
  action: async ({ plane }) => {
    const id = plane.actions.list({ action: 'createVolume' }).items[0]?.commandId ?? '';
    return { number: id, id };
  },
  backend: async () => ({ number: 'ceph', id: 'ceph' }),
  token,
  webhook,
  ...PATH_STANDING,
};

export interface Used {
  /** The parameter of the path that it is for. Default: any. */
  readonly at?: string;
  readonly make: Subject;
  /** It can be named once more. */
  readonly isThere: (scene: HttpFixture, id: string) => boolean;
}

const isVolumeIn = (status: string) => ({ plane }: HttpFixture, id: string): boolean => plane.volumes.get(id)?.status === status;
const isTaskIn = (...statuses: readonly string[]) => ({ plane }: HttpFixture, id: string): boolean => statuses.includes(plane.tasks.get(id)?.status ?? '');

/** What an operation uses up: made anew whenever it is gone. */
const USED: { readonly [Id in OperationId]?: Used } = {
  deleteVolume: { make: volume, isThere: isVolumeIn('active') },
  disownVolume: { make: volume, isThere: isVolumeIn('active') },
  undeleteVolume: { make: trashed, isThere: isVolumeIn('trashed') },
  deleteSnapshot: { make: snapshot, isThere: ({ plane }, id) => plane.snapshots.get(id) !== undefined },
  retirePool: { make: pool, isThere: ({ plane }, id) => plane.pools.get(id) !== undefined },
  retryTask: { make: failedTask, isThere: isTaskIn('failed') },
  abandonTask: { make: failedTask, isThere: isTaskIn('failed') },
  cancelTask: { make: keptTask, isThere: isTaskIn('queued', 'waiting') },
  revokeToken: { make: token, isThere: ({ plane }, id) => plane.tokens.get(id)?.status === 'active' },
  removeWebhook: { make: webhook, isThere: ({ plane }, id) => plane.webhooks.get(id)?.status !== undefined && plane.webhooks.get(id)?.status !== 'removed' },
  ...PATH_USED,
};

/** What serves volumes to hosts stands only where requests are about it: it takes its time. */
const SERVING = new Set(['attachments', 'hosts', 'client-groups', 'access-paths', 'mapping-groups', 'vip-groups']);

/** What is being made may have to wait for something, such as an election: time passes meanwhile. */
const inTime = async <T>(clock: VirtualClock, making: Promise<T>): Promise<T> => {
  let isOver = false;
  const ended = making.finally(() => (isOver = true));
  await Promise.race([ended, clock.until(() => isOver, Number.POSITIVE_INFINITY)]);
  return ended;
};

/** A service with the volume and the snapshot `standing`, for one operation. Its time stands still, so that nothing happens but by requests. */
export const stageFor = async (operationId: OperationId): Promise<Stage> => {
  let count = 0;
  const clock = virtualClock(Date.now(), { auto: false });
  const scene: Scene = {
    ...(await pathFixture({
      clock,
      faults: { instead: ({ verb }) => (scene.fails && verb === 'resize' ? { _tag: 'Says', exitCode: 22, stderr: 'rbd: resize error: (22) Invalid argument' } : undefined) },
    })),
    fails: false,
    fresh: () => `subject-${(count += 1)}`,
    next: () => (count += 1),
  };
  await scene.settle('POST', '/block-volumes', volumeCalled('standing'));
  await scene.settle('POST', '/block-snapshots', { body: { block_snapshot: { block_volume_id: 1, name: 'standing' } } });
  if (SERVING.has(operations[operationId].tag)) await inTime(clock, standPaths(scene));
  await quieten(scene);
  const held = new Map<string, Named>();
  return {
    ...scene,
    quiet: () => quieten(scene),
    named: async (parameter) => {
      const found = USED[operationId];
      const used = found?.at === undefined || found.at === parameter ? found : undefined;
      const last = held.get(parameter);
      if (last !== undefined && (used === undefined || used.isThere(scene, last.id))) return last;
      const make = used?.make ?? STANDING[parameter];
      if (make === undefined) throw new Error(`nothing is made for {${parameter}}: add it to contractStage.ts`);
      const made = await inTime(clock, make(scene));
      await quieten(scene);
      held.set(parameter, made);
      return made;
    },
  };
};
