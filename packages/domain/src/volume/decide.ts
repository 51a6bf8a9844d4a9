/** What a volume answers: pure, in the words of the specification. */
import * as E from 'fp-ts/lib/Either.js';
import { match } from 'ts-pattern';
import type { CommandMeta } from '../kernel/envelope.ts';
import { beginDetaching, completeAttachment, confirmConnection, connectAttachment, disconnectAttachments, endConnection, releaseAttachment, reserveAttachment } from './decide/attachments.ts';
import { flattenVolume, rollBackVolume, updateVolume } from './decide/change.ts';
import { existing, type Case, type Decision } from './decide/common.ts';
import { adoptVolume, createVolume, recoverVolume } from './decide/creation.ts';
import { deleteVolume, disownVolume, undeleteVolume } from './decide/deletion.ts';
import { migrateVolume } from './decide/migration.ts';
import { abandon, cancel, retry } from './decide/operations.ts';
import { confirm, delay, fail, refuse } from './decide/settlement.ts';
import { agreeDeletion, createSnapshot, fillSlot, freeSlot, recoverSnapshot } from './decide/slots.ts';
import { demote, joinGroup, leaveGroup, promote, releaseMapping, reserveMapping } from './decide/users.ts';
import type { VolumeRefusal } from './errors.ts';
import type { VolumeFacts } from './facts.ts';
import type { VolumeCommand, VolumeEvent } from './messages.ts';
import type { Existing } from './rules.ts';
import type { VolumeState } from './state.ts';

/**
 * What a volume answers to a command: the events that follow, or the refusal of the first rule that does not hold (S0-12 to S0-54). Pure:
 * time, ids and facts from elsewhere come with the call. Refuses with the tags of `volumeRefusals`.
 *
 * @example
 * import { decideVolume, noVolume, type CommandId, type TimestampMs, type VolumeId } from '@blockledger/domain';
 * const meta = { commandId: '0b9d7a3e-0000-4000-8000-000000000002' as CommandId, issuedAt: 1_800_000_000_000 as TimestampMs, issuedBy: 'token:ci', tenant: 'default', correlationId: 'c-1' };
 * const flatten = { type: 'FlattenVolume', volumeId: '0b9d7a3e-0000-4000-8000-000000000001' as VolumeId } as const;
 * const decided = decideVolume(noVolume, flatten, meta, { pool: null, snapshot: null, source: null });
 * decided._tag === 'Left' && decided.left._tag; // => 'VolumeNotFound'
 */
export const decideVolume = (
  state: VolumeState,
  command: VolumeCommand,
  meta: CommandMeta,
  facts: VolumeFacts,
): E.Either<VolumeRefusal, readonly VolumeEvent[]> => {
  const subject: Case = { state, meta, facts };
  /** For a volume that must exist. */
  const on = (decide: (subject: Case & Existing) => Decision): Decision =>
    E.chain((found: Existing) => decide({ ...subject, ...found }))(existing(state, command.volumeId));
  /** For words from other aggregates: a volume that is gone has nothing to say any more. */
  const ifThere = (decide: (subject: Case & Existing) => Decision): Decision =>
    E.getOrElse((): Decision => E.right([]))(E.map((found: Existing) => decide({ ...subject, ...found }))(existing(state, command.volumeId)));
  return match(command)
    .with({ type: 'CreateVolume' }, (c) => createVolume(c, subject))
    .with({ type: 'AdoptVolume' }, (c) => adoptVolume(c, subject))
    .with({ type: 'RecoverVolume' }, (c) => recoverVolume(c, subject))
    .with({ type: 'UpdateVolume' }, (c) => on((s) => updateVolume(c, s)))
    .with({ type: 'FlattenVolume' }, () => on(flattenVolume))
    .with({ type: 'MigrateVolume' }, () => on(migrateVolume))
    .with({ type: 'RollBackVolume' }, (c) => on((s) => rollBackVolume(c, s)))
    .with({ type: 'DeleteVolume' }, (c) => on((s) => deleteVolume(c, s)))
    .with({ type: 'UndeleteVolume' }, () => on(undeleteVolume))
    .with({ type: 'DisownVolume' }, () => on(disownVolume))
    .with({ type: 'PromoteVolume' }, () => on(promote))
    .with({ type: 'DemoteVolume' }, () => on(demote))
    .with({ type: 'CreateSnapshot' }, (c) => on((s) => createSnapshot(c, s)))
    .with({ type: 'RecoverSnapshot' }, (c) => on((s) => recoverSnapshot(c, s)))
    .with({ type: 'ReserveMapping' }, (c) => on((s) => reserveMapping(c, s)))
    .with({ type: 'ReleaseMapping' }, (c) => ifThere((s) => releaseMapping(c, s)))
    .with({ type: 'ReserveAttachment' }, (c) => on((s) => reserveAttachment(c, s)))
    .with({ type: 'ConnectAttachment' }, (c) => on((s) => connectAttachment(c, s)))
    .with({ type: 'CompleteAttachment' }, (c) => on((s) => completeAttachment(c, s)))
    .with({ type: 'BeginDetaching' }, (c) => ifThere((s) => beginDetaching(c, s)))
    .with({ type: 'DisconnectAttachments' }, (c) => ifThere((s) => disconnectAttachments(c, s)))
    .with({ type: 'ReleaseAttachment' }, (c) => ifThere((s) => releaseAttachment(c, s)))
    .with({ type: 'ConfirmConnection' }, (c) => ifThere((s) => confirmConnection(c, s)))
    .with({ type: 'EndConnection' }, (c) => ifThere((s) => endConnection(c, s)))
    .with({ type: 'JoinVolumeGroup' }, (c) => on((s) => joinGroup(c, s)))
    .with({ type: 'LeaveVolumeGroup' }, (c) => ifThere((s) => leaveGroup(c, s)))
    // What a volume that is gone still has to give back can fail, too.
    .with({ type: 'RetryOperation' }, (c) => (state.volume === null ? on(() => E.right([])) : retry(c, subject)))
    .with({ type: 'AbandonOperation' }, (c) => on((s) => abandon(c, s)))
    .with({ type: 'CancelOperation' }, (c) => on((s) => cancel(c, s)))
    .with({ type: 'FillSnapshotSlot' }, (c) => ifThere((s) => fillSlot(c, s)))
    .with({ type: 'AgreeSnapshotDeletion' }, (c) => ifThere((s) => agreeDeletion(c, s)))
    .with({ type: 'FreeSnapshotSlot' }, (c) => ifThere((s) => freeSlot(c, s)))
    .with({ type: 'ConfirmWork' }, (c) => confirm(c, subject))
    .with({ type: 'RefuseWork' }, (c) => refuse(c, subject))
    .with({ type: 'FailWork' }, (c) => fail(c, subject))
    .with({ type: 'DelayWork' }, (c) => delay(c, subject))
    .exhaustive();
};
