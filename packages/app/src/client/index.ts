/**
 * A typed client of the REST face.
 *
 * @packageDocumentation
 */
export type { ArgumentsOf, CallOf } from './arguments.ts';
export { apiClient, type Answered, type ApiClient, type ClientOptions } from './client.ts';
export { failureMessage, type ClientFailure } from './failure.ts';
export type { Problem } from '../api/problem.ts';
export type { OperationId, Operations } from '../api/operations/index.ts';
