/** A volume only asks an access path to connect or disconnect it, which works under a task of its own: who looks at the first wants to hear of the second. */
import type { AccessPathFields, Attachment, MappedLun } from '@blockledger/domain';
import type { ResourceStates } from './states.ts';
import type { TaskRecord, TaskRecords } from './taskRecords.ts';

type Task = Pick<TaskRecord, 'id' | 'kind' | 'resourceId'>;

const lunsOf = (path: AccessPathFields | null | undefined): readonly MappedLun[] => path?.groups.flatMap(({ luns }) => luns) ?? [];

/** The operation by which an attachment's access path maps or unmaps it. */
const operationFor = ({ connection }: Attachment, lookup: ResourceStates): string | undefined =>
  connection === null
    ? undefined
    : lunsOf(lookup.accessPathState(connection.wish.accessPathId)?.path).find(({ holders }) => holders.some(({ connectionId }) => connectionId === connection.connectionId))?.operationId;

/** The task of an access path that this task of a volume waits for, one that failed first; undefined where it waits for none. */
export const awaitedBy = ({ id, kind, resourceId }: Task, records: Pick<TaskRecords, 'get'>, lookup: ResourceStates): TaskRecord | undefined => {
  const attachments = kind === 'volume' ? Object.values(lookup.volumeState(resourceId)?.volume?.attachments ?? {}) : [];
  const awaited = attachments.flatMap((one) => (one.operationId === id ? (records.get(operationFor(one, lookup) ?? '') ?? []) : []));
  return awaited.find(({ status }) => status === 'failed') ?? awaited[0];
};

/** The tasks of volumes that wait for this task of an access path. */
export const waitingFor = ({ id, kind, resourceId }: Task, lookup: ResourceStates): readonly string[] =>
  kind === 'accessPath'
    ? lunsOf(lookup.accessPathState(resourceId)?.path)
        .filter(({ operationId }) => operationId === id)
        .flatMap(({ volumeId, holders }) => holders.flatMap(({ attachmentId }) => lookup.volumeState(volumeId)?.volume?.attachments[attachmentId]?.operationId ?? []))
    : [];
