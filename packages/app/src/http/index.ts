/**
 * The REST face.
 *
 * @packageDocumentation
 */
export { openApiDocument } from '../api/openapi.ts';
export type { JsonSchema } from '../api/schema.ts';
export type { Observability } from './attend.ts';
export { authenticator, type Authenticate, type Authentication } from './auth.ts';
export type { ListenError } from './listen.ts';
export { problemOf, PROBLEM_TYPE, type Problem } from './problems.ts';
export type { Certificate, TlsError, TlsMaterial } from './tls.ts';
export { DEFAULT_RATE_LIMITS, type RateLimit, type RateLimits } from './rateLimits.ts';
export { serviceRefusals, type ServiceRefusal, type ServiceRefusalTag } from './refusals.ts';
export { httpService, type HttpService, type HttpServiceOptions, type ListenOn } from './service.ts';
export type { StreamLimits } from './streams/limits.ts';
export type { StaticGrant, StaticToken, Tokens } from './staticTokens.ts';
export { statusFor, statusOf, type RefusalTag } from './status.ts';
