/** What a simulated array holds: plain data, changed by copying. Objects stand in the order in which they were made. */

/** A pool of disks, and how much of it is taken by what this API does not show. */
export interface QsanSimPool {
  readonly id: string;
  readonly name: string;
  readonly totalBytes: number;
  /** Taken before anything was made here. */
  readonly takenBytes: number;
  readonly status: 'healthy' | 'degraded' | 'error';
  readonly raidType: string;
  readonly diskCount: number;
}

/** A volume. */
export interface QsanSimVolume {
  readonly id: string;
  readonly name: string;
  readonly pool: string;
  readonly sizeBytes: number;
  readonly isThin: boolean;
  /** What hosts have written; a thick volume takes its whole size nevertheless. */
  readonly writtenBytes: number;
  readonly createdAtMs: number;
}

/** A snapshot, by its name within its volume. */
export interface QsanSimSnapshot {
  readonly id: string;
  readonly name: string;
  readonly volume: string;
  readonly sizeBytes: number;
  readonly writtenBytes: number;
  readonly createdAtMs: number;
}

/** The account that initiators present; in clear, as this is a simulator. */
export interface QsanSimChap {
  readonly username: string;
  readonly password: string;
}

/** A target. */
export interface QsanSimTarget {
  readonly id: string;
  readonly name: string;
  readonly iqn: string;
  readonly luns: readonly { readonly lun: number; readonly volume: string }[];
  /** Initiators that may log in. */
  readonly acl: readonly string[];
  readonly chap?: QsanSimChap;
  readonly createdAtMs: number;
}

/** A token and when it is over. */
export interface QsanSimSession {
  readonly token: string;
  readonly endsAtMs: number;
}

/** All that a simulated array holds. */
export interface QsanSimState {
  readonly pools: readonly QsanSimPool[];
  readonly volumes: readonly QsanSimVolume[];
  readonly snapshots: readonly QsanSimSnapshot[];
  readonly targets: readonly QsanSimTarget[];
  readonly sessions: readonly QsanSimSession[];
  /** How many of a kind were ever made: ids are not used again. */
  readonly made: { readonly volumes: number; readonly snapshots: number; readonly targets: number };
}

/** How full a pool is, in bytes. */
export interface QsanSimSpace {
  readonly totalBytes: number;
  readonly usedBytes: number;
  readonly freeBytes: number;
  /** The sizes of all its volumes, thin or not, and what was taken before. */
  readonly provisionedBytes: number;
}

/** `vol-001`, as the source's examples count. */
export const idOf = (kind: 'vol' | 'snap' | 'target' | 'pool', madeBefore: number): string => `${kind}-${String(madeBefore + 1).padStart(3, '0')}`;

/** What a volume takes of its pool. */
export const usedBy = ({ isThin, sizeBytes, writtenBytes }: Pick<QsanSimVolume, 'isThin' | 'sizeBytes' | 'writtenBytes'>): number => (isThin ? writtenBytes : sizeBytes);

const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);

/** How full a pool is. */
export const spaceOf = ({ volumes }: Pick<QsanSimState, 'volumes'>, { name, totalBytes, takenBytes }: QsanSimPool): QsanSimSpace => {
  const inIt = volumes.filter(({ pool }) => pool === name);
  const usedBytes = takenBytes + sum(inIt.map(usedBy));
  return { totalBytes, usedBytes, freeBytes: totalBytes - usedBytes, provisionedBytes: takenBytes + sum(inIt.map(({ sizeBytes }) => sizeBytes)) };
};

/** The target that shows a volume, and under which number; a volume has one at most (S1-22). */
export const mappingOf = ({ targets }: Pick<QsanSimState, 'targets'>, volume: string): { readonly target: QsanSimTarget; readonly lun: number } | undefined => {
  for (const target of targets) {
    const found = target.luns.find((one) => one.volume === volume);
    if (found !== undefined) return { target, lun: found.lun };
  }
  return undefined;
};

/** A list in which one entry has taken the place of another. */
export const replaced = <A>(all: readonly A[], old: A, next: A): readonly A[] => all.map((one) => (one === old ? next : one));

/** A list without an entry. */
export const without = <A>(all: readonly A[], gone: A): readonly A[] => all.filter((one) => one !== gone);
