/** Whatever an embedder can import says what it is, and whatever he is shown he can name. Read from the API reports, so it takes no time. */
import * as assert from 'uvu/assert';
import { standingReports } from '../support/apiReports.ts';
import { suite } from '../support/suite.ts';

const test = suite('documented exports');

/** An export of a report, with whether API Extractor found a docstring on it. */
const exportsIn = (report: string): readonly { readonly name: string; readonly documented: boolean }[] =>
  [...report.matchAll(/^\/\/ @\w+(?<flags> \([^\n]*\))?\n(?:\/\/[^\n]*\n)*export (?:declare )?(?:abstract )?(?:class|const|function|interface|type|let) (?<name>\w+)/gm)].map(
    ({ groups }) => ({ name: groups?.['name'] ?? '', documented: groups?.['flags']?.includes('undocumented') !== true }),
  );

/** Methods, and properties that are functions, without a docstring; what an export has beside its own. */
const undocumentedMethodsIn = (report: string): readonly string[] =>
  [...report.matchAll(/^ {4}\/\/ \(undocumented\)\n(?:    \/\/[^\n]*\n)* {4}(?:readonly )?(\w+)\??(?:: \(?\(|\()/gm)].map(([, name]) => name ?? '');

/** Types that an entry point shows and does not export. */
const unnamedIn = (report: string): readonly string[] => [...report.matchAll(/\(ae-forgotten-export\) The symbol "(\w+?)(?:_\d+)?"/g)].map(([, name]) => name ?? '');

const reports = Object.entries(standingReports()).map(([file, text]) => ({ file, text, found: exportsIn(text) }));

const listed = (look: (report: (typeof reports)[number]) => readonly string[]): readonly string[] => reports.flatMap((report) => look(report).map((name) => `${report.file}: ${name}`));

test('every export of every entry point has a docstring', () => {
  assert.equal(listed(({ found }) => found.filter(({ documented }) => !documented).map(({ name }) => name)), []);
});

test('every method of what is exported has a docstring', () => {
  assert.equal(listed(({ text }) => undocumentedMethodsIn(text)), []);
});

test('every type that an export shows is exported by some entry point', () => {
  const exported = new Set(reports.flatMap(({ found }) => found.map(({ name }) => name)));
  assert.equal(listed(({ text }) => unnamedIn(text).filter((name) => !exported.has(name))), []);
});

test('the reports are read right: each has exports, and the domain has more than two hundred', () => {
  assert.equal(reports.filter(({ found }) => found.length === 0).map(({ file }) => file), []);
  assert.ok((reports.find(({ file }) => file === 'domain.api.md')?.found.length ?? 0) > 200);
  assert.equal(exportsIn('// @public (undocumented)\nexport const KIB = 1024;\n\n// @public\nexport type A = 1;\n'), [
    { name: 'KIB', documented: false },
    { name: 'A', documented: true },
  ]);
  assert.equal(undocumentedMethodsIn('export interface A {\n    // (undocumented)\n    readonly size: number;\n    // (undocumented)\n    readonly list: (query?: Query) => Page;\n    // (undocumented)\n    toString(): string;\n}\n'), ['list', 'toString']);
  assert.equal(unnamedIn('// Warning: (ae-forgotten-export) The symbol "Step_2" needs to be exported by the entry point index.d.ts'), ['Step']);
});

test.run();
