/** What of a path is written to the log: no text that a caller chose, since it may be a token pasted into the wrong place (I-24). */
import type { FastifyRequest } from 'fastify';

/** An integer or a UUID, with a verb after a colon where there is one. */
const REFERENCE = /^(?:\d{1,16}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?::[a-z-]{1,32})?$/;

/** The route, with the references of the request where they are references; `-` where there is no such route. */
export const loggedPath = (request: FastifyRequest): string => {
  const template = request.routeOptions.url;
  if (template === undefined) return '-';
  const params = (request.params ?? {}) as Readonly<Record<string, string>>;
  return template
    .split('/')
    .map((segment) => {
      if (!segment.startsWith(':') || segment.startsWith('::')) return segment.replaceAll('::', ':');
      const given = params[segment.slice(1)] ?? '';
      return REFERENCE.test(given) ? given : '*';
    })
    .join('/');
};
