/** One call of the backend on its way: on which host, and how it runs a command there. */
import * as E from 'fp-ts/lib/Either.js';
import type { CallContext, PortError, ProcessResult, ProcessRunner, VipInstanceRef } from '@blockledger/domain';
import type { Host } from '../hosts/host.ts';
import { writeFile, type HostFile } from '../hosts/writeFile.ts';
import { lookAt, type Command, type Until } from './commands.ts';
import { failedRun } from './errors.ts';
import { rootOf } from './layout.ts';
import type { Settings } from './options.ts';
import { parseLook, type Looked, type LookedAt } from './parse.ts';

/** Either an error or an answer, soon. Actions are written as plain async functions that return early. */
export type Eventually<A> = Promise<E.Either<PortError, A>>;

/** What an action works with. */
export interface Session {
  readonly settings: Settings;
  readonly host: Host;
  readonly context: Pick<CallContext, 'signal' | 'installationId' | 'onExternalCall'>;
}

/** Runs a command and takes its answer as it is, whatever its exit code. */
export async function ask(session: Session, { argv, verb, patienceMs }: Command, run: ProcessRunner = session.host.run): Eventually<ProcessResult> {
  const { onExternalCall, signal } = session.context;
  const ended = onExternalCall?.({ program: 'keepalived', command: verb });
  const answer = await run({ argv, idleTimeoutMs: patienceMs, signal })();
  ended?.(E.isLeft(answer) ? answer.left.code : String(answer.right.exitCode));
  return answer;
}

/** Runs a command that must end with 0. */
export async function say(session: Session, command: Command, run?: ProcessRunner): Eventually<ProcessResult> {
  const answer = await ask(session, command, run);
  if (E.isLeft(answer) || answer.right.exitCode === 0) return answer;
  return E.left(failedRun(command.summary, session.host.name, answer.right));
}

/** Runs commands one after the other, and ends at the first that fails. */
export async function sayAll(session: Session, commands: readonly Command[]): Eventually<void> {
  for (const command of commands) {
    const answer = await say(session, command);
    if (E.isLeft(answer)) return answer;
  }
  return E.right(undefined);
}

/** Writes files one after the other. */
export async function write(session: Session, files: readonly HostFile[]): Eventually<void> {
  for (const file of files) {
    const answer = await writeFile(session.host, file, session.context.signal)();
    if (E.isLeft(answer)) return answer;
  }
  return E.right(undefined);
}

/** What there is of one instance. */
export interface Sight {
  /** Undefined when there is no folder of it. */
  readonly instance: LookedAt | undefined;
  /** Whether the address is on the interface. */
  readonly holds: boolean;
}

/** Looks at one instance, at once or when something has come true. */
export async function sight(session: Session, ref: Pick<VipInstanceRef, 'vipId' | 'ip' | 'mask' | 'interface'>, until?: Until): Eventually<Sight> {
  const answer = await say(session, lookAt(session.settings, rootOf(session.settings, session.host.name), ref, until));
  if (E.isLeft(answer)) return answer;
  return E.map(({ instances, addresses }: Looked) => ({
    instance: instances[0],
    holds: addresses.some((held) => held.ip === ref.ip && held.interface === ref.interface),
  }))(parseLook(answer.right.stdout));
}
