/**
 * The REST face.
 *
 * @packageDocumentation
 */
export { openApiDocument } from '../api/openapi.ts';
export { authenticator, type Authenticate, type Tokens } from './auth.ts';
export type { ListenError } from './listen.ts';
export { problemOf, PROBLEM_TYPE, type Problem } from './problems.ts';
export { serviceRefusals, type ServiceRefusal, type ServiceRefusalTag } from './refusals.ts';
export { httpService, type HttpService, type HttpServiceOptions, type ListenOn } from './service.ts';
export { statusFor, statusOf, type RefusalTag } from './status.ts';
