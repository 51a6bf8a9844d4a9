/** How an external call can end other than well. Adapters return these, they never throw. */
import * as t from 'io-ts';

const common = { code: t.string, message: t.string };

/**
 * - `Retryable`: the same call may succeed later. `outcomeUnknown` says that the effect may have landed all the same (a timeout).
 * - `Permanent`: repeating cannot help until somebody changes something.
 * - `Mismatch`: the object on the backend is not the one we made, or not as we know it; it was not touched.
 * - `Cancelled`: stopped because we asked; observe before concluding anything.
 */
export const PortError = t.union(
  [
    t.readonly(
      t.intersection([
        t.strict({ _tag: t.literal('Retryable'), ...common, outcomeUnknown: t.boolean }),
        t.partial({ retryAfterMs: t.number, watchers: t.readonlyArray(t.string) }),
      ]),
    ),
    t.readonly(t.strict({ _tag: t.literal('Permanent'), ...common })),
    t.readonly(
      t.intersection([
        t.strict({ _tag: t.literal('Mismatch'), ...common }),
        t.partial({ expected: t.unknown, found: t.unknown }),
      ]),
    ),
    t.readonly(t.strict({ _tag: t.literal('Cancelled'), ...common })),
  ],
  'PortError',
);
/** A value of the codec `PortError`. */
export type PortError = t.TypeOf<typeof PortError>;

/**
 * Repeating cannot help until somebody changes something.
 *
 * @example
 * import { permanent } from '@blockledger/domain';
 * permanent('ProgramMissing', 'rbd is not installed'); // => { _tag: 'Permanent', code: 'ProgramMissing', message: 'rbd is not installed' }
 */
export const permanent = (code: string, message: string): PortError => ({ _tag: 'Permanent', code, message });

/**
 * The same call may succeed later. `outcomeUnknown`: the effect may have landed all the same.
 *
 * @example
 * import { retryable } from '@blockledger/domain';
 * retryable('IdleTimeout', 'rbd was silent for 60 s', true)._tag; // => 'Retryable'
 */
export const retryable = (code: string, message: string, outcomeUnknown = false): PortError => ({ _tag: 'Retryable', code, message, outcomeUnknown });

/** The code of a `Retryable` error that says that a host cannot be reached: told apart from everything that a host answers (I-20). */
export const HOST_UNREACHABLE = 'HostUnreachable';

/** The code of a `Retryable` error that says that another process was to do this work. It is written down each time, not only the first. */
export const TAKEN_OVER = 'TakenOver';
