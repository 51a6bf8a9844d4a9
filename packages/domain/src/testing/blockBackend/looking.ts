/** Looking, marking, planning, telling how far one is, and stopping. */
import { check, cloning, failed, making, noQos, removing, same, snapping, succeeded, type OnScene, type Scene } from './given.ts';

const aborted = (context: Scene['context']): Scene['context'] => ({
  ...context,
  signal: { aborted: true, addEventListener: () => undefined, removeEventListener: () => undefined },
});

export const backendsTell = (on: OnScene): void => {
  on('observing says what is there and what is not [I-7]', async ({ volume, done }) => {
    same((await done({ do: 'observe', volume })).exists, false, 'before');
    await done(making(volume));
    same((await done({ do: 'observe', volume })).exists, true, 'there');
    await done(removing(volume));
    same((await done({ do: 'observe', volume })).exists, false, 'after');
  });

  on('observing says whose it is, whether it is in the trash, and its limits [I-28, R-24]', async ({ volume, done, backend }) => {
    const { qos: limits, trash } = backend.capabilities;
    const qos = { ...noQos, ...(limits ? { enabled: true, maxIops: 40 } : {}) };
    await done(making(volume, { qos }));
    const there = await done({ do: 'observe', volume });
    same([there.owned, there.trashed, there.qos ?? qos], [true, false, qos], 'there');
    if (!trash) return;
    await done({ do: 'ensureTrashed', volume });
    same((await done({ do: 'observe', volume })).trashed, true, 'in the trash');
    await done({ do: 'ensureRestored', volume });
    same((await done({ do: 'observe', volume })).trashed, false, 'back again');
  });

  on('the list has every volume of the pool, with its owner and its snapshots [I-4, I-27]', async ({ volume, done, snapshot, backend, placement, context }) => {
    if (!backend.capabilities.list) {
      same(failed(await backend.list(placement, context)(), 'Permanent', 'list').code, 'Unsupported', 'the code');
      return;
    }
    await done(making(volume));
    await done(snapping(volume, snapshot(1)));
    const listed = succeeded(await backend.list(placement, context)(), 'list');
    const mine = listed.filter(({ identity }) => identity?.volumeId === volume.volumeId);
    same(mine.map(({ installationId, snapshots }) => [installationId, snapshots.length]), [[context.installationId, 1]], 'the volume');
    await done(removing(volume, snapshot(1)));
    const after = succeeded(await backend.list(placement, context)(), 'list');
    same(after.filter(({ identity }) => identity?.volumeId === volume.volumeId).length, 0, 'gone from the list');
  });

  on('the mark of one installation is not that of another, and survives', async ({ backend, placement, context, stranger }) => {
    const read = async (who: Scene['context']): Promise<number> => succeeded(await backend.readMark(placement, who)(), 'readMark');
    same(await read(context), -1, 'none yet');
    for (const position of [0, 41, 42]) {
      succeeded(await backend.writeMark(placement, position, context)(), 'writeMark');
      same(await read(context), backend.capabilities.marks ? position : -1, 'the mark');
    }
    same(await read(stranger), -1, 'the other one');
  });

  on('a pool is always the same pool, and two pools are two', async ({ backend, placement, otherPlacement, context }) => {
    const first = succeeded(await backend.identify(placement, context)(), 'identify');
    same(succeeded(await backend.identify(placement, context)(), 'identify'), first, 'again');
    check(first.cluster !== '' && first.pool !== '', 'it has an identity');
    if (otherPlacement === undefined) return;
    const other = succeeded(await backend.identify(otherPlacement, context)(), 'identify');
    check(other.cluster === first.cluster && other.pool !== first.pool, 'the other pool is another one of the same cluster');
  });

  on('the space of a pool adds up [R-3]', async ({ backend, placement, context }) => {
    const { totalBytes, usedBytes, freeBytes, atMs } = succeeded(await backend.stats(placement, context)(), 'stats');
    check([totalBytes, usedBytes, freeBytes].every((bytes) => Number.isSafeInteger(bytes) && bytes >= 0), 'whole numbers of bytes');
    check(totalBytes >= freeBytes && totalBytes > 0 && atMs > 0, 'no more is free than there is');
  });

  on('a plan has a summary for each step, and making it touches nothing', async ({ backend, volume, clone, snapshot, context }) => {
    const actions = [making(volume), cloning(clone, volume, snapshot(1)), snapping(volume, snapshot(1)), removing(volume, snapshot(1))];
    for (const action of actions) {
      const steps = backend.plan(action, context.installationId);
      check(steps.length > 0 && steps.every(({ summary }) => summary !== ''), `${action.do} has steps`);
      same(backend.plan(action, context.installationId), steps, 'the same plan again');
    }
    const seen = succeeded(await backend.see(volume, context)(), 'see');
    check(seen === undefined, 'nothing was made');
  });

  on('long work tells how far it is, and never goes back [S0-7]', async ({ volume, done, progress, tellsProgress }) => {
    await done(making(volume));
    await done(removing(volume));
    const numbers = progress.map(({ done: reached, total }) => reached / total);
    check(numbers.every((part, index) => part >= 0 && part <= 1 && part >= (numbers[index - 1] ?? 0)), `from 0 to 1: ${numbers.join(' ')}`);
    check(tellsProgress !== true || numbers.length > 0, 'something was told');
  });

  on('what is cancelled before it begins does nothing', async ({ backend, volume, perform, context }) => {
    failed(await perform(making(volume), aborted(context)), 'Cancelled', 'making it');
    const seen = succeeded(await backend.see(volume, context)(), 'see');
    check(seen === undefined, 'nothing was made');
  });
};
