/** What a reservation can be told and what happened to it. */
import * as t from 'io-ts';
import { NetworkSegment } from '../kernel/addresses.ts';
import { PoolId, SerialNumber } from '../kernel/ids.ts';
import { Count, TimestampMs } from '../kernel/quantities.ts';
import { tagged } from '../kernel/tagged.ts';
import { Vrid } from '../ports/vipBackend.ts';

/** Kinds of resource that have names and REST integers of their own. */
export const ResourceKind = t.keyof(
  { volume: null, snapshot: null, pool: null, host: null, networkAddress: null, accessPath: null, mappingGroup: null, clientGroup: null, vipGroup: null, vip: null },
  'ResourceKind',
);
/** A value of the codec `ResourceKind`. */
export type ResourceKind = t.TypeOf<typeof ResourceKind>;

/** What is reserved; one stream each. */
export const ReservationKey = t.union(
  [
    /**
     * A display name, unique per pool, kind and tenant, so that no tenant learns what names another one uses. `poolId` is null for names of
     * pools themselves; `tenant` is left out for the default tenant.
     */
    t.readonly(
      t.intersection([t.strict({ kind: t.literal('name'), of: ResourceKind, poolId: t.union([t.null, PoolId]), name: t.string }), t.partial({ tenant: t.string })]),
    ),
    t.readonly(t.strict({ kind: t.literal('serial'), serial: SerialNumber })),
    /** REST integer ids: each holder gets the next number, for ever. */
    t.readonly(t.strict({ kind: t.literal('number'), of: ResourceKind })),
    /** Provisioned bytes of a pool, bounded by total × over-subscription ratio. */
    t.readonly(t.strict({ kind: t.literal('capacity'), poolId: PoolId })),
    /** Bytes about to be written by flattens and full clones, bounded by what is free. */
    t.readonly(t.strict({ kind: t.literal('space'), poolId: PoolId })),
    /** An IP address, a host's own or a virtual one: one holder each. In the canonical form of `ipOf`. */
    t.readonly(t.strict({ kind: t.literal('address'), ip: t.string })),
    /** A virtual router id of a network segment: one holder each (R-16, I-23). */
    t.readonly(t.strict({ kind: t.literal('vrid'), segment: NetworkSegment, vrid: Vrid })),
    /** Access paths that have virtual IPs (S0-69). */
    t.readonly(t.strict({ kind: t.literal('vipPaths') })),
  ],
  'ReservationKey',
);
/** A value of the codec `ReservationKey`. */
export type ReservationKey = t.TypeOf<typeof ReservationKey>;

const about = { key: ReservationKey, holder: t.string };

/**
 * - `Reserve`: the holder wants `amount`; saying it again changes nothing, saying another amount changes the holding.
 *   `bounded: false` sets an amount that is already a fact (the size after a rollback) whatever the limit.
 * - `Release`: the holder wants nothing any more; a holder that has nothing may say so, too.
 */
export const ReservationCommand = tagged('ReservationCommand', {
  Reserve: { ...about, amount: Count, bounded: t.boolean },
  Release: about,
});
/** A value of the codec `ReservationCommand`. */
export type ReservationCommand = t.TypeOf<typeof ReservationCommand>;

const ReservationEventTable = {
  Reserved: { holder: t.string, amount: Count, number: t.union([t.null, Count]), limit: t.union([t.null, t.number]), at: TimestampMs },
  Released: { holder: t.string, at: TimestampMs },
} as const;
/** Everything that can have happened to a reservation, as it is stored. `limit` is null where none was asked for. */
export const ReservationEvent = tagged('ReservationEvent', ReservationEventTable);
/** A value of the codec `ReservationEvent`. */
export type ReservationEvent = t.TypeOf<typeof ReservationEvent>;

const text = (s: string): string => encodeURIComponent(s);

/**
 * The stream that holds a reservation.
 *
 * @example
 * import { reservationStream } from '@blockledger/domain';
 * reservationStream({ kind: 'number', of: 'volume' }) === 'ids-volume'; // => true
 */
export const reservationStream = (key: ReservationKey): string => {
  switch (key.kind) {
    case 'name': {
      const scope = `name-${key.poolId ?? 'all'}-${key.of}`;
      // An escaped text has no @ in it, so no tenant and name look like another tenant's, or like the default one's.
      return key.tenant === undefined ? `${scope}-${text(key.name)}` : `${scope}@${text(key.tenant)}@${text(key.name)}`;
    }
    case 'serial':
      return `serial-${key.serial}`;
    case 'number':
      return `ids-${key.of}`;
    case 'capacity':
      return `capacity-${key.poolId}`;
    case 'space':
      return `space-${key.poolId}`;
    case 'address':
      return `address-${key.ip}`;
    case 'vrid':
      return `vrid-${text(key.segment)}-${key.vrid}`;
    case 'vipPaths':
      return 'vipPaths-all';
  }
};
