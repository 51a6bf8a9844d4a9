/** Moving to another pool: copied, then committed or taken back. */
import type { ActionOf, Placement, VolumeRef } from '../../ports/blockBackend.ts';
import { check, cloning, failed, making, removing, same, SIZE, snapping, someQos, type OnScene, type Scene } from './given.ts';

const copying = (volume: VolumeRef, to: Placement): ActionOf<'ensureMigrated'> => ({ do: 'ensureMigrated', volume, to });
const committing = (volume: VolumeRef, to: Placement): ActionOf<'ensureMigrationCommitted'> => ({ do: 'ensureMigrationCommitted', volume, to });
const aborting = (volume: VolumeRef, to: Placement): ActionOf<'ensureMigrationAborted'> => ({ do: 'ensureMigrationAborted', volume, to });

const isThere = async ({ backend, context }: Scene, volume: VolumeRef): Promise<boolean> => {
  const seen = await backend.see(volume, context)();
  check(seen._tag === 'Right', `it can be looked at: ${JSON.stringify(seen)}`);
  return seen.right !== undefined;
};

/** Both ends where the backend can move volumes. */
const endsIn = ({ backend, volume, otherPlacement: to }: Scene): { readonly to: Placement; readonly there: VolumeRef } | undefined =>
  backend.capabilities.migrate && to !== undefined ? { to, there: { ...volume, placement: to } } : undefined;

export const volumesMove = (on: OnScene): void => {
  on('a volume moves to another pool with content, snapshots, limits and identity, and moving it again is success [R-23]', async (scene) => {
    const { volume, done, seen, snapshot, write, read } = scene;
    const ends = endsIn(scene);
    if (ends === undefined) return;
    const { to, there } = ends;
    await done(making(volume, { qos: someQos }));
    await write?.(volume, 'first');
    await done(snapping(volume, snapshot(1), 'nightly'));
    await write?.(volume, 'second');
    const before = await seen(volume);
    const copied = await done(copying(volume, to));
    same(copied.sizeBytes, SIZE, 'the size');
    same(await done(copying(volume, to)), copied, 'copying again');
    const committed = await done(committing(volume, to));
    same(await done(committing(volume, to)), committed, 'committing again');
    const { identity, qos, snapshots, state } = await seen(there);
    same([identity, qos, state], [before.identity, before.qos, 'whole'], 'what it is');
    same(snapshots.map(({ snapshotId, name, sizeBytes }) => [snapshotId, name, sizeBytes]), before.snapshots.map(({ snapshotId, name, sizeBytes }) => [snapshotId, name, sizeBytes]), 'its snapshots');
    same(await isThere(scene, volume), false, 'where it was');
    if (read !== undefined) same(await read(there), 'second', 'the content');
    const rolled = await done({ do: 'rollBack', volume: there, snapshotId: snapshot(1), backupSnapshotId: snapshot(1) });
    same(rolled.sizeBytes, SIZE, 'rolled back there');
    if (read !== undefined) same(await read(there), 'first', 'the content of the snapshot');
    same((await done(removing(there, snapshot(1)))).exists, false, 'and it can be removed there');
  });

  on('a migration is taken back before it is committed, also where nothing was begun, and the volume can move later [R-23, S0-139]', async (scene) => {
    const { volume, done, seen, snapshot, write, read } = scene;
    const ends = endsIn(scene);
    if (ends === undefined) return;
    const { to, there } = ends;
    await done(making(volume));
    await write?.(volume, 'first');
    await done(snapping(volume, snapshot(1)));
    const before = await seen(volume);
    await done(aborting(volume, to));
    same(await seen(volume), before, 'nothing was begun');
    await done(copying(volume, to));
    const aborted = await done(aborting(volume, to));
    same(await done(aborting(volume, to)), aborted, 'again');
    same([await seen(volume), await isThere(scene, there)], [before, false], 'where it was');
    if (read !== undefined) same(await read(volume), 'first', 'the content');
    await done(copying(volume, to));
    await done(committing(volume, to));
    if (read !== undefined) same(await read(there), 'first', 'the content there');
  });

  on('a linked clone moves and keeps its parent [R-23, R-11]', async (scene) => {
    const { volume, clone, done, perform, seen, snapshot, write, read, backend, otherPlacement: to } = scene;
    if (!backend.capabilities.migrate || to === undefined) return;
    const there = { ...clone, placement: to };
    await done(making(volume));
    await write?.(volume, 'first');
    await done(snapping(volume, snapshot(1)));
    await done(cloning(clone, volume, snapshot(1)));
    await done(copying(clone, to));
    await done(committing(clone, to));
    same((await seen(there)).hasParent, true, 'the link');
    if (read !== undefined) same(await read(there), 'first', 'the content');
    same(failed(await perform({ do: 'ensureSnapshotGone', volume, snapshotId: snapshot(1) }), 'Permanent', 'removing the parent').code, 'HasClones', 'the parent is kept');
    same((await done({ do: 'ensureFlattened', volume: there })).hasParent, false, 'flattened there');
    if (read !== undefined) same(await read(there), 'first', 'the content without its parent');
  });

  on('a volume that somebody has open is not moved [R-23, I-13]', async (scene) => {
    const { volume, done, perform, open, backend } = scene;
    const ends = endsIn(scene);
    if (ends === undefined || open === undefined || backend.capabilities.liveMigration) return;
    await done(making(volume));
    const close = await open(volume);
    const refused = failed(await perform(copying(volume, ends.to)), 'Retryable', 'while it is open');
    await close();
    check(refused.code === 'Busy' && (refused.watchers?.length ?? 0) > 0, `the holders are named: ${JSON.stringify(refused)}`);
    same([await isThere(scene, volume), await isThere(scene, ends.there)], [true, false], 'where it was');
  });

  on('what stands at the destination is not touched, and a volume that is not there is not moved [R-23]', async (scene) => {
    const { volume, done, perform, stranger, seen } = scene;
    const ends = endsIn(scene);
    if (ends === undefined) return;
    const { to, there } = ends;
    failed(await perform(copying(volume, to)), 'Permanent', 'moving nothing');
    failed(await perform(committing(volume, to)), 'Permanent', 'committing nothing');
    await done(making(volume));
    await done(making(there), stranger);
    failed(await perform(copying(volume, to)), 'Mismatch', 'onto what is another’s');
    same((await seen(there)).installationId, stranger.installationId, 'it stands');
    failed(await perform(copying(volume, to), stranger), 'Mismatch', 'by somebody else');
    same((await seen(volume)).state, 'whole', 'the volume');
  });

  on('a backend that cannot move volumes says so [R-23]', async ({ volume, done, perform, placement, backend }) => {
    if (backend.capabilities.migrate) return;
    await done(making(volume));
    for (const action of [copying(volume, placement), committing(volume, placement), aborting(volume, placement)]) {
      same(failed(await perform(action), 'Permanent', action.do).code, 'Unsupported', 'the code');
    }
  });
};
