/** How a refusal becomes a problem body. */
import type { Refusal } from '@blockledger/domain';
import type { Problem } from '../../api/problem.ts';
import { statusFor } from './status.ts';

export { PROBLEM_TYPE, type Problem } from '../../api/problem.ts';

/** `VolumeIsMapped` as words: `volume is mapped`. */
const inWords = (tag: string): string => tag.replaceAll(/(?<=[a-z0-9])(?=[A-Z])/g, ' ').toLowerCase();

/**
 * The problem body of a refusal.
 *
 * @example
 * import { problemOf } from '@blockledger/app/http';
 * import { refuseVolume } from '@blockledger/domain';
 * problemOf(refuseVolume('VolumeIsMapped', 'it is in access path 3')).title; // => 'volume is mapped'
 */
export const problemOf = (refusal: Refusal, requestId?: string): Problem => ({
  type: `urn:blockledger:refusal:${refusal._tag}`,
  title: inWords(refusal._tag),
  status: statusFor(refusal),
  detail: refusal.message,
  rule: refusal.rule,
  spec: refusal.spec,
  remedy: refusal.remedy,
  ...(refusal.value === undefined ? {} : { value: refusal.value }),
  ...(refusal.limit === undefined ? {} : { limit: refusal.limit }),
  ...(refusal.operationId === undefined ? {} : { operationId: refusal.operationId }),
  ...(requestId === undefined ? {} : { instance: `urn:uuid:${requestId}` }),
});
