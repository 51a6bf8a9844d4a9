/** Moments in bodies are written by hand, since lists hold thousands of them; they are what `toISOString` says. */
import * as fc from 'fast-check';
import * as assert from 'uvu/assert';
import { moment } from '../../packages/app/src/http/views/common.ts';
import { suite } from '../support/suite.ts';

const test = suite('moments');

const LATEST = 8_640_000_000_000_000;

test('a moment is written as ISO 8601 in UTC, whatever its year, and none stays none', () => {
  assert.is(moment(null), null);
  assert.is(moment(1_800_000_000_007), '2027-01-15T08:00:00.007Z');
  const any = fc.oneof(fc.integer({ min: -LATEST, max: LATEST }), fc.integer({ min: 0, max: 4_102_444_800_000 }), fc.double({ min: -1e13, max: 1e13, noNaN: true }));
  fc.assert(fc.property(any, (ms) => moment(ms) === new Date(ms).toISOString()), { numRuns: 20_000, examples: [[0], [-1], [-0.5], [LATEST], [-LATEST], [86_399_999], [86_400_000]] });
});

test('a moment beyond all calendars is no text', () => {
  for (const ms of [Number.NaN, Infinity, 2 * LATEST]) assert.throws(() => moment(ms));
});

test.run();
