/** The programs of the guides and of every README compile and run, and give what they say. The pieces of one page are one program. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import * as assert from 'uvu/assert';
import { compilePrograms } from '../support/compilePrograms.ts';
import { checked } from '../support/docExamples.ts';
import { repositoryRoot } from '../support/files.ts';
import { packages } from '../support/packed.ts';
import { suite } from '../support/suite.ts';

const test = suite('guides');
const folder = mkdtempSync(join(repositoryRoot, 'node_modules', '.guides-'));
test.after(() => rmSync(folder, { recursive: true, force: true }));

const pages = ['README.md', ...packages.map((each) => `${each.folder}/README.md`), ...readdirSync(join(repositoryRoot, 'docs/guides')).map((name) => `docs/guides/${name}`)];

const programOf = (page: string): string =>
  [...readFileSync(join(repositoryRoot, page), 'utf8').matchAll(/^```ts\n([\s\S]*?)^```/gm)]
    .flatMap(([, code]) => (code ?? '').split('\n'))
    .map(checked)
    .join('\n');

const programs = pages.map((page) => ({ page, program: programOf(page), file: join(folder, `${page.replaceAll(/\W/g, '-')}.mts`) })).filter(({ program }) => program.trim() !== '');

test.before(() => {
  for (const { program, file } of programs) writeFileSync(file, `import * as assert from 'uvu/assert';\n${program}`);
});

test('the programs of the guides and of every README compile under strict settings', () => assert.is(compilePrograms(folder), ''));

for (const { page, file } of programs) {
  test(`the program of ${page} runs and gives what it says`, async () => {
    await import(pathToFileURL(file).href);
  });
}

test('links of the guides lead somewhere', () => {
  const lost: string[] = [];
  for (const page of pages) {
    for (const [, target = ''] of readFileSync(join(repositoryRoot, page), 'utf8').matchAll(/\]\(([^)#]+)(?:#[^)]*)?\)/g)) {
      if (/^[a-z]+:/.test(target)) continue;
      try {
        readFileSync(join(repositoryRoot, page, '..', target));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EISDIR') lost.push(`${page}: ${target}`);
      }
    }
  }
  assert.equal(lost, []);
});

test.run();
