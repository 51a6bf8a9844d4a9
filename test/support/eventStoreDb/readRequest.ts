/** What a client asks a read for. */
import streams from '@eventstore/db-client/generated/streams_pb.js';
import { invalidCombination } from './failures.ts';
import { filterOf, type AllFilter } from './filters.ts';
import { isLastUnsigned, streamName, type UuidStyle } from './messages.ts';
import type { Position } from './records.ts';

export interface StreamRead {
  readonly of: 'stream';
  readonly stream: string;
  readonly from: number | 'start' | 'end';
}

export interface AllRead {
  readonly of: 'all';
  readonly from: Position | 'start' | 'end';
  readonly filter: AllFilter | undefined;
}

export interface ReadRequest {
  readonly source: StreamRead | AllRead;
  /** Undefined: a subscription. */
  readonly count: number | undefined;
  readonly backwards: boolean;
  readonly style: UuidStyle;
  /** Whether the client knows of the messages about the first and last position. */
  readonly saysPositions: boolean;
}

const ofAll = (all: streams.ReadReq.Options.AllOptions, filter: streams.ReadReq.Options.FilterOptions | undefined): AllRead => {
  const position = all.getPosition();
  const part = (text: string): number => (isLastUnsigned(text) ? -1 : Number(text));
  const from = (): AllRead['from'] => {
    if (position === undefined) return all.hasEnd() ? 'end' : 'start';
    const at = { commit: part(position.getCommitPosition()), prepare: part(position.getPreparePosition()) };
    return at.commit === -1 && at.prepare === -1 ? 'end' : at;
  };
  return { of: 'all', from: from(), filter: filter === undefined ? undefined : filterOf(filter) };
};

const ofStream = (stream: streams.ReadReq.Options.StreamOptions): StreamRead => {
  const from = (): StreamRead['from'] => {
    if (stream.hasEnd()) return 'end';
    if (stream.hasStart()) return 'start';
    return isLastUnsigned(stream.getRevision()) ? 'end' : Number(stream.getRevision());
  };
  return { of: 'stream', stream: streamName(stream.getStreamIdentifier()), from: from() };
};

export const readRequestOf = (request: streams.ReadReq): ReadRequest => {
  const options = request.getOptions();
  if (options === undefined) throw invalidCombination();
  const all = options.getAll();
  const stream = options.getStream();
  const backwards = options.getReadDirection() === streams.ReadReq.Options.ReadDirection.BACKWARDS;
  const subscribes = options.hasSubscription();
  if ((all === undefined && stream === undefined) || (subscribes && backwards) || (stream !== undefined && options.hasFilter())) throw invalidCombination();
  return {
    source: all === undefined ? ofStream(stream ?? new streams.ReadReq.Options.StreamOptions()) : ofAll(all, options.getFilter()),
    count: subscribes ? undefined : Number(options.getCount()),
    backwards,
    style: options.getUuidOption()?.hasString() === true ? 'text' : 'structured',
    saysPositions: (options.getControlOption()?.getCompatibility() ?? 0) >= 1,
  };
};

/** The names a fault may have for it, the most general first. */
export const namesOf = (request: streams.ReadReq): readonly string[] => {
  const options = request.getOptions();
  const subscribes = options?.hasSubscription() === true;
  const what = options?.hasAll() === true ? 'All' : 'Stream';
  return ['Read', subscribes ? `SubscribeTo${what}` : `Read${what}`];
};
