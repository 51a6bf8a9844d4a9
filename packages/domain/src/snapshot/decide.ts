/** What a snapshot answers: pure, in the words of the specification. */
import * as E from 'fp-ts/lib/Either.js';
import { match } from 'ts-pattern';
import type { CommandMeta } from '../kernel/envelope.ts';
import { operationOf } from '../kernel/ids.ts';
import { nameOfWork } from '../kernel/owing.ts';
import { obey } from '../kernel/rule.ts';
import type { Of } from '../kernel/tagged.ts';
import { failuresOf } from '../kernel/troubles.ts';
import { refuseSnapshot, type SnapshotRefusal } from './errors.ts';
import type { SnapshotDecisionFacts } from './facts.ts';
import type { SnapshotCommand, SnapshotEvent } from './messages.ts';
import { idle, isStuck, isStuckLeaving, noClones, notInGroupSnapshot, notProtected, open, type ExistingSnapshot } from './rules.ts';
import type { SnapshotState } from './state.ts';
import { owedBySnapshot } from './work.ts';

type Decision = E.Either<SnapshotRefusal, readonly SnapshotEvent[]>;
const accept = (...events: readonly SnapshotEvent[]): Decision => E.right(events);

const existing = (state: SnapshotState, snapshotId: string): E.Either<SnapshotRefusal, ExistingSnapshot> =>
  state.snapshot === null || state.lifecycle === 'deleted'
    ? E.left(refuseSnapshot('SnapshotNotFound', `there is no snapshot ${snapshotId}`, { value: snapshotId }))
    : E.right({ state, snapshot: state.snapshot });

const begin = (state: SnapshotState, command: Of<SnapshotCommand, 'BeginSnapshot'>, meta: CommandMeta): Decision => {
  // Told twice: the volume could not store that it had told.
  if (state.snapshot?.volume.volumeId === command.volume.volumeId && state.begunBy === command.operationId) return accept();
  if (state.lifecycle !== 'absent') return E.left(refuseSnapshot('SnapshotAlreadyExists', `snapshot ${command.snapshotId} exists or existed`, { value: command.snapshotId }));
  const { type: _type, ...fields } = command;
  return accept({ type: 'SnapshotRequested', ...fields, tenant: meta.tenant, at: meta.issuedAt });
};

/** A snapshot whose creation failed for good may be deleted like one that was taken. */
const remove = (subject: ExistingSnapshot, force: boolean, meta: CommandMeta): Decision => {
  const busy = isStuck(subject) ? undefined : idle(subject);
  if (busy !== undefined) return E.left(busy);
  return E.map((): readonly SnapshotEvent[] => [{ type: 'SnapshotDeletionRequested', operationId: operationOf(meta.commandId), force, at: meta.issuedAt }])(
    obey(subject, open, noClones, notInGroupSnapshot, notProtected),
  );
};

/** One stays true whoever asks: clones, group membership and protection keep the volume from going, too. */
const close = (subject: ExistingSnapshot, { operationId }: Of<SnapshotCommand, 'CloseSnapshot'>, meta: CommandMeta): Decision => {
  if (subject.state.closedBy !== null) return accept();
  const busy = isStuck(subject) || isStuckLeaving(subject) ? undefined : idle(subject);
  if (busy !== undefined) return E.left(busy);
  return E.map((): readonly SnapshotEvent[] => [{ type: 'SnapshotClosed', operationId, at: meta.issuedAt }])(obey(subject, noClones, notInGroupSnapshot, notProtected));
};

/** Where it is now is known before it takes clones again: both in one. */
const move = ({ state, snapshot }: ExistingSnapshot, { operationId, volume, poolId }: Of<SnapshotCommand, 'MoveSnapshot'>, at: CommandMeta['issuedAt']): Decision =>
  accept(
    ...(snapshot.poolId === poolId ? [] : [{ type: 'SnapshotMoved', operationId, volume, poolId, at } as const]),
    ...(state.closedBy === null ? [] : [{ type: 'SnapshotReopened', operationId, at } as const]),
  );

const reserveClone = (subject: ExistingSnapshot, { cloneId }: Of<SnapshotCommand, 'ReserveClone'>, meta: CommandMeta): Decision =>
  subject.snapshot.clones.includes(cloneId)
    ? accept()
    : E.map((): readonly SnapshotEvent[] => [{ type: 'CloneReserved', cloneId, at: meta.issuedAt }])(obey(subject, open, idle));

const confirm = (state: SnapshotState, command: Of<SnapshotCommand, 'ConfirmWork'>, meta: CommandMeta): Decision => {
  const work = owedBySnapshot(state).find(({ workId }) => workId === command.workId);
  if (work === undefined) return accept();
  const op = { operationId: work.operationId, at: meta.issuedAt };
  switch (state.stage) {
    case 'numbering':
      return accept({ type: 'SnapshotNumbered', ...op, number: command.number ?? 0 });
    case 'taking':
      return accept({ type: 'SnapshotCreated', ...op, sizeBytes: command.result.sizeBytes ?? (0 as never), allocatedBytes: command.result.allocatedBytes ?? null });
    case 'informing':
      return accept({ type: 'SnapshotSlotInformed', ...op });
    case 'asking':
      return accept({ type: 'SnapshotDeletionPermitted', ...op });
    case 'removing':
      return accept({ type: 'SnapshotDeleted', ...op });
    case 'freeing':
      return accept({ type: 'SnapshotSlotReleased', ...op });
    case null:
      return accept();
  }
};

const refused = (state: SnapshotState, { workId, refusal }: Of<SnapshotCommand, 'RefuseWork'>, meta: CommandMeta): Decision => {
  const work = owedBySnapshot(state).find((owed) => owed.workId === workId);
  if (work === undefined) return accept();
  const op = { operationId: work.operationId, at: meta.issuedAt };
  if (state.stage === 'asking') return accept({ type: 'SnapshotDeletionRefused', ...op, refusal });
  return accept({ type: 'WorkFailed', ...op, work: nameOfWork(workId), error: { _tag: 'Permanent', code: refusal._tag, message: refusal.message } });
};

const troubled = (state: SnapshotState, { type, workId, error }: Of<SnapshotCommand, 'FailWork' | 'DelayWork'>, meta: CommandMeta): Decision => {
  const work = owedBySnapshot(state).find((owed) => owed.workId === workId);
  if (work === undefined || (type === 'DelayWork' && state.troubles[nameOfWork(workId)]?.open === true)) return accept();
  return accept({ type: type === 'FailWork' ? 'WorkFailed' : 'WorkDelayed', operationId: work.operationId, work: nameOfWork(workId), error, at: meta.issuedAt });
};

const retry = (state: SnapshotState, { operationId }: Of<SnapshotCommand, 'RetryOperation'>, meta: CommandMeta): Decision => {
  const failed = failuresOf(state.troubles).filter(([, trouble]) => trouble.operationId === operationId);
  return failed.length === 0
    ? E.left(refuseSnapshot('NothingToRetry', `operation ${operationId} has no failed step`, { operationId }))
    : accept(...failed.map(([work]) => ({ type: 'WorkRetried', operationId, work, at: meta.issuedAt }) as const));
};

/** Giving up a creation removes what it may have made; a deletion can only be retried. */
const abandon = (subject: ExistingSnapshot, { operationId }: Of<SnapshotCommand, 'AbandonOperation'>, meta: CommandMeta): Decision =>
  isStuck(subject) && subject.state.operationId === operationId
    ? accept({ type: 'OperationAbandoned', operationId, at: meta.issuedAt })
    : E.left(refuseSnapshot('NothingToAbandon', `operation ${operationId} is not a failed creation`, { operationId }));

/**
 * What a snapshot answers to a command: the events that follow, or the refusal of the first rule that does not hold (S0-61, R-11). Pure.
 * Refuses with the tags of `snapshotRefusals`; what comes from other aggregates too late is accepted without events.
 *
 * @example
 * import { decideSnapshot, noSnapshot, type CommandId, type SnapshotId, type TimestampMs } from '@blockledger/domain';
 * const meta = { commandId: '0b9d7a3e-0000-4000-8000-000000000002' as CommandId, issuedAt: 1_800_000_000_000 as TimestampMs, issuedBy: 'token:ci', tenant: 'default', correlationId: 'c-1' };
 * const decided = decideSnapshot(noSnapshot, { type: 'ProtectSnapshot', snapshotId: '0b9d7a3e-0000-4000-8000-000000000001' as SnapshotId }, meta, { pool: null });
 * decided._tag === 'Left' && decided.left._tag; // => 'SnapshotNotFound'
 */
export const decideSnapshot = (
  state: SnapshotState,
  command: SnapshotCommand,
  meta: CommandMeta,
  _facts: SnapshotDecisionFacts,
): E.Either<SnapshotRefusal, readonly SnapshotEvent[]> => {
  const on = (decide: (subject: ExistingSnapshot) => Decision): Decision => E.chain(decide)(existing(state, command.snapshotId));
  /** For words from others: a snapshot that is gone has nothing to say any more. */
  const ifThere = (decide: (subject: ExistingSnapshot) => Decision): Decision =>
    state.snapshot === null || state.lifecycle === 'deleted' ? accept() : decide({ state, snapshot: state.snapshot });
  const at = meta.issuedAt;
  return match(command)
    .with({ type: 'BeginSnapshot' }, (c) => begin(state, c, meta))
    .with({ type: 'DeleteSnapshot' }, (c) => on((s) => remove(s, c.force, meta)))
    .with({ type: 'ProtectSnapshot' }, () => on((s) => (s.snapshot.protected ? accept() : E.chain(() => accept({ type: 'SnapshotProtected', at }))(obey(s, open, idle)))))
    .with({ type: 'UnprotectSnapshot' }, () => on((s) => (s.snapshot.protected ? accept({ type: 'SnapshotUnprotected', at }) : accept())))
    .with({ type: 'ReserveClone' }, (c) => on((s) => reserveClone(s, c, meta)))
    .with({ type: 'ReleaseClone' }, ({ cloneId }) => ifThere((s) => (s.snapshot.clones.includes(cloneId) ? accept({ type: 'CloneReleased', cloneId, at }) : accept())))
    .with({ type: 'CloseSnapshot' }, (c) => ifThere((s) => close(s, c, meta)))
    .with({ type: 'ReopenSnapshot' }, ({ operationId }) => ifThere((s) => (s.state.closedBy === null ? accept() : accept({ type: 'SnapshotReopened', operationId, at }))))
    .with({ type: 'MoveSnapshot' }, (c) => ifThere((s) => move(s, c, at)))
    .with({ type: 'ConcludeSnapshot' }, ({ operationId }) => ifThere(() => accept({ type: 'SnapshotDeleted', operationId, at })))
    // What a snapshot that is gone still has to give back can fail, too.
    .with({ type: 'RetryOperation' }, (c) => (state.snapshot === null ? on(() => accept()) : retry(state, c, meta)))
    .with({ type: 'AbandonOperation' }, (c) => on((s) => abandon(s, c, meta)))
    .with({ type: 'ConfirmWork' }, (c) => confirm(state, c, meta))
    .with({ type: 'RefuseWork' }, (c) => refused(state, c, meta))
    .with({ type: 'FailWork' }, { type: 'DelayWork' }, (c) => troubled(state, c, meta))
    .exhaustive();
};
