/** Finished tasks are kept up to a bound; the oldest are forgotten, many at once. */
import * as assert from 'uvu/assert';
import { GIB, planeWithPool, right, volumeIn } from '../support/plane.ts';
import { suite } from '../support/suite.ts';

const test = suite('bound of tasks');

test('the oldest finished tasks are forgotten beyond their bound, the newest stay, and running ones are never forgotten [S0-135]', async () => {
  const made = await planeWithPool({ limits: { finishedTasks: 20 } });
  const { plane, fake } = made;
  let finish = (): void => undefined;
  fake.before = ({ do: action }) => (action === 'ensureVolume' ? new Promise((resolve) => (finish = () => resolve(undefined))) : undefined);
  const held = right(await plane.createVolume({ pool: 'ssd', name: 'held', sizeBytes: GIB })).task!.id;
  while (plane.tasks.get(held)?.status !== 'running') await new Promise((resolve) => setImmediate(resolve));
  fake.before = () => undefined;
  const volume = await volumeIn(made, 'db');
  for (let round = 0; round < 100; round += 1) right(await plane.updateVolume(volume.id, { description: `round ${round}` }));
  const { items, totalCount } = plane.tasks.list({ limit: -1 });
  assert.ok(totalCount >= 21 && totalCount <= 23, `${totalCount} tasks are kept`);
  assert.equal([plane.tasks.get(held)?.status, items[0]?.id], ['running', held]);
  const last = right(await plane.updateVolume(volume.id, { description: 'last' }));
  assert.is(plane.tasks.list({ limit: -1 }).items.at(-1)?.id, last.commandId);
  assert.equal(items.map(({ number }) => number), items.map(({ number }) => number).toSorted((a, b) => a - b));
  assert.is(plane.tasks.get(items[0]?.id ?? '')?.id, items[0]?.id);
  finish();
  assert.is(right(await plane.tasks.await(held)).status, 'succeeded');
  await plane.close();
});

test.run();
