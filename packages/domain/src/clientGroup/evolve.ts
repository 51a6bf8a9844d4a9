/** Folds what happened to a client group. Total: whatever the order of events, it never fails. */
import { REFUSALS_KEPT } from './limits.ts';
import type { ClientGroupEvent } from './messages.ts';
import { noClientGroup, type ClientGroupFields, type ClientGroupState, type NameDue } from './state.ts';

const change = (state: ClientGroupState, fields: Partial<ClientGroupFields>): ClientGroupState => (state.group === null ? state : { ...state, group: { ...state.group, ...fields } });
const remember = (state: ClientGroupState, refused: ClientGroupState['refused'][number]): ClientGroupState => ({ ...state, refused: [refused, ...state.refused].slice(0, REFUSALS_KEPT) });
const release = (state: ClientGroupState, operationId: NameDue['operationId'], name: string | undefined): ClientGroupState =>
  name === undefined || state.group?.isForAttachments === true ? state : { ...state, dues: [...state.dues, { operationId, due: `release ${name}`, name }] };

const withoutUser = (state: ClientGroupState, mappingGroupId: string): ClientGroupState => {
  const { [mappingGroupId]: _gone, ...users } = state.users;
  return { ...state, users };
};

/**
 * Folds one event into a client group's state. Total: it never refuses and never fails.
 *
 * @example
 * import { evolveClientGroup, noClientGroup, type OperationId, type TimestampMs } from '@blockledger/domain';
 * evolveClientGroup(noClientGroup, { type: 'ClientGroupDeleted', operationId: '0b9d7a3e-0000-4000-8000-000000000002' as OperationId, at: 0 as TimestampMs }).lifecycle; // => 'deleted'
 */
export const evolveClientGroup = (state: ClientGroupState, event: ClientGroupEvent): ClientGroupState => {
  switch (event.type) {
    case 'ClientGroupRequested': {
      const { type: _type, operationId, at, ...fields } = event;
      return { ...noClientGroup, lifecycle: 'creating', operationId, group: { ...fields, isForAttachments: false, number: null, createdAt: at, updatedAt: at } };
    }
    case 'InitiatorGroupRequested': {
      const { type: _type, operationId, at, ...fields } = event;
      // An initiator comes back under the id that it had.
      const group = { ...fields, description: '', mutual: null, isForAttachments: true, number: null, createdAt: at, updatedAt: at };
      return { ...noClientGroup, dues: state.dues, lifecycle: 'creating', operationId, group };
    }
    case 'ClientGroupCreated':
      return { ...change(state, { number: event.number }), lifecycle: 'active' };
    case 'ClientGroupRefused': {
      const { operationId, refusal } = event;
      return release(remember({ ...state, lifecycle: 'refused' }, { operationId, refusal }), operationId, state.group?.name);
    }
    case 'ClientGroupUpdated': {
      const { description, clients, mutual, at } = event;
      return { ...change(state, { description, clients, mutual, updatedAt: at }), shape: state.shape + 1 };
    }
    case 'ClientGroupRenameRequested':
      return { ...state, rename: { operationId: event.operationId, name: event.name, others: null } };
    case 'ClientGroupUpdateRequested': {
      const { operationId, name, description, clients, mutual } = event;
      return { ...state, rename: { operationId, name, others: { description, clients, mutual } } };
    }
    case 'ClientGroupRenamed':
      return release({ ...change(state, { name: event.name, updatedAt: event.at }), rename: null }, event.operationId, state.group?.name);
    case 'ClientGroupRenameRefused': {
      const { operationId, refusal } = event;
      return remember({ ...state, rename: null }, { operationId, refusal });
    }
    case 'ClientGroupUsed':
      return { ...state, users: { ...state.users, [event.mappingGroupId]: { accessPathId: event.accessPathId, shown: -1 } } };
    case 'ClientGroupReleased':
      return withoutUser(state, event.mappingGroupId);
    case 'ClientGroupShown': {
      const user = state.users[event.mappingGroupId];
      return user === undefined ? state : { ...state, users: { ...state.users, [event.mappingGroupId]: { ...user, shown: event.shape } } };
    }
    case 'ClientGroupDeleted':
      return release(release({ ...state, lifecycle: 'deleted', rename: null }, event.operationId, state.group?.name), event.operationId, state.rename?.name);
    case 'DueSettled':
      return { ...state, dues: state.dues.filter(({ operationId, due }) => operationId !== event.operationId || due !== event.due) };
    default:
      return event satisfies never;
  }
};
