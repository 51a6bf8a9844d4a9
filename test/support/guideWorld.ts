/** What somebody has who wrote the configuration of the guide of gateways, on simulated parts: a pool, two gateways, and nothing on them. */
import * as E from 'fp-ts/lib/Either.js';
import { rbdBackend } from '@blockledger/adapters-rbd';
import { simulateRbd } from '@blockledger/adapters-rbd/simulator';
import { controlPlane, type ControlPlane } from '@blockledger/app';
import { httpService } from '@blockledger/app/http';
import { memoryStore } from '@blockledger/app/memory';
import { registerHosts } from '../../packages/app/src/cli/registerHosts.ts';
import { cliGateways, untilHeld } from './cliGateways.ts';
import { addressOf } from './pathFixture.ts';
import { right } from './plane.ts';

export interface GuideWorld {
  readonly env: Readonly<Record<string, string>>;
  readonly plane: ControlPlane;
  /** Somebody holds each virtual IP, and a round has seen it. */
  readonly settled: () => Promise<void>;
  /** The network of a host fails, or comes back, and a round sees who holds what then. */
  readonly setLink: (host: string, up: boolean) => Promise<void>;
  readonly close: () => Promise<void>;
}

const TOKEN = 'a-token-for-the-guide';
/** Each passes ten seconds or more; a host is locked out after thirty. */
const ROUNDS_UNTIL_STILL = 6;

export const guideWorld = async (): Promise<GuideWorld> => {
  const gateways = cliGateways();
  const { targets, ...parts } = gateways.parts;
  const plane = await controlPlane({ store: memoryStore(), backends: { ceph: rbdBackend({ run: simulateRbd().run }) }, exclusive: true, targets: { gateways: targets!['xdc']! }, ...parts });
  right(await plane.registerPool({ name: 'vols', placement: { backend: 'ceph', pool: 'vols' } }, { wait: 'done' }));
  const host = (n: number) => ({ targets: 'gateways', vips: 'keepalived', addresses: [{ ip: addressOf(n), interface: 'eth0' }] });
  right(await registerHosts(plane, { gw1: host(1), gw2: host(2) }));
  const service = httpService(plane, { tokens: { tester: TOKEN } });
  const url = E.getOrElse<unknown, string>(() => '')(await service.listen({ port: 0 }));
  const settled = (): Promise<void> => untilHeld(plane, gateways);
  return {
    env: { BLOCKLEDGER_URL: url, BLOCKLEDGER_TOKEN: TOKEN },
    plane,
    settled,
    setLink: async (name, up) => {
      gateways.segment.setLink(name, up);
      // A host that is away for long counts as locked out, and waits to be admitted: then nothing changes any more.
      for (let round = 0; round < ROUNDS_UNTIL_STILL; round += 1) await settled();
    },
    close: async () => {
      await service.close();
      await plane.close();
    },
  };
};
