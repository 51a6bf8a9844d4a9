/** A secret for a program that takes it as a word of its command line and nowhere else. */

const script = (option: string): string => `IFS= read -r secret && exec "$@" ${option} "$secret"`;

/** The command line of a shell that reads the secret from its stdin and starts the program with it: only the program itself has it among its words. */
export const withSecretLast = (argv: readonly string[], option: string): readonly string[] => ['sh', '-c', script(option), 'sh', ...argv];

/** What such a shell starts, once it has read this; undefined for another command line. */
export const startedWith = (argv: readonly string[], option: string, stdin: string): readonly string[] | undefined =>
  argv[0] === 'sh' && argv[1] === '-c' && argv[2] === script(option) ? [...argv.slice(4), option, stdin.split('\n', 1)[0] ?? ''] : undefined;
