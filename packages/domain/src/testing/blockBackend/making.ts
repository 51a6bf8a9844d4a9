/** Volumes are made once, however often they are asked for. */
import { check, cloning, failed, identityOf, LARGER, making, noQos, removing, same, SIZE, snapping, someQos, type OnScene } from './given.ts';

export const volumesAreMade = (on: OnScene): void => {
  on('a new volume has its size and its identity, and no parent [S0-22]', async ({ volume, done, seen, context, backend }) => {
    const result = await done(making(volume));
    same([result.exists, result.sizeBytes, result.hasParent], [true, SIZE, false], 'the answer');
    const { state, sizeBytes, identity, installationId, snapshots, hasParent } = await seen(volume);
    const { marks } = backend.capabilities;
    same([state, sizeBytes, snapshots], ['whole', SIZE, []], 'what is seen');
    same([hasParent, installationId], marks ? [false, context.installationId] : [undefined, undefined], 'the marks');
    same(identity && { ...identityOf(volume), ...identity }, marks ? identityOf(volume) : undefined, 'the identity');
  });

  on('making a volume again gives the same answer and changes nothing [I-3]', async ({ volume, done, seen }) => {
    const first = await done(making(volume));
    const before = await seen(volume);
    same(await done(making(volume)), first, 'the second answer');
    same(await seen(volume), before, 'what is seen');
  });

  on('a volume whose limits were not set is finished, not taken as done [I-6]', async ({ volume, done, seen, backend }) => {
    if (!backend.capabilities.qos) return;
    await done(making(volume));
    await done(making(volume, { qos: someQos }));
    same((await seen(volume)).qos, someQos, 'the limits');
  });

  on('limits are set one by one under their own names [R-24, V-12]', async ({ volume, done, seen, backend }) => {
    if (!backend.capabilities.qos) return;
    await done(making(volume, { qos: someQos }));
    same((await seen(volume)).qos, someQos, 'all four');
    for (const field of ['maxBytesPerSecond', 'burstBytesPerSecond', 'maxIops', 'burstIops'] as const) {
      const one = { ...noQos, enabled: true, [field]: 4711 };
      await done({ do: 'ensureSettings', volume, qos: one, performancePriority: false, name: 'accounts' });
      same((await seen(volume)).qos, one, `only ${field}`);
    }
    await done({ do: 'ensureSettings', volume, qos: { ...someQos, enabled: false }, performancePriority: false, name: 'accounts' });
    same((await seen(volume)).qos, noQos, 'switched off');
  });

  on('renaming a volume changes its identity and not its object [S0-43]', async ({ volume, done, seen, backend }) => {
    await done(making(volume));
    const { backendName } = await seen(volume);
    await done({ do: 'ensureSettings', volume, qos: noQos, performancePriority: false, name: 'ledgers' });
    const after = await seen(volume);
    same([after.backendName, after.identity?.name], [backendName, backend.capabilities.marks ? 'ledgers' : undefined], 'name there and name here');
  });

  on('names in any script survive the way to the backend and back', async ({ volume, done, seen, backend }) => {
    if (!backend.capabilities.marks) return;
    const name = 'Données "50 %" – \\ 帳簿 -x';
    await done(making(volume, { identity: identityOf(volume, { name }) }));
    same((await seen(volume)).identity?.name, name, 'the name');
  });

  on('a volume of another size under the same id is a mismatch, and keeps its size [I-18]', async ({ volume, perform, done, seen }) => {
    await done(making(volume));
    failed(await perform(making(volume, { sizeBytes: LARGER })), 'Mismatch', 'the larger one');
    same((await seen(volume)).sizeBytes, SIZE, 'the size');
  });

  on('a clone holds what the snapshot held, and knows its parent [S0-35, S0-36]', async ({ volume, clone, done, seen, snapshot, backend, write, read }) => {
    if (!backend.capabilities.clone) return;
    await done(making(volume, { qos: backend.capabilities.qos ? someQos : noQos }));
    await write?.(volume, 'first');
    await done(snapping(volume, snapshot(1)));
    await write?.(volume, 'second');
    const result = await done(cloning(clone, volume, snapshot(1)));
    same([result.sizeBytes, result.hasParent], [SIZE, true], 'the answer');
    const { identity, qos, hasParent } = await seen(clone);
    const marked = [clone.volumeId, snapshot(1), true];
    same([identity?.volumeId, identity?.parentSnapshotId, hasParent], backend.capabilities.marks ? marked : marked.map(() => undefined), 'what is seen');
    if (backend.capabilities.qos) same(qos, noQos, 'limits are not inherited');
    if (read !== undefined) same(await read(clone), 'first', 'the content');
    same(await done(cloning(clone, volume, snapshot(1))), result, 'the same clone again');
  });

  on('a clone in another pool works where clones across pools do [S0-14]', async ({ volume, clone, done, snapshot, backend, otherPlacement }) => {
    if (!backend.capabilities.cloneAcrossPools || otherPlacement === undefined) return;
    await done(making(volume));
    await done(snapping(volume, snapshot(1)));
    const there = { ...clone, placement: otherPlacement };
    same((await done(cloning(there, volume, snapshot(1)))).hasParent, true, 'linked');
    await done({ do: 'ensureVolumeGone', volume: there, snapshots: [], trashed: false });
  });

  on('a clone of a snapshot that is not there fails and leaves nothing', async ({ volume, clone, perform, done, snapshot, backend, context }) => {
    if (!backend.capabilities.clone) return;
    await done(making(volume));
    failed(await perform(cloning(clone, volume, snapshot(1))), 'Permanent', 'the clone');
    same((await backend.see(clone, context)())._tag === 'Right', true, 'seeing it');
    const seen = await backend.see(clone, context)();
    check(seen._tag === 'Right' && seen.right === undefined, 'nothing was left');
  });

  on('an erasure coded pool takes a volume where the backend can [V-11, R-5]', async ({ volume, done, backend, erasure, context }) => {
    if (!backend.capabilities.erasurePools || erasure === undefined) return;
    const there = { ...volume, placement: erasure };
    const result = await done(making(there));
    same(result.sizeBytes, SIZE, 'the size');
    same(await done(making(there)), result, 'again');
    await done(removing(there));
    const seen = await backend.see(there, context)();
    check(seen._tag === 'Right' && seen.right === undefined, 'gone');
  });
};
