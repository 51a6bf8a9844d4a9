/** Keeps what a simulated array holds in a file, and by what its clients know it, so that both outlive the process. */
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import * as t from 'io-ts';
import type { QsanSimState } from './state.ts';

/** Enough to know a file of ours; what is inside was written by the simulator itself. */
const KeptState = t.type({ pools: t.UnknownArray, volumes: t.UnknownArray, snapshots: t.UnknownArray, targets: t.UnknownArray, made: t.UnknownRecord });

const KeptFace = t.partial({ certificate: t.type({ cert: t.string, key: t.string }), password: t.string });

/** By what clients know an array: its certificate, and the password that was drawn for them. Files that are older than that have neither. */
export type Face = t.TypeOf<typeof KeptFace>;

const parsed = (file: string): unknown => {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
};

interface Read {
  readonly state: QsanSimState;
  readonly face: Face;
}

const read = (file: string): Read | undefined => {
  const kept = parsed(file);
  if (!KeptState.is(kept)) return undefined;
  const { face, ...state } = kept as object as Omit<QsanSimState, 'sessions'> & { readonly face?: unknown };
  return { state: { ...state, sessions: [] }, face: KeptFace.is(face) ? face : {} };
};

/** Accounts of targets and a private key stand in it in clear, so only its owner reads it. */
const write = (file: string, state: QsanSimState, face: Face): void => {
  const { sessions: _sessions, ...kept } = state;
  const fresh = `${file}.new`;
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(fresh, JSON.stringify({ ...kept, face }), { mode: 0o600 });
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
  readonly face: () => Face;
  /** From now on clients know it by this. */
  readonly show: (face: Face) => void;
}

/**
 * What is kept in the file, or the other; without a file nothing is kept. A file that is not a kept state is as good as none, and is left alone until the
 * array holds something else.
 */
export const keptIn = (file: string | undefined, otherwise: QsanSimState): Kept => {
  const before = file === undefined ? undefined : read(file);
  const isOurs = before !== undefined || (file !== undefined && !existsSync(file));
  let { state, face }: Read = before ?? { state: otherwise, face: {} };
  return {
    now: () => state,
    next: (after) => {
      const was = state;
      state = after;
      if (file !== undefined && isOther(was, after)) write(file, after, face);
    },
    face: () => face,
    show: (shown) => {
      const was = face;
      face = shown;
      if (file !== undefined && isOurs && JSON.stringify(was) !== JSON.stringify(shown)) write(file, state, shown);
    },
  };
};
