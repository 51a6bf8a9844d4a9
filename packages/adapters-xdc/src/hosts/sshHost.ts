/** A gateway host that is reached with the system's `ssh`. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as E from 'fp-ts/lib/Either.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { pipe } from 'fp-ts/lib/function.js';
import { limited, processRunner } from '@blockledger/adapters-rbd/process';
import { permanent, type PortError, type ProcessCall, type ProcessResult, type ProcessRunner } from '@blockledger/domain';
import { lookAtSshFiles } from './diagnose.ts';
import { checkedName, unreachable, type Host } from './host.ts';
import { NOT_FOUND, remoteCommand, secondsOf, SSH_FAILED, TIMED_OUT } from './remoteCommand.ts';

/** Options of `sshHost`. Times are in milliseconds. */
export interface SshHostOptions {
  /** By this name places know it. Default: `host`. */
  readonly name?: string;
  /** A name or an address. */
  readonly host: string;
  /** Default: 22. */
  readonly port?: number;
  /** Who to be there. Default: as the configuration of `ssh` says. */
  readonly user?: string;
  /** Path of the private key; no other is offered then. Default: what `ssh` finds by itself. */
  readonly identity?: string;
  /** Path of the file with the host's key. A host whose key does not stand there is refused. Default: what `ssh` finds by itself. */
  readonly knownHosts?: string;
  /** How long making the connection may take. Default: 5 000. */
  readonly connectTimeoutMs?: number;
  /** The longest that any program may run there, also when the connection is lost. Default: 30 000. */
  readonly commandTimeoutMs?: number;
  /** Words before every command line on the host: `['sudo', '-n']`. Default: none. */
  readonly prefix?: readonly string[];
  /** Runs `ssh`. Default: as child processes. */
  readonly run?: ProcessRunner;
}

/** The connection is kept for the next command for so long, in seconds. */
const PERSIST_SECONDS = 60;
/** A silent connection is asked every so many seconds; after three silent answers it is given up. */
const ALIVE_SECONDS = 5;
/** So long after the program must have ended at the other side, the connection is no longer waited for, in ms. */
const GRACE_MS = 5_000;
const MOST_ASIDE = 8;

const optionsOf = (options: SshHostOptions, controls: string): readonly string[] => [
  ...['BatchMode=yes', 'StrictHostKeyChecking=yes', 'LogLevel=ERROR', 'ForwardAgent=no', 'ForwardX11=no', 'ClearAllForwardings=yes', 'PermitLocalCommand=no'].flatMap((one) => ['-o', one]),
  '-o', `ConnectTimeout=${secondsOf(options.connectTimeoutMs ?? 5_000)}`, '-o', `ServerAliveInterval=${ALIVE_SECONDS}`,
  '-o', 'ControlMaster=auto', '-o', `ControlPath=${join(controls, '%C')}`, '-o', `ControlPersist=${PERSIST_SECONDS}`,
  ...(options.knownHosts === undefined ? [] : ['-o', `UserKnownHostsFile=${options.knownHosts}`, '-o', 'GlobalKnownHostsFile=none']),
  ...(options.identity === undefined ? [] : ['-o', 'IdentitiesOnly=yes', '-i', options.identity]),
  ...(options.port === undefined ? [] : ['-p', String(options.port)]),
  ...(options.user === undefined ? [] : ['-l', options.user]),
];

const lastLine = (text: string): string => text.trim().split('\n').at(-1)?.trim() ?? '';

/** What it means that `ssh` itself failed. Nothing ran there when no connection was made. */
const sshFault = (name: string, { stderr }: ProcessResult): PortError => {
  if (/^Host key verification failed|^No \S+ host key is known for/m.test(stderr)) {
    return permanent('HostKeyUnknown', `host ${name} shows a key that is not the known one; nothing was sent`);
  }
  if (/Permission denied \(|^Too many authentication failures/m.test(stderr)) return permanent('HostRefusesUs', `host ${name} does not let us in: ${lastLine(stderr)}`);
  const began = !/^ssh: (?:connect to host|Could not resolve)/m.test(stderr);
  return unreachable(name, lastLine(stderr) || 'the connection ended', began);
};

/** What the answer of `ssh` says of the program there. */
const judged = (name: string, program: string, seconds: number) => (result: ProcessResult): E.Either<PortError, ProcessResult> => {
  if (result.exitCode === SSH_FAILED) return E.left(sshFault(name, result));
  if (result.exitCode === TIMED_OUT) {
    return E.left({ _tag: 'Retryable', code: 'IdleTimeout', message: `${program} on host ${name} had not ended after ${seconds} s and was killed`, outcomeUnknown: true });
  }
  if (result.exitCode === NOT_FOUND) return E.left(permanent('ProgramMissing', `${program} is not installed on host ${name}, or not on the PATH there`));
  return E.right(result);
};

/** Silence of `ssh` beyond the time that the program had is silence of the host. */
const silent = (name: string) => (error: PortError): PortError =>
  error.code === 'IdleTimeout' ? unreachable(name, 'it has stopped answering', true) : error;

/**
 * A host that is reached with the system's `ssh`: by key, without asking anybody anything, and only if its own key is known. One connection
 * serves many commands. The user's shell there must be a POSIX one, and `timeout` must be there (coreutils).
 *
 * - A host that does not answer is `Retryable` `HostUnreachable`; one with another key `Permanent` `HostKeyUnknown`; one that does not let
 *   us in `Permanent` `HostRefusesUs`.
 * - `idleTimeoutMs` of a call is the whole time that the program has there. It ends then, even when the connection is lost.
 * - A program that ends with 255 is told as 254, one that ends with 124 as timed out, one that ends with 127 as missing.
 *
 * @example
 * import { sshHost } from '@blockledger/adapters-xdc';
 * const host = sshHost({ name: 'gw1', host: '10.77.0.1', user: 'root', identity: '/etc/blockledger/gw.key', knownHosts: '/etc/blockledger/known_hosts' });
 * host.name; // => 'gw1'
 * await host.close();
 */
export const sshHost = (options: SshHostOptions): Host => {
  const { commandTimeoutMs = 30_000, connectTimeoutMs = 5_000, prefix = [], run = processRunner() } = options;
  const name = checkedName(options.name ?? options.host);
  let controls: string | undefined;
  // Short, since the path of a socket may have a hundred letters; ours alone, since who can open the socket is let in.
  const socketFolder = (): string => (controls ??= mkdtempSync(join(tmpdir(), 'bl-ssh-')));
  const there: ProcessRunner = (call) => {
    const ms = Math.min(call.idleTimeoutMs, commandTimeoutMs);
    const { env, onStderr, ...rest } = call;
    const argv = ['ssh', ...optionsOf(options, socketFolder()), '--', options.host, remoteCommand({ argv: [...prefix, ...call.argv], env: env ?? {} }, secondsOf(ms))];
    const asked: ProcessCall = { ...rest, ...(onStderr === undefined ? {} : { onStderr }), argv, idleTimeoutMs: ms + connectTimeoutMs + GRACE_MS };
    return pipe(run(asked), TE.mapLeft(silent(name)), TE.chainEitherK(judged(name, call.argv[0] ?? '', secondsOf(ms))));
  };
  const inTurn = limited(there, 1);
  const aside = limited(there, MOST_ASIDE);
  return {
    name,
    run: inTurn.run,
    aside: aside.run,
    lateEffectsMs: commandTimeoutMs,
    diagnose: () => lookAtSshFiles({ ...options, name }),
    close: async () => {
      await Promise.all([inTurn.close(), aside.close()]);
      if (controls === undefined) return;
      const signal = new AbortController().signal;
      await run({ argv: ['ssh', ...optionsOf(options, controls), '-O', 'exit', '--', options.host], idleTimeoutMs: GRACE_MS, signal })();
      rmSync(controls, { recursive: true, force: true });
    },
  };
};
