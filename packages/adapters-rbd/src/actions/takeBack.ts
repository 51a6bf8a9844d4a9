/** Brings the source of a migration back, whatever state an `rbd` that died has left it in (decision 17). */
import * as E from 'fp-ts/lib/Either.js';
import type { PortError } from '@blockledger/domain';
import { EXIT, mismatch, portErrorOf } from '../errors.ts';
import type { Metas } from '../marks.ts';
import type { Image } from '../names.ts';
import { hastyStatus, imageOf, nobodyHolds, readInfo, readMetas } from '../observe.ts';
import { SnapshotRows, UsageRows } from '../parse.ts';
import { ask, both, say, sayLong, type Eventually, type Session } from '../session.ts';
import type { Move } from './migrate.ts';
import { restoreMigrated } from './trashRecord.ts';

/**
 * `rbd migration abort` of the source, which is in the trash under `id`. It says EINVAL where the destination has not got to know of the
 * migration, and EBUSY where that one's dead maker still watches it: then that image, which holds nothing, is removed first. It says EINVAL again
 * where the source itself has not, and ENOENT where the trash was told already that a user put it there: then it comes out of it.
 */
export async function takeBack(session: Session, { words, from, to }: Move, id: string): Eventually<void> {
  const [source, destination] = [imageOf(from), imageOf(to)];
  const command = words.abort(source);
  const abort = () => sayLong(session, command, source, [EXIT.invalid, EXIT.busy, EXIT.notFound]);
  const first = await abort();
  if (E.isLeft(first)) return first;
  // A destination that was half removed before is taken for none, and left.
  if (first.right.exitCode === EXIT.ok) return removeUnfinished(session, destination);
  const status = await hastyStatus(session, destination);
  if (E.isLeft(status)) return status;
  // It does know, and a dead client still has one of the two open.
  if (status.right?.migration !== undefined) return E.left(portErrorOf(command.summary, first.right, session.settings));
  const removed = await removeUnfinished(session, destination, { pool: source.pool, id });
  if (E.isLeft(removed)) return removed;
  const second = await abort();
  if (E.isLeft(second)) return second;
  if (second.right.exitCode === EXIT.ok) return E.right(undefined);
  if (second.right.exitCode === EXIT.invalid || second.right.exitCode === EXIT.notFound) return restoreMigrated(session, words, { pool: source.pool, id });
  return E.left(portErrorOf(command.summary, second.right, session.settings));
}

const inTheWay = (why: string): PortError => mismatch('ForeignVolume', `The image at the destination ${why}.`);

/** An image in the trash, which `rbd` cannot name. */
interface Trashed {
  readonly pool: string;
  readonly id: string;
}

/** Whether marks are nothing but copies of what an image in the trash has. */
async function areCopies(session: Session, metas: Metas, { pool, id }: Trashed): Eventually<boolean> {
  for (const [key, value] of Object.entries(metas)) {
    const original = await say(session, session.dialect.trashedMeta(pool, id, key), [EXIT.usage]);
    if (E.isLeft(original)) return original;
    if (original.right.exitCode !== EXIT.ok || original.right.stdout !== value) return E.right(false);
  }
  return E.right(true);
}

/**
 * Removes an image that `prepare` was making when it died: it holds no data, is open nowhere and is part of no migration. It may have snapshots
 * already, and where its source is in the trash, copies of that one's marks. Anything else there is not touched. No image is no error.
 */
export async function removeUnfinished(session: Session, image: Image, source?: Trashed): Eventually<void> {
  const { dialect } = session;
  const info = await readInfo(session, image);
  if (E.isLeft(info)) return info;
  if (info.right !== undefined) {
    const [status, free] = [await hastyStatus(session, image), await nobodyHolds(session, image)];
    if (E.isLeft(status)) return status;
    if (E.isLeft(free)) return free;
    if (status.right?.migration !== undefined) return E.left(inTheWay('is part of a migration'));
    const looked = await both(readMetas(session, image), ask(session, dialect.usage(image), UsageRows));
    if (E.isLeft(looked)) return looked;
    const [metas, usage] = [looked.right[0] ?? {}, looked.right[1]?.images ?? []];
    const copies = source === undefined ? E.right(Object.keys(metas).length === 0) : await areCopies(session, metas, source);
    if (E.isLeft(copies)) return copies;
    if (!copies.right) return E.left(inTheWay('has marks'));
    // What its snapshots hold counts as well.
    if (usage.some(({ used_size: used }) => used > 0)) return E.left(inTheWay('holds data'));
    const cleared = await removeSnapshots(session, image);
    if (E.isLeft(cleared)) return cleared;
  }
  // One that `rbd info` does not find may be half made: `rbd rm` knows it still.
  return E.map(() => undefined)(await sayLong(session, dialect.remove(image), image, [EXIT.notFound]));
}

/** Removes an image with its snapshots: what a commit left of its source. */
export async function removeWhole(session: Session, image: Image): Eventually<void> {
  const cleared = await removeSnapshots(session, image);
  if (E.isLeft(cleared)) return cleared;
  return E.map(() => undefined)(await sayLong(session, session.dialect.remove(image), image, [EXIT.notFound]));
}

async function removeSnapshots(session: Session, image: Image): Eventually<void> {
  const { dialect } = session;
  const rows = await ask(session, dialect.snapshotList(image), SnapshotRows);
  if (E.isLeft(rows)) return rows;
  for (const { name, protected: isProtected } of rows.right ?? []) {
    const at = { image, snapshot: name };
    const open = isProtected === 'true' ? await say(session, dialect.snapshotUnprotect(at), [EXIT.invalid]) : E.right(undefined);
    if (E.isLeft(open)) return open;
    const removed = await say(session, dialect.snapshotRemove(at), [EXIT.notFound]);
    if (E.isLeft(removed)) return removed;
  }
  return E.right(undefined);
}
