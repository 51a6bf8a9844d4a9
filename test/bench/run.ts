/** `npm run bench`: every figure that the documents quote. `npm run bench -- replay list` runs some, `--rounds=1` tries them and keeps nothing. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { repositoryRoot } from '../support/files.ts';
import type { Measure, Result } from './frame/benchmark.ts';
import { peer } from './frame/peers.ts';
import { isPlotted, keptResults, PAGE, performancePage, plotPath, RESULTS, section } from './frame/page.ts';

const { values, positionals: wanted } = parseArgs({ allowPositionals: true, options: { rounds: { type: 'string' }, page: { type: 'boolean' } } });
const folderOfBenchmarks = fileURLToPath(new URL('.', import.meta.url));

/** A benchmark is a file that says so. */
const all = readdirSync(folderOfBenchmarks).filter((name) => name.endsWith('.ts') && /^export const benchmark\b/m.test(readFileSync(join(folderOfBenchmarks, name), 'utf8'))).map((name) => name.slice(0, -3));
const unknown = wanted.filter((name) => !all.includes(name));
if (unknown.length > 0) {
  console.error(`there is no benchmark ${unknown.join(', ')}; there are ${all.join(', ')}`);
  process.exit(1);
}

/** Each in a process of its own: peak memory is a process's figure, and nothing warms up for its neighbour. */
const runOne = (name: string, folder: string): Result | undefined => {
  const file = join(folder, `${name}.json`);
  const one = join(folderOfBenchmarks, 'frame/one.ts');
  const args = ['--conditions=@blockledger/source', '--import', 'tsx', one, name, file, ...(values.rounds === undefined ? [] : [values.rounds])];
  execFileSync(process.execPath, args, { stdio: 'inherit', cwd: repositoryRoot });
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Result) : undefined;
};

const { plotOf } = await peer<{ readonly plotOf: (result: Result, measure: Measure) => string }>('plots');

const keep = (result: Result): void => {
  mkdirSync(join(repositoryRoot, RESULTS), { recursive: true });
  writeFileSync(join(repositoryRoot, RESULTS, `${result.name}.json`), `${JSON.stringify(result)}\n`);
};

/** The page, and a picture for all that it shows. */
const writePage = (): void => {
  const results = keptResults();
  writeFileSync(join(repositoryRoot, PAGE), performancePage(results));
  for (const result of results) for (const measure of result.measures) if (isPlotted(result, measure)) writeFileSync(join(repositoryRoot, 'docs', plotPath(result, measure)), plotOf(result, measure));
  console.log(`wrote ${PAGE}`);
};

const folder = mkdtempSync(join(tmpdir(), 'blockledger-bench-'));
const failed: string[] = [];
const took: string[] = [];
try {
  for (const name of values.page === true ? [] : all.filter((each) => wanted.length === 0 || wanted.includes(each))) {
    console.log(`\n${name}`);
    const began = performance.now();
    try {
      const result = runOne(name, folder);
      if (result === undefined) continue;
      console.log(section(result));
      if (values.rounds === undefined) keep(result);
    } catch (error) {
      failed.push(name);
      console.error(`${name} failed: ${String(error)}`);
    } finally {
      took.push(`${name} ${Math.round((performance.now() - began) / 1000)} s`);
    }
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
if (took.length > 0) console.log(`\ntook: ${took.join(', ')}`);
if (values.rounds === undefined) writePage();
if (failed.length > 0) {
  console.error(`failed: ${failed.join(', ')}`);
  process.exitCode = 1;
}
