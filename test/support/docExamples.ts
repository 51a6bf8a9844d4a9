/** The `@example`s of docstrings, as programs. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { filesUnder, repositoryRoot } from './files.ts';

export interface DocExample {
  /** `packages/domain/src/kernel/rule.ts:10` */
  readonly where: string;
  readonly source: string;
}

const linesOf = (block: string): readonly string[] =>
  block
    .split('\n')
    .map((line) => line.replace(/^\s*\*? ?/, ''))
    .filter((line) => line !== '/');

/** An expression with what it gives, `a + b; // => 3`, is a check. */
export const checked = (line: string): string => {
  const found = /^(\s*)(.+?);?\s*\/\/ => (.+)$/.exec(line);
  return found === null ? line : `${found[1]}assert.equal(${found[2]}, ${found[3]});`;
};

const examplesIn = (path: string): readonly DocExample[] => {
  const text = readFileSync(join(repositoryRoot, path), 'utf8');
  return [...text.matchAll(/@example\n([\s\S]*?)(?=\n\s*\*\s*@|\*\/)/g)].map((found) => ({
    where: `${path}:${text.slice(0, found.index).split('\n').length}`,
    source: [`import * as assert from 'uvu/assert';`, ...linesOf(found[1] ?? '').map(checked)].join('\n'),
  }));
};

const sources = (): readonly string[] => filesUnder('packages', (path) => /^packages\/[^/]+\/src\/.*\.ts$/.test(path));

/** The names of exported functions, each with whether its docstring has an example. */
export const functionsWithExamples = (): ReadonlyMap<string, boolean> => {
  const found = sources().flatMap((path) =>
    [...readFileSync(join(repositoryRoot, path), 'utf8').matchAll(/(?<doc>\/\*\*(?:(?!\*\/)[\s\S])*\*\/)\nexport (?:const|(?:async )?function) (?<name>\w+)/g)].map(
      ({ groups }) => [groups?.['name'] ?? '', groups?.['doc']?.includes('@example') === true] as const,
    ),
  );
  return new Map(found.toSorted(([, a], [, b]) => Number(a) - Number(b)));
};

/** Every example of every package. */
export const docExamples = (): readonly DocExample[] =>
  sources().flatMap(examplesIn);
