/** `docs/performance.md`, made from the results beside it and from nothing else: whoever runs one benchmark changes one section. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from '../../support/files.ts';
import { cell } from '../../support/pages.ts';
import type { Measure, Result, Target } from './benchmark.ts';
import { median, pointsOf, ratioOf, valuesOf, verdictOf, withUnit } from './figures.ts';

export const PAGE = 'docs/performance.md';
export const RESULTS = 'docs/performance';

/** The order of the page: first what an operator feels. What is not named follows, by name. */
const ORDER: readonly string[] = ['httpCreate', 'httpList', 'rbdTransports', 'store', 'replay', 'startUp', 'commands', 'createOnCeph', 'list'];

/** Every result that is kept. */
export const keptResults = (): readonly Result[] => {
  const folder = join(repositoryRoot, RESULTS);
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder).filter((name) => name.endsWith('.json')).toSorted();
  const rank = ({ name }: Result): number => (ORDER.includes(name) ? ORDER.indexOf(name) : ORDER.length);
  return names.map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as Result).toSorted((a, b) => rank(a) - rank(b));
};

/** Where a plot lies, from the page. */
export const plotPath = ({ name }: Pick<Result, 'name'>, { name: measure }: Measure): string => `performance/${name}-${measure.replaceAll(/\W+/g, '-')}.svg`;

/** Whether there is something to draw. */
export const isPlotted = (result: Result, measure: Measure): boolean => measure.plot === true && pointsOf(result).length > 1;

const row = (cells: readonly string[]): string => `| ${cells.map(cell).join(' | ')} |`;
const table = (head: readonly string[], rows: readonly (readonly string[])[]): string => [row(head), `|${head.map(() => '---|').join('')}`, ...rows.map(row)].join('\n');

const spread = (values: readonly number[], measure: Measure): string => {
  if (values.length === 0) return '–';
  const middle = withUnit(median(values), measure);
  return values.length === 1 ? middle : `${middle} (${[Math.min(...values), Math.max(...values)].map((value) => withUnit(value, { ...measure, unit: '' })).join(' to ')})`;
};

const times = (value: number | undefined): string => (value === undefined ? '–' : `${value >= 10 ? value.toFixed(1) : value >= 0.1 ? value.toFixed(2) : value.toPrecision(2)}×`);

/** Ours against everybody else, at every point. */
const ratios = (result: Result, measure: Measure, pairs: readonly (readonly [string, string])[]): string =>
  table(
    [`${measure.name}: ratio`, ...pointsOf(result).map((at) => (result.along === undefined ? 'median' : `${at} ${result.along.name}`))],
    pairs.map(([of, against]) => [`${of} / ${against}`, ...pointsOf(result).map((at) => times(ratioOf(result, measure.name, at, { of, against })))]),
  );

const pairsOf = ({ contestants, references = [] }: Result): readonly (readonly [string, string])[] => {
  const ours = contestants.filter(({ role }) => role === 'ours').map(({ name }) => name);
  const others = [...contestants.filter(({ role }) => role !== 'ours').map(({ name }) => name), ...new Set(references.map(({ name }) => name))];
  return ours.flatMap((of) => others.map((against) => [of, against] as const));
};

const measureTables = (result: Result): readonly string[] => {
  const names = [
    ...result.contestants.map(({ name, role, version }) => ({ name, told: `${name}${version === undefined ? '' : ` ${version}`}${role === 'limit' ? ' (a limit)' : ''}` })),
    ...[...new Set((result.references ?? []).map(({ name }) => name))].map((name) => ({ name, told: `${name} (not in this run)` })),
  ];
  return result.measures.flatMap((measure) => {
    // Who has no figure of a measure has no row for it.
    const isMeasured = (name: string): boolean => pointsOf(result).some((at) => valuesOf(result, name, measure.name, at).length > 0);
    const pairs = pairsOf(result).filter((pair) => pair.every(isMeasured));
    return [
      table(
        [measure.name, ...pointsOf(result).map((at) => (result.along === undefined ? 'median (least to most)' : `${at} ${result.along.name}`))],
        names.filter(({ name }) => isMeasured(name)).map(({ name, told }) => [told, ...pointsOf(result).map((at) => spread(valuesOf(result, name, measure.name, at), measure))]),
      ),
      ...(pairs.length === 0 ? [] : [ratios(result, measure, pairs)]),
      ...(isPlotted(result, measure) ? [`![${result.title}: ${measure.name}](${plotPath(result, measure)})`] : []),
    ];
  });
};

const wanted = ({ atLeast, atMost, aim, against }: Target, measure: Measure | undefined): string => {
  const unit = measure?.unit ?? '';
  const mark = against !== undefined ? '×' : unit === '' || unit.startsWith('/') ? unit : ` ${unit}`;
  const bounds = [...(atLeast === undefined ? [] : [`at least ${atLeast}${mark}`]), ...(atMost === undefined ? [] : [`at most ${atMost}${mark}`]), ...(aim === undefined ? [] : [`aim ${aim}${mark}`])];
  return bounds.join(', ');
};

const targetRow = (result: Result, target: Target): readonly string[] => {
  const { value, isMet } = verdictOf(result, target);
  const measure = result.measures.find(({ name }) => name === target.measure);
  const figure = value === undefined ? 'not measured' : target.against === undefined && measure !== undefined ? withUnit(value, measure) : times(value);
  return [target.what, wanted(target, measure), figure, isMet ? '**met**' : `**missed**${target.why === undefined ? '' : `: ${target.why}`}`];
};

const targets = (result: Result): readonly string[] => {
  const { targets = [] } = result;
  return targets.length === 0 ? [] : [table(['target', 'wanted', 'measured', ''], targets.map((target) => targetRow(result, target)))];
};

/** Above what the benchmark itself makes, which is seldom more than its cores. */
const BUSY = 1;

const run = ({ rounds, setting }: Result): string => {
  const { date, command, load } = setting;
  const busy = load[0] > BUSY ? ` The machine was busy with other work (a load of ${load[0].toFixed(1)} before it began): trust the ratios only.` : '';
  return `${rounds} rounds in turns on ${date}, \`${command}\`.${busy}`;
};

/** What the page says about one benchmark. */
export const section = (result: Result): string => [`## ${result.title}`, result.about, ...targets(result), ...measureTables(result), `**What bounds it.** ${result.bounds}`, run(result)].join('\n\n');

const overview = (results: readonly Result[]): string =>
  table(['target', 'wanted', 'measured', ''], results.flatMap((result) => (result.targets ?? []).map((target) => {
    const [what = '', ...rest] = targetRow({ ...result }, { ...target });
    return [`[${what}](#${anchor(result.title)})`, ...rest.map((text) => text.replace(/^(\*\*missed\*\*):.*$/s, '$1'))];
  })));

/** As GitHub and TypeDoc make it. */
const anchor = (title: string): string => title.toLowerCase().replaceAll(/[^\w\- ]/g, '').replaceAll(' ', '-');

const machines = (results: readonly Result[]): string => {
  const told = results.map(({ setting: { cpu, cores, memoryGiB, system, node } }) => `${cores} cores (${cpu}), ${memoryGiB} GiB, ${system}, Node ${node}`);
  return [...new Set(told)].map((text) => `* ${text}`).join('\n');
};

/** Figures that were measured before this page was made by its benchmarks, with what had changed them. */
const earlier = (): string => readFileSync(new URL('../earlier.md', import.meta.url), 'utf8').trim();

/** The whole page. */
export const performancePage = (results: readonly Result[]): string =>
  [
    '<!-- Made by `npm run bench` from docs/performance/*.json: run it, or change test/bench. -->\n# Performance',
    '`npm run bench` measures everything below and writes this page; `npm run bench -- replay list` measures some and renews their sections. ' +
      'Contestants work in turns, in one run, on one machine. Figures are medians, with the least and the most of all rounds; ' +
      'a ratio is the median of the ratios within each round. Absolute figures move several times over from machine to machine and from hour to hour: quote ratios. ' +
      'Clients run on the same cores as what they ask. Every single figure is in `docs/performance/`.',
    `Measured on\n\n${machines(results)}`,
    ...(results.some(({ targets = [] }) => targets.length > 0) ? [`## Targets\n\n${overview(results)}`] : []),
    ...results.map(section),
    earlier(),
  ].join('\n\n') + '\n';
