/** A service that is made to be killed: it stands ready with everything loaded, begins at SIGUSR2, says where it listens, and ends at SIGTERM. */
import { once } from 'node:events';
import type { ControlPlane } from '@blockledger/app';
import { httpService } from '@blockledger/app/http';
import * as E from 'fp-ts/lib/Either.js';
import { pino } from 'pino';
import { SERVICE_TOKEN } from './serviceCalls.ts';

/** Resolves at SIGUSR2. */
export const begun = async (): Promise<void> => {
  // Who only waits for a signal has nothing to do, and would end.
  const waiting = setInterval(() => undefined, 60_000);
  const signal = once(process, 'SIGUSR2');
  console.log('ready');
  await signal;
  clearInterval(waiting);
};

/** Serves the plane until SIGTERM. */
export const serveUntilTold = async (plane: ControlPlane): Promise<void> => {
  // What fails inside is told where the test looks.
  const logger = pino({ level: 'error' }, pino.destination({ fd: 2, sync: true }));
  const service = httpService(plane, { logger, tokens: { tester: SERVICE_TOKEN }, rateLimits: { perAddress: null, perPrincipal: null } });
  const listening = await service.listen({ port: 0 });
  if (E.isLeft(listening)) throw new Error(listening.left.message);
  console.log(`listening on ${listening.right}`);
  process.once('SIGTERM', () => {
    void service.close().then(() => plane.close());
  });
};
