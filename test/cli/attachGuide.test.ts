/** The guide of attachments is followed, line by line, over simulated gateways: every command works, and what it shows is what the guide shows. */
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { repositoryRoot } from '../support/files.ts';
import { STAGES } from '../../packages/app/src/api/bodies/attachment.ts';
import { followGuide } from '../support/guide.ts';
import { guideWorld, type GuideWorld } from '../support/guideWorld.ts';
import { suite } from '../support/suite.ts';

const test = suite('the guide of attachments');
const folder = mkdtempSync(join(tmpdir(), 'blockledger-attach-'));
let world: GuideWorld;

test('an operator who follows the guide attaches a volume to one host, to two, fences one that is gone, and leaves nothing behind [S4-1, S4-8, I-21, I-22]', async () => {
  const { compared, pieces } = await followGuide('attach.md', { world, folder });
  assert.equal([compared, pieces > 15], [3, true]);
  assert.equal([world.plane.accessPaths.list().items, world.plane.volumes.list().items], [[], []]);
  assert.is(readFileSync(join(folder, 'chap.secret'), 'utf8').trim(), readFileSync(join(folder, 'forward.secret'), 'utf8').trim());
  assert.is(statSync(join(folder, 'chap.secret')).mode & 0o777, 0o600);
});

test('the guide names every stage of an attachment, and no other [R-28]', () => {
  const guide = readFileSync(join(repositoryRoot, 'docs/guides/attach.md'), 'utf8');
  const rows = [...guide.matchAll(/^\| `(\w+)` \|/gm)].map(([, stage]) => stage);
  assert.equal(rows, [...STAGES]);
});

test.before(async () => {
  world = await guideWorld();
});
test.after(async () => {
  await world.close();
  rmSync(folder, { recursive: true });
});
test.run();
