/** Tasks of access paths, by their events (S0-97). */
import type { AccessPathEvent } from '@blockledger/domain';
import { begun, cancelled, refused, succeeded, troubleChange, type TaskChange } from './change.ts';

const ALL = ['CreateAccessPath', 'UpdateAccessPath', 'DeleteAccessPath', 'RedeployAccessPath', 'CreateTarget', 'DeleteTarget', 'CreateMappingGroup', 'UpdateMappingGroup', 'DeleteMappingGroup'] as const;

export const accessPathTasks = (event: AccessPathEvent): TaskChange | undefined => {
  switch (event.type) {
    case 'AccessPathRequested':
      return begun('CreateAccessPath');
    case 'AccessPathCreated':
      return succeeded('CreateAccessPath');
    case 'AccessPathRefused':
      return refused(event, 'CreateAccessPath');
    case 'AccessPathUpdateRequested':
      return begun('UpdateAccessPath');
    case 'AccessPathUpdated':
      return succeeded('UpdateAccessPath');
    case 'AccessPathUpdateRefused':
      return refused(event, 'UpdateAccessPath');
    case 'AccessPathDeletionRequested':
      return begun('DeleteAccessPath');
    case 'AccessPathDeleted':
      return succeeded('DeleteAccessPath');
    case 'AccessPathRedeployRequested':
      return begun('RedeployAccessPath');
    case 'AccessPathRedeployed':
      return succeeded('RedeployAccessPath');
    case 'AccessPathReserved':
    case 'AccessPathRenamed':
    case 'TargetHostUsed':
    case 'MappingGroupReserved':
    case 'VolumesMappingReserved':
      return { to: 'stepped' };
    case 'OperationSuperseded':
      return cancelled(...ALL);
    default:
      return servingTasks(event);
  }
};

const servingTasks = (event: AccessPathEvent): TaskChange | undefined => {
  switch (event.type) {
    case 'TargetRequested':
      return begun('CreateTarget');
    case 'TargetAdded':
      return succeeded('CreateTarget');
    case 'TargetRefused':
      return refused(event, 'CreateTarget');
    case 'TargetRemovalRequested':
      return begun('DeleteTarget');
    case 'TargetRemoved':
      return succeeded('DeleteTarget');
    case 'MappingGroupRequested':
      return begun('CreateMappingGroup');
    case 'MappingGroupCreated':
      return succeeded('CreateMappingGroup');
    case 'MappingGroupRefused':
      return refused(event, 'CreateMappingGroup');
    case 'VolumesMappingRequested':
    case 'VolumesUnmappingRequested':
      return begun('UpdateMappingGroup');
    case 'VolumesMapped':
    case 'VolumesUnmapped':
      return succeeded('UpdateMappingGroup');
    case 'VolumesMappingRefused':
      return refused(event, 'UpdateMappingGroup');
    case 'MappingGroupDeletionRequested':
      return begun('DeleteMappingGroup');
    case 'MappingGroupDeleted':
      return succeeded('DeleteMappingGroup');
    default:
      return troubleChange(event);
  }
};
