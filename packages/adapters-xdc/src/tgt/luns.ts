/** LUNs of a target: made, opened anew when they have grown, and taken away. */
import { retryable } from '@blockledger/domain';
import * as E from 'fp-ts/lib/Either.js';
import { addLun, endConnection, openLun, removeLun, reopenLun, setTarget, showTraffic, stopLun, tgtLun } from './commands.ts';
import { busy } from './errors.ts';
import { parseTraffic, shownMegabytes, type ShownLun, type ShownTarget } from './parse.ts';
import { pause, say, sayAll, type Eventually, type Session } from './session.ts';
import { imageTrouble } from './image.ts';
import type { WantedLun } from './wanted.ts';

const POLL_MS = 50;
/** What is said of a connection that has just ended by itself. */
const GONE_BY_ITSELF = ['invalid', 'other', 'noTarget'] as const;

/** How a LUN stands to what is wanted. `other` has other bytes, or was cut off while it was made; `stale` has the right ones, not as wanted. */
export type LunState = 'right' | 'missing' | 'stale' | 'other';

/** Compares. */
export const lunState = (shown: ShownLun | undefined, { backing, identity, sizeBytes }: WantedLun): LunState => {
  if (shown === undefined) return 'missing';
  if (shown.path !== backing.path || shown.type !== backing.type) return 'other';
  const isAsWanted = shown.serial === identity.serial && shown.scsiId === identity.serial && shown.online && !shown.removable && shown.megabytes === shownMegabytes(sizeBytes);
  return isAsWanted ? 'right' : 'stale';
};

export const shownLun = ({ luns }: ShownTarget, lun: number): ShownLun | undefined => luns.find((one) => one.lun === tgtLun(lun));

/** No IO is under way at the LUN, or the time is over. */
async function drained(session: Session, tid: number, lun: number): Eventually<boolean> {
  for (let waited = 0; ; waited += POLL_MS) {
    const traffic = await say(session, showTraffic(tid));
    if (E.isLeft(traffic)) return traffic;
    if ((parseTraffic(traffic.right.stdout).get(tgtLun(lun)) ?? 0) <= 0) return E.right(true);
    if (waited >= session.settings.drainMs || session.context.signal.aborted) return E.right(false);
    await pause(session, POLL_MS);
  }
}

/** Opening fails where the bytes cannot be had, which may pass. */
async function opened(session: Session, command: ReturnType<typeof openLun>): Eventually<void> {
  const said = await say(session, command, ['invalid', 'other']);
  if (E.isLeft(said)) return said;
  return said.right.fault === undefined ? E.right(undefined) : E.left(retryable('CannotOpen', `${command.summary}, on host ${session.daemon.host.name}: it cannot be opened there`));
}

async function make(session: Session, tid: number, wanted: WantedLun): Eventually<void> {
  const said = await say(session, addLun(tid, wanted.lun, wanted.backing), ['invalid', 'other']);
  if (E.isLeft(said)) return said;
  if (said.right.fault !== undefined) return E.left(retryable('CannotOpen', `tgtd on host ${session.daemon.host.name} cannot open LUNs of type ${wanted.backing.type}`));
  return opened(session, openLun(tid, wanted.lun, wanted.identity, wanted.backing));
}

/**
 * A target that was offline serves again. What initiators said meanwhile tgtd has dropped without an answer: it takes a lost connection to make
 * them say it again, which all of them do by themselves.
 */
async function serveAgain(session: Session, { tid, sessions }: ShownTarget): Eventually<void> {
  const started = await say(session, setTarget(tid, 'state', 'ready'));
  if (E.isLeft(started)) return started;
  const connections = sessions.flatMap(({ id, connections: own }) => own.map((connection) => endConnection(tid, id, connection.id)));
  return sayAll(session, connections, GONE_BY_ITSELF);
}

/**
 * The size is read when the bytes are opened. While they are opened anew the target is offline: else initiators would be told that the LUN is
 * not ready, which they take for an error. IO that is under way ends first; what comes in between is said again by a new connection.
 */
async function reopen(session: Session, target: ShownTarget, wanted: WantedLun): Eventually<void> {
  const { tid, sessions } = target;
  const again = reopenLun(tid, wanted.lun, wanted.identity, wanted.backing);
  if (sessions.length === 0) return opened(session, again);
  const stopped = await say(session, setTarget(tid, 'state', 'offline'));
  if (E.isLeft(stopped)) return stopped;
  const isDrained = await drained(session, tid, wanted.lun);
  const done = E.isRight(isDrained) && isDrained.right ? await opened(session, again) : E.left(E.isLeft(isDrained) ? isDrained.left : busy(`LUN ${wanted.lun} still has IO under way on host ${session.daemon.host.name}`));
  const started = await serveAgain(session, target);
  return E.isLeft(done) ? done : started;
}

/** The LUN is gone, and nobody's IO to it is under way any more: tgtd removes none that is in use. */
export async function takeLunAway(session: Session, tid: number, lun: number): Eventually<void> {
  const stopped = await say(session, stopLun(tid, lun), ['noLun', 'invalid', 'other']);
  if (E.isLeft(stopped)) return stopped;
  for (let waited = 0; ; waited += POLL_MS) {
    const said = await say(session, removeLun(tid, lun), ['noLun', 'lunActive']);
    if (E.isLeft(said)) return said;
    if (said.right.fault !== 'lunActive') return E.right(undefined);
    if (waited >= session.settings.drainMs) return E.left(busy(`LUN ${lun} still has IO under way on host ${session.daemon.host.name}`));
    await pause(session, POLL_MS);
  }
}

/** A LUN that is wanted is there just as wanted. */
export async function ensureLun(session: Session, target: ShownTarget, wanted: WantedLun): Eventually<void> {
  const state = lunState(shownLun(target, wanted.lun), wanted);
  if (state === 'right') return E.right(undefined);
  const trouble = await imageTrouble(session, wanted.backing);
  if (trouble !== undefined) return E.left(trouble);
  if (state === 'missing') return make(session, target.tid, wanted);
  if (state === 'stale') return reopen(session, target, wanted);
  const gone = await takeLunAway(session, target.tid, wanted.lun);
  return E.isLeft(gone) ? gone : make(session, target.tid, wanted);
}

/** A target that was left offline serves again. */
export const serve = (session: Session, target: ShownTarget): Eventually<void> => (target.ready ? sayAll(session, []) : serveAgain(session, target));
