// The service of `npm run lab:iscsi`: a Ceph cluster, and two gateway hosts that are network namespaces of this machine.
import { rbdBackend } from '@blockledger/adapters-rbd';
import { keepalivedVips, localHost, tgtReadiness, tgtTargets } from '@blockledger/adapters-xdc';
import { defineConfig } from '@blockledger/app';
import { HOSTS, runnerAt } from '../../support/gateways.ts';
import { at, CEPH_CONF, FOLDER, RUN_DIR, VIP_DIR, WATCH_TIMEOUT_SECONDS } from './places.ts';

const watchTimeoutMs = WATCH_TIMEOUT_SECONDS * 1_000;
// Gateways of your own are reached by sshHost({ name: 'gw1', host: '10.77.0.1', user: 'root', identity: '…', knownHosts: '…' }).
const hosts = ['gw1', 'gw2'].map((name) => localHost({ name, prefix: at(name) }));

export const config = defineConfig({
  store: `${FOLDER}/log.db`,
  backends: { ceph: rbdBackend({ conf: CEPH_CONF, watchTimeoutMs, run: runnerAt(at('sw')) }) },
  targets: { tgt: tgtTargets({ hosts, tgtd: { runDir: RUN_DIR } }) },
  vips: { keepalived: keepalivedVips({ hosts, supervise: 'child', folder: VIP_DIR, onClose: 'leave', fencedAfterMs: watchTimeoutMs / 2, ...tgtReadiness({ runDir: RUN_DIR }) }) },
  hosts: {
    gw1: { targets: 'tgt', vips: 'keepalived', addresses: [{ ip: HOSTS.gw1, interface: 'eth0', segment: 'lan' }] },
    gw2: { targets: 'tgt', vips: 'keepalived', addresses: [{ ip: HOSTS.gw2, interface: 'eth0', segment: 'lan' }] },
  },
  pools: { vols: { backend: 'ceph', pool: 'vols' } },
  limits: { backoffBaseMs: 200, backoffCapMs: 2_000, backendCheckEveryMs: 1_000 },
});
