/** Limits of a VIP group: every number in one place. */

/** Virtual IPs of one group (S0-70). */
export const MAX_VIPS = 16;
/** A group never has fewer (S0-79). */
export const MIN_VIPS = 1;
/** Hosts that one group's addresses move between. */
export const MAX_MEMBERS = 16;
/** Priority of the instance on the preferred host (S0-77); the others get less, each another one (I-23). */
export const TOP_PRIORITY = 101;
/** Virtual router ids of a segment. */
export const MAX_VRID = 255;
/** The wire is listened to for so long: more than three intervals of one second (I-23). */
export const SCAN_MS = 4_000;
/** A host that was asked to have itself admitted, and is still not, is asked again after so long. */
export const ASK_AGAIN_MS = 300_000;
/** How many refused operations a VIP group remembers for the callers that wait for their answer. */
export const REFUSALS_KEPT = 16;
