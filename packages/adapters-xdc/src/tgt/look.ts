/** What stands on a daemon just now. */
import * as E from 'fp-ts/lib/Either.js';
import { type Portal, retryable, type SeenTarget } from '@blockledger/domain';
import { showAccounts, showPortals, showTargets } from './commands.ts';
import { parseAccounts, parsePortals, parseTargets, type ShownTarget } from './parse.ts';
import { pause, say, type Eventually, type Said, type Session } from './session.ts';

/** Everything of one daemon. */
export interface Standing {
  readonly targets: readonly ShownTarget[];
  readonly portals: readonly Portal[];
  /** Names of accounts, and notes among them: see accounts.ts. */
  readonly accounts: readonly string[];
}

const unreadable = (what: string): E.Either<ReturnType<typeof retryable>, never> => E.left(retryable('CannotRead', `what tgtadm shows cannot be read: ${what}`));

/** One target, and what stands around it. */
export interface There {
  readonly standing: Standing;
  readonly target: ShownTarget;
}

const ASK_AGAIN_MS = 50;
const MOST_ASKED = 40;

/** Whoever is just dying still takes questions for a moment, and answers none. To look changes nothing, so it is asked until it is gone. */
async function portalsOf(session: Session): Eventually<Said> {
  for (let asked = 1; asked < MOST_ASKED; asked += 1) {
    const said = await say(session, showPortals, ['noDaemon', 'daemonDied']);
    if (E.isLeft(said) || said.right.fault !== 'daemonDied' || session.context.signal.aborted) return said;
    await pause(session, ASK_AGAIN_MS);
  }
  return say(session, showPortals, ['noDaemon']);
}

/** Looks at a daemon; undefined when none runs. */
export async function look(session: Session): Eventually<Standing | undefined> {
  const portals = await portalsOf(session);
  if (E.isLeft(portals)) return portals;
  if (portals.right.fault === 'noDaemon') return E.right(undefined);
  const targets = await say(session, showTargets);
  if (E.isLeft(targets)) return targets;
  const accounts = await say(session, showAccounts);
  if (E.isLeft(accounts)) return accounts;
  const [seenPortals, seenTargets] = [parsePortals(portals.right.stdout), parseTargets(targets.right.stdout)];
  if (E.isLeft(seenPortals)) return unreadable(seenPortals.left);
  if (E.isLeft(seenTargets)) return unreadable(seenTargets.left);
  return E.right({ portals: seenPortals.right, targets: seenTargets.right, accounts: parseAccounts(accounts.right.stdout) });
}

/** The target of a name, as it is shown. */
export const targetIn = (standing: Standing, iqn: string): ShownTarget | undefined => standing.targets.find((target) => target.iqn === iqn);

/** A target in the words of the port. What is not exact is left out: sizes are shown in millions of bytes. */
export const seenTarget = ({ portals }: Standing, { iqn, ready, sessions, luns, accounts, outgoing, acl }: ShownTarget): SeenTarget => {
  const offered = luns.filter(({ lun }) => lun > 0);
  return {
    iqn,
    online: ready,
    portals,
    chapUsers: accounts,
    luns: offered.map(({ lun, path, serial, online }) => ({ lun: lun - 1, source: path, serial, online })),
    clients: acl.map((code) => ({ code, luns: offered.map(({ lun }) => lun - 1), ...(outgoing === undefined ? {} : { mutualUser: outgoing }) })),
    sessions: sessions.map(({ initiator, connections }) => {
      const address = connections[0]?.address;
      return { initiator, ...(address === undefined || address === '' ? {} : { address }) };
    }),
  };
};
