/** A service over one array, made to be killed: `service.ts <store>`, the array in the environment. It begins at SIGUSR2. */
import { once } from 'node:events';
import { qsanArray } from '@blockledger/adapters-qsan';
import { controlPlane, fileSecretStore } from '@blockledger/app';
import { httpService } from '@blockledger/app/http';
import { openSqliteStore } from '@blockledger/app/sqlite';
import { secret } from '@blockledger/domain';
import * as E from 'fp-ts/lib/Either.js';
import { pino } from 'pino';
import { SERVICE_TOKEN } from '../serviceProcess.ts';
import { ANSWER_MS, SOAK_LIMITS } from './limits.ts';

// Who only waits for a signal has nothing to do, and would end.
const waiting = setInterval(() => undefined, 60_000);
const begun = once(process, 'SIGUSR2');
console.log('ready');
await begun;
clearInterval(waiting);
const [, , path = ''] = process.argv;
const { SOAK_URL: url = '', SOAK_CA: ca = '', SOAK_USER: username = '', SOAK_PASSWORD: password = '' } = process.env;
const opened = await openSqliteStore({ path });
if (E.isLeft(opened)) throw new Error(JSON.stringify(opened.left));
const { volumes, targets } = qsanArray({ url, ca, username, password: secret(password), timeoutMs: ANSWER_MS });
const plane = await controlPlane({ store: opened.right, backends: { array: volumes }, targets: { array: targets }, secrets: fileSecretStore({ path: `${path}.secrets` }), exclusive: true, limits: SOAK_LIMITS });
const logger = pino({ level: 'error' }, pino.destination({ fd: 2, sync: true }));
const service = httpService(plane, { logger, tokens: { tester: SERVICE_TOKEN }, rateLimits: { perAddress: null, perPrincipal: null } });
const listening = await service.listen({ port: 0 });
if (E.isLeft(listening)) throw new Error(listening.left.message);
console.log(`listening on ${listening.right}`);
process.once('SIGTERM', () => {
  void service.close().then(() => plane.close());
});
