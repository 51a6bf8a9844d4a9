/** A client group as its own stream tells it: plain JSON, folded by `evolve`. */
import type { AccessPathId, ClientGroupId, OperationId } from '../kernel/ids.ts';
import type { TimestampMs } from '../kernel/quantities.ts';
import type { StoredRefusal } from '../kernel/settlement.ts';
import type { AccessType, ChapAccount } from '../ports/targetBackend.ts';

/** What is known of a client group. `number` is its REST integer, null until it is reserved (S0-3). */
export interface ClientGroupFields {
  readonly clientGroupId: ClientGroupId;
  readonly number: number | null;
  readonly name: string;
  readonly description: string;
  readonly tenant: string;
  readonly accessType: AccessType;
  readonly clients: readonly string[];
  readonly mutual: ChapAccount | null;
  /** It belongs to the attachments of one initiator: it has a name that nobody reserved, and goes with the last of them. */
  readonly isForAttachments: boolean;
  readonly createdAt: TimestampMs;
  readonly updatedAt: TimestampMs;
}

/** A name that is still to be given back. */
export interface NameDue {
  readonly operationId: OperationId;
  readonly due: string;
  readonly name: string;
}

/** A name that is being reserved, and what counts together with it. */
export interface Rename {
  readonly operationId: OperationId;
  readonly name: string;
  readonly others: Pick<ClientGroupFields, 'description' | 'clients' | 'mutual'> | null;
}

/** A client group's folded stream. `shape` rises with whatever access paths need to know; `users` are mapping groups. */
export interface ClientGroupState {
  readonly lifecycle: 'absent' | 'creating' | 'active' | 'refused' | 'deleted';
  readonly group: ClientGroupFields | null;
  readonly operationId: OperationId | null;
  readonly rename: Rename | null;
  readonly shape: number;
  readonly users: Readonly<Record<string, { readonly accessPathId: AccessPathId; readonly shown: number }>>;
  readonly dues: readonly NameDue[];
  readonly refused: readonly { readonly operationId: OperationId; readonly refusal: StoredRefusal }[];
}

/** The state before the first event. */
export const noClientGroup: ClientGroupState = { lifecycle: 'absent', group: null, operationId: null, rename: null, shape: 0, users: {}, dues: [], refused: [] };
