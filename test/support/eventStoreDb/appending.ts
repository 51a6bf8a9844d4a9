/** The call `Append`: one stream of messages, one answer. */
import type { ServerReadableStream } from '@grpc/grpc-js';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import { answerOnce } from './answering.ts';
import { ANY, NO_STREAM, STREAM_EXISTS } from './checkCommit.ts';
import { handlerThrew, maxAppendSizeExceeded, streamDeleted } from './failures.ts';
import type { Ground } from './ground.ts';
import type { Write, Written } from './log.ts';
import { numberText, proposedOf, streamName } from './messages.ts';
import { countedSize, isSystemStream, type Proposed } from './records.ts';
import { requestsOf } from './requests.ts';

type AppendCall = ServerReadableStream<streams.AppendReq, streams.AppendResp>;
const { Success, WrongExpectedVersion, Position } = streams.AppendResp;

/** Appends, deletions and tombstones state what they expect in the same words. */
interface Expectation {
  readonly hasNoStream: () => boolean;
  readonly hasAny: () => boolean;
  readonly hasStreamExists: () => boolean;
  readonly getRevision: () => string;
}

export const expectedOf = (options: Expectation): number => {
  if (options.hasNoStream()) return NO_STREAM;
  if (options.hasAny()) return ANY;
  return options.hasStreamExists() ? STREAM_EXISTS : Number(options.getRevision());
};

/** Writes, and then what the server writes about itself meanwhile. */
export const commit = ({ log, systemEvents }: Ground, write: Write): Written => {
  const written = log.append(write);
  if (written.is === 'written' && !written.repeated && !isSystemStream(write.stream)) log.appendStatistics(systemEvents);
  return written;
};

const success = ({ revision, position }: Extract<Written, { readonly is: 'written' }>): streams.AppendResp => {
  const message = revision < 0 ? new Success().setNoStream(new shared.Empty()) : new Success().setCurrentRevision(numberText(revision));
  const placed =
    position === undefined
      ? message.setNoPosition(new shared.Empty())
      : message.setPosition(new Position().setCommitPosition(String(position)).setPreparePosition(String(position)));
  return new streams.AppendResp().setSuccess(placed);
};

const wrongVersion = (expected: number, current: number): streams.AppendResp => {
  const message = new WrongExpectedVersion();
  if (current < 0) message.setCurrentNoStream(new shared.Empty()).setNoStream2060(new shared.Empty());
  else message.setCurrentRevision(numberText(current)).setCurrentRevision2060(current);
  if (expected === ANY) message.setExpectedAny(new shared.Empty()).setAny2060(new shared.Empty());
  else if (expected === STREAM_EXISTS) message.setExpectedStreamExists(new shared.Empty()).setStreamExists2060(new shared.Empty());
  else if (expected === NO_STREAM) message.setExpectedNoStream(new shared.Empty());
  else message.setExpectedRevision(numberText(expected)).setExpectedRevision2060(expected);
  return new streams.AppendResp().setWrongExpectedVersion(message);
};

/** Refused as soon as it is too long, before the client has sent the rest. */
const receive = async (call: AppendCall, maxAppendBytes: number): Promise<Write> => {
  let options: streams.AppendReq.Options | undefined;
  const events: Proposed[] = [];
  let size = 0;
  for await (const message of requestsOf<streams.AppendReq>(call)) {
    const proposed = message.getProposedMessage();
    options ??= message.getOptions();
    if (proposed === undefined) continue;
    const event = proposedOf(proposed);
    size += countedSize(event);
    if (size > maxAppendBytes) throw maxAppendSizeExceeded(maxAppendBytes);
    events.push(event);
  }
  // Nothing is written for a client that has gone.
  if (options === undefined || call.cancelled) throw handlerThrew();
  return { stream: streamName(options.getStreamIdentifier()), expected: expectedOf(options), events };
};

export const appending = (ground: Ground) =>
  answerOnce<AppendCall, streams.AppendResp>(ground, {
    name: 'Append',
    need: 'writing',
    answer: async (call) => {
      const write = await receive(call, ground.maxAppendBytes);
      const written = commit(ground, write);
      if (written.is === 'deleted') throw streamDeleted(write.stream);
      return written.is === 'written' ? success(written) : wrongVersion(write.expected, written.current);
    },
  });
