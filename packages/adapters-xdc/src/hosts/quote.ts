/** Words for a POSIX shell. The one place where they are quoted. */

const PLAIN = /^[A-Za-z0-9_@%+:,./-]+$/;

/**
 * One word, quoted so that a POSIX shell takes it as it is.
 *
 * @example
 * import { shellWord } from '@blockledger/adapters-xdc';
 * shellWord("it's $HOME"); // => "'it'\\''s $HOME'"
 * shellWord('rbd/vol-1'); // => 'rbd/vol-1'
 */
export const shellWord = (word: string): string => (PLAIN.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`);

/**
 * A command line of such words.
 *
 * @example
 * import { shellLine } from '@blockledger/adapters-xdc';
 * shellLine(['rbd', 'info', 'vols/a b']); // => "rbd info 'vols/a b'"
 */
export const shellLine = (words: readonly string[]): string => words.map(shellWord).join(' ');
