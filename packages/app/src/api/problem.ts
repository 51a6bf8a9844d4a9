/** RFC 9457: what a refusal looks like on the wire. */
import * as t from 'io-ts';
import { closed } from './closed.ts';
import { Id, Text } from './fields.ts';
import { named } from './schema.ts';

/** The media type of refusals. */
export const PROBLEM_TYPE = 'application/problem+json';

/** A refusal as a problem body. `type` names the kind for programs, `detail` tells people; `instance` is the request, as the log knows it. */
export const ProblemBody = named(
  'Problem',
  closed(
    { type: Text, title: Text, status: Id, detail: Text, rule: Text, spec: Text, remedy: Text },
    { value: t.unknown, limit: t.unknown, operationId: Text, instance: Text },
  ),
);

/** A refusal as a problem body. */
export interface Problem {
  /** `urn:blockledger:refusal:<tag>`. */
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
  readonly instance?: string;
}
