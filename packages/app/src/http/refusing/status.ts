/** The one table from refusals to HTTP: nothing below this folder knows a status. */
import type { Refusal } from '@blockledger/domain';
import { refusalKinds, type RefusalKind, type RefusalTag } from '../../engine/refusalKinds.ts';
import type { ServiceRefusalTag } from './refusals.ts';

/** Every refusal that a request can meet: the control plane's, and those of the REST face itself. */
export type AnyRefusalTag = RefusalTag | ServiceRefusalTag;

/**
 * - 400: the request is not well formed. 404: what it names is not there. 422: well formed, but no state of things would allow it.
 * - 409: the present state is in the way; the same request may be accepted later. 503: nothing was decided, send it again.
 */
const statusOfKind: Readonly<Record<RefusalKind, number>> = {
  malformed: 400,
  forbidden: 403,
  notFound: 404,
  conflict: 409,
  limit: 409,
  failed: 409,
  changed: 412,
  invalid: 422,
  fault: 500,
  unavailable: 503,
  timedOut: 504,
};

const ofService: Readonly<Record<ServiceRefusalTag, number>> = {
  Unauthorized: 401,
  RoleIsInsufficient: 403,
  TooManyRequests: 429,
  TooManyWrongTokens: 429,
  TooManyStreams: 429,
  RouteNotFound: 404,
  MethodNotAllowed: 405,
  PathIsMalformed: 400,
  BodyIsNotJson: 400,
  BodyIsTooLarge: 413,
  ContentTypeIsNotJson: 415,
  FieldIsInvalid: 400,
  ParameterIsInvalid: 400,
  MoreThanOneIntent: 400,
  IdempotencyKeyIsInvalid: 400,
  IfMatchIsInvalid: 400,
  IfMatchIsNotTaken: 400,
  PositionIsInvalid: 400,
  HeadersAreTooLarge: 431,
  ExpectationIsUnknown: 417,
  RequestIsMalformed: 400,
  RequestTimedOut: 408,
  ServiceIsEnding: 503,
  InternalError: 500,
};

const ofPlane = Object.fromEntries(Object.entries(refusalKinds).map(([tag, kind]) => [tag, statusOfKind[kind]])) as Readonly<Record<RefusalTag, number>>;

/** The status of each refusal: of the control plane's by their kind. */
export const statusOf: Readonly<Record<AnyRefusalTag, number>> = { ...ofPlane, ...ofService };

const isKnown = (tag: string): tag is AnyRefusalTag => Object.hasOwn(statusOf, tag);

/**
 * The status for a refusal. A tag that no table has is a fault of ours.
 *
 * @example
 * import { statusFor } from '@blockledger/app/http';
 * statusFor({ _tag: 'VolumeIsMapped' }); // => 409
 */
export const statusFor = ({ _tag }: Pick<Refusal, '_tag'>): number => (isKnown(_tag) ? statusOf[_tag] : 500);
