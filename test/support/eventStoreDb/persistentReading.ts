/** The call `PersistentSubscriptions/Read`: a consumer of a group. A fault is taken when it connects, not for each event. */
import { randomUUID } from 'node:crypto';
import type { ServerDuplexStream } from '@grpc/grpc-js';
import persistent from '@eventstore/db-client/generated/persistent_pb.js';
import { wentWrong } from './answering.ts';
import { failureOf, groupIsFull, handlerThrew } from './failures.ts';
import type { Ground } from './ground.ts';
import { recordedMessage, uuidText } from './messages.ts';
import type { Connection, Consumer, Group, GroupName, Refusal } from './persistentGroup.ts';
import { groupNameOf } from './persistentSettings.ts';
import { requestsOf } from './requests.ts';

type ConsumerCall = ServerDuplexStream<persistent.ReadReq, persistent.ReadResp>;
const { ReadEvent, SubscriptionConfirmation } = persistent.ReadResp;
const { Action } = persistent.ReadReq.Nack;

const REFUSALS: Readonly<Record<number, Refusal>> = { [Action.UNKNOWN]: 'retry', [Action.PARK]: 'park', [Action.RETRY]: 'retry', [Action.SKIP]: 'skip', [Action.STOP]: 'stop' };

const consumerOf = (call: ConsumerCall, options: persistent.ReadReq.Options): Consumer => ({
  bufferSize: options.getBufferSize(),
  name: String(call.metadata.get('connection-name')[0] ?? '<unknown>'),
  give: (event, retries) => {
    const style = options.getUuidOption()?.hasString() === true ? 'text' : 'structured';
    const recorded = recordedMessage(new ReadEvent.RecordedEvent(), event, style);
    call.write(new persistent.ReadResp().setEvent(new ReadEvent().setEvent(recorded).setCommitPosition(String(event.position)).setRetryCount(retries)));
  },
  fail: (failure) => void call.emit('error', failureOf(failure)),
});

/** What a consumer says of what it was given. */
const heard = (connection: Connection, request: persistent.ReadReq): void => {
  const ack = request.getAck();
  const nack = request.getNack();
  if (ack !== undefined) connection.done(ack.getIdsList().map(uuidText));
  if (nack !== undefined) connection.refuse(nack.getIdsList().map(uuidText), REFUSALS[nack.getAction()] ?? 'retry', nack.getReason());
};

export const persistentReading =
  (ground: Ground, groupOf: (name: GroupName) => Group) =>
  (call: ConsumerCall): void => {
    const fail = (thrown: unknown): void => void call.emit('error', failureOf(thrown));
    let connection: Connection | undefined;
    call.on('cancelled', () => connection?.leave());
    const connect = (request: persistent.ReadReq): Connection => {
      const options = request.getOptions();
      if (options === undefined) throw handlerThrew();
      ground.admit(call.metadata, 'writing');
      const name = groupNameOf(options);
      const connected = groupOf(name).connect(consumerOf(call, options));
      if (connected === undefined) throw groupIsFull(name);
      call.write(new persistent.ReadResp().setSubscriptionConfirmation(new SubscriptionConfirmation().setSubscriptionId(randomUUID())));
      return connected;
    };
    const run = async (): Promise<void> => {
      ground.note('PersistentRead');
      if (await wentWrong(ground, ground.takeFault('PersistentRead'), call, fail)) return;
      for await (const request of requestsOf<persistent.ReadReq>(call)) {
        if (connection === undefined) connection = connect(request);
        else heard(connection, request);
      }
      connection?.leave();
      call.end();
    };
    run().catch(fail);
  };
