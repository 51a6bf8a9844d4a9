/** What instances of virtual IPs were doing when they were last looked at. Kept by this process only: in the log stands who holds an address. */
import type { SeenInstanceNote } from '../../queries/kinds/lookup.ts';

export interface SeenVips {
  readonly of: (vipId: string, networkAddressId: string) => SeenInstanceNote | undefined;
  readonly note: (vipId: string, networkAddressId: string, seen: SeenInstanceNote) => void;
  /** Nobody can say any more. */
  readonly forget: (vipId: string, networkAddressId: string) => void;
}

const keyOf = (vipId: string, networkAddressId: string): string => `${vipId} ${networkAddressId}`;

export const makeSeenVips = (): SeenVips => {
  const notes = new Map<string, SeenInstanceNote>();
  return {
    of: (vipId, networkAddressId) => notes.get(keyOf(vipId, networkAddressId)),
    note: (vipId, networkAddressId, seen) => void notes.set(keyOf(vipId, networkAddressId), seen),
    forget: (vipId, networkAddressId) => void notes.delete(keyOf(vipId, networkAddressId)),
  };
};
