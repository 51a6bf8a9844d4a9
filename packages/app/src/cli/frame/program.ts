/** Makes commander's tree of the declared commands, and runs a command line. */
import { Argument, Command, CommanderError, Option } from 'commander';
import * as E from 'fp-ts/lib/Either.js';
import { ENVIRONMENT } from '../environment.ts';
import { ending, EXITS, EXIT_CODES, messageOf, type Ending } from '../exit.ts';
import type { CliCommand, Outcome, Raw } from './command.ts';
import { versionOf } from '../../system/version.ts';
import { commonParts } from './common.ts';
import { processIo, type Io } from './io.ts';
import type { Part, Parts } from './parts.ts';
import { screenOf } from './screen.ts';
import { clean, wrapped } from './text.ts';

/** What a group of commands is about: `volume` of `volume create`. */
export type Groups = Readonly<Record<string, string>>;

const collect = (value: string, before: readonly string[] = []): readonly string[] => [...before, value];

const optionOf = ({ flags, text, mandatory, repeatable, completion }: Part<unknown>): Option => {
  const option = new Option(flags, text).makeOptionMandatory(mandatory);
  if (repeatable) option.argParser(collect);
  else if (completion?.of === 'words' && completion.open !== true) option.choices(completion.words);
  return option;
};

const attributesOf = (parts: Parts): readonly (readonly [string, Option])[] => Object.entries(parts).map(([name, part]) => [name, optionOf(part)]);

const JSON_INDENT = 2;

/** Prints a report, or why there is none; the exit code. */
const conclude = (outcome: Outcome, io: Io, shows: CliCommand['shows']): number | undefined => {
  if (E.isLeft(outcome)) return complain(outcome.left, io, shows === 'lines' ? 0 : JSON_INDENT);
  const report = outcome.right;
  if (report === undefined) return undefined;
  const text = io.json ? JSON.stringify(report.json, undefined, JSON_INDENT) : report.show(io.screen);
  if (text !== '') io.print(`${text}\n`);
  return report.code ?? EXIT_CODES.done;
};

/** Says why a command ends. `indent`: 0 where JSON is read line by line. */
export const complain = ({ code, message, remedy, details = [], json }: Ending, io: Pick<Io, 'json' | 'print' | 'note' | 'noteScreen'>, indent = JSON_INDENT): number => {
  if (io.json && json !== null) io.print(`${JSON.stringify(json ?? { error: { message, ...(remedy === undefined ? {} : { remedy }), details } }, undefined, indent)}\n`);
  const { noteScreen: screen } = io;
  const lines = [...details, ...(remedy === undefined ? [] : [remedy])].map((line) => `  ${wrapped(screen, clean(line), 2)}\n`);
  io.note(`${wrapped(screen, `${screen.colour.red('blockledger')}: ${clean(message)}`)}\n${lines.join('')}`);
  return code;
};

const exampleText = ({ examples }: CliCommand): string => `\nExamples:\n${examples.map(({ line, does }) => `  # ${does}\n  ${line}`).join('\n')}\n`;

const CODE_WIDTH = 7;

const exitText = (): string => {
  const screen = screenOf(process.stdout, process.env);
  const codes = Object.values(EXITS).map(({ code, meaning }) => `${String(code).padStart(CODE_WIDTH - 2)}  ${wrapped(screen, meaning.replaceAll('`', ''), CODE_WIDTH)}`);
  return `\nExit codes:\n${codes.join('\n')}\n`;
};

const environmentText = (): string => {
  const screen = screenOf(process.stdout, process.env);
  const indent = Math.max(...ENVIRONMENT.map(({ name }) => name.length)) + 4;
  return `\nEnvironment:\n${ENVIRONMENT.map(({ name, meaning }) => `  ${name.padEnd(indent - 2)}${wrapped(screen, meaning.replaceAll('`', ''), indent)}`).join('\n')}\n`;
};

/** Hands a command line that was understood to its command. */
type Handler = (command: CliCommand, raw: Raw) => Promise<void>;

const leafOf = (declared: CliCommand, handle: Handler): Command => {
  const leaf = new Command(declared.words.split(' ').at(-1)).summary(declared.summary);
  leaf.description(declared.about === undefined ? declared.summary : `${declared.summary}\n\n${declared.about}`);
  const names = Object.keys(declared.takes);
  for (const part of Object.values(declared.takes)) leaf.addArgument(new Argument(part.flags, part.text));
  const options = attributesOf({ ...declared.options, ...commonParts(declared) });
  for (const [, option] of options) leaf.addOption(option);
  leaf.addHelpText('after', exampleText(declared));
  leaf.action(async (...given: readonly unknown[]) => {
    const found = leaf.opts<Raw>();
    const values = options.map(([name, option]) => [name, found[option.attributeName()]] as const);
    await handle(declared, Object.fromEntries([...names.map((name, at) => [name, given[at]] as const), ...values]));
  });
  return leaf;
};

/** The tree: groups, and the commands in them. */
export const treeOf = (commands: readonly CliCommand[], groups: Groups, handle: Handler): Command => {
  const program = new Command('blockledger').description('Block storage control: volumes, snapshots and pools, every change an event.').exitOverride().showHelpAfterError('(add --help for how it is used)');
  const branches = new Map<string, Command>();
  for (const declared of commands) {
    const [group = '', ...rest] = declared.words.split(' ');
    const parent = rest.length === 0 ? program : (branches.get(group) ?? program.command(group).description(groups[group] ?? ''));
    if (rest.length > 0) branches.set(group, parent);
    parent.addCommand(leafOf(declared, handle).copyInheritedSettings(program), { hidden: declared.hidden === true });
  }
  return program.addHelpText('after', () => `${exitText()}${environmentText()}`);
};

const HELP = new Set(['-h', '--help']);

/**
 * Where help is asked for something that is not there, commander would show the help of what is around it: without the question it says
 * what is wrong. `help volume show` is `volume show --help`: commander itself looks at the first word only.
 */
const withoutVainHelp = (program: Command, argv: readonly string[]): readonly string[] => {
  const asksHelp = argv[0] === 'help' || argv.some((word) => HELP.has(word));
  if (!asksHelp || argv.includes('--')) return argv;
  const words = argv.filter((word) => !HELP.has(word)).slice(argv[0] === 'help' ? 1 : 0);
  let at = program;
  for (const word of words) {
    if (at.commands.length === 0 || word.startsWith('-') || word === 'help') return argv;
    const next = at.commands.find((one) => one.name() === word);
    if (next === undefined) return words;
    at = next;
  }
  return words.length === 0 ? argv : [...words, '--help'];
};

/** Runs a command line. Resolves when the command is done, or when it goes on by itself (`serve`). */
export const runProgram = async (argv: readonly string[], commands: readonly CliCommand[], groups: Groups): Promise<number | undefined> => {
  let code: number | undefined;
  const handle: Handler = async (declared, raw) => {
    const io = processIo({ json: raw['json'] === true, bytes: raw['bytes'] === true });
    code = conclude(await declared.run(raw, io), io, declared.shows);
  };
  try {
    const program = treeOf(commands, groups, handle);
    program.version(versionOf(), '-V, --version', 'print the version');
    await program.parseAsync([...withoutVainHelp(program, argv)], { from: 'user' });
    return code;
  } catch (thrown) {
    if (thrown instanceof CommanderError) return thrown.exitCode === 0 ? EXIT_CODES.done : EXIT_CODES.usage;
    const { stderr, stdout, env } = process;
    return complain(ending('internal', messageOf(thrown)), { json: false, print: (text) => void stdout.write(text), note: (text) => void stderr.write(text), noteScreen: screenOf(stderr, env) });
  }
};
