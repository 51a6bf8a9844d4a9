/** What each request about hosts, client groups, access paths and VIP groups may hold. */
import type { ChapInput, NetworkAddressInput, PathRequest, VipInput } from '../pathRequests.ts';
import type { ShapeOf, Shapes } from './shape.ts';

const ADDRESS: ShapeOf<NetworkAddressInput> = { ip: true, prefix: true, interface: true, segment: true, role: true };
/** Of its secret the reference stands here, in the secret's place. */
const CHAP: ShapeOf<ChapInput> = { user: true, secret: true };
const VIP: ShapeOf<VipInput> = { ip: true, mask: true, networkAddress: true };
const REASON = { reason: true } as const;
const FORCE = { force: true } as const;
const LEAVING = { ...FORCE, loggedOut: true } as const;
const VOLUMES = { volumes: true, shared: true } as const;
const MEMBER = { networkAddress: true } as const;
const TEXTS = { name: true, description: true } as const;
const onHost = { host: true } as const;
const onClientGroup = { clientGroup: true } as const;
const onAccessPath = { accessPath: true } as const;
const onTarget = { target: true } as const;
const onMappingGroup = { mappingGroup: true } as const;
const onVipGroup = { vipGroup: true } as const;

export const PATH_SHAPES: Shapes<PathRequest['do']> = {
  registerHost: { input: { name: true, targets: true, vips: true, addresses: ADDRESS } },
  addNetworkAddress: { ...onHost, input: ADDRESS },
  removeNetworkAddress: { networkAddress: true },
  pauseHost: { ...onHost, input: REASON },
  resumeHost: onHost,
  declareHostOff: { ...onHost, input: REASON },
  declareHostBack: onHost,
  retireHost: onHost,
  createClientGroup: { input: { ...TEXTS, accessType: true, clients: true, mutual: CHAP } },
  updateClientGroup: { ...onClientGroup, input: { ...TEXTS, clients: true, mutual: CHAP } },
  deleteClientGroup: onClientGroup,
  createAccessPath: { input: { ...TEXTS, accessType: true, iqnPrefix: true, chap: CHAP, hosts: true } },
  updateAccessPath: { ...onAccessPath, input: { ...TEXTS, chap: CHAP } },
  deleteAccessPath: onAccessPath,
  redeployAccessPath: onAccessPath,
  addTarget: { ...onAccessPath, input: onHost },
  removeTarget: { ...onTarget, input: FORCE },
  createMappingGroup: { ...onAccessPath, input: { ...onClientGroup, ...VOLUMES } },
  addVolumesToMappingGroup: { ...onMappingGroup, input: VOLUMES },
  removeVolumesFromMappingGroup: { ...onMappingGroup, input: { volumes: true, ...LEAVING } },
  deleteMappingGroup: { ...onMappingGroup, input: LEAVING },
  createVipGroup: { input: { ...onAccessPath, network: true, preempt: true, vips: VIP, force: true } },
  updateVipGroup: { ...onVipGroup, input: { preempt: true } },
  addVip: { ...onVipGroup, input: VIP },
  removeVip: { vip: true },
  addVipMember: { ...onVipGroup, input: MEMBER },
  removeVipMember: { ...onVipGroup, input: MEMBER },
  deleteVipGroup: { ...onVipGroup, input: FORCE },
  redeployVipGroup: onVipGroup,
};
