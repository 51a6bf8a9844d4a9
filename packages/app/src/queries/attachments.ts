/** Reading attachments: they stand in the states of their volumes. */
import type { Attachment, AttachmentConnection, VolumeFields, VolumeState } from '@blockledger/domain';
import type { AttachmentFilter, AttachmentView } from './attachmentViews.ts';
import { accessPathLink, clientGroupLink, volumeLink, type Lookup } from './kinds/lookup.ts';
import type { Indexes, Resolve } from './kinds/kind.ts';
import type { ResourceRef } from './views.ts';

const connectionView = (connection: AttachmentConnection | null, lookup: Lookup): Pick<AttachmentView, 'connector' | 'accessPath' | 'clientGroup' | 'mappingGroupId' | 'lun'> => {
  if (connection === null) return { connector: null, accessPath: null, clientGroup: null, mappingGroupId: null, lun: null };
  const { wish, mappingGroupId, lun } = connection;
  return { connector: wish.connector, accessPath: accessPathLink(lookup, wish.accessPathId), clientGroup: clientGroupLink(lookup, wish.clientGroupId), mappingGroupId, lun };
};

const viewOf = ({ volumeId, tenant }: VolumeFields, [id, attachment]: readonly [string, Attachment], lookup: Lookup): AttachmentView => {
  const { purpose, shared, mode, stage, operationId, instanceId, hostName, mountPoint, connection, force, releasing, reservedAt } = attachment;
  return {
    kind: 'attachment',
    id,
    volume: volumeLink(lookup, volumeId),
    tenant,
    purpose,
    shared,
    mode,
    stage,
    operationId,
    instance: instanceId,
    host: hostName,
    mountPoint,
    ...connectionView(connection, lookup),
    force,
    releasing,
    reservedAt,
  };
};

/** All attachments of a volume, the oldest first. */
export const attachmentsOf = (volume: VolumeFields, lookup: Lookup): readonly AttachmentView[] => {
  const all = Object.entries(volume.attachments);
  return all.length === 0 ? [] : all.map((one) => viewOf(volume, one, lookup));
};

/** Reading attachments of what may be seen. */
export interface AttachmentQueries {
  /** One, by its volume and its UUID; undefined when it is not there, or gone. */
  readonly get: (volume: ResourceRef, id: string) => AttachmentView | undefined;
  /** Those that match: of one volume, at most 256, or of all volumes. */
  readonly list: (filter?: AttachmentFilter) => readonly AttachmentView[];
}

export const attachmentsReading = ({ resolve, indexes, lookup }: { readonly resolve: Resolve; readonly indexes: Indexes; readonly lookup: Lookup }): AttachmentQueries => {
  const ofVolume = (volumeId: string | undefined): readonly AttachmentView[] => {
    const volume = volumeId === undefined || indexes.volume.tenantOf(volumeId) === undefined ? null : (lookup.volumeState(volumeId)?.volume ?? null);
    return volume === null ? [] : attachmentsOf(volume, lookup);
  };
  const all = (): readonly AttachmentView[] =>
    indexes.volume.all().flatMap((number) => {
      const { volume } = (indexes.volume.slotAt(number)?.state as VolumeState | undefined) ?? { volume: null };
      return volume === null ? [] : attachmentsOf(volume, lookup);
    });
  return {
    get: (volume, id) => ofVolume(resolve.volume(volume)).find((one) => one.id === id),
    list: ({ volume, stage, purpose, initiator, instance } = {}) =>
      (volume === undefined ? all() : ofVolume(resolve.volume(volume))).filter(
        (one) =>
          (stage === undefined || one.stage === stage) &&
          (purpose === undefined || one.purpose === purpose) &&
          (instance === undefined || one.instance === instance) &&
          (initiator === undefined || one.connector?.initiator === initiator || one.connector?.wwpns.includes(initiator) === true),
      ),
  };
};
