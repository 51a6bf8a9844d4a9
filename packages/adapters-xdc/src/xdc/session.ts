/** One call of the backend on its way: which host it speaks to, and how it says something. */
import { createHmac } from 'node:crypto';
import * as E from 'fp-ts/lib/Either.js';
import { MASK, reveal, type CallContext, type PortError, type Secret, type TargetCallContext } from '@blockledger/domain';
import type { Host } from '../hosts/host.ts';
import { withSecretLast } from '../hosts/lastWord.ts';
import { PASSWORD } from './assumed.ts';
import { save, type Command } from './commands.ts';
import { faultOf } from './errors.ts';
import type { Settings } from './options.ts';
import type { Seal } from './parse.ts';

/** Either an error or an answer, soon. Actions are written as plain async functions that return early. */
export type Eventually<A> = Promise<E.Either<PortError, A>>;

/** What is known of a host besides what it shows. It is of this process alone: when it is gone, things are done once more. */
export interface Memory {
  /** Everything that was done is saved. */
  isSaved: boolean;
  /** LUNs that have no limits, which nothing shows. */
  readonly unlimited: Set<string>;
  /** No LUN is left behind that is bound to nothing. */
  isSwept: boolean;
}

export const emptyMemory = (): Memory => ({ isSaved: false, unlimited: new Set(), isSwept: false });

/** What an action works with. */
export interface Session {
  readonly host: Host;
  readonly settings: Settings;
  readonly context: CallContext;
  readonly memory: Memory;
  /** Makes of a password what can only be compared. */
  readonly seal: Seal;
  /** Opens secrets; absent where only is looked. */
  readonly openSecret?: TargetCallContext['secret'];
}

/** A seal with a key that nobody else has. */
export const sealedWith = (key: Uint8Array): Seal => (password) => createHmac('sha256', key).update(password).digest('hex');

const verbOf = ({ args }: Command): { readonly program: string; readonly command: string } => {
  const after = (option: string): string => args[args.indexOf(option) + 1] ?? '';
  return { program: 'xdcadm', command: `${after('-m')} ${after('-o')}` };
};

const changes = (command: Command): boolean => !verbOf(command).command.endsWith(' show');

/** A command as people are shown it. */
export const shownArgv = ({ program }: Settings, { args, takesSecret }: Command): readonly string[] => [program, ...args, ...(takesSecret === true ? [PASSWORD, MASK] : [])];

/** Says something to the daemon; its answer when all is well. What is not sure to be done of LUNs may have left one behind. */
export async function say(session: Session, command: Command, secret?: Secret): Eventually<string> {
  const said = await tell(session, command, secret);
  if (E.isLeft(said) && changes(command) && verbOf(command).command.startsWith('lun ')) session.memory.isSwept = false;
  return said;
}

async function tell(session: Session, command: Command, secret?: Secret): Eventually<string> {
  const { host, settings, context, memory } = session;
  if (context.signal.aborted) return E.left({ _tag: 'Cancelled', code: 'Cancelled', message: 'xdcadm was not started because we asked' });
  if (changes(command) && command !== save) memory.isSaved = false;
  const words = [settings.program, ...command.args];
  const hidden = secret === undefined ? undefined : reveal(secret);
  const call = { idleTimeoutMs: settings.commandTimeoutMs, signal: context.signal };
  const ended = context.onExternalCall?.(verbOf(command));
  const result = await host.run(hidden === undefined ? { ...call, argv: words } : { ...call, argv: withSecretLast(words, PASSWORD), stdin: `${hidden}\n` })();
  ended?.(E.isLeft(result) ? result.left.code : String(result.right.exitCode));
  if (E.isLeft(result)) return result;
  return result.right.exitCode === 0 ? E.right(result.right.stdout) : E.left(faultOf(`${command.summary}, on host ${host.name}`, result.right, hidden));
}

/** Says one thing after the other; the first error ends it. */
export async function sayAll(session: Session, commands: readonly Command[]): Eventually<void> {
  for (const command of commands) {
    const said = await say(session, command);
    if (E.isLeft(said)) return said;
  }
  return E.right(undefined);
}

/** What was done is saved, also what a call did that was cut off before it could save. */
export async function ensureSaved(session: Session): Eventually<void> {
  if (session.memory.isSaved) return E.right(undefined);
  const said = await say(session, save);
  if (E.isLeft(said)) return said;
  session.memory.isSaved = true;
  return E.right(undefined);
}
