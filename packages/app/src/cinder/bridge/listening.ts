/** Listening where only this machine reaches: a loopback address, or a socket file of this user's. */
import { unlinkSync } from 'node:fs';
import type { Server } from 'node:http';
import { connect } from 'node:net';
import * as E from 'fp-ts/lib/Either.js';
import { isLoopback } from '../../http/access/loopback.ts';
import { messageOf } from '../../system/thrown.ts';

/** Where a bridge listens: a socket file, or a port of a loopback address (default 127.0.0.1). Port 0 takes any free one. */
export type BridgeAddress = { readonly socket: string } | { readonly port: number; readonly host?: string };

/** Why a bridge does not listen. */
export interface BridgeError {
  readonly _tag: 'AddressInUse' | 'CannotListen' | 'NotLoopback';
  readonly message: string;
}

const codeOf = (thrown: unknown): string => (typeof thrown === 'object' && thrown !== null && 'code' in thrown ? String(thrown.code) : '');

const OWNER_ONLY = 0o177;

const listening = (server: Server, address: BridgeAddress): Promise<unknown> =>
  new Promise((resolve) => {
    const done = (thrown?: unknown): void => {
      server.off('error', done);
      server.off('listening', done);
      resolve(thrown);
    };
    server.once('error', done);
    server.once('listening', done);
    if (!('socket' in address)) return server.listen(address.port, address.host ?? '127.0.0.1');
    // The file is made during this call, and from its first moment on nobody else may open it.
    const before = process.umask(OWNER_ONLY);
    try {
      return server.listen(address.socket);
    } finally {
      process.umask(before);
    }
  });

/** True where a process answers at a socket file; one that was killed has left the file only. */
const isAnswered = (path: string): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(path);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', (thrown) => resolve(codeOf(thrown) !== 'ECONNREFUSED'));
  });

const where = (address: BridgeAddress): string => ('socket' in address ? address.socket : `${address.host ?? '127.0.0.1'} port ${address.port}`);

/** Begins to listen. A socket file whose process is dead is taken over. */
export const listenLocally = async (server: Server, address: BridgeAddress): Promise<E.Either<BridgeError, true>> => {
  if (!('socket' in address) && !isLoopback(address.host ?? '127.0.0.1')) {
    return E.left({ _tag: 'NotLoopback', message: `${address.host} is not loopback: a bridge hands out secrets in the clear, and listens for this machine only` });
  }
  let thrown = await listening(server, address);
  if (codeOf(thrown) === 'EADDRINUSE' && 'socket' in address && !(await isAnswered(address.socket))) {
    unlinkSync(address.socket);
    thrown = await listening(server, address);
  }
  if (thrown === undefined) return E.right(true);
  return E.left(codeOf(thrown) === 'EADDRINUSE' ? { _tag: 'AddressInUse', message: `${where(address)} is in use` } : { _tag: 'CannotListen', message: `cannot listen on ${where(address)}: ${messageOf(thrown)}` });
};
