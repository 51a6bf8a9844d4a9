/** What a backend says about its own surroundings when somebody asks why things do not work. */
import type { Task } from 'fp-ts/lib/Task.js';
import type { CallContext, Placement } from './blockBackend.ts';

/** What was looked at: `check` is one name for ever, for scripts; `about` is what it was looked at on (a pool, a program, a file). */
export interface Looked {
  readonly check: string;
  readonly about: string;
  /** What is so, in one sentence. Never a secret. */
  readonly found: string;
}

/**
 * One thing that was looked at. A `warning` works today and may not tomorrow; a `problem` keeps something from working. Both say what
 * follows from it (`meaning`) and what to do (`remedy`).
 */
export type Finding =
  | (Looked & { readonly level: 'ok' })
  | (Looked & { readonly level: 'warning' | 'problem'; readonly meaning: string; readonly remedy: string });

/**
 * Looks at everything between this process and its storage: programs, credentials, the way to it, its health, each pool, and whether
 * this process may write there. It changes nothing and leaves nothing behind, and no two findings have the same `check` and `about`.
 * It never fails: what cannot be looked at is a problem that is found. Limits: it answers within a minute, and soon after its signal is given.
 */
export type Diagnose = (placements: readonly Placement[], context: CallContext) => Task<readonly Finding[]>;
