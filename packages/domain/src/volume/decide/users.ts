/** Who uses a volume: mappings and groups; and its mode. */
import type { Of } from '../../kernel/tagged.ts';
import { firstRefusal } from '../../kernel/rule.ts';
import { refuseVolume } from '../errors.ts';
import type { VolumeCommand } from '../messages.ts';
import { notAttached, noOtherPath, notBusy, notFenced, notMapped, notPassive, notShrinking, noUpdateUnderWay, ready, sharedOnPurpose, type Existing } from '../rules.ts';
import { isConnecting } from './attachments.ts';
import { accept, unless, type Case, type Decision } from './common.ts';

/** A passive volume is not given to initiators: they would write. */
export const reserveMapping = (command: Of<VolumeCommand, 'ReserveMapping'>, subject: Case & Existing): Decision => {
  const { mappingId, shared, accessPathId, onePath, connectionId } = command;
  const { mappings, attachments, name } = subject.volume;
  if (Object.hasOwn(mappings, mappingId)) return accept();
  // Whoever is attached was asked about others when he reserved the volume.
  const forOthers =
    connectionId === null
      ? sharedOnPurpose({ ...mappings, ...attachments }, shared)(subject)
      : isConnecting(connectionId, subject)
        ? undefined
        : refuseVolume('AttachmentNotFound', `no attachment of volume "${name}" has the connection ${connectionId}`, { value: connectionId });
  const oneAtMost = onePath ? noOtherPath(accessPathId)(subject) : undefined;
  return unless(firstRefusal(ready(subject), notPassive(subject), notFenced(subject), notShrinking(subject), oneAtMost, forOthers), () =>
    accept({ type: 'VolumeMapped', mappingId, shared, accessPathId, at: subject.meta.issuedAt }),
  );
};

/** Releasing what is not held succeeds (I-22). */
export const releaseMapping = ({ mappingId }: Of<VolumeCommand, 'ReleaseMapping'>, { volume, meta }: Case & Existing): Decision =>
  Object.hasOwn(volume.mappings, mappingId) ? accept({ type: 'VolumeUnmapped', mappingId, at: meta.issuedAt }) : accept();

/** A volume is in one group at most; joining it again changes nothing (S3-10). */
export const joinGroup = ({ groupId }: Of<VolumeCommand, 'JoinVolumeGroup'>, subject: Case & Existing): Decision => {
  const { volume, meta } = subject;
  if (volume.groupId === groupId) return accept();
  const other = volume.groupId === null ? undefined : refuseVolume('GroupIsAnother', `volume "${volume.name}" is in another group`, { value: volume.groupId });
  return unless(firstRefusal(ready(subject), notFenced(subject), other), () => accept({ type: 'VolumeJoinedGroup', groupId, at: meta.issuedAt }));
};

export const leaveGroup = ({ groupId }: Of<VolumeCommand, 'LeaveVolumeGroup'>, { volume, meta }: Case & Existing): Decision =>
  volume.groupId === groupId ? accept({ type: 'VolumeLeftGroup', groupId, at: meta.issuedAt }) : accept();

export const promote = (subject: Case & Existing): Decision =>
  unless(ready(subject), () => (subject.volume.passive ? accept({ type: 'VolumePromoted', at: subject.meta.issuedAt }) : accept()));

/** Not while something runs that passive mode forbids, nor under somebody's feet: whoever has the volume would go on writing. */
export const demote = (subject: Case & Existing): Decision =>
  unless(firstRefusal(ready(subject), notBusy(subject), noUpdateUnderWay(subject), notAttached(subject), notMapped(subject)), () =>
    subject.volume.passive ? accept() : accept({ type: 'VolumeDemoted', at: subject.meta.issuedAt }),
  );
