/** The one place that touches the SQLite library: everything it throws becomes a `StoreError` here. */
import * as E from 'fp-ts/lib/Either.js';
import Database from 'libsql';
import type { StoreError } from '@blockledger/domain';
import { corrupt, unavailable } from '../errors.ts';
import { messageOf } from '../../system/thrown.ts';

/** What a column holds. Rows are lists of these, in the order of the columns. */
export type Cell = string | number | null | Buffer;
export type Row = readonly Cell[];

/** A prepared statement. Both methods throw what the library throws; call them inside `attempt`. */
export interface Statement {
  /** Runs it; the number of rows changed. */
  readonly run: (...values: readonly Cell[]) => number;
  /** Its first row, or undefined. */
  readonly first: (...values: readonly Cell[]) => Row | undefined;
  readonly all: (...values: readonly Cell[]) => readonly Row[];
}

/** One connection. */
export interface Connection {
  /** Runs statements without values; throws what the library throws. */
  readonly execute: (sql: string) => void;
  readonly prepare: (sql: string) => Statement;
  readonly close: () => void;
}

/** Opens a file; throws what the library throws. */
export const connect = (path: string, options: { readonly readonly?: boolean } = {}): Connection => {
  const database = new Database(path, options);
  return {
    execute: (sql) => void database.exec(sql),
    prepare: (sql) => {
      const statement = database.prepare(sql);
      // Only a statement that gives rows can be switched to lists.
      if (statement.reader) statement.raw(true);
      return {
        // The values go as one list: the library takes a single Buffer for a record of named values, and ends the process.
        run: (...values) => statement.run(values).changes,
        first: (...values) => statement.get(values) as Row | undefined,
        all: (...values) => statement.all(values) as readonly Row[],
      };
    },
    close: () => void database.close(),
  };
};

const codeOf = (thrown: unknown): string =>
  typeof thrown === 'object' && thrown !== null && 'code' in thrown ? String(thrown.code) : '';

/** Whether the library says that somebody else holds the file. */
export const isBusy = (thrown: unknown): boolean => /^SQLITE_(?:BUSY|LOCKED)/.test(codeOf(thrown)) || /database is locked/.test(messageOf(thrown));

/** Whether the library says that the file is damaged, or no database at all. */
export const isDamage = (thrown: unknown): boolean =>
  /^SQLITE_(?:CORRUPT|NOTADB)/.test(codeOf(thrown)) || /malformed|not a database|invalid utf-?8/i.test(messageOf(thrown));

/** What the library threw, as a `StoreError`. `position` is where in the log it happened, -1 if nowhere in particular. */
export const explain = (thrown: unknown, position = -1): StoreError =>
  isDamage(thrown) ? corrupt(position, messageOf(thrown)) : unavailable(`SQLite: ${messageOf(thrown)}`);

/** Runs something that may throw, and answers with its value or the error. */
export const attempt = <A>(run: () => A, position = -1): E.Either<StoreError, A> => E.tryCatch(run, (thrown) => explain(thrown, position));
