/** What an answer of `tgtadm` means. Its exit code says little: all refusals are 22, and a daemon that died while it was asked is 0. */
import { MASK, permanent, type PortError, type ProcessResult, retryable } from '@blockledger/domain';

/** What is in the way. */
export type Fault =
  | 'noDaemon'
  | 'daemonDied'
  | 'noTarget'
  | 'targetExists'
  | 'targetActive'
  | 'noLun'
  | 'lunExists'
  | 'lunActive'
  | 'noRule'
  | 'ruleExists'
  | 'noAccount'
  | 'accountExists'
  | 'invalid'
  | 'other';

const NOT_CONNECTED = 107;

const TEXTS: readonly (readonly [string, Fault])[] = [
  ['tgtd closed the socket', 'daemonDied'],
  ['a partial response', 'daemonDied'],
  ["can't get the response", 'daemonDied'],
  ["can't find the target", 'noTarget'],
  ['this target already exists', 'targetExists'],
  ['this target is still active', 'targetActive'],
  ["can't find the logical unit", 'noLun'],
  ['this logical unit number already exists', 'lunExists'],
  ['this logical unit is still active', 'lunActive'],
  ['this access control rule does not exist', 'noRule'],
  ['this access control rule already exists', 'ruleExists'],
  ["can't find the account", 'noAccount'],
  ['this account already exists', 'accountExists'],
  ['this target already has an outgoing account', 'accountExists'],
  ['invalid request', 'invalid'],
  ['failed to send request buf', 'daemonDied'],
  ['failed to send request hdr', 'noDaemon'],
  ["can't connect to tgt daemon", 'noDaemon'],
];

/** The lines that `tgtadm` itself wrote; a shell or a wrapper may have written others. */
const complaintOf = ({ stderr }: ProcessResult): string | undefined =>
  stderr
    .split('\n')
    .findLast((line) => line.startsWith('tgtadm: '))
    ?.slice('tgtadm: '.length)
    .trim();

/** What an answer says went wrong; undefined when nothing did. Anything on stderr is a failure, whatever the exit code. */
export const faultOf = (result: ProcessResult): Fault | undefined => {
  if (result.exitCode === NOT_CONNECTED) return 'noDaemon';
  const complaint = complaintOf(result);
  if (complaint === undefined) return result.exitCode === 0 ? undefined : 'other';
  return TEXTS.find(([text]) => complaint.includes(text))?.[1] ?? 'other';
};

export const busy = (message: string, watchers: readonly string[] = []): PortError => ({ _tag: 'Retryable', code: 'Busy', message, outcomeUnknown: false, watchers });
export const unsupported = (what: string): PortError => permanent('Unsupported', what);

/** What a program was given may be repeated by whatever stands between it and us. */
const without = (text: string, hidden: string | undefined): string => (hidden === undefined || hidden === '' ? text : text.replaceAll(hidden, MASK));

/** A fault that nobody expected. */
export interface Unexpected {
  readonly fault: Fault;
  readonly result: ProcessResult;
  /** The secret that the command was given. */
  readonly hidden?: string | undefined;
}

/** How a fault is told when nobody expected it. */
export const portErrorOf = (what: string, { fault, result, hidden }: Unexpected): PortError => {
  const said = without(complaintOf(result) ?? result.stderr.trim().split('\n').at(-1) ?? '', hidden);
  const message = `${what}: ${said === '' ? `exit code ${result.exitCode}` : said}`;
  switch (fault) {
    case 'noDaemon':
      return retryable('DaemonGone', message);
    case 'daemonDied':
      return retryable('DaemonDied', message, true);
    case 'targetActive':
    case 'lunActive':
      return busy(message);
    default:
      return permanent('Refused', message);
  }
};
