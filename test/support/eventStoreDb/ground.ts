/** What every call of the double stands on. */
import type { Metadata } from '@grpc/grpc-js';
import type { TakeFault } from './faults.ts';
import type { EventLog } from './log.ts';

/** What a call needs: nobody's name at all, somebody's name, or the leader where it was asked for. */
export type Need = 'nothing' | 'reading' | 'writing';

export interface Ground {
  readonly log: EventLog;
  readonly maxAppendBytes: number;
  readonly saysCaughtUp: boolean;
  /** How many events the server writes about itself after each append. */
  readonly systemEvents: number;
  /** Notes that a call was taken. */
  readonly note: (rpc: string) => void;
  readonly takeFault: TakeFault;
  /** Throws a CallFailure when the caller may not, or must go to the leader. */
  readonly admit: (metadata: Metadata, need: Need) => void;
  /** Cuts the connection of a peer, as `getPeer` names it. */
  readonly cut: (peer: string) => void;
}
