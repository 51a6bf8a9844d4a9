/** How calls are answered, and how they go wrong when a test wants it. */
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Metadata, sendUnaryData, ServerWritableStream } from '@grpc/grpc-js';
import type streams from '@eventstore/db-client/generated/streams_pb.js';
import { cutFailure, failureOf, faultFailure } from './failures.ts';
import type { Fault } from './faults.ts';
import type { Ground, Need } from './ground.ts';

/** What all kinds of calls have in common. */
interface AnyCall {
  readonly metadata: Metadata;
  readonly getPeer: () => string;
}

/** What is done with a call, and what it needs. */
export interface Work<Call, Answer> {
  readonly name: string;
  readonly need: Need;
  readonly answer: (call: Call) => Answer | Promise<Answer>;
}

/** Does what a fault wants before the effect. Answers whether the call is over. */
export const wentWrong = async (ground: Ground, fault: Fault | undefined, call: AnyCall, fail: (thrown: unknown) => void): Promise<boolean> => {
  switch (fault?.do) {
    case 'hang':
    case 'stall':
      return true;
    case 'drop':
    case 'end':
      ground.cut(call.getPeer());
      return true;
    case 'error':
      fail(faultFailure(fault));
      return true;
    case 'cut':
      fail(cutFailure());
      return true;
    case 'delay':
      await sleep(fault.ms, undefined, { ref: false });
      return false;
    case 'commitThenDrop':
    case 'commitThenHang':
    case undefined:
      return false;
  }
};

/** A call that is answered once. Of a fault that speaks of messages, `end` is a cut connection, `stall` silence, and `cut` UNAVAILABLE. */
export const answerOnce =
  <Call extends AnyCall, Answer>(ground: Ground, { name, need, answer }: Work<Call, Answer>) =>
  (call: Call, callback: sendUnaryData<Answer>): void => {
    const fail = (thrown: unknown): void => callback(failureOf(thrown), null);
    const run = async (): Promise<void> => {
      ground.note(name);
      const fault = ground.takeFault(name);
      if (await wentWrong(ground, fault, call, fail)) return;
      ground.admit(call.metadata, need);
      const answered = await answer(call);
      if (fault?.do === 'commitThenDrop') ground.cut(call.getPeer());
      else if (fault?.do !== 'commitThenHang') callback(null, answered);
    };
    run().catch(fail);
  };

/** After how many events a read goes wrong, and what it does then. */
const endOf = (fault: Fault | undefined): number => {
  if (fault?.do === 'end') return fault.after ?? 0;
  return fault?.do === 'cut' || fault?.do === 'stall' ? fault.after : Number.POSITIVE_INFINITY;
};

type ReadCall = ServerWritableStream<streams.ReadReq, streams.ReadResp>;

/** Until the caller takes more, or has gone. */
const writable = async (call: ReadCall, signal: AbortSignal): Promise<void> => {
  await once(call, 'drain', { signal }).catch(() => undefined);
};

/** Sends messages until there are no more, the caller has gone, or so many events were sent. */
const send = async (call: ReadCall, messages: AsyncIterable<streams.ReadResp>, { most, signal }: { readonly most: number; readonly signal: AbortSignal }): Promise<'all' | 'most' | 'gone'> => {
  let events = 0;
  if (most <= 0) return 'most';
  for await (const message of messages) {
    if (signal.aborted) return 'gone';
    if (!call.write(message)) await writable(call, signal);
    if (message.hasEvent()) events += 1;
    if (events >= most) return 'most';
  }
  return signal.aborted ? 'gone' : 'all';
};

/** A read or a subscription: the first name is that of the call, the others are what it reads. */
export const answerRead =
  (
    ground: Ground,
    namesOf: (call: ReadCall) => readonly string[],
    read: (call: ReadCall, signal: AbortSignal) => AsyncIterable<streams.ReadResp>,
  ) =>
  (call: ReadCall): void => {
    const gone = new AbortController();
    call.on('cancelled', () => gone.abort());
    const fail = (thrown: unknown): void => void call.emit('error', failureOf(thrown));
    const run = async (): Promise<void> => {
      const names = namesOf(call);
      ground.note(names[0] ?? 'Read');
      const fault = ground.takeFault(...names.toReversed());
      const most = endOf(fault);
      if (most === Number.POSITIVE_INFINITY && (await wentWrong(ground, fault, call, fail))) return;
      ground.admit(call.metadata, 'reading');
      const sent = await send(call, read(call, gone.signal), { most, signal: gone.signal });
      if (sent === 'gone' || fault?.do === 'stall' || fault?.do === 'commitThenHang') return;
      if (fault?.do === 'commitThenDrop') ground.cut(call.getPeer());
      else if (fault?.do === 'cut') fail(cutFailure());
      else call.end();
    };
    run().catch(fail);
  };
