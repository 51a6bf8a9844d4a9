/** Tasks of VIP groups, by their events (S0-71, S0-78, S0-79). */
import type { VipGroupEvent } from '@blockledger/domain';
import { begun, cancelled, refused, succeeded, troubleChange, type TaskChange } from './change.ts';

const ALL = ['CreateVIPGroup', 'UpdateVIPGroup', 'DeleteVIPGroup', 'RedeployVIPGroup', 'CreateVIP', 'DeleteVIP', 'VIPGroupAddNetworkAddress', 'VIPGroupRemoveNetworkAddress'] as const;

export const vipGroupTasks = (event: VipGroupEvent): TaskChange | undefined => {
  switch (event.type) {
    case 'VipGroupRequested':
      return begun('CreateVIPGroup');
    case 'VipGroupCreated':
      return succeeded('CreateVIPGroup');
    case 'VipGroupRefused':
      return refused(event, 'CreateVIPGroup');
    case 'VipGroupUpdateRequested':
      return begun('UpdateVIPGroup');
    case 'VipGroupUpdated':
      return succeeded('UpdateVIPGroup');
    case 'VipGroupRedeployRequested':
      return begun('RedeployVIPGroup');
    case 'VipGroupRedeployed':
      return succeeded('RedeployVIPGroup');
    case 'VipGroupDeletionRequested':
      return begun('DeleteVIPGroup');
    case 'VipGroupDeleted':
      return succeeded('DeleteVIPGroup');
    case 'VipGroupReserved':
    case 'VipReserved':
    case 'VridReserved':
    case 'VridsHeardFree':
      return { to: 'stepped' };
    case 'OperationSuperseded':
      return cancelled(...ALL);
    default:
      return addressTasks(event);
  }
};

const addressTasks = (event: VipGroupEvent): TaskChange | undefined => {
  switch (event.type) {
    case 'VipRequested':
      return begun('CreateVIP');
    case 'VipAdded':
      return succeeded('CreateVIP');
    case 'VipRefused':
      return refused(event, 'CreateVIP');
    case 'VipRemovalRequested':
      return begun('DeleteVIP');
    case 'VipRemoved':
      return succeeded('DeleteVIP');
    case 'VipMemberRequested':
      return begun('VIPGroupAddNetworkAddress');
    case 'VipMemberAdded':
      return succeeded('VIPGroupAddNetworkAddress');
    case 'VipMemberRemovalRequested':
      return begun('VIPGroupRemoveNetworkAddress');
    case 'VipMemberRemoved':
      return succeeded('VIPGroupRemoveNetworkAddress');
    default:
      return troubleChange(event);
  }
};
