/** One call of librbd for each thing that is asked. */
import { match } from 'ts-pattern';
import { askMonitor, type Cluster, type Outcome } from './cluster.ts';
import type { LibraryCall } from './calls.ts';
import * as act from './doing.ts';
import * as look from './looking.ts';

/** What is not done here. */
export const LONG: Outcome = { code: -1, said: 'takes long' };
export const ELSEWHERE: Outcome = { code: -1, said: 'elsewhere' };

/** How a call is made. */
export interface Calling {
  /** This worker has nothing else to do. */
  readonly alone: boolean;
  /** Where librbd tells how far it is. */
  readonly progress: act.Progress;
}

/** Does it. */
export const perform = (cluster: Cluster, call: LibraryCall, { alone, progress }: Calling): Promise<Outcome> =>
  match(call)
    .with({ do: 'create' }, (wanted) => act.create(cluster, wanted))
    .with({ do: 'clone' }, (wanted) => act.clone(cluster, wanted))
    .with({ do: 'resize' }, (wanted) => (wanted.shrink && !alone ? Promise.resolve(LONG) : act.resize(cluster, wanted, progress)))
    .with({ do: 'flatten' }, ({ image }) => (alone ? act.flatten(cluster, image, progress) : Promise.resolve(LONG)))
    .with({ do: 'snapshotRollback' }, ({ at }) => (alone ? act.rollBack(cluster, at, progress) : Promise.resolve(LONG)))
    .with({ do: 'remove' }, ({ image }) => act.remove(cluster, image, { progress, takesLong: alone ? undefined : LONG }))
    .with({ do: 'rename' }, (wanted) => act.rename(cluster, wanted))
    .with({ do: 'snapshotCreate' }, ({ at }) => act.takeSnapshot(cluster, at))
    .with({ do: 'snapshotProtect' }, ({ at }) => act.protect(cluster, at))
    .with({ do: 'snapshotUnprotect' }, ({ at }) => act.unprotect(cluster, at))
    .with({ do: 'snapshotRemove' }, ({ at }) => act.removeSnapshot(cluster, at))
    .with({ do: 'metaSet' }, (wanted) => act.setMark(cluster, wanted))
    .with({ do: 'metaRemove' }, (wanted) => act.removeMark(cluster, wanted))
    .with({ do: 'trashMove' }, ({ image }) => act.trashMove(cluster, image))
    .with({ do: 'trashRestore' }, (wanted) => act.trashRestore(cluster, wanted))
    .with({ do: 'children' }, ({ at }) => look.children(cluster, at))
    .with({ do: 'info' }, ({ image }) => look.info(cluster, image))
    .with({ do: 'status' }, ({ image }) => look.status(cluster, image, ELSEWHERE))
    .with({ do: 'lockList' }, ({ image }) => look.locks(cluster, image))
    .with({ do: 'metaList' }, ({ image }) => look.marks(cluster, image))
    .with({ do: 'snapshotList' }, ({ image }) => look.snapshots(cluster, image))
    .with({ do: 'list' }, ({ pool }) => look.names(cluster, pool))
    .with({ do: 'trashList' }, ({ pool }) => look.trash(cluster, pool))
    .with({ do: 'monitor' }, ({ prefix }) => askMonitor(cluster, prefix))
    .exhaustive();
