/** How the command ends when it cannot go on: a sentence and an exit code, never a stack. */
import { messageOf as wholeMessageOf } from '../system/thrown.ts';

/** The exit codes and what each means. From 64 on they are those of sysexits.h; scripts may rely on all of them. */
export const EXITS = {
  done: { code: 0, meaning: 'it was done, or asked for and accepted' },
  refused: { code: 1, meaning: 'it was refused, by the service or at the question whether it is meant; rule, limit and remedy are on stderr' },
  notFound: { code: 2, meaning: 'what the command names is not there' },
  failed: { code: 3, meaning: 'it was looked at and is not well: work that was waited for failed, `doctor` found a problem, a store is damaged' },
  usage: { code: 64, meaning: 'the command line is wrong; nothing was asked' },
  unavailable: { code: 69, meaning: 'no service, or no store, could be reached' },
  internal: { code: 70, meaning: 'a fault of Blockledger' },
  cannotCreate: { code: 73, meaning: 'a file cannot be written, or is there already' },
  inUse: { code: 75, meaning: 'busy now: somebody else owns the store or the port, or the service has too much to do; try again later' },
  denied: { code: 77, meaning: 'no token, a token that is not valid, or one that may not do this' },
  config: { code: 78, meaning: 'the configuration file is absent or not valid' },
  interrupted: { code: 130, meaning: 'Ctrl-C; the work that was asked for goes on' },
} as const;

/** Why a command ends. */
export type Exit = keyof typeof EXITS;

/** The codes alone. */
export const EXIT_CODES = Object.fromEntries(Object.entries(EXITS).map(([name, { code }]) => [name, code])) as Readonly<Record<Exit, number>>;

/** Why the command ends. */
export interface Ending {
  readonly code: number;
  readonly message: string;
  /** What to do about it. */
  readonly remedy?: string;
  /** More lines, such as the rule and the limit of a refusal. */
  readonly details?: readonly string[];
  /** What `--json` prints for it: the service's problem body; null: nothing. */
  readonly json?: unknown;
}

/** An ending for one of the reasons. */
export const ending = (reason: Exit, message: string, remedy?: string): Ending => ({
  code: EXIT_CODES[reason],
  message,
  ...(remedy === undefined ? {} : { remedy }),
});

/** The message of anything thrown, on one line. */
export const messageOf = (thrown: unknown): string => wholeMessageOf(thrown).split('\n')[0] ?? '';
