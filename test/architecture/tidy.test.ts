import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { repositoryRoot } from '../support/files.ts';
import { suite } from '../support/suite.ts';

const test = suite('tidy');

// The brackets keep this file from finding itself.
const unfinished = /\b(?:T[O]DO|FIX[M]E|X[X]X)\b/;
const machinePath = /\/(?:w[o]rk|r[o]ot)\//;

const tracked = execFileSync('git', ['ls-files', '-z'], { cwd: repositoryRoot, encoding: 'utf8' }).split('\0').filter(Boolean);

/** Tracked text files as they are now; one that was deleted but not yet committed is left out. */
const texts = tracked.flatMap((path) => {
  try {
    const text = readFileSync(join(repositoryRoot, path), 'utf8');
    return text.includes('\0') ? [] : [{ path, text }];
  } catch {
    return [];
  }
});
const typeScript = texts.filter(({ path }) => path.endsWith('.ts'));

const linesWith = (files: typeof texts, pattern: RegExp): readonly string[] =>
  files.flatMap(({ path, text }) => text.split('\n').flatMap((line, at) => (pattern.test(line) ? [`${path}:${at + 1}`] : [])));

test('no source file says that it is unfinished', () => {
  assert.equal(linesWith(typeScript, unfinished), []);
});

test('no source line ends in blanks or a carriage return', () => {
  assert.equal(linesWith(typeScript, /[ \t\r]$/), []);
});

test('every source file ends with one newline', () => {
  assert.equal(typeScript.filter(({ text }) => !/[^\n]\n$/.test(text)).map(({ path }) => path), []);
});

test('no tracked file names a path of the machine it was written on', () => {
  assert.equal(linesWith(texts, machinePath), []);
});

test('no lock file names a registry', () => {
  const lock = texts.filter(({ path }) => path.endsWith('package-lock.json'));
  assert.equal(linesWith(lock, /"resolved": "https?:/), []);
});

for (const folder of ['.', 'docs', 'test/bench']) {
  test(`the lock file in ${folder} holds the binaries of every platform, without which npm ci refuses it`, () => {
    const lock = JSON.parse(readFileSync(join(repositoryRoot, folder, 'package-lock.json'), 'utf8')) as {
      packages: Record<string, { optionalDependencies?: Record<string, string> }>;
    };
    const absent = Object.entries(lock.packages).flatMap(([path, { optionalDependencies = {} }]) =>
      Object.keys(optionalDependencies)
        .filter((name) => !(`node_modules/${name}` in lock.packages) && !(`${path}/node_modules/${name}` in lock.packages))
        .map((name) => `${path} wants ${name}`),
    );
    assert.equal(absent, []);
  });
}

test('no test is left with .only', () => {
  assert.equal(linesWith(typeScript.filter(({ path }) => path.startsWith('test/')), /\btest\.only\(/), []);
});

test('tests take suite from test/support/suite.ts, which notices a forgotten run', () => {
  const direct = typeScript.filter(({ path, text }) => path !== 'test/support/suite.ts' && /\bfrom 'uv[u]'/.test(text));
  assert.equal(direct.map(({ path }) => path), []);
});

test.run();
