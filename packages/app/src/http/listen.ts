/** Beginning to listen, with the reasons why it may not work. */
import type { FastifyInstance } from 'fastify';
import * as E from 'fp-ts/lib/Either.js';

/** Why the service does not listen. */
export interface ListenError {
  readonly _tag: 'PortInUse' | 'CannotListen';
  readonly message: string;
}

const explain = (thrown: unknown, host: string, port: number): ListenError => {
  const code = typeof thrown === 'object' && thrown !== null && 'code' in thrown ? String(thrown.code) : '';
  if (code === 'EADDRINUSE') return { _tag: 'PortInUse', message: `port ${port} on ${host} is in use` };
  const why = thrown instanceof Error ? thrown.message : String(thrown);
  return { _tag: 'CannotListen', message: `cannot listen on ${host} port ${port}: ${why}` };
};

/** Listens; the address as a URL. */
export const listen = async (app: FastifyInstance, host: string, port: number): Promise<E.Either<ListenError, string>> => {
  try {
    return E.right(await app.listen({ host, port }));
  } catch (thrown) {
    return E.left(explain(thrown, host, port));
  }
};
