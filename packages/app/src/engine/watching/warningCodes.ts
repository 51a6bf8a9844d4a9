/** What an operator can be warned of. Each has its page under docs/operate. */
export const WARNING_CODES = ['StoreTrouble', 'BackendAbsent', 'BackendUnreachable', 'LogBehindBackend', 'DataMissing', 'WebhookFailing', 'WebhookDisabled', 'HostUnreachable', 'SplitBrain', 'VridContested', 'VipUnheld', 'ShardsUnheld'] as const;

/** The name of a warning. */
export type WarningCode = (typeof WARNING_CODES)[number];
