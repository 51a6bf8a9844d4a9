/** Limits of an access path: every number in one place. */

const MINUTE_MS = 60_000;

/** VIP groups that one access path has (S0-68). */
export const MAX_VIP_GROUPS = 4;
/** Hosts that one access path has targets on. */
export const MAX_TARGET_HOSTS = 16;
/** Mapping groups that one access path has. */
export const MAX_MAPPING_GROUPS = 256;
/** Volumes that one command maps or unmaps. */
export const MAX_VOLUMES_AT_ONCE = 256;
/** A LUN number rests for so long after its volume was unmapped everywhere: initiators keep stale devices (I-19). */
export const LUN_REST_MS = 60 * MINUTE_MS;
/** The TCP port of iSCSI (S0-95). */
export const ISCSI_PORT = 3260;
/** What IQNs of targets begin with unless told otherwise (S0-90). */
export const DEFAULT_IQN_PREFIX = 'iqn.2019-01.com.xsky:blockledger';
/** How many refused operations an access path remembers for the callers that wait for their answer. */
export const REFUSALS_KEPT = 64;
