/** Every `@example` of a docstring runs, and gives what it says. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import * as assert from 'uvu/assert';
import { docExamples } from '../support/docExamples.ts';
import { repositoryRoot } from '../support/files.ts';
import { suite } from '../support/suite.ts';

const test = suite('examples in docstrings');

const examples = docExamples();
// Inside the repository, so that packages are found by name.
const folder = mkdtempSync(join(repositoryRoot, 'node_modules', '.examples-'));

test.after(() => rmSync(folder, { recursive: true, force: true }));

test('the docstrings have examples, and most of them check what they give', () => {
  assert.ok(examples.length >= 20, `only ${examples.length}`);
  assert.ok(examples.filter(({ source }) => source.includes('assert.equal(')).length > examples.length / 2);
});

test('every example of a docstring runs and gives what it says', async () => {
  const failed: string[] = [];
  for (const [index, { where, source }] of examples.entries()) {
    const file = join(folder, `example${index}.mts`);
    writeFileSync(file, source);
    // One after the other, since some listen or open files.
    await import(pathToFileURL(file).href).catch((error: unknown) => failed.push(`${where}: ${String(error)}`));
  }
  assert.equal(failed, []);
});

test.run();
