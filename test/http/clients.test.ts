import * as assert from 'uvu/assert';
import { httpFixture, volumeCalled } from '../support/httpFixture.ts';
import { suite } from '../support/suite.ts';

const crowded = suite('many clients');
const slow = await httpFixture(['vols'], { latencyMs: 30 });

crowded('sixty-four clients at once on one volume: each is done or told what is in the way [I-17]', async () => {
  await slow.settle('POST', '/block-volumes', volumeCalled('wanted by all'));
  const sizes = Array.from({ length: 64 }, (_, at) => 2 ** 30 + (at + 1) * 2 ** 20);
  const answers = await Promise.all(sizes.map((size) => slow.ask('PATCH', '/block-volumes/1', { body: { block_volume: { size } } })));
  await slow.plane.idle();
  const accepted = sizes.filter((_, at) => answers[at]?.status === 202);
  const busy = answers.filter(({ status }) => status !== 202);
  assert.ok(accepted.length > 0 && busy.length > 0, `${accepted.length} accepted, ${busy.length} refused: ${busy[0]?.text}`);
  assert.is(slow.plane.volumes.get(1)?.sizeBytes, accepted.at(-1));
  for (const { status, text } of busy) {
    assert.is(status, 409);
    assert.match(text, /refusal:VolumeIsBusy.*"operationId":"[0-9a-f-]{36}"/);
  }
});

crowded.after(slow.close);
crowded.run();
