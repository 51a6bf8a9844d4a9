/** Cold imports: a new process that imports an entry point, against one that imports nothing. What is compiled is measured, as users have it. */
import { execFileSync } from 'node:child_process';
import { repositoryRoot } from '../support/files.ts';
import { packages } from '../support/packed.ts';
import { median, printRows } from './support.ts';

const RUNS = 15;

interface Cost {
  readonly elapsedMs: number;
  /** Of all threads: what a busy machine changes least. */
  readonly cpuMs: number;
}

const costOf = (statement: string): Cost => {
  const started = performance.now();
  const program = `${statement}\nconst { user, system } = process.cpuUsage();\nconsole.log((user + system) / 1000);`;
  const cpuMs = Number(execFileSync(process.execPath, ['--input-type=module', '-e', program], { cwd: repositoryRoot, encoding: 'utf8' }));
  return { elapsedMs: performance.now() - started, cpuMs };
};

const entryPoints = packages.flatMap((each) => each.entryPoints);
const statements = ['', ...entryPoints.map((name) => `await import('${name}');`)];
// In turns, so that a busy moment of the machine meets all of them alike.
const rounds = Array.from({ length: RUNS }, () => statements.map(costOf));
const costs = statements.map((_, at) => rounds.flatMap((round) => round[at] ?? []));
const cpuMs = (runs: readonly Cost[] = []): number => median(runs.map((run) => run.cpuMs));
const atBestMs = (runs: readonly Cost[] = []): number => Math.min(...runs.map((run) => run.elapsedMs));
const [bare, ...imports] = costs;

printRows(
  entryPoints.map((name, at) => ({
    what: `import '${name}'`,
    figure: `${(cpuMs(imports[at]) / cpuMs(bare)).toFixed(2)}× the CPU time of a bare start, at best ${Math.round(atBestMs(imports[at]) - atBestMs(bare))} ms more`,
    aim: name === '@blockledger/domain' ? 'below 300 ms' : '',
  })),
);
