// One of the two: a control plane and its REST face over a store that it shares. It says where it listens, how many shards of the streams it has, and which volumes it is making.
import { rbdBackend } from '@blockledger/adapters-rbd';
import { controlPlane } from '@blockledger/app';
import { openEventStoreDb } from '@blockledger/app/eventstoredb';
import { httpService } from '@blockledger/app/http';
import { askParent } from './ceph.ts';

const { STORE = '', NAMESPACE = '', CEPH_CONF = '', TOKEN = '', LEASE_MS = '', MARGIN_MS = '' } = process.env;
const tell = (what: object): void => void process.send?.(what);
// Whoever started it is gone.
process.once('disconnect', () => process.exit(1));

const store = await openEventStoreDb({ connectionString: STORE, namespace: NAMESPACE });
if (store._tag === 'Left') throw new Error(`EventStoreDB: ${'message' in store.left ? store.left.message : store.left._tag}`);

const plane = await controlPlane({
  store: store.right,
  // The simulated cluster forgets a client that died after a second, a real one after 30.
  backends: { ceph: CEPH_CONF === '' ? rbdBackend({ run: askParent, watchTimeoutMs: 1_000, lateEffectsMs: 500 }) : rbdBackend({ conf: CEPH_CONF }) },
  // By default 15 s and 5 s, and eight calls at once.
  limits: { leaseMs: Number(LEASE_MS), leaseMarginMs: Number(MARGIN_MS), callsPerBackend: 2 },
  observers: [
    {
      call: ({ action, stream }) => {
        if (action !== 'ensureVolume') return undefined;
        tell({ making: stream });
        return { ended: (end) => void (end?.outcome === 'done' && tell({ made: stream })) };
      },
    },
  ],
});
const listening = await httpService(plane, { tokens: { example: TOKEN } }).listen({ port: 0 });
if (listening._tag === 'Left') throw new Error(listening.left.message);
tell({ url: listening.right });
setInterval(() => tell({ shards: plane.monitor.status().leases?.shardsHeld ?? 0 }), 100);
