/** One event as EventStoreDB holds it, there and back. */
import { jsonEvent, type AllStreamRecordedEvent, type EventData, type RecordedEvent } from '@eventstore/db-client';
import * as E from 'fp-ts/lib/Either.js';
import stringify from 'safe-stable-stringify';
import { v5 } from 'uuid';
import { Uuid, type NewEvent, type StoredEvent, type StoreError } from '@blockledger/domain';
import { corrupt } from '../errors.ts';
import type { PreparedAppend } from '../prepare.ts';
import { positionOf } from './positions.ts';

/** What stands in an event's metadata. The names with `$` are those that EventStoreDB's own tools follow. */
interface Metadata extends Pick<NewEvent, 'eventId' | 'meta' | 'schemaVersion'> {
  readonly $correlationId: string;
  readonly $causationId: string;
}

/**
 * EventStoreDB recognises a repeat by its event ids and does not compare what they carry. So the id that it is given says both: that of the
 * event and what is in it. Another event under a known id is then no repeat to it, but a wrong revision, and is looked into.
 */
const idOf = (event: NewEvent): string => v5(stringify(event), event.eventId);

/** The events of an append, ready to be sent. They do not change any more: each try sends the same. */
export const recordsOf = ({ events }: PreparedAppend): EventData[] =>
  events.map(({ json }) => {
    const event = JSON.parse(json) as NewEvent;
    const { eventId, type, data, meta, schemaVersion } = event;
    const metadata: Metadata = { eventId, schemaVersion, meta, $correlationId: meta.correlationId, $causationId: meta.commandId };
    return jsonEvent({ id: idOf(event), type, data: data as never, metadata: metadata as never });
  });

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null && !Array.isArray(value);

const isMetadata = (value: unknown): value is Metadata =>
  isRecord(value) && Uuid.is(value['eventId']) && Number.isSafeInteger(value['schemaVersion']) && isRecord(value['meta']);

/** An event of ours as it was appended; anything else that stands in one of our streams is corrupt. */
export const storedOf = (recorded: RecordedEvent | AllStreamRecordedEvent, stream: string): E.Either<StoreError, StoredEvent> => {
  const { type, data, metadata, revision: at, position: place } = recorded;
  const position = positionOf(place);
  if (E.isLeft(position)) return position;
  const revision = Number(at);
  if (!isMetadata(metadata) || !isRecord(data)) {
    return E.left(corrupt(position.right, `revision ${revision}, ${type} ${recorded.id}, is no event of Blockledger: somebody else wrote to this stream`, stream));
  }
  const { eventId, schemaVersion, meta } = metadata;
  return E.right({ eventId, type, schemaVersion, data, meta, stream, revision, position: position.right });
};
