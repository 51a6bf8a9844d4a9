/** docs/cli.md: every command with its arguments, options and examples, from the declarations that parse the command line. */
import { ENVIRONMENT } from '../../packages/app/src/cli/environment.ts';
import { EXITS } from '../../packages/app/src/cli/exit.ts';
import { commands, groups } from '../../packages/app/src/cli/commands/index.ts';
import type { CliCommand } from '../../packages/app/src/cli/frame/command.ts';
import { commonParts } from '../../packages/app/src/cli/frame/common.ts';
import type { Part, Parts } from '../../packages/app/src/cli/frame/parts.ts';
import { cell, made, type Page } from './pages.ts';

const by = 'test/support/writeCliPage.ts';

const code = (text: string): string => `\`${text.replaceAll('|', '\\|')}\``;

/** Words that are the only ones, where there are such. */
const choices = ({ completion, text }: Part<unknown>): string => {
  if (completion?.of !== 'words' || completion.open === true || completion.words.every((word) => text.includes(word))) return '';
  return ` (${completion.words.join(', ')})`;
};

const isMandatory = ({ mandatory, flags }: Part<unknown>): boolean => mandatory && flags.startsWith('-');

const partRows = (parts: Parts): readonly string[] => Object.values(parts).map((part) => `| ${code(part.flags)} | ${cell(part.text)}${cell(choices(part))}${isMandatory(part) ? '; must be given' : ''} |`);

const tableOf = (head: string, rows: readonly string[]): readonly string[] => (rows.length === 0 ? [] : ['', `| ${head} | |`, '|---|---|', ...rows]);

const usageOf = ({ words, takes }: CliCommand): string => ['blockledger', words, ...Object.values(takes).map(({ flags }) => flags)].join(' ');

/** The names of the options that it shares with others. */
const sharedBy = (command: CliCommand): string => {
  const shared = Object.values(commonParts(command)).map(({ flags }) => code(/--[\w-]+/.exec(flags)?.[0] ?? flags));
  return shared.length === 0 ? '' : `Also ${shared.join(', ')}.`;
};

const commandSection = (command: CliCommand): readonly string[] => [
  '',
  `### ${command.words}`,
  '',
  code(usageOf(command)),
  '',
  `${command.summary}.${command.about === undefined ? '' : ` ${command.about}`}`,
  ...tableOf('argument', partRows(command.takes)),
  ...tableOf('option', partRows(command.options)),
  ...(sharedBy(command) === '' ? [] : ['', sharedBy(command)]),
  '',
  '```',
  ...command.examples.flatMap(({ line, does }) => [`# ${does}`, line]),
  '```',
];

const groupOf = ({ words }: CliCommand): string => (words.includes(' ') ? (words.split(' ')[0] ?? '') : '');

/** Commands under the heading of their group, those without one under none, in the order of the help. */
const sections = (shown: readonly CliCommand[]): readonly string[] => {
  let last: string | undefined;
  return shown.flatMap((command) => {
    const group = groupOf(command);
    const heading = group === last ? [] : ['', group === '' ? '## Commands of one word' : `## ${group}: ${(groups[group] ?? '').replace(/^./, (first) => first.toLowerCase())}`];
    last = group;
    return [...heading, ...commandSection(command)];
  });
};

const linkTo = ({ words, summary }: CliCommand): string => `* [${words}](#${words.replaceAll(' ', '-')}): ${summary.replace(/^./, (letter) => letter.toLowerCase())}`;

const OPENING = [
  'Commands speak REST to a running service. One that runs here, for the same user, is found by itself; any other is named by `--url` and asked with a token.',
  'Where a command names a volume, a snapshot, a pool, a host, a client group or an access path, its number, UUID or name will do; `pool/volume` and `volume@snapshot` tell apart what has the same name. A VIP group has no name: one of its virtual IPs, its network or its access path says which is meant.',
  'No secret stands on a command line, where others can read it: that of a CHAP account comes from a file or from stdin (`--chap-secret-file`), from `BLOCKLEDGER_CHAP_SECRET`, or is asked for on a terminal, where it is not shown.',
  'Sizes are written `100GiB`, `1.5TiB`, or in bytes; `100GB` is refused, since it means two sizes. Moments are written `2026-11-21T07:00:00Z`, `"yesterday 22:00"`, or `2h` (ago).',
  'On a terminal there are tables and colours and what is long is wrapped; in a pipe nothing is cut, and moments are ISO 8601. What must be confirmed is asked on a terminal, and needs `--yes` elsewhere. Answers go to stdout, everything else to stderr.',
];

export const cliPage = (): Page => {
  const shown = commands.filter(({ hidden }) => hidden !== true);
  const ordered = [...shown.filter((command) => groupOf(command) === ''), ...shown.filter((command) => groupOf(command) !== '')];
  return {
    path: 'docs/cli.md',
    by,
    text: [
      '# The command line',
      '',
      made(by),
      ...OPENING.flatMap((paragraph) => [paragraph, '']),
      ...ordered.map(linkTo),
      '',
      '## Exit codes',
      '',
      '| code | when |',
      '|---|---|',
      ...Object.values(EXITS).map(({ code: number, meaning }) => `| ${number} | ${cell(meaning)} |`),
      '',
      '## Environment',
      '',
      '| variable | what it does |',
      '|---|---|',
      ...ENVIRONMENT.map(({ name, meaning }) => `| ${name.split(', ').map(code).join(', ')} | ${cell(meaning)} |`),
      '',
      '## Options that many commands have',
      '',
      '| option | |',
      '|---|---|',
      ...partRows(commonParts({ shows: 'sizes', speaksTo: 'service' })),
      ...sections(ordered),
      '',
    ].join('\n'),
  };
};
