/** What a backend's aggregate answers. */
import * as E from 'fp-ts/lib/Either.js';
import { match } from 'ts-pattern';
import type { CommandMeta } from '../kernel/envelope.ts';
import { unlessRefused } from '../kernel/rule.ts';
import type { BackendRefusal } from './errors.ts';
import type { BackendFacts } from './facts.ts';
import type { BackendCommand, BackendEvent } from './messages.ts';
import { backendKnown, reasonFits } from './rules.ts';
import type { BackendState } from './state.ts';

type Decision = E.Either<BackendRefusal, readonly BackendEvent[]>;

/**
 * What a backend's aggregate answers to a command: the events that follow, or the refusal of the first rule that does not hold. Pure.
 * Refuses with the tags of `backendRefusals`; pausing what is paused and resuming what runs are accepted without events.
 *
 * @example
 * import { decideBackend, noBackend, type CommandId, type TimestampMs } from '@blockledger/domain';
 * const meta = { commandId: '0b9d7a3e-0000-4000-8000-000000000002' as CommandId, issuedAt: 1_800_000_000_000 as TimestampMs, issuedBy: 'token:ci', tenant: 'default', correlationId: 'c-1' };
 * const decided = decideBackend(noBackend, { type: 'ResumeBackend', backend: 'gone' }, meta, { known: false });
 * decided._tag === 'Left' && decided.left._tag; // => 'BackendIsUnknown'
 */
export const decideBackend = ({ paused }: BackendState, command: BackendCommand, { issuedAt: at }: CommandMeta, facts: BackendFacts): E.Either<BackendRefusal, readonly BackendEvent[]> =>
  match(command)
    .returnType<Decision>()
    .with({ type: 'PauseBackend' }, ({ backend, reason }) =>
      paused === null ? unlessRefused([backendKnown(backend, facts), reasonFits(reason)], { type: 'BackendPaused', backend, reason, at }) : E.right([]),
    )
    // A backend that nobody has any more can still be resumed: it may come back.
    .with({ type: 'ResumeBackend' }, ({ backend }) => (paused === null ? unlessRefused([backendKnown(backend, facts)]) : E.right([{ type: 'BackendResumed', at }])))
    .exhaustive();
