import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { filesUnder, repositoryRoot } from './files.ts';

const testName = /\btest(?:\.skip)?\(\s*(?:'((?:[^'\\\n]|\\.)*)'|"((?:[^"\\\n]|\\.)*)"|`((?:[^`\\]|\\.)*)`)/g;
const bracketed = /\[([^\][]+)\]/g;
const specId = /^(?:S\d+|[A-Z])-\d+[a-z]?$/;

/** The names of the tests in one source text, in order, as written: a `${…}` in a name is kept as it stands. */
export function testNames(source: string): readonly string[] {
  return [...source.matchAll(testName)].map(([, single, double, template]) =>
    (single ?? double ?? template ?? '').replaceAll(/\\(.)/g, '$1'),
  );
}

/** The SPEC ids in a test's name: `… [S0-61]` or `… [S0-61, R-4]`. */
export function specIdsIn(name: string): readonly string[] {
  return [...name.matchAll(bracketed)].flatMap(([, inside = '']) =>
    inside
      .split(',')
      .map((id) => id.trim())
      .filter((id) => specId.test(id)),
  );
}

/**
 * Which tests stand for which SPEC id, read from the sources without running them: from `*.test.ts` under test/ and from
 * the contract suites that packages export (`packages/<name>/src/testing`).
 */
export function collectSpecIds(): Map<string, string[]> {
  const found = new Map<string, string[]>();
  const sources = [
    ...filesUnder('test', (path) => path.endsWith('.test.ts')),
    ...filesUnder('packages', (path) => path.includes('/src/testing/') && path.endsWith('.ts')),
  ];
  for (const source of sources) {
    for (const name of testNames(readFileSync(join(repositoryRoot, source), 'utf8'))) {
      for (const id of specIdsIn(name)) found.set(id, [...(found.get(id) ?? []), name]);
    }
  }
  return found;
}
