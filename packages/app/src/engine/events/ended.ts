/** How a loop over events learns that it cannot go on. */
import type { Refusal } from '@blockledger/domain';

/**
 * Thrown out of a loop over `events()` that did not end by its signal or by closing: a loop has no other way to be told. Nothing was
 * lost: a new feed from the last position goes on.
 *
 * @example
 * import { controlPlane, EventsEnded } from '@blockledger/app';
 * import { memoryStore } from '@blockledger/app/memory';
 * const plane = await controlPlane({ store: memoryStore(), backends: {} });
 * const why = await (async () => { for await (const entry of plane.events({ from: 7 })) return entry; })().catch((error) => error);
 * why instanceof EventsEnded && why.refusal._tag; // => 'PositionNotInLog'
 * await plane.close();
 */
export class EventsEnded extends Error {
  readonly refusal: Refusal;
  constructor(refusal: Refusal) {
    super(refusal.message);
    this.name = 'EventsEnded';
    this.refusal = refusal;
  }
}
