/** What each tenant has in each pool, counted as volumes change: pools are everybody's, and their totals tell of others. */
import type { VolumeState } from '@blockledger/domain';
import type { States } from './states.ts';

export interface Totals {
  readonly volumes: number;
  /** What the volumes may grow to. */
  readonly bytes: number;
}

export interface TenantTotals {
  readonly of: (tenant: string, poolId: string) => Totals;
}

const NONE: Totals = { volumes: 0, bytes: 0 };

interface Share extends Totals {
  readonly key: string;
}

const keyOf = (tenant: string, poolId: string): string => `${poolId} ${tenant}`;

/** What a volume counts for: nothing before it has its number, and nothing once it is gone. */
const shareOf = ({ volume, lifecycle }: VolumeState): Share | undefined =>
  volume === null || volume.number === null || lifecycle === 'deleted' || lifecycle === 'refused' || lifecycle === 'disowned'
    ? undefined
    : { key: keyOf(volume.tenant, volume.poolId), volumes: 1, bytes: volume.sizeBytes };

/** Totals over the states; make them before the log is replayed. */
export const makeTenantTotals = (states: States): TenantTotals => {
  const totals = new Map<string, Totals>();
  const add = ({ key, volumes, bytes }: Share, sign: 1 | -1): void => {
    const before = totals.get(key) ?? NONE;
    totals.set(key, { volumes: before.volumes + sign * volumes, bytes: before.bytes + sign * bytes });
  };
  states.onChange(({ kind, before, after }) => {
    if (kind !== 'volume') return;
    const [was, is] = [shareOf(before as VolumeState), shareOf(after as VolumeState)];
    if (was?.key === is?.key && was?.bytes === is?.bytes) return;
    if (was !== undefined) add(was, -1);
    if (is !== undefined) add(is, 1);
  });
  return { of: (tenant, poolId) => totals.get(keyOf(tenant, poolId)) ?? NONE };
};
