/** A service over one array, made to be killed: `service.ts <store>`, the array in the environment. It begins at SIGUSR2. */
import { qsanArray } from '@blockledger/adapters-qsan';
import { controlPlane, fileSecretStore } from '@blockledger/app';
import { openSqliteStore } from '@blockledger/app/sqlite';
import { secret } from '@blockledger/domain';
import * as E from 'fp-ts/lib/Either.js';
import { begun, serveUntilTold } from '../waitingService.ts';
import { ANSWER_MS, SOAK_LIMITS } from './limits.ts';

await begun();
const [, , path = ''] = process.argv;
const { SOAK_URL: url = '', SOAK_CA: ca = '', SOAK_USER: username = '', SOAK_PASSWORD: password = '' } = process.env;
const opened = await openSqliteStore({ path });
if (E.isLeft(opened)) throw new Error(JSON.stringify(opened.left));
const { volumes, targets } = qsanArray({ url, ca, username, password: secret(password), timeoutMs: ANSWER_MS });
const plane = await controlPlane({ store: opened.right, backends: { array: volumes }, targets: { array: targets }, secrets: fileSecretStore({ path: `${path}.secrets` }), exclusive: true, limits: SOAK_LIMITS });
await serveUntilTold(plane);
