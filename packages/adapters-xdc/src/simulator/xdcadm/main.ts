/** The simulated `xdcadm` as a program: what its host holds is kept in a file. */
import { takeApart } from './argv.ts';
import { readHost, writeHost } from './keep.ts';
import { answer, refused } from './verbs.ts';

const file = process.env['XDCADM_SIMULATOR_STATE'];

const run = (args: readonly string[]): ReturnType<typeof answer> => {
  if (file === undefined || file === '') return refused('set XDCADM_SIMULATOR_STATE to the path of a file: this is a simulator');
  const asked = takeApart(args);
  if (typeof asked === 'string') return refused(asked);
  const given = answer(readHost(file), asked, 'localhost');
  if (given.host !== undefined) writeHost(file, given.host);
  return given;
};

const { exitCode, stdout, stderr } = run(process.argv.slice(2));
process.stdout.write(stdout);
process.stderr.write(stderr);
process.exitCode = exitCode;
