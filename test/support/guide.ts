/** Follows a guide, line by line: its commands are run, and what it shows is what they show. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { repositoryRoot } from './files.ts';
import type { GuideWorld } from './guideWorld.ts';
import { shell } from './terminal.ts';

/** Lines to run, what the last of them shows, and what happens in between. */
type Piece = { readonly run: string } | { readonly shown: string } | { readonly happens: string };

const piecesOf = (page: string): readonly Piece[] =>
  [...page.matchAll(/^```sh\n([\s\S]*?)^```|^```text\n([\s\S]*?)^```|^<!-- (.*) -->$/gm)].flatMap(([, lines, shown, happens]): readonly Piece[] => {
    if (lines !== undefined) return lines.trim().split('\n').map((run) => ({ run }));
    return [shown === undefined ? { happens: happens ?? '' } : { shown }];
  });

/** Without what is another at every place and at every time. */
const comparable = (text: string): string =>
  text
    .replaceAll(/\b[0-9a-f]{16}\b/g, '<hash>')
    .replaceAll(/\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g, '<uuid>')
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '<moment>')
    .replaceAll(/(?<=router id )\d+/g, '<id>');

/** What happens between the commands, by the name that the guide gives it in a comment. */
export type Occurrences = Readonly<Record<string, (world: GuideWorld) => Promise<void>>>;

/** What was followed. */
export interface Followed {
  readonly pieces: number;
  /** How often what is shown was compared. */
  readonly compared: number;
}

/** Follows `docs/guides/<page>` in a folder; what fails is told with its command. */
export const followGuide = async (page: string, { world, folder, occurrences = {} }: { readonly world: GuideWorld; readonly folder: string; readonly occurrences?: Occurrences }): Promise<Followed> => {
  const pieces = piecesOf(readFileSync(join(repositoryRoot, 'docs/guides', page), 'utf8'));
  let last = '';
  let compared = 0;
  for (const piece of pieces) {
    if ('run' in piece) {
      const { code, stdout, stderr } = await shell(piece.run, { env: world.env, cwd: folder });
      assert.is(code, 0, `${piece.run}: ${stdout}${stderr}`);
      last = stdout;
      if (piece.run.includes('vip-group create')) await world.settled();
    } else if ('shown' in piece) {
      assert.is(comparable(last), comparable(piece.shown));
      compared += 1;
    } else {
      const happen = occurrences[piece.happens];
      assert.ok(happen, piece.happens);
      await happen?.(world);
    }
  }
  return { pieces: pieces.length, compared };
};
