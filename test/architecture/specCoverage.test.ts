import * as assert from 'uvu/assert';
import { coveragePage, missingIds } from '../support/coveragePage.ts';
import { notHere, requiredIds } from '../support/notHere.ts';
import { standing } from '../support/pages.ts';
import { collectSpecIds } from '../support/specIds.ts';
import { suite } from '../support/suite.ts';

const test = suite('specification coverage');

test('every id of the specification that this release must show is named by a test, or excused', () => {
  assert.equal(missingIds(), []);
});

test('nothing is excused that a test shows, and nothing that nobody asked for', () => {
  const found = collectSpecIds();
  assert.equal(Object.keys(notHere).filter((id) => found.has(id) || !requiredIds.includes(id)), []);
});

test('docs/spec-coverage.md is up to date', () => {
  const { path, by, text } = coveragePage();
  assert.is(standing(path), text, `${path} is out of date: run node --conditions=@blockledger/source --import tsx ${by}`);
});

test.run();
