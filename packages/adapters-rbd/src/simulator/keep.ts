/** Keeps the state of a simulated cluster in a file, so that its images outlive the process. */
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import * as E from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import type { SimState } from './state.ts';

/** Enough to know a file of ours; what is inside was written by the simulator itself. */
const KeptState = t.type({ fsid: t.string, nextId: t.number, pools: t.UnknownRecord, images: t.UnknownArray, omaps: t.UnknownRecord });

/** Reads and writes the file; without one, nothing is kept. A file that is not a kept state is as good as none. */
export function keeper(file: string | undefined): { readonly read: () => SimState | undefined; readonly write: (state: SimState) => void } {
  if (file === undefined) return { read: () => undefined, write: () => undefined };
  return {
    read: () => {
      const json = E.tryCatch((): unknown => JSON.parse(readFileSync(file, 'utf8')), String);
      return E.isRight(json) && KeptState.is(json.right) ? (json.right as object as SimState) : undefined;
    },
    write: (state) => {
      writeFileSync(`${file}.new`, JSON.stringify(state));
      renameSync(`${file}.new`, file);
    },
  };
}
