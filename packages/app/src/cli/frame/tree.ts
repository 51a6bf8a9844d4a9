/** Trees: what hangs on what, in lines no wider than the screen. */
import type { Screen } from './screen.ts';
import { wrapped } from './text.ts';

/** A line, and what hangs on it. Its text is clean, and may be painted. */
export interface Branch {
  readonly text: string;
  readonly branches?: readonly Branch[];
}

/** The lines of a branch. `head` stands before its first line, `rest` before all others. */
const linesOf = (screen: Screen, { text, branches = [] }: Branch, head: string, rest: string): readonly string[] => {
  const { glyphs, colour } = screen;
  const beside = branches.length === 0 ? '' : glyphs.trunk;
  const room = { ...screen, columns: screen.columns - rest.length - beside.length };
  const [first = '', ...more] = wrapped(room, text).split('\n');
  return [
    `${colour.dim(head)}${first}`,
    ...more.map((line) => `${colour.dim(rest + beside)}${line}`),
    ...branches.flatMap((branch, at) =>
      at === branches.length - 1 ? linesOf(screen, branch, rest + glyphs.lastBranch, rest + ' '.repeat(glyphs.trunk.length)) : linesOf(screen, branch, rest + glyphs.branch, rest + glyphs.trunk),
    ),
  ];
};

/** A whole tree; its root stands at the left edge. */
export const tree = (screen: Screen, root: Branch): string =>
  linesOf(screen, root, '', '')
    .map((line) => line.trimEnd())
    .join('\n');
