/** Makes a target just as wanted: what is missing is added first, what is too much is taken away then. */
import * as E from 'fp-ts/lib/Either.js';
import { type Portal, retryable, type TargetResult } from '@blockledger/domain';
import { isRight, keyOf, openAll, type Keys } from './accounts.ts';
import { TYPE_WORDS } from './assumed.ts';
import { clientAdditions, clientRemovals, clientsDiffer, type Order } from './clients.ts';
import { addPortal, clearChap, createAt, createTarget, removePortal, setChap, type Command } from './commands.ts';
import { atOf, look, type At } from './look.ts';
import { clearLoose, ensureLun, forgetLimits, inTheWay, lunDifference, takenAway, tooMany } from './luns.ts';
import { ensureSaved, say, sayAll, type Eventually, type Session } from './session.ts';
import type { Wanted } from './wanted.ts';

/** An access target, and what stands beside it on its host. */
interface There {
  readonly ats: readonly At[];
  readonly at: At;
}

const without = (portals: readonly Portal[], others: readonly Portal[]): readonly Portal[] =>
  portals.filter(({ ip, port }) => !others.some((other) => other.ip === ip && other.port === port));

const portalsOf = ({ targets }: At): readonly Portal[] => targets.flatMap(({ portals }) => portals);

/** An account before the portals and the clients that need it. */
const accountOrders = (at: At, { chap }: Wanted, keys: Keys): readonly Order[] => {
  const opened = chap === undefined ? undefined : keys.get(keyOf(chap));
  return opened === undefined || isRight(at.chap, opened) ? [] : [{ command: setChap(at.atid, opened.user), secret: opened.secret }];
};

async function follow(session: Session, orders: readonly Order[]): Eventually<void> {
  for (const { command, secret } of orders) {
    const said = await say(session, command, secret);
    if (E.isLeft(said)) return said;
  }
  return E.right(undefined);
}

/** The access target is there and has its target. */
async function begin(session: Session, { target }: Wanted): Eventually<There> {
  const { host, settings } = session;
  const ats = await look(session);
  if (E.isLeft(ats)) return ats;
  const found = atOf(ats.right, target, host.name);
  if (E.isLeft(found)) return found;
  const hasTarget = (found.right?.targets.length ?? 0) > 0;
  if (found.right !== undefined && hasTarget) {
    const { type } = found.right;
    if (type === TYPE_WORDS[target.type]) return E.right({ ats: ats.right, at: found.right });
    return E.left({ _tag: 'Mismatch', code: 'TypeDiffers', message: `access target ${target.number} on host ${host.name} is of another type; it was not touched`, expected: target.type, found: type });
  }
  const made = await sayAll(session, [
    ...(found.right === undefined ? [createAt(target.number, settings.nodes[host.name] ?? host.name, settings.board)] : []),
    createTarget(target.number, target.iqn, target.type),
  ]);
  return E.isLeft(made) ? made : lookAgain(session, { target });
}

async function lookAgain(session: Session, { target }: Pick<Wanted, 'target'>): Eventually<There> {
  const ats = await look(session);
  if (E.isLeft(ats)) return ats;
  const at = atOf(ats.right, target, session.host.name);
  if (E.isLeft(at)) return at;
  const isThere = at.right !== undefined && at.right.targets.length > 0;
  return isThere ? E.right({ ats: ats.right, at: at.right }) : E.left(retryable('TargetGone', `target ${target.iqn} on host ${session.host.name} is gone again`));
}

/** What keeps a wanted LUN from being added goes first: no number and no name can be had twice. */
async function clearTheWay(session: Session, there: There, wanted: Wanted): Eventually<There> {
  const obstacles = inTheWay(there.at, wanted);
  if (obstacles.length === 0) return E.right(there);
  forgetLimits(session, obstacles.map(({ name }) => name));
  const cleared = await sayAll(session, obstacles.flatMap((lun) => takenAway(there.ats, there.at, lun)));
  return E.isLeft(cleared) ? cleared : lookAgain(session, wanted);
}

/** Everything that is wanted is there, in the order of X-2: account, portals, LUNs, clients with their masks. */
async function add(session: Session, { ats, at }: There, wanted: Wanted, keys: Keys): Eventually<void> {
  const { target, portals, luns, clients } = wanted;
  const begun = await follow(session, [
    ...accountOrders(at, wanted, keys),
    ...without(portals, portalsOf(at)).map((portal) => ({ command: addPortal(target.number, target.iqn, portal) })),
  ]);
  if (E.isLeft(begun)) return begun;
  for (const lun of luns) {
    const there = await ensureLun(session, ats, at, lun);
    if (E.isLeft(there)) return there;
  }
  return follow(session, clients.flatMap((client) => clientAdditions(at, client, keys)));
}

/** What is too much, in the reverse order. */
const removals = ({ ats, at }: There, wanted: Wanted): readonly Command[] => {
  const { target, portals, chap } = wanted;
  const clients = clientRemovals(at, wanted);
  const masksGone: At = { ...at, clients: [] };
  return [
    ...clients,
    ...tooMany(at, wanted).toReversed().flatMap((lun) => takenAway(ats, masksGone, lun)),
    ...without(portalsOf(at), portals).toReversed().map((portal) => removePortal(target.number, target.iqn, portal)),
    ...(chap === undefined && at.chap !== undefined ? [clearChap(at.atid, at.chap.user)] : []),
  ];
};

/** What is not as wanted; undefined when everything is. */
const difference = (at: At, wanted: Wanted, keys: Keys): string | undefined => {
  const lun = lunDifference(at, wanted);
  if (lun !== undefined) return lun;
  const portals = portalsOf(at);
  if (without(wanted.portals, portals).length + without(portals, wanted.portals).length > 0) return 'a portal is missing or too much';
  const isAccountRight = isRight(at.chap, wanted.chap === undefined ? undefined : keys.get(keyOf(wanted.chap)));
  if (!isAccountRight) return 'the account that initiators present is another one';
  return clientsDiffer(at, wanted, keys) ? 'a client is not as wanted' : undefined;
};

/** Makes the target as wanted. */
export async function ensureTarget(session: Session, wanted: Wanted): Eventually<TargetResult> {
  const keys = await openAll(session, wanted);
  if (E.isLeft(keys)) return keys;
  const begun = await begin(session, wanted);
  const ready = E.isLeft(begun) ? begun : await clearTheWay(session, begun.right, wanted);
  if (E.isLeft(ready)) return ready;
  const added = await add(session, ready.right, wanted, keys.right);
  if (E.isLeft(added)) return added;
  const complete = await lookAgain(session, wanted);
  if (E.isLeft(complete)) return complete;
  const commands = removals(complete.right, wanted);
  forgetLimits(session, tooMany(complete.right.at, wanted).map(({ name }) => name));
  const taken = await sayAll(session, commands);
  if (E.isLeft(taken)) return taken;
  const after = commands.length === 0 ? complete : await lookAgain(session, wanted);
  const loose = E.isLeft(after) ? after : await clearLoose(session, after.right.ats, wanted.unmapped);
  if (E.isLeft(after)) return after;
  if (E.isLeft(loose)) return loose;
  const wrong = difference(after.right.at, wanted, keys.right);
  if (wrong !== undefined) return E.left(retryable('NotAsWanted', `target ${wanted.target.iqn} on host ${session.host.name}: ${wrong}`));
  const saved = await ensureSaved(session);
  return E.isLeft(saved) ? saved : E.right({ exists: true });
}
