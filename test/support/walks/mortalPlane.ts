/** A control plane that dies again and again on one log, and is started anew each time; and the caller who is not put off by that. */
import * as E from 'fp-ts/lib/Either.js';
import { controlPlane, memorySecretStore, uuidIds, type ControlPlane, type ControlPlaneParts, type PlaneRequest, type TaskView } from '@blockledger/app';
import type { EventStore, SecretStore } from '@blockledger/domain';
import { steadyIds } from '../steadyIds.ts';
import type { VirtualClock } from '../virtualClock.ts';
import { answered } from './answered.ts';
import { lifeOf, mortalSecrets, mortalStore, type Life } from './life.ts';

const FOREVER = Number.MAX_SAFE_INTEGER;

export interface MortalPlaneOptions {
  readonly seed: number;
  readonly clock: VirtualClock;
  readonly random: () => number;
  readonly store: EventStore;
  /** A life's instructions lie between 1 and this; 0: nobody dies. */
  readonly maxLife: number;
  /** What one life drives. */
  readonly partsOf: (life: Life) => Pick<ControlPlaneParts, 'backends' | 'targets' | 'vips' | 'limits'>;
}

export interface MortalPlane {
  readonly now: () => ControlPlane;
  readonly isUp: () => boolean;
  readonly deaths: () => number;
  readonly refusals: ReadonlySet<string>;
  readonly secrets: SecretStore;
  /** Asks until somebody alive answers: always with the same key, as a careful caller does. */
  readonly ask: (request: PlaneRequest) => Promise<TaskView | null | 'refused'>;
  /** Lets everything run until nothing is owed or so much time is over, through as many deaths as it takes. */
  readonly run: (forMs: number) => Promise<boolean>;
  /** So much time passes. */
  readonly pass: (ms: number) => Promise<void>;
  /** Nothing is to be done, but for what waits for its day. */
  readonly owesNothing: () => boolean;
  /** What the plane answers; undefined where it dies meanwhile. */
  readonly hear: <A>(answer: Promise<A>) => Promise<A | undefined>;
  /** This life ends, and another begins: one that ends, too, or one that lasts. */
  readonly reborn: (mortal: boolean) => Promise<void>;
  readonly close: () => Promise<void>;
}

/** Tells of everything that is written down, once it is folded. */
const counting = (store: EventStore, onAppend: () => void): EventStore => ({
  ...store,
  append: (stream, expected, events) => async () => {
    const answer = await store.append(stream, expected, events)();
    // Whoever asked folds it first.
    setImmediate(onAppend);
    return answer;
  },
});

/** Starts the first life, which lasts. */
export const mortalPlane = async ({ seed, clock, random, store, maxLife, partsOf }: MortalPlaneOptions): Promise<MortalPlane> => {
  const secrets = memorySecretStore();
  const refusals = new Set<string>();
  const own: { life: Life; plane?: ControlPlane; isUp: boolean; deaths: number; lives: number; commands: number } = { life: lifeOf(FOREVER), isUp: false, deaths: 0, lives: 0, commands: 0 };
  let appends = 0;
  const counted = counting(store, () => (appends += 1));
  const isAlive = (): boolean => own.life.alive();
  const hear = <A>(answer: Promise<A>): Promise<A | undefined> => answered(clock, own.life, answer);

  const boot = async (mortal: boolean): Promise<void> => {
    own.isUp = false;
    for (;;) {
      own.life = lifeOf(mortal && maxLife > 0 ? 1 + Math.floor(random() * maxLife) : FOREVER);
      own.lives += 1;
      const ids = { ...steadyIds(own.lives.toString(16).padStart(8, '0')), derive: uuidIds.derive, random };
      const plane = await hear(controlPlane({ ...partsOf(own.life), store: mortalStore(own.life, counted), secrets: mortalSecrets(own.life, secrets), ids, clock }));
      if (plane !== undefined) {
        own.plane = plane;
        own.isUp = true;
        return;
      }
      own.deaths += 1;
    }
  };
  const reborn = async (mortal: boolean): Promise<void> => {
    if (!isAlive()) own.deaths += 1;
    own.life.end();
    await boot(mortal);
  };
  const now = (): ControlPlane => {
    if (own.plane === undefined) throw new Error('the plane was never started');
    return own.plane;
  };
  const ask: MortalPlane['ask'] = async (request) => {
    own.commands += 1;
    const idempotencyKey = `${seed}/${own.commands}`;
    for (;;) {
      const answer = await hear(now().request(request, { idempotencyKey }));
      if (answer !== undefined) {
        if (E.isRight(answer)) return answer.right.task;
        refusals.add(answer.left._tag);
        return 'refused';
      }
      await reborn(true);
    }
  };
  // It is asked at every step of the clock, and can only change with the log.
  const asked: { plane?: ControlPlane; appends: number; owesNothing: boolean } = { appends: -1, owesNothing: false };
  const owesNothing = (): boolean => {
    if (asked.plane !== own.plane || asked.appends !== appends) Object.assign(asked, { plane: own.plane, appends, owesNothing: now().monitor.status().owed.every(({ phase }) => phase === 'scheduled') });
    return asked.owesNothing;
  };
  await boot(false);
  return {
    now,
    isUp: () => own.isUp && isAlive(),
    deaths: () => own.deaths,
    refusals,
    secrets,
    ask,
    run: async (forMs) => {
      const until = clock.nowMs() + forMs;
      for (;;) {
        const isDone = await clock.until(() => !isAlive() || owesNothing(), until);
        if (isAlive()) return isDone;
        await reborn(true);
      }
    },
    pass: async (ms) => {
      const until = clock.nowMs() + ms;
      await clock.until(() => !isAlive(), until);
      if (!isAlive()) return reborn(true);
      clock.advance(Math.max(0, until - clock.nowMs()));
    },
    owesNothing,
    hear,
    reborn,
    close: async () => {
      await hear(now().close());
    },
  };
};
