/** A host as its own stream tells it: plain JSON, folded by `evolve`. */
import type { HostId, OperationId } from '../kernel/ids.ts';
import { noTroubles, type Troubles } from '../kernel/troubles.ts';
import type { TimestampMs } from '../kernel/quantities.ts';
import type { StoredRefusal } from '../kernel/settlement.ts';
import type { NetworkAddress } from './messages.ts';

/** One address and how far it has got: it counts when it has a number. */
export interface HeldAddress {
  readonly operationId: OperationId;
  readonly address: NetworkAddress;
  /** Its REST integer, null until it is reserved. */
  readonly number: number | null;
}

/** What is known of a registered host. `number` is its REST integer, null until it is reserved (S0-3). */
export interface HostFields {
  readonly hostId: HostId;
  readonly number: number | null;
  readonly name: string;
  readonly tenant: string;
  readonly targets: string | null;
  readonly vips: string | null;
  readonly addresses: readonly HeldAddress[];
  /** Why work is kept and not run; null while it runs. */
  readonly paused: string | null;
  /** Why an operator declared it off; null while it counts as there. */
  readonly off: string | null;
  readonly createdAt: TimestampMs;
}

/** What is still to be given back: the name, or an address. */
export interface HostDue {
  readonly operationId: OperationId;
  readonly due: string;
  readonly ip: string | null;
}

/** When the host is to be admitted, or was: its targets were opened that often before. `token` names the opening; `at` is null until it is done. */
export interface Admission {
  readonly operationId: OperationId;
  readonly opening: number;
  readonly token: string;
  readonly at: TimestampMs | null;
}

/** A host's folded stream. `shape` rises with whatever access paths need to know; `users` says which one each of them knows. */
export interface HostState {
  readonly lifecycle: 'absent' | 'registering' | 'active' | 'refused' | 'retired';
  readonly host: HostFields | null;
  readonly operationId: OperationId | null;
  readonly shape: number;
  readonly users: Readonly<Record<string, { readonly use: number; readonly shown: number; readonly opened: number }>>;
  /** How often an access path began to use it: who begins again is shown it again. */
  readonly uses: number;
  /** The latest admission; null before anybody asked for one (I-21). */
  readonly admission: Admission | null;
  readonly troubles: Troubles;
  readonly dues: readonly HostDue[];
  readonly refused: readonly { readonly operationId: OperationId; readonly refusal: StoredRefusal }[];
}

/** The state before the first event. */
export const noHost: HostState = { lifecycle: 'absent', host: null, operationId: null, shape: 0, users: {}, uses: 0, admission: null, troubles: noTroubles, dues: [], refused: [] };

/**
 * The addresses by which initiators come in: those that count and have the role `gateway`.
 *
 * @example
 * import { gatewayAddresses } from '@blockledger/domain';
 * gatewayAddresses({ addresses: [{ number: 1, address: { ip: '10.0.0.1', role: 'admin' } }] } as never); // => []
 */
export const gatewayAddresses = (host: HostFields): readonly NetworkAddress[] =>
  host.addresses.flatMap(({ address, number }) => (number !== null && address.role === 'gateway' ? [address] : []));
