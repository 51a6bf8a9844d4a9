/** Folds what happened to a host. Total: whatever the order of events, it never fails. */
import { withoutTroubles, withTrouble } from '../kernel/troubles.ts';
import { REFUSALS_KEPT } from './limits.ts';
import type { HostEvent } from './messages.ts';
import { noHost, type HostDue, type HostFields, type HostState } from './state.ts';

const change = (state: HostState, fields: Partial<HostFields>): HostState => (state.host === null ? state : { ...state, host: { ...state.host, ...fields } });
/** What access paths need to know has changed. */
const reshape = (state: HostState): HostState => ({ ...state, shape: state.shape + 1 });
const owe = (state: HostState, due: HostDue): HostState => ({ ...state, dues: [...state.dues, due] });
const remember = (state: HostState, refused: HostState['refused'][number]): HostState => ({ ...state, refused: [refused, ...state.refused].slice(0, REFUSALS_KEPT) });

const withoutAddress = (state: HostState, id: string, operationId: HostDue['operationId']): HostState => {
  const held = state.host?.addresses.find(({ address }) => address.networkAddressId === id);
  if (state.host === null || held === undefined) return state;
  const left = change(state, { addresses: state.host.addresses.filter((one) => one !== held) });
  return owe(left, { operationId, due: `release address ${id}`, ip: held.address.ip });
};

/** The name and every address are given back. */
const withoutAll = (state: HostState, operationId: HostDue['operationId']): HostState => {
  const gone = (state.host?.addresses ?? []).reduce((left, { address }) => withoutAddress(left, address.networkAddressId, operationId), state);
  return owe(gone, { operationId, due: 'release', ip: null });
};

const changeUser = (state: HostState, accessPathId: string, fields: Partial<HostState['users'][string]>): HostState => {
  const user = state.users[accessPathId];
  return user === undefined ? state : { ...state, users: { ...state.users, [accessPathId]: { ...user, ...fields } } };
};

const withoutUser = (state: HostState, accessPathId: string): HostState => {
  const { [accessPathId]: _gone, ...users } = state.users;
  return { ...state, users };
};

/**
 * Folds one event into a host's state. Total: it never refuses and never fails.
 *
 * @example
 * import { evolveHost, noHost, type OperationId, type TimestampMs } from '@blockledger/domain';
 * evolveHost(noHost, { type: 'HostRetired', operationId: '0b9d7a3e-0000-4000-8000-000000000002' as OperationId, at: 0 as TimestampMs }).lifecycle; // => 'retired'
 */
export const evolveHost = (state: HostState, event: HostEvent): HostState => {
  switch (event.type) {
    case 'HostRequested': {
      const { hostId, name, tenant, targets, vips, operationId, at } = event;
      return { ...noHost, lifecycle: 'registering', operationId, host: { hostId, number: null, name, tenant, targets, vips, addresses: [], paused: null, off: null, createdAt: at } };
    }
    case 'HostRegistered':
      return { ...change(state, { number: event.number }), lifecycle: 'active' };
    case 'HostRefused': {
      const { operationId, refusal } = event;
      return remember({ ...withoutAll(state, operationId), lifecycle: 'refused' }, { operationId, refusal });
    }
    case 'NetworkAddressRequested':
      return change(state, { addresses: [...(state.host?.addresses ?? []), { operationId: event.operationId, address: event.address, number: null }] });
    case 'NetworkAddressAdded': {
      const { networkAddressId, number } = event;
      return reshape(change(state, { addresses: (state.host?.addresses ?? []).map((held) => (held.address.networkAddressId === networkAddressId ? { ...held, number } : held)) }));
    }
    case 'NetworkAddressRefused': {
      const { operationId, refusal, networkAddressId } = event;
      return remember(withoutAddress(state, networkAddressId, operationId), { operationId, refusal });
    }
    case 'NetworkAddressRemoved':
      return reshape(withoutAddress(state, event.networkAddressId, event.operationId));
    case 'HostPaused':
      return change(state, { paused: event.reason });
    case 'HostResumed':
      return change(state, { paused: null });
    case 'HostDeclaredOff':
      return reshape(change(state, { off: event.reason }));
    case 'HostDeclaredBack':
      return reshape(change(state, { off: null }));
    case 'HostUsed':
      return { ...state, uses: state.uses + 1, users: { ...state.users, [event.accessPathId]: { use: state.uses, shown: -1, opened: state.admission?.opening ?? 0 } } };
    case 'HostReleased':
      return withoutUser(state, event.accessPathId);
    case 'HostShown':
      return changeUser(state, event.accessPathId, { shown: event.shape });
    case 'HostAdmissionAsked': {
      const { operationId, opening, token } = event;
      const troubles = withoutTroubles(state.troubles, state.admission?.operationId ?? operationId);
      return reshape({ ...state, troubles, admission: { operationId, opening, token, at: null } });
    }
    case 'HostTargetsReopened':
      return changeUser(state, event.accessPathId, { opened: event.opening });
    case 'HostAdmitted':
      return { ...state, troubles: withoutTroubles(state.troubles, event.operationId), admission: state.admission === null ? null : { ...state.admission, at: event.at } };
    case 'WorkDelayed':
    case 'WorkFailed':
      return { ...state, troubles: withTrouble(state.troubles, event) };
    case 'HostRetired': {
      const { operationId } = event;
      return { ...withoutAll(state, operationId), lifecycle: 'retired', operationId };
    }
    case 'DueSettled':
      return { ...state, dues: state.dues.filter(({ operationId, due }) => operationId !== event.operationId || due !== event.due) };
    default:
      return event satisfies never;
  }
};
