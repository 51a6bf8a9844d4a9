/** Runs programs of this repository, as children that end with the test. */
import { spawn, type ChildProcess, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { repositoryRoot } from './files.ts';
import { programPath, runsTypeScript } from './programs/start.ts';
import { runtimeFolder } from './runtimeFolder.ts';

/** A program that runs. */
export interface Program {
  readonly child: ChildProcess;
  readonly pid: number;
  /** All that it wrote so far. */
  readonly output: () => string;
  readonly errors: () => string;
  /** Resolves with the first match in what it writes to stdout; rejects when it ends without one. */
  readonly says: (pattern: RegExp, timeoutMs?: number) => Promise<RegExpExecArray>;
  /** Resolves with its exit code, or the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals>;
  /** Sends a signal and waits for the end. */
  readonly stop: (signal?: NodeJS.Signals) => Promise<number | NodeJS.Signals>;
}

const alive = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of alive) child.kill('SIGKILL');
});

/** How a program is started. */
export interface ProgramOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** What stands before its command line: `['ip', 'netns', 'exec', 'gw1']`. */
  readonly prefix?: readonly string[];
}

const started = ([program, ...args]: readonly string[], { cwd, env }: ProgramOptions): Program =>
  programOf(spawn(program ?? '', args, { cwd: cwd ?? repositoryRoot, env: { ...process.env, XDG_RUNTIME_DIR: runtimeFolder, ...env }, stdio: ['pipe', 'pipe', 'pipe'] }));

/**
 * Starts a TypeScript program of this repository.
 *
 * @example
 * const program = startProgram(['examples/service/main.ts']);
 * const [, url] = await program.says(/listening on (\S+)/);
 */
export const startProgram = ([source = '', ...args]: readonly string[], options: ProgramOptions = {}): Program => {
  const program = started([...(options.prefix ?? []), process.execPath, ...runsTypeScript, programPath(source), ...args], options);
  program.child.stdin?.end();
  return program;
};

/** Starts an executable of this repository as it is, by its path and its words. */
export const startExecutable = (args: readonly string[], options: ProgramOptions = {}): Program => {
  const program = started([process.execPath, ...args], options);
  program.child.stdin?.end();
  return program;
};

/** Starts a command line on a pseudo-terminal; what is written to its `stdin` is typed there. Its errors are in its output. */
export const startOnTerminal = (line: string, options: ProgramOptions = {}): Program =>
  // `script` runs its command by $SHELL.
  started([...(options.prefix ?? []), 'script', '-qefc', line, '/dev/null'], { ...options, env: { ...options.env, SHELL: '/bin/bash' } });

/** Follows a child, which ends with this process at the latest. */
const programOf = (child: ChildProcessWithoutNullStreams): Program => {
  let output = '';
  let errors = '';
  const listeners = new Set<() => void>();
  const wake = (): void => {
    for (const listener of listeners) listener();
  };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
    wake();
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text;
  });
  const ended = new Promise<number | NodeJS.Signals>((resolve) => {
    child.once('close', (code, signal) => resolve(code ?? signal ?? -1));
  });
  alive.add(child);
  void ended.then(() => alive.delete(child));
  return {
    child,
    pid: child.pid ?? 0,
    output: () => output,
    errors: () => errors,
    ended,
    says: (pattern, timeoutMs = 30_000) =>
      new Promise((resolve, reject) => {
        const timer = setTimeout(() => end(new Error(`it did not say ${String(pattern)} in ${timeoutMs} ms:\n${output}${errors}`)), timeoutMs);
        const look = (): void => {
          const found = pattern.exec(output);
          if (found !== null) end(found);
        };
        const end = (result: RegExpExecArray | Error): void => {
          clearTimeout(timer);
          listeners.delete(look);
          if (result instanceof Error) reject(result);
          else resolve(result);
        };
        listeners.add(look);
        void ended.then((code) => end(pattern.exec(output) ?? new Error(`it ended with ${code} and did not say ${String(pattern)}:\n${output}${errors}`)));
        look();
      }),
    stop: (signal = 'SIGTERM') => {
      child.kill(signal);
      return ended;
    },
  };
};
