/** What hosts, client groups, access paths and VIP groups have in common. */
import * as t from 'io-ts';
import { closed } from '../closed.ts';
import { Moment, nullable, Text, UuidText, wordOf } from '../fields.ts';
import { described, named } from '../schema.ts';

/** What kind of access it is. */
export const AccessTypeWord = wordOf('iscsi', 'local', 'fc');

/** Where a part is in its life, in the source's words. */
export const PartStatusWord = named('PartStatus', wordOf('creating', 'active', 'deleting'));

/** Since when and why a host cannot be reached (I-20). */
export const UnreachableBody = named('Unreachable', closed({ code: Text, message: Text, since: nullable(Moment) }, {}));

/** An operation under way on a resource that allows several at once. */
export const OperationBody = named('Operation', closed({ task: UuidText, kind: Text }, {}));

/** The text of a secret. What was sent instead is not told back: it may be one, too. */
const isText = (value: unknown): value is string => typeof value === 'string';
/** A CHAP secret: it is taken, and never shown. */
export const ChapSecret = described(
  new t.Type<string, unknown>('text', isText, (input, context) => (isText(input) ? t.success(input) : t.failure(undefined, context, 'must be text')), (output) => output),
  { type: 'string', writeOnly: true, description: '12 to 16 letters, digits, and @ - _ /.' },
);
/** The user of a CHAP account. */
export const ChapUser = described(t.refinement(Text, () => true, Text.name), { type: 'string', description: '8 to 64 letters, digits, and . : @ _ -.' });
