/**
 * The shortest complete backend: a directory of sparse files. A pool is a folder, a volume is a folder in it, named after the volume's id:
 * `disk` holds the data, `volume.json` says who it is, and each snapshot is a whole copy. Clones, limits and the trash it does not have,
 * and says so.
 *
 * A volume is made beside its place and moved there, and moved away before it is removed: no crash leaves half of one.
 */
import { constants, copyFile, mkdir, open, readFile, readdir, rename, rm, stat, statfs, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as E from 'fp-ts/lib/Either.js';
import {
  VolumeIdentity,
  type BackendAction,
  type BackendResult,
  type BlockBackend,
  type Bytes,
  type CallContext,
  type Capabilities,
  type Placement,
  type PortError,
  type SeenSnapshot,
  type SeenVolume,
  type SnapshotId,
  type VolumeRef,
} from '@blockledger/domain';

const capabilities: Capabilities = {
  shrink: false,
  flatten: false,
  rollback: true,
  qos: false,
  performancePriority: false,
  clone: false,
  guardsParents: true,
  cloneAcrossPools: false,
  cloneFromGroupSnapshot: false,
  onlineExtend: true,
  migrate: false,
  liveMigration: false,
  trash: false,
  adopt: false,
  list: true,
  marks: true,
  erasurePools: false,
  generations: ['v3'],
  sizeGranularityBytes: 4096,
  maxSnapshots: 256,
};

type Answer<A> = Promise<E.Either<PortError, A>>;
const permanent = (code: string, message: string): PortError => ({ _tag: 'Permanent', code, message });
const mismatch = (code: string, message: string): PortError => ({ _tag: 'Mismatch', code, message });
const unsupported = (what: string): PortError => permanent('Unsupported', `a directory of sparse files has no ${what}`);
const missing = ({ volumeId }: VolumeRef): PortError => permanent('VolumeMissing', `there is no volume ${volumeId}`);

/** Where things are. */
const folderOf = (root: string, { pool }: Placement): string => join(root, encodeURIComponent(pool));
const pathOf = (root: string, { placement, volumeId }: VolumeRef): string => join(folderOf(root, placement), volumeId);
const disk = (path: string): string => join(path, 'disk');
const snapshotPath = (path: string, id: SnapshotId): string => join(path, `${id}.snapshot`);

interface Stored {
  readonly installationId: string;
  readonly identity: VolumeIdentity;
  readonly labels: Readonly<Record<string, { readonly name: string; readonly internal: boolean }>>;
}

/** Makes the backend over a folder. Its pools are folders in it, and must exist. */
export function sparseFiles({ root }: { readonly root: string }): BlockBackend {
  const guarded =
    <A>(context: CallContext, work: () => Answer<A>) =>
    async (): Answer<A> => {
      if (context.signal.aborted) return E.left({ _tag: 'Cancelled', code: 'Cancelled', message: 'stopped because we asked' });
      return work().catch((error: NodeJS.ErrnoException) => E.left(portError(error)));
    };
  return {
    kind: 'sparse-files',
    capabilities,
    identify: (placement, context) =>
      guarded(context, async () => {
        const { dev } = await stat(root);
        return E.right({ cluster: `device ${dev}`, pool: `folder ${(await stat(folderOf(root, placement))).ino}` });
      }),
    stats: (placement, context) =>
      guarded(context, async () => {
        const { blocks, bavail, bsize } = await statfs(folderOf(root, placement));
        const [totalBytes, freeBytes] = [blocks * bsize, bavail * bsize];
        return E.right({ totalBytes, freeBytes, usedBytes: totalBytes - freeBytes, atMs: Date.now() });
      }),
    perform: (action, context) => guarded(context, () => perform(root, action, context)),
    see: (volume, context) => guarded(context, async () => E.right(await look(pathOf(root, volume), volume.volumeId))),
    list: (placement, context) =>
      guarded(context, async () => {
        const names = (await readdir(folderOf(root, placement))).filter((name) => !name.startsWith('.'));
        const seen = await Promise.all(names.map((name) => look(join(folderOf(root, placement), name), name)));
        return E.right(seen.filter((volume) => volume !== undefined));
      }),
    plan: (action) => [{ summary: `${action.do} ${pathOf(root, action.volume)}` }],
    readMark: (placement, context) =>
      guarded(context, async () => {
        const text = await readFile(markPath(root, placement, context), 'utf8').catch(() => '-1');
        return E.right(Number(text));
      }),
    writeMark: (placement, position, context) =>
      guarded(context, async () => {
        await replace(markPath(root, placement, context), String(position));
        return E.right(undefined);
      }),
    close: () => Promise.resolve(),
  };
}

const markPath = (root: string, placement: Placement, { installationId }: CallContext): string =>
  join(folderOf(root, placement), `.mark-${encodeURIComponent(installationId)}`);

function portError({ code = 'Failed', message }: NodeJS.ErrnoException): PortError {
  if (code === 'ENOENT') return permanent('PoolMissing', message);
  return code === 'EACCES' || code === 'EROFS' ? permanent('Denied', message) : { _tag: 'Retryable', code, message, outcomeUnknown: true };
}

/** Does one action on a volume that is ours, or makes it. */
async function perform(root: string, action: BackendAction, context: CallContext): Answer<BackendResult> {
  const path = pathOf(root, action.volume);
  const stored = await read(path);
  // A volume that was let go is nobody's: there is nothing of ours on it.
  if (stored === 'nobody' && (action.do === 'disown' || action.do === 'observe')) return E.right({ exists: true, owned: false });
  if (stored !== undefined && !isOurs(stored, action.volume, context)) return E.left(mismatch('ForeignVolume', `${path} belongs to somebody else`));
  switch (action.do) {
    case 'ensureVolume':
      return make(path, action, context);
    case 'ensureVolumeGone':
      return remove(path, action.snapshots);
    case 'ensureSnapshotGone':
      if (stored !== undefined) await rm(snapshotPath(path, action.snapshotId), { force: true });
      return E.right({});
    case 'observe':
      return E.right(stored === undefined ? { exists: false } : { ...(await resultOf(path)), trashed: false, owned: true });
    case 'ensureFlattened':
      return E.left(unsupported('linked clones to flatten'));
    case 'ensureTrashed':
    case 'ensureRestored':
      return E.left(unsupported('trash'));
    case 'ensureMigrated':
    case 'ensureMigrationCommitted':
    case 'ensureMigrationAborted':
      return E.left(unsupported('migration'));
    case 'adopt':
      return E.left(unsupported('adoption'));
    case 'disown':
      if (stored !== undefined) await replace(join(path, 'volume.json'), '{}');
      return E.right({ exists: stored !== undefined });
    case 'ensureSize':
    case 'ensureSettings':
    case 'ensureSnapshot':
    case 'rollBack':
      return stored === undefined ? E.left(missing(action.volume)) : change(path, stored, action);
  }
}

type Change = Extract<BackendAction, { do: 'ensureSize' | 'ensureSettings' | 'ensureSnapshot' | 'rollBack' }>;

/** The actions on a volume that is there. */
async function change(path: string, stored: Stored, action: Change): Answer<BackendResult> {
  switch (action.do) {
    case 'ensureSize':
      return resize(path, action.fromBytes, action.toBytes);
    case 'ensureSettings':
      if (action.qos.enabled) return E.left(unsupported('limits'));
      await write(path, { ...stored, identity: { ...stored.identity, name: action.name } });
      return E.right({ exists: true });
    case 'ensureSnapshot': {
      const { snapshotId, name, internal } = action;
      await write(path, { ...stored, labels: { ...stored.labels, [snapshotId]: { name, internal } } });
      if (!(await exists(snapshotPath(path, snapshotId)))) await copyWhole(disk(path), snapshotPath(path, snapshotId));
      return E.right({ exists: true, sizeBytes: (await stat(snapshotPath(path, snapshotId))).size as Bytes });
    }
    case 'rollBack':
      if (!(await exists(snapshotPath(path, action.snapshotId)))) return E.left(permanent('SnapshotMissing', 'there is no such snapshot'));
      if (!(await exists(snapshotPath(path, action.backupSnapshotId)))) return E.left(mismatch('BackupMissing', 'there is no backup'));
      await copyWhole(snapshotPath(path, action.snapshotId), disk(path));
      return E.right(await resultOf(path));
  }
}

async function make(path: string, action: Extract<BackendAction, { do: 'ensureVolume' }>, { installationId }: CallContext): Answer<BackendResult> {
  if (action.parent !== null) return E.left(unsupported('clones'));
  if (action.qos.enabled) return E.left(unsupported('limits'));
  if (action.performancePriority) return E.left(unsupported('performance priority'));
  if (!(await exists(path))) {
    const beside = join(path, '..', `.new-${action.volume.volumeId}`);
    await mkdir(beside, { recursive: true });
    await write(beside, { installationId, identity: action.identity, labels: {} });
    await (await open(disk(beside), 'w')).close();
    await truncate(disk(beside), action.sizeBytes);
    await rename(beside, path);
  }
  const result = await resultOf(path);
  return result.sizeBytes === action.sizeBytes ? E.right(result) : E.left(mismatch('OtherThanKnown', 'the volume has another size'));
}

async function remove(path: string, known: readonly SnapshotId[]): Answer<BackendResult> {
  const away = join(path, '..', `.gone-${path.slice(-36)}`);
  const seen = await look(path, '');
  if (seen?.snapshots.some(({ snapshotId }) => snapshotId === undefined || !known.includes(snapshotId)) === true) {
    return E.left(mismatch('UnexpectedSnapshot', 'the volume has snapshots that are not known'));
  }
  if (seen !== undefined) await rename(path, away);
  await rm(away, { recursive: true, force: true });
  return E.right({ exists: false });
}

async function resize(path: string, fromBytes: number, toBytes: number): Answer<BackendResult> {
  const { size } = await stat(disk(path));
  if (size !== fromBytes && size !== toBytes) return E.left(mismatch('OtherThanKnown', `the volume has ${size} bytes`));
  if (toBytes < size) return E.left(unsupported('way to shrink a volume'));
  await truncate(disk(path), toBytes);
  return E.right(await resultOf(path));
}

/** A copy that is there whole or not at all; the file system shares the blocks where it can. */
async function copyWhole(from: string, to: string): Promise<void> {
  await copyFile(from, `${to}.new`, constants.COPYFILE_FICLONE);
  await rename(`${to}.new`, to);
}

async function replace(path: string, text: string): Promise<void> {
  await writeFile(`${path}.new`, text);
  await rename(`${path}.new`, path);
}

const write = (path: string, stored: Stored): Promise<void> => replace(join(path, 'volume.json'), JSON.stringify(stored));

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );

/** What is stored of a volume. One that was let go says nothing; a folder that says nothing readable is somebody else's. `undefined` when there is none. */
async function read(path: string): Promise<Stored | NotOurs | undefined> {
  if (!(await exists(path))) return undefined;
  const text = await readFile(join(path, 'volume.json'), 'utf8').catch(() => '');
  const json = E.tryCatch((): unknown => JSON.parse(text), String);
  if (E.isLeft(json) || typeof json.right !== 'object' || json.right === null) return 'foreign';
  if (Object.keys(json.right).length === 0) return 'nobody';
  const { installationId, identity, labels } = json.right as Partial<Stored>;
  return typeof installationId === 'string' && VolumeIdentity.is(identity) ? { installationId, identity, labels: labels ?? {} } : 'foreign';
}

type NotOurs = 'nobody' | 'foreign';

const isOurs = (stored: Stored | NotOurs, { volumeId, serial }: VolumeRef, { installationId }: CallContext): stored is Stored =>
  typeof stored !== 'string' && stored.installationId === installationId && stored.identity.volumeId === volumeId && stored.identity.serial === serial;

const resultOf = async (path: string): Promise<BackendResult> => ({ exists: true, sizeBytes: (await stat(disk(path))).size as Bytes, hasParent: false });

/** A volume as it is seen; `undefined` when there is none. */
async function look(path: string, backendName: string): Promise<SeenVolume | undefined> {
  const stored = await read(path);
  if (stored === undefined) return undefined;
  const files = (await readdir(path)).filter((name) => name.endsWith('.snapshot')).toSorted();
  const labels = typeof stored === 'string' ? {} : stored.labels;
  const snapshots = files.map(async (name): Promise<SeenSnapshot> => {
    const snapshotId = name.slice(0, -'.snapshot'.length) as SnapshotId;
    return { backendName: name, snapshotId, sizeBytes: (await stat(join(path, name))).size, kind: 'user', ...labels[snapshotId] };
  });
  const { sizeBytes = 0, hasParent = false } = await resultOf(path);
  const owner = typeof stored === 'string' ? {} : { installationId: stored.installationId, identity: stored.identity };
  return { backendName, state: 'whole', sizeBytes, hasParent, ...owner, snapshots: await Promise.all(snapshots), watchers: [] };
}
