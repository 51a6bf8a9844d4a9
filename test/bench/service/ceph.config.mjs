// What the benchmarks over HTTP serve: a cluster that the benchmark started, without limits of requests, which would be all that is measured.
import { rbdBackend } from '@blockledger/adapters-rbd';
import { defineConfig } from '@blockledger/app';

const { BLOCKLEDGER_BENCH_CONF: CONF = '', BLOCKLEDGER_BENCH_TRANSPORT: TRANSPORT = 'cli' } = process.env;

export default defineConfig(() => ({
  store: 'bench.db',
  backends: { ceph: rbdBackend({ conf: CONF, watchTimeoutMs: 3_000, ...(TRANSPORT === 'librados' ? { transport: TRANSPORT } : {}) }) },
  pools: { vols: { backend: 'ceph', pool: 'vols', overSubscriptionRatio: 1000 } },
  limits: { callsPerBackend: TRANSPORT === 'librados' ? 32 : 8 },
  requestLimits: { perAddress: null, perPrincipal: null },
}));
