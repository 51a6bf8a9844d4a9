/** What fastify and Node report, as refusals. */
import type { Socket } from 'node:net';
import type { Refusal } from '@blockledger/domain';
import { PROBLEM_TYPE, problemOf } from './problems.ts';
import { refuseService } from './refusals.ts';

/** Carries a refusal through fastify, whose parsers answer by throwing. */
export class RefusedError extends Error {
  readonly refusal: Refusal;
  constructor(refusal: Refusal) {
    super(refusal.message);
    this.refusal = refusal;
  }
}

interface Known {
  readonly code: string;
  readonly statusCode: number;
}

const isKnown = (error: unknown): error is Known =>
  typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string' && 'statusCode' in error && typeof error.statusCode === 'number';

/** What went wrong before or beside a route. Anything unforeseen is ours, and tells nothing of its inside. */
export const refusalOf = (error: unknown): Refusal => {
  if (error instanceof RefusedError) return error.refusal;
  if (!isKnown(error) || error.statusCode >= 500) return refuseService('InternalError', 'the service failed');
  switch (error.code) {
    case 'FST_ERR_BAD_URL':
      return refuseService('PathIsMalformed', 'the path cannot be decoded');
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return refuseService('BodyIsTooLarge', 'the body is too large');
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return refuseService('ContentTypeIsNotJson', 'the body is not said to be JSON');
    case 'FST_ERR_MAX_PARAM_LENGTH':
      return refuseService('RouteNotFound', 'the path is too long');
    default:
      return refuseService('RequestIsMalformed', 'the request cannot be read');
  }
};

const REASONS: Readonly<Record<number, string>> = { 400: 'Bad Request', 408: 'Request Timeout', 431: 'Request Header Fields Too Large' };

const ofConnection = (code: string | undefined): Refusal => {
  switch (code) {
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return refuseService('RequestTimedOut', 'the request did not arrive in time');
    case 'HPE_HEADER_OVERFLOW':
      return refuseService('HeadersAreTooLarge', 'the headers are too large');
    default:
      return refuseService('RequestIsMalformed', 'the request cannot be read');
  }
};

/** What is not even HTTP is answered on the bare connection. */
export const answerBrokenRequest = (error: { readonly code?: string }, socket: Socket): void => {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const problem = problemOf(ofConnection(error.code));
  const { status } = problem;
  const body = JSON.stringify(problem);
  socket.end(
    `HTTP/1.1 ${status} ${REASONS[status] ?? ''}\r\ncontent-type: ${PROBLEM_TYPE}\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
  );
};
