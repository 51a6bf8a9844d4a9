/** Why a reservation is refused. */
import type { Refusal } from '../kernel/refusal.ts';
import type { ReservationKey } from './messages.ts';

export type ReservationRefusal = Refusal & {
  readonly _tag: 'NameIsTaken' | 'SerialIsTaken' | 'PoolIsOverSubscribed' | 'PoolHasNoSpace' | 'PoolCapacityUnknown' | 'NumbersAreExhausted';
};

/** The refusal of a reservation whose total would pass its limit. */
export const exceeds = (key: ReservationKey, value: number, limit: number): ReservationRefusal => {
  switch (key.kind) {
    case 'name':
      return {
        _tag: 'NameIsTaken',
        rule: 'nameIsFree',
        spec: 'S0-16',
        message: `the ${key.of} name "${key.name}" is taken`,
        remedy: `choose another name, or rename or delete the ${key.of} that has it`,
        value: key.name,
      };
    case 'serial':
      return {
        _tag: 'SerialIsTaken',
        rule: 'serialIsFree',
        spec: 'S0-18',
        message: `the serial number ${key.serial} is taken`,
        remedy: 'send the command again with a new command id, which gives another serial number',
        value: key.serial,
      };
    case 'number':
      return {
        _tag: 'NumbersAreExhausted',
        rule: 'numbersAreLeft',
        spec: 'S0-3',
        message: `no ${key.of} number is left`,
        remedy: 'address the resource by its UUID',
        value,
        limit,
      };
    case 'capacity':
      return {
        _tag: 'PoolIsOverSubscribed',
        rule: 'roomForCapacity',
        spec: 'R-3',
        message: `the pool would have ${value} bytes provisioned, ${limit} are allowed`,
        remedy: 'delete volumes, purge the trash, add disks, or raise the pool’s over-subscription ratio',
        value,
        limit,
      };
    case 'space':
      return {
        _tag: 'PoolHasNoSpace',
        rule: 'roomForData',
        spec: 'R-3',
        message: `${value} bytes are about to be written, ${limit} are free`,
        remedy: 'wait for running flattens, free space, or use a linked clone',
        value,
        limit,
      };
  }
};

/** The refusal when nobody could say how much the pool holds. */
export const capacityUnknown = (key: ReservationKey, why: string): ReservationRefusal => ({
  _tag: 'PoolCapacityUnknown',
  rule: 'freshPoolStatistics',
  spec: 'R-3',
  message: `the pool's statistics cannot be read: ${why}`,
  remedy: 'bring the backend back, then try again',
  value: reservationSubject(key),
});

const reservationSubject = (key: ReservationKey): string => (key.kind === 'capacity' || key.kind === 'space' ? key.poolId : key.kind);
