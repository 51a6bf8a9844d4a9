/** A service over real gateways, made to die: `gatewayService.ts <place as JSON> <store> <sentence>`. It begins at SIGUSR2. What it owes stands in the store's file. */
import { controlPlane, fileSecretStore } from '@blockledger/app';
import { openSqliteStore } from '@blockledger/app/sqlite';
import * as E from 'fp-ts/lib/Either.js';
import { gatewayBackends, type GatewayPlace } from '../gateways.ts';
import { begun, serveUntilTold } from '../waitingService.ts';
import { doomed } from './doom.ts';

await begun();
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
await serveUntilTold(plane);
