/** UUIDs: random ones, and derived ones that are the same for ever. */
import type { IdGenerator } from '@blockledger/domain';
import { v4, v5 } from 'uuid';

/**
 * Random UUIDs of version 4, derived ones of version 5 (SHA-1 of namespace and name).
 *
 * @example
 * import { uuidIds } from '@blockledger/app';
 * const space = uuidIds.fresh();
 * uuidIds.derive(space, 'volume') === uuidIds.derive(space, 'volume'); // => true
 */
export const uuidIds: IdGenerator = {
  fresh: () => v4(),
  derive: (namespace, name) => v5(name, namespace),
  random: () => Math.random(),
};
