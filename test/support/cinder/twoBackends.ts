/** One control plane with two pools at once: Ceph behind two XDC gateways, and a QSAN array, over real HTTPS. Each has an access path with an account. */
import * as E from 'fp-ts/lib/Either.js';
import { qsanArray } from '@blockledger/adapters-qsan';
import { startQsanArray, type QsanArray } from '@blockledger/adapters-qsan/simulator';
import { rbdBackend } from '@blockledger/adapters-rbd';
import { simulateRbd, type Simulator } from '@blockledger/adapters-rbd/simulator';
import { xdcTargets } from '@blockledger/adapters-xdc';
import { simulateXdc, type XdcSimulator } from '@blockledger/adapters-xdc/simulator';
import { controlPlane, memorySecretStore, type ControlPlane } from '@blockledger/app';
import { apiClient, type ApiClient } from '@blockledger/app/client';
import { httpService, type HttpService } from '@blockledger/app/http';
import { memoryStore } from '@blockledger/app/memory';
import type { BlockBackend, EventStore, TargetBackend } from '@blockledger/domain';
import { ACCOUNT } from './world.ts';

/** A pool and the access path of its volumes. */
export interface Place {
  readonly pool: string;
  readonly accessPath: string;
}

export const CEPH: Place = { pool: 'vols', accessPath: 'front' };
export const QSAN: Place = { pool: 'gold', accessPath: 'array-front' };

export interface TwoBackends {
  readonly plane: ControlPlane;
  readonly service: HttpService;
  readonly client: ApiClient;
  /** How the command line reaches the service. */
  readonly env: Readonly<Record<string, string>>;
  readonly cluster: Simulator;
  readonly gateways: XdcSimulator;
  readonly array: QsanArray;
  readonly close: () => Promise<void>;
}

const done = <A>(answer: E.Either<{ readonly message: string }, A>): A => {
  if (E.isLeft(answer)) throw new Error(answer.left.message);
  return answer.right;
};

const TOKEN = 'a-token-of-an-operator';

/** What stands between the control plane and its store and backends. */
export interface Seams {
  readonly store: (store: EventStore) => EventStore;
  readonly blocks: (backend: BlockBackend) => BlockBackend;
  readonly targets: (backend: TargetBackend) => TargetBackend;
}

const none: Seams = { store: (store) => store, blocks: (backend) => backend, targets: (backend) => backend };

export const twoBackends = async ({ store, blocks, targets }: Seams = none): Promise<TwoBackends> => {
  const cluster = simulateRbd({ pools: { vols: {}, slow: {} } });
  const gateways = simulateXdc({ hosts: ['gw1', 'gw2'] });
  const array = await startQsanArray({ pools: ['Pool-1', 'Pool-2'].map((name) => ({ name, totalBytes: 10_995_116_277_760 })) });
  const backends = qsanArray(array.options);
  const plane = await controlPlane({
    store: store(memoryStore()),
    secrets: memorySecretStore(),
    backends: { ceph: blocks(rbdBackend({ run: cluster.run })), array: blocks(backends.volumes) },
    targets: { xdc: targets(xdcTargets({ hosts: gateways.hosts })), array: targets(backends.targets) },
  });
  const wait = { wait: 'done' } as const;
  done(await plane.registerPool({ name: CEPH.pool, placement: { backend: 'ceph', pool: 'vols' } }, wait));
  done(await plane.registerPool({ name: QSAN.pool, placement: { backend: 'array', pool: 'Pool-1' } }, wait));
  for (const [at, name] of ['gw1', 'gw2'].entries()) done(await plane.registerHost({ name, targets: 'xdc', addresses: [{ ip: `10.77.0.${at + 1}`, prefix: 24, interface: 'eth0' }] }, wait));
  done(await plane.registerHost({ name: 'qsan', targets: 'array', addresses: [] }, wait));
  done(await plane.createAccessPath({ name: CEPH.accessPath, hosts: ['gw1', 'gw2'], chap: ACCOUNT }, wait));
  done(await plane.createAccessPath({ name: QSAN.accessPath, hosts: ['qsan'], chap: ACCOUNT }, wait));
  const service = httpService(plane, { tokens: { cinder: { token: TOKEN, role: 'operator' } }, rateLimits: { perAddress: null, perPrincipal: null } });
  const url = done(await service.listen({ port: 0 }));
  return {
    plane,
    service,
    client: apiClient({ url, token: TOKEN }),
    env: { BLOCKLEDGER_URL: url, BLOCKLEDGER_TOKEN: TOKEN },
    cluster,
    gateways,
    array,
    close: async () => {
      await service.close();
      await plane.close();
      await array.stop();
    },
  };
};
