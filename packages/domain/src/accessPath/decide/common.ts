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

const HEX = 16;
const BYTE = 256;
/** FNV-1a, with 32 bits. */
const [SEED, PRIME] = [0x811c9dc5, 0x01000193];
const hashOf = (text: string, salt: number): string =>
  (Array.from(text).reduce((hash, letter) => Math.imul(hash ^ letter.charCodeAt(0) % BYTE, PRIME), SEED ^ salt) >>> 0).toString(HEX).padStart(8, '0');

/** A UUID of our own making: the same from the same words, and another one from any others. */
export const madeId = (words: string): string => {
  const [a = '', b = '', c = '', d = ''] = [0, 1, 2, 3].map((salt) => hashOf(words, salt));
  return `${a}-${b.slice(0, 4)}-8${b.slice(5)}-8${c.slice(1, 4)}-${c.slice(4)}${d}`;
};
