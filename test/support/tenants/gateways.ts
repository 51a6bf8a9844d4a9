/** Simulated gateways for two tenants: everybody's hosts, on which each has what is its own. */
import { localHost, xdcTargets } from '@blockledger/adapters-xdc';
import { simulateVips, simulateXdc, type XdcSimulator } from '@blockledger/adapters-xdc/simulator';
import { memorySecretStore, type ControlPlane, type ControlPlaneParts } from '@blockledger/app';
import type { BlockBackend, SeenTarget, TargetBackend, VipBackend } from '@blockledger/domain';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { FakeBackend } from '../fakeBackend.ts';
import { right } from '../plane.ts';
import { virtualClock } from '../virtualClock.ts';

export interface TenantGateways {
  /** What each process makes for itself, over what outlives it. */
  readonly parts: () => Pick<ControlPlaneParts, 'backends' | 'targets' | 'vips' | 'secrets'>;
  readonly xdc: XdcSimulator;
  /** Puts the hosts in service, and has them admitted to virtual IPs by a VIP group of the house: a host that is not opens everybody's LUNs anew. */
  readonly register: (plane: ControlPlane) => Promise<void>;
  /** Time passes on the segment: whoever should hold an address does. */
  readonly elapse: () => void;
}

const HOSTS = ['gw1', 'gw2', 'gw3'].map((name, at) => ({ name, source: `10.0.0.${at + 1}` }));
const LONGEST_ELECTION_MS = 10_000;

/** A fake backend whose volumes hosts can open. */
const opened = (backend: BlockBackend): BlockBackend => ({ ...backend, sourceOf: ({ placement: { pool }, volumeId }) => ({ kind: 'rbd', pool, image: `volume-${volumeId.replaceAll('-', '')}` }) });

/** XDC shows no sessions; here it shows that nobody is logged in. */
const withoutSessions = (backend: TargetBackend): TargetBackend => ({
  ...backend,
  capabilities: { ...backend.capabilities, sessions: true },
  see: (target, context) => TE.map((seen: SeenTarget | undefined) => (seen === undefined ? undefined : { ...seen, sessions: [] }))(backend.see(target, context)),
});

/** The clock of the plane stands, so that nothing is asked twice: who asks whether an address is held hears that it is. */
const held = (backend: VipBackend): VipBackend => ({ ...backend, perform: (action, context) => (action.do === 'observeInstance' ? TE.right({ exists: true, state: 'master', holds: true }) : backend.perform(action, context)) });

/** Parts of a plane over a fake block backend. Hosts are there once they are registered. */
export const tenantGateways = (fake: FakeBackend): TenantGateways => {
  const time = virtualClock();
  const xdc = simulateXdc({ hosts: HOSTS.map(({ name }) => name) });
  const vips = { keepalived: held(simulateVips({ hosts: HOSTS, clock: time }).backend) };
  const secrets = memorySecretStore();
  return {
    parts: () => {
      const hosts = HOSTS.map(({ name }) => localHost({ name, run: xdc.run(name) }));
      return { backends: { fake: opened(fake.backend) }, targets: { xdc: withoutSessions(xdcTargets({ hosts, endsSessions: true })) }, vips, secrets };
    },
    xdc,
    register: async (plane) => {
      const done = { wait: 'done' } as const;
      for (const { name, source } of HOSTS) right(await plane.registerHost({ name, targets: 'xdc', vips: 'keepalived', addresses: [{ ip: source, prefix: 24, interface: 'eth0' }] }, done));
      const { id: accessPath } = right(await plane.createAccessPath({ name: 'of the house', hosts: HOSTS.map(({ name }) => name) }, done)).resource;
      right(await plane.createVipGroup({ accessPath, network: '10.0.0.0/24', vips: [{ ip: '10.0.0.50', networkAddress: 1 }] }, done));
      await plane.idle();
      if (plane.hosts.list().items.some(({ admission }) => admission !== 'admitted')) throw new Error('a host is not admitted');
    },
    elapse: () => time.advance(LONGEST_ELECTION_MS),
  };
};
