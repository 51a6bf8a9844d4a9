/** What a walk over access paths has with it, and how it complains. */
import type { EventStore } from '@blockledger/domain';
import type { VirtualClock } from '../virtualClock.ts';
import type { MortalPlane } from '../walks/mortalPlane.ts';
import type { Gateways, HostName } from './gateways.ts';

export const MINUTE_MS = 60_000;
export const PATIENCE_MS = 6 * 60 * MINUTE_MS;
export const ROUNDS_EVERY_MS = 15_000;

export interface PathWalkOptions {
  readonly seed: number;
  readonly store: EventStore;
  /** Asks in the script. */
  readonly length: number;
  /** Chance that a call to a host ends badly. */
  readonly faultRate: number;
  /** A life's instructions lie between 1 and this; 0: nobody dies. */
  readonly maxLife: number;
  /** Hosts are cut off, start anew, lose their power or their link. */
  readonly hostsFail: boolean;
}

export interface Walk {
  readonly options: PathWalkOptions;
  readonly random: () => number;
  readonly clock: VirtualClock;
  readonly mortal: MortalPlane;
  readonly gateways: Gateways;
  /** Hosts that lost their power, which nobody looks at. */
  readonly lost: Set<HostName>;
  readonly happened: Set<string>;
  readonly broken: string[];
  /** What hosts do badly, so far. */
  readonly faults: () => number;
}

export const complain = (walk: Walk, what: string, details: readonly string[]): never => {
  throw new Error(`${what}:\n${details.slice(0, 8).join('\n')}${details.length > 8 ? `\nand ${details.length - 8} more` : ''}\n(${walk.mortal.deaths()} deaths, ${walk.faults()} faults)`);
};

export const mustBeWhole = (walk: Walk): void => {
  if (walk.broken.length > 0) complain(walk, 'on the way', walk.broken);
};
