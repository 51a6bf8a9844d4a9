/** Requests about client groups, as commands. Of a secret they know the reference. */
import * as E from 'fp-ts/lib/Either.js';
import { accountOf } from '../chapRequests.ts';
import { onResource, type Addressing } from './addressing.ts';

export const clientGroupRequests: Addressing<'createClientGroup' | 'updateClientGroup' | 'deleteClientGroup'> = {
  createClientGroup: ({ input }, { ids, commandId }) => {
    const clientGroupId = ids.derive(commandId, 'clientGroup');
    const { name, description = '', accessType = 'iscsi', clients, mutual } = input;
    return E.right({ to: 'clientGroup', command: { type: 'CreateClientGroup', clientGroupId, name, description, accessType, clients, mutual: accountOf(mutual) ?? null }, resource: { kind: 'clientGroup', id: clientGroupId } });
  },
  updateClientGroup: ({ clientGroup, input }, context) => {
    const { mutual: given, ...rest } = input;
    const mutual = accountOf(given);
    return onResource(context, ['clientGroup', clientGroup], () => ({ type: 'UpdateClientGroup', changes: { ...rest, ...(mutual === undefined ? {} : { mutual }) } }));
  },
  deleteClientGroup: ({ clientGroup }, context) => onResource(context, ['clientGroup', clientGroup], () => ({ type: 'DeleteClientGroup' })),
};
