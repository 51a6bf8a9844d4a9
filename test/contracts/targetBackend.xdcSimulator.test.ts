/** The contract of target backends over XDC: simulated gateways in this process. */
import { xdcTargets } from '@blockledger/adapters-xdc';
import { simulateXdc } from '@blockledger/adapters-xdc/simulator';
import type { LunSource, Portal, SerialNumber, VolumeId, VolumeRef } from '@blockledger/domain';
import { targetBackendContract } from '@blockledger/domain/testing';
import { randomBytes, randomUUID } from 'node:crypto';
import { suite } from '../support/suite.ts';

const test = suite('the TargetBackend contract over a simulated XDC');

const makeVolume = (): Promise<VolumeRef> =>
  Promise.resolve({ placement: { backend: 'ceph', pool: 'vols' }, volumeId: randomUUID() as VolumeId, serial: randomBytes(8).toString('hex') as SerialNumber });
const sourceOf = ({ placement: { pool }, volumeId }: VolumeRef): LunSource => ({ kind: 'rbd', pool, image: `volume-${volumeId.replaceAll('-', '')}` });
let lastPort = 13_000;
const freshPortal = (): Portal => ({ ip: '10.77.0.1', port: (lastPort += 1) });

for (const forgets of ['unsaved', 'limits', 'everything'] as const) {
  targetBackendContract(
    (name, run) => test(`${name} (a restarted daemon forgets: ${forgets})`, run),
    () => {
      const gateways = simulateXdc({ hosts: ['gw1', 'gw2'] });
      gateways.cut('gw2');
      const backend = xdcTargets({ hosts: gateways.hosts });
      return Promise.resolve({
        backend,
        place: { backend: 'xdc', host: 'gw1' },
        unreachable: { backend: 'xdc', host: 'gw2' },
        makeVolume,
        growVolume: () => Promise.resolve(),
        sourceOf,
        freshPortal,
        restart: ({ host }) => Promise.resolve(gateways.restart(host, forgets)),
        dispose: () => backend.close(),
      });
    },
  );
}
test.run();
