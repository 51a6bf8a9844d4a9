/** What has been proved lately, and what may still land: which array and pool this is, and requests whose answer was lost. */
import type { BackendIdentity } from '@blockledger/domain';

interface Aged<A> {
  readonly value: A;
  readonly atMs: number;
}

/** The proofs of one array. They live in this process only. */
export interface Proofs {
  /** The identity of a pool, if it was asked for lately. */
  readonly place: (pool: string) => BackendIdentity | undefined;
  readonly rememberPlace: (pool: string, identity: BackendIdentity) => void;
  /** What the pool was when it was first seen in this process, or what the options expect. */
  readonly pinned: (pool: string) => BackendIdentity | undefined;
  /** The answer to a request about this object was lost: for a while it proves nothing that the object is not there (I-7). */
  readonly unsettle: (name: string) => void;
  /** The object was seen, so that what was lost has landed. */
  readonly settle: (name: string) => void;
  /** How long a look at this object proves nothing, in ms; 0 when it proves something. */
  readonly unsettledMs: (name: string) => number;
  /** Whether a target asks for an account: what was last done about it in this process. The array does not show it (S1-24). */
  readonly asksForAccount: (targetId: string) => boolean | undefined;
  readonly rememberAccount: (targetId: string, asks: boolean | undefined) => void;
}

/** How long proofs last and late effects may come. */
export interface Spans {
  readonly proofMs: number;
  readonly lateEffectsMs: number;
  readonly nowMs: () => number;
  readonly expected: Readonly<Record<string, BackendIdentity>>;
}

/** At most so many names are remembered; then the oldest are forgotten. */
const MOST = 10_000;

const bounded = <A>(map: Map<string, A>, key: string, value: A): void => {
  map.delete(key);
  map.set(key, value);
  const oldest = map.size > MOST ? map.keys().next().value : undefined;
  if (oldest !== undefined) map.delete(oldest);
};

/** An empty set of proofs. */
export const newProofs = ({ proofMs, lateEffectsMs, nowMs, expected }: Spans): Proofs => {
  const places = new Map<string, Aged<BackendIdentity>>();
  const pins = new Map(Object.entries(expected));
  const lost = new Map<string, number>();
  const accounts = new Map<string, boolean>();
  return {
    place: (pool) => {
      const proof = places.get(pool);
      return proof !== undefined && nowMs() - proof.atMs < proofMs ? proof.value : undefined;
    },
    rememberPlace: (pool, identity) => {
      places.set(pool, { value: identity, atMs: nowMs() });
      if (!pins.has(pool)) pins.set(pool, identity);
    },
    pinned: (pool) => pins.get(pool),
    unsettle: (name) => bounded(lost, name, nowMs() + lateEffectsMs),
    settle: (name) => void lost.delete(name),
    unsettledMs: (name) => Math.max(0, (lost.get(name) ?? 0) - nowMs()),
    asksForAccount: (targetId) => accounts.get(targetId),
    rememberAccount: (targetId, asks) => void (asks === undefined ? accounts.delete(targetId) : bounded(accounts, targetId, asks)),
  };
};
