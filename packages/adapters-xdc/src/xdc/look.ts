/** What stands on a host just now. */
import * as E from 'fp-ts/lib/Either.js';
import { type PortError, retryable, type SeenTarget, type TargetRef } from '@blockledger/domain';
import { ENABLED, LUN_HEADING } from './assumed.ts';
import { showAts, showLuns } from './commands.ts';
import { parseShow, troubleText, type SealedAccount } from './parse.ts';
import { Reader } from './reader.ts';
import { say, type Eventually, type Session } from './session.ts';
import { MASKED, type ShownAt, type ShownLun, type ShownTarget } from './show.ts';

export type At = ShownAt<SealedAccount>;

/** Every access target of the host. */
export async function look(session: Session): Eventually<readonly At[]> {
  const said = await say(session, showAts);
  if (E.isLeft(said)) return said;
  const read = parseShow(said.right, session.seal);
  return E.isRight(read) ? read : E.left(retryable('CannotRead', `what xdcadm shows on host ${session.host.name} cannot be read: ${troubleText(read.left)}`));
}

/** A LUN object, bound or not. */
export type LunObject = Omit<ShownLun, 'lun'>;

/** What `-m lun -o show` is assumed to say; undefined when it says something else. */
export const parseLuns = (text: string): readonly LunObject[] | undefined => {
  const reader = new Reader(text);
  reader.heading(0, LUN_HEADING);
  const luns = reader.list(1, () => {
    const [name, serial, size, config] = reader.values(1, ['name', 'sn', 'size', 'config']) ?? [];
    const sizeBytes = reader.number(size, 'size');
    return name === undefined || serial === undefined || sizeBytes === undefined || config === undefined ? undefined : { name, serial, sizeBytes, config };
  });
  return reader.end() === undefined ? undefined : luns;
};

/** The LUN objects of the host; undefined when they are not told in a way that we know, which is no error. */
export async function lookAtLuns(session: Session): Eventually<readonly LunObject[] | undefined> {
  const said = await say(session, showLuns);
  if (E.isRight(said)) return E.right(parseLuns(said.right));
  return said.left.code === 'Refused' ? E.right(undefined) : said;
}

/**
 * The access target that a target has, or is to have. What has another target's name is not ours and not touched. One without any target is what
 * a call that was cut off has left.
 */
export const atOf = (ats: readonly At[], { number, iqn }: TargetRef, host: string): E.Either<PortError, At | undefined> => {
  const mismatch = (message: string, found: unknown): E.Either<PortError, never> => E.left({ _tag: 'Mismatch', code: 'ForeignTarget', message: `${message} on host ${host}; nothing was touched`, expected: iqn, found });
  const elsewhere = ats.find(({ atid, targets }) => atid !== number && targets.some((target) => target.iqn === iqn));
  if (elsewhere !== undefined) return mismatch(`target ${iqn} belongs to access target ${elsewhere.atid}, not ${number},`, elsewhere.atid);
  const at = ats.find(({ atid }) => atid === number);
  if (at === undefined) return E.right(undefined);
  const names = at.targets.map((target) => target.iqn);
  if (names.some((name) => name !== iqn)) return mismatch(`access target ${number} has a target that is not ours`, names);
  if (names.length === 0 && at.luns.length + at.clients.length > 0) return mismatch(`access target ${number} has LUNs or clients and no target`, []);
  return E.right(at);
};

/** A target in the words of the port, without secrets (S0-92). Sessions are not shown. */
export const seenTarget = ({ chap, luns, clients }: At, { iqn, state, portals }: ShownTarget): SeenTarget => ({
  iqn,
  online: state === ENABLED,
  portals: portals.map(({ ip, port }) => ({ ip, port })),
  chapUsers: chap === undefined ? [] : [chap.user],
  luns: luns.map(({ lun, serial, sizeBytes, config }) => ({ lun, source: config, serial, sizeBytes, online: state === ENABLED })),
  clients: clients.map(({ code, mutual, flag, mappings }) => ({
    code,
    ...(flag === MASKED ? { luns: mappings.map(({ lun }) => lun) } : {}),
    ...(mutual === undefined ? {} : { mutualUser: mutual.user }),
  })),
  sessions: [],
});
