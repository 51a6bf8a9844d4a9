/** What can go wrong with a request, by hand and by seed. */
import { createHash } from 'node:crypto';

/** A request, as it came. */
export interface QsanRequest {
  /** Counts the requests, from 1. */
  readonly count: number;
  readonly method: string;
  /** Without the query: `/api/iscsi/targets`. */
  readonly path: string;
  readonly query: string;
  /** As it was read; in the place of a password stands `***`. */
  readonly body: unknown;
}

/** What happens instead of a good end. */
export type QsanFault =
  /** It is done, and the connection is cut before the answer. */
  | { readonly _tag: 'LostReply' }
  /** The connection is cut before it is done. */
  | { readonly _tag: 'Reset' }
  /** Status 500; it is done or not. */
  | { readonly _tag: 'Error500'; readonly isDone?: boolean }
  /** Status 401, and the token that came with it is over: it is not done. A login does not notice. */
  | { readonly _tag: 'Expired401' }
  /** It waits this long, and is then done and answered, though nobody may listen any more. */
  | { readonly _tag: 'Slow'; readonly ms: number }
  /** Any answer, and it is not done. */
  | { readonly _tag: 'Says'; readonly status: number; readonly body: unknown };

/** Which requests a fault by hand meets. */
export interface QsanFaultRule {
  readonly fault: QsanFault;
  /** `POST`. Default: any method. */
  readonly method?: string;
  /** Matched against the path without the query. Default: any path. */
  readonly path?: RegExp;
  /** So many requests that match are let pass first. Default: 0. */
  readonly after?: number;
  /** So many are met then; `Infinity` lasts until `clear`. Default: 1. */
  readonly times?: number;
}

/** Faults by hand, one rule after another: the first that matches meets a request. */
export interface QsanFaults {
  /** From now on. */
  readonly add: (rule: QsanFaultRule) => void;
  /** Takes all rules back. */
  readonly clear: () => void;
  /** Rules that have met fewer requests than they were to. */
  readonly pending: () => number;
}

interface Counted {
  readonly rule: QsanFaultRule;
  passed: number;
  met: number;
}

const matches = ({ method, path }: QsanFaultRule, request: QsanRequest): boolean => (method === undefined || method === request.method) && (path === undefined || path.test(request.path));

/** Keeps rules, and finds the fault that meets a request. */
export const handFaults = (): QsanFaults & { readonly take: (request: QsanRequest) => QsanFault | undefined } => {
  let rules: readonly Counted[] = [];
  const isOpen = ({ rule: { times = 1 }, met }: Counted): boolean => met < times;
  return {
    add: (rule) => void (rules = [...rules, { rule, passed: 0, met: 0 }]),
    clear: () => void (rules = []),
    pending: () => rules.filter(isOpen).length,
    take: (request) => {
      for (const counted of rules.filter((one) => isOpen(one) && matches(one.rule, request))) {
        if (counted.passed >= (counted.rule.after ?? 0)) {
          counted.met += 1;
          return counted.rule.fault;
        }
        counted.passed += 1;
      }
      return undefined;
    },
  };
};

const WORD = 2 ** 32;

/** Two numbers in [0, 1) that a seed and a count fix, whatever else was asked in between. */
const drawn = (seed: number, count: number): readonly [number, number] => {
  const digest = createHash('sha256').update(`${seed}/${count}`).digest();
  return [digest.readUInt32BE(0) / WORD, digest.readUInt32BE(4) / WORD];
};

/** How faults are drawn. */
export interface SeededQsanFaults {
  readonly seed: number;
  /** How probable a fault is for each request, from 0 to 1. */
  readonly rate: number;
  /** What may happen. Default: a lost reply, a reset, a 500 that is not done and one that is, a token that is over, half a second of waiting. */
  readonly kinds?: readonly QsanFault[];
}

const KINDS: readonly QsanFault[] = [
  { _tag: 'LostReply' },
  { _tag: 'Reset' },
  { _tag: 'Error500', isDone: false },
  { _tag: 'Error500', isDone: true },
  { _tag: 'Expired401' },
  { _tag: 'Slow', ms: 500 },
];

/**
 * Faults that a seed fixes: the n-th request meets the same one each time.
 *
 * @example
 * import { seededQsanFaults } from '@blockledger/adapters-qsan/simulator';
 * const request = { count: 7, method: 'GET', path: '/api/system', query: '', body: undefined };
 * const [one, same] = [seededQsanFaults({ seed: 42, rate: 1 }), seededQsanFaults({ seed: 42, rate: 1 })];
 * one(request)?._tag === same(request)?._tag; // => true
 */
export const seededQsanFaults = ({ seed, rate, kinds = KINDS }: SeededQsanFaults): ((request: QsanRequest) => QsanFault | undefined) => ({ count }) => {
  const [chance, kind] = drawn(seed, count);
  return chance < rate ? kinds[Math.floor(kind * kinds.length)] : undefined;
};
