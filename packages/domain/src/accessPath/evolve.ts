/** Folds what happened to an access path. Total: whatever the order of events, it never fails. */
import { inNewRound, withTrouble } from '../kernel/troubles.ts';
import { evolveAttaching } from './evolve/attaching.ts';
import { end } from './evolve/common.ts';
import { evolveHosts } from './evolve/hosts.ts';
import { evolveMapping } from './evolve/mapping.ts';
import { evolvePath } from './evolve/path.ts';
import { evolveVips } from './evolve/vips.ts';
import type { AccessPathEvent } from './messages.ts';
import type { AccessPathState } from './state.ts';
import { withServing } from './wanted.ts';

const folded = (state: AccessPathState, event: AccessPathEvent): AccessPathState => {
  switch (event.type) {
    case 'AccessPathRequested':
    case 'AccessPathReserved':
    case 'AccessPathRefused':
    case 'AccessPathCreated':
    case 'AccessPathUpdateRequested':
    case 'AccessPathRenamed':
    case 'AccessPathUpdateRefused':
    case 'AccessPathDeletionRequested':
    case 'AccessPathDeleted':
    case 'AccessPathRedeployRequested':
      return evolvePath(state, event);
    case 'TargetRequested':
    case 'TargetHostUsed':
    case 'TargetRefused':
    case 'TargetRemovalRequested':
    case 'TargetRemoved':
    case 'TargetHostShown':
    case 'TargetsReopenedTold':
    case 'TargetConfirmed':
    case 'TargetPortalsShown':
    case 'TargetGone':
    case 'TargetHostUnreachable':
      return evolveHosts(state, event);
    case 'MappingGroupRequested':
    case 'MappingGroupReserved':
    case 'MappingGroupRefused':
    case 'VolumesMappingRequested':
    case 'VolumesMappingReserved':
    case 'VolumesMappingRefused':
    case 'VolumesUnmappingRequested':
    case 'VolumesUnmapped':
    case 'MappingGroupDeletionRequested':
    case 'MappingGroupDeleted':
    case 'ClientsShown':
    case 'MappedVolumeShown':
      return evolveMapping(state, event);
    case 'MappingGroupMadeForInitiator':
    case 'MappingGroupKept':
    case 'LunHeld':
    case 'LunLetGo':
    case 'ConnectionTold':
      return evolveAttaching(state, event);
    case 'VipGroupJoined':
    case 'VipPathCounted':
    case 'VipsShown':
    case 'VipPortalsTold':
    case 'VipServingTold':
    case 'VipServingKnown':
    case 'VipGroupLeft':
      return evolveVips(state, event);
    case 'AccessPathUpdated':
    case 'AccessPathRedeployed':
    case 'MappingGroupCreated':
    case 'VolumesMapped':
    case 'TargetAdded':
    case 'OperationSuperseded':
      return end(state, event.operationId);
    case 'DueSettled':
      return { ...state, dues: state.dues.filter(({ operationId, due }) => operationId !== event.operationId || due !== event.due) };
    case 'WorkDelayed':
    case 'WorkFailed':
      return { ...state, troubles: withTrouble(state.troubles, event) };
    case 'WorkRetried':
      return { ...state, troubles: inNewRound(state.troubles, event.operationId) };
    default:
      return event satisfies never;
  }
};

/**
 * Folds one event into an access path's state. Total: it never refuses and never fails.
 *
 * @example
 * import { evolveAccessPath, noAccessPath, type OperationId, type TimestampMs } from '@blockledger/domain';
 * evolveAccessPath(noAccessPath, { type: 'AccessPathDeleted', operationId: '0b9d7a3e-0000-4000-8000-000000000002' as OperationId, at: 0 as TimestampMs }).lifecycle; // => 'deleted'
 */
export const evolveAccessPath = (state: AccessPathState, event: AccessPathEvent): AccessPathState => withServing(folded(state, event));
