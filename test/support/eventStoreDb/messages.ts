/** Between the messages of the wire and what the log holds. */
import shared from '@eventstore/db-client/generated/shared_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import { missingProperty } from './failures.ts';
import { LAST_REVISION, type Position, type Proposed, type Recorded } from './records.ts';

const LAST_SIGNED = '9223372036854775807';
const LAST_UNSIGNED = '18446744073709551615';

/** The sign of "end", or of "none", among unsigned numbers. */
export const isLastUnsigned = (text: string): boolean => text === LAST_UNSIGNED;

/** A 64-bit number as text: a double cannot hold the last one exactly. */
export const numberText = (value: number): string => (value >= LAST_REVISION ? LAST_SIGNED : String(value));

export const streamName = (identifier: shared.StreamIdentifier | undefined): string => Buffer.from(identifier?.getStreamName_asU8() ?? []).toString('utf8');

export const streamIdentifier = (name: string): shared.StreamIdentifier => new shared.StreamIdentifier().setStreamName(Buffer.from(name).toString('base64'));

const hexOf = (signed: string): string => BigInt.asUintN(64, BigInt(signed)).toString(16).padStart(16, '0');

export const uuidText = (uuid: shared.UUID | undefined): string => {
  const structured = uuid?.getStructured();
  if (structured === undefined) return uuid?.getString().toLowerCase() ?? '';
  const hex = hexOf(structured.getMostSignificantBits()) + hexOf(structured.getLeastSignificantBits());
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
};

export const uuidMessage = (text: string): shared.UUID => new shared.UUID().setString(text);

const structuredUuid = (text: string): shared.UUID => {
  const hex = text.replaceAll('-', '');
  const half = (digits: string): string => BigInt.asIntN(64, BigInt(`0x${digits}`)).toString();
  return new shared.UUID().setStructured(
    new shared.UUID.Structured().setMostSignificantBits(half(hex.slice(0, 16))).setLeastSignificantBits(half(hex.slice(16))),
  );
};

/** Both kinds of append propose an event in the same words. */
interface ProposedMessage {
  readonly getId: () => shared.UUID | undefined;
  readonly getMetadataMap: () => { readonly get: (key: string) => string | undefined };
  readonly getCustomMetadata_asU8: () => Uint8Array;
  readonly getData_asU8: () => Uint8Array;
}

export const proposedOf = (message: ProposedMessage): Proposed => {
  const type = message.getMetadataMap().get('type');
  const contentType = message.getMetadataMap().get('content-type');
  if (type === undefined) throw missingProperty('type');
  if (contentType === undefined) throw missingProperty('content-type');
  return {
    id: uuidText(message.getId()),
    type,
    json: contentType === 'application/json',
    data: message.getData_asU8(),
    metadata: message.getCustomMetadata_asU8(),
  };
};

const TICKS_PER_MS = 10_000n;

/** How a client wants the ids of events written. */
export type UuidStyle = 'text' | 'structured';

/** Reads and persistent subscriptions have each a message of their own for the same. */
interface RecordedMessage {
  readonly setId: (value: shared.UUID) => unknown;
  readonly setStreamIdentifier: (value: shared.StreamIdentifier) => unknown;
  readonly setStreamRevision: (value: string) => unknown;
  readonly setPreparePosition: (value: string) => unknown;
  readonly setCommitPosition: (value: string) => unknown;
  readonly setData: (value: Uint8Array) => unknown;
  readonly setCustomMetadata: (value: Uint8Array) => unknown;
  readonly getMetadataMap: () => { readonly set: (key: string, value: string) => unknown };
}

export const recordedMessage = <Message extends RecordedMessage>(message: Message, event: Recorded, style: UuidStyle): Message => {
  message.setId(style === 'text' ? uuidMessage(event.id) : structuredUuid(event.id));
  message.setStreamIdentifier(streamIdentifier(event.stream));
  message.setStreamRevision(numberText(event.revision));
  message.setPreparePosition(String(event.position));
  message.setCommitPosition(String(event.position));
  message.setData(event.data);
  message.setCustomMetadata(event.metadata);
  const metadata = message.getMetadataMap();
  metadata.set('type', event.type);
  metadata.set('created', String(BigInt(event.createdMs) * TICKS_PER_MS));
  metadata.set('content-type', event.json ? 'application/json' : 'application/octet-stream');
  return message;
};

export const eventMessage = (event: Recorded, style: UuidStyle): streams.ReadResp =>
  new streams.ReadResp().setEvent(new streams.ReadResp.ReadEvent().setEvent(recordedMessage(new streams.ReadResp.ReadEvent.RecordedEvent(), event, style)).setCommitPosition(String(event.position)));

export const checkpointMessage = ({ commit, prepare }: Position): streams.ReadResp =>
  new streams.ReadResp().setCheckpoint(new streams.ReadResp.Checkpoint().setCommitPosition(String(commit)).setPreparePosition(String(prepare)));

export const notFoundMessage = (stream: string): streams.ReadResp =>
  new streams.ReadResp().setStreamNotFound(new streams.ReadResp.StreamNotFound().setStreamIdentifier(streamIdentifier(stream)));

export const confirmationMessage = (id: string): streams.ReadResp =>
  new streams.ReadResp().setConfirmation(new streams.ReadResp.SubscriptionConfirmation().setSubscriptionId(id));

export const caughtUpMessage = (): streams.ReadResp => new streams.ReadResp().setCaughtUp(new streams.ReadResp.CaughtUp());
