/** docs/spec-coverage.md: which tests stand for which id of the specification, from the names of the tests. */
import { notHere, requiredIds } from './notHere.ts';
import { cell, made, type Page } from './pages.ts';
import { collectSpecIds } from './specIds.ts';

const by = 'test/support/writeSpecCoverage.ts';

const order = (id: string): string => id.replace(/^([A-Z]\d*)-(\d+)/, (_, kind: string, n: string) => `${kind}-${n.padStart(4, '0')}`);

/** Required ids that neither a test names nor the list excuses. */
export const missingIds = (found: ReadonlyMap<string, readonly string[]> = collectSpecIds()): readonly string[] => requiredIds.filter((id) => !found.has(id) && !Object.hasOwn(notHere, id));

export const coveragePage = (found: ReadonlyMap<string, readonly string[]> = collectSpecIds()): Page => {
  const ids = [...new Set([...requiredIds, ...found.keys()])].toSorted((one, other) => (order(one) < order(other) ? -1 : 1));
  const line = (id: string): string => {
    const names = [...new Set(found.get(id) ?? [])].map((name) => name.replaceAll(/\s*\[[^\]]*\]/g, ''));
    return names.length > 0 ? names.map(cell).join('<br>') : id in notHere ? `*not here:* ${cell(notHere[id] ?? '')}` : '**no test**';
  };
  const rows = ids.map((id) => `| ${id} | ${line(id)} |`);
  return {
    path: 'docs/spec-coverage.md',
    by,
    text: ['# Specification, by test', '', made(by), 'Each id of the specification with the tests that show it.', '', '| id | shown by |', '|---|---|', ...rows, ''].join('\n'),
  };
};
