/** What all decisions of an access path share. */
import * as E from 'fp-ts/lib/Either.js';
import type { CommandMeta } from '../../kernel/envelope.ts';
import { operationOf, type OperationId } from '../../kernel/ids.ts';
import type { TimestampMs } from '../../kernel/quantities.ts';
import type { Of } from '../../kernel/tagged.ts';
import { refuseAccessPath, type AccessPathRefusal } from '../errors.ts';
import type { AccessPathDecisionFacts } from '../facts.ts';
import type { AccessPathCommand, AccessPathEvent } from '../messages.ts';
import { mappingGroupOf, type AccessPathFields, type AccessPathState, type MappingGroup } from '../state.ts';

/** Events, or the refusal of the first rule that does not hold. */
export type Decision = E.Either<AccessPathRefusal, readonly AccessPathEvent[]>;

export type Command<K extends AccessPathCommand['type']> = Of<AccessPathCommand, K>;

/** What a decision is made on. */
export interface Case {
  readonly state: AccessPathState;
  readonly meta: CommandMeta;
  readonly facts: AccessPathDecisionFacts;
}

/** The same where the access path is there. */
export interface Existing extends Case {
  readonly path: AccessPathFields;
}

export const accept = (...events: readonly AccessPathEvent[]): Decision => E.right(events);

export const unless = (refusals: readonly (AccessPathRefusal | undefined)[], ...events: readonly AccessPathEvent[]): Decision => {
  const refusal = refusals.find((found) => found !== undefined);
  return refusal === undefined ? E.right(events) : E.left(refusal);
};

export const opOf = ({ commandId, issuedAt }: CommandMeta): { readonly operationId: OperationId; readonly at: TimestampMs } => ({ operationId: operationOf(commandId), at: issuedAt });

/** Decides about a mapping group of the path, or says that there is none. */
export const onGroup = ({ path }: Existing, id: string, decide: (group: MappingGroup) => Decision): Decision => {
  const group = mappingGroupOf(path, id);
  return group === undefined ? E.left(refuseAccessPath('MappingGroupNotFound', `the access path has no mapping group ${id}`, { value: id })) : decide(group);
};
