/** Beginning to listen, with the reasons why it may not work. */
import type { FastifyInstance } from 'fastify';
import * as E from 'fp-ts/lib/Either.js';
import { isLoopback } from '../access/loopback.ts';
import { messageOf } from '../../system/thrown.ts';

/** Why the service does not listen. */
export interface ListenError {
  readonly _tag: 'PortInUse' | 'CannotListen' | 'TlsIsRequired';
  readonly message: string;
}

/** Why a port could not be opened. */
export const explainListening = (thrown: unknown, host: string, port: number): ListenError => {
  const code = typeof thrown === 'object' && thrown !== null && 'code' in thrown ? String(thrown.code) : '';
  if (code === 'EADDRINUSE') return { _tag: 'PortInUse', message: `port ${port} on ${host} is in use` };
  const why = messageOf(thrown);
  return { _tag: 'CannotListen', message: `cannot listen on ${host} port ${port}: ${why}` };
};

/** Where to listen, and whether what is said there is hidden from the network. */
export interface ListenAt {
  readonly host: string;
  readonly port: number;
  readonly hasTls: boolean;
  /** Without TLS all the same. */
  readonly insecure: boolean;
}

/** Listens; the address as a URL. Tokens do not cross a network in the clear unless somebody insists. */
export const listen = async (app: FastifyInstance, { host, port, hasTls, insecure }: ListenAt): Promise<E.Either<ListenError, string>> => {
  if (!hasTls && !insecure && !isLoopback(host)) {
    return E.left({ _tag: 'TlsIsRequired', message: `${host} is not loopback, and there is no TLS: tokens would cross the network in the clear` });
  }
  try {
    return E.right(await app.listen({ host, port }));
  } catch (thrown) {
    return E.left(explainListening(thrown, host, port));
  }
};
