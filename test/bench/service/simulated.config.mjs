// What the benchmarks of lists serve: a simulated cluster, without limits of requests.
import { rbdBackend } from '@blockledger/adapters-rbd';
import { simulateRbd } from '@blockledger/adapters-rbd/simulator';
import { defineConfig } from '@blockledger/app';

export default defineConfig(() => ({
  store: 'bench.db',
  backends: { ceph: rbdBackend({ run: simulateRbd().run }) },
  requestLimits: { perAddress: null, perPrincipal: null },
}));
