/** What is sent to a remote host in the place of a command line. */
import type { ProcessCall } from '@blockledger/domain';
import { shellLine } from './quote.ts';

/** `ssh` itself ends with 255. */
export const SSH_FAILED = 255;
/** What a program that ends with 255 is told as. */
const NEARLY_255 = 254;
/** How `timeout` ends where it ended the program. */
export const TIMED_OUT = 124;
/** How a shell, or `timeout`, says that there is no such program. */
export const NOT_FOUND = 127;

/** A program that does not end when it is asked to is killed so many seconds later. */
const KILL_AFTER = '2';

const SCRIPT = `timeout -k ${KILL_AFTER} "$@"; code=$?; if [ "$code" -eq ${SSH_FAILED} ]; then code=${NEARLY_255}; fi; exit "$code"`;

/** Whole seconds, at least one, for `timeout`. */
export const secondsOf = (ms: number): number => Math.max(1, Math.ceil(ms / 1_000));

/**
 * The text that the user's shell on the remote host is given, which must be a POSIX one. The program ends there after so many seconds even
 * when the connection is lost, and never with the code by which `ssh` tells its own failures.
 */
export const remoteCommand = ({ argv, env = {} }: Pick<ProcessCall, 'argv' | 'env'>, seconds: number): string => {
  const settings = Object.entries(env).map(([key, value]) => `${key}=${value}`);
  return shellLine(['exec', 'sh', '-c', SCRIPT, 'sh', String(seconds), ...(settings.length === 0 ? [] : ['env', ...settings]), ...argv]);
};
