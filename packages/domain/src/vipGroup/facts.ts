/** What a VIP group's decisions need to know from elsewhere. */
import type { SessionFacts } from '../accessPath/facts.ts';
import type { NetworkSegment } from '../kernel/addresses.ts';
import type { VipMember } from './messages.ts';

/** A host that could take part, and the segment of its address. */
export interface PossibleMember extends VipMember {
  readonly segment: NetworkSegment;
}

/**
 * - `members`: every gateway address of every host that the access path has a target on and that has a backend of virtual IPs; null when there is
 *   no such access path. `tenant`: the access path's.
 * - `virtualPortals`: whether its targets can serve portals of virtual IPs; null where that is not known.
 * - `sessions`: who is logged in at the access path, where the command needs to know.
 */
export interface VipGroupDecisionFacts {
  readonly members: readonly PossibleMember[] | null;
  readonly tenant: string | null;
  readonly virtualPortals: boolean | null;
  readonly sessions: SessionFacts;
}
