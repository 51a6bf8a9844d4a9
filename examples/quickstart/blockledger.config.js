// What `npm start` serves: a SQLite file, a simulated Ceph cluster with two simulated gateways, and a simulated QSAN array, all under ./var. No disk is touched.
// Real ones: rbdBackend({ conf: '/etc/ceph/ceph.conf', name: 'client.blockledger' }), docs/guides/gateways.md and docs/guides/qsan.md.
import { qsanArray } from '@blockledger/adapters-qsan';
import { startQsanArray } from '@blockledger/adapters-qsan/simulator';
import { rbdBackend } from '@blockledger/adapters-rbd';
import { simulateRbd } from '@blockledger/adapters-rbd/simulator';
import { xdcTargets } from '@blockledger/adapters-xdc';
import { simulateVips, simulateXdc } from '@blockledger/adapters-xdc/simulator';
import { defineConfig } from '@blockledger/app';

export default defineConfig(async ({ store = 'var/quickstart.db' }) => {
  // What is simulated outlives the process, as the store does.
  const kept = (name) => (store === ':memory:' ? {} : { file: `${store}.${name}.json` });
  const cluster = simulateRbd(kept('cluster'));
  // The third gateway is there for whoever registers it.
  const gateways = ['gw1', 'gw2', 'gw3'];
  const xdc = simulateXdc({ hosts: gateways, ...kept('gateways') });
  const segment = simulateVips({ hosts: gateways.map((name, at) => ({ name, source: `10.252.1.${at + 1}` })), ...kept('segment') });
  // A real HTTPS server on a free port of this machine.
  const array = await startQsanArray(kept('array'));
  const { volumes, targets } = qsanArray({ ...array.options, host: 'array1' });
  return {
    store,
    backends: { ceph: rbdBackend({ run: cluster.run }), array1: volumes },
    targets: { gateways: xdcTargets({ hosts: xdc.hosts, endsSessions: true }), array1: targets },
    vips: { keepalived: segment.backend },
    pools: {
      vols: { backend: 'ceph', pool: 'vols' },
      archive: { backend: 'ceph', pool: 'rbd', dataPool: 'ecdata', poolType: 'erasure' },
      gold: { backend: 'array1', pool: 'Pool-1' },
    },
    hosts: {
      gw1: { targets: 'gateways', vips: 'keepalived', addresses: [{ ip: '10.252.1.1', interface: 'eth0' }] },
      gw2: { targets: 'gateways', vips: 'keepalived', addresses: [{ ip: '10.252.1.2', interface: 'eth0' }] },
      array1: { targets: 'array1', addresses: [] },
    },
    notice: '  *** Ceph, the gateways and the QSAN array are SIMULATED: volumes exist on paper only, in files beside the store. ***',
    close: array.stop,
  };
});
