import { accessSync, constants, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { testNames } from './specIds.ts';

/** What a test on real parts needs. `packages` are Debian's names, for the advice in the skipped line. */
export interface RealPart {
  readonly what: string;
  readonly packages: readonly string[];
  readonly present: () => boolean;
}

/** Whether a program of this name is on the PATH. */
export function onPath(program: string): boolean {
  return (process.env['PATH'] ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/**
 * Stands at the top of a file under test/real. If the part is absent, the whole file ends here and test/run.ts counts its
 * tests as skipped; with BLOCKLEDGER_REAL=required it fails instead.
 *
 * @example
 * requireReal({ what: 'Ceph', packages: ['ceph-mon', 'ceph-osd'], present: () => onPath('ceph-mon') });
 */
export function requireReal({ what, packages, present }: RealPart): void {
  if (present()) return;
  const advice = `${what} is not installed; install with: apt-get install ${packages.join(' ')}`;
  if (process.env['BLOCKLEDGER_REAL'] === 'required') {
    console.error(`BLOCKLEDGER_REAL=required, but ${advice}`);
    process.exit(1);
  }
  console.log(`skipped ${Math.max(1, testsInThisFile())}: ${advice}`);
  process.exit(0);
}

/** What a test needs that nobody can install: somebody says in the environment where it is. */
export interface GivenPart {
  readonly what: string;
  readonly variable: string;
  readonly example: string;
}

/**
 * As `requireReal`, for what is given by a variable. Where it is not, the file counts as skipped, also where real parts are required: no package has it.
 *
 * @example
 * const url = requireGiven({ what: 'a cluster of EventStoreDB', variable: 'BLOCKLEDGER_TEST_ESDB', example: 'esdb://127.0.0.1:2113?tls=false' });
 */
export function requireGiven({ what, variable, example }: GivenPart): string {
  const given = process.env[variable] ?? '';
  if (given !== '') return given;
  console.log(`skipped ${Math.max(1, testsInThisFile())}: ${what} is not given; say where it is with ${variable}, such as ${example}`);
  process.exit(0);
}

function testsInThisFile(): number {
  const file = process.argv[1];
  return file === undefined ? 0 : testNames(readFileSync(file, 'utf8')).length;
}
