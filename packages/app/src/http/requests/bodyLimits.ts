/** How long the body of a request may be, by what it asks for. */
import type { Operation } from '../../api/operation.ts';
import type { Route } from '../router.ts';

/** Longest body where nobody chose another, in bytes: a volume with every field and many labels fits well. */
export const DEFAULT_BODY_BYTES = 64 * 1024;
/** An operation that takes no body is sent none, or an empty object. */
const NO_BODY_BYTES = 1024;

const limitOf = ({ body, bodyBytes }: Operation, chosen: number): number => (body === undefined ? NO_BODY_BYTES : (bodyBytes ?? chosen));

/** The limit of a route is that of its most generous operation; `chosen` is for those that say nothing of it. */
export const bodyLimitOf = ({ verbs }: Route, chosen: number): number => Math.max(...[...verbs.values()].map(([, operation]) => limitOf(operation, chosen)));
