/** What has been proved lately: which cluster this is, and that an image is ours. A proof costs 30 to 200 ms, so it is kept a while. */
import type { BackendIdentity, VolumeRef } from '@blockledger/domain';

interface Aged<A> {
  readonly value: A;
  readonly atMs: number;
}

/** The proofs of one backend. They live in this process only. */
export interface Proofs {
  /** The identity of a pool, if it was asked for lately. */
  readonly place: (pool: string) => BackendIdentity | undefined;
  readonly rememberPlace: (pool: string, identity: BackendIdentity) => void;
  /** What the pool was when it was first seen in this process, or what the options expect. */
  readonly pinned: (pool: string) => BackendIdentity | undefined;
  readonly isOurs: (volume: VolumeRef, installationId: string) => boolean;
  readonly rememberOurs: (volume: VolumeRef, installationId: string) => void;
  readonly forget: (volume: VolumeRef) => void;
}

/** At most so many images are remembered; then all are forgotten. */
const MOST_IMAGES = 10_000;

/** An empty set of proofs that last `proofMs`. */
export function newProofs(proofMs: number, nowMs: () => number, expected: Readonly<Record<string, BackendIdentity>>): Proofs {
  const places = new Map<string, Aged<BackendIdentity>>();
  const pins = new Map(Object.entries(expected));
  const ours = new Map<string, Aged<string>>();
  const fresh = <A>(proof: Aged<A> | undefined): A | undefined =>
    proof !== undefined && nowMs() - proof.atMs < proofMs ? proof.value : undefined;
  const key = ({ placement, volumeId }: VolumeRef): string => `${placement.pool}/${volumeId}`;
  const owner = ({ serial }: VolumeRef, installationId: string): string => `${installationId}/${serial}`;
  return {
    place: (pool) => fresh(places.get(pool)),
    rememberPlace: (pool, identity) => {
      places.set(pool, { value: identity, atMs: nowMs() });
      if (!pins.has(pool)) pins.set(pool, identity);
    },
    pinned: (pool) => pins.get(pool),
    isOurs: (volume, installationId) => fresh(ours.get(key(volume))) === owner(volume, installationId),
    rememberOurs: (volume, installationId) => {
      if (ours.size >= MOST_IMAGES) ours.clear();
      ours.set(key(volume), { value: owner(volume, installationId), atMs: nowMs() });
    },
    forget: (volume) => void ours.delete(key(volume)),
  };
}
