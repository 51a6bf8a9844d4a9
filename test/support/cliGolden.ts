/** A command seen from everywhere: on terminals wide and narrow, in a locale without Unicode, piped, and as JSON. */
import * as assert from 'uvu/assert';
import { matchesGolden } from './golden.ts';
import { screenshot } from './screenshot.ts';
import { shell, type Place, type Ran } from './terminal.ts';

/** The places a command is looked at from. */
const PLACES: Readonly<Record<string, Place>> = {
  'terminal, 100 columns': { columns: 100 },
  'terminal, 40 columns': { columns: 40 },
  'terminal, 80 columns, LANG=C': { columns: 80, locale: 'C' },
  'piped': {},
};

const RULES: readonly (readonly [RegExp, string])[] = [
  [/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/g, '<moment>'],
  [/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/g, '<local moment>'],
  [/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, '<uuid>'],
  [/127\.0\.0\.1:\d+/g, '127.0.0.1:<port>'],
  [/\b\d+ m?s\b/g, '<time>'],
  // A moment of an event, in ms.
  [/(?<="(?:at|\w+At)": )\d{13}/g, '0'],
  // The number of a task is the place in the log where it began, which any event before it moves.
  [/\b\d+ (?=(?:[A-Z][a-z]+)+(?:Volume|Snapshot|Pool):)/g, '<task> '],
  [/(?<="task": \{\s*"id": )\d+/g, '0'],
];

/** A text without what differs from run to run. */
export const normalised = (text: string, rules: readonly (readonly [RegExp, string])[] = []): string =>
  [...rules, ...RULES].reduce((seen, [pattern, name]) => seen.replaceAll(pattern, name), text);

const linesOf = (text: string, rules: Golden['rules']): readonly string[] => normalised(text, rules).replace(/\n$/, '').split('\n');

/** On a terminal stdout and stderr are one, and what was drawn and taken away again is not seen. */
const looked = async ({ code, stdout, stderr }: Ran, { columns, locale }: Place, rules: Golden['rules']): Promise<object> => {
  if (columns === undefined) return { code, stdout: linesOf(stdout, rules), ...(stderr === '' ? {} : { stderr: linesOf(stderr, rules) }) };
  const { lines, broken } = await screenshot(stdout, columns);
  assert.equal(broken, [], `lines wider than ${columns} columns`);
  if (locale === 'C') assert.equal(lines.filter((line) => /[^\p{ASCII}]/u.test(line)), [], 'characters that the locale does not have');
  return { code, screen: lines.map((line) => normalised(line, rules)) };
};

/** What a golden picture is taken of. */
export interface Golden {
  /** The file below test/golden/cli, without `.json`. */
  readonly name: string;
  readonly line: string;
  readonly place?: Place;
  /** Whether `--json` is looked at, too. Default: true. */
  readonly json?: boolean;
  /** Only terminals are looked at: somebody presses keys. */
  readonly terminals?: boolean;
  /** Only the first place is looked at: it cannot be asked for twice. */
  readonly once?: boolean;
  /** The looks are taken at once, since none changes what another sees. */
  readonly atOnce?: boolean;
  /** Run before each look, so that every look finds the same. */
  readonly before?: () => void | Promise<void>;
  readonly rules?: readonly (readonly [RegExp, string])[];
}

/** Compares what a command shows in every place with its golden file. JSON must be one document, or nothing where nobody was asked. */
export const looksAsGolden = async ({ name, line, place = {}, json = true, once = false, terminals = false, before, atOnce = false, rules }: Golden): Promise<void> => {
  const look = async (where: string, at: Place): Promise<readonly [string, object]> => {
    await before?.();
    try {
      return [where, await looked(await shell(line, { ...place, ...at }), at, rules)];
    } catch (thrown) {
      throw new Error(`${line} (${where}): ${thrown instanceof Error ? thrown.message : String(thrown)}`, { cause: thrown });
    }
  };
  const lookAtJson = async (): Promise<readonly [string, object]> => {
    await before?.();
    const ran = await shell(`${line} --json`, place);
    return ['--json', { code: ran.code, document: ran.stdout === '' ? null : (JSON.parse(normalised(ran.stdout, rules)) as unknown), ...(ran.stderr === '' ? {} : { stderr: linesOf(ran.stderr, rules) }) }];
  };
  const looks = [...Object.entries(PLACES).filter(([, { columns }]) => !terminals || columns !== undefined).slice(0, once ? 1 : undefined).map(([where, at]) => async () => look(where, at)), ...(json ? [lookAtJson] : [])];
  const pictures: (readonly [string, object])[] = [];
  if (atOnce) pictures.push(...(await Promise.all(looks.map(async (one) => one()))));
  else for (const one of looks) pictures.push(await one());
  matchesGolden(`cli/${name}.json`, { line, ...Object.fromEntries(pictures) });
};
