/** Requests about mapping groups, as commands of their access paths. */
import type { VolumeId } from '@blockledger/domain';
import * as E from 'fp-ts/lib/Either.js';
import type { ResourceRef } from '../../../queries/views.ts';
import type { UnmapInput } from '../../pathRequests.ts';
import { idIn, idsIn, onPart, onResource, related, type Addressed, type Addressing, type RequestContext, type RequestOf, type Resolved } from './addressing.ts';

type MappingGroupRequestName = 'createMappingGroup' | 'addVolumesToMappingGroup' | 'removeVolumesFromMappingGroup' | 'deleteMappingGroup';

const createMappingGroup = ({ accessPath, input }: RequestOf<'createMappingGroup'>, context: RequestContext): Resolved => {
  const clientGroupId = idIn(context, 'clientGroup', input.clientGroup);
  if (E.isLeft(clientGroupId)) return clientGroupId;
  const volumeIds = idsIn(context, 'volume', input.volumes ?? []);
  if (E.isLeft(volumeIds)) return volumeIds;
  const mappingGroupId = context.ids.derive(context.commandId, 'mappingGroup');
  const command = { type: 'CreateMappingGroup', mappingGroupId, clientGroupId: clientGroupId.right, volumeIds: volumeIds.right, shared: input.shared ?? false };
  return E.map((addressed: Addressed): Addressed => ({ ...addressed, part: mappingGroupId, related: [...related('clientGroup', [clientGroupId.right]), ...related('volume', volumeIds.right)] }))(
    onResource(context, ['accessPath', accessPath], () => command),
  );
};

/** A command about some volumes of a mapping group. */
const onVolumes = (context: RequestContext, [mappingGroup, volumes]: readonly [ResourceRef, readonly ResourceRef[]], command: (volumeIds: readonly VolumeId[]) => object): Resolved => {
  const volumeIds = idsIn(context, 'volume', volumes);
  if (E.isLeft(volumeIds)) return volumeIds;
  return E.map((addressed: Addressed): Addressed => ({ ...addressed, related: related('volume', volumeIds.right) }))(
    onPart(context, ['mappingGroup', mappingGroup], ({ id: mappingGroupId }) => ({ ...command(volumeIds.right), mappingGroupId })),
  );
};

const leavingOf = ({ force = false, loggedOut = false }: UnmapInput): Required<UnmapInput> => ({ force, loggedOut });

export const mappingGroupRequests: Addressing<MappingGroupRequestName> = {
  createMappingGroup,
  addVolumesToMappingGroup: ({ mappingGroup, input }, context) =>
    onVolumes(context, [mappingGroup, input.volumes], (volumeIds) => ({ type: 'AddVolumes', volumeIds, shared: input.shared ?? false })),
  removeVolumesFromMappingGroup: ({ mappingGroup, input }, context) =>
    onVolumes(context, [mappingGroup, input.volumes], (volumeIds) => ({ type: 'RemoveVolumes', volumeIds, ...leavingOf(input) })),
  deleteMappingGroup: ({ mappingGroup, input }, context) => onPart(context, ['mappingGroup', mappingGroup], ({ id: mappingGroupId }) => ({ type: 'DeleteMappingGroup', mappingGroupId, ...leavingOf(input) })),
};
