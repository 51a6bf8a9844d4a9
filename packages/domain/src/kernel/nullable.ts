/** Fields that can be empty on purpose. */
import * as t from 'io-ts';

/**
 * A codec that also takes null: JSON has no `undefined`, and an event says that there is nothing rather than leave it out.
 *
 * @example
 * import * as t from 'io-ts';
 * import { orNull } from '@blockledger/domain';
 * orNull(t.string).is(null); // => true
 */
export const orNull = <C extends t.Mixed>(codec: C): t.UnionC<[t.NullC, C]> => t.union([t.null, codec]);
