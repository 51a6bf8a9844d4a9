/** What happened, in sentences: one for every event. What is spoken of by its UUID is named elsewhere. An event without one does not compile. */
import type { BackendEvent, PoolEvent, SnapshotEvent, VolumeEvent } from '@blockledger/domain';
import { token, webhook } from './accessSentences.ts';
import { isIn, numberIn, objectIn, textIn, type EventData } from './data.ts';
import { accessPath, clientGroup, host, vipGroup } from './pathSentences.ts';
import { refused, says, troubles, type Sentence, type Sentences } from './sentence.ts';
import { changesIn, momentIn, momentOf, sizeIn, type Words } from './words.ts';

const kindOfVolume = (data: EventData): string => {
  if (data['parent'] === null || data['parent'] === undefined) return 'A volume';
  return `${isIn(data, 'flattened') ? 'A full copy' : 'A linked clone'} of the snapshot ${textIn(objectIn(data, 'parent'), 'snapshotId')}`;
};

/** Whom a connection is for. */
const initiatorsIn = (data: EventData): string => {
  const { clients } = data;
  return Array.isArray(clients) && clients.length > 0 ? clients.join(', ') : 'an initiator';
};

const volume: Sentences<VolumeEvent> = {
  ...troubles,
  VolumeRequested: (data, words) => `${kindOfVolume(data)} was asked for: ${textIn(data, 'name')}, ${sizeIn(words, data)}, in the pool ${textIn(data, 'poolId')}`,
  VolumeAdoptionRequested: (data, words) => `The object ${textIn(data, 'backendName')} of the backend was to become ${textIn(data, 'name')}, ${sizeIn(words, data)}`,
  VolumeReserved: (data) => `Its name, serial number, space and number ${numberIn(data, 'number') ?? '?'} were reserved`,
  VolumeRefused: refused('It'),
  VolumeMade: says('It stands on the backend, with its identity and limits'),
  VolumeCreated: (data, words) => `It is ready for use, ${sizeIn(words, data)}`,
  VolumeRecovered: (data, words) => `It was found on the backend and written down again: ${textIn(data, 'name')}, ${sizeIn(words, data)}`,
  VolumeUpdateRequested: (data, words) => `A change was asked for: ${changesIn(words, data)}`,
  VolumeUpdateReserved: says('The name and space for the change were reserved'),
  VolumeUpdateRefused: refused('The change'),
  VolumeResized: (data, words) => `It has ${sizeIn(words, data)} on the backend now`,
  VolumeSettingsApplied: says('Its limits, priority and name stand on the backend'),
  VolumeSettingsFound: says('The change was given up; its limits and priority are what the backend shows'),
  VolumeUpdated: says('The change is done'),
  VolumeFlattenRequested: says('It was to become independent of its parent (flatten)'),
  VolumeFlattenReserved: says('The space for its own copy was reserved'),
  VolumeFlattenRefused: refused('Flattening'),
  VolumeFlattened: says('It is independent of its parent'),
  VolumeFlattenCancelRequested: says('Flattening was to be stopped'),
  VolumeFlattenCancelled: says('Flattening was stopped; the parent is still there'),
  VolumeMigrationRequested: (data) => `It was to move to the pool ${textIn(objectIn(data, 'to'), 'poolId')}${isIn(data, 'relabels') ? ', which is another name of its place' : ''}`,
  VolumeMigrationReserved: says('Its name and space were reserved in the other pool'),
  VolumeMigrationRefused: refused('Moving'),
  VolumeMigrationCopied: says('The other pool holds all of it; the old place is let go next'),
  VolumeMigrated: says('It is in the other pool'),
  VolumeMigrationCancelRequested: says('Moving was to be taken back'),
  VolumeMigrationCancelled: says('Moving was taken back; it is where it was'),
  VolumeRollbackRequested: (data) => `A rollback to the snapshot ${textIn(data, 'snapshotId')} was asked for; ${data['backupSnapshotId'] === null ? 'it is a backup itself, so no other is taken' : `the backup snapshot ${textIn(data, 'backupSnapshotId')} is taken first`}`,
  VolumeRollbackRefused: refused('The rollback'),
  VolumeRollbackStarted: says('The backup snapshot is there; the rollback began'),
  VolumeRolledBack: (data, words) => `It was rolled back and has ${sizeIn(words, data)} now`,
  VolumeDeletionRequested: (data, words) => {
    const keep = numberIn(data, 'retainMs');
    return keep === undefined ? `Its deletion was asked for${isIn(data, 'force') ? ', with force' : ''}` : `It was to go into the trash until ${momentOf(words, (numberIn(data, 'at') ?? 0) + keep)}`;
  },
  VolumeSnapshotsClosed: says('Its snapshots were closed to clones'),
  VolumeDeletionRefused: refused('The deletion'),
  VolumeTrashed: (data, words) => `It is in the trash until ${momentIn(words, data, 'purgeAt')}`,
  VolumeTrashRetained: (data, words) => `It could not go yet and stays in the trash until ${momentIn(words, data, 'purgeAt')}`,
  VolumeUndeleteRequested: says('It was to come back from the trash'),
  VolumeRestored: says('It is back from the trash'),
  VolumeUndeleteCancelled: says('Coming back was given up; it is in the trash still'),
  VolumeDeleted: says('It is gone, and the backend says so, too'),
  VolumeDisownRequested: says('It was to be let go with its data'),
  VolumeDisowned: says('It was let go; its data stays on the backend'),
  VolumeDisownCancelled: says('Letting it go was given up; it is ours still'),
  VolumeDemoted: says('It became passive'),
  VolumePromoted: says('It became active'),
  SnapshotSlotReserved: (data) => `A place for the snapshot ${textIn(data, 'name')} was reserved`,
  SnapshotSlotTold: says('The snapshot knows of its place'),
  SnapshotSlotRefused: refused('The snapshot'),
  SnapshotSlotFilled: (data, words) => `The snapshot ${textIn(data, 'snapshotId')} was taken, ${sizeIn(words, data)}`,
  SnapshotDeletionAgreed: (data) => `The snapshot ${textIn(data, 'snapshotId')} may be deleted`,
  SnapshotSlotFreed: (data) => `The snapshot ${textIn(data, 'snapshotId')} is gone; its place is free`,
  BackupSnapshotRetained: (data, words) => `The backup snapshot ${textIn(data, 'snapshotId')} could not go yet and stays until ${momentIn(words, data, 'expiresAt')}`,
  VolumeMapped: (data) => `It was mapped by ${textIn(data, 'mappingId')}${isIn(data, 'shared') ? ', shared' : ''}`,
  MappedVolumeTold: says('The access path knows its size and limits'),
  VolumeUnmapped: (data) => `It is no longer mapped by ${textIn(data, 'mappingId')}`,
  VolumeAttached: (data) => `It was attached by ${textIn(data, 'attachmentId')}${isIn(data, 'shared') ? ', shared' : ''}`,
  VolumeDetached: (data) => `It is no longer attached by ${textIn(data, 'attachmentId')}`,
  AttachmentReserved: (data) => `It was reserved for the attachment ${textIn(data, 'attachmentId')}${data['purpose'] === 'host' ? '' : `, a ${textIn(data, 'purpose')}`}${isIn(data, 'shared') ? ', shared' : ''}`,
  AttachmentConnecting: (data) => `The attachment ${textIn(data, 'attachmentId')} was to be connected to ${initiatorsIn(data)}`,
  AttachmentAdmitted: (data) => `The access path took the wish of the attachment ${textIn(data, 'attachmentId')}`,
  AttachmentRefused: refused('The connection'),
  AttachmentConnected: (data) => `The attachment ${textIn(data, 'attachmentId')} is connected, as LUN ${numberIn(data, 'lun') ?? '?'}`,
  AttachmentCompleted: (data) => `It is attached by ${textIn(data, 'attachmentId')}`,
  AttachmentDetaching: (data) => `The attachment ${textIn(data, 'attachmentId')} is about to let go`,
  AttachmentDisconnecting: (data) => `The attachment ${textIn(data, 'attachmentId')} was to be disconnected${isIn(data, 'force') ? ', with force: its initiator is fenced' : ''}`,
  AttachmentDismissed: (data) => `The access path knows that the attachment ${textIn(data, 'attachmentId')} is to end`,
  AttachmentDisconnected: (data) => `No host shows it to the initiator of the attachment ${textIn(data, 'attachmentId')} any more`,
  AttachmentsDisconnected: says('All that was to be disconnected is'),
  AttachmentReleased: (data) => `The attachment ${textIn(data, 'attachmentId')} is gone`,
  VolumeJoinedGroup: (data) => `It joined the group ${textIn(data, 'groupId')}`,
  VolumeLeftGroup: (data) => `It left the group ${textIn(data, 'groupId')}`,
  DueSettled: says('Others were told what follows from it'),
};

const snapshot: Sentences<SnapshotEvent> = {
  ...troubles,
  SnapshotRequested: (data) => `The snapshot ${textIn(data, 'name')} was asked for`,
  SnapshotNumbered: (data) => `It has the number ${numberIn(data, 'number') ?? '?'}`,
  SnapshotCreated: (data, words) => `It was taken, ${sizeIn(words, data)}`,
  SnapshotSlotInformed: says('Its volume knows that it was taken'),
  SnapshotProtected: says('It is guarded against deletion'),
  SnapshotUnprotected: says('It is no longer guarded against deletion'),
  CloneReserved: (data) => `The clone ${textIn(data, 'cloneId')} depends on it`,
  CloneReleased: (data) => `The clone ${textIn(data, 'cloneId')} no longer depends on it`,
  SnapshotDeletionRequested: (data) => `Its deletion was asked for${isIn(data, 'force') ? ', with force' : ''}; it takes no more clones`,
  SnapshotDeletionPermitted: says('Its volume agreed to its deletion'),
  SnapshotDeletionRefused: refused('The deletion'),
  SnapshotDeleted: says('It is gone, and the backend says so, too'),
  SnapshotSlotReleased: says('Its volume freed its place; nothing is left'),
  SnapshotClosed: says('It takes no more clones, since its volume is being deleted or moved'),
  SnapshotReopened: says('It takes clones again'),
  SnapshotMoved: (data) => `It went with its volume to the pool ${textIn(data, 'poolId')}`,
};

const pool: Sentences<PoolEvent> = {
  PoolRequested: (data) => `The pool ${textIn(data, 'name')} was to be registered`,
  PoolRegistered: (data) => `It is registered, with the number ${numberIn(data, 'number') ?? '?'}`,
  PoolRefused: refused('It'),
  PoolUpdated: (data) => `It may be over-subscribed ${numberIn(data, 'overSubscriptionRatio') ?? '?'} times`,
  PoolHealthReported: (data) => `Its health is ${textIn(data, 'health')}`,
  PoolPaused: (data) => `Its work was paused: ${textIn(data, 'reason')}`,
  PoolResumed: says('Its work runs again'),
  PoolRetired: says('It was retired'),
  DueSettled: says('Others were told what follows from it'),
};

const backend: Sentences<BackendEvent> = {
  BackendPaused: (data) => `Its work was paused: ${textIn(data, 'reason')}`,
  BackendResumed: says('Its work runs again'),
};

const all: Readonly<Record<string, Sentence>> = { ...vipGroup, ...accessPath, ...clientGroup, ...host, ...backend, ...pool, ...snapshot, ...token, ...volume, ...webhook };

/** The events that have a sentence. */
export const TOLD: readonly string[] = Object.keys(all);

/** What an event says. One that a newer service knows and we do not is told by its name. */
export const sentenceOf = (type: string, data: EventData, words: Words): string => all[type]?.(data, words) ?? type.replaceAll(/(?<=[a-z])(?=[A-Z])/g, ' ').toLowerCase();
