/** A second control plane beside the one that is walked with: it is killed, or stopped for shorter and longer than its lease, at any step, and begins again. */
import { rbdBackend } from '@blockledger/adapters-rbd';
import type { Simulator } from '@blockledger/adapters-rbd/simulator';
import { controlPlane } from '@blockledger/app';
import type { EventStore, ProcessRunner } from '@blockledger/domain';
import { clockOf, process as processOf, type Frozen } from '../leases/seededProcess.ts';
import type { VirtualClock } from '../virtualClock.ts';
import { lifeOf, mortalBackend, mortalRunner, mortalStore, type Life } from './life.ts';

export interface BesideOptions {
  readonly store: EventStore;
  readonly cluster: Simulator;
  readonly clock: VirtualClock;
  readonly random: () => number;
  readonly watchTimeoutMs: number;
  /** A life's instructions lie between 1 and this. */
  readonly maxLife: number;
}

export interface Beside {
  readonly deaths: () => number;
  readonly stops: () => number;
  /** It ends for good, and nothing of it stirs any more. */
  readonly end: () => void;
}

const LEASE_MS = 15_000;
const LONGEST_GAP_MS = 60_000;

/** A process goes on from an answer or a timer: so those are what it does not get while it is stopped. */
const heardBy =
  ({ awake }: Frozen, tick: () => void) =>
  <A>(call: () => Promise<A>) =>
  async (): Promise<A> => {
    const answer = await call();
    tick();
    await awake();
    return answer;
  };

const storeHeardBy = (store: EventStore, frozen: Frozen, tick: () => void): EventStore => {
  const heard = heardBy(frozen, tick);
  const quietly = heardBy(frozen, () => undefined);
  const { registers } = store;
  return {
    ...store,
    append: (stream, expected, events) => heard(store.append(stream, expected, events)),
    readStream: (stream, from, limit) => heard(store.readStream(stream, from, limit)),
    readAll: (from, limit) => heard(store.readAll(from, limit)),
    head: () => heard(store.head()),
    subscribe: (from, handler) =>
      store.subscribe(from, {
        ...handler,
        onEvents: async (events) => {
          await frozen.awake();
          await handler.onEvents(events);
        },
      }),
    ...(registers === undefined ? {} : { registers: { read: (name) => quietly(registers.read(name)), write: (name, expected, value) => quietly(registers.write(name, expected, value)) } }),
  };
};

/** Begins it. Whenever it dies another one begins after a while. */
export const planeBeside = ({ store, cluster, clock, random, watchTimeoutMs, maxLife }: BesideOptions): Beside => {
  let life: Life = lifeOf(0);
  let frozen = processOf();
  let isOver = false;
  let deaths = 0;
  let stops = 0;

  const begin = (): void => {
    life = lifeOf(1 + Math.floor(random() * maxLife));
    const own = processOf();
    frozen = own;
    let left = Math.floor(random() * 60);
    const tick = (): void => {
      left -= 1;
      if (left > 0) return;
      left = Math.floor(random() * 60);
      stops += 1;
      own.stop();
      void clock.sleep(Math.floor(random() * 3 * LEASE_MS)).then(own.wake);
    };
    const run: ProcessRunner = (call) => heardBy(own, tick)(mortalRunner(life, cluster.run)(call));
    const ownClock = clockOf(clock, own);
    const backend = rbdBackend({ run, nowMs: ownClock.nowMs, watchTimeoutMs });
    void controlPlane({ store: storeHeardBy(mortalStore(life, store), own, tick), backends: { ceph: mortalBackend(backend) }, clock: ownClock });
  };

  const live = async (): Promise<void> => {
    while (!isOver) {
      begin();
      while (!isOver && life.alive()) await clock.sleep(1_000);
      frozen.kill();
      deaths += 1;
      await clock.sleep(Math.floor(random() * LONGEST_GAP_MS));
    }
  };
  void live();
  return {
    deaths: () => deaths,
    stops: () => stops,
    end: () => {
      isOver = true;
      life.end();
      frozen.kill();
    },
  };
};
