/** Brings the source of a migration back, whatever state an `rbd` that died has left it in (decision 17). */
import * as E from 'fp-ts/lib/Either.js';
import type { PortError } from '@blockledger/domain';
import { EXIT, mismatch, portErrorOf } from '../errors.ts';
import type { Image } from '../names.ts';
import { imageOf, nobodyHolds, readInfo, readMetas, readUsage } from '../observe.ts';
import { ImageStatus, SnapshotRows } from '../parse.ts';
import { ask, both, say, sayLong, type Eventually, type Session } from '../session.ts';
import type { Move } from './migrate.ts';
import { restoreMigrated } from './trashRecord.ts';

/**
 * `rbd migration abort` of the source, which is in the trash under `id`. It says EINVAL where the destination has not got to know of the
 * migration, and EBUSY where that one's dead maker still watches it: then that image, which holds nothing, is removed first. It says EINVAL again
 * where the source itself has not: then it is only in the trash, and comes out of it.
 */
export async function takeBack(session: Session, { words, from, to }: Move, id: string): Eventually<void> {
  const [source, destination] = [imageOf(from), imageOf(to)];
  const command = words.abort(source);
  const abort = () => sayLong(session, command, source, [EXIT.invalid, EXIT.busy]);
  const first = await abort();
  if (E.isLeft(first)) return first;
  // A destination that was half removed before is taken for none, and left.
  if (first.right.exitCode === EXIT.ok) return removeUnfinished(session, destination);
  const status = await ask(session, session.dialect.status(destination), ImageStatus);
  if (E.isLeft(status)) return status;
  // It does know, and a dead client still has one of the two open.
  if (status.right?.migration !== undefined) return E.left(portErrorOf(command.summary, first.right, session.settings));
  const removed = await removeUnfinished(session, destination);
  if (E.isLeft(removed)) return removed;
  const second = await abort();
  if (E.isLeft(second)) return second;
  if (second.right.exitCode === EXIT.ok) return E.right(undefined);
  if (second.right.exitCode === EXIT.invalid) return restoreMigrated(session, words, { pool: source.pool, id });
  return E.left(portErrorOf(command.summary, second.right, session.settings));
}

const inTheWay = (why: string): PortError => mismatch('ForeignVolume', `The image at the destination ${why}.`);

/**
 * Removes an image that `prepare` was making when it died: it has no identity, holds no data, is open nowhere and is part of no migration. It
 * may have snapshots already. Anything else there is not touched. No image is no error.
 */
export async function removeUnfinished(session: Session, image: Image): Eventually<void> {
  const { dialect } = session;
  const info = await readInfo(session, image);
  if (E.isLeft(info)) return info;
  if (info.right !== undefined) {
    const [status, free] = [await ask(session, dialect.status(image), ImageStatus), await nobodyHolds(session, image)];
    if (E.isLeft(status)) return status;
    if (E.isLeft(free)) return free;
    const looked = await both(readMetas(session, image), readUsage(session, image));
    if (E.isLeft(looked)) return looked;
    const [metas, used] = looked.right;
    if (status.right?.migration !== undefined) return E.left(inTheWay('is part of a migration'));
    if (Object.keys(metas ?? {}).length > 0) return E.left(inTheWay('has marks'));
    if ((used ?? 0) > 0) return E.left(inTheWay('holds data'));
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
