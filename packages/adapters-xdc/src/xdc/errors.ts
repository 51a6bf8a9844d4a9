/** What an answer of `xdcadm` means. Little is known of it: 0 is well, anything else is not (see assumed.ts). */
import { MASK, permanent, type PortError, type ProcessResult, retryable } from '@blockledger/domain';
import { HAS_IO } from './assumed.ts';

export const unsupported = (what: string): PortError => permanent('Unsupported', what);

/** A shell ends so where there is no such program. */
const NOT_FOUND = 127;
/** From here on, a signal ended the program. */
const SIGNALLED = 128;

const MOST_LETTERS = 300;

/** The last line of what was written to stderr. What is shown on stdout may hold secrets (S0-92), and what a command was given may be repeated. */
const complaintOf = ({ stderr, exitCode }: ProcessResult, hidden: string | undefined): string => {
  const line = stderr.trim().split('\n').at(-1)?.trim() ?? '';
  const shown = hidden === undefined || hidden === '' ? line : line.replaceAll(hidden, MASK);
  return shown === '' ? `exit code ${exitCode}` : shown.slice(0, MOST_LETTERS);
};

/** The error of an answer that is not well; `hidden` is the secret that the command was given. */
export const faultOf = (what: string, result: ProcessResult, hidden?: string): PortError => {
  if (result.exitCode === NOT_FOUND) return permanent('ProgramMissing', `${what}: xdcadm is not installed, or not on the PATH`);
  const message = `${what}: ${complaintOf(result, hidden)}`;
  if (result.stderr.includes(HAS_IO)) return { _tag: 'Retryable', code: 'Busy', message, outcomeUnknown: false, watchers: [] };
  return retryable('Refused', message, result.exitCode >= SIGNALLED);
};
