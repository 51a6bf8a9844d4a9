/**
 * Views that are made once. A view is a function of its state, which never changes, and of what was looked up for it; so it is as good as
 * new for as long as the same questions have the same answers. Lists make thousands of views, for the most part of what stands as it stood.
 */
import { LRUCache } from 'lru-cache';
import type { Lookup } from './lookup.ts';

/** Makes a view, or gives the one that was made of the same. Everybody gets the same object: it is frozen. */
export type Remember = <View>(state: object, lookup: Lookup, make: (lookup: Lookup) => View) => View;

/** A question to the lookup, and its answer. */
interface Asked {
  readonly question: keyof Lookup;
  readonly about: readonly string[];
  readonly answer: unknown;
}

interface Made {
  readonly asked: readonly Asked[];
  readonly view: unknown;
}

/** Views that are kept: the longest list that is usual, several times over. */
const KEPT_VIEWS = 5_000;

const ask = (lookup: Lookup, question: keyof Lookup, about: readonly string[]): unknown => (lookup[question] as (...about: readonly string[]) => unknown)(...about);

/** Asks a lookup and writes down what it answered, for one view after the other. */
interface Recorder {
  readonly lookup: Lookup;
  /** What was asked since the last time. */
  readonly take: () => readonly Asked[];
}

const recorderOf = (lookup: Lookup): Recorder => {
  let asked: Asked[] = [];
  const recorded = (question: keyof Lookup) => (...about: readonly string[]): unknown => {
    const answer = ask(lookup, question, about);
    asked.push({ question, about, answer });
    return answer;
  };
  const questions = Object.keys(lookup) as readonly (keyof Lookup)[];
  return {
    lookup: Object.fromEntries(questions.map((question) => [question, recorded(question)])) as unknown as Lookup,
    take: () => {
      const taken = asked;
      asked = [];
      return taken;
    },
  };
};

/** Makes the memory. One serves every kind and every tenant: whoever asks, it is his lookup that has to answer as it did. */
export const rememberViews = (): Remember => {
  const made = new LRUCache<object, Made>({ max: KEPT_VIEWS });
  const recorders = new WeakMap<Lookup, Recorder>();
  const recorderFor = (lookup: Lookup): Recorder => {
    const known = recorders.get(lookup);
    if (known !== undefined) return known;
    const recorder = recorderOf(lookup);
    recorders.set(lookup, recorder);
    return recorder;
  };
  return <View>(state: object, lookup: Lookup, make: (lookup: Lookup) => View): View => {
    const known = made.get(state);
    if (known?.asked.every(({ question, about, answer }) => Object.is(ask(lookup, question, about), answer)) === true) return known.view as View;
    const recorder = recorderFor(lookup);
    const view = Object.freeze(make(recorder.lookup));
    made.set(state, { asked: recorder.take(), view });
    return view;
  };
};
