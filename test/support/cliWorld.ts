/** A service with a little of everything in it, for commands to be tried on. */
import * as E from 'fp-ts/lib/Either.js';
import { rbdBackend } from '@blockledger/adapters-rbd';
import { simulateRbd, type Simulator } from '@blockledger/adapters-rbd/simulator';
import { controlPlane, systemClock, type Accepted, type ControlPlane } from '@blockledger/app';
import { httpService, type HttpService } from '@blockledger/app/http';
import { memoryStore } from '@blockledger/app/memory';
import type { Clock, Refusal } from '@blockledger/domain';
import { STEADY_INSTALLATION, steadyIds } from './steadyIds.ts';

/** What can be different about a world. */
export interface WorldOptions {
  /** Flatten, roll back and remove come to 40 % and stay there until they are stopped. Default: they take 50 ms. */
  readonly endless?: boolean;
}

/** A service, how to reach it, and what the tests need to know of it. */
export interface CliWorld {
  readonly url: string;
  readonly env: Readonly<Record<string, string>>;
  readonly plane: ControlPlane;
  readonly cluster: Simulator;
  /** The number of the task that failed: creating `broken-1`. */
  readonly failedTask: number;
  /** Begins to flatten `db-1-clone`; the number of the task. */
  readonly flatten: () => Promise<number>;
  /** The service goes away, and the plane stays. */
  readonly leave: () => Promise<void>;
  /** The service comes back at its address. */
  readonly comeBack: () => Promise<void>;
  readonly close: () => Promise<void>;
}

const TOKEN = 'a-token-for-the-command-line';
const GIB = 2 ** 30;
const WEEK_MS = 7 * 86_400_000;

const right = <A>(answer: E.Either<Refusal, A>): A => {
  if (E.isLeft(answer)) throw new Error(JSON.stringify(answer.left));
  return answer.right;
};
const taskOf = ({ task }: Accepted): number => {
  if (task === null) throw new Error('there is no task');
  return task.number;
};

const POOLS = [
  { name: 'vols', placement: { backend: 'ceph', pool: 'vols' } },
  { name: 'archive', placement: { backend: 'ceph', pool: 'rbd', dataPool: 'ecdata' }, poolType: 'erasure' },
  { name: 'spare', placement: { backend: 'ceph', pool: 'rbd' } },
] as const;

/** The number of `db-1-clone`, after `broken-1` and `db-1`. */
const CLONE = 3;

const operator = { issuedBy: 'token:operator', wait: 'done' } as const;

/** Volumes and what is done with them, one after the other, so that numbers are the same in every world. */
const fill = async (plane: ControlPlane): Promise<void> => {
  const volume = async (name: string, sizeBytes: number, pool = 'vols'): Promise<string> => right(await plane.createVolume({ pool, name, sizeBytes }, operator)).resource.id;
  const { resource: database } = right(await plane.createVolume({ pool: 'vols', name: 'db-1', sizeBytes: 100 * GIB, description: 'the accounts', labels: { team: 'data', old: 'yes' } }, operator));
  for (const name of ['before-upgrade', 'spare']) right(await plane.createSnapshot({ volume: database.id, name }, operator));
  right(await plane.createVolume({ pool: 'vols', name: 'db-1-clone', snapshot: 1 }, operator));
  await volume('old-1', GIB);
  right(await plane.deleteVolume(await volume('trashed-1', GIB), { retainMs: WEEK_MS }, operator));
  right(await plane.demoteVolume(await volume('standby-1', GIB), operator));
  await volume('twin', GIB);
  await volume('twin', 1.5 * GIB, 'archive');
  right(await plane.pausePool('archive', { reason: 'new disks' }, operator));
  right(await plane.tokens.issue({ name: 'backup', role: 'reader', tenant: null }, { issuedBy: 'token:operator' }));
};

/** A clock by which whatever is long comes as far as its second step, at once, and no further. */
const stuckClock = (): Clock => {
  const steps = new WeakMap<object, number>();
  return {
    ...systemClock,
    sleep: (ms, signal) => {
      if (ms < 1_000 || signal === undefined) return systemClock.sleep(ms, signal);
      const step = (steps.get(signal) ?? 0) + 1;
      steps.set(signal, step);
      if (step < 3) return Promise.resolve();
      return new Promise((resolve) => {
        if (signal.aborted) resolve();
        else signal.addEventListener('abort', () => resolve());
      });
    },
  };
};

/** Makes a world and lets its service listen. */
export const cliWorld = async ({ endless = false }: WorldOptions = {}): Promise<CliWorld> => {
  const trouble = { isOn: false };
  const cluster = simulateRbd({
    ...(endless ? { longMs: 60_000, clock: stuckClock() } : { longMs: 50 }),
    faults: { instead: ({ verb }) => (trouble.isOn && verb === 'import' ? { _tag: 'Says', exitCode: 22, stderr: 'rbd: the pool is not as it should be: (22) Invalid argument\n' } : undefined) },
  });
  const plane = await controlPlane({ store: memoryStore(), backends: { ceph: rbdBackend({ run: cluster.run }) }, exclusive: true, ids: steadyIds(), installationId: STEADY_INSTALLATION });
  for (const pool of POOLS) right(await plane.registerPool(pool, operator));
  trouble.isOn = true;
  const broken = right(await plane.createVolume({ pool: 'vols', name: 'broken-1', sizeBytes: GIB }, { issuedBy: 'token:operator' }));
  await plane.idle();
  trouble.isOn = false;
  await fill(plane);
  await cluster.run({ argv: ['rbd', 'create', 'vols/legacy-image', '--size', `${GIB}B`], idleTimeoutMs: 1_000, signal: new AbortController().signal })();
  const makeService = (): HttpService => httpService(plane, { tokens: { tester: TOKEN }, rateLimits: { perAddress: null, perPrincipal: null } });
  const listenOn = async (port: number): Promise<string> => right(E.mapLeft((error: object) => error as Refusal)(await service.listen({ port })));
  let service = makeService();
  const url = await listenOn(0);
  return {
    url,
    env: { BLOCKLEDGER_URL: url, BLOCKLEDGER_TOKEN: TOKEN },
    plane,
    cluster,
    failedTask: taskOf(broken),
    flatten: async () => taskOf(right(await plane.flattenVolume(CLONE, { issuedBy: 'token:operator' }))),
    leave: () => service.close(),
    comeBack: async () => {
      service = makeService();
      await listenOn(Number(new URL(url).port));
    },
    close: async () => {
      await service.close();
      await plane.close();
    },
  };
};
