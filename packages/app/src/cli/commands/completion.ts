/** `blockledger completion`, and `blockledger complete`, which its scripts call. */
import * as E from 'fp-ts/lib/Either.js';
import { scripts, type Shell } from '../completion/scripts.ts';
import { namesOf } from '../completion/names.ts';
import { suggest, type Declared, type Suggestion } from '../completion/suggest.ts';
import { command, type CliCommand } from '../frame/command.ts';
import { needed, several } from '../frame/parts.ts';
import { oneOf } from '../frame/readers.ts';
import { clean } from '../frame/text.ts';

const SHELL = needed('<shell>', 'bash, zsh or fish', oneOf('bash', 'zsh', 'fish'));

export const completionCommand = command({
  words: 'completion',
  summary: 'Print a script that completes commands, options and names in your shell',
  about: 'bash: add `source <(blockledger completion bash)` to ~/.bashrc. zsh: add `source <(blockledger completion zsh)` to ~/.zshrc, after compinit. fish: `blockledger completion fish > ~/.config/fish/completions/blockledger.fish`.',
  speaksTo: 'nobody',
  shows: 'text',
  takes: { shell: SHELL },
  options: {},
  examples: [
    { line: 'source <(blockledger completion bash)', does: 'try it in this bash' },
    { line: 'blockledger completion fish > blockledger.fish', does: 'for fish, as a file' },
  ],
  run: async ({ shell }, io) => {
    io.print(scripts[shell]);
    return E.right(undefined);
  },
});

/** A suggestion as a shell wants it: bash takes the word alone, zsh `word:description`, fish the two with a tab between. */
const lineFor = (shell: Shell, { value, description }: Suggestion): string => {
  const word = clean(value);
  if (shell === 'bash' || description === '') return shell === 'zsh' ? word.replaceAll(':', '\\:') : word;
  return shell === 'zsh' ? `${word.replaceAll(':', '\\:')}:${clean(description)}` : `${word}\t${clean(description)}`;
};

/** A word as it is meant: bash hands it over as it was typed, with its backslashes. */
const meant = (shell: Shell, word: string): string => (shell === 'bash' ? word.replaceAll(/\\(.)/g, '$1') : word);

/** The command that scripts call. It answers nothing rather than fail: a person is typing. */
export const completeCommand = (declared: () => Declared): CliCommand =>
  command({
    words: 'complete',
    summary: 'Say what may stand next on a command line',
    speaksTo: 'nobody',
    shows: 'text',
    hidden: true,
    takes: { shell: SHELL, words: several('[words...]', 'the words so far; the last is being written', { read: E.right }) },
    options: {},
    examples: [{ line: 'blockledger complete bash -- store v', does: 'what completes `blockledger store v`' }],
    run: async ({ shell, words }, io) => {
      const suggested = suggest(
        declared(),
        words.map((word) => meant(shell, word)),
      );
      if (suggested.of === 'files') io.print('//files\n');
      else {
        const found = suggested.of === 'words' ? suggested.words : await namesOf(io, suggested);
        io.print(found.map((suggestion) => `${lineFor(shell, suggestion)}\n`).join(''));
      }
      return E.right(undefined);
    },
  });
