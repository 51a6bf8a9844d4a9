/** Requests about hosts, as commands. Hosts are everybody's: whoever asks, their commands carry the asker's tenant. */
import * as E from 'fp-ts/lib/Either.js';
import type { ResourceRef } from '../../../queries/views.ts';
import type { NetworkAddressInput } from '../../pathRequests.ts';
import { listIn, onEverybodys, onPart, type Addressed, type Addressing, type RequestContext, type Resolved } from './addressing.ts';

type HostRequestName = 'registerHost' | 'addNetworkAddress' | 'removeNetworkAddress' | 'pauseHost' | 'resumeHost' | 'declareHostOff' | 'declareHostBack' | 'retireHost';

const onHost = (context: RequestContext, host: ResourceRef, command: object): Resolved => onEverybodys(context, ['host', host], command);

const BITS = 32;

/** The network of an address as the name of a segment. An address that is none is the domain's to refuse. */
const segmentOf = (ip: string, prefix: number): string => {
  const value = ip.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
  const first = value - (value % 2 ** (BITS - prefix));
  return Number.isSafeInteger(first) ? `${[24, 16, 8, 0].map((shift) => Math.floor(first / 2 ** shift) % 256).join('.')}-${prefix}` : 'unknown';
};

const addressOf = ({ ip, prefix, interface: device, segment = segmentOf(ip, prefix), role = 'gateway' }: NetworkAddressInput, networkAddressId: string): object => ({
  networkAddressId,
  ip,
  prefix,
  interface: device,
  segment,
  role,
});

export const hostRequests: Addressing<HostRequestName> = {
  registerHost: ({ input }, { ids, commandId }) => {
    const hostId = ids.derive(commandId, 'host');
    const { name, targets = null, vips = null, addresses = [] } = input;
    return E.map((list: readonly NetworkAddressInput[]): Addressed => {
      const given = list.map((address, at) => addressOf(address, ids.derive(commandId, `networkAddress ${at}`)));
      return { to: 'host', command: { type: 'RegisterHost', hostId, name, targets, vips, addresses: given }, resource: { kind: 'host', id: hostId } };
    })(listIn(addresses, 'addresses'));
  },
  addNetworkAddress: ({ host, input }, context) => {
    const id = context.ids.derive(context.commandId, 'networkAddress');
    return E.map((addressed: Addressed): Addressed => ({ ...addressed, part: id }))(onHost(context, host, { type: 'AddNetworkAddress', address: addressOf(input, id) }));
  },
  removeNetworkAddress: ({ networkAddress }, context) => onPart(context, ['networkAddress', networkAddress], ({ id: networkAddressId }) => ({ type: 'RemoveNetworkAddress', networkAddressId })),
  pauseHost: ({ host, input }, context) => onHost(context, host, { type: 'PauseHost', reason: input.reason }),
  resumeHost: ({ host }, context) => onHost(context, host, { type: 'ResumeHost' }),
  declareHostOff: ({ host, input }, context) => onHost(context, host, { type: 'DeclareHostOff', reason: input.reason }),
  declareHostBack: ({ host }, context) => onHost(context, host, { type: 'DeclareHostBack' }),
  retireHost: ({ host }, context) => onHost(context, host, { type: 'RetireHost' }),
};
