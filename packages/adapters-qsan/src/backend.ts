/** Joins requests, answers and actions to a `BlockBackend`. */
import * as E from 'fp-ts/lib/Either.js';
import { match } from 'ts-pattern';
import type { BackendAction, BackendResult, BlockBackend, CallContext, Placement, PortError } from '@blockledger/domain';
import { ensureSettings, ensureSize } from './actions/change.ts';
import { ensureVolume } from './actions/create.ts';
import { disown } from './actions/disown.ts';
import { observe, see } from './actions/look.ts';
import { ensureVolumeGone } from './actions/remove.ts';
import { ensureSnapshot, ensureSnapshotGone } from './actions/snapshots.ts';
import { diagnoseArray } from './diagnose.ts';
import { unsupported } from './errors.ts';
import { CAPABILITIES } from './limits.ts';
import { volumeName } from './names.ts';
import { identify, stats } from './place.ts';
import { planned } from './plan.ts';
import { asBlockError, type Eventually, type Session } from './session.ts';

/** No position was ever written: there is nowhere to write it (S1-42). */
const NO_MARK = -1;

const cannot = (capability: string, message: string): Eventually<BackendResult> => Promise.resolve(E.left(unsupported(capability, message)));

const perform = (session: Session, action: BackendAction): Eventually<BackendResult> =>
  match(action)
    .with({ do: 'ensureVolume' }, (wanted) => ensureVolume(session, wanted))
    .with({ do: 'ensureSize' }, (wanted) => ensureSize(session, wanted))
    .with({ do: 'ensureSettings' }, (wanted) => ensureSettings(session, wanted))
    .with({ do: 'ensureSnapshot' }, (wanted) => ensureSnapshot(session, wanted))
    .with({ do: 'ensureSnapshotGone' }, (wanted) => ensureSnapshotGone(session, wanted))
    .with({ do: 'ensureVolumeGone' }, (wanted) => ensureVolumeGone(session, wanted))
    .with({ do: 'disown' }, (wanted) => disown(session, wanted))
    .with({ do: 'observe' }, (wanted) => observe(session, wanted))
    .with({ do: 'ensureFlattened' }, () => cannot('flatten', 'the array cannot make a clone independent'))
    .with({ do: 'rollBack' }, () => cannot('rollback', 'the array cannot bring a volume back to a snapshot'))
    .with({ do: 'ensureTrashed' }, { do: 'ensureRestored' }, () => cannot('trash', 'the array has no trash'))
    .with({ do: 'ensureMigrated' }, { do: 'ensureMigrationCommitted' }, { do: 'ensureMigrationAborted' }, () => cannot('migrate', 'the array cannot move a volume to another pool'))
    .with({ do: 'adopt' }, () => cannot('adopt', 'the array cannot rename, and a volume is ours by its name'))
    .exhaustive();

const placementTrouble = ({ pool, dataPool }: Placement): PortError | undefined => {
  if (dataPool !== undefined) return unsupported('erasurePools', 'the array has no separate data pools');
  return pool === '' ? { _tag: 'Permanent', code: 'InvalidName', message: 'The name of a pool is not empty.' } : undefined;
};

/** The volumes of an array, over sessions that `sessionOf` makes. */
export const volumesOf = (sessionOf: (context: CallContext) => Session, settings: Session['settings'], close: () => Promise<void>): BlockBackend => {
  const inPlace =
    <A>(placement: Placement, context: CallContext, work: (session: Session) => Eventually<A>) =>
    async (): Eventually<A> => {
      const trouble = placementTrouble(placement);
      return trouble === undefined ? E.mapLeft(asBlockError)(await work(sessionOf(context))) : E.left(trouble);
    };
  return {
    kind: 'qsan',
    capabilities: CAPABILITIES,
    lateEffectsMs: settings.lateEffectsMs,
    identify: (placement, context) => inPlace(placement, context, (session) => identify(session, placement)),
    stats: (placement, context) => inPlace(placement, context, (session) => stats(session, placement)),
    perform: (action, context) => inPlace(action.volume.placement, context, (session) => perform(session, action)),
    see: (volume, context, known = []) => inPlace(volume.placement, context, (session) => see(session, volume, known)),
    list: () => () => Promise.resolve(E.left(unsupported('list', 'the array shows only what is asked for by name'))),
    plan: (action) => planned(action, settings),
    readMark: (placement, context) => inPlace(placement, context, () => Promise.resolve(E.right(NO_MARK))),
    writeMark: (placement, _position, context) => inPlace(placement, context, () => Promise.resolve(E.right(undefined))),
    sourceOf: ({ volumeId }) => ({ kind: 'array', volume: volumeName(volumeId) }),
    diagnose: (placements, context) => () => diagnoseArray(sessionOf(context), placements),
    close,
  };
};
