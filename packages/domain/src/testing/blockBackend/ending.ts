/** Volumes go, go to the trash and come back, are taken over and let go. */
import { check, cloning, failed, identityOf, making, removing, same, SIZE, snapping, type OnScene, type Scene } from './given.ts';

const nothingOf = async ({ backend, context, volume }: Scene): Promise<void> => {
  const seen = await backend.see(volume, context)();
  check(seen._tag === 'Right' && seen.right === undefined, `nothing is left: ${JSON.stringify(seen)}`);
};

export const volumesGo = (on: OnScene): void => {
  on('a volume goes, and going again is success [S0-57]', async (scene) => {
    const { volume, done } = scene;
    await done(making(volume));
    same((await done(removing(volume))).exists, false, 'the answer');
    await nothingOf(scene);
    same((await done(removing(volume))).exists, false, 'again');
  });

  on('a volume goes with the snapshots that are known, protected ones too [R-8, S0-56]', async (scene) => {
    const { volume, clone, done, snapshot, backend } = scene;
    await done(making(volume));
    await done(snapping(volume, snapshot(1)));
    await done(snapping(volume, snapshot(2), 'backup', true));
    if (backend.capabilities.clone) {
      await done(cloning(clone, volume, snapshot(1)));
      await done(removing(clone));
    }
    await done(removing(volume, snapshot(1), snapshot(2)));
    await nothingOf(scene);
  });

  on('a snapshot that is not known stops the removal before anything is removed [R-8]', async ({ volume, done, perform, seen, snapshot, backend }) => {
    if (!backend.capabilities.list) return;
    await done(making(volume));
    await done(snapping(volume, snapshot(1)));
    await done(snapping(volume, snapshot(2)));
    same(failed(await perform(removing(volume, snapshot(1))), 'Mismatch', 'the removal').code, 'UnexpectedSnapshot', 'the code');
    same((await seen(volume)).snapshots.length, 2, 'both are there');
  });

  on('a volume whose snapshot has linked clones stays [R-8]', async ({ volume, clone, done, perform, seen, snapshot, backend }) => {
    if (!backend.capabilities.clone || !backend.capabilities.guardsParents) return;
    await done(making(volume));
    await done(snapping(volume, snapshot(1)));
    await done(cloning(clone, volume, snapshot(1)));
    same(failed(await perform(removing(volume, snapshot(1))), 'Permanent', 'the removal').code, 'HasClones', 'the code');
    same((await seen(volume)).snapshots.length, 1, 'it stays');
  });

  on('a volume that somebody has open stays, and the holders are named [I-30]', async ({ volume, done, perform, open, seen }) => {
    if (open === undefined) return;
    await done(making(volume));
    const close = await open(volume);
    const refused = failed(await perform(removing(volume)), 'Retryable', 'the removal');
    same((await seen(volume)).sizeBytes, SIZE, 'it stays');
    await close();
    check(refused.code === 'Busy' && (refused.watchers?.length ?? 0) > 0, `the holders are named: ${JSON.stringify(refused)}`);
    await done(removing(volume));
  });

  on('the trash keeps a volume and gives it back with its content [I-28]', async ({ volume, done, seen, backend, write, read }) => {
    if (!backend.capabilities.trash) return;
    await done(making(volume));
    await write?.(volume, 'first');
    await done({ do: 'ensureTrashed', volume });
    await done({ do: 'ensureTrashed', volume });
    const trashed = await seen(volume);
    same([trashed.state, trashed.identity?.volumeId], ['trashed', volume.volumeId], 'in the trash');
    const back = await done({ do: 'ensureRestored', volume });
    same(await done({ do: 'ensureRestored', volume }), back, 'again');
    same([(await seen(volume)).state, back.sizeBytes], ['whole', SIZE], 'back');
    if (read !== undefined) same(await read(volume), 'first', 'the content');
  });

  on('a volume goes from the trash too [I-28]', async (scene) => {
    const { volume, done, backend } = scene;
    if (!backend.capabilities.trash) return;
    await done(making(volume));
    await done({ do: 'ensureTrashed', volume });
    await done({ do: 'ensureVolumeGone', volume, snapshots: [], trashed: true });
    await nothingOf(scene);
  });

  on('what was never there can be neither trashed nor restored', async ({ volume, perform, backend }) => {
    if (!backend.capabilities.trash) return;
    failed(await perform({ do: 'ensureTrashed', volume }), 'Permanent', 'trashing');
    failed(await perform({ do: 'ensureRestored', volume }), 'Permanent', 'restoring');
  });
};

export const volumesAreTakenOver = (on: OnScene): void => {
  on('an object that is nobody\'s is taken over, once [I-27]', async ({ volume, done, seen, backend, makeForeign, placement }) => {
    if (!backend.capabilities.adopt || makeForeign === undefined) return;
    const backendName = `-old disk 50% é ${volume.serial}`;
    await makeForeign(placement, backendName, SIZE);
    const adopting = { do: 'adopt' as const, volume, identity: identityOf(volume), backendName };
    const first = await done(adopting);
    same(first.sizeBytes, SIZE, 'the size');
    same((await seen(volume)).identity?.volumeId, volume.volumeId, 'the identity');
    same(await done(adopting), first, 'again');
  });

  on('an object that is somebody\'s is not taken over', async ({ volume, clone, done, perform, seen, backend }) => {
    if (!backend.capabilities.adopt) return;
    await done(making(volume));
    const { backendName } = await seen(volume);
    failed(await perform({ do: 'adopt', volume: clone, identity: identityOf(clone), backendName }), 'Mismatch', 'adopting it');
    same((await seen(volume)).identity?.volumeId, volume.volumeId, 'still whose it was');
  });

  on('names that cannot be are refused with the rule that they break', async ({ volume, perform, backend }) => {
    if (!backend.capabilities.adopt) return;
    for (const backendName of ['a/b', 'a@b', '']) {
      const refused = failed(await perform({ do: 'adopt', volume, identity: identityOf(volume), backendName }), 'Permanent', `adopting "${backendName}"`);
      same(refused.code, 'InvalidName', 'the code');
    }
  });

  on('a volume that is let go keeps its data and loses our marks', async (scene) => {
    const { volume, done, perform, backend, snapshot, write, read } = scene;
    if (!backend.capabilities.adopt) return;
    await done(making(volume));
    await write?.(volume, 'first');
    await done(snapping(volume, snapshot(1)));
    await done({ do: 'disown', volume, snapshots: [snapshot(1)] });
    await done({ do: 'disown', volume, snapshots: [snapshot(1)] });
    if (read !== undefined) same(await read(volume), 'first', 'the content');
    const { exists, owned } = await done({ do: 'observe', volume });
    same([exists, owned], [true, false], 'what is seen of it');
    failed(await perform(removing(volume, snapshot(1))), 'Mismatch', 'it is not ours to remove any more');
    failed(await perform(making(volume)), 'Mismatch', 'nor to take for a volume half made');
  });
};
