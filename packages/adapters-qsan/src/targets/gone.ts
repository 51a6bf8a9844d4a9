/** Takes a target away with all that belongs to it: first who is let in, then its LUNs, then itself. */
import * as E from 'fp-ts/lib/Either.js';
import { retryable, type TargetResult } from '@blockledger/domain';
import { STATUS } from '../errors.ts';
import { type ArrayRequest, deleteTarget, keepOut, unmapVolume } from '../requests.ts';
import { type Eventually, say, type Session } from '../session.ts';
import { look, type Sought, type Standing } from './look.ts';

/** Sends requests that take something away, one after the other. What is gone already is no error. */
export async function removeAll(session: Session, requests: readonly ArrayRequest[]): Eventually<void> {
  for (const request of requests) {
    const said = await say(session, request, [STATUS.notFound]);
    if (E.isLeft(said)) return said;
  }
  return E.right(undefined);
}

/** Everything of a target, in the order in which it goes. */
export const goneRequests = ({ id, acl, luns }: Standing): readonly ArrayRequest[] => [
  ...acl.map((initiator) => keepOut(id, initiator)),
  ...luns.map(({ lun_id: lun }) => unmapVolume(id, lun)),
  deleteTarget(id),
];

/** Takes away what was seen. */
export async function takeAway(session: Session, standing: Standing): Eventually<void> {
  const removed = await removeAll(session, goneRequests(standing));
  if (E.isRight(removed)) session.proofs.rememberAccount(standing.id, undefined);
  return removed;
}

/** The target is gone; one that was not there is gone already. A second look has to agree (I-7). */
export async function ensureTargetGone(session: Session, sought: Sought): Eventually<TargetResult> {
  const found = await look(session, sought);
  if (E.isLeft(found)) return found;
  const removed = found.right === undefined ? E.right(undefined) : await takeAway(session, found.right);
  if (E.isLeft(removed)) return removed;
  const after = found.right === undefined ? found : await look(session, sought);
  if (E.isLeft(after)) return after;
  const waitMs = session.proofs.unsettledMs(sought.name);
  if (after.right !== undefined) return E.left(retryable('NotAsWanted', `${sought.name} is still there`));
  if (waitMs > 0 && found.right === undefined) {
    return E.left({ _tag: 'Retryable', code: 'NotConclusive', message: `${sought.name} may still be made by a request whose answer was lost`, outcomeUnknown: false, retryAfterMs: waitMs });
  }
  return E.right({ exists: false });
}
