/** Takes a target away with all that belongs to it, in the exact reverse order of its making. */
import * as E from 'fp-ts/lib/Either.js';
import { retryable, type TargetRef, type TargetResult } from '@blockledger/domain';
import { clientGone } from './clients.ts';
import { clearChap, deleteAt, deleteTarget, removePortal, type Command } from './commands.ts';
import { atOf, look, type At } from './look.ts';
import { clearLoose, forgetLimits, takenAway } from './luns.ts';
import { ensureSaved, sayAll, type Eventually, type Session } from './session.ts';

/** Everything of an access target. */
export const goneCommands = (ats: readonly At[], at: At): readonly Command[] => {
  const masksGone: At = { ...at, clients: [] };
  return [
    ...at.clients.toReversed().flatMap((client) => clientGone(at, client)),
    ...at.luns.toReversed().flatMap((lun) => takenAway(ats, masksGone, lun)),
    ...at.targets.toReversed().flatMap(({ iqn, portals }) => portals.toReversed().map((portal) => removePortal(at.atid, iqn, portal))),
    ...(at.chap === undefined ? [] : [clearChap(at.atid, at.chap.user)]),
    ...at.targets.toReversed().map(({ iqn }) => deleteTarget(at.atid, iqn)),
    deleteAt(at.atid),
  ];
};

/** The access target is there, and its target is ours. */
const ours = (ats: readonly At[], target: TargetRef, host: string): ReturnType<typeof atOf> => {
  const isElsewhere = !ats.some(({ targets }) => targets.some(({ iqn }) => iqn === target.iqn));
  const other = ats.find(({ atid }) => atid === target.number);
  // Another one has taken its number, so it is gone.
  if (isElsewhere && other !== undefined && other.targets.length > 0) return E.right(undefined);
  return atOf(ats, target, host);
};

/** What stands on the host when the access target is gone. */
async function takeAway(session: Session, ats: readonly At[], at: At, target: TargetRef): Eventually<readonly At[]> {
  forgetLimits(session, at.luns.map(({ name }) => name));
  const said = await sayAll(session, goneCommands(ats, at));
  if (E.isLeft(said)) return said;
  const after = await look(session);
  if (E.isLeft(after)) return after;
  return after.right.some(({ atid }) => atid === target.number) ? E.left(retryable('NotAsWanted', `target ${target.iqn} on host ${session.host.name} is still there`)) : after;
}

/** Takes the target away. The daemon itself may refuse as long as there is IO. */
export async function ensureTargetGone(session: Session, target: TargetRef): Eventually<TargetResult> {
  const ats = await look(session);
  if (E.isLeft(ats)) return ats;
  const at = ours(ats.right, target, session.host.name);
  if (E.isLeft(at)) return at;
  const left = at.right === undefined ? ats : await takeAway(session, ats.right, at.right, target);
  if (E.isLeft(left)) return left;
  const loose = await clearLoose(session, left.right);
  if (E.isLeft(loose)) return loose;
  const saved = await ensureSaved(session);
  return E.isLeft(saved) ? saved : E.right({ exists: false });
}
