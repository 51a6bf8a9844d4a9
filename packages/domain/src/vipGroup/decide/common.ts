/** What all decisions of a VIP group share. */
import * as E from 'fp-ts/lib/Either.js';
import type { CommandMeta } from '../../kernel/envelope.ts';
import { operationOf } from '../../kernel/ids.ts';
import type { Of } from '../../kernel/tagged.ts';
import type { VipGroupRefusal } from '../errors.ts';
import type { PossibleMember, VipGroupDecisionFacts } from '../facts.ts';
import type { VipGroupCommand, VipGroupEvent, VipMember } from '../messages.ts';
import type { VipGroupFields, VipGroupState } from '../state.ts';

/** Events, or the refusal of the first rule that does not hold. */
export type Decision = E.Either<VipGroupRefusal, readonly VipGroupEvent[]>;
export type Command<K extends VipGroupCommand['type']> = Of<VipGroupCommand, K>;

/** What a decision is made on. */
export interface Case {
  readonly state: VipGroupState;
  readonly meta: CommandMeta;
  readonly facts: VipGroupDecisionFacts;
}

/** The same where the group is there. */
export interface Existing extends Case {
  readonly group: VipGroupFields;
}

export const accept = (...events: readonly VipGroupEvent[]): Decision => E.right(events);

export const unless = (refusals: readonly (VipGroupRefusal | undefined)[], ...events: readonly VipGroupEvent[]): Decision => {
  const refusal = refusals.find((found) => found !== undefined);
  return refusal === undefined ? E.right(events) : E.left(refusal);
};

export const opOf = ({ commandId, issuedAt }: CommandMeta): Pick<Of<VipGroupEvent, 'VipRequested'>, 'operationId' | 'at'> => ({ operationId: operationOf(commandId), at: issuedAt });

export const memberOf = ({ segment: _segment, ...member }: PossibleMember): VipMember => member;
