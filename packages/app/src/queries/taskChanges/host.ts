/** Tasks of hosts, by their events. What is given back is gone when nothing of it is held any more, which no event tells. */
import type { HostEvent } from '@blockledger/domain';
import { begun, refused, succeeded, troubleChange, type TaskChange } from './change.ts';

export const hostTasks = (event: HostEvent): TaskChange | undefined => {
  switch (event.type) {
    case 'HostRequested':
      return begun('CreateHost');
    case 'HostRegistered':
      return succeeded('CreateHost');
    case 'HostRefused':
      return refused(event, 'CreateHost');
    case 'HostRetired':
      return begun('DeleteHost');
    case 'NetworkAddressRequested':
      return begun('AddNetworkAddress');
    case 'NetworkAddressAdded':
      return succeeded('AddNetworkAddress');
    case 'NetworkAddressRefused':
      return refused(event, 'AddNetworkAddress');
    case 'NetworkAddressRemoved':
      return begun('RemoveNetworkAddress');
    case 'HostAdmissionAsked':
      return begun('AdmitHost');
    case 'HostAdmitted':
      return succeeded('AdmitHost');
    default:
      return troubleChange(event);
  }
};
