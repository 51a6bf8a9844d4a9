/** Cold imports: a new process that imports an entry point, against one that imports nothing. What is compiled is measured, as users have it. */
import { execFileSync } from 'node:child_process';
import { repositoryRoot } from '../support/files.ts';
import { packages } from '../support/packed.ts';
import { median, printRows } from './support.ts';

const RUNS = 15;

/** CPU time of all threads of a process, the start of Node included: what a busy machine changes least. On an idle one the clock shows less. */
const cpuMsOf = (statement: string): number => {
  const program = `${statement}\nconst { user, system } = process.cpuUsage();\nconsole.log((user + system) / 1000);`;
  return Number(execFileSync(process.execPath, ['--input-type=module', '-e', program], { cwd: repositoryRoot, encoding: 'utf8' }));
};

const entryPoints = packages.flatMap((each) => each.entryPoints);
const statements = ['', ...entryPoints.map((name) => `await import('${name}');`)];
// In turns, so that a busy moment of the machine meets all of them alike.
const rounds = Array.from({ length: RUNS }, () => statements.map(cpuMsOf));
const [bare = 0, ...imports] = statements.map((_, at) => median(rounds.map((round) => round[at] ?? Number.NaN)));

printRows(
  entryPoints.map((name, at) => {
    const whole = imports[at] ?? Number.NaN;
    return {
      what: `import '${name}'`,
      figure: `${(whole / bare).toFixed(2)}× a bare start (${Math.round(whole - bare)} ms of CPU more)`,
      aim: name === '@blockledger/domain' ? 'below 300 ms' : '',
    };
  }),
);
