/** A simulated array under a plane that dies: over real HTTPS, one request after the other, so that a seed always means the same. */
import { qsanArray, type QsanBackends } from '@blockledger/adapters-qsan';
import { seededQsanFaults, startQsanArray, type QsanArray } from '@blockledger/adapters-qsan/simulator';
import type { BlockBackend, CallContext, ExternalCall, TargetBackend } from '@blockledger/domain';
import { optionsFor } from '../qsanScene.ts';
import { silence, type Life } from '../walks/life.ts';

/** An array for many walks, one after the other. */
export interface WalkedArray {
  readonly array: QsanArray;
  /** Requests are under way, also of the dead. */
  readonly isBusy: () => boolean;
  /** Both backends as one life has them. */
  readonly backends: (life: Life, nowMs: () => number) => { readonly volumes: BlockBackend; readonly targets: TargetBackend };
  /** Faults from now on, by a seed of their own; a rate of 0 ends them. */
  readonly betray: (seed: number, rate: number) => void;
  readonly faults: () => number;
  /** Called whenever the array may have changed. */
  onEffect: () => void;
  /** Lets go of the connections of all lives. */
  readonly forget: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

/** Shorter than any patience: a slow answer is an answer. */
const SLOW_MS = 3;
const LATE_MS = 2_000;

export const walkedArray = async (): Promise<WalkedArray> => {
  let [underWay, faults, asked] = [0, 0, 0];
  let betrayal: ReturnType<typeof seededQsanFaults> | undefined;
  const kinds = [{ _tag: 'LostReply' }, { _tag: 'Reset' }, { _tag: 'Error500', isDone: false }, { _tag: 'Error500', isDone: true }, { _tag: 'Expired401' }, { _tag: 'Slow', ms: SLOW_MS }] as const;
  const array = await startQsanArray({
    faults: (request) => {
      asked += 1;
      const fault = betrayal?.({ ...request, count: asked });
      if (fault !== undefined) faults += 1;
      return fault;
    },
  });
  const adapters: QsanBackends[] = [];

  /** A life may end before any request and after any answer. What it had sent is done all the same, and it sends nothing any more. */
  const mortal =
    <A>(life: Life, context: CallContext, work: (context: CallContext) => () => Promise<A>) =>
    async (): Promise<A> => {
      if (!life.alive()) return silence();
      const stop = new AbortController();
      const onExternalCall = (call: ExternalCall): ((exit: string) => void) => {
        const ended = context.onExternalCall?.(call);
        life.tick();
        if (!life.alive()) stop.abort();
        underWay += 1;
        return (exit) => {
          underWay -= 1;
          ended?.(exit);
          life.tick();
          walked.onEffect();
        };
      };
      context.signal.addEventListener('abort', () => stop.abort());
      const answer = await work({ ...context, signal: stop.signal, onExternalCall })();
      return life.alive() ? answer : silence();
    };

  const backends: WalkedArray['backends'] = (life, nowMs) => {
    const adapter = qsanArray({ ...optionsFor(array), maxConnections: 1, repeats: 0, lateEffectsMs: LATE_MS, nowMs });
    adapters.push(adapter);
    const { volumes, targets } = adapter;
    const close = (): Promise<void> => Promise.resolve();
    return {
      volumes: {
        ...volumes,
        identify: (placement, context) => mortal(life, context, (more) => volumes.identify(placement, more)),
        stats: (placement, context) => mortal(life, context, (more) => volumes.stats(placement, more)),
        perform: (action, context) => mortal(life, context, (more) => volumes.perform(action, more)),
        see: (volume, context, known) => mortal(life, context, (more) => volumes.see(volume, more, known)),
        close,
      },
      targets: {
        ...targets,
        perform: (action, context) => mortal(life, context, (more) => targets.perform(action, { ...context, ...more })),
        see: (target, context) => mortal(life, context, (more) => targets.see(target, more)),
        close,
      },
    };
  };

  const forget = async (): Promise<void> => {
    await Promise.all(adapters.splice(0).flatMap(({ volumes, targets }) => [volumes.close(), targets.close()]));
  };
  const walked: WalkedArray = {
    array,
    isBusy: () => underWay > 0,
    backends,
    betray: (seed, rate) => {
      asked = 0;
      betrayal = rate === 0 ? undefined : seededQsanFaults({ seed, rate, kinds });
    },
    faults: () => faults,
    onEffect: () => undefined,
    forget,
    stop: async () => {
      await forget();
      await array.stop();
    },
  };
  return walked;
};
