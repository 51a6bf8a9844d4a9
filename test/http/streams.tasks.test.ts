/** Streams of tasks over HTTP: none of which misses how a task ended. */
import { setTimeout as pause } from 'node:timers/promises';
import * as assert from 'uvu/assert';
import { apiClient } from '@blockledger/app/client';
import { memoryStore } from '@blockledger/app/memory';
import { eventHandlers } from '../../packages/app/src/http/handlers/events.ts';
import { lasting, right } from '../support/plane.ts';
import { ask, refusal, serve, TOKEN } from '../support/streamScene.ts';
import { suite } from '../support/suite.ts';

const test = suite('streams of tasks');

test('a task is watched until it ends, with each picture whole; all tasks, with what ended while nobody looked [S0-6, S0-135]', async () => {
  const served = await serve();
  const client = apiClient({ url: served.url, token: TOKEN });
  right(await served.plane.registerPool({ name: 'ssd', placement: { backend: 'fake', pool: 'ssd' } }, { wait: 'done' }));
  let release = (): void => undefined;
  const held = new Promise<undefined>((resolve) => (release = () => resolve(undefined)));
  served.fake.before = (_action, { onProgress }) => {
    onProgress({ done: 40, total: 100, unit: 'percent' });
    return held;
  };
  const { task } = right(await served.plane.createVolume({ pool: 'ssd', name: 'db-1', sizeBytes: 2 ** 30 }));
  const pictures: { readonly status: string; readonly percent: number | undefined }[] = [];
  const all = await ask(served.url, '/tasks:watch?type=CreateBlockVolume');
  await all.has('"status":"running"');
  for await (const { task: seen } of client.watchTask({ path: { task: task?.number ?? 0 } })) {
    pictures.push({ status: seen.status, percent: seen.progress?.percent });
    if (seen.progress !== null) release();
  }
  assert.ok(pictures.some(({ percent }) => percent === 40));
  assert.is(pictures.at(-1)?.status, 'succeeded');
  await all.has('"status":"succeeded"');
  assert.ok(!all.text().includes('CreatePool'));
  const before = [.../id: (\d+)\n/g[Symbol.matchAll](all.text())][0]?.[1] ?? '';
  all.cut();
  const later = await ask(served.url, '/tasks:watch', { headers: { 'last-event-id': before } });
  await later.has('"status":"succeeded"');
  const fresh = await ask(served.url, '/tasks:watch');
  await pause(30);
  assert.not.match(fresh.text(), /event: task/, 'what has ended before is not shown to whoever asks for the first time');
  fresh.cut();
  later.cut();
  await served.close();
});

test('whoever watches all tasks and is cut misses the end of none, however slow he was [S0-6, I-16]', async () => {
  const { plane, fake, close } = await serve();
  right(await plane.registerPool({ name: 'ssd', placement: { backend: 'fake', pool: 'ssd' } }, { wait: 'done' }));
  let release = (): void => undefined;
  const held = new Promise<undefined>((resolve) => (release = () => resolve(undefined)));
  fake.before = () => held;
  for (let n = 0; n < 10; n += 1) right(await plane.createVolume({ pool: 'ssd', name: `db-${n}`, sizeBytes: 2 ** 30 }));
  const asked = { path: {}, query: {}, body: undefined, principal: { name: 'token:tester', role: 'reader', tenant: null, tokenId: null, expiresAt: null }, ending: new AbortController().signal, options: {} } as const;
  const ended = new Set<number>();
  /** Reads until it has read enough, and is cut; the last id. */
  const watch = async (lastEventId: string | undefined, isEnough: (told: number) => boolean): Promise<string | undefined> => {
    const cutting = new AbortController();
    const source = right(await eventHandlers.watchTasks(plane, { ...asked, lastEventId }));
    const patience = setTimeout(() => cutting.abort(), 2_000);
    let [told, last] = [0, lastEventId];
    for await (const { event, id, data } of source.messages(cutting.signal)) {
      last = id === undefined ? last : String(id);
      if (event !== 'task') continue;
      const { task } = data as { readonly task: { readonly id: number; readonly status: string } };
      if (task.status === 'succeeded') ended.add(task.id);
      // He is slow: by the time that he takes the second one, all have ended.
      release();
      await plane.idle();
      told += 1;
      if (isEnough(told)) break;
    }
    clearTimeout(patience);
    cutting.abort();
    return last;
  };
  const last = await watch(undefined, (told) => told === 2);
  assert.is(ended.size, 1);
  await watch(last, () => ended.size === 10);
  assert.is(ended.size, 10);
  await close();
});

test('the ids of a stream of tasks are positions: it is gone on with behind any of them, over a restart too, and behind none that the log does not have [S0-6, I-17]', async () => {
  const store = memoryStore();
  let served = await serve(lasting(store));
  right(await served.plane.registerPool({ name: 'ssd', placement: { backend: 'fake', pool: 'ssd' } }, { wait: 'done' }));
  const watched = await ask(served.url, '/tasks:watch');
  await watched.has('event: position\n');
  const [, first = ''] = /event: position\nid: (\d+)\n/.exec(watched.text()) ?? [];
  for (const name of ['a', 'b', 'c']) right(await served.plane.createVolume({ pool: 'ssd', name, sizeBytes: 2 ** 30 }, { wait: 'done' }));
  const endedIn = (text: string): readonly number[] => [...new Set([...text.matchAll(/"task":\{"id":(\d+),[^\n]*"status":"succeeded"/g)].map(([, id]) => Number(id)))];
  while (endedIn(watched.text()).length < 3) await pause(2);
  const all = endedIn(watched.text());
  watched.cut();
  await served.close();
  served = await serve(lasting(store));
  const text = watched.text();
  for (const { index, 1: id = '' } of text.matchAll(/id: (\d+)\n/g)) {
    const before = endedIn(text.slice(0, text.indexOf('\n\n', index)));
    const missing = all.filter((task) => !before.includes(task));
    const later = await ask(served.url, '/tasks:watch', { headers: { 'last-event-id': id } });
    await later.has('event: position\n');
    while (missing.some((task) => !endedIn(later.text()).includes(task))) await pause(2);
    later.cut();
  }
  assert.equal([all.length, Number(first) >= 0], [3, true]);
  assert.is((await refusal(served.url, '/tasks:watch', { headers: { 'last-event-id': '1795000000000' } })).tag, 'PositionNotInLog');
  await served.close();
});

test.run();
