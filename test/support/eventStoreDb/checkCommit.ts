/**
 * Whether an append may be written, as the server decides it: first against its revision, then against what it already wrote, so that the same events sent
 * twice are answered as they were the first time.
 */
import type { Recorded } from './records.ts';

/** What a writer expects of a stream: a revision, or one of these. */
export const NO_STREAM = -1;
export const ANY = -2;
export const STREAM_EXISTS = -4;

/** What is known of a stream when it is asked. `last` is -1 when it never had an event. */
export interface StreamFacts {
  readonly last: number;
  readonly tombstoned: boolean;
  readonly softDeleted: boolean;
  readonly hasMetadata: boolean;
  readonly at: (revision: number) => Recorded | undefined;
  /** An event of this stream by its id, the newest. */
  readonly byId: (id: string) => Recorded | undefined;
}

export type Decision =
  | { readonly is: 'ok'; readonly undelete: boolean }
  | { readonly is: 'repeated'; readonly last: Recorded }
  | { readonly is: 'wrongVersion' }
  | { readonly is: 'halfRepeated' }
  | { readonly is: 'deleted' };

const checkAny = (ids: readonly string[], stream: StreamFacts): Decision => {
  let last: Recorded | undefined;
  for (const id of ids) {
    const known = stream.byId(id);
    if (known === undefined) return last === undefined ? { is: 'ok', undelete: stream.softDeleted } : { is: 'halfRepeated' };
    last = known;
  }
  return last === undefined ? { is: 'ok', undelete: stream.softDeleted } : { is: 'repeated', last };
};

const checkBehind = (expected: number, ids: readonly string[], stream: StreamFacts): Decision => {
  let last: Recorded | undefined;
  for (const [index, id] of ids.entries()) {
    const written = stream.at(expected + 1 + index);
    if (written?.id !== id) {
      if (last !== undefined) return { is: 'halfRepeated' };
      return expected === NO_STREAM && stream.softDeleted ? { is: 'ok', undelete: true } : { is: 'wrongVersion' };
    }
    last = written;
  }
  return last === undefined ? { is: 'wrongVersion' } : { is: 'repeated', last };
};

export const checkCommit = (expected: number, ids: readonly string[], stream: StreamFacts): Decision => {
  if (stream.tombstoned) return { is: 'deleted' };
  if (expected === STREAM_EXISTS) {
    if (stream.softDeleted) return { is: 'deleted' };
    if (stream.last < 0 && !stream.hasMetadata) return { is: 'wrongVersion' };
  }
  if (expected === ANY || expected === STREAM_EXISTS) return checkAny(ids, stream);
  if (expected < stream.last) return checkBehind(expected, ids, stream);
  return expected > stream.last ? { is: 'wrongVersion' } : { is: 'ok', undelete: stream.softDeleted };
};
