/** Starts programs, and hears them to their end. */
import * as E from 'fp-ts/lib/Either.js';
import { x } from 'tinyexec';
import { permanent, type PortError, type ProcessCall, type ProcessResult, type ProcessRunner, retryable } from '@blockledger/domain';
import { setprivPath, whereIs } from './programs.ts';

/** After SIGTERM a child has so long before SIGKILL. */
const GRACE_MS = 2_000;

/**
 * True where a child ends with this process, however this process ends.
 *
 * @example
 * import { childrenDieWithUs } from '@blockledger/adapters-rbd/process';
 * typeof childrenDieWithUs(); // => 'boolean'
 */
export const childrenDieWithUs = (): boolean => setprivPath() !== undefined;

/**
 * Runs programs as child processes, without a shell.
 *
 * - A child dies with its parent: `setpriv --pdeathsig KILL` stands before it where `setpriv` exists (Linux), else an exit handler does what
 *   it can. Linux ties the signal to the *thread* that started the child: called in a worker, children end with the worker.
 * - A child that writes nothing for `idleTimeoutMs` is killed: `Retryable` `IdleTimeout`, outcome unknown.
 * - A cancelled child is killed: `Cancelled`. Either answer is given only when the child has ended, so that nothing of it runs on.
 * - Any exit code is a result. A child ended by a foreign signal has exit code 128 + 9.
 *
 * @example
 * import { processRunner } from '@blockledger/adapters-rbd';
 * const run = processRunner();
 * const ended = await run({ argv: [process.execPath, '-e', 'process.exit(3)'], idleTimeoutMs: 10_000, signal: new AbortController().signal })();
 * ended._tag === 'Right' && ended.right.exitCode; // => 3
 */
export function processRunner(): ProcessRunner {
  const run = foundRunner();
  return (call) => () => run(call);
}

/** A call of a program that has been found already. */
export interface FoundCall extends ProcessCall {
  /** Where the program of `argv` stands. Default: where this process finds it. */
  readonly path?: string;
}

/** A `processRunner` that may be told where the program stands. */
export function foundRunner(): (call: FoundCall) => Promise<E.Either<PortError, ProcessResult>> {
  const setpriv = setprivPath();
  const kills = new Set<() => void>();
  const starter: Starter = {
    prefix: setpriv === undefined ? [] : [setpriv, '--pdeathsig', 'KILL', '--'],
    paths: new Map(),
    kills,
    killAll: () => {
      for (const kill of kills) kill();
    },
  };
  return (call) => runOnce(starter, call);
}

/** What the runs of one runner share. */
interface Starter {
  readonly prefix: readonly string[];
  /** Where programs were found. */
  readonly paths: Map<string, string>;
  /** Kills of the children that run now, for the end of this process. */
  readonly kills: Set<() => void>;
  readonly killAll: () => void;
}

function pathOf({ paths }: Starter, name: string): string | undefined {
  const path = paths.get(name) ?? (name.includes('/') ? name : whereIs(name));
  if (path !== undefined) paths.set(name, path);
  return path;
}

async function runOnce(starter: Starter, call: FoundCall): Promise<E.Either<PortError, ProcessResult>> {
  const [name = '', ...args] = call.argv;
  if (call.signal.aborted) return E.left(cancelled(name));
  const path = call.path ?? pathOf(starter, name);
  if (path === undefined) return E.left(missing(name));
  const [program = path, ...words] = [...starter.prefix, path, ...args];
  const { process: child } = x(program, words, {
    nodePath: false,
    nodeOptions: { stdio: [call.stdin === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'], env: { ...process.env, ...call.env } },
  });
  if (child === undefined) return E.left(missing(name));

  let stopped: PortError | undefined;
  let killLater: NodeJS.Timeout | undefined;
  const stop = (why: PortError): void => {
    stopped ??= why;
    child.kill('SIGTERM');
    killLater ??= setTimeout(() => child.kill('SIGKILL'), GRACE_MS);
  };
  const onAbort = (): void => stop(cancelled(name));
  const disarm = killAtExit(starter, () => void child.kill('SIGKILL'));
  const idle = setTimeout(() => stop(idleTooLong(call)), call.idleTimeoutMs);

  const stdout: string[] = [];
  const stderr: string[] = [];
  child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
    idle.refresh();
    stdout.push(chunk);
  });
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
    idle.refresh();
    keepTail(stderr, chunk);
    call.onStderr?.(chunk);
  });
  // A child that does not read its input closes the pipe; its exit code says the rest.
  child.stdin?.on('error', () => undefined).end(call.stdin);
  call.signal.addEventListener('abort', onAbort);

  return new Promise((resolve) => {
    const settle = (answer: E.Either<PortError, ProcessResult>): void => {
      clearTimeout(idle);
      clearTimeout(killLater);
      call.signal.removeEventListener('abort', onAbort);
      disarm();
      resolve(answer);
    };
    child.on('error', (error: NodeJS.ErrnoException) =>
      settle(E.left(error.code === 'ENOENT' ? missing(name) : retryable('CannotStart', `${name}: ${error.message}`))),
    );
    // A child that was killed is dead when it has exited; what it may have started can hold its pipes open for ever.
    child.on('exit', () => {
      if (stopped === undefined) return;
      child.stdout?.destroy();
      child.stderr?.destroy();
    });
    child.on('close', (code, signal) => {
      if (stopped !== undefined) return settle(E.left(stopped));
      settle(E.right({ exitCode: code ?? 128 + (signal === 'SIGTERM' ? 15 : 9), stdout: stdout.join(''), stderr: stderr.join('') }));
    });
  });
}

/** Kills a child when this process ends. One listener serves all children of a runner, and stands only while there are any. */
function killAtExit({ kills, killAll }: Starter, kill: () => void): () => void {
  if (kills.size === 0) process.on('exit', killAll);
  kills.add(kill);
  return () => {
    kills.delete(kill);
    if (kills.size === 0) process.removeListener('exit', killAll);
  };
}

/** A removal of hours writes megabytes of progress: the last pieces are enough to say what went wrong. */
function keepTail(pieces: string[], chunk: string): void {
  pieces.push(chunk);
  if (pieces.length > 512) pieces.splice(0, 256);
}

/** We stopped it. */
export const cancelled = (name: string): PortError => ({ _tag: 'Cancelled', code: 'Cancelled', message: `${name} was stopped because we asked` });

/** There is no such program here. */
export const missing = (name: string): PortError => permanent('ProgramMissing', `${name} is not installed or not on the PATH`);

const idleTooLong = ({ argv, idleTimeoutMs }: ProcessCall): PortError =>
  retryable('IdleTimeout', `${argv.slice(0, 3).join(' ')} wrote nothing for ${idleTimeoutMs} ms and was killed`, true);
