/** The call `BatchAppend`: one connection for many appends, each told by its correlation id. A fault is taken for each append, when its last part has come. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { ServerDuplexStream } from '@grpc/grpc-js';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import statuses from '@eventstore/db-client/generated/status_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import protobufAny from 'google-protobuf/google/protobuf/any_pb.js';
import protobufEmpty from 'google-protobuf/google/protobuf/empty_pb.js';
import { commit } from './appending.ts';
import { ANY, NO_STREAM, STREAM_EXISTS } from './checkCommit.ts';
import { cutFailure, failureOf, faultFailure } from './failures.ts';
import type { Ground } from './ground.ts';
import type { Written } from './log.ts';
import { numberText, proposedOf, streamIdentifier, streamName, uuidText } from './messages.ts';
import { countedSize, type Proposed } from './records.ts';
import { requestsOf } from './requests.ts';

type BatchCall = ServerDuplexStream<streams.BatchAppendReq, streams.BatchAppendResp>;
const { BatchAppendResp } = streams;

interface Pending {
  readonly correlation: shared.UUID;
  readonly stream: string;
  readonly expected: number;
  readonly events: Proposed[];
}

const expectedOf = (options: streams.BatchAppendReq.Options): number => {
  if (options.hasNoStream()) return NO_STREAM;
  if (options.hasAny()) return ANY;
  return options.hasStreamExists() ? STREAM_EXISTS : Number(options.getStreamPosition());
};

/** A failure is a status with one message that says which. */
const statusOf = (code: number, text: string, details: { readonly name: string; readonly bytes: Uint8Array }): statuses.Status => {
  const any = new protobufAny.Any();
  any.pack(details.bytes, `event_store.client.${details.name}`);
  return new statuses.Status().setCode(code).setMessage(text).setDetails(any);
};

const wrongVersion = (expected: number, current: number): statuses.Status => {
  const message = new shared.WrongExpectedVersion();
  if (current < 0) message.setCurrentNoStream(new protobufEmpty.Empty());
  else message.setCurrentStreamRevision(numberText(current));
  if (expected === ANY) message.setExpectedAny(new protobufEmpty.Empty());
  else if (expected === STREAM_EXISTS) message.setExpectedStreamExists(new protobufEmpty.Empty());
  else if (expected === NO_STREAM) message.setExpectedNoStream(new protobufEmpty.Empty());
  else message.setExpectedStreamPosition(numberText(expected));
  return statusOf(6, 'WrongExpectedVersion', { name: 'WrongExpectedVersion', bytes: message.serializeBinary() });
};

const success = ({ revision, position }: Extract<Written, { readonly is: 'written' }>): streams.BatchAppendResp.Success => {
  const message = new BatchAppendResp.Success();
  if (revision < 0) message.setNoStream(new protobufEmpty.Empty());
  else message.setCurrentRevision(numberText(revision));
  return position === undefined
    ? message.setNoPosition(new protobufEmpty.Empty())
    : message.setPosition(new shared.AllStreamPosition().setCommitPosition(String(position)).setPreparePosition(String(position)));
};

const answerTo = ({ correlation, stream }: Pending): streams.BatchAppendResp =>
  new BatchAppendResp().setCorrelationId(correlation).setStreamIdentifier(streamIdentifier(stream));

const failed = (pending: Pending, error: statuses.Status): streams.BatchAppendResp => answerTo(pending).setError(error);

const tooLong = (limit: number): statuses.Status =>
  statusOf(3, `Maximum Append Size of ${limit} Exceeded.`, {
    name: 'MaximumAppendSizeExceeded',
    bytes: new shared.MaximumAppendSizeExceeded().setMaxappendsize(limit).serializeBinary(),
  });

const deleted = (stream: string): statuses.Status =>
  statusOf(9, `Event stream '${stream}' is deleted.`, {
    name: 'StreamDeleted',
    bytes: new shared.StreamDeleted().setStreamIdentifier(streamIdentifier(stream)).serializeBinary(),
  });

const write = (ground: Ground, pending: Pending): streams.BatchAppendResp => {
  const written = commit(ground, pending);
  if (written.is === 'written') return answerTo(pending).setSuccess(success(written));
  return failed(pending, written.is === 'deleted' ? deleted(pending.stream) : wrongVersion(pending.expected, written.current));
};

/** One append that has come whole. Answers whether the connection goes on. */
const answer = async (ground: Ground, call: BatchCall, pending: Pending): Promise<boolean> => {
  const fault = ground.takeFault('BatchAppend');
  switch (fault?.do) {
    case 'hang':
    case 'stall':
      return true;
    case 'drop':
      ground.cut(call.getPeer());
      return false;
    case 'error':
      throw faultFailure(fault);
    case 'cut':
      throw cutFailure();
    case 'end':
      call.end();
      return false;
    case 'delay':
      await sleep(fault.ms, undefined, { ref: false });
      break;
    case 'commitThenDrop':
    case 'commitThenHang':
    case undefined:
      break;
  }
  const answered = write(ground, pending);
  if (fault?.do === 'commitThenDrop') ground.cut(call.getPeer());
  else if (fault?.do !== 'commitThenHang') call.write(answered);
  return fault?.do !== 'commitThenDrop';
};

/** Puts the parts of appends together. Answers with an append when its last part has come, or with what refuses it. */
const collector = (maxAppendBytes: number): ((request: streams.BatchAppendReq) => Pending | streams.BatchAppendResp | undefined) => {
  const parts = new Map<string, Pending>();
  return (request) => {
    const id = uuidText(request.getCorrelationId());
    const options = request.getOptions();
    const correlation = request.getCorrelationId() ?? new shared.UUID();
    if (options !== undefined) parts.set(id, { correlation, stream: streamName(options.getStreamIdentifier()), expected: expectedOf(options), events: [] });
    const pending = parts.get(id);
    if (pending === undefined) return undefined;
    pending.events.push(...request.getProposedMessagesList().map(proposedOf));
    const size = pending.events.reduce((sum, event) => sum + countedSize(event), 0);
    if (size <= maxAppendBytes && !request.getIsFinal()) return undefined;
    parts.delete(id);
    return size > maxAppendBytes ? failed(pending, tooLong(maxAppendBytes)) : pending;
  };
};

export const batchAppending =
  (ground: Ground) =>
  (call: BatchCall): void => {
    const run = async (): Promise<void> => {
      ground.note('BatchAppend');
      const collect = collector(ground.maxAppendBytes);
      for await (const request of requestsOf<streams.BatchAppendReq>(call)) {
        ground.admit(call.metadata, 'writing');
        const collected = collect(request);
        if (collected === undefined) continue;
        if (collected instanceof BatchAppendResp) call.write(collected);
        else if (!(await answer(ground, call, collected))) return;
      }
      call.end();
    };
    run().catch((thrown: unknown) => {
      call.emit('error', failureOf(thrown));
    });
  };
