/** A service over real gateways, made to die: `gatewayService.ts <place as JSON> <store> <sentence>`. It begins at SIGUSR2. What it owes stands in the store's file. */
import { controlPlane, fileSecretStore } from '@blockledger/app';
import { httpService } from '@blockledger/app/http';
import { openSqliteStore } from '@blockledger/app/sqlite';
import { once } from 'node:events';
import { pino } from 'pino';
import * as E from 'fp-ts/lib/Either.js';
import { gatewayBackends, type GatewayPlace } from '../gateways.ts';
import { SERVICE_TOKEN } from '../serviceProcess.ts';
import { doomed } from './doom.ts';

// Who only waits for a signal has nothing to do, and would end.
const waiting = setInterval(() => undefined, 60_000);
const begun = once(process, 'SIGUSR2');
console.log('ready');
await begun;
clearInterval(waiting);
const [, , place = '{}', path = '', sentence = ''] = process.argv;
const opened = await openSqliteStore({ path });
if (E.isLeft(opened)) throw new Error(JSON.stringify(opened.left));
const { store, ceph, gateways, addresses } = doomed(sentence, { store: opened.right, ...gatewayBackends(JSON.parse(place) as GatewayPlace) });
const plane = await controlPlane({
  store,
  backends: { ceph },
  targets: { gateways },
  vips: { addresses },
  secrets: fileSecretStore({ path: `${path}.secrets` }),
  exclusive: true,
  limits: { backoffBaseMs: 200, backoffCapMs: 2_000, backendCheckEveryMs: 1_000 },
});
// What fails inside is told where the test looks.
const logger = pino({ level: 'error' }, pino.destination({ fd: 2, sync: true }));
const service = httpService(plane, { logger, tokens: { tester: SERVICE_TOKEN }, rateLimits: { perAddress: null, perPrincipal: null } });
const listening = await service.listen({ port: 0 });
if (E.isLeft(listening)) throw new Error(listening.left.message);
console.log(`listening on ${listening.right}`);
process.once('SIGTERM', () => {
  void service.close().then(() => plane.close());
});
