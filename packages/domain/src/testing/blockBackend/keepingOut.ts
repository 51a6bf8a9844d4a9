/** What belongs to others is never touched; what cannot be is not tried. */
import type { BackendAction } from '../../ports/blockBackend.ts';
import { check, cloning, failed, identityOf, LARGER, making, noQos, removing, same, SIZE, snapping, type OnScene, type Scene } from './given.ts';

/** Every action on a volume of somebody else. */
const trespasses = ({ volume, clone, snapshot, backend }: Scene): readonly BackendAction[] => [
  making(volume),
  removing(volume),
  snapping(volume, snapshot(2)),
  { do: 'ensureSnapshotGone', volume, snapshotId: snapshot(1) },
  { do: 'ensureSize', volume, fromBytes: SIZE, toBytes: LARGER },
  { do: 'ensureSettings', volume, qos: noQos, performancePriority: false, name: 'mine' },
  { do: 'observe', volume },
  { do: 'disown', volume, snapshots: [] },
  ...(backend.capabilities.flatten ? [{ do: 'ensureFlattened' as const, volume }] : []),
  ...(backend.capabilities.rollback ? [{ do: 'rollBack' as const, volume, snapshotId: snapshot(1), backupSnapshotId: snapshot(1) }] : []),
  ...(backend.capabilities.trash ? [{ do: 'ensureTrashed' as const, volume }] : []),
  ...(backend.capabilities.clone ? [cloning(clone, volume, snapshot(1))] : []),
  ...(backend.capabilities.adopt ? [{ do: 'adopt' as const, volume, identity: identityOf(volume), backendName: 'elsewhere' }] : []),
];

export const othersAreSafe = (on: OnScene): void => {
  on('a volume of another installation is a mismatch for every action, and is not touched [I-4]', async (scene) => {
    const { volume, done, perform, seen, snapshot, stranger, backend } = scene;
    if (!backend.capabilities.marks) return;
    await done(making(volume));
    await done(snapping(volume, snapshot(1)));
    const before = await seen(volume);
    for (const action of trespasses(scene)) failed(await perform(action, stranger), 'Mismatch', action.do);
    same(await seen(volume), before, 'untouched');
  });

  on('a volume of the same id with another serial number is a mismatch, and is not touched [S0-18]', async (scene) => {
    const { volume, done, perform, seen, snapshot, backend } = scene;
    if (!backend.capabilities.marks) return;
    await done(making(volume));
    await done(snapping(volume, snapshot(1)));
    const before = await seen(volume);
    const other = { ...volume, serial: scene.clone.serial };
    for (const action of trespasses({ ...scene, volume: other })) failed(await perform(action), 'Mismatch', action.do);
    same(await seen(volume), before, 'untouched');
  });

  on('a performance priority that the backend does not have is refused before anything is made [V-10]', async (scene) => {
    const { volume, perform, backend, context } = scene;
    if (backend.capabilities.performancePriority) return;
    same(failed(await perform(making(volume, { performancePriority: true })), 'Permanent', 'making it').code, 'Unsupported', 'the code');
    const seen = await backend.see(volume, context)();
    check(seen._tag === 'Right' && seen.right === undefined, 'nothing was made');
  });

  on('limits, trash, clones and adoption that the backend does not have are refused', async ({ volume, clone, snapshot, done, perform, backend }) => {
    const { qos, trash, clone: clones, adopt } = backend.capabilities;
    await done(making(volume));
    await done(snapping(volume, snapshot(1)));
    const limited = { ...noQos, enabled: true, maxIops: 10 };
    const unsupported: readonly BackendAction[] = [
      ...(qos ? [] : [{ do: 'ensureSettings' as const, volume, qos: limited, performancePriority: false, name: 'accounts' }]),
      ...(trash ? [] : [{ do: 'ensureTrashed' as const, volume }]),
      ...(clones ? [] : [cloning(clone, volume, snapshot(1))]),
      ...(adopt ? [] : [{ do: 'adopt' as const, volume: clone, identity: identityOf(clone), backendName: 'elsewhere' }]),
    ];
    for (const action of unsupported) same(failed(await perform(action), 'Permanent', action.do).code, 'Unsupported', action.do);
  });

  on('the capabilities say the same each time, and sizes come in whole steps', ({ backend }) => {
    const { capabilities } = backend;
    same(backend.capabilities, capabilities, 'the capabilities');
    check(Number.isSafeInteger(capabilities.sizeGranularityBytes) && capabilities.sizeGranularityBytes > 0, 'a step is a whole number of bytes');
    check(capabilities.maxSnapshots > 0 && capabilities.generations.length > 0, 'there are snapshots and generations');
    return Promise.resolve();
  });
};
