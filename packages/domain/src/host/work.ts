/** What a host owes: its name, number and addresses when they are asked for, giving them back, and showing itself to access paths. */
import { DEFAULT_TENANT } from '../kernel/envelope.ts';
import type { AccessPathId } from '../kernel/ids.ts';
import { releaseAddress, releaseNameOf, reserveAddress, reserveNameOf, reserveNumberOf, type Named } from '../kernel/naming.ts';
import { performOnVip, tell, unstuck } from '../kernel/owing.ts';
import { noTroubles } from '../kernel/troubles.ts';
import type { Work } from '../kernel/work.ts';
import type { DomainCommand } from '../messages.ts';
import { gatewayAddresses, type HostFields, type HostState } from './state.ts';

type HostWork = Work<DomainCommand>;

/** Backends know hosts by name, whoever registered them: no two of one name. */
const namedOf = ({ hostId }: HostFields): Named => ({ of: 'host', holder: hostId, tenant: DEFAULT_TENANT });

const addressWork = (host: HostFields): readonly HostWork[] =>
  host.addresses.flatMap(({ operationId, address, number }): readonly HostWork[] =>
    number !== null
      ? []
      : [
          tell<DomainCommand>(noTroubles, { operationId, step: `reserve address ${address.networkAddressId}` }, [
            reserveAddress(address.ip, host.hostId),
            reserveNumberOf('networkAddress', address.networkAddressId),
          ]),
        ],
  );

/** The host as access paths are told of it. */
const shown = (state: HostState, host: HostFields, accessPathId: AccessPathId): DomainCommand => ({
  to: 'accessPath',
  command: {
    type: 'ShowHost',
    accessPathId,
    hostId: host.hostId,
    shape: state.shape,
    name: host.name,
    portals: gatewayAddresses(host).map(({ ip, networkAddressId }) => ({ ip, networkAddressId })),
    off: host.off !== null,
    opening: state.admission?.opening ?? 0,
  },
});

/** It is admitted when every access path has opened its targets there anew, and not while it is off (I-21). */
const admissionWork = ({ admission, users, troubles }: HostState, host: HostFields): readonly HostWork[] => {
  if (admission === null || admission.at !== null || host.vips === null || host.off !== null || Object.values(users).some(({ opened }) => opened < admission.opening)) return [];
  const { operationId, opening, token } = admission;
  return unstuck(troubles, [performOnVip(troubles, { operationId, step: `admit ${opening}` }, { do: 'admitHost', place: { backend: host.vips, host: host.name }, token })]);
};

/**
 * What a host owes. An address that is not reserved yet, and an access path that knows an older shape of it, come with every state.
 *
 * @example
 * import { noHost, owedByHost } from '@blockledger/domain';
 * owedByHost(noHost); // => []
 */
export const owedByHost = (state: HostState): readonly Work<DomainCommand>[] => {
  const { host, operationId } = state;
  if (host === null || operationId === null) return [];
  const dues = state.dues.map(({ operationId: of, due, ip }) =>
    tell<DomainCommand>(noTroubles, { operationId: of, step: due }, [ip === null ? releaseNameOf(namedOf(host), host.name) : releaseAddress(ip, host.hostId)]),
  );
  if (state.lifecycle === 'registering') {
    const addresses = host.addresses.map(({ address }) => reserveAddress(address.ip, host.hostId));
    return [...dues, tell<DomainCommand>(noTroubles, { operationId, step: 'reserve' }, [reserveNameOf(namedOf(host), host.name), ...addresses, reserveNumberOf('host', host.hostId)])];
  }
  if (state.lifecycle !== 'active') return dues;
  const showing = Object.entries(state.users).flatMap(([accessPathId, user]) =>
    user.shown >= state.shape ? [] : [tell<DomainCommand>(noTroubles, { operationId, step: `show ${accessPathId} ${state.shape} ${user.use}` }, [shown(state, host, accessPathId as AccessPathId)])],
  );
  return [...dues, ...addressWork(host), ...showing, ...admissionWork(state, host)];
};
