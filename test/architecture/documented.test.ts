/** Whatever an embedder can import says what it is. Methods too are checked by `npm run docs`. */
import * as assert from 'uvu/assert';
import { standingReports } from '../support/apiReports.ts';
import { suite } from '../support/suite.ts';

const test = suite('documented exports');

/** An export of a report, with whether API Extractor found a docstring on it. */
const exportsIn = (report: string): readonly { readonly name: string; readonly documented: boolean }[] =>
  [...report.matchAll(/^\/\/ @\w+(?<flags> \([^\n]*\))?\n(?:\/\/[^\n]*\n)*export (?:declare )?(?:abstract )?(?:class|const|function|interface|type|let) (?<name>\w+)/gm)].map(
    ({ groups }) => ({ name: groups?.['name'] ?? '', documented: groups?.['flags']?.includes('undocumented') !== true }),
  );

const reports = Object.entries(standingReports()).map(([file, text]) => ({ file, found: exportsIn(text) }));

test('every export of every entry point has a docstring', () => {
  assert.equal(reports.flatMap(({ file, found }) => found.filter(({ documented }) => !documented).map(({ name }) => `${file}: ${name}`)), []);
});

test('the reports are read right: each has exports, and the domain has more than two hundred', () => {
  assert.equal(reports.filter(({ found }) => found.length === 0).map(({ file }) => file), []);
  assert.ok((reports.find(({ file }) => file === 'domain.api.md')?.found.length ?? 0) > 200);
  assert.equal(exportsIn('// @public (undocumented)\nexport const KIB = 1024;\n\n// @public\nexport type A = 1;\n'), [
    { name: 'KIB', documented: false },
    { name: 'A', documented: true },
  ]);
});

test.run();
