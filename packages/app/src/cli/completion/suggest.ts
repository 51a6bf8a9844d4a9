/** What may stand next on a command line, told from the declared commands. */
import type { CliCommand } from '../frame/command.ts';
import { commonParts } from '../frame/common.ts';
import type { Completion, Part } from '../frame/parts.ts';
import { isPlannable } from '../commands/plan.ts';
import type { Groups } from '../frame/program.ts';
import type { Reaching } from '../service/connect.ts';
import { isNamedKind } from '../service/kinds.ts';

/** One thing that may stand there. */
export interface Suggestion {
  readonly value: string;
  readonly description: string;
}

/** What a shell is to offer: these words, its own files, or the names of what a service knows. */
export type Suggested =
  | { readonly of: 'words'; readonly words: readonly Suggestion[] }
  | { readonly of: 'files' }
  | NamesAsked;

/** Names of a kind that begin so, of the service that the options before lead to. */
export interface NamesAsked {
  readonly of: 'names';
  readonly kind: Exclude<Completion['of'], 'files' | 'words' | 'kindBefore'>;
  readonly prefix: string;
  /** What stands before it, where that matters. */
  readonly within?: string;
  readonly reaching: Reaching;
}

/** The declared commands, and what their groups are about. */
export interface Declared {
  readonly commands: readonly CliCommand[];
  readonly groups: Groups;
}

const NOTHING: Suggested = { of: 'words', words: [] };

const starting = (words: readonly Suggestion[], prefix: string): Suggested => ({ of: 'words', words: words.filter(({ value }) => value.startsWith(prefix)) });

interface Switch {
  readonly long: string;
  readonly takesValue: boolean;
  readonly part: Part<unknown>;
}

const switchesOf = (command: CliCommand): readonly Switch[] =>
  Object.values({ ...command.options, ...commonParts(command) }).map((part) => ({ long: /--[\w-]+/.exec(part.flags)?.[0] ?? part.flags, takesValue: part.flags.includes('<'), part }));

/** The value that an option has among the words. */
const valueOf = (words: readonly string[], long: string): string | undefined => {
  const at = words.lastIndexOf(long);
  return at < 0 ? undefined : words[at + 1];
};

interface Place {
  readonly prefix: string;
  /** The words before it. */
  readonly before: readonly string[];
  /** The argument before it. */
  readonly argument: string | undefined;
}

const ofCompletion = (completion: Completion | undefined, { prefix, before, argument }: Place): Suggested => {
  if (completion === undefined) return NOTHING;
  if (completion.of === 'files') return { of: 'files' };
  if (completion.of === 'words') return starting(completion.words.map((value) => ({ value, description: '' })), prefix);
  const reaching = { url: valueOf(before, '--url'), tokenFile: valueOf(before, '--token-file') };
  if (completion.of === 'attachmentsOfBefore') return argument === undefined ? NOTHING : { of: 'names', kind: completion.of, prefix, reaching, within: argument };
  if (completion.of !== 'kindBefore') return { of: 'names', kind: completion.of, prefix, reaching };
  return isNamedKind(argument) ? { of: 'names', kind: `${argument}s`, prefix, reaching } : NOTHING;
};

/** The next word of a command's name: `backup` and `verify` after `store`. */
const nextWords = ({ commands, groups }: Declared, before: readonly string[], prefix: string): Suggested => {
  const found = new Map<string, string>();
  for (const { words, summary, hidden } of commands) {
    const names = words.split(' ');
    const next = names[before.length];
    if (hidden === true || next === undefined || before.some((word, at) => word !== names[at])) continue;
    found.set(next, names.length > before.length + 1 ? (groups[next] ?? '') : summary);
  }
  return starting([...found].map(([value, description]) => ({ value, description })), prefix);
};

/** Arguments among the words behind a command's name: without options and their values. */
const positionals = (words: readonly string[], switches: readonly Switch[]): readonly string[] => {
  const found: string[] = [];
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? '';
    if (!word.startsWith('-')) found.push(word);
    else if (switches.some(({ long, takesValue }) => takesValue && long === word)) at += 1;
  }
  return found;
};

const withinCommand = (command: CliCommand, before: readonly string[], prefix: string): Suggested => {
  const switches = switchesOf(command);
  const last = before.at(-1) ?? '';
  const open = switches.find(({ long, takesValue }) => takesValue && long === last);
  const given = positionals(before, switches);
  const place = { prefix, before, argument: given.at(-1) };
  if (open !== undefined) return ofCompletion(open.part.completion, place);
  if (prefix.startsWith('-')) {
    const unused = switches.filter(({ long, part }) => part.repeatable || !before.includes(long));
    return starting([...unused.map(({ long, part }) => ({ value: long, description: part.text })), { value: '--help', description: 'how it is used' }], prefix);
  }
  const takes = Object.values(command.takes);
  const part = takes[given.length] ?? (takes.at(-1)?.repeatable === true ? takes.at(-1) : undefined);
  return ofCompletion(part?.completion, place);
};

/** What may stand where the last of `words` begins to be written; the words before it are whole. */
export const suggest = (declared: Declared, words: readonly string[]): Suggested => {
  const before = words.slice(0, -1);
  const prefix = words.at(-1) ?? '';
  // What can be planned stands behind `plan` as it stands alone.
  if (before[0] === 'plan') return suggest({ ...declared, commands: declared.commands.filter(isPlannable) }, words.slice(1));
  const command = declared.commands.find(({ words: name }) => name.split(' ').every((word, at) => before[at] === word));
  return command === undefined ? nextWords(declared, before, prefix) : withinCommand(command, before.slice(command.words.split(' ').length), prefix);
};
