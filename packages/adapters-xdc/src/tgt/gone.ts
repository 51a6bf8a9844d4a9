/** Takes a target away, and the daemon with its last one. */
import * as E from 'fp-ts/lib/Either.js';
import type { TargetActionOf, TargetResult } from '@blockledger/domain';
import { forgetUnused } from './accounts.ts';
import { endSessions } from './clients.ts';
import { keepOut, removeTarget } from './commands.ts';
import { stopDaemon } from './daemon.ts';
import { busy } from './errors.ts';
import { look, targetIn } from './look.ts';
import { takeLunAway } from './luns.ts';
import type { ShownTarget } from './parse.ts';
import { say, sayAll, type Eventually, type Session } from './session.ts';

const GONE: TargetResult = { exists: false, sessions: 0 };

const stillUsed = (session: Session, { iqn, sessions }: ShownTarget): E.Either<ReturnType<typeof busy>, never> =>
  E.left(busy(`target ${iqn} on host ${session.daemon.host.name} still has sessions`, sessions.map(({ initiator }) => initiator)));

async function remove(session: Session, target: ShownTarget, force: boolean): Eventually<void> {
  const { tid, iqn } = target;
  if (target.sessions.length > 0 && !force) return stillUsed(session, target);
  const out = await sayAll(session, target.acl.map((code) => keepOut(tid, code)), ['noRule']);
  if (E.isLeft(out)) return out;
  const ended = force ? await endSessions(session, iqn, () => true) : E.right(undefined);
  if (E.isLeft(ended)) return ended;
  for (const { lun } of target.luns.filter((one) => one.lun > 0)) {
    const gone = await takeLunAway(session, tid, lun - 1);
    if (E.isLeft(gone)) return gone;
  }
  const removed = await say(session, removeTarget(tid, iqn), ['noTarget', 'targetActive']);
  if (E.isLeft(removed)) return removed;
  return removed.right.fault === 'targetActive' ? stillUsed(session, target) : E.right(undefined);
}

/** The target is gone with all that belongs to it. */
export async function ensureTargetGone(session: Session, { target: { iqn }, force }: TargetActionOf<'ensureTargetGone'>): Eventually<TargetResult> {
  const before = await look(session);
  if (E.isLeft(before)) return before;
  if (before.right === undefined) return E.right(GONE);
  const target = targetIn(before.right, iqn);
  const removed = target === undefined ? E.right(undefined) : await remove(session, target, force);
  if (E.isLeft(removed)) return removed;
  const after = await look(session);
  if (E.isLeft(after)) return after;
  if (after.right === undefined) return E.right(GONE);
  const ended = after.right.targets.length === 0 ? await stopDaemon(session) : await sayAll(session, forgetUnused(after.right), ['noAccount']);
  return E.map(() => GONE)(ended);
}
