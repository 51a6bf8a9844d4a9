/** Why a reservation is refused. */
import type { AccessPathRefusalTag } from '../accessPath/errors.ts';
import type { Refusal } from '../kernel/refusal.ts';
import { refusalsOf } from '../kernel/refusals.ts';
import type { ReservationKey } from './messages.ts';

/** Every reason for which a reservation is refused: the rule, where it is written, and the way out. */
export const reservationRefusals = {
  NameIsTaken: { rule: 'nameIsFree', spec: 'S0-16', remedy: 'choose another name, or rename or delete the resource that has it' },
  SerialIsTaken: { rule: 'serialIsFree', spec: 'S0-18', remedy: 'send the command again with a new command id, which gives another serial number' },
  PoolIsOverSubscribed: { rule: 'roomForCapacity', spec: 'R-3', remedy: 'delete volumes, purge the trash, add disks, or raise the pool’s over-subscription ratio' },
  PoolHasNoSpace: { rule: 'roomForData', spec: 'R-3', remedy: 'wait for running flattens, free space, or use a linked clone' },
  PoolCapacityUnknown: { rule: 'freshPoolStatistics', spec: 'R-3', remedy: 'it was asked for some minutes: bring the backend back, then send it again with a new command id or idempotency key' },
  PoolCapacityUnreadable: { rule: 'readablePoolStatistics', spec: 'R-3', remedy: 'correct what the message names, such as the pool or the permissions, then send it again with a new command id or idempotency key' },
  AddressIsTaken: { rule: 'addressIsFree', spec: 'R-15', remedy: 'choose another address, or take it from the host or the virtual IP that has it' },
  VridIsTaken: { rule: 'vridIsFree', spec: 'R-16', remedy: 'choose another virtual router id, or leave the choice to Blockledger' },
  TooManyVipPaths: { rule: 'roomForVipPath', spec: 'S0-69', remedy: 'delete the VIP groups of another access path' },
} as const;

/** The names of the refusals of reservations. */
export type ReservationRefusalTag = keyof typeof reservationRefusals;
/** A refused reservation. */
export type ReservationRefusal = Refusal & { readonly _tag: ReservationRefusalTag };

/**
 * Makes the refusal of a reservation: its tag, the sentence that says the fact, and the values compared.
 *
 * @example
 * import { refuseReservation } from '@blockledger/domain';
 * refuseReservation('NameIsTaken', 'the volume name "db-1" is taken', { value: 'db-1' }).rule; // => 'nameIsFree'
 */
export const refuseReservation = refusalsOf<ReservationRefusalTag>(reservationRefusals);

/** Keys whose total has a limit; numbers never run out. */
export type LimitedKey = Exclude<ReservationKey, { readonly kind: 'number' }>;
/** Keys whose limit comes from fresh statistics of a pool. */
export type PoolKey = Extract<ReservationKey, { readonly kind: 'capacity' | 'space' }>;

/**
 * The refusal of a reservation whose total would pass its limit.
 *
 * @example
 * import { exceeds } from '@blockledger/domain';
 * exceeds({ kind: 'name', of: 'volume', poolId: null, tenant: 'default', name: 'db-1' }, 2, 1)._tag; // => 'NameIsTaken'
 */
export const exceeds = (key: LimitedKey, value: number, limit: number): ReservationRefusal => {
  switch (key.kind) {
    case 'name':
      return refuseReservation('NameIsTaken', `the ${key.of} name "${key.name}" is taken`, { value: key.name });
    case 'serial':
      return refuseReservation('SerialIsTaken', `the serial number ${key.serial} is taken`, { value: key.serial });
    case 'capacity':
      return refuseReservation('PoolIsOverSubscribed', `the pool would have ${value} bytes provisioned, ${limit} are allowed`, { value, limit });
    case 'address':
      return refuseReservation('AddressIsTaken', `the address ${key.ip} is taken`, { value: key.ip });
    case 'vrid':
      return refuseReservation('VridIsTaken', `the virtual router id ${key.vrid} of segment "${key.segment}" is taken`, { value: key.vrid });
    case 'vipPaths':
      return refuseReservation('TooManyVipPaths', `${value} access paths would have virtual IPs, ${limit} are allowed`, { value, limit });
    case 'space':
      return refuseReservation('PoolHasNoSpace', `${value} bytes are about to be written, ${limit} are free`, { value, limit });
  }
};

/** Why nobody could say how much a pool holds, and whether that passes by itself. */
export interface Unknown {
  readonly why: string;
  readonly passes: boolean;
}

/**
 * The refusal when nobody could say how much the pool holds.
 *
 * @example
 * import { capacityUnknown, type PoolId } from '@blockledger/domain';
 * capacityUnknown({ kind: 'capacity', poolId: '0b9d7a3e-0000-4000-8000-000000000001' as PoolId }, { why: 'it does not answer', passes: true })._tag; // => 'PoolCapacityUnknown'
 */
export const capacityUnknown = (key: PoolKey, { why, passes }: Unknown): ReservationRefusal =>
  refuseReservation(passes ? 'PoolCapacityUnknown' : 'PoolCapacityUnreadable', `the pool's statistics cannot be read: ${why}`, { value: key.poolId });

/**
 * True for a refusal that the passing of time may undo: nothing was decided about what was asked, so it may be asked again.
 *
 * @example
 * import { mayPass, refuseReservation } from '@blockledger/domain';
 * mayPass(refuseReservation('PoolCapacityUnknown', 'no monitor answers')); // => true
 * mayPass(refuseReservation('NameIsTaken', 'the name is taken')); // => false
 */
export const mayPass = ({ _tag }: Refusal): boolean =>
  _tag === ('PoolCapacityUnknown' satisfies ReservationRefusalTag) || _tag === ('AttachmentMustWait' satisfies AccessPathRefusalTag);
