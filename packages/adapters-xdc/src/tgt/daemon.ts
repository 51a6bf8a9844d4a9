/** The daemon of an access path on a host: started when there is none, ended when it has no target left. */
import { permanent, retryable } from '@blockledger/domain';
import * as E from 'fp-ts/lib/Either.js';
import { endDaemon, showPortals, showSystem } from './commands.ts';
import { parsePortals } from './parse.ts';
import { folderOf, pause, runThere, say, type Eventually, type Session } from './session.ts';

/**
 * A daemon that cannot use the portal that it is given does not end: it listens on port 3260 of every address instead. So it is given one that
 * is always there and always free, and the wanted ones are added when it runs. It forks and stays, however we end.
 */
const START = [
  'umask 077',
  'mkdir -p -- "$1" && cd / || exit 1',
  'exec env "TGT_IPC_SOCKET=$1/ipc" "$2" -C "$3" -p "$1/tgtd.$3.pid" --iscsi portal=127.0.0.1:0',
].join('\n');

const LIST = 'cd -- "$1" 2>/dev/null && ls; exit 0';

const READY_EVERY_MS = 50;
const READY_TRIES = 100;

/** Whether the daemon answers. */
const answers = async (session: Session): Eventually<boolean> => E.map(({ fault }: { readonly fault?: unknown }) => fault === undefined)(await say(session, showSystem, ['noDaemon', 'daemonDied']));

async function becomesReady(session: Session): Eventually<void> {
  for (let tries = 0; tries < READY_TRIES; tries += 1) {
    const ready = await answers(session);
    if (E.isLeft(ready)) return ready;
    if (ready.right) return E.right(undefined);
    await pause(session, READY_EVERY_MS);
  }
  return E.left(retryable('DaemonNotReady', `tgtd on host ${session.daemon.host.name} was started and does not answer`));
}

/** The daemon stands on the portal that it was given, and on no other. */
async function listensWhereItShould(session: Session): Eventually<void> {
  const shown = await say(session, showPortals);
  if (E.isLeft(shown)) return shown;
  const portals = parsePortals(shown.right.stdout);
  if (E.isRight(portals) && portals.right.every(({ ip }) => ip === '127.0.0.1')) return E.right(undefined);
  const ended = await say(session, endDaemon);
  if (E.isLeft(ended)) return ended;
  return E.left(permanent('NoLoopback', `tgtd on host ${session.daemon.host.name} cannot listen on 127.0.0.1: its loopback interface must have that address (ip link set lo up; ip address add 127.0.0.1/8 dev lo)`));
}

/** Starts the daemon and waits until it answers. */
export async function startDaemon(session: Session): Eventually<void> {
  const { daemon, settings } = session;
  const argv = ['sh', '-c', START, 'sh', folderOf(daemon.host, settings), settings.program, String(daemon.controlPort)];
  const started = await runThere(session, { program: 'tgtd', command: 'start' }, argv);
  if (E.isLeft(started)) return started;
  const { exitCode, stderr } = started.right;
  // Somebody else was faster: then that one will answer.
  if (exitCode !== 0 && !stderr.includes('another tgtd is using')) {
    return E.left(retryable('DaemonDoesNotStart', `tgtd does not start on host ${daemon.host.name}: ${stderr.trim().split('\n').at(-1) ?? `exit code ${exitCode}`}`));
  }
  const ready = await becomesReady(session);
  return E.isLeft(ready) ? ready : listensWhereItShould(session);
}

/** Ends the daemon, which ignores SIGTERM. It must have no target left. */
export async function stopDaemon(session: Session): Eventually<void> {
  const ended = await say(session, endDaemon, ['noDaemon']);
  return E.map(() => undefined)(ended);
}

/** The control ports of the daemons that run, or ran, on a host. */
export async function daemonsOn(session: Session): Eventually<readonly number[]> {
  const { daemon, settings } = session;
  const listed = await runThere(session, { program: 'ls', command: 'sockets' }, ['sh', '-c', LIST, 'sh', folderOf(daemon.host, settings)]);
  if (E.isLeft(listed)) return listed;
  const ports = listed.right.stdout.split('\n').flatMap((name) => /^ipc\.(\d+)$/.exec(name)?.[1] ?? []);
  return E.right(ports.map(Number).toSorted((a, b) => a - b));
}
