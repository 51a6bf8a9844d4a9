/** Runs shell command lines with `blockledger` on the PATH, on a pseudo-terminal or piped, as a person does. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { repositoryRoot } from './files.ts';
import { programPath, runsTypeScript } from './programs/start.ts';
import { onPath, type RealPart } from './real.ts';
import { runtimeFolder } from './runtimeFolder.ts';

/** For `requireReal`: what makes a pseudo-terminal. */
export const realTerminal: RealPart = { what: '`script` of util-linux', packages: ['bsdutils'], present: () => onPath('script') };

/** Where and how a command line runs. */
export interface Place {
  /** On a terminal of so many columns; else piped. */
  readonly columns?: number;
  /** Default: C.UTF-8. */
  readonly locale?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Typed on the terminal, or done, each piece when the text before it has appeared: on the terminal, or in a pipe on stderr. */
  readonly typed?: readonly (readonly [after: RegExp, text: string | (() => unknown)])[];
}

/** What came of it. On a terminal stdout and stderr are one. */
export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

const bin = mkdtempSync(join(tmpdir(), 'blockledger-bin-'));
process.once('exit', () => rmSync(bin, { recursive: true, force: true }));

/** A folder for the PATH in which `blockledger` is this repository's. */
export const blockledgerBin = bin;

const main = programPath('packages/app/src/cli/main.ts');
const quoted = (words: readonly string[]): string => words.map((word) => `'${word}'`).join(' ');
// Only what may load a configuration file has to find our packages.
const shim = `#!/bin/sh
case "$1" in serve|doctor|store) exec ${quoted([process.execPath, ...runsTypeScript, main])} "$@";; *) exec ${quoted([process.execPath, ...(main.endsWith('.ts') ? runsTypeScript : []), main])} "$@";; esac
`;
writeFileSync(join(bin, 'blockledger'), shim, { mode: 0o755 });

const environmentOf = ({ locale = 'C.UTF-8', env = {}, columns }: Place): NodeJS.ProcessEnv => {
  const { NO_COLOR: _color, LC_ALL: _all, LC_CTYPE: _ctype, BLOCKLEDGER_TOKEN: _token, BLOCKLEDGER_URL: _url, ...inherited } = process.env;
  return {
    ...inherited,
    PATH: `${bin}${delimiter}${process.env['PATH'] ?? ''}`,
    XDG_RUNTIME_DIR: runtimeFolder,
    LANG: locale,
    TZ: 'UTC',
    TERM: 'xterm-256color',
    // Colours have tests of their own; elsewhere they would only hide the text.
    ...(columns === undefined ? {} : { NO_COLOR: '1' }),
    ...env,
  };
};

const TIME_LIMIT_MS = 60_000;

/** Runs a command line in `bash`. */
export const shell = (line: string, place: Place = {}): Promise<Ran> => {
  const { columns } = place;
  const [program, args] = columns === undefined ? ['bash', ['-c', line]] : ['script', ['-qefc', `stty cols ${columns} rows 50 -echo; ${line}`, '/dev/null']];
  const child = spawn(program, args as readonly string[], {
    cwd: place.cwd ?? repositoryRoot,
    // `script` runs its command by $SHELL.
    env: { ...environmentOf(place), SHELL: '/bin/bash' },
    stdio: [place.typed === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    timeout: TIME_LIMIT_MS,
    killSignal: 'SIGKILL',
  });
  let stdout = '';
  let stderr = '';
  let seen = 0;
  const waiting = [...(place.typed ?? [])];
  const type = (): void => {
    const [next] = waiting;
    const found = next === undefined ? null : next[0].exec((columns === undefined ? stderr : stdout).slice(seen));
    if (next === undefined || found === null) return;
    seen += found.index + found[0].length;
    waiting.shift();
    if (typeof next[1] === 'string') child.stdin?.write(next[1]);
    else next[1]();
    type();
  };
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    type();
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
    type();
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => {
      if (signal !== null) reject(new Error(`${line} was ended by ${signal}:\n${stdout}${stderr}`));
      else resolve({ code: code ?? -1, stdout: stdout.replaceAll('\r\n', '\n'), stderr });
    });
  });
};
