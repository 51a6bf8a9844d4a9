/** Deleting, trashing, undeleting and letting go of a volume. */
import type { Of } from '../../kernel/tagged.ts';
import { firstRefusal } from '../../kernel/rule.ts';
import { refuseVolume } from '../errors.ts';
import { MAX_TRASH_RETENTION_MS } from '../limits.ts';
import type { VolumeCommand } from '../messages.ts';
import {
  backendCan,
  backendKnown,
  noParent,
  noSlots,
  noSnapshots,
  notAttached,
  notBusy,
  notBusyUnlessStuck,
  notInGroup,
  notMapped,
  notPassive,
  noUpdateUnderWay,
  poolHealthy,
  ready,
  trashed,
  type Existing,
} from '../rules.ts';
import { accept, begun, unless, type Case, type Decision } from './common.ts';

/** The facts that no force ever bypasses: passive, users, group, snapshots that users see. */
const unused = (subject: Existing, cascade: boolean) =>
  firstRefusal(notPassive(subject), notAttached(subject), notMapped(subject), notInGroup(subject), noSnapshots(cascade)(subject));

/** S0-52…S0-58, R-8, R-9, I-28. Deleting a volume that is in the trash empties it from there. */
export const deleteVolume = (command: Of<VolumeCommand, 'DeleteVolume'>, subject: Case & Existing): Decision => {
  const { state, facts, meta } = subject;
  const { cascade, force, retainMs } = command;
  const inTrash = state.lifecycle === 'trashed';
  const refusal = firstRefusal(
    inTrash ? notBusyUnlessStuck(force)(subject) : undefined,
    // What was never made whole, or is torn by stuck work, cannot be kept for an undelete: it goes at once or not at all.
    !inTrash && !(state.lifecycle === 'creating' && force && retainMs === null) ? ready(subject) : undefined,
    unused(subject, cascade || inTrash),
    notBusyUnlessStuck(force && retainMs === null)(subject),
    // Of what is kept, everything is as the log says: an update would be taken aside with its settings half applied.
    force && retainMs === null ? undefined : noUpdateUnderWay(subject),
    poolHealthy(facts.pool),
    backendKnown(facts.pool),
    retainMs === null ? undefined : backendCan('trash')(facts.pool),
    retainMs !== null && (retainMs > MAX_TRASH_RETENTION_MS || inTrash)
      ? refuseVolume('RetentionOutOfRange', inTrash ? 'the volume is in the trash already' : `${retainMs} ms is too long`, {
          value: retainMs,
          limit: MAX_TRASH_RETENTION_MS,
        })
      : undefined,
  );
  return unless(refusal, () => accept({ type: 'VolumeDeletionRequested', ...begun(meta), force, retainMs }));
};

export const undeleteVolume = (subject: Case & Existing): Decision =>
  unless(firstRefusal(trashed(subject), notBusy(subject), poolHealthy(subject.facts.pool), backendKnown(subject.facts.pool)), () =>
    accept({ type: 'VolumeUndeleteRequested', ...begun(subject.meta) }),
  );

/** The object and its data stay where they are; only our marks go. Snapshots would be orphans, so none may be there, internal ones neither. */
export const disownVolume = (subject: Case & Existing): Decision =>
  unless(
    firstRefusal(ready(subject), unused(subject, false), noSlots(subject), noParent(subject), notBusy(subject), noUpdateUnderWay(subject), backendKnown(subject.facts.pool), backendCan('adopt')(subject.facts.pool)),
    () => accept({ type: 'VolumeDisownRequested', ...begun(subject.meta) }),
  );
