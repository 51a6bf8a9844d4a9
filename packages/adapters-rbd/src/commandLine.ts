/** Asks Ceph by its command line tools. */
import type { ProcessRunner } from '@blockledger/domain';
import type { Ceph } from './ceph.ts';
import type { Command } from './commands/dialect.ts';
import type { Settings } from './options.ts';
import { progressReader } from './progress.ts';

/** The whole command line: the words of the table, then what names the cluster and the timeouts. */
export const argvOf = ({ program, args }: Command, { globals }: Pick<Settings, 'globals'>): readonly string[] => [program, ...args, ...globals[program]];

/** Asks by running a program for each call. */
export const commandLine =
  (run: ProcessRunner): Ceph =>
  ({ command, settings, signal, onProgress }) =>
    run({
      argv: argvOf(command, settings),
      idleTimeoutMs: settings.idleTimeoutMs,
      signal,
      ...(command.stdin === undefined ? {} : { stdin: command.stdin }),
      ...(onProgress === undefined ? {} : { onStderr: progressReader(onProgress) }),
    });
