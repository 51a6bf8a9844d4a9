/** The calls `Delete` and `Tombstone`. */
import type { sendUnaryData, ServerUnaryCall } from '@grpc/grpc-js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import { answerOnce } from './answering.ts';
import { expectedOf } from './appending.ts';
import { handlerThrew, streamDeleted, wrongVersionOf } from './failures.ts';
import type { Ground } from './ground.ts';
import { streamName } from './messages.ts';

const remove = ({ log }: Ground, options: streams.DeleteReq.Options | streams.TombstoneReq.Options | undefined, hard: boolean): string => {
  if (options === undefined) throw handlerThrew();
  const stream = streamName(options.getStreamIdentifier());
  const expected = expectedOf(options);
  const removed = log.delete({ stream, expected, hard });
  if (removed.is === 'deleted') throw streamDeleted(stream);
  if (removed.is === 'wrongVersion') throw wrongVersionOf('Delete', { stream, expected, current: removed.current });
  return String(removed.position);
};

type DeleteCall = ServerUnaryCall<streams.DeleteReq, streams.DeleteResp>;
type TombstoneCall = ServerUnaryCall<streams.TombstoneReq, streams.TombstoneResp>;

export const deleting = (ground: Ground): ((call: DeleteCall, callback: sendUnaryData<streams.DeleteResp>) => void) =>
  answerOnce<DeleteCall, streams.DeleteResp>(ground, {
    name: 'Delete',
    need: 'writing',
    answer: ({ request }) => {
      const position = remove(ground, request.getOptions(), false);
      return new streams.DeleteResp().setPosition(new streams.DeleteResp.Position().setCommitPosition(position).setPreparePosition(position));
    },
  });

export const tombstoning = (ground: Ground): ((call: TombstoneCall, callback: sendUnaryData<streams.TombstoneResp>) => void) =>
  answerOnce<TombstoneCall, streams.TombstoneResp>(ground, {
    name: 'Tombstone',
    need: 'writing',
    answer: ({ request }) => {
      const position = remove(ground, request.getOptions(), true);
      return new streams.TombstoneResp().setPosition(new streams.TombstoneResp.Position().setCommitPosition(position).setPreparePosition(position));
    },
  });
