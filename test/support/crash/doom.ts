/**
 * Where a service dies: by its own hand, at a step that was chosen before. So each operation is interrupted, however fast the machine is. The sentence
 * lies in a file: who is to die takes it away, and keeps it beside until it is carried out; it is lifted by removing it from wherever it lies.
 */
import type { BlockBackend, EventStore, TargetBackend, VipBackend } from '@blockledger/domain';
import { readFileSync, renameSync, unlinkSync, writeFileSync } from 'node:fs';
import { sleep } from '../serviceCalls.ts';

/** How a service dies. */
export interface Sentence {
  /** The how many-th step it does not survive. */
  readonly steps: number;
  /** Where in this step: from 0, at its beginning, to 1. */
  readonly at: number;
  /** Steps count now; else from the one on that asks for something. */
  readonly begun: boolean;
}

/** Who passes sentence. */
export interface Judge {
  readonly pronounce: (sentence: Sentence) => void;
  /** False when it is being carried out. */
  readonly lift: () => boolean;
}

/** So long a call is left alive at most, in ms. */
const LONGEST_CALL_MS = 150;

const takenFrom = (file: string): string => `${file}.taken`;

/** False where the file is not there: of two who want to remove it, or move it, one does. */
const does = (change: () => void): boolean => {
  try {
    change();
    return true;
  } catch (thrown) {
    if (thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT') return false;
    throw thrown;
  }
};
const removes = (file: string): boolean => does(() => unlinkSync(file));

export const judgeWith = (file: string): Judge => ({
  pronounce: (sentence) => {
    writeFileSync(`${file}.new`, JSON.stringify(sentence));
    renameSync(`${file}.new`, file);
  },
  lift: () => removes(file) || removes(takenFrom(file)),
});

/** Takes one step; where in it death comes, if this is the last one. */
type Step = (isAsked: boolean) => number | undefined;

const stepsUnder = (file: string): Step => {
  let sentence: Sentence | undefined;
  return (isAsked) => {
    if (does(() => renameSync(file, takenFrom(file)))) sentence = JSON.parse(readFileSync(takenFrom(file), 'utf8')) as Sentence;
    if (sentence === undefined || !(sentence.begun || isAsked)) return undefined;
    const { steps, at } = sentence;
    sentence = steps > 1 ? { steps: steps - 1, at, begun: true } : undefined;
    return sentence === undefined && removes(takenFrom(file)) ? at : undefined;
  };
};

const die = (where: string): Promise<never> => {
  console.log(`dies ${where}`);
  process.kill(process.pid, 'SIGKILL');
  return new Promise(() => undefined);
};

/** A call that may be the last one: it has begun, and nobody hears how it ends. */
const called = async <A>(step: Step, what: string, call: () => Promise<A>): Promise<A> => {
  const at = step(false);
  if (at === undefined) return call();
  await Promise.race([call(), sleep(at * LONGEST_CALL_MS)]);
  return die(`in ${what}`);
};

/** What steps are made of: writing to the log, and calling backends. */
export interface Parts {
  readonly store: EventStore;
  readonly ceph: BlockBackend;
  readonly gateways: TargetBackend;
  readonly addresses: VipBackend;
}

/** The same parts for somebody who dies when the sentence says so. */
export const doomed = (file: string, { store, ceph, gateways, addresses }: Parts): Parts => {
  const step = stepsUnder(file);
  return {
    store: {
      ...store,
      append: (stream, expected, events) => async () => {
        const at = step(events.some(({ meta }) => meta.request !== undefined));
        const append = store.append(stream, expected, events);
        if (at === undefined) return append();
        const isWritten = at >= 0.5;
        if (isWritten) await append();
        return die(`${isWritten ? 'after' : 'before'} ${events.map(({ type }) => type).join(' and ')}`);
      },
    },
    ceph: { ...ceph, perform: (action, context) => () => called(step, action.do, ceph.perform(action, context)) },
    gateways: { ...gateways, perform: (action, context) => () => called(step, `${action.do} on ${action.target.place.host}`, gateways.perform(action, context)) },
    addresses: { ...addresses, perform: (action, context) => () => called(step, `${action.do} on ${action.place.host}`, addresses.perform(action, context)) },
  };
};
