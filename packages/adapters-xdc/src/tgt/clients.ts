/** Who is let in, and who is still in. */
import * as E from 'fp-ts/lib/Either.js';
import { canonicalAddress } from './addresses.ts';
import { endConnection } from './commands.ts';
import { busy } from './errors.ts';
import { look, targetIn } from './look.ts';
import type { ShownSession } from './parse.ts';
import { pause, sayAll, type Eventually, type Session } from './session.ts';

const POLL_MS = 50;

/** Codes of `these` that are not among `those`. Addresses of IPv6 can be written in many ways. */
export const codesWithout = (these: readonly string[], those: readonly string[]): readonly string[] => {
  const known = new Set(those.map(canonicalAddress));
  return these.filter((code) => !known.has(canonicalAddress(code)));
};

/** Whether a session is of one of these clients: by its name, or by the address that it came from. */
export const isOf = (codes: readonly string[]) => ({ initiator, connections }: ShownSession): boolean =>
  codesWithout([initiator, ...connections.map(({ address }) => address)], codes).length < 1 + connections.length;

/** Whether a session is of nobody who is let in: tgt cuts nobody off who is kept out, so he would go on reading and writing for ever. */
export const isOut = (codes: readonly string[]) => (one: ShownSession): boolean => one.connections.length > 0 && !isOf(codes)(one);

/** Ends sessions, and sees them gone. A connection may have just ended by itself. */
export async function endSessions(session: Session, iqn: string, isConcerned: (one: ShownSession) => boolean): Eventually<void> {
  for (let waited = 0; ; waited += POLL_MS) {
    const standing = await look(session);
    if (E.isLeft(standing)) return standing;
    const target = standing.right === undefined ? undefined : targetIn(standing.right, iqn);
    const left = target?.sessions.filter(isConcerned) ?? [];
    if (target === undefined || left.length === 0) return E.right(undefined);
    if (waited >= session.settings.drainMs) return E.left(busy(`sessions with ${iqn} on host ${session.daemon.host.name} do not end`, left.map(({ initiator }) => initiator)));
    const commands = left.flatMap(({ id, connections }) => connections.map((connection) => endConnection(target.tid, id, connection.id)));
    const ended = await sayAll(session, commands, ['invalid', 'other', 'noTarget']);
    if (E.isLeft(ended)) return ended;
    await pause(session, POLL_MS);
  }
}
