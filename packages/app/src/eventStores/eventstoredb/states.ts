/**
 * Folded states put aside, in streams beside those of the events. EventStoreDB takes at most 1 MiB at a time, so a state is cut into parts; the
 * newest state of which all parts are there counts. Only a cache: what cannot be read is not there.
 */
import { ANY, BACKWARDS, END, jsonEvent, type EventData, type ResolvedEvent } from '@eventstore/db-client';
import * as E from 'fp-ts/lib/Either.js';
import { v4 } from 'uuid';
import type { EventStore, StateSnapshot, StoreError } from '@blockledger/domain';
import { prepareState } from '../prepare.ts';
import type { Connection } from './connection.ts';
import { drainStream } from './draining.ts';
import type { Names } from './names.ts';
import { within } from './silence.ts';

/** What states are put aside with. */
export interface StateParts {
  readonly connection: Connection;
  readonly names: Names;
  readonly timeoutMs: number;
}

/** UTF-16 units of a part: at most three bytes each, and JSON may double a few. */
const PART_LENGTH = 250_000;
/** Parts of the largest state, 16 MiB, twice: the one before stays until the next is whole. */
const KEPT_PARTS = 144;

interface Part {
  /** Which state it is a part of. */
  readonly state: string;
  readonly at: number;
  readonly of: number;
  readonly revision: number;
  readonly text: string;
}

const partsOf = (json: string, revision: number): readonly EventData[] => {
  const state = v4();
  const of = Math.ceil(json.length / PART_LENGTH);
  return Array.from({ length: of }, (_, at) => {
    const part: Part = { state, at, of, revision, text: json.slice(at * PART_LENGTH, (at + 1) * PART_LENGTH) };
    return jsonEvent({ id: v4(), type: 'StatePutAside', data: part as never });
  });
};

/** The newest whole state among parts, the newest first. */
const newest = (resolved: readonly ResolvedEvent[]): { readonly revision: number; readonly json: string } | undefined => {
  const found = new Map<string, Part[]>();
  for (const { event } of resolved) {
    if (event?.type !== 'StatePutAside') continue;
    const part = event.data as unknown as Part;
    const parts = [...(found.get(part.state) ?? []), part];
    found.set(part.state, parts);
    if (parts.length === part.of) return { revision: part.revision, json: parts.toSorted((a, b) => a.at - b.at).map(({ text }) => text).join('') };
  }
  return undefined;
};

/** Makes the two methods of the store. */
export const statesOf = ({ connection, names, timeoutMs }: StateParts): Pick<EventStore, 'saveState' | 'loadState'> => {
  const save = async (snapshot: StateSnapshot): Promise<E.Either<StoreError, void>> => {
    const json = prepareState(snapshot);
    if (E.isLeft(json)) return json;
    const stream = names.states(snapshot.stream, snapshot.foldVersion);
    return connection.call(async ({ client, ...credentials }) => {
      const options = { deadline: timeoutMs, ...credentials };
      let first = false;
      for (const part of partsOf(json.right, snapshot.revision)) {
        const appended = await within(timeoutMs, 'putting a state aside', client.appendToStream(stream, part, { expectedRevision: ANY, ...options }));
        first ||= appended.nextExpectedRevision === 0n;
      }
      if (first) await within(timeoutMs, 'putting a state aside', client.setStreamMetadata(stream, { maxCount: KEPT_PARTS }, options));
    });
  };

  const load = async (stream: string, foldVersion: number): Promise<E.Either<StoreError, StateSnapshot | undefined>> => {
    const resolved = await connection.call(({ client, ...credentials }) =>
      drainStream('reading a state', timeoutMs, client.readStream(names.states(stream, foldVersion), { direction: BACKWARDS, fromRevision: END, maxCount: KEPT_PARTS, ...credentials })),
    );
    if (E.isLeft(resolved)) return resolved;
    const found = newest(resolved.right);
    if (found === undefined) return E.right(undefined);
    const state = E.tryCatch((): unknown => JSON.parse(found.json), () => undefined);
    return E.right(E.isLeft(state) ? undefined : { stream, foldVersion, revision: found.revision, state: state.right });
  };

  return { saveState: (snapshot) => () => save(snapshot), loadState: (stream, foldVersion) => () => load(stream, foldVersion) };
};
