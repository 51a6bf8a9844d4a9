/** Every `@example` of a docstring runs, and gives what it says. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import * as assert from 'uvu/assert';
import { standingReports } from '../support/apiReports.ts';
import { compilePrograms } from '../support/compilePrograms.ts';
import { docExamples, functionsWithExamples } from '../support/docExamples.ts';
import { repositoryRoot } from '../support/files.ts';
import { suite } from '../support/suite.ts';

const test = suite('examples in docstrings');

const examples = docExamples();
// Inside the repository, so that packages are found by name.
const folder = mkdtempSync(join(repositoryRoot, 'node_modules', '.examples-'));

const fileOf = (index: number): string => join(folder, `example${index}.mts`);

test.before(() => {
  for (const [index, { where, source }] of examples.entries()) writeFileSync(fileOf(index), `// ${where}\n${source}`);
});
test.after(() => rmSync(folder, { recursive: true, force: true }));

test('the docstrings have examples, and most of them check what they give', () => {
  assert.ok(examples.length >= 20, `only ${examples.length}`);
  assert.ok(examples.filter(({ source }) => source.includes('assert.equal(')).length > examples.length / 2);
});

test('every function that can be imported shows its use in an example', () => {
  const known = functionsWithExamples();
  const functions = Object.values(standingReports()).flatMap((report) => [...report.matchAll(/^export (?:const (\w+): (?:<[^;]*?>)?\(|function (\w+))/gm)].map(([, a, b]) => a ?? b ?? ''));
  assert.ok(functions.length > 80);
  assert.equal(functions.filter((name) => known.get(name) !== true), []);
});

test('every example of a docstring compiles under strict settings', () => {
  // The first line of each file says where it is from.
  const said = compilePrograms(folder).replaceAll(/^example(\d+)\.mts/gm, (_found, index: string) => examples[Number(index)]?.where ?? '');
  assert.is(said, '');
});

test('every example of a docstring runs and gives what it says', async () => {
  const failed: string[] = [];
  for (const [index, { where }] of examples.entries()) {
    // One after the other, since some listen or open files.
    await import(pathToFileURL(fileOf(index)).href).catch((error: unknown) => failed.push(`${where}: ${String(error)}`));
  }
  assert.equal(failed, []);
});

test.run();
