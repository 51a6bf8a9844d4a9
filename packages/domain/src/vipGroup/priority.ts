/** Which host goes before which to hold a virtual IP. */
import type { NetworkAddressId } from '../kernel/ids.ts';
import { TOP_PRIORITY } from './limits.ts';
import type { Vip, VipGroupFields } from './state.ts';

/**
 * The priority of a virtual IP on one host: the preferred one has the most, the others less in the order of their addresses' ids, each another one (I-23).
 *
 * @example
 * import { priorityOf } from '@blockledger/domain';
 * const group = { members: [{ networkAddressId: 'a' }, { networkAddressId: 'b' }] } as never;
 * priorityOf(group, { preferred: 'b' } as never, 'b' as never); // => 101
 * priorityOf(group, { preferred: 'b' } as never, 'a' as never); // => 100
 */
export const priorityOf = ({ members }: VipGroupFields, { preferred }: Vip, networkAddressId: NetworkAddressId): number => {
  if (networkAddressId === preferred) return TOP_PRIORITY;
  const others = members.map((member) => member.networkAddressId).filter((id) => id !== preferred).toSorted();
  return TOP_PRIORITY - 1 - others.indexOf(networkAddressId);
};
