/** Finished tasks are kept up to a bound; the oldest are forgotten, many at once. */
import * as assert from 'uvu/assert';
import { planeWithPool, right, volumeIn } from '../support/plane.ts';
import { suite } from '../support/suite.ts';

const test = suite('bound of tasks');

test('the oldest finished tasks are forgotten beyond their bound, the newest stay, and running ones are never forgotten [S0-135]', async () => {
  const made = await planeWithPool({ limits: { finishedTasks: 20 } });
  const { plane } = made;
  const volume = await volumeIn(made, 'db');
  for (let round = 0; round < 100; round += 1) right(await plane.updateVolume(volume.id, { description: `round ${round}` }));
  const { items, totalCount } = plane.tasks.list({ limit: -1 });
  assert.ok(totalCount >= 20 && totalCount <= 22, `${totalCount} tasks are kept`);
  const last = right(await plane.updateVolume(volume.id, { description: 'last' }));
  assert.is(plane.tasks.list({ limit: -1 }).items.at(-1)?.id, last.commandId);
  assert.equal(items.map(({ number }) => number), items.map(({ number }) => number).toSorted((a, b) => a - b));
  assert.is(plane.tasks.get(items[0]?.id ?? '')?.id, items[0]?.id);
  await plane.close();
});

test.run();
