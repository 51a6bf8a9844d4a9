/** What a host's decisions need to know from elsewhere. */
import type { TargetCapabilities } from '../ports/targetBackend.ts';

/**
 * - `targets`: capabilities of the backend of its targets, and whether that reaches the host; null when this process has no such backend.
 * - `vips`: whether the backend of its virtual IPs reaches it; null when this process has no such backend.
 */
export interface HostDecisionFacts {
  readonly targets: { readonly capabilities: TargetCapabilities; readonly reaches: boolean } | null;
  readonly vips: { readonly reaches: boolean } | null;
}
