/** A resource of any kind, or a part of one, as the source writes it. */
import type { AttachmentBody } from '../../api/bodies/attachment.ts';
import type { AccessPathBody, MappingGroupBody, TargetBody } from '../../api/bodies/accessPath.ts';
import type { ClientGroupBody } from '../../api/bodies/clientGroup.ts';
import type { HostBody, NetworkAddressBody } from '../../api/bodies/host.ts';
import type { PoolBody } from '../../api/bodies/pool.ts';
import type { SnapshotBody } from '../../api/bodies/snapshot.ts';
import type { VipBody, VipGroupBody } from '../../api/bodies/vipGroup.ts';
import type { VolumeBody } from '../../api/bodies/volume.ts';
import type { AttachmentView } from '../../queries/attachmentViews.ts';
import type { PartView } from '../../queries/pathViews.ts';
import type { ResourceView } from '../../queries/views.ts';
import { attachmentBody } from './attachment.ts';
import { accessPathBody, mappingGroupBody, targetBody } from './accessPath.ts';
import { clientGroupBody } from './clientGroup.ts';
import { hostBody, networkAddressBody } from './host.ts';
import { poolBody } from './pool.ts';
import { snapshotBody } from './snapshot.ts';
import { vipBody, vipGroupBody } from './vipGroup.ts';
import { volumeBody } from './volume.ts';

type ResourceBody = VolumeBody | SnapshotBody | PoolBody | HostBody | ClientGroupBody | AccessPathBody | VipGroupBody;

export const resourceBody = (resource: ResourceView): ResourceBody => {
  switch (resource.kind) {
    case 'volume':
      return volumeBody(resource);
    case 'snapshot':
      return snapshotBody(resource);
    case 'pool':
      return poolBody(resource);
    case 'host':
      return hostBody(resource);
    case 'clientGroup':
      return clientGroupBody(resource);
    case 'accessPath':
      return accessPathBody(resource);
    case 'vipGroup':
      return vipGroupBody(resource);
  }
};

export const partBody = (part: PartView | AttachmentView): NetworkAddressBody | TargetBody | MappingGroupBody | VipBody | AttachmentBody => {
  switch (part.kind) {
    case 'networkAddress':
      return networkAddressBody(part);
    case 'target':
      return targetBody(part);
    case 'mappingGroup':
      return mappingGroupBody(part);
    case 'vip':
      return vipBody(part);
    case 'attachment':
      return attachmentBody(part);
  }
};
