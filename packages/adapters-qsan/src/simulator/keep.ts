/** Keeps what a simulated array holds in a file, so that it outlives the process. */
import { chmodSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import * as t from 'io-ts';
import type { QsanSimState } from './state.ts';

/** Enough to know a file of ours; what is inside was written by the simulator itself. */
const KeptState = t.type({ pools: t.UnknownArray, volumes: t.UnknownArray, snapshots: t.UnknownArray, targets: t.UnknownArray, made: t.UnknownRecord });

const parsed = (file: string): unknown => {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
};

const read = (file: string): QsanSimState | undefined => {
  const kept = parsed(file);
  return KeptState.is(kept) ? { ...(kept as object as Omit<QsanSimState, 'sessions'>), sessions: [] } : undefined;
};

/** Accounts of targets stand in it in clear, so only its owner reads it. */
const write = (file: string, state: QsanSimState): void => {
  const { sessions: _sessions, ...kept } = state;
  const fresh = `${file}.new`;
  writeFileSync(fresh, JSON.stringify(kept), { mode: 0o600 });
  chmodSync(fresh, 0o600);
  renameSync(fresh, file);
};

/** Whether the two differ by more than who is logged in: a token ends with the array that gave it. */
const isOther = (before: QsanSimState, after: QsanSimState): boolean =>
  (['pools', 'volumes', 'snapshots', 'targets', 'made'] as const).some((field) => before[field] !== after[field]);

/** What an array holds, and what it holds from now on. */
export interface Kept {
  readonly now: () => QsanSimState;
  readonly next: (state: QsanSimState) => void;
}

/** What is kept in the file, or the other; without a file nothing is kept. A file that is not a kept state is as good as none. */
export const keptIn = (file: string | undefined, otherwise: QsanSimState): Kept => {
  let state = (file === undefined ? undefined : read(file)) ?? otherwise;
  return {
    now: () => state,
    next: (after) => {
      const before = state;
      state = after;
      if (file !== undefined && isOther(before, after)) write(file, after);
    },
  };
};
