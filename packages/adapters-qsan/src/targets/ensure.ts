/** Makes a target just as wanted: the account before the clients that need it, what is missing before what is too much. */
import * as E from 'fp-ts/lib/Either.js';
import { retryable, reveal, permanent, type PortError, type Secret, type TargetCallContext, type TargetResult } from '@blockledger/domain';
import { ChapAnswer, type LunAnswer, MadeTarget, MappedLun, MappingAnswer } from '../codecs.ts';
import { busy, STATUS } from '../errors.ts';
import { createTarget, keepOut, letIn, mapVolume, setChap, showMapping, unmapVolume } from '../requests.ts';
import { ask, type Eventually, isUnknown, parse, say, type Session } from '../session.ts';
import { removeAll, takeAway } from './gone.ts';
import { look, portalsOf, type Standing } from './look.ts';
import { sameName, type Wanted } from './wanted.ts';

/** A session that can open secrets. */
export interface TargetSession extends Session {
  readonly context: TargetCallContext;
}

/** The account with its secret, opened before anything is sent. */
interface Account {
  readonly user: string;
  readonly password: Secret;
}

async function accountOf({ context }: TargetSession, { chap }: Wanted): Eventually<Account | undefined> {
  if (chap === undefined) return E.right(undefined);
  const opened: E.Either<PortError, Secret> = await context.secret(chap.secretRef)();
  if (E.isLeft(opened)) return opened;
  if (reveal(opened.right) === '') return E.left(permanent('BadSecret', 'the secret of the account is empty'));
  return E.right({ user: chap.user, password: opened.right });
}

/** The target, made anew. One whose answer was lost is found by its name. */
async function made(session: Session, wanted: Wanted): Eventually<Standing> {
  const { name, iqn } = wanted;
  const request = createTarget(name, iqn);
  const said = await say(session, request, [STATUS.conflict]);
  if (E.isLeft(said)) {
    if (!isUnknown(said.left)) return said;
    session.proofs.unsettle(name);
    if (said.left._tag === 'Cancelled') return said;
  }
  const row = E.isRight(said) && said.right.status !== STATUS.conflict ? parse(MadeTarget, request, said.right) : undefined;
  const found = await look(session, wanted);
  if (E.isLeft(found)) return E.isLeft(said) ? said : found;
  if (found.right === undefined) return E.isLeft(said) ? said : E.left(retryable('NotConclusive', `${name} was made, and the array does not show it yet`, true));
  session.proofs.settle(name);
  // Only of a target whose making we saw is it known that it asks for no account.
  if (row !== undefined && E.isRight(row) && row.right.id === found.right.id) session.proofs.rememberAccount(found.right.id, false);
  return E.right(found.right);
}

const staying = ({ acl }: Standing, { initiators }: Wanted): readonly string[] => acl.filter((code) => initiators.some((wanted) => sameName(wanted, code)));
const leaving = ({ acl }: Standing, { initiators }: Wanted): readonly string[] => acl.filter((code) => !initiators.some((wanted) => sameName(wanted, code)));

/**
 * A target that asks for no account. The array cannot be told to ask no more, so one that may ask is made anew, which nobody notices while
 * nobody is let in. While somebody stays let in, one that is known to ask is left alone, and one of which nothing is known (it was made before
 * this process began) is taken to be as it was: at worst it asks for an account that nobody has any more.
 */
async function withoutAccount(session: Session, standing: Standing, wanted: Wanted): Eventually<Standing> {
  const asks = session.proofs.asksForAccount(standing.id);
  if (asks === false) return E.right(standing);
  const stay = staying(standing, wanted);
  if (stay.length > 0) return asks === true ? E.left(busy(`${wanted.name} asks for an account as long as it lets somebody in; it lets in ${stay.join(', ')}`, stay)) : E.right(standing);
  const gone = await takeAway(session, standing);
  return E.isLeft(gone) ? gone : made(session, wanted);
}

/** Everybody who comes in has to present the account. It is set each time: the array does not show what it is (S1-24). */
async function withAccount(session: Session, standing: Standing, { user, password }: Account): Eventually<Standing> {
  const request = setChap(standing.id, user, password);
  // Whatever becomes of the answer.
  session.proofs.rememberAccount(standing.id, true);
  const said = await say(session, request);
  const read = E.isLeft(said) ? said : parse(ChapAnswer, request, said.right);
  return E.map(() => standing)(read);
}

/** Why the array does not map: it has the mapping already, or another target has the volume (S1-22). */
async function mappedAlready(session: Session, { id }: Standing, lun: NonNullable<Wanted['lun']>): Eventually<void> {
  const mapping = await ask(session, showMapping(lun.volume), MappingAnswer);
  if (E.isLeft(mapping)) return mapping;
  const { target_id: target, target_iqn: iqn, lun_id: number } = mapping.right ?? { target_id: '', target_iqn: '', lun_id: -1 };
  if (target === id && number === lun.lun) return E.right(undefined);
  return E.left(mapping.right === undefined ? busy(`LUN ${lun.lun} is taken`) : busy(`${lun.volume} is mapped by ${iqn} as LUN ${number}`, [iqn]));
}

/** The volume under its number. What is in its way goes first: a volume has one mapping at most, and so has a number. */
async function withLun(session: Session, standing: Standing, { lun }: Wanted): Eventually<void> {
  if (lun === undefined) return E.right(undefined);
  const isRight = (one: LunAnswer): boolean => one.lun_id === lun.lun && one.volume === lun.volume;
  if (standing.luns.some(isRight)) return E.right(undefined);
  const inTheWay = standing.luns.filter((one) => one.lun_id === lun.lun || one.volume === lun.volume);
  const cleared = await removeAll(session, inTheWay.map(({ lun_id: number }) => unmapVolume(standing.id, number)));
  if (E.isLeft(cleared)) return cleared;
  const request = mapVolume(standing.id, lun.volume, lun.lun);
  const said = await say(session, request, [STATUS.conflict]);
  if (E.isLeft(said)) {
    const hasIt = isUnknown(said.left) && said.left._tag !== 'Cancelled' && E.isRight(await mappedAlready(session, standing, lun));
    return hasIt ? E.right(undefined) : said;
  }
  if (said.right.status === STATUS.conflict) return mappedAlready(session, standing, lun);
  const read = parse(MappedLun, request, said.right);
  if (E.isLeft(read)) return read;
  return read.right.lun_id === lun.lun ? E.right(undefined) : E.left(retryable('NotAsWanted', `${lun.volume} was mapped as LUN ${read.right.lun_id}, not ${lun.lun}`));
}

/** Lets in who is missing. An initiator that is in the list already is no error. */
async function withInitiators(session: Session, { id, acl }: Standing, { initiators }: Wanted): Eventually<void> {
  for (const initiator of initiators.filter((code) => !acl.some((there) => sameName(there, code)))) {
    const said = await say(session, letIn(id, initiator), [STATUS.conflict]);
    if (E.isLeft(said)) return said;
  }
  return E.right(undefined);
}

/** What is not as wanted; undefined when everything that the array shows is. */
const difference = ({ luns, acl }: Standing, wanted: Wanted): string | undefined => {
  const { lun, initiators } = wanted;
  if (luns.length !== (lun === undefined ? 0 : 1)) return 'a LUN is missing or too much';
  const [shown] = luns;
  if (lun !== undefined && shown !== undefined) {
    if (shown.lun_id !== lun.lun || shown.volume !== lun.volume) return 'a LUN is another one';
    if (shown.size !== undefined && shown.size < lun.sizeBytes) return `LUN ${lun.lun} is smaller than its volume`;
  }
  return acl.length === initiators.length && staying({ acl } as Standing, wanted).length === acl.length ? undefined : 'an initiator is missing or too much';
};

/** What is too much: initiators first, then LUNs. */
const removals = (standing: Standing, wanted: Wanted) => [
  ...leaving(standing, wanted).map((initiator) => keepOut(standing.id, initiator)),
  ...standing.luns.filter(({ lun_id: lun, volume }) => lun !== wanted.lun?.lun || volume !== wanted.lun.volume).map(({ lun_id: lun }) => unmapVolume(standing.id, lun)),
];

/** Makes the target as wanted. */
export async function ensureTarget(session: TargetSession, wanted: Wanted): Eventually<TargetResult> {
  const account = await accountOf(session, wanted);
  if (E.isLeft(account)) return account;
  const portals = await portalsOf(session);
  if (E.isLeft(portals)) return portals;
  const found = await look(session, wanted);
  if (E.isLeft(found)) return found;
  const begun = found.right === undefined ? await made(session, wanted) : E.right(found.right);
  if (E.isLeft(begun)) return begun;
  const guarded = account.right === undefined ? await withoutAccount(session, begun.right, wanted) : await withAccount(session, begun.right, account.right);
  if (E.isLeft(guarded)) return guarded;
  const mapped = await withLun(session, guarded.right, wanted);
  if (E.isLeft(mapped)) return mapped;
  const letInAll = await withInitiators(session, guarded.right, wanted);
  if (E.isLeft(letInAll)) return letInAll;
  const removed = await removeAll(session, removals(guarded.right, wanted));
  if (E.isLeft(removed)) return removed;
  const after = await look(session, wanted);
  if (E.isLeft(after)) return after;
  const wrong = after.right === undefined ? 'it is gone again' : difference(after.right, wanted);
  return wrong === undefined ? E.right({ exists: true, portals: portals.right }) : E.left(retryable('NotAsWanted', `${wanted.name}: ${wrong}`));
}
