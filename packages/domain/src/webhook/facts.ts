/** What a webhook's decisions need to know from elsewhere. */

/** An address, taken apart by the engine. */
export interface UrlFacts {
  /** With its colon, in lower case: `https:`. */
  readonly protocol: string;
  /** The host is this machine by its name or number. */
  readonly isLoopback: boolean;
  /** A user or password stands in it: they would end up in events. */
  readonly hasCredentials: boolean;
}

/**
 * - `url`: the command's address; null for one that cannot be parsed.
 * - `plainHttpAllowed`: the configuration lets plain http go beyond this machine.
 * - `secretBytes`: the length of the command's secret; null when the secret store does not have it.
 * - `kinds`, `types`: of events that can be delivered.
 * - `registered`: how many webhooks there are.
 */
export interface WebhookDecisionFacts {
  readonly url: UrlFacts | null;
  readonly plainHttpAllowed: boolean;
  readonly secretBytes: number | null;
  readonly kinds: readonly string[];
  readonly types: readonly string[];
  readonly registered: number;
}
