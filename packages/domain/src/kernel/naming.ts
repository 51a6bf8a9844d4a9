/** Names of resources that belong to no pool: reserved before they count, given back when they no longer do. Alike in every aggregate that has one. */
import type { DomainCommand } from '../messages.ts';
import type { ReservationKey, ResourceKind } from '../reservation/messages.ts';
import { DEFAULT_TENANT } from './envelope.ts';

/** What a name is of: its kind, who holds it, and the tenant within which it is unique. */
export interface Named {
  readonly of: ResourceKind;
  readonly holder: string;
  readonly tenant: string;
}

const keyOf = ({ of, tenant }: Named, name: string): ReservationKey => ({ kind: 'name', of, poolId: null, name, ...(tenant === DEFAULT_TENANT ? {} : { tenant }) });

/**
 * The command that reserves a name.
 *
 * @example
 * import { reserveNameOf } from '@blockledger/domain';
 * reserveNameOf({ of: 'accessPath', holder: 'p', tenant: 'default' }, 'gold').command.type; // => 'Reserve'
 */
export const reserveNameOf = (named: Named, name: string): DomainCommand => ({
  to: 'reservation',
  command: { type: 'Reserve', key: keyOf(named, name), holder: named.holder, amount: 1, bounded: true },
});

/**
 * The command that gives a name back.
 *
 * @example
 * import { releaseNameOf } from '@blockledger/domain';
 * releaseNameOf({ of: 'accessPath', holder: 'p', tenant: 'default' }, 'gold').command.type; // => 'Release'
 */
export const releaseNameOf = (named: Named, name: string): DomainCommand => ({ to: 'reservation', command: { type: 'Release', key: keyOf(named, name), holder: named.holder } });

/**
 * The command that asks for a REST integer (S0-3); it is never given back.
 *
 * @example
 * import { reserveNumberOf } from '@blockledger/domain';
 * reserveNumberOf('accessPath', 'p').command.type; // => 'Reserve'
 */
export const reserveNumberOf = (of: ResourceKind, holder: string): DomainCommand => ({
  to: 'reservation',
  command: { type: 'Reserve', key: { kind: 'number', of }, holder, amount: 1, bounded: true },
});

/**
 * The command that reserves an IP address.
 *
 * @example
 * import { reserveAddress } from '@blockledger/domain';
 * reserveAddress('10.0.0.7', 'host').command.type; // => 'Reserve'
 */
export const reserveAddress = (ip: string, holder: string): DomainCommand => ({
  to: 'reservation',
  command: { type: 'Reserve', key: { kind: 'address', ip }, holder, amount: 1, bounded: true },
});

/**
 * The command that gives an IP address back.
 *
 * @example
 * import { releaseAddress } from '@blockledger/domain';
 * releaseAddress('10.0.0.7', 'host').command.type; // => 'Release'
 */
export const releaseAddress = (ip: string, holder: string): DomainCommand => ({ to: 'reservation', command: { type: 'Release', key: { kind: 'address', ip }, holder } });
