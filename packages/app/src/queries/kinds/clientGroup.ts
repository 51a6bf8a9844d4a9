/** Client groups as readers see them: of an account its user. */
import type { ClientGroupState } from '@blockledger/domain';
import type { ClientGroupFilter, ClientGroupView } from '../pathViews.ts';
import type { ClientGroupSortField } from '../sortViews.ts';
import type { ActionStatus } from '../views.ts';
import type { ReadKind } from './kind.ts';
import { accessPathLink, type Lookup } from './lookup.ts';

const actionOf = ({ lifecycle, rename }: ClientGroupState): ActionStatus => {
  if (lifecycle === 'creating') return 'creating';
  return rename === null ? 'idle' : 'updating';
};

const mappingGroupsOf = ({ users }: ClientGroupState, lookup: Lookup): ClientGroupView['mappingGroups'] =>
  Object.entries(users).map(([id, { accessPathId }]) => {
    const group = lookup.accessPathState(accessPathId)?.path?.groups.find(({ mappingGroupId }) => mappingGroupId === id);
    return { id, number: group?.number ?? null, accessPath: accessPathLink(lookup, accessPathId) };
  });

const clientGroupView = (state: ClientGroupState, lookup: Lookup): ClientGroupView | undefined => {
  const { group, lifecycle, operationId, rename } = state;
  if (group === null || lifecycle === 'absent') return undefined;
  const { clientGroupId, number, name, description, tenant, accessType, clients, mutual, createdAt, updatedAt } = group;
  return {
    kind: 'clientGroup',
    id: clientGroupId,
    number,
    name,
    description,
    tenant,
    status: lifecycle,
    actionStatus: actionOf(state),
    operationId: lifecycle === 'creating' ? operationId : (rename?.operationId ?? null),
    accessType,
    clients,
    mutual: mutual === null ? null : { user: mutual.user },
    mappingGroups: mappingGroupsOf(state, lookup),
    createdAt,
    updatedAt,
  };
};

export const clientGroupKind: ReadKind<ClientGroupState, ClientGroupView, ClientGroupFilter, ClientGroupSortField> = {
  kind: 'clientGroup',
  plural: 'client groups',
  isEverybodys: false,
  isFoundByName: false,
  indexed: ({ group, lifecycle }) =>
    group === null
      ? undefined
      : {
          number: group.number,
          name: group.name,
          description: `${group.description}\n${group.clients.join(' ')}`,
          gone: lifecycle === 'refused' || lifecycle === 'deleted' ? lifecycle : null,
          hidden: false,
          tenant: group.tenant,
          parentId: null,
        },
  view: clientGroupView,
  statusOf: ({ lifecycle }) => lifecycle,
  statuses: ['creating', 'active'],
  gone: ['deleted'],
  codes: ({ group }) => (group === null ? [] : [group.clientGroupId]),
  matcher: ({ accessType, client }) =>
    accessType === undefined && client === undefined
      ? undefined
      : ({ group }) => (accessType === undefined || group?.accessType === accessType) && (client === undefined || group?.clients.includes(client) === true),
  readers: (stateAt) => ({
    number: (number) => number,
    name: (number) => stateAt(number)?.group?.name ?? null,
    status: (number) => stateAt(number)?.lifecycle ?? null,
    createdAt: (number) => stateAt(number)?.group?.createdAt ?? null,
    updatedAt: (number) => stateAt(number)?.group?.updatedAt ?? null,
  }),
};
