/** The guide of gateways is followed, line by line, on simulated ones: every command works, and what it shows is what the guide shows. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { guideWorld, type GuideWorld } from '../support/guideWorld.ts';
import { repositoryRoot } from '../support/files.ts';
import { suite } from '../support/suite.ts';
import { shell } from '../support/terminal.ts';

const test = suite('the guide of gateways');
const folder = mkdtempSync(join(tmpdir(), 'blockledger-guide-'));
let world: GuideWorld;

/** Lines to run, what the last of them shows, and what happens in between. */
type Piece = { readonly run: string } | { readonly shown: string } | { readonly happens: string };

const guide = readFileSync(join(repositoryRoot, 'docs/guides/gateways.md'), 'utf8');
const pieces: readonly Piece[] = [...guide.matchAll(/^```sh\n([\s\S]*?)^```|^```text\n([\s\S]*?)^```|^<!-- (.*) -->$/gm)].flatMap(([, lines, shown, happens]): readonly Piece[] => {
  if (lines !== undefined) return lines.trim().split('\n').map((run) => ({ run }));
  return [shown === undefined ? { happens: happens ?? '' } : { shown }];
});

const OCCURRENCES: Readonly<Record<string, (world: GuideWorld) => Promise<void>>> = {
  'gw1 loses its link': async ({ setLink }) => setLink('gw1', false),
  'gw1 has its link again': async ({ setLink }) => setLink('gw1', true),
};

/** Without what is another at every place and at every time. */
const comparable = (text: string): string => text.replaceAll(/\b[0-9a-f]{16}\b/g, '<hash>').replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '<moment>').replaceAll(/(?<=router id )\d+/g, '<id>');

test('an operator who follows the guide gets from no gateway to fail-over and back, and sees what it shows [S0-67, S0-86, S0-98]', async () => {
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
      const happen = OCCURRENCES[piece.happens];
      assert.ok(happen, piece.happens);
      await happen?.(world);
    }
  }
  assert.ok(compared > 0 && pieces.length > 20);
  assert.equal(world.plane.accessPaths.list().items, []);
});

test.before(async () => {
  world = await guideWorld();
});
test.after(async () => {
  await world.close();
  rmSync(folder, { recursive: true });
});
test.run();
