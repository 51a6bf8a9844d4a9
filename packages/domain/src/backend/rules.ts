/** What must hold before a backend's aggregate accepts a command. */
import { refuseBackend, type BackendRefusal } from './errors.ts';
import type { BackendFacts } from './facts.ts';
import { MAX_PAUSE_REASON_LENGTH } from './limits.ts';

/** A name that leads nowhere is most likely misspelt, and the backend that was meant would go on. */
export const backendKnown = (backend: string, { known }: BackendFacts): BackendRefusal | undefined =>
  known ? undefined : refuseBackend('BackendIsUnknown', `there is no backend named "${backend}"`, { value: backend });

export const reasonFits = (reason: string): BackendRefusal | undefined =>
  reason.length <= MAX_PAUSE_REASON_LENGTH
    ? undefined
    : refuseBackend('ReasonIsTooLong', `the reason has ${reason.length} characters, ${MAX_PAUSE_REASON_LENGTH} are allowed`, { value: reason.length, limit: MAX_PAUSE_REASON_LENGTH });
