/** Golden files: what was once seen to be right. Written anew with BLOCKLEDGER_GOLDEN=write. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import * as assert from 'uvu/assert';
import { repositoryRoot } from './files.ts';

/** Compares a value with a golden JSON file below test/golden, or writes the file where that is asked for. */
export function matchesGolden(name: string, value: unknown): void {
  const path = join(repositoryRoot, 'test/golden', name);
  const text = `${JSON.stringify(value, undefined, 1)}\n`;
  if (process.env['BLOCKLEDGER_GOLDEN'] === 'write') {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    return;
  }
  assert.equal(JSON.parse(text) as unknown, JSON.parse(readFileSync(path, 'utf8')) as unknown, `differs from test/golden/${name}`);
}
