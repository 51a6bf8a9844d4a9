/** Folds the VIP groups of an access path: what they want, and what they know. */
import type { Of } from '../../kernel/tagged.ts';
import type { AccessPathEvent } from '../messages.ts';
import type { AccessPathState, PathVips } from '../state.ts';
import { bump, change, type Fold } from './common.ts';

const changeVips = (state: AccessPathState, vipGroupId: string, fields: Partial<PathVips>): AccessPathState =>
  change(state, { vips: (state.path?.vips ?? []).map((vips) => (vips.vipGroupId === vipGroupId ? { ...vips, ...fields } : vips)) });

/** What a host did not open anew, since nobody came by a virtual IP, may be locked out by the storage: it goes before one leads there (I-21). */
const withStale = (state: AccessPathState): AccessPathState =>
  change(state, { hosts: (state.path?.hosts ?? []).map((host) => (host.unopened.length === 0 ? host : { ...host, stale: [...new Set([...host.stale, ...host.unopened])], unopened: [] })) });

const vipsShown: Fold<'VipsShown'> = (state, { operationId, vipGroupId, shape, stage, ips }) => {
  const vips = state.path?.vips.find((one) => one.vipGroupId === vipGroupId);
  if (vips === undefined || shape <= vips.shape) return state;
  const shown = changeVips(state, vipGroupId, { shape, stage, ips });
  const next = bump(ips.length === 0 ? shown : withStale(shown), operationId);
  return changeVips(next, vipGroupId, { version: next.version });
};

type VipEvent = Of<AccessPathEvent, 'VipGroupJoined' | 'VipPathCounted' | 'VipsShown' | 'VipPortalsTold' | 'VipServingTold' | 'VipServingKnown' | 'VipGroupLeft'>;

export const evolveVips = (state: AccessPathState, event: VipEvent): AccessPathState => {
  switch (event.type) {
    case 'VipGroupJoined': {
      const vips: PathVips = { vipGroupId: event.vipGroupId, shape: -1, stage: 'beside', ips: [], told: -1, off: [], serving: [], serves: 0, servingTold: 0, servingKnown: 0, lowered: 0, version: 0 };
      // The group has counted the path, unless what the last one gives back is still under way and may come behind that.
      const isGivenBack = state.path?.vips.length === 0 && state.path.countsAsVipPath;
      return change(state, { vips: [...(state.path?.vips ?? []), vips], countsAsVipPath: !isGivenBack });
    }
    case 'VipPathCounted':
      return change(state, { countsAsVipPath: event.counts });
    case 'VipsShown':
      return vipsShown(state, event);
    case 'VipPortalsTold':
      return changeVips(state, event.vipGroupId, { told: event.shape });
    case 'VipServingTold':
      return changeVips(state, event.vipGroupId, { servingTold: event.serves });
    case 'VipServingKnown':
      return changeVips(state, event.vipGroupId, { servingKnown: event.serves });
    case 'VipGroupLeft': {
      const vips = (state.path?.vips ?? []).filter(({ vipGroupId }) => vipGroupId !== event.vipGroupId);
      return bump(change(state, { vips, ...(vips.length === 0 ? { countsAsVipPath: true } : {}) }), event.operationId);
    }
  }
};
