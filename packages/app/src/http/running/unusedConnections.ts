/**
 * Connections over which nothing was ever asked. Node does not count them as idle, so closing a server waits for them, up to a minute: and
 * clients open connections in store.
 */
import type { Server } from 'node:http';
import { Server as TlsServer } from 'node:https';
import type { Socket } from 'node:net';

/** Notes connections from now on; the result closes those that were never used. */
export const closeUnused = (server: Pick<Server, 'on'>): (() => void) => {
  const unused = new Set<Socket>();
  // With TLS, requests come over the connection within.
  server.on(server instanceof TlsServer ? 'secureConnection' : 'connection', (socket: Socket) => {
    unused.add(socket);
    socket.once('close', () => unused.delete(socket));
  });
  server.on('request', ({ socket }: { readonly socket: Socket }) => void unused.delete(socket));
  return () => {
    for (const socket of unused) socket.destroy();
  };
};
