/** How the command ends when it cannot go on: a sentence and an exit code, never a stack. */

/** The exit codes, after sysexits.h. */
export const EXIT_CODES = { usage: 64, unavailable: 69, internal: 70, inUse: 75, config: 78 } as const;

/** Why the command ends. */
export interface Ending {
  readonly code: (typeof EXIT_CODES)[keyof typeof EXIT_CODES];
  readonly message: string;
  /** What to do about it. */
  readonly remedy?: string;
}

/** An ending for one of the reasons. */
export const ending = (reason: keyof typeof EXIT_CODES, message: string, remedy?: string): Ending => ({
  code: EXIT_CODES[reason],
  message,
  ...(remedy === undefined ? {} : { remedy }),
});

/** The message of anything thrown, on one line. */
export const messageOf = (thrown: unknown): string => (thrown instanceof Error ? thrown.message : String(thrown)).split('\n')[0] ?? '';
