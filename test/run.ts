/**
 * Runs every `*.test.ts` under test/, each file in a process of its own, and closes with `N passed, N failed`.
 *
 * node --conditions=@blockledger/source --import tsx test/run.ts [--jobs=N] [part of a path …]
 */
import { filesUnder } from './support/files.ts';
import { runTestFile, stopAll, type FileResult } from './support/runTestFile.ts';

const args = process.argv.slice(2);
const filters = args.filter((arg) => !arg.startsWith('--'));
const jobs = Number(args.find((arg) => arg.startsWith('--jobs='))?.slice('--jobs='.length) ?? 2);
const timeLimitMs = Number(process.env['BLOCKLEDGER_TEST_FILE_MS'] ?? 10 * 60_000);

/** Characters of a failed file's output that are said again at the end. */
const MOST_REPEATED = 6_000;

const files = filesUnder('test', (path) => path.endsWith('.test.ts')).filter(
  (path) => filters.length === 0 || filters.some((filter) => path.includes(filter)),
);
/** Tests without a cluster: most of their time they wait, for elections, sessions and the end of a soak. */
const onGatewaysAlone = /^test\/real\/(keepalived|hosts|xdc|arraySoak|tgt\.(contract|traps|initiator))\b/;
// Tests on real parts share daemons and loop devices, and measure time: they run after the others, in two rows, of which one mostly waits.
const others = files.filter((path) => !path.startsWith('test/real/'));
const waiting = files.filter((path) => onGatewaysAlone.test(path));
const onRealParts = files.filter((path) => path.startsWith('test/real/') && !onGatewaysAlone.test(path));

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    stopAll();
    process.exit(130);
  });
}

const results: FileResult[] = [];

async function runAll(queue: readonly string[], concurrency: number): Promise<void> {
  const left = [...queue];
  const worker = async (): Promise<void> => {
    for (let file = left.shift(); file !== undefined; file = left.shift()) {
      const result = await runTestFile(file, timeLimitMs);
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

await runAll(others, Math.max(1, jobs));
await Promise.all([runAll(onRealParts, 1), runAll(waiting, 1)]);

const sum = (count: 'passed' | 'failed' | 'skipped'): number => results.reduce((total, result) => total + result[count], 0);
const nothingMatched = files.length === 0;
if (nothingMatched) console.log(`no test file matches ${filters.join(' ') || 'test/**/*.test.ts'}`);

const failed = sum('failed') + (nothingMatched ? 1 : 0);
const failures = results.filter((result) => result.failed > 0).toSorted((a, b) => a.file.localeCompare(b.file));
// Said again at the end: of a long log often only the end is kept.
for (const { file, output } of failures) console.log(`failed: ${file}\n${output.trim().slice(-MOST_REPEATED)}`);
console.log(`${sum('passed')} passed, ${failed} failed${sum('skipped') > 0 ? `, ${sum('skipped')} skipped` : ''}`);
process.exitCode = failed > 0 ? 1 : 0;
