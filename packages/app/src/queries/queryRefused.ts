/** How who asks for a list badly learns of it. */
import type { Refusal } from '@blockledger/domain';

/**
 * Thrown by `list` for a query that types forbid and `page` refuses: a field that is not as it must be, a cursor of another list or order, a
 * status of what is gone. A list that is empty, or all there is, would pass for an answer.
 *
 * @example
 * import { controlPlane, QueryRefused } from '@blockledger/app';
 * import { memoryStore } from '@blockledger/app/memory';
 * const plane = await controlPlane({ store: memoryStore(), backends: {} });
 * const tryIt = () => { try { return plane.volumes.list({ limit: 1.5 }); } catch (thrown) { return thrown; } };
 * const thrown = tryIt();
 * thrown instanceof QueryRefused && thrown.refusal._tag; // => 'QueryIsInvalid'
 * const asked = plane.volumes.page({ limit: 1.5 });
 * asked._tag === 'Left' && asked.left._tag; // => 'QueryIsInvalid'
 * await plane.close();
 */
export class QueryRefused extends TypeError {
  readonly refusal: Refusal;
  constructor(refusal: Refusal) {
    super(refusal.message);
    this.name = 'QueryRefused';
    this.refusal = refusal;
  }
}
