/** The guide of gateways is followed, line by line, on simulated ones: every command works, and what it shows is what the guide shows. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { followGuide, type Occurrences } from '../support/guide.ts';
import { guideWorld, type GuideWorld } from '../support/guideWorld.ts';
import { suite } from '../support/suite.ts';

const test = suite('the guide of gateways');
const folder = mkdtempSync(join(tmpdir(), 'blockledger-guide-'));
let world: GuideWorld;

const occurrences: Occurrences = {
  'gw1 loses its link': async ({ setLink }) => setLink('gw1', false),
  'gw1 has its link again': async ({ setLink }) => setLink('gw1', true),
};

test('an operator who follows the guide gets from no gateway to fail-over and back, and sees what it shows [S0-67, S0-86, S0-98]', async () => {
  const { compared, pieces } = await followGuide('gateways.md', { world, folder, occurrences });
  assert.ok(compared > 0 && pieces > 20);
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
