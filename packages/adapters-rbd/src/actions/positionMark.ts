/** The position of the last confirmed destructive work, kept on the backend: a log that is behind it was restored from an old copy. */
import * as E from 'fp-ts/lib/Either.js';
import { permanent, type Placement, type ProcessResult } from '@blockledger/domain';
import { EXIT, portErrorOf } from '../errors.ts';
import { say, type Eventually, type Session } from '../session.ts';

const keyOf = ({ context }: Session): string => `installation.${context.installationId}`;

/** `rados` ends with 1 whatever failed; that there is no object or no key yet is said in words only. */
const nothingThere = ({ stdout, stderr }: ProcessResult): boolean =>
  stdout.startsWith('No such key') || /error getting omap value .*\(2\) No such file/.test(stderr);

/** Reads the mark of this installation; -1 when there is none. */
export async function readMark(session: Session, { pool }: Placement): Eventually<number> {
  const command = session.dialect.markGet(pool, keyOf(session));
  const answer = await say(session, command, [EXIT.usage]);
  if (E.isLeft(answer)) return answer;
  if (answer.right.exitCode === EXIT.usage) {
    return nothingThere(answer.right) ? E.right(-1) : E.left(portErrorOf(command.summary, answer.right, session.settings));
  }
  const text = answer.right.stdout.trim();
  return /^\d{1,16}$/.test(text) ? E.right(Number(text)) : E.left(permanent('Unreadable', `The mark in pool ${pool} is not a number: ${text.slice(0, 40)}`));
}

/** Writes the mark of this installation. */
export async function writeMark(session: Session, { pool }: Placement, position: number): Eventually<void> {
  return E.map(() => undefined)(await say(session, session.dialect.markSet(pool, keyOf(session), String(position))));
}
