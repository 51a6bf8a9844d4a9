/** Appends: one call each, with an end, and told apart where the revision is wrong. */
import { NO_STREAM, WrongExpectedVersionError, type AppendResult } from '@eventstore/db-client';
import * as E from 'fp-ts/lib/Either.js';
import type { Appended, EventStore, StoredEvent, StoreError } from '@blockledger/domain';
import { corrupt } from '../errors.ts';
import { prepareAppend, type PreparedAppend } from '../prepare.ts';
import { answerRepeat } from '../repeat.ts';
import type { Connection } from './connection.ts';
import type { Names } from './names.ts';
import { positionOf } from './positions.ts';
import { recordsOf } from './records.ts';
import { within } from './silence.ts';

/** What appending stands on. */
export interface AppendParts {
  readonly connection: Connection;
  readonly names: Names;
  readonly timeoutMs: number;
  readonly readStream: EventStore['readStream'];
}

/** What the server said: where the last event is, or at which revision the stream stands instead. */
type Said = Pick<AppendResult, 'nextExpectedRevision' | 'position'> | { readonly actual: number };

/** The actual revision that the server names; -1 for a stream that does not exist. */
const actualOf = ({ actualVersion }: WrongExpectedVersionError): number => (typeof actualVersion === 'bigint' ? Number(actualVersion) : -1);

/** Makes `append` of the store. */
export const appenderOf = ({ connection, names, timeoutMs, readStream }: AppendParts): EventStore['append'] => {
  const send = (prepared: PreparedAppend): Promise<E.Either<StoreError, Said>> => {
    const { stream, expected, previous } = prepared;
    const records = recordsOf(prepared);
    return connection.call(async ({ client, ...credentials }) => {
      const expectedRevision = expected === 'none' ? NO_STREAM : BigInt(previous);
      const appending = client.appendToStream(names.there(stream), records, { expectedRevision, deadline: timeoutMs, requiresLeader: true, ...credentials });
      try {
        return await within(timeoutMs, `the append to ${stream}`, appending);
      } catch (thrown) {
        if (thrown instanceof WrongExpectedVersionError) return { actual: actualOf(thrown) };
        throw thrown;
      }
    }, true);
  };

  /** Where a stream's event stands, for servers that do not tell it in the answer to a repeat. */
  const look = async (stream: string, revision: number): Promise<E.Either<StoreError, Appended>> => {
    const read = await readStream(stream, revision, 1)();
    if (E.isLeft(read)) return read;
    const [event] = read.right;
    return event === undefined ? E.left(corrupt(-1, `revision ${revision} was acknowledged and is not there`, stream)) : E.right({ revision, position: event.position });
  };

  /** A wrong revision: a conflict, or an event id that belongs to another event. */
  const lookInto = async (prepared: PreparedAppend, actual: number): Promise<E.Either<StoreError, Appended>> => {
    const read = await readStream(prepared.stream, prepared.previous + 1, prepared.events.length)();
    return E.chain((there: readonly StoredEvent[]) => answerRepeat(prepared, actual, there))(read);
  };

  const append = async (prepared: PreparedAppend): Promise<E.Either<StoreError, Appended>> => {
    const { stream, previous, events } = prepared;
    const said = await send(prepared);
    if (E.isLeft(said)) return said;
    if ('actual' in said.right) return lookInto(prepared, said.right.actual);
    const revision = Number(said.right.nextExpectedRevision);
    if (revision !== previous + events.length) {
      return E.left(corrupt(-1, `the events became revision ${revision}, not ${previous + events.length}: somebody deleted this stream in EventStoreDB before`, stream));
    }
    const position = positionOf(said.right.position);
    return E.isLeft(position) ? look(stream, revision) : E.right({ revision, position: position.right });
  };

  return (stream, expected, events) => async () => {
    const prepared = prepareAppend(stream, expected, events);
    return E.isLeft(prepared) ? prepared : append(prepared.right);
  };
};
