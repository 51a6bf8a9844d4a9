/** Reads that come to an end. */
import streams from '@eventstore/db-client/generated/streams_pb.js';
import { allBackwards, allForwards } from './allPages.ts';
import { streamDeleted, unexpectedResult } from './failures.ts';
import type { EventLog } from './log.ts';
import { eventMessage, notFoundMessage, numberText } from './messages.ts';
import type { AllRead, ReadRequest, StreamRead } from './readRequest.ts';
import { isShownInAll, type Position } from './records.ts';
import { PAGE, pageBackwards, pageForwards, type StreamPage } from './streamPages.ts';

type Messages = AsyncGenerator<streams.ReadResp, void>;
type Asked = Pick<ReadRequest, 'backwards' | 'style' | 'saysPositions'> & { readonly count: number };

const lastPositionMessage = (last: number): streams.ReadResp => new streams.ReadResp().setLastStreamPosition(numberText(last));
const firstPositionMessage = (first: number): streams.ReadResp => new streams.ReadResp().setFirstStreamPosition(numberText(first));

const startOf = ({ from }: StreamRead, backwards: boolean): number | 'end' => {
  if (from === 'start') return 0;
  // Forwards from the end: there is nothing after the greatest revision.
  return from === 'end' && !backwards ? Number.MAX_SAFE_INTEGER : from;
};

/** A stream, from a revision, that event too. */
export async function* readStream(log: EventLog, source: StreamRead, { backwards, count, style, saysPositions }: Asked): Messages {
  const { stream } = source;
  const size = Math.min(PAGE, count);
  let at = startOf(source, backwards);
  let read = 0;
  for (;;) {
    const page: StreamPage = backwards ? pageBackwards(log, stream, at, size) : pageForwards(log, stream, Number(at), size);
    if (page.is === 'deleted') throw streamDeleted(stream);
    if (page.is === 'noStream') {
      yield notFoundMessage(stream);
      return;
    }
    if (!backwards && saysPositions && read === 0 && page.events.length === 0 && at !== page.next) yield firstPositionMessage(page.next);
    for (const event of page.events.slice(0, count - read)) yield eventMessage(event, style);
    read += page.events.length;
    if (page.atEnd || read >= count) {
      if (saysPositions) yield lastPositionMessage(page.last);
      return;
    }
    at = page.next;
  }
}

const placeOf = (log: EventLog, from: AllRead['from']): Position => {
  if (from === 'start') return { commit: 0, prepare: 0 };
  return from === 'end' ? { commit: log.end(), prepare: log.end() } : from;
};

/** $all: forwards from a position, that event too; backwards from a position, that event not. */
export async function* readAll(log: EventLog, { from, filter }: AllRead, { backwards, count, style }: Asked): Messages {
  const kind = filter === undefined ? 'ReadAllResult' : 'FilteredReadAllResult';
  const allows = filter?.allows ?? isShownInAll;
  let at = placeOf(log, from);
  if (backwards) {
    const events = allBackwards(log, { from: at, count, allows });
    if (events === 'invalid') throw unexpectedResult(kind, 'InvalidPosition');
    if (events === 'error') throw unexpectedResult(kind, 'Error');
    for (const event of events) yield eventMessage(event, style);
    return;
  }
  for (let read = 0; read < count; ) {
    const page = allForwards(log, { from: at, count: Math.min(PAGE, count), allows });
    if (page === 'invalid') throw unexpectedResult(kind, 'InvalidPosition');
    for (const event of page.events.slice(0, count - read)) yield eventMessage(event, style);
    read += page.events.length;
    if (page.atEnd) return;
    at = page.next;
  }
}
