/** How a loop over a task learns that there is none. */
import type { Refusal } from '@blockledger/domain';

/**
 * Thrown out of a loop over `tasks.watch` of a task that is none: a loop has no other way to be told.
 *
 * @example
 * import { controlPlane, TaskWatchEnded } from '@blockledger/app';
 * import { memoryStore } from '@blockledger/app/memory';
 * const plane = await controlPlane({ store: memoryStore(), backends: {} });
 * const why = await (async () => { for await (const task of plane.tasks.watch(7)) return task; })().catch((error) => error);
 * why instanceof TaskWatchEnded && why.refusal._tag; // => 'TaskNotFound'
 * await plane.close();
 */
export class TaskWatchEnded extends Error {
  readonly refusal: Refusal;
  constructor(refusal: Refusal) {
    super(refusal.message);
    this.name = 'TaskWatchEnded';
    this.refusal = refusal;
  }
}
