/** The call `Read`: reads and subscriptions. */
import type { ServerWritableStream } from '@grpc/grpc-js';
import type streams from '@eventstore/db-client/generated/streams_pb.js';
import { answerRead } from './answering.ts';
import type { Ground } from './ground.ts';
import { namesOf, readRequestOf } from './readRequest.ts';
import { readAll, readStream } from './reads.ts';
import { subscribeToAll, subscribeToStream } from './subscriptions.ts';

type ReadCall = ServerWritableStream<streams.ReadReq, streams.ReadResp>;

export const reading = (ground: Ground): ((call: ReadCall) => void) =>
  answerRead(
    ground,
    ({ request }) => namesOf(request),
    ({ request }, signal) => {
      const { source, count, ...asked } = readRequestOf(request);
      if (count === undefined) {
        const subscriber = { style: asked.style, saysCaughtUp: ground.saysCaughtUp, signal };
        return source.of === 'all' ? subscribeToAll(ground.log, source, subscriber) : subscribeToStream(ground.log, source, subscriber);
      }
      return source.of === 'all' ? readAll(ground.log, source, { ...asked, count }) : readStream(ground.log, source, { ...asked, count });
    },
  );
