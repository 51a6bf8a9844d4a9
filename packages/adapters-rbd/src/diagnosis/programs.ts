/** Are the programs here, and do they belong together? */
import * as E from 'fp-ts/lib/Either.js';
import type { Finding } from '@blockledger/domain';
import type { Session } from '../session.ts';
import { fine, hear, problem, warning } from './finding.ts';
import { PROGRAMS, version } from './probes.ts';

const versionOf = (text: string): string | undefined => /ceph version (\d[\w.~+-]*)/.exec(text)?.[1];

const INSTALL = 'install Ceph\'s command line tools (Debian, Ubuntu: apt-get install ceph-common; Fedora, RHEL: dnf install ceph-common), or put them on the PATH of the service';

/** The simulator writes it behind its version. */
const SIMULATED = '(simulated)';

interface Asked {
  readonly finding: Finding;
  readonly isSimulated: boolean;
  readonly version: string | undefined;
}

const ask = async (session: Session, program: (typeof PROGRAMS)[number]): Promise<Asked> => {
  const answer = await hear(session, version(program));
  if (E.isLeft(answer)) {
    const meaning = 'No volume of this backend can be worked on.';
    return { version: undefined, isSimulated: false, finding: problem('program', program, { found: `${program} cannot be run: ${answer.left.message}`, meaning, remedy: INSTALL }) };
  }
  const found = versionOf(answer.right.stdout);
  const isSimulated = answer.right.stdout.includes(SIMULATED);
  if (found !== undefined) return { version: found, isSimulated, finding: fine('program', program, isSimulated ? `${program} is SIMULATED, as version ${found}` : `${program} is version ${found}`) };
  return {
    version: undefined,
    isSimulated,
    finding: warning('program', program, { found: `${program} does not tell its version`, meaning: 'It may not be the program that is expected under this name.', remedy: INSTALL }),
  };
};

/** The programs as they were found. */
export interface ProgramsFound {
  readonly findings: readonly Finding[];
  /** There is no cluster behind them. */
  readonly isSimulated: boolean;
}

/** A finding for each program, and one where their versions differ. */
export const lookAtPrograms = async (session: Session): Promise<ProgramsFound> => {
  const asked = await Promise.all(PROGRAMS.map((program) => ask(session, program)));
  const versions = new Set(asked.flatMap(({ version }) => (version === undefined ? [] : [version])));
  const findings = asked.map(({ finding }) => finding);
  const isSimulated = asked.some((one) => one.isSimulated);
  if (versions.size < 2) return { findings, isSimulated };
  const found = `the programs have different versions: ${[...versions].join(', ')}`;
  return { findings: [...findings, warning('versions', 'programs', { found, meaning: 'They may read each other\'s work in different ways.', remedy: 'install one version of all of them' })], isSimulated };
};

/** Whether children end with this process; `lateEffectsMs` is how long drivers wait where they do not. */
export const lookAtChildren = (endWithUs: boolean, lateEffectsMs: number): Finding =>
  endWithUs
    ? fine('childrenEndWithUs', 'setpriv', 'setpriv is here: what the service started ends with it')
    : warning('childrenEndWithUs', 'setpriv', {
        found: 'setpriv is not on the PATH',
        meaning: `A program that the service started can outlive a killed service, so after a restart work waits for ${Math.ceil(lateEffectsMs / 1_000)} s.`,
        remedy: 'install util-linux (Linux)',
      });
