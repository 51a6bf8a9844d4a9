/** `blockledger plan <command>`: the same as that command with `--plan`, for those who think of the plan first. */
import * as E from 'fp-ts/lib/Either.js';
import { ending } from '../exit.ts';
import { command, type CliCommand } from '../frame/command.ts';
import { several } from '../frame/parts.ts';

const WORD = 'plan';

/** Whether it can be only planned. */
export const isPlannable = ({ options }: CliCommand): boolean => WORD in options;

/** The command that a line begins with. */
const begunBy = (words: readonly string[], commands: readonly CliCommand[]): CliCommand | undefined => commands.find(({ words: name }) => name.split(' ').every((word, at) => words[at] === word));

/** `plan volume delete 1` as `volume delete --plan 1`; any other line as it is. */
export const unprefixed = (argv: readonly string[], commands: readonly CliCommand[]): readonly string[] => {
  const [first, ...rest] = argv;
  if (first !== WORD || rest[0] === undefined || rest[0].startsWith('-')) return argv;
  const planned = begunBy(rest, commands);
  // What is no command is told as it would be without the word.
  if (planned === undefined) return rest;
  const length = planned.words.split(' ').length;
  if (isPlannable(planned)) return [...rest.slice(0, length), `--${WORD}`, ...rest.slice(length)];
  // Its own options would only hide what is wrong with it.
  return [WORD, ...rest.slice(0, length), ...rest.filter((word) => word === '--json')];
};

export const planCommand = command({
  words: WORD,
  summary: 'Tell what another command would do, and do nothing',
  about: 'The events that it would write down, and the steps on the backend. `blockledger plan volume delete 1` is `blockledger volume delete 1 --plan`; every command that changes something takes it.',
  speaksTo: 'service',
  shows: 'report',
  takes: { words: several('<command...>', 'the command with its arguments and options', { read: E.right }) },
  options: {},
  examples: [{ line: 'blockledger plan volume delete 1', does: 'what deleting volume 1 would do' }],
  // Only what cannot be planned arrives here.
  run: ({ words }) => {
    const name = words.join(' ');
    return Promise.resolve(E.left(ending('usage', `\`${name}\` has no plan`, `\`blockledger ${name} --help\` says what it does`)));
  },
});
