import { isDeepStrictEqual } from 'node:util';
import * as domain from '@blockledger/domain';
import fc from 'fast-check';
import * as E from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import * as assert from 'uvu/assert';
import { damaged, drawn } from '../support/codecArbitrary.ts';
import { seeds } from '../support/domainWalk.ts';
import { suite } from '../support/suite.ts';

const test = suite('codecs of messages');

interface Messages extends t.Type<unknown> {
  readonly fields: domain.Members;
}

const isMessages = (value: unknown): value is Messages => value instanceof t.Type && 'fields' in value;
const tables = (Object.values(domain) as readonly unknown[]).filter(isMessages);

/** The codec that io-ts makes of the same table. */
const plainOf = (type: string, props: t.Props): t.Mixed => t.strict({ type: t.literal(type), ...props }, type);

const members = tables.flatMap((table) => Object.entries(table.fields).map(([type, props]) => ({ table, type, plain: plainOf(type, props) })));

/** Where and on what a decoding failed, without the codecs themselves. */
const flaws = (errors: t.Errors) => errors.map(({ value, context, message }) => ({ value, message, path: context.map(({ key }) => key).join('/'), last: context.at(-1)?.type.name })).toSorted((a, b) => (a.path < b.path ? -1 : 1));

const outcome = (decoded: t.Validation<unknown>) => (E.isRight(decoded) ? decoded : E.left(flaws(decoded.left)));

test('every table of messages is looked at', () => {
  assert.is(tables.length, 22, tables.map(({ name }) => name).join(', '));
  assert.ok(members.length > 300, String(members.length));
});

for (const seed of seeds())
  test(`the quick look at a message answers as the plain codec does, for all messages and whatever is wrong with them: ${seed === 42 ? 'the seed of always' : 'a fresh seed'}`, () => {
    for (const { table, type, plain } of members)
      fc.assert(
        fc.property(damaged(drawn(plain)), (value) => {
          // Damage to the type makes it another message, or none: those are the business of the table.
          if ((value as { readonly type?: unknown } | null)?.type !== type) return;
          const [quick, slow] = [table.decode(value), plain.decode(value)];
          if (!isDeepStrictEqual(outcome(quick), outcome(slow))) assert.equal(outcome(quick), outcome(slow), type);
          assert.is(table.is(value), plain.is(value));
        }),
        { seed, numRuns: 40 },
      );
  });

test('a message that is as it should be is handed back as it is', () => {
  for (const { table, type, plain } of members)
    fc.assert(
      fc.property(drawn(plain), (value) => {
        const decoded = table.decode(value);
        assert.ok(E.isRight(decoded), type);
        assert.is(decoded.right, value, type);
      }),
      { seed: 42, numRuns: 20 },
    );
});

test.run();
