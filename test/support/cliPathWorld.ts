/** A service over simulated gateways, as commands find it. */
import * as E from 'fp-ts/lib/Either.js';
import { rbdBackend } from '@blockledger/adapters-rbd';
import { simulateRbd } from '@blockledger/adapters-rbd/simulator';
import { controlPlane, type ControlPlane } from '@blockledger/app';
import { httpService } from '@blockledger/app/http';
import { memoryStore } from '@blockledger/app/memory';
import { cliGateways, fillGateways, registerGateway, untilHeld } from './cliGateways.ts';
import type { SimulatedGateways } from './pathFixture.ts';
import { right } from './plane.ts';
import { STEADY_INSTALLATION, steadyIds } from './steadyIds.ts';

export interface CliPathWorld extends SimulatedGateways {
  readonly env: Readonly<Record<string, string>>;
  readonly plane: ControlPlane;
  readonly close: () => Promise<void>;
}

const TOKEN = 'a-token-for-the-command-line';

/** As `fillGateways` makes it; gw3 is registered, and cannot be reached since: the access path `far` is on gw1 and there. */
export const cliPathWorld = async (): Promise<CliPathWorld> => {
  const trouble = { isOn: false };
  const gateways = cliGateways(({ host }) => (trouble.isOn && host === 'gw3' ? { _tag: 'Unreachable' } : undefined));
  const plane = await controlPlane({ store: memoryStore(), backends: { ceph: rbdBackend({ run: simulateRbd().run }) }, exclusive: true, ids: steadyIds(), installationId: STEADY_INSTALLATION, ...gateways.parts });
  right(await plane.registerPool({ name: 'vols', placement: { backend: 'ceph', pool: 'vols' } }, { wait: 'done' }));
  await fillGateways(plane);
  await untilHeld(plane, gateways);
  await registerGateway(plane, 3);
  trouble.isOn = true;
  right(await plane.createAccessPath({ name: 'far', hosts: [1, 3] }, { issuedBy: 'token:operator' }));
  const service = httpService(plane, { tokens: { tester: TOKEN }, rateLimits: { perAddress: null, perPrincipal: null } });
  const url = E.getOrElse<unknown, string>(() => '')(await service.listen({ port: 0 }));
  return {
    ...gateways,
    env: { BLOCKLEDGER_URL: url, BLOCKLEDGER_TOKEN: TOKEN },
    plane,
    close: async () => {
      await service.close();
      await plane.close();
    },
  };
};
