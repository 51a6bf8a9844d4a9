/**
 * Snapshots that stand in librbd's trash namespace: `rbd snap rm` hides a snapshot there first, under a name that nobody gave, and then
 * removes it. One with clones of format 2 stays until its last clone is gone. A client that dies in between leaves one that has no clones
 * and that no name finds: the next `snap rm` says ENOENT. See decision 9.
 */
import * as E from 'fp-ts/lib/Either.js';
import { permanent, type PortError } from '@blockledger/domain';
import { EXIT } from '../errors.ts';
import type { Command } from '../commands/dialect.ts';
import type { Image, SnapshotOf } from '../names.ts';
import { ChildRows, SnapshotRows, type SnapshotRow } from '../parse.ts';
import { ask, say, type Eventually, type Session } from '../session.ts';

/** Whether a snapshot is hidden. */
export const isHidden = ({ namespace }: SnapshotRow): boolean => namespace?.type === 'trash';

/** Asks for the clones of a snapshot. `undefined` when the image or the snapshot is not there. */
export async function clonesOf(session: Session, children: Command): Eventually<readonly string[] | undefined> {
  const rows = await ask(session, children, ChildRows);
  return E.map((found: ChildRows | undefined) => found?.map(({ pool, image }) => `${pool}/${image}`))(rows);
}

/** The snapshot has clones and stays. */
export const hasClones = (snapshot: string, clones: readonly string[]): PortError =>
  permanent('HasClones', `${snapshot} has linked clones: ${clones.slice(0, 10).join(', ')}${clones.length > 10 ? ` and ${clones.length - 10} more` : ''}.`);

/**
 * Removes the hidden snapshots among these, if none of them has clones.
 *
 * @returns `Permanent` `HasClones` with the clones' names, before anything is removed.
 */
export async function removeHidden(session: Session, image: Image, rows: readonly SnapshotRow[]): Eventually<void> {
  const hidden = rows.filter(isHidden);
  for (const { id, name, namespace } of hidden) {
    const clones = await clonesOf(session, session.dialect.hiddenChildren(image, id));
    if (E.isLeft(clones)) return clones;
    if (clones.right !== undefined && clones.right.length > 0) return E.left(hasClones(namespace?.original_name ?? name, clones.right));
  }
  for (const { id } of hidden) {
    const removed = await say(session, session.dialect.hiddenRemove(image, id), [EXIT.notFound]);
    if (E.isLeft(removed)) return removed;
  }
  return E.right(undefined);
}

/** `rbd` knows no snapshot of this name: what an earlier removal of it hid is removed too. */
export async function finishRemoval(session: Session, { image, snapshot }: SnapshotOf): Eventually<void> {
  const rows = await ask(session, session.dialect.snapshotList(image), SnapshotRows);
  if (E.isLeft(rows)) return rows;
  return removeHidden(session, image, (rows.right ?? []).filter(({ namespace }) => namespace?.original_name === snapshot));
}
