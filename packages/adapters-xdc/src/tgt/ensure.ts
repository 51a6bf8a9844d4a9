/** Makes a target just as wanted: what is missing is added first, what is too much is taken away then. */
import * as E from 'fp-ts/lib/Either.js';
import { retryable, type TargetActionOf, type TargetResult } from '@blockledger/domain';
import { addAccounts, forgetUnused, unbindOthers } from './accounts.ts';
import { codesWithout, endSessions, isOf, isOut } from './clients.ts';
import { addTarget, keepOut, letIn, setTarget } from './commands.ts';
import { startDaemon } from './daemon.ts';
import { look, targetIn, type Standing, type There } from './look.ts';
import { ensureLun, lunState, serve, shownLun, takeLunAway } from './luns.ts';
import { noteOf } from './notes.ts';
import { addPortals, portalsWithout, removePortals } from './portals.ts';
import { sayAll, type Eventually, type Session } from './session.ts';
import type { Wanted } from './wanted.ts';

/** Connections of initiators that have died are noticed by these: asked every so many seconds, given up after so many silences. */
const NOP_INTERVAL = '5';
const NOP_COUNT = '3';

const MOST_TID = 0x0f_ff_ff_ff;

/**
 * The number of a target follows from its name. One of the names by which initiators know a disk has it in it, so it is the same on all hosts,
 * and another one for another target.
 */
export const tidOf = (iqn: string, taken: readonly number[]): number => {
  let hash = 0x81_1c_9d_c5;
  for (const letter of iqn) hash = Math.imul(hash ^ (letter.codePointAt(0) ?? 0), 0x01_00_01_93);
  let tid = (hash >>> 4) % MOST_TID || 1;
  while (taken.includes(tid)) tid = (tid % MOST_TID) + 1;
  return tid;
};

async function standingOf(session: Session): Eventually<Standing> {
  const standing = await look(session);
  if (E.isLeft(standing)) return standing;
  return standing.right === undefined ? E.left(retryable('DaemonGone', `tgtd on host ${session.daemon.host.name} has ended`)) : E.right(standing.right);
}

async function lookAgain(session: Session, iqn: string): Eventually<There> {
  const standing = await standingOf(session);
  if (E.isLeft(standing)) return standing;
  const target = targetIn(standing.right, iqn);
  return target === undefined ? E.left(retryable('TargetGone', `target ${iqn} on host ${session.daemon.host.name} is gone again`)) : E.right({ standing: standing.right, target });
}

/** The daemon runs and has the target, perhaps an empty one that lets nobody in. */
async function begin(session: Session, iqn: string): Eventually<There> {
  const found = await look(session);
  if (E.isLeft(found)) return found;
  if (found.right === undefined) {
    const started = await startDaemon(session);
    if (E.isLeft(started)) return started;
  }
  const standing = found.right ?? (await standingOf(session));
  const before = '_tag' in standing ? standing : E.right(standing);
  if (E.isLeft(before)) return before;
  const target = targetIn(before.right, iqn);
  if (target !== undefined) return E.right({ standing: before.right, target });
  const tid = tidOf(iqn, before.right.targets.map((other) => other.tid));
  const made = await sayAll(session, [addTarget(tid, iqn), setTarget(tid, 'nop_count', NOP_COUNT), setTarget(tid, 'nop_interval', NOP_INTERVAL)]);
  return E.isLeft(made) ? made : lookAgain(session, iqn);
}

/** Everything that is wanted is there: an account before the clients that need it, clients last. */
async function add(session: Session, { standing, target }: There, wanted: Wanted): Eventually<void> {
  const portals = await addPortals(session, portalsWithout(wanted.portals, standing.portals));
  if (E.isLeft(portals)) return portals;
  const accounts = await addAccounts(session, { standing, target }, wanted);
  if (E.isLeft(accounts)) return accounts;
  for (const lun of wanted.luns) {
    const there = await ensureLun(session, target, lun);
    if (E.isLeft(there)) return there;
  }
  const served = await serve(session, target);
  return E.isLeft(served) ? served : sayAll(session, codesWithout(wanted.codes, target.acl).map((code) => letIn(target.tid, code)), ['ruleExists']);
}

/** Nothing is there that is not wanted. */
async function takeAway(session: Session, { standing, target }: There, wanted: Wanted, fenced: readonly string[]): Eventually<void> {
  const { tid, iqn } = target;
  const out = await sayAll(session, codesWithout(target.acl, wanted.codes).map((code) => keepOut(tid, code)), ['noRule']);
  if (E.isLeft(out)) return out;
  const ended = fenced.length === 0 && !target.sessions.some(isOut(wanted.codes)) ? E.right(undefined) : await endSessions(session, iqn, (one) => isOf(fenced)(one) || isOut(wanted.codes)(one));
  if (E.isLeft(ended)) return ended;
  const known = new Set(wanted.luns.map(({ lun }) => lun + 1));
  for (const { lun } of target.luns.filter((one) => one.lun > 0 && !known.has(one.lun))) {
    const gone = await takeLunAway(session, tid, lun - 1);
    if (E.isLeft(gone)) return gone;
  }
  // Those who were kept out just now are not to be let in again while accounts are exchanged.
  const staying = { ...target, acl: target.acl.filter((code) => codesWithout([code], wanted.codes).length === 0) };
  const unbound = await sayAll(session, unbindOthers(staying, wanted));
  return E.isLeft(unbound) ? unbound : removePortals(session, portalsWithout(standing.portals, wanted.portals));
}

/** What is not as wanted after all that; undefined when everything is. */
const difference = ({ standing, target }: There, wanted: Wanted): string | undefined => {
  const wrong = wanted.luns.find((lun) => lunState(shownLun(target, lun.lun), lun) !== 'right');
  if (wrong !== undefined) return `LUN ${wrong.lun} is not as wanted; its size in bytes should be ${wrong.sizeBytes}`;
  if (portalsWithout(wanted.portals, standing.portals).length > 0) return 'a portal is missing';
  return codesWithout(wanted.codes, target.acl).length > 0 ? 'a client is missing' : undefined;
};

/** Everything is as wanted, nothing is too much, and every account has the secret that it is to have. */
const isJustSo = (there: There, wanted: Wanted): boolean => {
  const { standing, target } = there;
  const { chap, mutual } = wanted;
  const known = new Set([0, ...wanted.luns.map(({ lun }) => lun + 1)]);
  return (
    target.ready &&
    difference(there, wanted) === undefined &&
    portalsWithout(standing.portals, wanted.portals).length === 0 &&
    codesWithout(target.acl, wanted.codes).length === 0 &&
    !target.sessions.some(isOut(wanted.codes)) &&
    target.luns.every(({ lun }) => known.has(lun)) &&
    target.accounts.join() === (chap?.user ?? '') &&
    target.outgoing === mutual?.user &&
    [chap, mutual].every((account) => account === undefined || standing.accounts.includes(noteOf(account)))
  );
};

const answerOf = ({ standing, target }: There): TargetResult => ({ exists: true, portals: standing.portals, sessions: target.sessions.length });

/** Makes the target as wanted. */
export async function ensureTarget(session: Session, { target: { iqn }, fenced }: TargetActionOf<'ensureTarget'>, wanted: Wanted): Eventually<TargetResult> {
  const begun = await begin(session, iqn);
  if (E.isLeft(begun)) return begun;
  if (fenced.length === 0 && isJustSo(begun.right, wanted)) return E.right(answerOf(begun.right));
  const added = await add(session, begun.right, wanted);
  if (E.isLeft(added)) return added;
  const complete = await lookAgain(session, iqn);
  if (E.isLeft(complete)) return complete;
  const taken = await takeAway(session, complete.right, wanted, fenced);
  if (E.isLeft(taken)) return taken;
  const after = await lookAgain(session, iqn);
  if (E.isLeft(after)) return after;
  const forgotten = await sayAll(session, forgetUnused(after.right.standing), ['noAccount']);
  if (E.isLeft(forgotten)) return forgotten;
  const wrong = difference(after.right, wanted);
  if (wrong !== undefined) return E.left(retryable('NotAsWanted', `target ${iqn} on host ${session.daemon.host.name}: ${wrong}`));
  return E.right(answerOf(after.right));
}
