/** Accounts belong to the daemon, and are bound to targets. */
import * as E from 'fp-ts/lib/Either.js';
import { type ChapAccount, permanent, type PortError, type Secret } from '@blockledger/domain';
import { addAccount, addNote, bindAccount, keepOut, letIn, removeAccount, unbindAccount, type Command } from './commands.ts';
import type { Standing, There } from './look.ts';
import { isNote, isNoteAbout, noteOf } from './notes.ts';
import type { ShownTarget } from './parse.ts';
import { say, sayAll, type Eventually, type Session } from './session.ts';
import type { Wanted } from './wanted.ts';

/** An account and its secret, opened. */
interface Opened {
  readonly account: ChapAccount;
  readonly secret: Secret;
}

async function open({ openSecret }: Session, account: ChapAccount): Eventually<Opened> {
  const secret: E.Either<PortError, Secret> = openSecret === undefined ? E.left(permanent('NoSecrets', 'no secrets can be opened here')) : await openSecret(account.secretRef)();
  return E.isLeft(secret) ? secret : E.right({ account, secret: secret.right });
}

/**
 * Unbinding an account that is not the last one bound leaves a hole in tgtd's list: the next look at the targets kills the daemon, and with it
 * every session. So accounts are unbound from the last to the first, and the ones that stay are bound again.
 */
const unbindAll = ({ tid, accounts }: ShownTarget): readonly Command[] => accounts.toReversed().map((user) => unbindAccount(tid, user, false));

/**
 * A target without any account lets everybody in who is on its list, unproved. While its accounts are exchanged, nobody is on the list: who is
 * in stays in, and a call that is cut off leaves the door shut, not open.
 */
const behindClosedDoor = ({ tid, acl }: ShownTarget, commands: readonly Command[]): readonly Command[] => [
  ...acl.map((code) => keepOut(tid, code)),
  ...commands,
  ...acl.map((code) => letIn(tid, code)),
];

/** The account with its secret, and the note that it has it. */
async function makeAccount(session: Session, { account, secret }: Opened): Eventually<void> {
  const made = await say(session, addAccount(account.user), [], secret);
  return E.isLeft(made) ? made : sayAll(session, [addNote(noteOf(account))], ['accountExists']);
}

/** Gives an account another secret: everywhere at once, since it is the same account for all targets of the daemon. */
async function exchange(session: Session, { targets, accounts }: Standing, opened: Opened): Eventually<void> {
  const { user } = opened.account;
  const holders = targets.filter((target) => target.accounts.includes(user) || target.outgoing === user);
  const away = holders.flatMap((target) => [
    ...target.acl.map((code) => keepOut(target.tid, code)),
    ...unbindAll(target),
    ...(target.outgoing === user ? [unbindAccount(target.tid, user, true)] : []),
  ]);
  const back = holders.flatMap((target) => [
    ...target.accounts.map((name) => bindAccount(target.tid, name, false)),
    ...(target.outgoing === user ? [bindAccount(target.tid, user, true)] : []),
    ...target.acl.map((code) => letIn(target.tid, code)),
  ]);
  const gone = await sayAll(session, [...accounts.filter(isNoteAbout(user)).map(removeAccount), ...away, removeAccount(user)]);
  if (E.isLeft(gone)) return gone;
  const made = await makeAccount(session, opened);
  return E.isLeft(made) ? made : sayAll(session, back);
}

/** The account is there with the secret that it is to have. */
async function provide(session: Session, standing: Standing, account: ChapAccount): Eventually<void> {
  const isThere = standing.accounts.includes(account.user);
  if (isThere && standing.accounts.includes(noteOf(account))) return E.right(undefined);
  // Without the secret nothing is touched.
  const opened = await open(session, account);
  if (E.isLeft(opened)) return opened;
  if (isThere) return exchange(session, standing, opened.right);
  const forgotten = await sayAll(session, standing.accounts.filter(isNoteAbout(account.user)).map(removeAccount), ['noAccount']);
  return E.isLeft(forgotten) ? forgotten : makeAccount(session, opened.right);
}

/** A target proves itself by one account, and other targets of the daemon may have one of the same name: then it has one secret. */
const isTaken = ({ targets, accounts }: Standing, tid: number, mutual: ChapAccount): boolean =>
  accounts.includes(mutual.user) &&
  !accounts.includes(noteOf(mutual)) &&
  targets.some((target) => target.tid !== tid && (target.outgoing === mutual.user || target.accounts.includes(mutual.user)));

/** The accounts that are wanted are there and bound. Others still are. */
export async function addAccounts(session: Session, { standing, target }: There, { chap, mutual }: Wanted): Eventually<void> {
  if (mutual !== undefined && isTaken(standing, target.tid, mutual)) {
    return E.left(permanent('AccountTaken', `another client group of this access path has the account ${mutual.user} with another secret; in tgt an account has one`));
  }
  for (const account of [chap, mutual]) {
    const provided = account === undefined ? E.right(undefined) : await provide(session, standing, account);
    if (E.isLeft(provided)) return provided;
  }
  return sayAll(session, [
    ...(chap === undefined || target.accounts.includes(chap.user) ? [] : [bindAccount(target.tid, chap.user, false)]),
    ...(mutual === undefined || target.outgoing === undefined || target.outgoing === mutual.user ? [] : [unbindAccount(target.tid, target.outgoing, true)]),
    ...(mutual === undefined || target.outgoing === mutual.user ? [] : [bindAccount(target.tid, mutual.user, true)]),
  ]);
}

/** Accounts that are not wanted are bound to the target no more. */
export const unbindOthers = (target: ShownTarget, { chap, mutual }: Wanted): readonly Command[] => {
  const { tid, accounts, outgoing } = target;
  const proof = outgoing !== undefined && mutual === undefined ? [unbindAccount(tid, outgoing, true)] : [];
  if (accounts.every((user) => user === chap?.user)) return proof;
  if (chap === undefined) return [...unbindAll(target), ...proof];
  if (accounts[0] === chap.user) return [...accounts.slice(1).toReversed().map((user) => unbindAccount(tid, user, false)), ...proof];
  return [...behindClosedDoor(target, [...unbindAll(target), bindAccount(tid, chap.user, false)]), ...proof];
};

/** Accounts and notes that no target needs any more. */
export const forgetUnused = ({ targets, accounts }: Standing): readonly Command[] => {
  const used = new Set(targets.flatMap((target) => [...target.accounts, ...(target.outgoing === undefined ? [] : [target.outgoing])]));
  const isKept = (name: string): boolean => (isNote(name) ? [...used].some((user) => isNoteAbout(user)(name)) : used.has(name));
  // Notes go first: an account without one is made anew when it is wanted again.
  return accounts.filter((name) => !isKept(name)).toSorted((a, b) => Number(isNote(b)) - Number(isNote(a))).map(removeAccount);
};
