/** A REST face over simulated gateways: targets by a simulated XDC whose sessions can be seen, virtual IPs on a simulated segment. */
import { createHash } from 'node:crypto';
import * as E from 'fp-ts/lib/Either.js';
import type { SimHooks } from '@blockledger/adapters-rbd/simulator';
import { xdcTargets } from '@blockledger/adapters-xdc';
import { simulateVips, simulateXdc, type SimulatedVips, type XdcSimulator, type XdcSimulatorOptions } from '@blockledger/adapters-xdc/simulator';
import { memorySecretStore, type ControlPlaneParts } from '@blockledger/app';
import type { Clock, SeenTarget, TargetBackend, TargetSession, VipBackend } from '@blockledger/domain';
import { httpFixture, type HttpFixture } from './httpFixture.ts';
import { virtualClock } from './virtualClock.ts';

/** Gateways that are simulated, and what a plane is given of them. */
export interface SimulatedGateways {
  readonly gateways: XdcSimulator;
  readonly segment: SimulatedVips;
  /** Who is logged in, by the name of the host. */
  readonly sessions: Map<string, readonly TargetSession[]>;
  readonly parts: Pick<ControlPlaneParts, 'targets' | 'vips' | 'secrets'>;
}

export interface PathFixture extends HttpFixture, Omit<SimulatedGateways, 'parts'> {
  /** Time passes on the segment: whoever should hold an address does. */
  readonly elapse: () => void;
}

/** XDC shows no sessions; here it does. */
const showing = (backend: TargetBackend, sessions: ReadonlyMap<string, readonly TargetSession[]>): TargetBackend => ({
  ...backend,
  capabilities: { ...backend.capabilities, sessions: true },
  see: (target, context) => async () =>
    E.map((seen: SeenTarget | undefined) => (seen === undefined ? undefined : { ...seen, sessions: sessions.get(target.place.host) ?? [] }))(await backend.see(target, context)()),
});

/** For a segment whose time does not pass by itself: who asks whether somebody holds an address has waited for it. */
export const awaited = (backend: VipBackend, elapse: () => void): VipBackend => ({
  ...backend,
  perform: (action, context) => {
    if (action.do === 'observeInstance') elapse();
    return backend.perform(action, context);
  },
});

/** Hosts that the simulators have. */
export const GATEWAYS = ['gw1', 'gw2', 'gw3', 'gw4', 'gw5'] as const;
/** Their addresses on the one segment. */
export const addressOf = (n: number): string => `10.252.1.${n}`;

/** Hosts of these names, the n-th with the n-th address, on a segment with a time of its own. */
export const simulatedGateways = (names: readonly string[], clock: Clock, faults?: XdcSimulatorOptions['faults']): SimulatedGateways => {
  const gateways = simulateXdc({ hosts: names, ...(faults === undefined ? {} : { faults }) });
  const segment = simulateVips({ hosts: names.map((name, at) => ({ name, source: addressOf(at + 1) })), clock });
  const sessions = new Map<string, readonly TargetSession[]>();
  const targets = { xdc: showing(xdcTargets({ hosts: gateways.hosts, endsSessions: true }), sessions) };
  return { gateways, segment, sessions, parts: { targets, vips: { keepalived: segment.backend }, secrets: memorySecretStore() } };
};

const LONGEST_ELECTION_MS = 10_000;

export interface PathFixtureOptions {
  readonly pools?: readonly string[];
  readonly clock?: Clock;
  readonly faults?: SimHooks;
  /** How long each command of the cluster takes. */
  readonly latencyMs?: number;
}

export const pathFixture = async ({ pools, ...options }: PathFixtureOptions = {}): Promise<PathFixture> => {
  const time = virtualClock();
  const { gateways, segment, sessions, parts } = simulatedGateways(GATEWAYS, time);
  const elapse = (): void => time.advance(LONGEST_ELECTION_MS);
  const fixture = await httpFixture(pools, { parts: { ...parts, vips: { keepalived: awaited(segment.backend, elapse) } }, ...options });
  const stateHash = (): string => createHash('sha256').update(JSON.stringify([fixture.stateHash(), GATEWAYS.map(gateways.shows)])).digest('hex');
  return { ...fixture, stateHash, gateways, segment, sessions, elapse };
};

/** A host as a body: with an address on the segment, unless it is another one. */
export const hostCalled = (name: string, ip: string): { readonly body: object } => ({
  body: { host: { name, target_backend: 'xdc', vip_backend: 'keepalived', network_addresses: [{ ip, mask: 24, interface: 'eth0', segment: 'lan', role: 'gateway' }] } },
});
