/** The listening side of the double: it knows each connection, so that a test may cut one, and it can stop and listen again on the same port. */
import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import type { Server, ServerCredentials } from '@grpc/grpc-js';

export interface Sockets {
  readonly port: () => number;
  /** Cuts the connection of a peer, as a call names it. */
  readonly cut: (peer: string) => void;
  readonly cutAll: () => void;
  /** Listens: on the port it had before, if it had one. */
  readonly open: (port?: number) => Promise<void>;
  /** Cuts every connection and listens no more. */
  readonly close: () => Promise<void>;
}

const peerOf = ({ remoteAddress, remotePort }: Socket): string => `${remoteAddress}:${remotePort}`;

export const socketsFor = (server: Server, credentials: ServerCredentials): Sockets => {
  const injector = server.createConnectionInjector(credentials);
  const open = new Map<string, Socket>();
  let port = 0;
  const listener = createServer((socket) => {
    const peer = peerOf(socket);
    open.set(peer, socket);
    socket.once('close', () => open.delete(peer));
    // A peer that has gone is no failure of the double.
    socket.on('error', () => undefined);
    socket.setNoDelay(true);
    injector.injectConnection(socket);
  });
  const cutAll = (): void => {
    for (const socket of open.values()) socket.destroy();
  };
  return {
    port: () => port,
    cutAll,
    cut: (peer) => void open.get(peer)?.destroy(),
    open: async (wanted = port) => {
      listener.listen(wanted, '127.0.0.1');
      await once(listener, 'listening');
      ({ port } = listener.address() as AddressInfo);
    },
    close: async () => {
      const closed = once(listener, 'close');
      listener.close();
      cutAll();
      await closed;
    },
  };
};
