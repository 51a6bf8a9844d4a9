/** Looking at what is gone, at the past, and at backends, through REST. */
import * as assert from 'uvu/assert';
import { httpFixture, volumeCalled } from '../support/httpFixture.ts';
import { suite } from '../support/suite.ts';

const test = suite('looking');
const { ask, settle, plane, close } = await httpFixture();

type Rows = readonly Readonly<Record<string, unknown>>[];

test('a deleted volume is found with gone, listed by its status, and told by its history [I-16, S0-4]', async () => {
  await settle('POST', '/block-volumes', volumeCalled('short-lived'));
  await settle('DELETE', '/block-volumes/1');
  assert.is((await ask('GET', '/block-volumes/1')).status, 404);
  const gone = await ask('GET', '/block-volumes/1?gone=true');
  assert.is(gone.status, 200);
  assert.is(gone.json['block_volume']?.['status'], 'deleted');
  const listed = await ask('GET', '/block-volumes?status=deleted');
  assert.equal((listed.json['block_volumes'] as unknown as Rows).map(({ name }) => name), ['short-lived']);
  assert.equal((await ask('GET', '/block-volumes')).json['block_volumes'], []);
  const events = (await ask('GET', '/block-volumes/1/history')).json['events'] as unknown as Rows;
  assert.is(events.at(0)?.['request'], 'createVolume');
  assert.is((await ask('GET', '/block-volumes/99?gone=true')).status, 404);
});

test('a moment before the volume was there is refused by its rule [S0-136]', async () => {
  const early = await ask('GET', '/block-volumes/1?at=2001-01-01T00:00:00Z');
  assert.is(early.status, 404);
  assert.match(early.text, /"rule":"existedThen"/);
  assert.is((await ask('GET', '/block-volumes/1?at=yesterday')).status, 400);
});

test('a paused backend keeps its work, says why, and runs it when it is resumed [S0-53]', async () => {
  const paused = await ask('POST', '/backends/ceph:pause', { body: { backend: { reason: 'new disks' } } });
  assert.is(paused.status, 200);
  assert.match(paused.text, /"paused":\{"reason":"new disks"/);
  const made = await settle('POST', '/block-volumes', volumeCalled('patient'));
  assert.is(made.status, 202);
  assert.is((await ask('GET', '/block-volumes/2')).json['block_volume']?.['status'], 'creating');
  const seen = await ask('GET', '/backends/ceph');
  assert.is(seen.json['backend']?.['waiting'], 1);
  assert.is((await ask('POST', '/backends/ceph:resume')).status, 200);
  await plane.idle();
  assert.is((await ask('GET', '/block-volumes/2')).json['block_volume']?.['status'], 'active');
  assert.is((await ask('GET', '/backends/nowhere')).status, 422);
  assert.is((await ask('POST', '/backends/ceph:explode')).status, 404);
});

test.after(close);
test.run();
