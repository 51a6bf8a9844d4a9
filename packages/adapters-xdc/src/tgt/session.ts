/** One call of the backend on its way: which daemon it speaks to, and how it says something. */
import * as E from 'fp-ts/lib/Either.js';
import { type CallContext, MASK, permanent, type PortError, type ProcessResult, reveal, type Secret, type TargetCallContext } from '@blockledger/domain';
import type { Host } from '../hosts/host.ts';
import { withSecretLast } from '../hosts/lastWord.ts';
import type { Command } from './commands.ts';
import { faultOf, portErrorOf, unsupported, type Fault } from './errors.ts';
import type { Settings } from './options.ts';

/** Either an error or an answer, soon. Actions are written as plain async functions that return early. */
export type Eventually<A> = Promise<E.Either<PortError, A>>;

/** A daemon: on which host, and which of those there. */
export interface Daemon {
  readonly host: Host;
  readonly controlPort: number;
}

/** What an action works with. */
export interface Session {
  readonly daemon: Daemon;
  readonly settings: Settings;
  readonly context: CallContext;
  /** Opens secrets; absent where only is looked. */
  readonly openSecret?: TargetCallContext['secret'];
}

/** What `tgtadm` said, and which of the expected faults it was. */
export interface Said {
  readonly stdout: string;
  readonly fault?: Fault;
}

/** The folder of a host's sockets. */
export const folderOf = ({ name }: Pick<Host, 'name'>, { runDir }: Settings): string => `${runDir}/${name}`;

/** `env` finds the socket's place, also behind `sudo`. */
export const admArgv = (host: Pick<Host, 'name'>, controlPort: number, settings: Settings): readonly string[] => [
  'env',
  `TGT_IPC_SOCKET=${folderOf(host, settings)}/ipc`,
  settings.admin,
  '--control-port',
  String(controlPort),
];

/** A command as people are shown it. */
export const shownArgv = (argv: readonly string[], { args, takesSecret }: Command): readonly string[] => [...argv, ...args, ...(takesSecret === true ? ['--password', MASK] : [])];

/** The daemon takes its parameters apart at commas. */
const secretTrouble = (text: string): PortError | undefined => (/[,\n\0]/.test(text) ? unsupported('tgt takes no secret with a comma or a line break in it') : undefined);

/** Runs a program on the daemon's host, and tells whoever counts such calls how it ended. */
export async function runThere({ daemon, settings, context }: Session, verb: { readonly program: string; readonly command: string }, argv: readonly string[], stdin?: string): Eventually<ProcessResult> {
  if (context.signal.aborted) return E.left({ _tag: 'Cancelled', code: 'Cancelled', message: `${verb.program} was not started because we asked` });
  const ended = context.onExternalCall?.(verb);
  const call = { argv, idleTimeoutMs: settings.commandTimeoutMs, signal: context.signal, ...(stdin === undefined ? {} : { stdin }) };
  const result = await daemon.host.run(call)();
  ended?.(E.isLeft(result) ? result.left.code : String(result.right.exitCode));
  // A shell says so where nobody else can.
  if (E.isRight(result) && result.right.exitCode === 127) return E.left(permanent('ProgramMissing', `${verb.program} is not installed on host ${daemon.host.name}, or not on the PATH there`));
  return result;
}

const verbOf = ({ args }: Command): { readonly program: string; readonly command: string } => {
  const after = (option: string): string => args[args.indexOf(option) + 1] ?? '';
  return { program: 'tgtadm', command: `${after('--mode')} ${after('--op')}` };
};

/**
 * Says something to the daemon. A fault that is not in `fine` is an error.
 */
export async function say(session: Session, command: Command, fine: readonly Fault[] = [], secret?: Secret): Eventually<Said> {
  const { daemon, settings } = session;
  const words = [...admArgv(daemon.host, daemon.controlPort, settings), ...command.args];
  const hidden = secret === undefined ? undefined : reveal(secret);
  const trouble = hidden === undefined ? undefined : secretTrouble(hidden);
  if (trouble !== undefined) return E.left(trouble);
  const result = await (hidden === undefined
    ? runThere(session, verbOf(command), words)
    : runThere(session, verbOf(command), withSecretLast(words, '--password'), `${hidden}\n`));
  if (E.isLeft(result)) return result;
  const fault = faultOf(result.right);
  if (fault === undefined) return E.right({ stdout: result.right.stdout });
  if (fine.includes(fault)) return E.right({ stdout: result.right.stdout, fault });
  return E.left(portErrorOf(`${command.summary}, on host ${daemon.host.name}`, { fault, result: result.right, hidden }));
}

/** Says one thing after the other; the first error ends it. */
export async function sayAll(session: Session, commands: readonly Command[], fine: readonly Fault[] = []): Eventually<void> {
  for (const command of commands) {
    const said = await say(session, command, fine);
    if (E.isLeft(said)) return said;
  }
  return E.right(undefined);
}

/** Sleeps, or less when the call is cancelled. */
export const pause = ({ context: { signal } }: Session, ms: number): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener('abort', end);
  });
