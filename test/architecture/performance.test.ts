/** The page of figures says what the results beside it say: nobody changes a figure by hand, and every picture is there. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import type { Result, Target } from '../bench/frame/benchmark.ts';
import { ratioOf, verdictOf } from '../bench/frame/figures.ts';
import { keptResults, PAGE, performancePage } from '../bench/frame/page.ts';
import { repositoryRoot } from '../support/files.ts';
import { standing } from '../support/pages.ts';
import { suite } from '../support/suite.ts';

const test = suite('performance');

const result = (targets: readonly Target[]): Result => ({
  name: 'race',
  title: 'A race',
  about: 'They run.',
  rounds: 3,
  along: { name: 'runners', points: [1, 8] },
  measures: [{ name: 'rate', unit: '/s', better: 'more', plot: true }],
  targets,
  bounds: 'Legs.',
  references: [{ name: 'elsewhere', at: 8, figures: { rate: 4 } }],
  setting: { date: '2026-01-01', command: 'npm run bench -- race', cpu: 'some', cores: 2, memoryGiB: 24, system: 'Linux', node: 'v20', load: [0, 1] },
  contestants: [{ name: 'we', role: 'ours' }, { name: 'they', role: 'peer', version: '1.2.3' }],
  samples: [
    { contestant: 'we', at: 8, figures: [{ rate: 100 }, { rate: 20 }, { rate: 60 }] },
    { contestant: 'they', at: 8, figures: [{ rate: 50 }, { rate: 2 }, { rate: 20 }] },
    { contestant: 'we', at: 1, figures: [{ rate: 1 }, { rate: 2 }, { rate: 3 }] },
    { contestant: 'they', at: 1, figures: [{}, {}, {}] },
  ],
});

test('the page of figures is made from the results that are kept, each with its plots', () => {
  const page = standing(PAGE);
  assert.is(page, performancePage(keptResults()), `${PAGE} is out of date: npm run bench -- --page`);
  const plots = [...page.matchAll(/!\[.*?\]\((.*?)\)/g)].map(([, path = '']) => path);
  assert.equal(plots.filter((path) => !existsSync(join(repositoryRoot, 'docs', path))), []);
});

test('every result that is kept is of a benchmark that is there, as it is there', () => {
  for (const { name, title } of keptResults()) assert.ok(readFileSync(join(repositoryRoot, `test/bench/${name}.ts`), 'utf8').includes(title.replaceAll("'", "\\'")) || readFileSync(join(repositoryRoot, `test/bench/${name}.ts`), 'utf8').includes(title), name);
});

test('a ratio is the median of the ratios within each round, and of medians against a figure from elsewhere', () => {
  assert.is(ratioOf(result([]), 'rate', 8, { of: 'we', against: 'they' }), 3);
  assert.is(ratioOf(result([]), 'rate', 8, { of: 'we', against: 'elsewhere' }), 15);
  assert.is(ratioOf(result([]), 'rate', 1, { of: 'we', against: 'they' }), undefined);
});

test('a target is met, missed with its reason, or missed since nobody could measure it', () => {
  const target = { what: 'speed', measure: 'rate', of: 'we', against: 'they' };
  assert.equal(verdictOf(result([]), { ...target, atLeast: 3 }), { value: 3, isMet: true });
  assert.equal(verdictOf(result([]), { ...target, atMost: 2.9 }), { value: 3, isMet: false });
  assert.equal(verdictOf(result([]), { ...target, at: 1, atLeast: 1 }), { value: undefined, isMet: false });
  assert.equal(verdictOf(result([]), { what: 'speed', measure: 'rate', of: 'we', atLeast: 60 }), { value: 60, isMet: true });
  const page = performancePage([result([{ ...target, atLeast: 4, aim: 6, why: 'legs are short' }])]);
  assert.ok(page.includes('| speed | at least 4×, aim 6× | 3.00× | **missed**: legs are short |'));
  assert.ok(page.includes('| [speed](#a-race) | at least 4×, aim 6× | 3.00× | **missed** |'));
});

test('the page says of a figure from elsewhere that it is, and of a busy machine that it was', () => {
  const page = performancePage([result([])]);
  assert.ok(page.includes('| elsewhere (not in this run) | – | 4.00/s |'));
  assert.ok(page.includes('| they 1.2.3 | – | 20.0/s (2.00 to 50.0) |'));
  assert.not.ok(page.includes('busy with other work'));
  assert.ok(performancePage([{ ...result([]), setting: { ...result([]).setting, load: [3.2, 4] } }]).includes('busy with other work (a load of 3.2'));
});

test.run();
