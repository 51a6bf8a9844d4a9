/** What an access path's decisions need to know from elsewhere. */
import type { ChapSecretFacts } from '../kernel/chap.ts';
import type { LunSource } from '../ports/lunSource.ts';
import type { AccessType, TargetCapabilities } from '../ports/targetBackend.ts';

/** A host that a command names. `capabilities` is null when this process does not have its backend. */
export interface TargetHostFacts {
  readonly name: string;
  readonly backend: string;
  readonly capabilities: TargetCapabilities | null;
}

/** The client group of a command. `mutual` is the fingerprint of its mutual account's secret, null without one. */
export interface ClientGroupFacts {
  readonly tenant: string;
  readonly accessType: AccessType;
  readonly clients: readonly string[];
  /** It belongs to the attachments of one initiator. */
  readonly isForAttachments: boolean;
  readonly hasMutual: boolean;
  readonly mutual: ChapSecretFacts | null;
}

/**
 * A volume of a command. `backend` is the name of its block backend, which this process may not have. `source` is how hosts open the volume; null
 * where its backend lets nobody, or is not there to be asked.
 */
export interface MappableVolumeFacts {
  readonly tenant: string;
  readonly name: string;
  readonly backend: string;
  readonly hasBackend: boolean;
  readonly source: LunSource['kind'] | null;
}

/** Who is logged in, asked now, with the addresses at both ends where the backend tells them; or why that is not known. */
export type SessionFacts =
  | { readonly known: true; readonly sessions: readonly { readonly host: string; readonly initiator: string; readonly address: string | null; readonly portal: string | null }[] }
  | { readonly known: false; readonly why: string };

/**
 * Only what the command needs is gathered; the rest is empty or null.
 * - `hosts`, `volumes`: by their UUIDs; those that do not exist are left out.
 * - `capabilities`: of the backend of the path's own targets.
 * - `secret`: of the account in the command; `forward`: of the path's own account.
 * - `mutuals`: of the client groups that the path has, by the users' names.
 * - `vipHosts`: the hosts between which VIP groups of the path move their addresses.
 */
export interface AccessPathDecisionFacts {
  readonly hosts: Readonly<Record<string, TargetHostFacts>>;
  readonly volumes: Readonly<Record<string, MappableVolumeFacts>>;
  readonly clientGroup: ClientGroupFacts | null;
  readonly capabilities: TargetCapabilities | null;
  readonly secret: ChapSecretFacts | null;
  readonly forward: ChapSecretFacts | null;
  readonly mutuals: readonly ChapSecretFacts[];
  readonly sessions: SessionFacts;
  readonly vipHosts: readonly string[];
}

/** For commands that need nothing from elsewhere. */
export const noAccessPathFacts: AccessPathDecisionFacts = {
  hosts: {},
  volumes: {},
  clientGroup: null,
  capabilities: null,
  secret: null,
  forward: null,
  mutuals: [],
  sessions: { known: true, sessions: [] },
  vipHosts: [],
};
