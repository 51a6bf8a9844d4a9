/** A network that cuts: a proxy on loopback that destroys a connection after so many bytes of the answer. */
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

export interface Cutter {
  readonly url: string;
  /** Where connections are led from now on. */
  readonly leadTo: (url: string) => void;
  /** So many bytes each following connection lets through before it is cut; undefined: all of them. */
  cutAfter: () => number | undefined;
  readonly connections: () => number;
  readonly close: () => Promise<void>;
}

/** Hands the answer on up to a byte, then destroys both ends. */
const passOn = (from: Socket, to: Socket, after: number | undefined): void => {
  let left = after ?? Number.POSITIVE_INFINITY;
  from.on('data', (chunk: Buffer) => {
    const part = chunk.subarray(0, left);
    left -= part.length;
    if (left > 0) return void to.write(part);
    // What was let through arrives, and then nothing more.
    from.destroy();
    to.write(part, () => to.destroy());
  });
};

/** Begins to listen. */
export const startCutter = async (url: string): Promise<Cutter> => {
  let target = new URL(url);
  let connections = 0;
  const open = new Set<Socket>();
  const server = createServer((client) => {
    connections += 1;
    const service = connect(Number(target.port), target.hostname);
    for (const [one, other] of [[client, service], [service, client]] as const) {
      open.add(one);
      one.on('error', () => other.destroy());
      one.on('close', () => {
        open.delete(one);
        other.destroy();
      });
    }
    client.pipe(service);
    passOn(service, client, cutter.cutAfter());
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const cutter: Cutter = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    leadTo: (next) => {
      target = new URL(next);
    },
    cutAfter: () => undefined,
    connections: () => connections,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of open) socket.destroy();
      }),
  };
  return cutter;
};
