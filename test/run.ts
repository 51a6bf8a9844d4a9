/**
 * Runs every `*.test.ts` under test/, each file in a process of its own, and closes with `N passed, N failed`.
 *
 * node --conditions=@blockledger/source --import tsx test/run.ts [--jobs=N] [part of a path …]
 */
import { filesUnder } from './support/files.ts';
import { BUILT_AT, buildPrograms, isCovered } from './support/programs/build.ts';
import { rowsOf } from './support/rows.ts';
import { runTestFile, stopAll, type FileResult } from './support/runTestFile.ts';

const args = process.argv.slice(2);
const filters = args.filter((arg) => !arg.startsWith('--'));
const jobs = Number(args.find((arg) => arg.startsWith('--jobs='))?.slice('--jobs='.length) ?? 2);
const timeLimitMs = Number(process.env['BLOCKLEDGER_TEST_FILE_MS'] ?? 20 * 60_000);

/** Characters of a failed file's output that are said again at the end. */
const MOST_REPEATED = 6_000;

const files = filesUnder('test', (path) => path.endsWith('.test.ts')).filter(
  (path) => filters.length === 0 || filters.some((filter) => path.includes(filter)),
);
const { onNothingReal, onCeph, onGatewaysAlone } = rowsOf(files);

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    stopAll();
    process.exit(130);
  });
}

const results: FileResult[] = [];

interface Row {
  /** So many at once. */
  readonly concurrency: number;
  /** Others have the processor first. */
  readonly yields?: boolean;
}

async function runAll(queue: readonly string[], { concurrency, yields = false }: Row): Promise<void> {
  const left = [...queue];
  const worker = async (): Promise<void> => {
    for (let file = left.shift(); file !== undefined; file = left.shift()) {
      const result = await runTestFile(file, { timeLimitMs, yields });
      results.push(result);
      report(result);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
}

function report({ file, passed, failed, skipped, elapsedMs, notes, output }: FileResult): void {
  if (failed > 0) console.log(output.trimEnd());
  for (const note of notes) console.log(`  ${file}: ${note}`);
  const counts = [`${passed} passed`, failed > 0 && `${failed} FAILED`, skipped > 0 && `${skipped} skipped`];
  console.log(`${failed > 0 ? 'not ok' : 'ok'} ${file}: ${counts.filter(Boolean).join(', ')} (${Math.round(elapsedMs)} ms)`);
}

if (!isCovered) process.env[BUILT_AT] = await buildPrograms();
// Tests on real parts measure time, and wait more than they work: what only works makes way for them.
const beside = runAll(onNothingReal, { concurrency: Math.max(1, jobs), yields: onCeph.length + onGatewaysAlone.length > 0 });
const cluster = runAll(onCeph, { concurrency: 1 });
// One row of real parts at a time while there is other work, then both.
const gateways = Promise.race([beside, cluster]).then(() => runAll(onGatewaysAlone, { concurrency: 1 }));
await Promise.all([beside, cluster, gateways]);

const sum = (count: 'passed' | 'failed' | 'skipped'): number => results.reduce((total, result) => total + result[count], 0);
const nothingMatched = files.length === 0;
if (nothingMatched) console.log(`no test file matches ${filters.join(' ') || 'test/**/*.test.ts'}`);

const failed = sum('failed') + (nothingMatched ? 1 : 0);
const failures = results.filter((result) => result.failed > 0).toSorted((a, b) => a.file.localeCompare(b.file));
// Said again at the end: of a long log often only the end is kept.
for (const { file, output } of failures) console.log(`failed: ${file}\n${output.trim().slice(-MOST_REPEATED)}`);
console.log(`${sum('passed')} passed, ${failed} failed${sum('skipped') > 0 ? `, ${sum('skipped')} skipped` : ''}`);
process.exitCode = failed > 0 ? 1 : 0;
