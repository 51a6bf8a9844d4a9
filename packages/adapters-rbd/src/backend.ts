/** Joins words, answers and actions to a `BlockBackend`. */
import * as E from 'fp-ts/lib/Either.js';
import { match } from 'ts-pattern';
import type { BackendAction, BackendResult, BlockBackend, CallContext, Capabilities, Placement, PortError } from '@blockledger/domain';
import { MIB } from '@blockledger/domain';
import { adopt, disown } from './actions/adopt.ts';
import { ensureVolume } from './actions/create.ts';
import { ensureFlattened } from './actions/flatten.ts';
import { list, observe, see } from './actions/look.ts';
import { ensureMigrated, ensureMigrationAborted, ensureMigrationCommitted } from './actions/migrate.ts';
import { readMark, writeMark } from './actions/positionMark.ts';
import { ensureVolumeGone } from './actions/remove.ts';
import { ensureSize } from './actions/resize.ts';
import { rollBack } from './actions/rollBack.ts';
import { ensureSettings } from './actions/settings.ts';
import { ensureSnapshot, ensureSnapshotGone } from './actions/snapshots.ts';
import { ensureRestored, ensureTrashed } from './actions/trash.ts';
import { argvOf } from './commandLine.ts';
import type { Dialect } from './commands/dialect.ts';
import { diagnose } from './diagnosis/diagnose.ts';
import { nameTrouble } from './names.ts';
import { hasty, settle, type RbdOptions } from './options.ts';
import { identify, stats } from './place.ts';
import { planned } from './plan.ts';
import { newProofs } from './proofs.ts';
import { carrier, dialectOf } from './carrier.ts';
import { childrenDieWithUs } from './run.ts';
import type { Eventually, Session } from './session.ts';
import { sourceOf } from './source.ts';

/** What a killed child had sent to the cluster has landed by then. */
const SOON_MS = 1_000;

const capabilitiesOf = (dialect: Dialect): Capabilities => ({
  shrink: true,
  flatten: true,
  rollback: true,
  qos: true,
  performancePriority: dialect.priority !== undefined,
  clone: true,
  guardsParents: true,
  cloneAcrossPools: true,
  // A group snapshot's member can be neither protected nor cloned (V-2, R-2).
  cloneFromGroupSnapshot: false,
  onlineExtend: true,
  migrate: dialect.migration !== undefined,
  // `rbd migration prepare` refuses an image that somebody has open.
  liveMigration: false,
  trash: true,
  adopt: true,
  list: true,
  marks: true,
  erasurePools: true,
  generations: dialect.generations,
  sizeGranularityBytes: MIB,
  maxSnapshots: 256,
});

/**
 * A backend that drives Ceph RBD through its command line tools.
 *
 * Needs `rbd`, `rados` and `ceph` on the PATH (Debian: `ceph-common`). See `RbdOptions` for what can be set.
 *
 * @example
 * import { rbdBackend } from '@blockledger/adapters-rbd';
 * const backend = rbdBackend({ conf: '/etc/ceph/ceph.conf', name: 'client.blockledger' });
 * backend.capabilities.performancePriority; // => false
 */
export function rbdBackend(options: RbdOptions = {}): BlockBackend {
  const settings = settle(options);
  const haste = hasty(options, settings);
  const dialect = dialectOf(options);
  const nowMs = options.nowMs ?? Date.now;
  const measuresUsage = options.measureUsage ?? dialect.measuresUsage;
  const proofs = newProofs(settings.proofMs, nowMs, options.expected ?? {});
  const carried = carrier(options, settings);
  const { ceph } = carried;
  const sessionOf = (context: CallContext): Session => ({ dialect, settings, haste, measuresUsage, proofs, context, ceph });
  const inPlace =
    <A>(placement: Placement, context: CallContext, work: (session: Session) => Eventually<A>, to?: Placement) =>
    (): Eventually<A> => {
      const trouble = placementTrouble(placement) ?? (to === undefined ? undefined : placementTrouble(to));
      return trouble === undefined ? work(sessionOf(context)) : Promise.resolve(E.left(trouble));
    };
  const real = options.run === undefined;
  const childrenEndWithUs = real && childrenDieWithUs();
  const lateEffectsMs = options.lateEffectsMs ?? (childrenEndWithUs ? SOON_MS : settings.watchTimeoutMs);
  return {
    kind: 'rbd',
    capabilities: capabilitiesOf(dialect),
    lateEffectsMs,
    identify: (placement, context) => inPlace(placement, context, (session) => identify(session, placement)),
    stats: (placement, context) => inPlace(placement, context, (session) => stats(session, placement, nowMs)),
    perform: (action, context) => inPlace(action.volume.placement, context, (session) => perform(session, action), 'to' in action ? action.to : undefined),
    see: (volume, context) => inPlace(volume.placement, context, (session) => see(session, volume)),
    list: (placement, context) => inPlace(placement, context, (session) => list(session, placement)),
    plan: (action, installationId) =>
      planned({ dialect, measuresUsage, installationId }, action).map((command) => ({
        summary: command.summary,
        argv: argvOf(command, settings),
      })),
    readMark: (placement, context) => inPlace(placement, context, (session) => readMark(session, placement)),
    writeMark: (placement, position, context) => inPlace(placement, context, (session) => writeMark(session, placement, position)),
    sourceOf: sourceOf(options),
    diagnose: (placements, context) => () =>
      diagnose({ ...sessionOf(context), settings: haste }, placements, { options, nowMs, real, childrenEndWithUs, lateEffectsMs, versions: carried.versions }),
    close: carried.close,
  };
}

const placementTrouble = ({ pool, dataPool }: Placement): PortError | undefined =>
  nameTrouble('pool', pool) ?? (dataPool === undefined ? undefined : nameTrouble('data pool', dataPool));

const perform = (session: Session, action: BackendAction): Eventually<BackendResult> =>
  match(action)
    .with({ do: 'ensureVolume' }, (wanted) => ensureVolume(session, wanted))
    .with({ do: 'ensureFlattened' }, (wanted) => ensureFlattened(session, wanted))
    .with({ do: 'ensureSize' }, (wanted) => ensureSize(session, wanted))
    .with({ do: 'ensureSettings' }, (wanted) => ensureSettings(session, wanted))
    .with({ do: 'ensureSnapshot' }, (wanted) => ensureSnapshot(session, wanted))
    .with({ do: 'ensureSnapshotGone' }, (wanted) => ensureSnapshotGone(session, wanted))
    .with({ do: 'rollBack' }, (wanted) => rollBack(session, wanted))
    .with({ do: 'ensureVolumeGone' }, (wanted) => ensureVolumeGone(session, wanted))
    .with({ do: 'ensureTrashed' }, (wanted) => ensureTrashed(session, wanted))
    .with({ do: 'ensureRestored' }, (wanted) => ensureRestored(session, wanted))
    .with({ do: 'adopt' }, (wanted) => adopt(session, wanted))
    .with({ do: 'disown' }, (wanted) => disown(session, wanted))
    .with({ do: 'ensureMigrated' }, (wanted) => ensureMigrated(session, wanted))
    .with({ do: 'ensureMigrationCommitted' }, (wanted) => ensureMigrationCommitted(session, wanted))
    .with({ do: 'ensureMigrationAborted' }, (wanted) => ensureMigrationAborted(session, wanted))
    .with({ do: 'observe' }, (wanted) => observe(session, wanted))
    .exhaustive();
