/**
 * A typed client of the REST face.
 *
 * @packageDocumentation
 */
export type { ActionPlan } from '../api/bodies/plan.ts';
export type { TaskBody } from '../api/bodies/task.ts';
export type { ClosedType, Fields } from '../api/closed.ts';
export type {
  AcceptedBody,
  BodyOf,
  ChangeReplies,
  Described,
  Enveloped,
  EnvelopedPart,
  Envelopes,
  Method,
  NoParameters,
  Operation,
  OperationKind,
  PathNames,
  PathOf,
  PlannableReplies,
  PlanReply,
  QueryOf,
  IsOne,
  Replies,
  ReplyOf,
  StreamedOf,
} from '../api/operation.ts';
export type { Given, Parameter, Parameters, SortedBy } from '../api/parameters.ts';
export { operations, type OperationId, type Operations } from '../api/operations/index.ts';
export type { ArgumentsOf, BodyArgument, CallOf, CallOptions, ChangeOptions, KeyOptions, PathArgument, QueryArgument, StreamOptions, WrittenParameter } from './arguments.ts';
export { apiClient, type Answered, type ApiClient, type ClientOptions, type GivenBy } from './client.ts';
export { failureMessage, type ClientFailure } from './failure.ts';
export { StreamFailed } from './stream.ts';
export type { EventMessage } from '../queries/eventMessage.ts';
export type { Problem } from '../api/problem.ts';
