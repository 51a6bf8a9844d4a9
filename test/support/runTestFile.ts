import { spawn, type ChildProcess } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { setPriority } from 'node:os';
import { repositoryRoot } from './files.ts';

/** What came of one test file. `failed` counts a crash, a time-out or a file without tests as one failure. */
export interface FileResult {
  readonly file: string;
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  readonly elapsedMs: number;
  /** Whole sentences on what was wrong, skipped or measured beyond the failed tests themselves. */
  readonly notes: readonly string[];
  readonly output: string;
}

/** How a child process ended, and what it said. */
export interface Ending {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly output: string;
  readonly stopped: 'no' | 'timeLimit' | 'lingered';
}

const running = new Set<ChildProcess>();
const uvuTotals = /^ {2}Total: +(\d+)\n {2}Passed: +(\d+)\n {2}Skipped: +(\d+)$/gm;
const skippedLine = /^skipped (\d+): (.*)$/gm;
/** What was measured is printed even when all is well. */
const measuredLine = /^measured: .*$/gm;
/** After its totals a test process has this long to end by itself. */
const lingerMs = 20_000;
/** A third of the share that others have: enough to go on beside them. */
const NICENESS = 5;

/** Kills every test process that still runs, with all that it started in its process group. */
export function stopAll(): void {
  for (const child of running) kill(child);
}

function kill(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    child.kill('SIGKILL');
  }
}

/** How a test file is run. */
export interface TestRun {
  readonly timeLimitMs: number;
  /** It has the processor when nobody else wants it. */
  readonly yields?: boolean;
}

/** Linux shares a processor among sessions first, and a test file is one: its niceness would only count among its own processes. */
function yieldToOthers(pid: number): void {
  try {
    setPriority(pid, NICENESS);
    writeFileSync(`/proc/${pid}/autogroup`, String(NICENESS));
  } catch {
    // It has ended already, or this system has no such thing: then it runs as all others do.
  }
}

/** Runs one test file in its own process group, and counts what it did. */
export async function runTestFile(file: string, how: TestRun): Promise<FileResult> {
  const startedAt = performance.now();
  const ending = await run(file, how);
  return { file, elapsedMs: performance.now() - startedAt, output: ending.output, ...judge(ending) };
}

function run(file: string, { timeLimitMs, yields = false }: TestRun): Promise<Ending> {
  const { FORCE_COLOR: _, ...environment } = process.env;
  const child = spawn(process.execPath, ['--conditions=@blockledger/source', '--import', 'tsx', file], {
    cwd: repositoryRoot,
    detached: true,
    env: { ...environment, NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.add(child);
  if (yields && child.pid !== undefined) yieldToOthers(child.pid);

  let output = '';
  let stopped: Ending['stopped'] = 'no';
  let lingering: NodeJS.Timeout | undefined;
  const stop = (why: Ending['stopped']) => () => {
    stopped = why;
    kill(child);
  };
  const limit = setTimeout(stop('timeLimit'), timeLimitMs);
  const hear = (chunk: string): void => {
    output += chunk;
    if (lingering === undefined && /^ {2}Duration: /m.test(chunk)) lingering = setTimeout(stop('lingered'), lingerMs);
  };
  child.stdout.setEncoding('utf8').on('data', hear);
  child.stderr.setEncoding('utf8').on('data', hear);

  return new Promise((resolve) => {
    let giveUp: NodeJS.Timeout | undefined;
    const end = (exitCode: number | null, signal: NodeJS.Signals | null): void => {
      for (const timer of [limit, lingering, giveUp]) clearTimeout(timer);
      child.stdout.destroy();
      child.stderr.destroy();
      running.delete(child);
      resolve({ exitCode, signal, output, stopped });
    };
    child.on('error', (error) => {
      output += `${error.message}\n`;
      end(null, null);
    });
    child.on('close', end);
    // A daemon that the test left behind can hold the pipes open for ever: give the last output a moment, then go on.
    child.on('exit', (code, signal) => {
      giveUp = setTimeout(end, 2_000, code, signal);
    });
  });
}

/** Reads the counts out of what a test process printed and how it ended. */
export function judge({ exitCode, signal, output, stopped }: Ending): Pick<FileResult, 'passed' | 'failed' | 'skipped' | 'notes'> {
  const totals = [...output.matchAll(uvuTotals)];
  const declared = [...output.matchAll(skippedLine)];
  const [, total = 0, passed = 0, skippedByUvu = 0] = (totals.at(-1) ?? []).map(Number);
  const skipped = skippedByUvu + declared.reduce((sum, [, count]) => sum + Number(count), 0);

  const wrong: string[] = [];
  if (stopped === 'timeLimit') wrong.push('it was killed at its time limit');
  else if (stopped === 'lingered') wrong.push(`it did not end within ${lingerMs} ms after its last test: something is left open`);
  else if (signal !== null) wrong.push(`it was ended by ${signal}`);
  else if (exitCode !== 0 && passed === total) wrong.push(`it ended with exit code ${exitCode}`);
  if (totals.length > 1) wrong.push('uvu ran more than once: call .run() on all suites before anything is awaited');
  // uvu swallows what a before hook throws, and reports no failure: the tests are merely missing from those passed.
  if (exitCode === 0 && passed < total) wrong.push('a before hook failed, so tests did not run');
  if (total + skipped === 0 && wrong.length === 0) wrong.push('no test ran in it');

  return {
    passed,
    failed: total - passed > 0 ? total - passed : Math.min(1, wrong.length),
    skipped,
    notes: [...wrong, ...declared.map(([line]) => line), ...[...output.matchAll(measuredLine)].map(([line]) => line)],
  };
}
