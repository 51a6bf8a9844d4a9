import * as assert from 'uvu/assert';
import * as E from 'fp-ts/lib/Either.js';
import { commands } from '../../packages/app/src/cli/commands/index.ts';
import { unprefixed } from '../../packages/app/src/cli/commands/plan.ts';
import { barLines, type Bar } from '../../packages/app/src/cli/frame/progress.ts';
import { readSize, showSize } from '../../packages/app/src/cli/frame/size.ts';
import { readMoment } from '../../packages/app/src/cli/frame/time.ts';
import { screenOf, type Screen } from '../../packages/app/src/cli/frame/screen.ts';
import { table } from '../../packages/app/src/cli/frame/table.ts';
import { widthOf } from '../../packages/app/src/cli/frame/text.ts';
import { suite } from '../support/suite.ts';

const test = suite('frame of the command line');

const refusal = (text: string): string => {
  const read = readSize(text);
  return E.isLeft(read) ? read.left : `accepted as ${read.right}`;
};

test('a size is whole bytes or a number with a binary unit, whatever the capitals [S0-3]', () => {
  const sizes = { '107374182400': 107_374_182_400, '100GiB': 100 * 2 ** 30, '100 gib': 100 * 2 ** 30, '1.5 TiB': 1_649_267_441_664, '0.5KiB': 512, '0': 0, '7B': 7, '4PiB': 2 ** 52 };
  for (const [text, bytes] of Object.entries(sizes)) assert.equal(readSize(text), E.right(bytes), text);
});

test('a size that means two things is refused with both of them [S0-3]', () => {
  assert.is(refusal('100G'), '100G can mean two sizes: write 100GiB or 100000000000');
  assert.is(refusal('100GB'), '100GB can mean two sizes: write 100GiB or 100000000000');
  assert.is(refusal('1.5t'), '1.5t can mean two sizes: write 1.5TiB');
});

test('a size is never rounded: what is no whole number of bytes is refused with its neighbours', () => {
  assert.is(refusal('0.1KiB'), '0.1KiB is not a whole number of bytes: the nearest are 102 and 103');
  assert.match(refusal('9EiB'), /more than 9007199254740991 bytes/);
  for (const text of ['', '-5', '1,5GiB', '5 apples', '1e9', '0x10', '..5', '5.GiB']) assert.match(refusal(text), /is not a size|is not a unit/, text);
});

test('a size is shown in its own unit, and marked where that is not exact', () => {
  const shown = [0, 1023, 1024, 107_374_182_400, 107_374_182_401, 1_649_267_441_664, 562_949_953_421_312, Number.MAX_SAFE_INTEGER].map(showSize);
  assert.equal(shown, ['0 B', '1023 B', '1 KiB', '100 GiB', '~100 GiB', '1.5 TiB', '512 TiB', '~8 PiB']);
});

test('what is shown as exact is read as the same bytes', () => {
  for (let power = 0; power < 53; power += 1) {
    const bytes = 3 * 2 ** power;
    const shown = showSize(bytes);
    if (bytes <= Number.MAX_SAFE_INTEGER && !shown.startsWith('~')) assert.equal(readSize(shown), E.right(bytes), shown);
  }
});

test('a moment is a date, a time of yesterday, or how long ago', () => {
  const now = new Date(2026, 10, 21, 7, 30).getTime();
  const at = (text: string): string => {
    const read = readMoment(text, now);
    return E.isLeft(read) ? read.left : new Date(read.right).toISOString();
  };
  assert.is(at('2026-11-20T22:00:00Z'), '2026-11-20T22:00:00.000Z');
  assert.is(at('2026-11-20T22:00:00+02:00'), '2026-11-20T20:00:00.000Z');
  assert.is(at('2h'), new Date(2026, 10, 21, 5, 30).toISOString());
  assert.is(at('3d ago'), new Date(now - 3 * 86_400_000).toISOString());
  assert.is(at('2026-11-20 22:00'), new Date(2026, 10, 20, 22).toISOString());
  assert.is(at('yesterday 22:00'), new Date(2026, 10, 20, 22).toISOString());
  for (const text of ['soon', '2026-13-01', '5', '2026-11-20T25:00', '']) assert.match(at(text), /is not a moment/, text);
});

const screen = (columns: number, locale = 'C.UTF-8'): Screen => screenOf({ isTTY: true, columns, hasColors: () => false }, { LANG: locale });

interface Row {
  readonly name: string;
  readonly size: string;
  readonly note: string;
}
const rows: readonly Row[] = [
  { name: 'db-1', size: '100 GiB', note: 'the database of the accounts, with all its years' },
  { name: 'データ', size: '1 TiB', note: 'a\u001B[31mred\u0007\u202Enote' },
];
const columns = [
  { title: 'NAME', cell: (row: Row) => row.name },
  { title: 'SIZE', cell: (row: Row) => row.size, align: 'right' },
  { title: 'NOTE', cell: (row: Row) => row.note, elastic: true },
] as const;

test('a table fits its screen: long cells are cut, with the ellipsis that the locale has', () => {
  const [head, first] = table(columns, rows, screen(50)).split('\n');
  assert.is(head, 'NAME       SIZE  NOTE');
  assert.is(first, 'db-1    100 GiB  the database of the accounts, wi…');
  assert.match(table(columns, rows, screen(50, 'C')).split('\n')[1] ?? '', /\.\.\.$/);
});

test('where even cut cells do not fit, every row is a record', () => {
  const narrow = table(columns, rows, screen(24));
  for (const line of narrow.split('\n')) assert.ok(widthOf(line) <= 24, line);
  assert.match(narrow, /^NAME {2}db-1\nSIZE {2}100 GiB\nNOTE {2}the database of\n {6}the accounts/);
});

test('a column that is better whole stands below its rows where the table is too wide', () => {
  const below = [columns[0], { title: 'NOTE', cell: (row: Row) => row.note, below: true }] as const;
  assert.is(table(below, rows.slice(0, 1), screen(40)), 'NAME\ndb-1\n    the database of the accounts, with\n    all its years');
  assert.match(table(below, rows.slice(0, 1), screen(80)), /^NAME {2}NOTE\ndb-1 {2}the database/);
  assert.is(table(below, [{ name: 'db-1', size: '', note: '' }], screen(20)), 'NAME  NOTE\ndb-1');
});

test('more bars than lines are the unfinished ones, and how many more there are', () => {
  const bars: readonly Bar[] = Array.from({ length: 8 }, (_one, at) => ({ label: `${at}`, part: at < 5 ? 1 : at / 10 }));
  const drawn = barLines({ ...screen(40), rows: 6 }, bars);
  assert.equal(drawn.map((line) => line.split(' ')[0]), ['5', '6', '7', '0', 'and']);
  assert.is(drawn.at(-1), 'and 4 more');
  assert.is(barLines({ ...screen(40), rows: 9 }, bars).length, 8);
});

test('a terminal that does not know its size is 80 by 24, and a pipe has no end', () => {
  const sizeOf = (outlet: { readonly isTTY?: boolean; readonly columns?: number; readonly rows?: number }): readonly number[] => {
    const { columns: width, rows: height } = screenOf(outlet, {});
    return [width, height];
  };
  assert.equal([sizeOf({ isTTY: true, columns: 0, rows: 0 }), sizeOf({ isTTY: true }), sizeOf({})], [[80, 24], [80, 24], [Infinity, Infinity]]);
});

test('plan before a command is --plan behind it, and nothing else is changed', () => {
  const line = (text: string): string => unprefixed(text.split(' '), commands).join(' ');
  assert.is(line('plan volume delete 1 --cascade'), 'volume delete --plan 1 --cascade');
  assert.is(line('plan task cancel -- 1'), 'task cancel --plan -- 1');
  assert.is(line('volume delete plan'), 'volume delete plan');
  assert.is(line('plan volume list --all --json'), 'plan volume list --json', 'which says that it has no plan');
  assert.is(line('plan volum delete'), 'volum delete', 'which is told as any unknown command');
  for (const alone of ['plan', 'plan --help']) assert.is(line(alone), alone);
});

test('in a pipe nothing is cut', () => {
  assert.ok(table(columns, rows, screenOf({}, {})).includes('the database of the accounts, with all its years'));
});

test('a text from elsewhere cannot steer the terminal', () => {
  const shown = table(columns, rows, screenOf({}, {}));
  assert.ok(shown.includes('a?[31mred??note'), shown);
});

test('colours appear on a terminal alone, and never with NO_COLOR', () => {
  const painted = (environment: Readonly<Record<string, string>>, isTTY = true): boolean => screenOf({ isTTY, hasColors: () => true }, environment).colour.isColorSupported;
  assert.equal([painted({}), painted({ NO_COLOR: '1' }), painted({ NO_COLOR: '' }), painted({}, false)], [true, false, true, false]);
});

test.run();
