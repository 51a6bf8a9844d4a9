/** What an exit code means. The code decides; text is read only to tell apart what shares 1, 16, 22 or 39 (V-7). */
import { permanent, type PortError, type ProcessResult, retryable } from '@blockledger/domain';

/** Exit codes of `rbd`, which are the errno of what failed. `rados` ends with 1 whatever failed. */
export const EXIT = {
  ok: 0,
  usage: 1,
  notFound: 2,
  ioError: 5,
  again: 11,
  denied: 13,
  busy: 16,
  exists: 17,
  invalid: 22,
  noSpace: 28,
  readOnly: 30,
  tooManyLinks: 31,
  notEmpty: 39,
  unsupported: 95,
  notConnected: 107,
  shutDown: 108,
  timedOut: 110,
  quota: 122,
} as const;

/** The object is not the one that we made, or not as we know it; it was not touched. */
export const mismatch = (code: string, message: string, expected?: unknown, found?: unknown): PortError => ({
  _tag: 'Mismatch',
  code,
  message,
  ...(expected === undefined ? {} : { expected }),
  ...(found === undefined ? {} : { found }),
});

/** Somebody holds the image; not before `retryAfterMs` has the holder's watch expired, if it is dead (I-30). */
export const busy = (message: string, watchers: readonly string[], retryAfterMs: number): PortError => ({
  _tag: 'Retryable',
  code: 'Busy',
  message,
  outcomeUnknown: false,
  watchers,
  retryAfterMs,
});

/** What this backend cannot do at all; nothing was sent. */
export const unsupported = (capability: string, message: string): PortError => permanent('Unsupported', `${capability}: ${message}`);

/** What stands behind the exit codes that several faults share. */
export type Shared = 'alreadyProtected' | 'notProtected' | 'snapshotProtected' | 'hasClones' | 'watched' | 'sameSize' | 'noParent' | 'wouldShrink' | 'other';

/**
 * Tells apart the faults that share exit code 16, 22 or 39.
 *
 * @example
 * import { EXIT, sharedFault } from '@blockledger/adapters-rbd';
 * sharedFault({ exitCode: EXIT.busy, stdout: '', stderr: 'snap is already protected' }); // => 'alreadyProtected'
 */
export function sharedFault({ exitCode, stderr }: ProcessResult): Shared {
  const says = (text: string): boolean => stderr.includes(text);
  if (exitCode === EXIT.busy) {
    if (says('already protected')) return 'alreadyProtected';
    if (says('protected from removal')) return 'snapshotProtected';
    if (says('watchers')) return 'watched';
    if (/child|can't unprotect|unprotecting snap failed/i.test(stderr)) return 'hasClones';
  }
  if (exitCode === EXIT.invalid) {
    if (says('already unprotected')) return 'notProtected';
    if (says('equal to original size')) return 'sameSize';
    if (says('no parent')) return 'noParent';
    if (says('--allow-shrink')) return 'wouldShrink';
  }
  if (exitCode === EXIT.notEmpty && says('linked clones')) return 'hasClones';
  return 'other';
}

/** How long to wait before asking again, in ms. */
export interface Patience {
  /** After so long the cluster forgets a client that died. */
  readonly watchTimeoutMs: number;
}

/**
 * The error that an exit code means where an action has no use for it.
 *
 * @example
 * import { EXIT, portErrorOf } from '@blockledger/adapters-rbd';
 * portErrorOf('rbd create', { exitCode: EXIT.usage, stdout: '', stderr: 'rbd: unrecognised option' }, { watchTimeoutMs: 30_000 })._tag; // => 'Permanent'
 */
export function portErrorOf(what: string, result: ProcessResult, { watchTimeoutMs }: Patience): PortError {
  const message = `${what}: ${told(result)}`;
  const { exitCode } = result;
  const shared = sharedFault(result);
  switch (exitCode) {
    case EXIT.usage:
      return /connect|timed out|mon config/i.test(result.stderr)
        ? retryable('Unreachable', message, true)
        : permanent(/permitted/i.test(result.stderr) ? 'Denied' : 'CommandRefused', message);
    case EXIT.notFound:
      return permanent('NotFound', message);
    case EXIT.denied:
      return permanent('Denied', message);
    case EXIT.busy:
      return shared === 'hasClones' ? permanent('HasClones', message) : busy(message, [], watchTimeoutMs);
    case EXIT.exists:
      return mismatch('Exists', message);
    case EXIT.invalid:
      return permanent('Invalid', message);
    case EXIT.noSpace:
      return retryable('NoSpace', message);
    case EXIT.readOnly:
      return busy(message, [], watchTimeoutMs);
    case EXIT.tooManyLinks:
      return permanent('InGroup', message);
    case EXIT.notEmpty:
      return permanent(shared === 'hasClones' ? 'HasClones' : 'HasSnapshots', message);
    case EXIT.unsupported:
      return permanent('Unsupported', message);
    case EXIT.quota:
      return permanent('SnapshotLimit', message);
    case EXIT.ioError:
    case EXIT.again:
    case EXIT.notConnected:
    case EXIT.shutDown:
    case EXIT.timedOut:
      return retryable(exitCode === EXIT.timedOut ? 'TimedOut' : 'Unreachable', message, true);
    default:
      return exitCode >= 128 ? retryable('Killed', message, true) : permanent('Failed', message);
  }
}

/** What the program said, without progress and log lines; never longer than 500 characters. */
function told({ exitCode, stderr, stdout }: ProcessResult): string {
  const lines = `${stderr}\n${stdout}`
    .split(/[\r\n]+/)
    .map((line) => line.replace(/^[\w ]+: \d+% complete\.\.\.(?:done\.|failed\.)?/, '').trim())
    .filter((line) => line !== '' && !/^\d{4}-\d\d-\d\dT/.test(line));
  return `exit code ${exitCode}${lines.length === 0 ? '' : `, ${lines.join('; ')}`}`.slice(0, 500);
}
