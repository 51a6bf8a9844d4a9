/** Cold imports: a new process that imports an entry point, against one that imports nothing. What is compiled is measured, as users have it. */
import { execFileSync } from 'node:child_process';
import { repositoryRoot } from '../support/files.ts';
import { packages } from '../support/packed.ts';
import type { Benchmark, Contestant } from './frame/benchmark.ts';

/** CPU time of all threads of a process, the start of Node included: what a busy machine changes least. On an idle one the clock shows less. */
const cpuMsOf = (statement: string): number => {
  const program = `${statement}\nconst { user, system } = process.cpuUsage();\nconsole.log((user + system) / 1000);`;
  return Number(execFileSync(process.execPath, ['--input-type=module', '-e', program], { cwd: repositoryRoot, encoding: 'utf8' }));
};

const contestant = (name: string, role: Contestant['role'], statement: string): Contestant => ({ name, role, measure: () => ({ 'CPU time': cpuMsOf(statement) }) });

export const benchmark: Benchmark = {
  name: 'imports',
  title: 'What an import costs',
  about: 'CPU time of a new process of Node that imports one entry point, compiled, and ends.',
  rounds: 9,
  measures: [{ name: 'CPU time', unit: 'ms', better: 'less' }],
  targets: [{ what: 'importing `@blockledger/domain`', measure: 'CPU time', of: '@blockledger/domain', against: 'a bare start of Node', atMost: 4 }],
  bounds: 'Reading and compiling modules, for the most part those of io-ts, fp-ts and the tables of codecs.',
  start: () => ({
    contestants: [contestant('a bare start of Node', 'limit', ''), ...packages.flatMap(({ entryPoints }) => entryPoints.map((name) => contestant(name, 'ours', `await import('${name}');`)))],
  }),
};
