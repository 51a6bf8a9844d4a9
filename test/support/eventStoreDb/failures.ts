/** The failures of calls as the server states them: a status, and what it says in the trailers. */
import { Metadata, status, type ServerErrorResponse } from '@grpc/grpc-js';
import type { Fault } from './faults.ts';

/** A failed call. It is thrown inside the double and becomes the status of the call. */
export class CallFailure extends Error implements ServerErrorResponse {
  readonly code: status;
  readonly details: string;
  readonly metadata: Metadata;

  constructor(code: status, details: string, trailers: Readonly<Record<string, string>> = {}) {
    super(details);
    this.code = code;
    this.details = details;
    this.metadata = new Metadata();
    for (const [name, value] of Object.entries(trailers)) this.metadata.set(name, value);
  }
}

export const streamDeleted = (stream: string): CallFailure =>
  new CallFailure(status.FAILED_PRECONDITION, `Event stream '${stream}' is deleted.`, { exception: 'stream-deleted', 'stream-name': stream });

export const accessDenied = (): CallFailure => new CallFailure(status.PERMISSION_DENIED, 'Access Denied', { exception: 'access-denied' });

/** A wrong name or password never reaches a call: it is refused as HTTP refuses it. */
export const unauthenticated = (): CallFailure => new CallFailure(status.UNAUTHENTICATED, 'Bad gRPC response. HTTP status code: 401');

export const notLeader = (leader: { readonly host: string; readonly port: number } | undefined): CallFailure =>
  leader === undefined
    ? new CallFailure(status.UNKNOWN, 'No leader info available in response')
    : new CallFailure(status.NOT_FOUND, 'Leader info available', {
        exception: 'not-leader',
        'leader-endpoint-host': leader.host,
        'leader-endpoint-port': String(leader.port),
      });

export const maxAppendSizeExceeded = (limit: number): CallFailure =>
  new CallFailure(status.INVALID_ARGUMENT, `Maximum Append Size of ${limit} Exceeded.`, {
    exception: 'maximum-append-size-exceeded',
    'maximum-append-size': String(limit),
  });

export const missingProperty = (name: string): CallFailure =>
  new CallFailure(status.INVALID_ARGUMENT, `Required Metadata Property '${name}' is missing`, {
    exception: 'missing-required-metadata-property',
    'required-metadata-properties': 'type,content-type',
  });

export const wrongVersionOf = (operation: string, { stream, expected, current }: { readonly stream: string; readonly expected: number; readonly current: number }): CallFailure =>
  new CallFailure(
    status.FAILED_PRECONDITION,
    `${operation} failed due to WrongExpectedVersion. Stream: ${stream}, Expected version: ${expected}, Actual version: ${current}`,
    { exception: 'wrong-expected-version', 'stream-name': stream, 'expected-version': String(expected), 'actual-version': String(current) },
  );

/** The failures of persistent subscriptions name the group. */
const ofGroup =
  (code: status, exception: string, text: (group: string, stream: string) => string) =>
  ({ source, name }: { readonly source: string; readonly name: string }): CallFailure =>
    new CallFailure(code, text(name, source), { exception, 'stream-name': source, 'group-name': name });

export const groupExists = ofGroup(status.ALREADY_EXISTS, 'persistent-subscription-exists', (group, stream) => `Subscription group ${group} on stream ${stream} exists.`);
export const groupDoesNotExist = ofGroup(
  status.NOT_FOUND,
  'persistent-subscription-does-not-exist',
  (group, stream) => `Subscription group ${group} on stream ${stream} does not exist.`,
);
export const groupDropped = ofGroup(status.CANCELLED, 'persistent-subscription-dropped', (group, stream) => `Subscription group ${group} on stream ${stream} was dropped.`);
export const groupIsFull = ofGroup(
  status.FAILED_PRECONDITION,
  'maximum-subscribers-reached',
  (group, stream) => `Maximum subscriptions reached for subscription group ${group} on stream ${stream}.`,
);

/** A subscription says so; a plain read says `unexpectedResult`. */
export const invalidPosition = (): CallFailure => new CallFailure(status.INVALID_ARGUMENT, 'Trying to read from an invalid position.');

/** What a read says of a result that it does not expect, as an invalid position is one. */
export const unexpectedResult = (kind: string, result: string): CallFailure => new CallFailure(status.UNKNOWN, `Unexpected ${kind}: ${result}`);

export const invalidCombination = (): CallFailure => new CallFailure(status.INVALID_ARGUMENT, 'The combination is invalid.');

/** What an exception inside the server looks like from outside. */
export const handlerThrew = (): CallFailure => new CallFailure(status.UNKNOWN, 'Exception was thrown by handler.');

export const faultFailure = ({ code, details, metadata }: Extract<Fault, { readonly do: 'error' }>): CallFailure => new CallFailure(code, details, metadata);

export const cutFailure = (): CallFailure => new CallFailure(status.UNAVAILABLE, 'Connection dropped');

/** Whatever was thrown, as the status of a call. */
export const failureOf = (thrown: unknown): CallFailure => (thrown instanceof CallFailure ? thrown : handlerThrew());
