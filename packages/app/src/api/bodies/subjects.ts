/** What actions, events and webhooks are about. */

/** What an event that may leave the installation is about. */
export const DELIVERABLE_SUBJECTS = ['block_volume', 'block_snapshot', 'pool', 'backend', 'host', 'client_group', 'access_path', 'vip_group'] as const;
/** What an action is about. */
export const ACTION_SUBJECTS = [...DELIVERABLE_SUBJECTS, 'token', 'webhook'] as const;
/** What events are about. Those that are not deliverable only admins see. */
export const EVENT_SUBJECTS = [...ACTION_SUBJECTS, 'reservation'] as const;
