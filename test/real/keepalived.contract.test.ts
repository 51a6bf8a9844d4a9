/** The contract of virtual IPs over real keepalived, in network namespaces: the same suite that the simulated segment keeps. */
import { setTimeout as later } from 'node:timers/promises';
import { keepalivedVips } from '@blockledger/adapters-xdc';
import { vipBackendContract, type VipBackendUnderTest } from '@blockledger/domain/testing';
import { requireReal } from '../support/real.ts';
import { suite } from '../support/suite.ts';
import { realKeepalived, startVrrpNet, type VrrpNet } from '../support/vrrpNet.ts';

requireReal(realKeepalived);

const test = suite('virtual IPs with real keepalived');
const FENCED_AFTER_MS = 4_000;
let started: VrrpNet | undefined;

vipBackendContract(test, () => {
  const net = (started ??= startVrrpNet());
  const backend = keepalivedVips({ hosts: net.hosts, supervise: 'child', folder: net.folder, fencedAfterMs: FENCED_AFTER_MS });
  const given: VipBackendUnderTest = {
    backend,
    hosts: net.vipHosts,
    fresh: net.fresh,
    wait: (ms) => later(ms),
    settlesWithinMs: 15_000,
    fencedAfterMs: FENCED_AFTER_MS,
    kill: ({ place }, vipId) => Promise.resolve(net.killAll(place.host, vipId)),
    setLink: ({ place }, up) => Promise.resolve(net.setLink(place.host, up)),
    serve: ({ place }, portal) => net.serve(place.host, portal),
    dispose: backend.close,
  };
  return Promise.resolve(given);
});

test.after(async () => started?.stop());
test.run();
