/** Short ways to say findings, and the commands that only a diagnosis runs. */
import type * as E from 'fp-ts/lib/Either.js';
import type { Finding, PortError, ProcessResult } from '@blockledger/domain';
import type { Command } from '../commands/dialect.ts';
import { say, type Session } from '../session.ts';

/** What is looked at. */
export type Check =
  | 'program'
  | 'versions'
  | 'transport'
  | 'childrenEndWithUs'
  | 'configuration'
  | 'keyring'
  | 'keyringPermissions'
  | 'cluster'
  | 'health'
  | 'clock'
  | 'pool'
  | 'poolApplication'
  | 'poolFull'
  | 'poolType'
  | 'permissions';

/** All is well. */
export const fine = (check: Check, about: string, found: string): Finding => ({ check, about, level: 'ok', found });

/** What does not work, or may not tomorrow. */
export interface Trouble {
  readonly found: string;
  readonly meaning: string;
  readonly remedy: string;
}

export const warning = (check: Check, about: string, trouble: Trouble): Finding => ({ check, about, level: 'warning', ...trouble });

export const problem = (check: Check, about: string, trouble: Trouble): Finding => ({ check, about, level: 'problem', ...trouble });

/** What a program answered, whatever its exit code. */
export const hear = (session: Session, command: Command): Promise<E.Either<PortError, ProcessResult>> => say(session, command, ANY);

const MOST_EXIT_CODE = 255;
const ANY = Array.from({ length: MOST_EXIT_CODE }, (_, code) => code + 1);

/** The line that says what went wrong, without the log lines around it. */
export const complaintOf = ({ stderr, stdout, exitCode }: ProcessResult): string =>
  `${stderr}\n${stdout}`
    .split(/[\r\n]+/)
    .map((line) => line.trim())
    .findLast((line) => line !== '' && !/^\d{4}-\d\d-\d\dT/.test(line))
    ?.slice(0, 200) ?? `exit code ${exitCode}`;
