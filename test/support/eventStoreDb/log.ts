/**
 * The stored log of the double: what a server keeps, without any wire. Positions are bytes, as the server counts them: they have gaps and rise by the length of
 * each record. Several doubles may share one log: that is a cluster whose members know everything at once.
 */
import { randomUUID } from 'node:crypto';
import { checkCommit, type StreamFacts } from './checkCommit.ts';
import { isSystemStream, LAST_REVISION, recordLength, type Proposed, type Recorded } from './records.ts';

/** The fields of `$metadata` that the double heeds. */
export interface StreamMetadata {
  readonly maxCount?: number;
  readonly truncateBefore?: number;
}

export interface Write {
  readonly stream: string;
  readonly expected: number;
  readonly events: readonly Proposed[];
}

export type Written =
  /**
   * `position` is that of the last event written; a repeated append is answered as the first time, without a position when its last event can no longer be read.
   * `revision` is -1 for a stream without events.
   */
  | { readonly is: 'written'; readonly revision: number; readonly position: number | undefined; readonly repeated: boolean }
  | { readonly is: 'wrongVersion'; readonly current: number }
  | { readonly is: 'deleted' };

export interface Deletion {
  readonly stream: string;
  readonly expected: number;
  /** A tombstone: the stream can never be written again. Otherwise it can, and goes on with its revisions. */
  readonly hard: boolean;
}

export interface EventLog {
  /** Every event, the server's own too, in order. */
  readonly all: readonly Recorded[];
  /** The events of clients: of streams that do not begin with `$`. */
  readonly events: readonly Recorded[];
  /** The byte after the last record. */
  readonly end: () => number;
  /** All events that were ever written to a stream, the truncated and deleted ones too. */
  readonly stream: (name: string) => readonly Recorded[];
  readonly metadataOf: (stream: string) => StreamMetadata;
  readonly isTombstoned: (stream: string) => boolean;
  readonly append: (write: Write) => Written;
  readonly delete: (deletion: Deletion) => Written;
  /** So many events of the server about itself, as `$stats` are. */
  readonly appendStatistics: (count: number) => void;
  /** Calls `told` after each append. Answers with what ends that. */
  readonly watch: (told: () => void) => () => void;
  /** The index in `all` of the record that begins at a byte, or of the first after it when a record of no event begins there; undefined inside a record. */
  readonly indexAt: (position: number) => number | undefined;
}

/** The first revision of a stream that its metadata leaves readable. */
export const firstRevision = (events: readonly Recorded[], { maxCount, truncateBefore }: StreamMetadata): number =>
  Math.max(0, truncateBefore ?? 0, maxCount === undefined ? 0 : (events.at(-1)?.revision ?? -1) - maxCount + 1);

const EPOCH_RECORD_LENGTH = 158;
const NOTHING = new Uint8Array();

/** An event that holds JSON. */
export const jsonEvent = (type: string, data: unknown, id: string = randomUUID()): Proposed => ({
  id,
  type,
  json: true,
  data: Buffer.from(JSON.stringify(data)),
  metadata: NOTHING,
});

const numberOf = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined);

const readMetadata = (event: Recorded | undefined): StreamMetadata => {
  if (event === undefined) return {};
  try {
    const { $maxCount, $tb } = JSON.parse(Buffer.from(event.data).toString('utf8')) as Readonly<Record<string, unknown>>;
    const maxCount = numberOf($maxCount);
    const truncateBefore = numberOf($tb);
    return { ...(maxCount === undefined ? {} : { maxCount }), ...(truncateBefore === undefined ? {} : { truncateBefore }) };
  } catch {
    return {};
  }
};

/** The metadata of a deleted stream; its number is beyond what JSON.stringify can write exactly. */
const DELETED_METADATA = '{"$tb":9223372036854775807}';

const undeleted = (event: Recorded | undefined, from: number): Proposed => {
  const before = event === undefined ? {} : (JSON.parse(Buffer.from(event.data).toString('utf8')) as Readonly<Record<string, unknown>>);
  return jsonEvent('$metadata', { ...before, $tb: from });
};

export const eventLog = (): EventLog => {
  const all: Recorded[] = [];
  const ours: Recorded[] = [];
  const streams = new Map<string, Recorded[]>();
  const byId = new Map<string, Recorded>();
  const indexes = new Map<number, number>([[0, 0]]);
  const watchers = new Set<() => void>();
  let end = EPOCH_RECORD_LENGTH;

  const stream = (name: string): readonly Recorded[] => streams.get(name) ?? [];
  const isTombstoned = (name: string): boolean => stream(name).at(-1)?.revision === LAST_REVISION;
  const lastRevision = (name: string): number => stream(name).at(-1)?.revision ?? -1;
  const metadataOf = (name: string): StreamMetadata => (name.startsWith('$$') ? { maxCount: 1 } : readMetadata(stream(`$$${name}`).at(-1)));

  const write = (name: string, event: Proposed, revision: number): Recorded => {
    const recorded: Recorded = { ...event, stream: name, revision, position: end, end: end + recordLength(name, event), createdMs: Date.now() };
    indexes.set(end, all.length);
    end = recorded.end;
    all.push(recorded);
    if (!isSystemStream(name)) ours.push(recorded);
    const others = streams.get(name);
    if (others === undefined) streams.set(name, [recorded]);
    else others.push(recorded);
    byId.set(`${name} ${event.id}`, recorded);
    return recorded;
  };
  /** An append without events is a record without an event. */
  const writeEmpty = (name: string): number => {
    const position = end;
    indexes.set(position, all.length);
    end += recordLength(name, { ...jsonEvent('', {}), data: NOTHING });
    return position;
  };
  const writeNext = (name: string, event: Proposed): Recorded => write(name, event, lastRevision(name) + 1);
  const tell = (): void => {
    for (const told of watchers) told();
  };

  const canBeRead = (event: Recorded): boolean => event.revision >= firstRevision(stream(event.stream), metadataOf(event.stream));

  const factsOf = (name: string): StreamFacts => ({
    last: lastRevision(name),
    tombstoned: isTombstoned(name),
    softDeleted: metadataOf(name).truncateBefore === LAST_REVISION,
    hasMetadata: stream(`$$${name}`).length > 0,
    at: (revision) => stream(name)[revision],
    byId: (id) => byId.get(`${name} ${id}`),
  });

  const decide = ({ stream: name, expected }: Pick<Write, 'stream' | 'expected'>, ids: readonly string[], commit: (undelete: boolean) => Written): Written => {
    const facts = factsOf(name);
    const decision = checkCommit(expected, ids, facts);
    switch (decision.is) {
      case 'ok':
        return commit(decision.undelete);
      case 'repeated':
        return { is: 'written', revision: decision.last.revision, position: canBeRead(decision.last) ? decision.last.position : undefined, repeated: true };
      case 'wrongVersion':
        return { is: 'wrongVersion', current: facts.last };
      case 'halfRepeated':
        // The server answers a half repeated append as it answers a wrong revision.
        return { is: 'wrongVersion', current: facts.last };
      case 'deleted':
        return { is: 'deleted' };
    }
  };

  const append = ({ stream: name, expected, events }: Write): Written =>
    decide({ stream: name, expected }, events.map(({ id }) => id), (undelete) => {
      const from = lastRevision(name) + 1;
      const last = events.map((event) => writeNext(name, event)).at(-1);
      const position = last?.position ?? writeEmpty(name);
      if (undelete) writeNext(`$$${name}`, undeleted(stream(`$$${name}`).at(-1), from));
      tell();
      return { is: 'written', revision: lastRevision(name), position, repeated: false };
    });

  const remove = ({ stream: name, expected, hard }: Deletion): Written =>
    decide({ stream: name, expected }, [randomUUID()], () => {
      const recorded = hard
        ? write(name, { ...jsonEvent('$streamDeleted', {}), json: false, data: NOTHING }, LAST_REVISION)
        : writeNext(`$$${name}`, { ...jsonEvent('$metadata', {}), data: Buffer.from(DELETED_METADATA) });
      tell();
      return { is: 'written', revision: recorded.revision, position: recorded.position, repeated: false };
    });

  // A server writes of itself before anybody else writes.
  writeNext('$epoch-information', jsonEvent('$epoch-information', { epochNumber: 0 }));
  writeNext('$users', jsonEvent('$User', 'admin'));

  return {
    all,
    events: ours,
    end: () => end,
    stream,
    metadataOf,
    isTombstoned,
    append,
    delete: remove,
    appendStatistics: (count) => {
      for (let index = 0; index < count; index += 1) writeNext('$stats-127.0.0.1:2113', jsonEvent('$statsCollected', { index }));
      if (count > 0) tell();
    },
    watch: (told) => {
      watchers.add(told);
      return () => void watchers.delete(told);
    },
    indexAt: (position) => indexes.get(position),
  };
};
