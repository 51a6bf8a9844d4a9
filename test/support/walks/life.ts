/** One life of a control plane: it can end at any instruction, and nothing of it stirs afterwards. */
import type { BlockBackend, EventStore, ProcessRunner, SecretStore } from '@blockledger/domain';

/** A promise that never answers: what the dead hear. */
export const silence = <A>(): Promise<A> => new Promise<A>(() => undefined);

export interface Life {
  readonly alive: () => boolean;
  /** Ends the life. */
  readonly end: () => void;
  /** Counts one instruction that matters; ends the life when its time has come. */
  readonly tick: () => void;
}

/** A life of so many instructions. */
export const lifeOf = (instructions: number): Life => {
  let left = instructions;
  return {
    alive: () => left > 0,
    end: () => void (left = 0),
    tick: () => void (left -= 1),
  };
};

/** An effect during a life: it may end before the effect, or after it and before the answer. */
const mortal =
  <A>(life: Life, effect: () => Promise<A>) =>
  async (): Promise<A> => {
    life.tick();
    if (!life.alive()) return silence();
    const answer = await effect();
    life.tick();
    return life.alive() ? answer : silence();
  };

/** Beats are many, and would take all instructions of a life: nobody dies of one, but the dead hear nothing. */
const unlessDead =
  <A>(life: Life, effect: () => Promise<A>) =>
  async (): Promise<A> => {
    if (!life.alive()) return silence();
    const answer = await effect();
    return life.alive() ? answer : silence();
  };

/** The log outlives the plane; what the plane hears of it ends with its life. It may die before an append, or after it and before the answer. */
export const mortalStore = (life: Life, store: EventStore): EventStore => {
  const { registers } = store;
  return {
    ...store,
    ...(registers === undefined ? {} : { registers: { read: (name) => unlessDead(life, registers.read(name)), write: (name, expected, value) => unlessDead(life, registers.write(name, expected, value)) } }),
    append: (stream, expected, events) => mortal(life, store.append(stream, expected, events)),
    saveState: (snapshot) => mortal(life, store.saveState(snapshot)),
    subscribe: (from, handler) =>
      store.subscribe(from, {
        ...handler,
        onEvents: (events) => (life.alive() ? handler.onEvents(events) : undefined),
        onError: (error) => (life.alive() ? handler.onError(error) : undefined),
      }),
    close: () => Promise.resolve(),
  };
};

/** Children of a dead plane die with it, or, when they are spared, finish what they do; in no case does anybody hear of it. */
export const mortalRunner =
  (life: Life, run: ProcessRunner): ProcessRunner =>
  (call) =>
    mortal(life, run(call));

/** Secrets are kept by others, too. */
export const mortalSecrets = (life: Life, secrets: SecretStore): SecretStore => ({
  get: (ref) => mortal(life, secrets.get(ref)),
  refs: (kind) => mortal(life, secrets.refs(kind)),
  put: (owner, secret) => mortal(life, secrets.put(owner, secret)),
  remove: (ref) => mortal(life, secrets.remove(ref)),
});

/** A backend that nobody closes: the cluster goes on. */
export const mortalBackend = (backend: BlockBackend): BlockBackend => ({ ...backend, close: () => Promise.resolve() });
