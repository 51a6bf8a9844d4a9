/**
 * The REST face.
 *
 * @packageDocumentation
 */
export { openApiDocument } from '../api/openapi.ts';
export type { JsonSchema } from '../api/schema.ts';
export type { Observability } from './watching/attend.ts';
export { authenticator, type Authenticate, type Authentication } from './access/auth.ts';
export type { ListenError } from './running/listen.ts';
export { problemOf, PROBLEM_TYPE, type Problem } from './refusing/problems.ts';
export type { Certificate, TlsError, TlsMaterial } from './access/tls.ts';
export { DEFAULT_RATE_LIMITS, type RateLimit, type RateLimits } from './access/rateLimits.ts';
export { serviceRefusals, type ServiceRefusal, type ServiceRefusalTag } from './refusing/refusals.ts';
export { httpService, type HttpService, type HttpServiceOptions, type ListenOn } from './service.ts';
export type { StreamLimits } from './streams/limits.ts';
export type { StaticGrant, StaticToken, Tokens } from './access/staticTokens.ts';
export { statusFor, statusOf, type AnyRefusalTag } from './refusing/status.ts';
