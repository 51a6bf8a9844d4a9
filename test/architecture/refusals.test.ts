import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { filesUnder, repositoryRoot } from '../support/files.ts';
import { refusalTables } from '../support/refusalsPage.ts';
import { suite } from '../support/suite.ts';

const test = suite('refusals');

/** Who asks an aggregate in the scenes of gateways, which have several. */
const ASKING: Readonly<Record<string, string>> = { host: 'onHost', clientGroup: 'onClients', accessPath: 'onPath', vipGroup: 'onVips' };

const textOf = (path: string): string => readFileSync(join(repositoryRoot, path), 'utf8');
const examples = filesUnder('test/examples/domain', (path) => path.endsWith('.test.ts'));
/** Each stands in a `.refused('Tag'` that would fail otherwise. */
const tagsIn = (text: string): readonly string[] => [...text.matchAll(/\.refused\('(\w+)'/g), ...text.matchAll(/_tag : answer, '(\w+)'/g)].map(([, tag = '']) => tag);
const isOnlyOf = (table: object, tag: string): boolean => Object.values(refusalTables).every((other) => other === table || !Object.hasOwn(other, tag));

/** The tags that the examples of an aggregate reach: in its own files, asked of it in another's, or in any where no other aggregate has them. */
const reached = (aggregate: string, table: object): ReadonlySet<string> => {
  const own = examples.filter((path) => new RegExp(`/${aggregate}[A-Z.]`).test(path)).map(textOf);
  const asked = examples.flatMap((path) => textOf(path).split('\n')).filter((line) => line.includes(`${ASKING[aggregate] ?? '\n'}(`));
  const anywhere = examples.flatMap((path) => tagsIn(textOf(path))).filter((tag) => isOnlyOf(table, tag));
  return new Set([...[...own, ...asked].flatMap(tagsIn), ...anywhere]);
};

/** How the files of an aggregate begin: `clientGroup` of "Client group". */
const stemOf = (title: string): string => title.toLowerCase().replaceAll(/ (\w)/g, (_, letter: string) => letter.toUpperCase());

for (const [title, table] of Object.entries(refusalTables)) {
  test(`every refusal of a table is reached by an example: ${title} [I-12]`, () => {
    const found = reached(stemOf(title), table);
    assert.equal(Object.keys(table).filter((tag) => !found.has(tag)), []);
  });
}

test('every refusal names a rule, where it is written, and a way out', () => {
  for (const table of Object.values(refusalTables))
    for (const [tag, { rule, spec, remedy }] of Object.entries(table)) {
      assert.match(rule, /^[a-z][A-Za-z0-9]+$/, tag);
      assert.match(spec, /^(S\d|R|I|V|X)-\d+$/, tag);
      assert.ok(remedy.length > 10, tag);
    }
});

test.run();
