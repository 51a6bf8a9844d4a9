/** Looking at one target: by its name, then by its id (S1-18, S1-19). Changes nothing. */
import * as E from 'fp-ts/lib/Either.js';
import type { Portal, SeenTarget } from '@blockledger/domain';
import { LunAnswers, type LunAnswer, PortalsAnswer, TargetAnswer, TargetRows } from '../codecs.ts';
import { mismatch } from '../errors.ts';
import { findTarget, showLuns, showPortals, showTarget } from '../requests.ts';
import { ask, type Eventually, parse, say, type Session } from '../session.ts';

/** A target of the array as it stands. */
export interface Standing {
  readonly id: string;
  readonly iqn: string;
  readonly online: boolean;
  readonly acl: readonly string[];
  readonly luns: readonly LunAnswer[];
}

/** Which target is looked for. */
export interface Sought {
  readonly name: string;
  readonly iqn: string;
}

const ONLINE = 'online';
const MAPPED = 'mapped';

/** The id of a target; `undefined` where there is none of this name. Of several the first is taken, as the source has it (S1-19). */
async function idOf(session: Session, { name, iqn }: Sought): Eventually<string | undefined> {
  const rows = await ask(session, findTarget(name), TargetRows);
  if (E.isLeft(rows)) return rows;
  const row = rows.right?.find((one) => one.name === name);
  if (row === undefined) return E.right(undefined);
  return row.iqn === iqn ? E.right(row.id) : E.left(mismatch('OtherThanKnown', `${name} has another IQN than known; it was not touched`, iqn, row.iqn));
}

/** The target; `undefined` where there is none, or where it goes just now. */
export async function look(session: Session, sought: Sought): Eventually<Standing | undefined> {
  const id = await idOf(session, sought);
  if (E.isLeft(id)) return id;
  if (id.right === undefined) return E.right(undefined);
  const [target, luns] = await Promise.all([ask(session, showTarget(id.right), TargetAnswer), ask(session, showLuns(id.right), LunAnswers)]);
  if (E.isLeft(target)) return target;
  if (E.isLeft(luns)) return luns;
  if (target.right === undefined || luns.right === undefined) return E.right(undefined);
  const { acl, iqn, status } = target.right;
  return E.right({ id: id.right, iqn, online: status === undefined || status === ONLINE, acl, luns: luns.right });
}

/** Where initiators come in: the array says addresses, the port is known (S1-20). */
export async function portalsOf(session: Session): Eventually<readonly Portal[]> {
  const answer = await say(session, showPortals);
  const read = E.isLeft(answer) ? answer : parse(PortalsAnswer, showPortals, answer.right);
  const port = session.settings.portalPort;
  return E.map(({ portals }: { readonly portals: readonly string[] }) => portals.map((ip) => ({ ip, port })))(read);
}

/** A target as the audit sees it. Of accounts and sessions the array shows nothing (S1-24). */
export const seenTarget = ({ iqn, online, acl, luns }: Standing, portals: readonly Portal[]): SeenTarget => ({
  iqn,
  online,
  portals,
  luns: luns.map(({ lun_id: lun, volume, size, status }) => ({ lun, source: volume, ...(size === undefined ? {} : { sizeBytes: size }), online: status === undefined || status === MAPPED })),
  clients: acl.map((code) => ({ code })),
  sessions: [],
});
