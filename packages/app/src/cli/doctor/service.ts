/** Where the service listens, or would. */
import { createServer } from 'node:net';
import type { Finding } from '@blockledger/domain';
import { messageOf } from '../exit.ts';
import { fine, problem, warning } from './findings.ts';

/** Where it listens. */
export interface Address {
  readonly host: string;
  readonly port: number;
}

type Listened = 'free' | 'EADDRINUSE' | 'EACCES' | 'EADDRNOTAVAIL' | 'ENOTFOUND' | 'other';

/** Tries to listen there, for a moment. */
const tryPort = ({ host, port }: Address): Promise<Listened> =>
  new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => {
      const known = (['EADDRINUSE', 'EACCES', 'EADDRNOTAVAIL', 'ENOTFOUND'] as const).find((code) => code === error.code);
      resolve(known ?? 'other');
    });
    server.listen({ host, port }, () => server.close(() => resolve('free')));
  });

const PATIENCE_MS = 5_000;

/** What `/healthz` says, or why nothing was heard. */
const health = async (url: string): Promise<{ readonly isOurs: boolean; readonly says: string }> => {
  try {
    const response = await fetch(`${url}/healthz`, { signal: AbortSignal.timeout(PATIENCE_MS) });
    const body: unknown = await response.json();
    const isOurs = typeof body === 'object' && body !== null && 'status' in body;
    return { isOurs, says: isOurs ? String(body.status) : `an answer (${response.status}) that is not Blockledger's` };
  } catch (thrown) {
    return { isOurs: false, says: messageOf(thrown instanceof Error && thrown.cause !== undefined ? thrown.cause : thrown) };
  }
};

const addressTrouble = (where: string, { host, port }: Address, listened: Exclude<Listened, 'free' | 'EADDRINUSE'>): Finding => {
  const meaning = 'The service cannot listen, so it does not start.';
  switch (listened) {
    case 'EACCES':
      return problem('port', where, { found: `this user may not listen on port ${port}`, meaning, remedy: 'take a port above 1023 with --port' });
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return problem('port', where, { found: `${host} is no address of this machine`, meaning, remedy: 'give an address of this machine with --host' });
    case 'other':
      return problem('port', where, { found: `nobody can listen on ${where}`, meaning, remedy: 'give another address with --host' });
  }
};

const hostInUrl = (host: string): string => (host.includes(':') ? `[${host}]` : host);

/** Looks at the port: free, ours, or somebody else's. `holder` is who has the store open, if anybody has. */
export const lookAtService = async (address: Address, holder: string | undefined): Promise<readonly Finding[]> => {
  const where = `${hostInUrl(address.host)}:${address.port}`;
  const listened = address.port === 0 ? 'free' : await tryPort(address);
  if (listened === 'free') {
    const port = fine('port', where, address.port === 0 ? 'any free port will do' : `port ${where} is free`);
    if (holder === undefined) return [port, fine('service', where, 'no service runs')];
    const trouble = { found: `${holder} has the store open, and nothing answers on ${where}`, meaning: 'A service runs elsewhere, or does not answer.', remedy: 'see what that process is; give the port it listens on with --port' };
    return [port, warning('service', where, trouble)];
  }
  if (listened !== 'EADDRINUSE') return [addressTrouble(where, address, listened)];
  const { isOurs, says } = await health(`http://${where}`);
  if (isOurs) return [fine('service', where, `a service answers on ${where}: ${says}`)];
  const found = `another program listens on ${where} (${says})`;
  return [problem('port', where, { found, meaning: 'The service cannot listen there, so it does not start.', remedy: `see which one (ss -ltnp 'sport = :${address.port}'), or take another port with --port` })];
};
