/** RFC 9457: how a refusal looks on the wire. */
import type { Refusal } from '@blockledger/domain';
import { statusFor } from './status.ts';

/** The media type of refusals. */
export const PROBLEM_TYPE = 'application/problem+json';

/** A refusal as a problem body. `type` names the kind for programs, `detail` tells people. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly rule: string;
  readonly spec: string;
  readonly remedy: string;
  readonly value?: unknown;
  readonly limit?: unknown;
  readonly operationId?: string;
  /** The request, as the log knows it. */
  readonly instance?: string;
}

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
