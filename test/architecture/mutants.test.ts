import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { brokenFile } from '../mutate/mutant.ts';
import { mutants } from '../mutate/mutants.ts';
import { repositoryRoot } from '../support/files.ts';
import { suite } from '../support/suite.ts';

const test = suite('mutants');

test('the text that each mutant breaks stands exactly once in its file', () => {
  const lost = mutants.filter((mutant) => readFileSync(join(repositoryRoot, brokenFile(mutant)), 'utf8').split(mutant.find).length !== 2);
  assert.equal(lost.map(({ breaks }) => breaks), []);
});

test('the tests that are to find a mutant are there', () => {
  const named = new Set(mutants.flatMap(({ tests }) => tests));
  assert.equal([...named].filter((path) => !existsSync(join(repositoryRoot, 'test', path))), []);
});

test('there are at least twenty mutants, each another one, and each changes something', () => {
  assert.ok(mutants.length >= 20);
  assert.is(new Set(mutants.map(({ file, find, replace }) => `${file} ${find} ${replace}`)).size, mutants.length);
  assert.ok(mutants.every(({ find, replace }) => find !== replace));
});

test.run();
