/** Tasks of client groups, by their events. A change without another name is done at once. */
import type { ClientGroupEvent } from '@blockledger/domain';
import { begun, refused, succeeded, type TaskChange } from './change.ts';

export const clientGroupTasks = (event: ClientGroupEvent): TaskChange | undefined => {
  switch (event.type) {
    case 'ClientGroupRequested':
      return begun('CreateClientGroup');
    case 'ClientGroupCreated':
      return succeeded('CreateClientGroup');
    case 'ClientGroupRefused':
      return refused(event, 'CreateClientGroup');
    case 'ClientGroupRenameRequested':
    case 'ClientGroupUpdateRequested':
      return begun('UpdateClientGroup');
    case 'ClientGroupRenamed':
      return succeeded('UpdateClientGroup');
    case 'ClientGroupRenameRefused':
      return refused(event, 'UpdateClientGroup');
    case 'ClientGroupDeleted':
      return begun('DeleteClientGroup');
    default:
      return undefined;
  }
};
