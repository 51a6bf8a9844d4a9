/** Two gateways with access paths, client groups and virtual IPs on them, for commands to be tried on; two more that are not registered. */
import type { XdcSimulatorOptions } from '@blockledger/adapters-xdc/simulator';
import { systemClock, type ControlPlane } from '@blockledger/app';
import type { Clock } from '@blockledger/domain';
import { addressOf, awaited, simulatedGateways, type SimulatedGateways } from './pathFixture.ts';
import { right } from './plane.ts';

/** Whoever waits has waited at once: elections that take seconds take none. Time does not pass faster otherwise, since a host that nobody looks at for long counts as one that stood still. */
const impatientClock = (): Clock & { readonly pass: (ms: number) => void } => {
  let skipped = 0;
  const pass = (ms: number): void => {
    skipped += ms;
  };
  return {
    nowMs: () => Date.now() + skipped,
    sleep: (ms, signal) => {
      pass(ms);
      return systemClock.sleep(0, signal);
    },
    pass,
  };
};

/** Simulated gateways whose time can be passed. */
export interface CliGateways extends SimulatedGateways {
  /** Time passes on the segment, until somebody holds each of these addresses. */
  readonly elect: (ips: readonly string[]) => void;
}

const SECOND_MS = 1_000;
const [USUAL_ELECTION_S, LONGEST_ELECTION_S] = [10, 60];

export const cliGateways = (faults?: XdcSimulatorOptions['faults']): CliGateways => {
  const clock = impatientClock();
  const gateways = simulatedGateways(['gw1', 'gw2', 'gw3', 'gw4'], clock, faults);
  const keepalived = awaited(gateways.segment.backend, () => clock.pass(USUAL_ELECTION_S * SECOND_MS));
  const elect = (ips: readonly string[]): void => {
    for (let second = 0; second < LONGEST_ELECTION_S && (ips.some((ip) => gateways.segment.holders(ip).length === 0) || second < USUAL_ELECTION_S); second += 1) clock.pass(SECOND_MS);
  };
  return { ...gateways, parts: { ...gateways.parts, vips: { keepalived } }, elect };
};

const operator = { issuedBy: 'token:operator', wait: 'done' } as const;

/** `gw3` has the address 10.252.1.3. */
export const registerGateway = async (plane: ControlPlane, n: number): Promise<void> => {
  const addresses = [{ ip: addressOf(n), prefix: 24, interface: 'eth0' }] as const;
  right(await plane.registerHost({ name: `gw${n}`, targets: 'xdc', vips: 'keepalived', addresses }, operator));
};

/** Every virtual IP has a holder, and one round has seen it. */
export const untilHeld = async (plane: ControlPlane, { elect }: Pick<CliGateways, 'elect'>): Promise<void> => {
  await plane.idle();
  elect(plane.vips.list().items.map(({ ip }) => ip));
  await plane.drift();
};

const client = (name: string): string => `iqn.1994-05.com.redhat:${name}`;

/**
 * On gw1 and gw2: `gold`, with CHAP and two virtual IPs, by which `db` sees data-1 and data-3; and `bare`, by which nobody sees anything. The
 * client group `spare` sees nothing.
 */
export const fillGateways = async (plane: ControlPlane): Promise<void> => {
  for (const n of [1, 2]) await registerGateway(plane, n);
  for (const name of ['data-1', 'data-2', 'data-3']) if (plane.volumes.list({ name }).items.length === 0) right(await plane.createVolume({ pool: 'vols', name, sizeBytes: 100 * 2 ** 30 }, operator));
  const volume = (name: string): string => plane.volumes.list({ name }).items[0]?.id ?? name;
  right(await plane.createClientGroup({ name: 'db', clients: [client('db1'), client('db2')], mutual: { user: 'mutual-user', secret: 'mutual-12345' } }, operator));
  right(await plane.createClientGroup({ name: 'spare', description: 'nobody yet', clients: ['192.0.2.7'] }, operator));
  const { resource: gold } = right(await plane.createAccessPath({ name: 'gold', hosts: [1, 2], chap: { user: 'forward-user', secret: 'forward-12345' } }, operator));
  right(await plane.createAccessPath({ name: 'bare', hosts: [1, 2] }, operator));
  right(await plane.createMappingGroup(gold.id, { clientGroup: 1, volumes: [volume('data-1'), volume('data-3')] }, operator));
  const vips = [1, 2].map((n) => ({ ip: addressOf(127 + n), networkAddress: n }));
  right(await plane.createVipGroup({ accessPath: gold.id, network: '10.252.1.0/24', vips }, operator));
};
