/** Sizes, snapshots, flattening and rolling back. */
import type { Bytes } from '../../kernel/quantities.ts';
import type { VolumeRef } from '../../ports/blockBackend.ts';
import { check, cloning, failed, LARGER, making, removing, same, SIZE, snapping, type OnScene } from './given.ts';

const resizing = (volume: VolumeRef, fromBytes: Bytes, toBytes: Bytes) => ({ do: 'ensureSize' as const, volume, fromBytes, toBytes });

export const sizesChange = (on: OnScene): void => {
  on('a volume grows, and growing it again is success [S0-45]', async ({ volume, done, seen }) => {
    await done(making(volume));
    const first = await done(resizing(volume, SIZE, LARGER));
    same(first.sizeBytes, LARGER, 'the answer');
    same(await done(resizing(volume, SIZE, LARGER)), first, 'again');
    same((await seen(volume)).sizeBytes, LARGER, 'what is seen');
  });

  on('a volume shrinks only from the size that is known [V-6, I-18]', async ({ volume, done, perform, seen, backend }) => {
    if (!backend.capabilities.shrink) return;
    await done(making(volume, { sizeBytes: LARGER }));
    const half = (SIZE / 2) as Bytes;
    failed(await perform(resizing(volume, SIZE, half)), 'Mismatch', 'from another size');
    same((await seen(volume)).sizeBytes, LARGER, 'untouched');
    same((await done(resizing(volume, LARGER, SIZE))).sizeBytes, SIZE, 'from the known size');
    same((await done(resizing(volume, LARGER, SIZE))).sizeBytes, SIZE, 'again');
  });

  on('a backend that cannot shrink says so and leaves the size', async ({ volume, done, perform, seen, backend }) => {
    if (backend.capabilities.shrink) return;
    await done(making(volume, { sizeBytes: LARGER }));
    same(failed(await perform(resizing(volume, LARGER, SIZE)), 'Permanent', 'shrinking').code, 'Unsupported', 'the code');
    same((await seen(volume)).sizeBytes, LARGER, 'the size');
  });

  on('resizing to the size that it has is success [S0-45]', async ({ volume, done }) => {
    await done(making(volume));
    same((await done(resizing(volume, SIZE, SIZE))).sizeBytes, SIZE, 'the answer');
  });

  on('a volume that is not there cannot be resized', async ({ volume, perform }) => {
    failed(await perform(resizing(volume, SIZE, LARGER)), 'Permanent', 'resizing nothing');
  });
};

export const snapshotsCome = (on: OnScene): void => {
  on('a snapshot is taken once, and seen with its name [S0-63]', async ({ volume, done, seen, snapshot, backend }) => {
    await done(making(volume));
    const first = await done(snapping(volume, snapshot(1), 'nightly', true));
    same(await done(snapping(volume, snapshot(1), 'nightly', true)), first, 'again');
    const { snapshots } = await seen(volume);
    same(snapshots.map(({ snapshotId, name, internal, kind, sizeBytes }) => ({ snapshotId, name, internal, kind, sizeBytes })), [
      { snapshotId: snapshot(1), ...(backend.capabilities.marks ? { name: 'nightly', internal: true } : {}), kind: 'user', sizeBytes: SIZE },
    ], 'the snapshots');
  });

  on('a snapshot goes, and going again is success [R-11]', async ({ volume, done, seen, snapshot }) => {
    await done(making(volume));
    await done(snapping(volume, snapshot(1)));
    await done(snapping(volume, snapshot(2)));
    const gone = { do: 'ensureSnapshotGone' as const, volume, snapshotId: snapshot(1) };
    await done(gone);
    await done(gone);
    same((await seen(volume)).snapshots.map(({ snapshotId }) => snapshotId), [snapshot(2)], 'what is left');
  });

  on('a snapshot of a volume that is gone is gone [R-11]', async ({ volume, done, snapshot }) => {
    await done({ do: 'ensureSnapshotGone', volume, snapshotId: snapshot(1) });
  });

  on('a snapshot cannot be taken of a volume that is not there', async ({ volume, perform, snapshot }) => {
    failed(await perform(snapping(volume, snapshot(1))), 'Permanent', 'the snapshot');
  });

  on('a snapshot with linked clones stays, and the clones are named [R-11]', async ({ volume, clone, done, perform, seen, snapshot, backend }) => {
    if (!backend.capabilities.clone || !backend.capabilities.guardsParents) return;
    await done(making(volume));
    await done(snapping(volume, snapshot(1)));
    await done(cloning(clone, volume, snapshot(1)));
    const refused = failed(await perform({ do: 'ensureSnapshotGone', volume, snapshotId: snapshot(1) }), 'Permanent', 'removing it');
    const { backendName } = await seen(clone);
    check(refused.code === 'HasClones' && refused.message.includes(backendName), `the clone is named: ${refused.message}`);
    same((await seen(volume)).snapshots.length, 1, 'it stays');
  });

  on('flattening cuts the link and keeps the content, and doing it again is success [S0-51]', async (scene) => {
    const { volume, clone, done, seen, snapshot, backend, write, read } = scene;
    if (!backend.capabilities.flatten || !backend.capabilities.clone) return;
    await done(making(volume));
    await write?.(volume, 'first');
    await done(snapping(volume, snapshot(1)));
    await done(cloning(clone, volume, snapshot(1)));
    const first = await done({ do: 'ensureFlattened', volume: clone });
    same([first.hasParent, (await seen(clone)).hasParent], [false, false], 'the link');
    same(await done({ do: 'ensureFlattened', volume: clone }), first, 'again');
    if (read !== undefined) same(await read(clone), 'first', 'the content');
    await done({ do: 'ensureSnapshotGone', volume, snapshotId: snapshot(1) });
    await done(removing(volume));
    if (read !== undefined) same(await read(clone), 'first', 'the content without its parent');
  });
};

export const volumesRollBack = (on: OnScene): void => {
  on('rolling back brings the content and the size of the snapshot, and keeps newer snapshots [V-5, R-22]', async (scene) => {
    const { volume, done, seen, snapshot, backend, write, read } = scene;
    if (!backend.capabilities.rollback) return;
    await done(making(volume));
    await write?.(volume, 'first');
    await done(snapping(volume, snapshot(1)));
    await done(resizing(volume, SIZE, LARGER));
    await write?.(volume, 'second');
    await done(snapping(volume, snapshot(2), 'backup', true));
    const rolling = { do: 'rollBack' as const, volume, snapshotId: snapshot(1), backupSnapshotId: snapshot(2) };
    const first = await done(rolling);
    same(first.sizeBytes, SIZE, 'the size');
    if (read !== undefined) same(await read(volume), 'first', 'the content');
    same((await seen(volume)).snapshots.length, 2, 'the snapshots');
    same(await done(rolling), first, 'again');
    same((await done({ do: 'rollBack', volume, snapshotId: snapshot(2), backupSnapshotId: snapshot(2) })).sizeBytes, LARGER, 'and forward to the backup');
    if (read !== undefined) same(await read(volume), 'second', 'the content of the backup');
  });

  on('rolling back needs the backup snapshot and the snapshot itself [S0-49, R-22]', async ({ volume, done, perform, snapshot, backend }) => {
    if (!backend.capabilities.rollback) return;
    await done(making(volume));
    await done(snapping(volume, snapshot(1)));
    failed(await perform({ do: 'rollBack', volume, snapshotId: snapshot(1), backupSnapshotId: snapshot(2) }), 'Mismatch', 'no backup');
    failed(await perform({ do: 'rollBack', volume, snapshotId: snapshot(2), backupSnapshotId: snapshot(1) }), 'Permanent', 'no snapshot');
  });

  on('a volume that somebody has open is not rolled back [I-13, I-14]', async ({ volume, done, perform, snapshot, backend, open, write, read }) => {
    if (!backend.capabilities.rollback || open === undefined) return;
    await done(making(volume));
    await done(snapping(volume, snapshot(1)));
    await write?.(volume, 'second');
    const rolling = { do: 'rollBack' as const, volume, snapshotId: snapshot(1), backupSnapshotId: snapshot(1) };
    const close = await open(volume);
    const refused = failed(await perform(rolling), 'Retryable', 'while it is open');
    await close();
    check(refused.code === 'Busy' && (refused.watchers?.length ?? 0) > 0, `the holders are named: ${JSON.stringify(refused)}`);
    check((refused.retryAfterMs ?? 0) > 0, 'and when to ask again [I-30]');
    if (read !== undefined) same(await read(volume), 'second', 'the content');
    await done(rolling);
  });

  on('a backend that cannot roll back or flatten says so', async ({ volume, done, perform, snapshot, backend }) => {
    await done(making(volume));
    await done(snapping(volume, snapshot(1)));
    if (!backend.capabilities.rollback) {
      const rolling = { do: 'rollBack' as const, volume, snapshotId: snapshot(1), backupSnapshotId: snapshot(1) };
      same(failed(await perform(rolling), 'Permanent', 'rolling back').code, 'Unsupported', 'the code');
    }
    if (!backend.capabilities.flatten) same(failed(await perform({ do: 'ensureFlattened', volume }), 'Permanent', 'flattening').code, 'Unsupported', 'the code');
  });
};
