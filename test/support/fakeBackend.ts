/** A block backend in memory: an object literal, with hooks before and after each action. */
import * as E from 'fp-ts/lib/Either.js';
import type { BackendAction, BackendResult, BlockBackend, CallContext, Capabilities, PortError, Qos, SeenSnapshot, SeenVolume, VolumeIdentity } from '@blockledger/domain';

export interface FakeImage {
  placement: string;
  sizeBytes: number;
  parent: string | null;
  trashed: boolean;
  identity: VolumeIdentity;
  installationId: string;
  qos: Qos;
  performancePriority: boolean;
  snapshots: Map<string, { sizeBytes: number; name: string; internal: boolean }>;
}

export interface FakeBackend {
  readonly backend: BlockBackend;
  readonly images: Map<string, FakeImage>;
  readonly calls: BackendAction[];
  readonly marks: Map<string, number>;
  /** Answers instead of the action, where it returns an error. */
  before: (action: BackendAction, context: CallContext) => PortError | undefined | Promise<PortError | undefined>;
  stats: () => E.Either<PortError, { totalBytes: number; usedBytes: number; freeBytes: number; atMs: number }>;
}

const TIB = 1024 ** 4;

const fakeCapabilities: Capabilities = {
  shrink: true,
  flatten: true,
  rollback: true,
  qos: true,
  qosBurst: true,
  performancePriority: true,
  clone: true,
  guardsParents: true,
  cloneAcrossPools: true,
  cloneFromGroupSnapshot: false,
  onlineExtend: true,
  migrate: true,
  liveMigration: false,
  trash: true,
  adopt: true,
  list: true,
  marks: true,
  erasurePools: true,
  generations: ['v2', 'v3', 'v3adv'],
  sizeGranularityBytes: 1024 ** 2,
  maxSnapshots: 256,
} as Capabilities;

const gone: PortError = { _tag: 'Permanent', code: 'NotFound', message: 'no such image' };

const perform = (images: Map<string, FakeImage>, action: BackendAction, context: CallContext): E.Either<PortError, BackendResult> => {
  const id = action.volume.volumeId;
  const image = images.get(id);
  const answer = (found: FakeImage): E.Either<PortError, BackendResult> => E.right({ sizeBytes: found.sizeBytes as never, hasParent: found.parent !== null, exists: true });
  if (action.do === 'ensureVolume') {
    const made = image ?? {
      placement: action.volume.placement.pool,
      sizeBytes: action.sizeBytes,
      parent: action.parent?.snapshotId ?? null,
      trashed: false,
      identity: action.identity,
      installationId: context.installationId,
      qos: action.qos,
      performancePriority: action.performancePriority,
      snapshots: new Map(),
    };
    images.set(id, made);
    return answer(made);
  }
  if (action.do === 'ensureVolumeGone') {
    images.delete(id);
    return E.right({ exists: false });
  }
  if (action.do === 'adopt') {
    const found = images.get(action.backendName);
    if (found === undefined) return image === undefined ? E.left(gone) : answer(image);
    images.delete(action.backendName);
    images.set(id, { ...found, identity: action.identity, installationId: context.installationId });
    return answer(found);
  }
  if (action.do === 'ensureSnapshotGone') {
    image?.snapshots.delete(action.snapshotId);
    return E.right({ exists: false });
  }
  if (image === undefined) return action.do === 'observe' ? E.right({ exists: false }) : E.left(gone);
  switch (action.do) {
    case 'ensureFlattened':
      image.parent = null;
      return answer(image);
    case 'ensureSize':
      image.sizeBytes = action.toBytes;
      return answer(image);
    case 'ensureSettings':
      image.qos = action.qos;
      image.performancePriority = action.performancePriority;
      return answer(image);
    case 'ensureSnapshot':
      if (!image.snapshots.has(action.snapshotId)) image.snapshots.set(action.snapshotId, { sizeBytes: image.sizeBytes, name: action.name, internal: action.internal });
      return E.right({ sizeBytes: image.snapshots.get(action.snapshotId)!.sizeBytes as never, exists: true });
    case 'rollBack':
      image.sizeBytes = image.snapshots.get(action.snapshotId)?.sizeBytes ?? image.sizeBytes;
      return answer(image);
    case 'ensureMigrated':
    case 'ensureMigrationAborted':
      return answer(image);
    case 'ensureMigrationCommitted':
      image.placement = action.to.pool;
      return answer(image);
    case 'ensureTrashed':
      image.trashed = true;
      return answer(image);
    case 'ensureRestored':
      image.trashed = false;
      return answer(image);
    case 'disown':
      image.installationId = '';
      return answer(image);
    case 'observe':
      if (image.installationId === '') return E.right({ exists: true, owned: false });
      return E.right({ sizeBytes: image.sizeBytes as never, hasParent: image.parent !== null, exists: true, owned: true, trashed: image.trashed, qos: image.qos, performancePriority: image.performancePriority });
  }
};

const seen = (id: string, image: FakeImage): SeenVolume => ({
  backendName: id,
  state: image.trashed ? 'trashed' : 'whole',
  sizeBytes: image.sizeBytes,
  installationId: image.installationId,
  identity: image.identity,
  hasParent: image.parent !== null,
  snapshots: [...image.snapshots].map(([snapshotId, s]): SeenSnapshot => ({ backendName: snapshotId, snapshotId: snapshotId as never, sizeBytes: s.sizeBytes, name: s.name, internal: s.internal, kind: 'user' })),
  watchers: [],
  qos: image.qos,
  performancePriority: image.performancePriority,
});

export const fakeBackend = (images: Map<string, FakeImage> = new Map(), capabilities: Partial<Capabilities> = {}): FakeBackend => {
  const calls: BackendAction[] = [];
  const marks = new Map<string, number>();
  const now = <A>(answer: () => E.Either<PortError, A>) => () => Promise.resolve(answer());
  const fake: FakeBackend = {
    images,
    calls,
    marks,
    before: () => undefined,
    stats: () => E.right({ totalBytes: 100 * TIB, usedBytes: 0, freeBytes: 100 * TIB, atMs: 0 }),
    backend: {
      kind: 'fake',
      capabilities: { ...fakeCapabilities, ...capabilities },
      identify: (placement) => now(() => E.right({ cluster: 'fake', pool: placement.pool })),
      stats: () => now(() => fake.stats()),
      perform: (action, context) => async () => {
        calls.push(action);
        const error = await fake.before(action, context);
        return error === undefined ? perform(images, action, context) : E.left(error);
      },
      see: (volume) => now(() => E.right(images.has(volume.volumeId) ? seen(volume.volumeId, images.get(volume.volumeId)!) : undefined)),
      list: (placement) => now(() => E.right([...images].filter(([, image]) => image.placement === placement.pool).map(([id, image]) => seen(id, image)))),
      plan: (action) => [{ summary: action.do, argv: ['fake', action.do] }],
      readMark: (placement) => now(() => E.right(marks.get(placement.pool) ?? -1)),
      writeMark: (placement, position) => now(() => E.right(void marks.set(placement.pool, position))),
      close: () => Promise.resolve(),
    },
  };
  return fake;
};
