import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { filesUnder, repositoryRoot } from '../support/files.ts';
import { refusalTables } from '../support/refusalsPage.ts';
import { suite } from '../support/suite.ts';

const test = suite('refusals');

/** The tags that the examples of an aggregate reach: each stands in a `.refused('Tag'` that would fail otherwise. */
const reached = (aggregate: string): ReadonlySet<string> =>
  new Set(
    filesUnder('test/examples/domain', (path) => new RegExp(`/${aggregate}[A-Z.]`).test(path)).flatMap((path) => {
      const text = readFileSync(join(repositoryRoot, path), 'utf8');
      return [...text.matchAll(/\.refused\('(\w+)'/g), ...text.matchAll(/_tag : answer, '(\w+)'/g)].map(([, tag = '']) => tag);
    }),
  );

for (const [title, table] of Object.entries(refusalTables)) {
  test(`an example reaches every refusal of a ${title.toLowerCase()} [I-12]`, () => {
    const found = reached(title.toLowerCase());
    assert.equal(Object.keys(table).filter((tag) => !found.has(tag)), []);
  });
}

test('every refusal names a rule, where it is written, and a way out', () => {
  for (const table of Object.values(refusalTables))
    for (const [tag, { rule, spec, remedy }] of Object.entries(table)) {
      assert.match(rule, /^[a-z][A-Za-z0-9]+$/, tag);
      assert.match(spec, /^(S\d|R|I|V)-\d+$/, tag);
      assert.ok(remedy.length > 10, tag);
    }
});

test.run();
