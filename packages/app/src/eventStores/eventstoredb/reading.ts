/** Reads: of one stream, of the log, and of its end. A read that ends early is an error, never a short history. */
import { BACKWARDS, END, FORWARDS, type AllStreamResolvedEvent } from '@eventstore/db-client';
import * as E from 'fp-ts/lib/Either.js';
import type { EventStore, StoredEvent, StoreError } from '@blockledger/domain';
import { corrupt } from '../errors.ts';
import { PAGE_EVENTS } from '../limits.ts';
import { checkCounts } from '../prepare.ts';
import type { Page } from '../subscriptions.ts';
import type { Connection } from './connection.ts';
import { drain, drainStream } from './draining.ts';
import type { Names } from './names.ts';
import { placeOf, positionOf } from './positions.ts';
import { storedOf } from './records.ts';

/** What reading stands on. */
export interface ReadParts {
  readonly connection: Connection;
  readonly names: Names;
  /** A read that gives nothing for so long has failed. */
  readonly timeoutMs: number;
}

/** The reads of the store. */
export interface Reads extends Pick<EventStore, 'readStream' | 'readAll' | 'head'> {
  /** The next events for a subscription: none only at the end of the log. */
  readonly page: (fromPosition: number) => Promise<E.Either<StoreError, Page>>;
}

/** Events that are asked for at once, by who wants all and by who looks bit by bit. What is not ours is read too, and left out. */
const PAGE = { most: 4_096, fewest: PAGE_EVENTS } as const;

type Looked = E.Either<StoreError, Page & { readonly isEnd: boolean }>;

/** Makes the reads of the store. */
export const readsOf = ({ connection, names, timeoutMs }: ReadParts): Reads => {
  const readStream = async (stream: string, fromRevision: number, limit?: number): Promise<E.Either<StoreError, readonly StoredEvent[]>> => {
    const flaw = checkCounts({ fromRevision, ...(limit === undefined ? {} : { limit }) });
    if (flaw !== undefined) return E.left(flaw);
    if (limit === 0) return E.right([]);
    const resolved = await connection.call(({ client, ...credentials }) => {
      const maxCount = limit === undefined ? {} : { maxCount: limit };
      return drainStream(`reading ${stream}`, timeoutMs, client.readStream(names.there(stream), { direction: FORWARDS, fromRevision: BigInt(fromRevision), ...maxCount, ...credentials }));
    });
    if (E.isLeft(resolved)) return resolved;
    const events: StoredEvent[] = [];
    for (const { event } of resolved.right) {
      if (event === undefined) continue;
      const stored = storedOf(event, stream);
      if (E.isLeft(stored)) return stored;
      const wanted = fromRevision + events.length;
      if (stored.right.revision !== wanted) return E.left(corrupt(stored.right.position, `revision ${wanted} of the stream is missing: somebody cut it in EventStoreDB`, stream));
      events.push(stored.right);
    }
    return E.right(events);
  };

  /** Our events among so many of the whole log at most. */
  const look = async (fromPosition: number, maxCount: number): Promise<Looked> => {
    const resolved = await connection.call(({ client, ...credentials }) =>
      drain('reading the log', timeoutMs, client.readAll({ direction: FORWARDS, fromPosition: placeOf(fromPosition), maxCount, ...credentials })),
    );
    if (E.isLeft(resolved)) return resolved.left._tag === 'Invalid' ? behind(fromPosition, resolved.left) : resolved;
    const events: StoredEvent[] = [];
    let next = fromPosition;
    for (const { event } of resolved.right) {
      if (event === undefined) continue;
      const position = positionOf(event.position);
      if (E.isLeft(position)) return position;
      // The first one may be that behind which to begin.
      if (position.right < fromPosition) continue;
      next = position.right + 1;
      const stream = names.here(event.streamId);
      if (stream === undefined) continue;
      const stored = storedOf(event, stream);
      if (E.isLeft(stored)) return stored;
      events.push(stored.right);
    }
    return E.right({ events, next, isEnd: resolved.right.length < maxCount });
  };

  /** Behind our last event there is nothing, also where others have written there. */
  const behind = async (fromPosition: number, error: StoreError): Promise<Looked> => {
    const end = await head();
    if (E.isLeft(end)) return end;
    return fromPosition > end.right ? E.right({ events: [], next: fromPosition, isEnd: true }) : E.left(error);
  };

  const page = async (fromPosition: number): Promise<E.Either<StoreError, Page>> => {
    for (let from = fromPosition; ; ) {
      const seen = await look(from, PAGE.fewest);
      if (E.isLeft(seen) || seen.right.events.length > 0 || seen.right.isEnd) return seen;
      from = seen.right.next;
    }
  };

  const readAll = async (fromPosition: number, limit: number): Promise<E.Either<StoreError, readonly StoredEvent[]>> => {
    const flaw = checkCounts({ fromPosition, limit });
    if (flaw !== undefined) return E.left(flaw);
    const events: StoredEvent[] = [];
    for (let from = fromPosition; events.length < limit; ) {
      // One more, since the first may be the one behind which to begin.
      const seen = await look(from, Math.min(PAGE.most, limit - events.length) + 1);
      if (E.isLeft(seen)) return seen;
      events.push(...seen.right.events.slice(0, limit - events.length));
      if (seen.right.isEnd) break;
      from = seen.right.next;
    }
    return E.right(events);
  };

  /** Looks from the end backwards for an event of ours: others may have written since, the server itself does, and so do registers. */
  const head = async (): Promise<E.Either<StoreError, number>> => {
    let from: Parameters<typeof backwards>[0] = END;
    for (let asked = 1; ; asked = PAGE.most) {
      const page = await backwards(from, asked);
      if (E.isLeft(page)) return page;
      const ours = page.right.find(({ event }) => event !== undefined && names.here(event.streamId) !== undefined)?.event;
      if (ours !== undefined) return positionOf(ours.position);
      const last = page.right.at(-1)?.event?.position;
      if (page.right.length < asked || last === undefined) return E.right(-1);
      from = last;
    }
  };
  const backwards = (fromPosition: typeof END | { readonly commit: bigint; readonly prepare: bigint }, maxCount: number): Promise<E.Either<StoreError, readonly AllStreamResolvedEvent[]>> =>
    connection.call(({ client, ...credentials }) => drain('reading the end of the log', timeoutMs, client.readAll({ direction: BACKWARDS, fromPosition, maxCount, ...credentials })));

  return {
    readStream: (stream, fromRevision, limit) => () => readStream(stream, fromRevision, limit),
    page,
    readAll: (fromPosition, limit) => () => readAll(fromPosition, limit),
    head: () => head,
  };
};
