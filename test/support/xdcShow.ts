/** Generated configurations of XDC, and texts of them that were damaged. */
import fc from 'fast-check';
import type { ClearAccount, ShownAt, ShownClient, ShownLun } from '../../packages/adapters-xdc/src/xdc/show.ts';

/** Letters that a careless parser stumbles over. */
const letter = fc.constantFrom(...Array.from('abzAZ09._-:/\\\'"#%&=?*()[]{}<>|;,~^$@!+é帳ß–'), ' ');
/** What parts two fields cannot stand in one, nor can blanks at its ends. */
const PARTS = /(?: (?:name|sn|size|config|port|flag|mode|password|lun sn|lunid):)|^ | $/;
const word = (most = 24): fc.Arbitrary<string> => fc.string({ unit: letter, minLength: 1, maxLength: most }).filter((text) => !PARTS.test(text) && text.trim() === text);
const number = fc.oneof(fc.nat(300), fc.maxSafeNat());
/** Passwords hold anything but the end of a line. */
const account: fc.Arbitrary<ClearAccount | undefined> = fc.option(fc.record({ user: word(), password: word(16).map((text) => `pw${text}`) }), { nil: undefined });

const named = <A>(item: fc.Arbitrary<A>, selectors: readonly ((one: A) => string | number)[], maxLength: number): fc.Arbitrary<readonly A[]> =>
  fc.array(item, { maxLength }).map((all) => all.filter((one, at) => selectors.every((selector) => all.findIndex((other) => selector(other) === selector(one)) === at)));

const portal = fc.record({ ip: fc.oneof(fc.ipV4(), fc.ipV6()), port: fc.integer({ min: 1, max: 65_535 }), flag: fc.nat(3), mode: fc.nat(3) });
const target = fc.record({
  iqn: fc.oneof(word(), fc.constant('iqn.2019-01.com.xsky:testcluster.iscsi.1.14e203c25aeaaab5')),
  state: fc.constantFrom('Enable', 'Disable'),
  portals: named(portal, [({ ip, port }) => `${ip} ${port}`], 4),
});
const lun: fc.Arbitrary<ShownLun> = fc.record({ lun: number, name: word(), serial: fc.oneof(fc.constant('1134321edf'), word()), sizeBytes: number, config: word().map((image) => `ceph/pool/${image}`) });

const client = (luns: readonly ShownLun[]): fc.Arbitrary<ShownClient<ClearAccount>> =>
  fc.record({
    code: fc.oneof(fc.ipV4(), word()),
    mutual: account,
    flag: fc.constantFrom('mask', 'none'),
    mappings: fc.subarray([...luns]).map((some) => some.map(({ serial, lun: id }) => ({ serial, lun: id }))),
  });

const at: fc.Arbitrary<ShownAt<ClearAccount>> = named(lun, [(one) => one.lun, (one) => one.name, (one) => one.serial], 5).chain((luns) =>
  fc.record({
    atid: fc.nat(2_000),
    board: fc.nat(1),
    hostname: word(),
    type: fc.constantFrom('iscsi', 'local', 'FC'),
    chap: account,
    targets: named(target, [({ iqn }) => iqn], 3),
    luns: fc.constant(luns),
    clients: named(client(luns), [({ code }) => code], 4),
  }),
);

/** What a host shows. */
export const shownHost: fc.Arbitrary<readonly ShownAt<ClearAccount>[]> = named(at, [({ atid }) => atid], 4);

/** Ways to damage a text, of which `where` and `what` are numbers as large as one likes. */
export type Damage = 'cut' | 'dropLine' | 'repeatLine' | 'swapLines' | 'indent' | 'outdent' | 'dropLetter' | 'insertLetter' | 'changeLetter' | 'joinLines' | 'splitLine';
export const DAMAGES: readonly Damage[] = ['cut', 'dropLine', 'repeatLine', 'swapLines', 'indent', 'outdent', 'dropLetter', 'insertLetter', 'changeLetter', 'joinLines', 'splitLine'];

const ODD = ['\0', '\t', '\r', ' ', ':', '0', 'x', '\n', 'é'];

const onLines = (text: string, where: number, work: (lines: string[], at: number) => void): string => {
  const lines = text.split('\n').slice(0, -1);
  work(lines, where % lines.length);
  return `${lines.join('\n')}\n`;
};

export const damaged = (text: string, kind: Damage, where: number, what: number): string => {
  const at = where % text.length;
  const odd = ODD[what % ODD.length] ?? '';
  switch (kind) {
    case 'cut':
      return text.slice(0, at);
    case 'dropLetter':
      return text.slice(0, at) + text.slice(at + 1);
    case 'insertLetter':
      return text.slice(0, at) + odd + text.slice(at);
    case 'changeLetter':
      return text.slice(0, at) + odd + text.slice(at + 1);
    case 'dropLine':
      return onLines(text, where, (lines, line) => void lines.splice(line, 1));
    case 'repeatLine':
      return onLines(text, where, (lines, line) => void lines.splice(line, 0, lines[line] ?? ''));
    case 'swapLines':
      return onLines(text, where, (lines, line) => void lines.splice(line, 2, ...lines.slice(line, line + 2).toReversed()));
    case 'indent':
      return onLines(text, where, (lines, line) => void (lines[line] = `${' '.repeat(1 + (what % 4))}${lines[line] ?? ''}`));
    case 'outdent':
      return onLines(text, where, (lines, line) => void (lines[line] = (lines[line] ?? '').slice(1 + (what % 4))));
    case 'joinLines':
      return onLines(text, where, (lines, line) => void lines.splice(line, 2, lines.slice(line, line + 2).join(' ')));
    case 'splitLine':
      return `${text.slice(0, at)}\n${text.slice(at)}`;
  }
};
