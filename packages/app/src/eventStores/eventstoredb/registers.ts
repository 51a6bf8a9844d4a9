/**
 * Registers, each in a stream of its own beside those of the events, which keeps its latest event only. EventStoreDB removes what is not kept any
 * more when it is scavenged.
 */
import { BACKWARDS, END, jsonEvent, NO_STREAM, WrongExpectedVersionError, type EventData } from '@eventstore/db-client';
import * as E from 'fp-ts/lib/Either.js';
import { v4 } from 'uuid';
import type { ExpectedRevision, Registers, StoreError } from '@blockledger/domain';
import { conflict, corrupt, unavailable } from '../errors.ts';
import { checkRegister, prepareRegister } from '../prepare.ts';
import type { Connection } from './connection.ts';
import { drainStream } from './draining.ts';
import type { Names } from './names.ts';
import { within } from './silence.ts';

/** What registers stand on. */
export interface RegisterParts {
  readonly connection: Connection;
  readonly names: Names;
  readonly timeoutMs: number;
}

const TYPE = 'RegisterWritten';

/** The latest event of a register. */
interface Latest {
  readonly id: string;
  readonly revision: number;
  readonly value: object;
}

/** One write, fixed before it is sent. */
interface Write {
  readonly name: string;
  readonly expected: ExpectedRevision;
  readonly event: EventData;
}

/** Makes the registers of the store. */
export const registersOf = ({ connection, names, timeoutMs }: RegisterParts): Registers => {
  /** Only the leader knows what was written last. */
  const latest = async (name: string): Promise<E.Either<StoreError, Latest | undefined>> => {
    const options = { direction: BACKWARDS, fromRevision: END, maxCount: 1, requiresLeader: true } as const;
    const resolved = await connection.call(({ client, ...credentials }) =>
      drainStream(`reading the register ${name}`, timeoutMs, client.readStream(names.register(name), { ...options, ...credentials })),
    );
    if (E.isLeft(resolved)) return resolved;
    const event = resolved.right[0]?.event;
    if (event === undefined) return E.right(undefined);
    const { id, revision, type, data } = event;
    if (type !== TYPE || typeof data !== 'object' || data === null) return E.left(corrupt(-1, `somebody else wrote to the register ${name}`, names.register(name)));
    return E.right({ id, revision: Number(revision), value: data });
  };

  /** Before the first value: a process that dies behind it would leave a stream that keeps all of them. */
  const keepLatestOnly = (name: string): Promise<E.Either<StoreError, unknown>> =>
    connection.call(({ client, ...credentials }) =>
      within(timeoutMs, `the first write of the register ${name}`, client.setStreamMetadata(names.register(name), { maxCount: 1 }, { deadline: timeoutMs, requiresLeader: true, ...credentials })),
    );

  const send = ({ name, expected, event }: Write): Promise<E.Either<StoreError, number | 'conflict'>> =>
    connection.call(async ({ client, ...credentials }) => {
      const expectedRevision = expected === 'none' ? NO_STREAM : BigInt(expected);
      const appending = client.appendToStream(names.register(name), event, { expectedRevision, deadline: timeoutMs, requiresLeader: true, ...credentials });
      try {
        return Number((await within(timeoutMs, `the write of the register ${name}`, appending)).nextExpectedRevision);
      } catch (thrown) {
        if (thrown instanceof WrongExpectedVersionError) return 'conflict';
        throw thrown;
      }
    }, true);

  /** Where the answer was lost, or was no: what stands there now. */
  const resolve = async ({ name, expected, event }: Write, error: StoreError | undefined): Promise<E.Either<StoreError, number>> => {
    const found = await latest(name);
    if (E.isLeft(found)) return E.left(error ?? found.left);
    if (found.right?.id === event.id) return E.right(found.right.revision);
    const actual = found.right?.revision ?? -1;
    const mayLand = actual === (expected === 'none' ? -1 : expected);
    if (mayLand) return E.left(error ?? unavailable(`the register ${name} was written elsewhere and is not`));
    return E.left(conflict(name, expected, actual));
  };

  const write = async (name: string, expected: ExpectedRevision, value: object): Promise<E.Either<StoreError, number>> => {
    const json = prepareRegister(name, expected, value);
    if (E.isLeft(json)) return json;
    if (expected === 'none') {
      const kept = await keepLatestOnly(name);
      if (E.isLeft(kept)) return kept;
    }
    const sent: Write = { name, expected, event: jsonEvent({ id: v4(), type: TYPE, data: JSON.parse(json.right) as never }) };
    const said = await send(sent);
    if (E.isRight(said)) return said.right === 'conflict' ? resolve(sent, undefined) : E.right(said.right);
    return said.left._tag === 'Unavailable' && said.left.outcomeUnknown ? resolve(sent, said.left) : said;
  };

  return {
    read: (name) => async () => {
      const flaw = checkRegister(name);
      if (flaw !== undefined) return E.left(flaw);
      return E.map((found: Latest | undefined) => (found === undefined ? undefined : { revision: found.revision, value: found.value }))(await latest(name));
    },
    write: (name, expected, value) => () => write(name, expected, value),
  };
};
