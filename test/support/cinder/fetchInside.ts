/** A `fetch` that asks a service of the same process, without a network. */
import type { HttpService } from '@blockledger/app/http';
import type { InjectOptions } from 'light-my-request';

/** What a service that does not listen answers. */
export const fetchInside =
  ({ fastify }: Pick<HttpService, 'fastify'>): typeof fetch =>
  async (input, init) => {
    const url = input instanceof Request ? new URL(input.url) : new URL(input);
    const headers = Object.fromEntries(new Headers(init?.headers));
    const { statusCode, headers: answered, rawPayload } = await fastify.inject({ method: (init?.method ?? 'GET') as NonNullable<InjectOptions['method']>, url: `${url.pathname}${url.search}`, headers, ...(typeof init?.body === 'string' ? { payload: init.body } : {}) });
    return new Response(statusCode === 204 ? null : rawPayload, { status: statusCode, headers: { 'content-type': String(answered['content-type']) } });
  };
