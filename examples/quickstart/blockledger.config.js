// What `npm start` serves: a SQLite file and a simulated Ceph cluster, both under ./var. No disk is touched.
// For real Ceph: rbdBackend({ conf: '/etc/ceph/ceph.conf', name: 'client.blockledger' }), and the names of your pools.
import { rbdBackend } from '@blockledger/adapters-rbd';
import { simulateRbd } from '@blockledger/adapters-rbd/simulator';
import { defineConfig } from '@blockledger/app';

export default defineConfig(({ store = 'var/quickstart.db' }) => {
  // The cluster's images outlive the process, as the store does.
  const cluster = store === ':memory:' ? simulateRbd() : simulateRbd({ file: `${store}.cluster.json` });
  return {
    store,
    backends: { ceph: rbdBackend({ run: cluster.run }) },
    pools: {
      vols: { backend: 'ceph', pool: 'vols' },
      archive: { backend: 'ceph', pool: 'rbd', dataPool: 'ecdata', poolType: 'erasure' },
    },
    notice: '  *** The Ceph cluster is SIMULATED: images exist on paper only, in a file beside the store. ***',
  };
});
