// A service on the Ceph cluster that BLOCKLEDGER_CEPH_CONF names: for the laboratory, and for tests on real Ceph.
import { rbdBackend } from '@blockledger/adapters-rbd';
import { defineConfig } from '@blockledger/app';

const WATCH_TIMEOUT_MS = Number(process.env['BLOCKLEDGER_WATCH_TIMEOUT_MS'] ?? 3_000);

/** Beside a store in EventStoreDB there is no place for them. */
const SECRETS = process.env['BLOCKLEDGER_SECRETS'];

export const config = defineConfig(({ store = 'var/lab.db' }) => ({
  store,
  backends: { ceph: rbdBackend({ conf: process.env['BLOCKLEDGER_CEPH_CONF'] ?? '/etc/ceph/ceph.conf', watchTimeoutMs: WATCH_TIMEOUT_MS }) },
  pools: { vols: { backend: 'ceph', pool: 'vols' }, archive: { backend: 'ceph', pool: 'rbd', dataPool: 'ecdata', poolType: 'erasure' } },
  ...(SECRETS === undefined ? {} : { secrets: { path: SECRETS } }),
  limits: { backoffBaseMs: 200, backoffCapMs: 2_000 },
  notice: '  The Ceph cluster is real, and thrown away at the end.',
}));
