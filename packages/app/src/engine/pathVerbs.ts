/** The methods of the library face about hosts, client groups, access paths and VIP groups: each is a request as data. */
import type { Accepted, Answer } from './controlPlane.ts';
import type { AccessPathVerbs, ClientGroupVerbs, HostVerbs, PathVerbs, VipGroupVerbs } from './pathFace.ts';
import type { PathRequest } from './pathRequests.ts';
import type { RequestOptions } from './requests.ts';

/** Sends a request; each is answered with the kind of resource, and of part, that it names. */
export type SendPath = <A extends Accepted>(request: PathRequest, options: RequestOptions | undefined) => Answer<A>;

const hostVerbs = (send: SendPath): HostVerbs => ({
  registerHost: (input, options) => send({ do: 'registerHost', input }, options),
  addNetworkAddress: (host, input, options) => send({ do: 'addNetworkAddress', host, input }, options),
  removeNetworkAddress: (networkAddress, options) => send({ do: 'removeNetworkAddress', networkAddress }, options),
  pauseHost: (host, input, options) => send({ do: 'pauseHost', host, input }, options),
  resumeHost: (host, options) => send({ do: 'resumeHost', host }, options),
  declareHostOff: (host, input, options) => send({ do: 'declareHostOff', host, input }, options),
  declareHostBack: (host, options) => send({ do: 'declareHostBack', host }, options),
  retireHost: (host, options) => send({ do: 'retireHost', host }, options),
});

const clientGroupVerbs = (send: SendPath): ClientGroupVerbs => ({
  createClientGroup: (input, options) => send({ do: 'createClientGroup', input }, options),
  updateClientGroup: (clientGroup, input, options) => send({ do: 'updateClientGroup', clientGroup, input }, options),
  deleteClientGroup: (clientGroup, options) => send({ do: 'deleteClientGroup', clientGroup }, options),
});

const accessPathVerbs = (send: SendPath): AccessPathVerbs => ({
  createAccessPath: (input, options) => send({ do: 'createAccessPath', input }, options),
  updateAccessPath: (accessPath, input, options) => send({ do: 'updateAccessPath', accessPath, input }, options),
  deleteAccessPath: (accessPath, options) => send({ do: 'deleteAccessPath', accessPath }, options),
  redeployAccessPath: (accessPath, options) => send({ do: 'redeployAccessPath', accessPath }, options),
  addTarget: (accessPath, input, options) => send({ do: 'addTarget', accessPath, input }, options),
  removeTarget: (target, input = {}, options) => send({ do: 'removeTarget', target, input }, options),
  createMappingGroup: (accessPath, input, options) => send({ do: 'createMappingGroup', accessPath, input }, options),
  addVolumesToMappingGroup: (mappingGroup, input, options) => send({ do: 'addVolumesToMappingGroup', mappingGroup, input }, options),
  removeVolumesFromMappingGroup: (mappingGroup, input, options) => send({ do: 'removeVolumesFromMappingGroup', mappingGroup, input }, options),
  deleteMappingGroup: (mappingGroup, input = {}, options) => send({ do: 'deleteMappingGroup', mappingGroup, input }, options),
});

const vipGroupVerbs = (send: SendPath): VipGroupVerbs => ({
  createVipGroup: (input, options) => send({ do: 'createVipGroup', input }, options),
  updateVipGroup: (vipGroup, input, options) => send({ do: 'updateVipGroup', vipGroup, input }, options),
  addVip: (vipGroup, input, options) => send({ do: 'addVip', vipGroup, input }, options),
  removeVip: (vip, options) => send({ do: 'removeVip', vip }, options),
  addVipMember: (vipGroup, input, options) => send({ do: 'addVipMember', vipGroup, input }, options),
  removeVipMember: (vipGroup, input, options) => send({ do: 'removeVipMember', vipGroup, input }, options),
  deleteVipGroup: (vipGroup, input = {}, options) => send({ do: 'deleteVipGroup', vipGroup, input }, options),
  redeployVipGroup: (vipGroup, options) => send({ do: 'redeployVipGroup', vipGroup }, options),
});

export const makePathVerbs = (send: SendPath): PathVerbs => ({ ...hostVerbs(send), ...clientGroupVerbs(send), ...accessPathVerbs(send), ...vipGroupVerbs(send) });
