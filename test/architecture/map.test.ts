/** The map in docs/architecture.md shows what there is: folders, files of aggregates, streams. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { kindOf } from '../../packages/app/src/engine/commands/aggregates.ts';
import { repositoryRoot } from '../support/files.ts';
import { suite } from '../support/suite.ts';

const test = suite('map');
const page = readFileSync(join(repositoryRoot, 'docs/architecture.md'), 'utf8');

const foldersIn = (path: string): readonly string[] => readdirSync(join(repositoryRoot, path), { withFileTypes: true }).filter((entry) => entry.isDirectory()).map(({ name }) => name);
const section = (title: string): string => page.split(/^## /m).find((one) => one.startsWith(title)) ?? '';
const AGGREGATES = foldersIn('packages/domain/src').filter((name) => !['kernel', 'ports', 'testing'].includes(name));

test('every folder of the sources is on the map, and the map has no other', () => {
  const parts = section('The parts');
  const named = new Set([...parts.matchAll(/`([^`]+)`/g)].flatMap(([, text = '']) => text.split('/').slice(-1)));
  const there = ['packages/domain/src', 'packages/app/src', 'packages/app/src/engine', 'packages/app/src/http'].flatMap(foldersIn);
  assert.ok(there.length > 30);
  assert.equal(there.filter((name) => !named.has(name)), []);
  for (const [, path = ''] of parts.matchAll(/`(packages\/[^`]+)`/g)) assert.ok(readdirSync(join(repositoryRoot, path)).length > 0, path);
});

test('the files of an aggregate are those of the table, and what is lacking or added is said', () => {
  const text = section('An aggregate');
  const [, exceptions = ''] = /(Two lack[\s\S]*?)\n\n/.exec(text) ?? [];
  const files = [...text.matchAll(/^\| `(\w+)` \|/gm)].map(([, name]) => name ?? '');
  assert.ok(files.length >= 9);
  for (const aggregate of AGGREGATES) {
    const there = readdirSync(join(repositoryRoot, 'packages/domain/src', aggregate)).filter((name) => name.endsWith('.ts') && name !== 'index.ts').map((name) => name.replace('.ts', ''));
    const odd = [...files.filter((name) => !there.includes(name)), ...there.filter((name) => !files.includes(name))];
    assert.equal(odd.filter((name) => !exceptions.includes(`\`${name}\``) || !exceptions.includes(`\`${aggregate}\``)), [], aggregate);
  }
});

test('every stream is in the table, and the table has no other', () => {
  const prefixes = [...section('Who decides what').matchAll(/`([a-zA-Z]+)-(?:<\w+>|…)`/g)].map(([, prefix]) => prefix ?? '');
  assert.equal(prefixes.filter((prefix) => kindOf(`${prefix}-x`) === undefined), []);
  const kinds = new Set<string | undefined>(prefixes.map((prefix) => kindOf(`${prefix}-x`)));
  assert.equal(AGGREGATES.map((name) => (name === 'accessToken' ? 'token' : name)).filter((name) => !kinds.has(name)), []);
});

test.run();
