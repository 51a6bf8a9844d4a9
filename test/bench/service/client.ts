/** A client that costs little, since it works on the cores of what it measures. */
import { Agent, request } from 'node:http';
import { TOKEN } from './process.ts';

/** What came back. */
export interface Answer {
  readonly status: number;
  readonly text: string;
}

/** Keeps so many connections to a port of this machine. */
export interface Client {
  readonly ask: (method: string, path: string, body?: object) => Promise<Answer>;
  readonly close: () => void;
}

export const clientOf = (port: number, connections: number): Client => {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  return {
    ask: (method, path, body) =>
      new Promise((resolve, reject) => {
        const text = body === undefined ? undefined : JSON.stringify(body);
        const headers = { 'xms-auth-token': TOKEN, 'prefer': 'wait=300', ...(text === undefined ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }) };
        const asked = request({ host: '127.0.0.1', port, method, path: `/api/v1${path}`, agent, headers }, (answer) => {
          const pieces: Buffer[] = [];
          answer.on('data', (piece: Buffer) => void pieces.push(piece));
          answer.on('end', () => resolve({ status: answer.statusCode ?? 0, text: Buffer.concat(pieces).toString() }));
          answer.on('error', reject);
        });
        asked.on('error', reject);
        asked.end(text);
      }),
    close: () => agent.destroy(),
  };
};

/** Does so many pieces of work, so many at a time. */
export const together = async (clients: number, count: number, work: (index: number) => Promise<void>): Promise<void> => {
  let next = 0;
  await Promise.all(
    Array.from({ length: clients }, async () => {
      while (next < count) await work(next++);
    }),
  );
};
