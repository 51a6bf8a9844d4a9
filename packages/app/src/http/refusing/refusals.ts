/** Refusals of the REST face itself: the request never reached the control plane. */
import { refusalsOf, type Refusal } from '@blockledger/domain';

/** Every reason for which the REST face itself refuses a request: the rule, where it is written, and the way out. */
export const serviceRefusals = {
  Unauthorized: { rule: 'tokenIsValid', spec: 'S0-16', remedy: 'send a valid token in Xms-Auth-Token, or in Authorization: Bearer' },
  RoleIsInsufficient: { rule: 'roleSuffices', spec: 'S0-16', remedy: 'use a token with the role named as limit, or ask an admin for one' },
  TooManyRequests: { rule: 'requestsWithinLimit', spec: 'S0-1', remedy: 'send the request again after as many seconds as Retry-After says' },
  TooManyWrongTokens: { rule: 'tokensAreNotGuessed', spec: 'S0-16', remedy: 'wait as many seconds as Retry-After says, then send a valid token' },
  TooManyStreams: { rule: 'streamsWithinLimit', spec: 'S0-1', remedy: 'end a stream that nobody reads, or watch more with one' },
  RouteNotFound: { rule: 'routeExists', spec: 'S0-1', remedy: 'check method and path' },
  MethodNotAllowed: { rule: 'methodIsAllowed', spec: 'S0-1', remedy: 'use one of the methods that the Allow header names' },
  PathIsMalformed: { rule: 'pathIsWellFormed', spec: 'S0-1', remedy: 'correct the percent-encoding' },
  BodyIsNotJson: { rule: 'bodyIsJson', spec: 'S0-16', remedy: 'send a JSON object in UTF-8' },
  BodyIsTooLarge: { rule: 'bodyFits', spec: 'S0-16', remedy: 'send a smaller body' },
  ContentTypeIsNotJson: { rule: 'bodyIsJson', spec: 'S0-16', remedy: 'send the header Content-Type: application/json' },
  FieldIsInvalid: { rule: 'bodyIsWellFormed', spec: 'S0-2', remedy: 'correct the field named' },
  ParameterIsInvalid: { rule: 'queryIsWellFormed', spec: 'S0-4', remedy: 'correct the parameter named' },
  MoreThanOneIntent: { rule: 'oneIntent', spec: 'R-6', remedy: 'send flatten and roll_back alone, each in a request of its own' },
  IdempotencyKeyIsInvalid: { rule: 'keyIsWellFormed', spec: 'I-32', remedy: 'send 1 to 255 printable characters' },
  IfMatchIsInvalid: { rule: 'ifMatchIsATag', spec: 'S0-16', remedy: 'send the ETag that GET answered with, or leave the header out' },
  IfMatchIsNotTaken: { rule: 'ifMatchIsLookedAt', spec: 'S0-16', remedy: 'leave If-Match out: nothing that this request names has an ETag' },
  PositionIsInvalid: { rule: 'positionIsANumber', spec: 'I-17', remedy: 'send the number that an answer carried as Blockledger-Position, or leave the header out' },
  HeadersAreTooLarge: { rule: 'headersFit', spec: 'S0-1', remedy: 'send fewer or shorter headers' },
  ExpectationIsUnknown: { rule: 'expectationIsKnown', spec: 'S0-1', remedy: 'leave the header Expect out, or send Expect: 100-continue' },
  RequestIsMalformed: { rule: 'requestIsHttp', spec: 'S0-1', remedy: 'send a well-formed HTTP request' },
  RequestTimedOut: { rule: 'requestArrivesInTime', spec: 'S0-1', remedy: 'send the whole request in time' },
  ServiceIsEnding: { rule: 'serviceTakesRequests', spec: 'S0-6', remedy: 'send the request again after as many seconds as Retry-After says' },
  InternalError: { rule: 'serviceWorks', spec: 'S0-6', remedy: 'look in the log under the request id' },
} as const;

/** The names of the REST face's refusals. */
export type ServiceRefusalTag = keyof typeof serviceRefusals;
/** A refusal by the REST face. */
export type ServiceRefusal = Refusal & { readonly _tag: ServiceRefusalTag };

/** A refusal of the REST face. */
export const refuseService = refusalsOf<ServiceRefusalTag>(serviceRefusals);
