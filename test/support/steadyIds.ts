/** Ids that are the same in every run: a UUID that is broken at the edge of a narrow screen must break in the same place. */
import { uuidIds } from '@blockledger/app';
import type { IdGenerator } from '@blockledger/domain';

/** Ids in the order in which they are asked for; `prefix` is their first eight digits. */
export const steadyIds = (prefix = 'c0ffee00'): IdGenerator => {
  let made = 0;
  return {
    fresh: () => {
      made += 1;
      return `${prefix}-0000-4000-8000-${String(made).padStart(12, '0')}`;
    },
    derive: uuidIds.derive,
    random: () => 0.5,
  };
};

/** The installation of a world with such ids. */
export const STEADY_INSTALLATION = 'c0ffee00-0000-4000-8000-00000000c11e';
